"""Debian's Chromium, without a window, under Playwright, and a watch over what it does while nobody looks."""

# ruff: noqa: E501 - pages and scripts in strings

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebError, sync_playwright

from tests.judges.tools import program

type Size = tuple[int, int]

PHONE: Final[Size] = (360, 740)
DESKTOP: Final[Size] = (1280, 800)
_FLAGS: Final = [
    "--no-sandbox",  # CI is root, and in a container
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_WEIGHED: Final = {"document", "stylesheet", "script"}
_PATIENCE: Final = 20_000  # ms; on a busy machine a page may be slow, and is no failure of the page
# Runs before a page's own scripts: what moves after it was painted, but for what follows a person's own doing.
_SHIFTS: Final = """
window.__shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const moved = entry.sources.map(({node}) => node?.outerHTML?.slice(0, 80) ?? node?.textContent?.slice(0, 40));
    window.__shifts.push({value: entry.value, moved});
  }
}).observe({type: "layout-shift", buffered: true});
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; ends the test where Chromium is missing (skipped, or failed where judges are required)."""
    path = program("chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_context(
    browser: Browser, size: Size = PHONE, *, scripts: bool = True, touch: bool = False
) -> BrowserContext:
    """A browser of its own for one person: no cookies, nothing cached."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=scripts,
        is_mobile=touch,
        has_touch=touch,
        locale="es-PE",
        timezone_id="America/Lima",
    )
    context.set_default_timeout(_PATIENCE)
    if scripts:
        context.add_init_script(_SHIFTS)
    return context


class Watch:
    """What the pages of one context ask for, and what the browser complains of."""

    def __init__(self, context: BrowserContext, site_url: str) -> None:
        """`site_url` is the only address that pages may ask for anything."""
        self._host = urlsplit(site_url).netloc
        self._navigations: set[str] = set()
        self._asked: list[Request] = []
        self._weights: dict[str, int] = {}
        self.complaints: list[str] = []
        """Errors of the console (breaches of the Content-Security-Policy among them) and of scripts."""
        self.foreign: list[str] = []
        """Addresses of other hosts that a page asked for something."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._web_error)

    def weights(self) -> dict[str, int]:
        """HTML, CSS and JS of the page that is shown, each by its address, in bytes as transferred."""
        weights: dict[str, int] = {}
        for request in self._asked:
            if request.resource_type not in _WEIGHED or request.response() is None:
                continue
            # What comes from the cache weighs nothing now; it did when it came.
            weight = max(self._weights.get(request.url, 0), request.sizes()["responseBodySize"])
            weights[request.url] = self._weights[request.url] = weight
        return weights

    def _request(self, request: Request) -> None:
        if request.is_navigation_request():
            self._navigations.add(request.url)
            self._asked = [request]
            return
        self._asked.append(request)
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != self._host:
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        # A page that is answered with 404 or 422 is told of in the console, and is as it should be.
        if "Failed to load resource" in message.text and message.location["url"] in self._navigations:
            return
        self.complaints.append(f"{message.text} ({message.location['url']})")

    def _web_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

"""What every page has to be, in whatever state it is. Each judge answers with what is wrong, in words.

`tests/browser/test_judges.py` shows each of them pages that were made worse on purpose.
"""

# ruff: noqa: E501 - pages and scripts in strings

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, Final

from playwright.sync_api import Page

from constancia.web.fallbacks import plain
from constancia.web.languages import LANGUAGES, SPANISH, speech
from tests.browser.chromium import Watch

MOST_BYTES: Final = 60_000
"""HTML, CSS and JS of a page, compressed."""
MOST_SHIFT: Final = 0.01
NARROW: Final = (320, 256)
"""A small phone's width (WCAG 2.2, 1.4.10), and what is left of 1280 by 1024 at 400 % zoom."""

_STANDARDS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_NO_OVERFLOW: Final = """() => {
  const root = document.scrollingElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1);
  return [`${root.scrollWidth} px in ${width} px: ` + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 90)).join(" … ")];
}"""
# WCAG 2.2, 1.4.12, put on by the object model, which the Content-Security-Policy does not govern.
_SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
_UNSPACED: Final = "() => { document.adoptedStyleSheets = []; }"
_CLIPPED: Final = """() => {
  const hides = (value) => value === "hidden" || value === "clip";
  return [...document.querySelectorAll("body *")].filter((one) => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || style.clipPath !== "none" || !one.innerText?.trim()) return false;
    return (hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
      || (hides(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
  }).map((one) => one.outerHTML.slice(0, 100));
}"""
_MOVING: Final = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const lasts = (text) => text.split(",").some((part) => parseFloat(part) > 0);
  return lasts(style.transitionDuration) || (style.animationName !== "none" && lasts(style.animationDuration));
}).map((one) => one.outerHTML.slice(0, 100))"""
_UNFORCED: Final = """() => [...document.querySelectorAll("body *")].filter((one) =>
  one.innerText?.trim() && getComputedStyle(one).forcedColorAdjust === "none").map((one) => one.outerHTML.slice(0, 100))"""
_SETTLED: Final = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"""
_SHAPE: Final = """() => ({
  h1: document.querySelectorAll("h1").length,
  title: document.title,
  language: document.documentElement.lang,
  summary: Boolean(document.querySelector(".govuk-error-summary")),
  inline: [...document.querySelectorAll("[style], style, script:not([src])")].map((one) => one.outerHTML.slice(0, 90)),
})"""

type Judge = Callable[[Page, Watch], list[str]]


def accessible(page: Page, watch: Watch) -> list[str]:
    """axe-core: WCAG 2.2 A and AA and its best practices."""
    return axe(page, {"runOnly": _STANDARDS, "rules": {"target-size": {"enabled": True}}})


def shaped(page: Page, watch: Watch) -> list[str]:
    """One h1, a title that tells of an error first, nothing inline."""
    shape = page.evaluate(_SHAPE)
    wrong = [f"{shape['h1']} h1"] * (shape["h1"] != 1)
    wrong += ["no title of its own"] * (" – " not in shape["title"])
    wrong += ["the title does not begin with the error"] * (
        shape["summary"] and not shape["title"].startswith(f"{_word_for_error(shape['language'])}: ")
    )
    return wrong + [f"inline: {what}" for what in shape["inline"]]


def quiet(page: Page, watch: Watch) -> list[str]:
    """Nothing in the console: no error of a script, no breach of the Content-Security-Policy."""
    told, watch.complaints = watch.complaints, []
    return told


def at_home(page: Page, watch: Watch) -> list[str]:
    """No other host is asked for anything."""
    told, watch.foreign = watch.foreign, []
    return told


def light(page: Page, watch: Watch) -> list[str]:
    """HTML, CSS and JS within the budget, as transferred."""
    weights = watch.weights()
    total = sum(weights.values())
    if not weights:
        return ["nothing was weighed"]
    return [f"{total} bytes: {weights}"] * (total > MOST_BYTES)


def still(page: Page, watch: Watch) -> list[str]:
    """Nothing moves once it is painted (layout shift)."""
    page.evaluate(_SETTLED)
    shifts: list[dict[str, Any]] = page.evaluate("window.__shifts")
    total = sum(one["value"] for one in shifts)
    return [f"layout shift {total:.3f}: {[one['moved'] for one in shifts]}"] * (total > MOST_SHIFT)


def reflowing(page: Page, watch: Watch) -> list[str]:
    """320 px of width are enough, and so is 400 % zoom on a desktop."""
    with _resized(page, *NARROW):
        wrong: list[str] = page.evaluate(_NO_OVERFLOW)
    return wrong


def spacious(page: Page, watch: Watch) -> list[str]:
    """The reader's own spacing of text cuts nothing off."""
    page.evaluate(_SPACED)
    wrong: list[str] = page.evaluate(_NO_OVERFLOW) + page.evaluate(_CLIPPED)
    page.evaluate(_UNSPACED)
    return wrong


def legible_in_other_colours(page: Page, watch: Watch) -> list[str]:
    """Contrast holds where the system is dark; where it forces its own colours, no text keeps ours.

    axe-core does not see forced colours: Chromium tells it those of the style sheets.
    """
    page.emulate_media(color_scheme="dark")
    wrong = [f"dark: {one}" for one in axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})]
    page.emulate_media(color_scheme="null", forced_colors="active")
    wrong += [f"forced colours: {one}" for one in page.evaluate(_UNFORCED)]
    page.emulate_media(forced_colors="null")
    return wrong


def at_rest(page: Page, watch: Watch) -> list[str]:
    """Nothing moves for who asked the system for less motion."""
    page.emulate_media(reduced_motion="reduce")
    wrong: list[str] = page.evaluate(_MOVING)
    page.emulate_media(reduced_motion="null")
    return wrong


JUDGES: Final[dict[str, Judge]] = {
    # First those that look at how the page came, before it is turned about.
    "still": still,
    "light": light,
    "quiet": quiet,
    "at home": at_home,
    "accessible": accessible,
    "shaped": shaped,
    "reflowing": reflowing,
    "spacious": spacious,
    "legible in other colours": legible_in_other_colours,
    "at rest": at_rest,
}


def findings(page: Page, watch: Watch) -> list[str]:
    """What all judges find, each with the judge's name."""
    return [f"{name}: {found}" for name, judge in JUDGES.items() for found in judge(page, watch)]


def axe(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe-core finds wrong, with the elements."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_axe_source())
    result = page.evaluate(
        "(options) => axe.run(document, {...options, resultTypes: ['violations']})", options
    )
    return [
        f"{found['id']} ({found['help']}): {node['html'][:160]} {node['failureSummary']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def _word_for_error(tag: str) -> str:
    """How a page in a language begins the title that tells of an error."""
    language = next((one for one in LANGUAGES if one.tag == tag), SPANISH)
    return plain(speech(language).gettext("Error"))


@cache
def _axe_source() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


class _resized:  # noqa: N801 - reads as a verb
    """The page in another size for a while."""

    def __init__(self, page: Page, width: int, height: int) -> None:
        self._page, self._size = page, (width, height)
        self._before = page.viewport_size

    def __enter__(self) -> None:
        self._page.set_viewport_size({"width": self._size[0], "height": self._size[1]})
        self._page.evaluate(_SETTLED)

    def __exit__(self, *_: object) -> None:
        if self._before:
            self._page.set_viewport_size(self._before)
            self._page.evaluate(_SETTLED)

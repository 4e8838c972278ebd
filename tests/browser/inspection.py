"""A page in one state, before all judges, and its pictures."""

import shutil
from pathlib import Path
from typing import Final

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.judges import accessible, findings
from tests.browser.visitor import Visitor

_PAINTED: Final = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PICTURES: Final = Path(__file__).parents[2] / "build" / "pages"


class Inspection:
    """All states of one test. What is wrong is gathered, so that one run tells all of it."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self._visitor = visitor
        self._folder = PICTURES / name
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._seen = 0
        self.found: list[str] = []

    def look(self, state: str) -> None:
        """Judge the page as it is, on the phone and on a desktop, and take its pictures."""
        page, watch = self._visitor.page, self._visitor.watch
        self._seen += 1
        found = findings(page, watch)
        self._picture(state, "phone")
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        found += [f"desktop: {one}" for one in accessible(page, watch)]
        self._picture(state, "desktop")
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.evaluate(_PAINTED)  # or the next page is painted as wide as a desktop first, and seems to move
        self.found += [f"{state}: {one}" for one in found]

    def verdict(self) -> None:
        """End the test.

        Raises:
            AssertionError: a judge found something, or there was nothing to judge.
        """
        assert self._seen, "no page was looked at"
        assert not self.found, "\n".join(self.found)

    def _picture(self, state: str, size: str) -> None:
        path = self._folder / f"{self._seen:02}-{state}-{size}.png"
        self._visitor.page.screenshot(path=path, full_page=True)

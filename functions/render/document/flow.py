"""The flow of a document over its pages: each thing stands below the last, or on the next page."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from render.document.sheet import Align, Element, Sheet, Type
from render.document.style import PAGE_HEIGHT, PAGE_WIDTH


class OversizeError(ValueError):
    """Something that can't be divided is taller than a page."""


class Aloud:
    """Words that are read otherwise than they are written: abbreviations, and codes letter by letter."""

    # One pattern for all: a pattern of a person's own would stay in the cache of `re`.
    _WORD: Final = re.compile(r"(?<![\w-])(N\.º|[\w-]+)(?![\w-]) ?")

    def __init__(self, expansions: Mapping[str, str]) -> None:
        """Each of the words is of letters, digits and hyphens, or `N.º`."""
        self._expansions = expansions

    def pieces(self, line: str) -> Iterator[tuple[str, str | None]]:
        """The pieces of a line, each with what it is read as, where that differs."""
        if not any(word in line for word in self._expansions):
            yield line, None
            return
        told = 0
        for found in self._WORD.finditer(line):
            expansion = self._expansions.get(found[1])
            if expansion is not None:
                if found.start() > told:
                    yield line[told : found.start()], None
                # The space that follows goes along, or two such words would be heard as one.
                yield found[0], expansion + " " * found[0].endswith(" ")
                told = found.end()
        if told < len(line):
            yield line[told:], None


class Flow:
    """A cursor that runs down the pages."""

    def __init__(
        self,
        top: float,
        bottom: float,
        open_page: Callable[[Sheet], float],
        aloud: Aloud,
        ending_early: Mapping[int, float] = MappingProxyType({}),
    ) -> None:
        """Content stands between `top` and `bottom`; `open_page` draws a page's head and tells where it ends.

        The first page's head may end below `top`. `ending_early` has the bottoms of pages, from 0, that leave
        some of their room to the next one.
        """
        self.bottom = bottom
        """Of the page that is being drawn."""
        self.further = top, bottom
        """Of pages that are still to come."""
        self.page_room = bottom - top
        self.ends: list[float] = []
        """Where the content of each page ended that was turned."""
        self._ending_early = ending_early
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.top = 0.0
        """Where the page's head ends."""
        self.aloud = aloud
        self._open_page = open_page
        self.turn()

    @property
    def sheet(self) -> Sheet:
        """The page that is being drawn."""
        return self.sheets[-1]

    @property
    def room(self) -> float:
        """What is left of the page."""
        return self.bottom - self.y

    @property
    def fresh(self) -> bool:
        """Whether the page has nothing but its head."""
        return self.y == self.top

    def turn(self) -> None:
        """Go on at the top of a new page."""
        if self.sheets:
            self.ends.append(self.y)
        self.bottom = self._ending_early.get(len(self.sheets), self.further[1])
        self.sheets.append(Sheet(len(self.sheets), PAGE_WIDTH, PAGE_HEIGHT))
        self.y = self.top = self._open_page(self.sheet)

    def reserve(self, height: float) -> None:
        """See to it that what follows stands together on one page.

        Raises:
            OversizeError: no page is tall enough for it.
        """
        if self.room < height:
            if not self.fresh:
                self.turn()
            if self.room < height:
                raise OversizeError("taller than a page")

    def space(self, height: float) -> None:
        """Leave a space, unless a page begins here."""
        if not self.fresh:
            self.y += max(0, min(height, self.room))

    def paragraph(self, element: Element, text: str, style: Type, left: float, width: float) -> None:
        """Set a paragraph. It stays on one page, unless it is taller than one."""
        lines = style.wrapped(text, width)
        if len(lines) * style.leading <= self.page_room:
            self.reserve(len(lines) * style.leading)
        while lines:
            self.reserve(style.leading)
            fitting = max(1, int(self.room / style.leading))
            self.y = set_paragraph(self.sheet, element, left, self.y, lines[:fitting], style, self.aloud)
            lines = lines[fitting:]


def set_lines(
    sheet: Sheet, x: float, top: float, lines: tuple[str, ...], style: Type, align: Align = "left"
) -> float:
    """Set lines one under the other and tell where they end."""
    baseline = top + style.rise
    for line in lines:
        sheet.text(x, baseline, line, style, align)
        baseline += style.leading
    return top + len(lines) * style.leading


def set_paragraph(
    sheet: Sheet, element: Element, x: float, top: float, lines: tuple[str, ...], style: Type, aloud: Aloud
) -> float:
    """Set lines as content of an element, and tell where they end.

    The last one ends in a space too: more may follow in the same element.
    """
    baseline = top + style.rise
    placed: list[tuple[str | None, float, float, str]] = []
    for line in (*lines[:-1], f"{lines[-1].rstrip()} "):
        left, before = x, ""
        for piece, expansion in aloud.pieces(line):
            left += style.width(before)
            placed.append((expansion, left, baseline, piece))
            before = piece
        baseline += style.leading
    for expansion, pieces in groupby(placed, key=itemgetter(0)):
        with sheet.content_of(element.add("Span", expansion=expansion) if expansion else element):
            for _, left, at, piece in pieces:
                sheet.text(left, at, piece, style)
    return top + len(lines) * style.leading

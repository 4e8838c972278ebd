"""The flow of a document over its pages: each thing stands below the last, or on the next page."""

from collections.abc import Callable

from render.document.sheet import Align, Element, Sheet, Type
from render.document.style import PAGE_HEIGHT, PAGE_WIDTH


class OversizeError(ValueError):
    """Something that can't be divided is taller than a page."""


class Flow:
    """A cursor that runs down the pages."""

    def __init__(self, top: float, bottom: float, open_page: Callable[[Sheet], float]) -> None:
        """Content stands between `top` and `bottom`; `open_page` draws a page's head and tells where it ends.

        The first page's head may end below `top`.
        """
        self.bottom = bottom
        self.page_room = bottom - top
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.top = 0.0
        """Where the page's head ends."""
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
            self.y += min(height, self.room)

    def paragraph(self, element: Element, text: str, style: Type, left: float, width: float) -> None:
        """Set a paragraph. It stays on one page, unless it is taller than one."""
        lines = style.wrapped(text, width)
        if len(lines) * style.leading <= self.page_room:
            self.reserve(len(lines) * style.leading)
        while lines:
            self.reserve(style.leading)
            fitting = max(1, int(self.room / style.leading))
            with self.sheet.content_of(element):
                self.y = set_lines(self.sheet, left, self.y, lines[:fitting], style)
            lines = lines[fitting:]


def set_lines(
    sheet: Sheet, x: float, top: float, lines: tuple[str, ...], style: Type, align: Align = "left"
) -> float:
    """Set lines one under the other and tell where they end."""
    baseline = top + style.leading / 2 + style.face.cap_height * style.size / 2000
    for line in lines:
        sheet.text(x, baseline, line, style, align)
        baseline += style.leading
    return top + len(lines) * style.leading

"""A page being drawn, and the logical structure of what is drawn.

Everything on a page is either content of a structure element (it is read aloud, and taken by those who copy
text) or an artifact (lines, tints, what every page repeats). Coordinates are points from the upper left
corner of the page; texts stand on their baseline.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from render.document.stencil import Blank, Filling, Spot, Stencil
from render.document.typeface import Face

type Colour = tuple[float, float, float]
"""Red, green, blue, each 0 to 1."""

type Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the page's lower left corner, as PDF counts."""

type Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: face, size and leading in points, colour."""

    face: Face
    size: float
    leading: float
    colour: Colour
    rise: float = field(init=False)
    """From the upper edge of a line down to its baseline."""

    def __post_init__(self) -> None:
        half_of_a_capital = self.face.cap_height * self.size / 2000
        object.__setattr__(self, "rise", self.leading / 2 + half_of_a_capital)

    def width(self, text: str) -> float:
        """The width of a text in one line, in points."""
        return self.face.width(text, self.size)

    def wrapped(self, text: str, width: float) -> tuple[str, ...]:
        """The text in lines of a width, in points."""
        return self.face.wrapped(text, self.size, width)

    def widest_word(self, texts: Iterable[str]) -> float:
        """The width of the widest of all words, in points."""
        return max((self.width(word) for text in texts for word in text.split()), default=0)

    def fitted(self, texts: Iterable[str], width: float, least: float) -> "Type":
        """The same type, so much smaller that no word is wider than a width; never below a size."""
        widest = self.widest_word(texts)
        if widest <= width:
            return self
        scale = max(width / widest, least / self.size)
        return replace(self, size=self.size * scale, leading=self.leading * scale)


@dataclass(slots=True, eq=False)
class Element:
    """A node of the logical structure: `H1`, `P`, `Table`, ... (ISO 32000-1, 14.8.4)."""

    role: str
    attributes: str = ""
    """What an attribute dictionary of the table owner holds: `/Scope /Row /RowSpan 3`."""
    alternative: str | None = None
    """What is read instead of a figure."""
    expansion: str | None = None
    """What an abbreviation stands for: `número` for `N.º`."""
    replacement: str | None = None
    """What is read instead of a sign that is no word: `no cursado` for `-`."""
    language: str | None = None
    """The BCP 47 tag, where it is not the document's."""
    summary: str | None = None
    """How a table is built, for those who can't see it."""
    box: Box | None = None
    """Where a figure stands."""
    blank: int | None = None
    """Of a form's cell: the number of the filling."""
    kids: "list[Element | Copy | Mark | Field]" = field(default_factory=list)

    def add(
        self,
        role: str,
        attributes: str = "",
        *,
        alternative: str | None = None,
        expansion: str | None = None,
        replacement: str | None = None,
        language: str | None = None,
    ) -> "Element":
        """A new last child."""
        child = Element(role, attributes, alternative, expansion, replacement, language)
        self.kids.append(child)
        return child


@dataclass(frozen=True, slots=True)
class Copy:
    """An element of a form and all below it, filled in: the page, from 0, that is the form's first one."""

    element: Element
    page: int
    fillings: Sequence[Filling]


class Mark(NamedTuple):
    """A piece of an element's content: the page, from 0, and the piece's number on that page."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Field:
    """A form field that is an element's content, as a signature is: the page, from 0, and the rectangle."""

    page: int
    left: float
    top: float
    width: float
    height: float


class Sheet:
    """One page. Its operators are PDF's own, in the order of drawing.

    Colours, weights and faces stay as they were last set, so each is written only where it changes.
    """

    def __init__(self, index: int, width: float, height: float) -> None:
        self.index = index
        self.width = width
        self.height = height
        self.owners: list[Element] = []
        """The element of each mark, by number."""
        self._operators: list[str] = []
        self._blanks: list[Blank] = []
        self._end = _End(self._operators)
        self._fill: Colour | None = None
        self._stroke: tuple[Colour, float] | None = None
        self._font = ""
        self._type: Type | None = None
        """The type whose face and colour are set."""

    @property
    def content(self) -> bytes:
        """The page's content stream."""
        return "\n".join(self._operators).encode("ascii")

    def content_of(self, element: Element) -> AbstractContextManager[None]:
        """What is drawn within is content of an element."""
        number = len(self.owners)
        element.kids.append(Mark(self.index, number))
        self.owners.append(element)
        self._operators.append(f"/{element.role} <</MCID {number}>> BDC")
        return self._end

    def artifact(self) -> AbstractContextManager[None]:
        """What is drawn within only decorates or repeats."""
        self._operators.append("/Artifact BMC")
        return self._end

    def text(self, x: float, baseline: float, text: str, style: Type, align: Align = "left") -> None:
        """Set one line. `x` is its left end, its middle or its right end, as it is aligned."""
        if align == "left":
            glyphs = style.face.encoded(text)
        else:
            glyphs, width = style.face.line(text, style.size)
            x -= width * (1 if align == "right" else 0.5)
        if style is not self._type:
            self._set_type(style)
        self._operators.append(f"BT {x:.2f} {self.height - baseline:.2f} Td <{glyphs}> Tj ET")

    def blank(self, middle: float, baseline: float, style: Type, number: int) -> None:
        """Leave room for one line, to be filled in later: the filling of a number."""
        if style is not self._type:
            self._set_type(style)
        spot = Spot(middle, style.face, style.size)
        self._blanks.append(Blank(self._taken(), number, spot, f"{self.height - baseline:.2f}"))

    def stencil(self) -> Stencil:
        """What was drawn, with its blanks."""
        return Stencil(self._blanks, self._taken())

    def _taken(self) -> str:
        taken = "\n".join([*self._operators, ""])
        self._operators.clear()
        return taken

    def stamp(self, operators: str, owners: Sequence[Element]) -> None:
        """Draw a filled stencil. `owners` are the elements of its marks."""
        self._operators.append(operators.rstrip())
        self.owners += owners
        self._fill = self._stroke = self._type = None
        self._font = ""

    def rule(
        self, start: tuple[float, float], end: tuple[float, float], colour: Colour, weight: float
    ) -> None:
        """Draw a straight line of a weight in points."""
        (x0, y0), (x1, y1) = start, end
        self._set_stroke(colour, weight)
        self._operators.append(f"{x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def tint(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle, given by its upper left corner."""
        self._set_fill(colour)
        self._operators.append(f"{x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re f")

    def frame(
        self, x: float, y: float, width: float, height: float, fill: Colour, colour: Colour, weight: float
    ) -> None:
        """Fill a rectangle, given by its upper left corner, and draw its outline."""
        self._set_fill(fill)
        self._set_stroke(colour, weight)
        self._operators.append(f"{x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re B")

    def box(self, x: float, y: float, width: float, height: float) -> Box:
        """A rectangle, given by its upper left corner, as PDF counts it."""
        return x, self.height - y - height, x + width, self.height - y

    def paths(self, x: float, y: float, scale: float, operators: str) -> None:
        """Draw ready-made path operators whose origin is an upper left corner and whose y runs downwards."""
        self._operators.append(
            f"q {scale:.5f} 0 0 {-scale:.5f} {x:.2f} {self.height - y:.2f} cm {operators} Q"
        )

    def _set_type(self, style: Type) -> None:
        self._set_fill(style.colour)
        font = f"/{style.face.resource} {style.size:.4g} Tf"
        if font != self._font:
            self._font = font
            self._operators.append(font)
        self._type = style

    def _set_fill(self, colour: Colour) -> None:
        if colour != self._fill:
            self._fill, self._type = colour, None
            self._operators.append(f"{_numbers(colour)} rg")

    def _set_stroke(self, colour: Colour, weight: float) -> None:
        if (colour, weight) != self._stroke:
            self._stroke = colour, weight
            self._operators.append(f"{_numbers(colour)} RG {weight:g} w")


class _End:
    """Ends a piece of marked content."""

    def __init__(self, operators: list[str]) -> None:
        self._operators = operators

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._operators.append("EMC")


def _numbers(colour: Colour) -> str:
    return "{:g} {:g} {:g}".format(*colour)

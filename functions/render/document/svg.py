"""A small part of SVG as PDF operators: enough for an emblem, and an error that says so for anything else.

What a drawing may hold:

- `<svg>` with a `viewBox` that begins at 0 0, and a `<title>` in Spanish: the alternative text;
- `<g>`, `<path>`, `<rect>`, `<circle>`, `<ellipse>`, `<line>`, `<polyline>`, `<polygon>`;
- on these and on groups `fill`, `stroke` (`none`, `#rgb`, `#rrggbb`), `stroke-width` and `fill-rule`.

No transformations, styles, gradients, transparency, texts or pictures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, override
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]
from fontTools.svgLib.path.parser import parse_path  # type: ignore[import-untyped]
from fontTools.svgLib.path.shapes import PathBuilder  # type: ignore[import-untyped]

_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
_GEOMETRY: Final = {
    "svg": {"viewBox", "width", "height"},
    "g": set(),
    "path": {"d"},
    "rect": {"x", "y", "width", "height", "rx", "ry"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "line": {"x1", "y1", "x2", "y2"},
    "polyline": {"points"},
    "polygon": {"points"},
}
_PAINT: Final = {"fill": "#000", "stroke": "none", "stroke-width": "1", "fill-rule": "nonzero"}
"""What SVG assumes where nothing is said."""


class UnsupportedDrawingError(ValueError):
    """The SVG has something that is not supported; the text names it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Path operators whose origin is the upper left corner and whose y runs downwards."""

    width: float
    height: float
    operators: str
    description: str
    """What is read to those who can't see it."""


def drawing_of(svg: str) -> Drawing:
    """Read a drawing. The same text gives the same operators.

    Raises:
        UnsupportedDrawingError: it is no SVG, has no title, or has something that is not supported.
    """
    try:
        root: Element = fromstring(svg)
        box = [float(number) for number in root.attrib["viewBox"].replace(",", " ").split()]
    except (ParseError, KeyError, ValueError) as error:
        raise UnsupportedDrawingError(f"not an SVG with a viewBox: {error}") from None
    title = " ".join((root.findtext(f"{_NAMESPACE}title") or "").split())
    if not title:
        raise UnsupportedDrawingError("the SVG has no <title>, which is read to those who can't see it")
    if len(box) != 4 or box[:2] != [0, 0] or min(box[2:]) <= 0:
        raise UnsupportedDrawingError("the SVG's viewBox has to be '0 0 width height'")
    operators: list[str] = []
    _draw(root, _PAINT, operators)
    return Drawing(box[2], box[3], " ".join(operators), title)


def _draw(element: Element, inherited: Mapping[str, str], operators: list[str]) -> None:
    tag = element.tag.removeprefix(_NAMESPACE)
    if tag in ("title", "desc"):
        return
    if tag not in _GEOMETRY:
        raise UnsupportedDrawingError(f"<{tag}> is not supported")
    for name in element.attrib:
        if name not in _GEOMETRY[tag] | _PAINT.keys():
            raise UnsupportedDrawingError(f"{name} of <{tag}> is not supported")
    paint = {name: element.get(name, value) for name, value in inherited.items()}
    if tag in ("svg", "g"):
        for child in element:
            _draw(child, paint, operators)
    else:
        operators += _painted(_path(element), paint)


def _painted(path: list[str], paint: Mapping[str, str]) -> list[str]:
    fill, stroke = _colour(paint["fill"]), _colour(paint["stroke"])
    if paint["fill-rule"] not in ("nonzero", "evenodd"):
        raise UnsupportedDrawingError(f"the fill-rule {paint['fill-rule']!r} is not supported")
    if not fill and not stroke:
        return []
    set_up = [f"{fill} rg"] if fill else []
    if stroke:
        set_up.append(f"{stroke} RG {_number(_length(paint['stroke-width']))} w")
    painting = {(True, False): "f", (True, True): "B", (False, True): "S"}[bool(fill), bool(stroke)]
    if fill and paint["fill-rule"] == "evenodd":
        painting += "*"
    return [*set_up, *path, painting]


def _path(element: Element) -> list[str]:
    builder, pen = PathBuilder(), _Pen()
    try:
        builder.add_path_from_element(element)
        for path in builder.paths:
            parse_path(path, pen)
    except (TypeError, ValueError, NotImplementedError) as error:
        tag = element.tag.removeprefix(_NAMESPACE)
        raise UnsupportedDrawingError(f"the outline of a <{tag}> can't be read: {error}") from None
    return pen.operators


class _Pen(BasePen):  # type: ignore[misc]
    """Draws as PDF operators; quadratic curves and arcs come as cubic ones."""

    def __init__(self) -> None:
        super().__init__()
        self.operators: list[str] = []

    @override
    def _moveTo(self, point: tuple[float, float]) -> None:
        self._add(point, operator="m")

    @override
    def _lineTo(self, point: tuple[float, float]) -> None:
        self._add(point, operator="l")

    @override
    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self._add(*points, operator="c")

    @override
    def _closePath(self) -> None:
        self.operators.append("h")

    def _add(self, *points: tuple[float, float], operator: str) -> None:
        self.operators += [_number(value) for point in points for value in point]
        self.operators.append(operator)


def _colour(value: str) -> str:
    """Red, green and blue, each 0 to 1; nothing for `none`."""
    if value == "none":
        return ""
    digits = value.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if not value.startswith("#") or len(digits) != 6:
        raise UnsupportedDrawingError(f"the colour {value!r} is not supported: write #rrggbb")
    try:
        return " ".join(_number(part / 255) for part in bytes.fromhex(digits))
    except ValueError:
        raise UnsupportedDrawingError(f"the colour {value!r} is not supported: write #rrggbb") from None


def _length(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise UnsupportedDrawingError(f"the length {value!r} is not supported: write a number") from None


def _number(value: float) -> str:
    return f"{round(value, 3) + 0:g}"

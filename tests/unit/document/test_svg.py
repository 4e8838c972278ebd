"""Emblems: what of SVG is printed, and what is refused by its name."""

import pytest

from constancia.domain.emblems import DEFAULT_EMBLEM, UnknownEmblemError, emblem_names, emblem_svg
from render.document.svg import UnsupportedDrawingError, drawing_of


def an_svg(*shapes: str, attributes: str = 'viewBox="0 0 10 20"', title: str = "Una casa") -> str:
    head = f"<title>{title}</title>" if title else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{head}{"".join(shapes)}</svg>'


def operators(*shapes: str) -> str:
    return drawing_of(an_svg(*shapes)).operators


@pytest.mark.parametrize("name", emblem_names())
def test_every_shipped_emblem_can_be_printed_and_says_what_it_shows(name: str) -> None:
    drawing = drawing_of(emblem_svg(name))
    assert drawing.operators
    assert drawing.description.startswith("Emblema: ")


def test_an_emblem_that_is_not_there_is_told_with_those_that_are() -> None:
    assert DEFAULT_EMBLEM in emblem_names()
    with pytest.raises(UnknownEmblemError, match=r"'coat-of-arms'.* graduation-cap, sun-and-book"):
        emblem_svg("coat-of-arms")


def test_a_drawing_has_its_size_and_its_alternative_text() -> None:
    drawing = drawing_of(an_svg(title="Una \n casa"))
    assert (drawing.width, drawing.height, drawing.description) == (10, 20, "Una casa")


def test_shapes_become_painted_paths() -> None:
    assert operators('<path d="M1 2h3v4z" fill="#ff0000"/>') == "1 0 0 rg 1 2 m 4 2 l 4 6 l 1 2 l h f"
    assert operators('<line x2="5" y2="6" stroke="#fff" stroke-width="0.5"/>') == (
        "0 0 0 rg 1 1 1 RG 0.5 w 0 0 m 5 6 l B"
    )
    assert operators('<rect width="2" height="3" fill="#000" fill-rule="evenodd"/>').endswith("h f*")
    assert operators('<circle cx="5" cy="5" r="4" fill="none"/>') == ""


def test_groups_hand_their_paint_down() -> None:
    painted = operators(
        '<g fill="none" stroke="#00f"><path d="M0 0L1 1"/><path d="M0 0L1 1" fill="#fff"/></g>'
    )
    assert painted == "0 0 1 RG 1 w 0 0 m 1 1 l S 1 1 1 rg 0 0 1 RG 1 w 0 0 m 1 1 l B"


def test_curves_of_every_kind_become_cubic_ones() -> None:
    for path in ("M0 0Q1 1 2 0", "M0 0A1 1 0 0 1 2 0", "M0 0C0 1 2 1 2 0", "M0 0C0 1 2 1 2 0S4 1 4 0"):
        assert " c" in operators(f'<path d="{path}"/>')


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        ("no drawing", "not an SVG"),
        ("<svg", "not an SVG"),
        (an_svg(attributes=""), "viewBox"),
        (an_svg(attributes='viewBox="5 5 10 10"'), "'0 0 width height'"),
        (an_svg(title=""), "no <title>"),
        (an_svg("<text>Perú</text>"), "<text> is not supported"),
        (an_svg('<image href="a.png"/>'), "<image> is not supported"),
        (an_svg('<g transform="scale(2)"/>'), "transform of <g>"),
        (an_svg('<path d="M0 0" style="fill:red"/>'), "style of <path>"),
        (an_svg('<path d="M0 0" opacity=".5"/>'), "opacity of <path>"),
        (an_svg('<path d="M0 0L1 1" fill="red"/>'), "colour 'red'"),
        (an_svg('<path d="M0 0L1 1" fill="url(#a)"/>'), r"colour 'url\(#a\)'"),
        (an_svg('<path d="M0 0L1 1" fill="#12345g"/>'), "colour '#12345g'"),
        (an_svg('<path d="M0 0L1 1" stroke="#fff" stroke-width="2mm"/>'), "length '2mm'"),
        (an_svg('<path d="L1 1"/>'), "outline of a <path>"),
        (an_svg('<rect width="wide" height="2"/>'), "outline of a <rect>"),
        (an_svg('<rect height="2"/>'), "outline of a <rect>"),
    ],
)
def test_what_is_not_supported_is_named(svg: str, reason: str) -> None:
    with pytest.raises(UnsupportedDrawingError, match=reason):
        drawing_of(svg)

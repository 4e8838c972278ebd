"""How things follow each other over pages."""

import pytest

from render.document import style
from render.document.flow import Aloud, Flow, OversizeError
from render.document.sheet import Element, Mark, Sheet

TOP, BOTTOM = 100.0, 500.0
LINES_A_PAGE = int((BOTTOM - TOP) / style.NOTE.leading)


def a_flow() -> Flow:
    def head(sheet: Sheet) -> float:
        return TOP

    return Flow(TOP, BOTTOM, head, Aloud({}))


def paragraph(flow: Flow, lines: int) -> Element:
    element = Element("P")
    flow.paragraph(element, "palabra " * lines, style.NOTE, 0, style.NOTE.width("palabra") + 1)
    return element


def test_a_paragraph_stays_on_one_page_while_it_can() -> None:
    flow = a_flow()
    paragraph(flow, LINES_A_PAGE - 2)
    assert paragraph(flow, 3).kids == [Mark(1, 0)]


def test_a_paragraph_taller_than_a_page_runs_over() -> None:
    flow = a_flow()
    element = paragraph(flow, 2 * LINES_A_PAGE + 1)
    assert element.kids == [Mark(0, 0), Mark(1, 0), Mark(2, 0)]
    assert flow.y == pytest.approx(TOP + style.NOTE.leading)


def test_a_reserve_turns_the_page_only_where_there_is_no_room() -> None:
    flow = a_flow()
    paragraph(flow, 3)
    flow.reserve(BOTTOM - flow.y)
    assert len(flow.sheets) == 1
    flow.reserve(BOTTOM - flow.y + 1)
    assert len(flow.sheets) == 2


def test_what_fits_on_no_page_is_refused() -> None:
    with pytest.raises(OversizeError):
        a_flow().reserve(BOTTOM - TOP + 1)


def test_a_page_does_not_begin_with_a_space() -> None:
    flow = a_flow()
    flow.space(20)
    assert flow.y == TOP

"""Tables of marks as forms: drawn once with blanks, then filled in for each person.

The tables of two people with the same rows and years, in the same place of the page, differ in marks and in
the codes of schools alone. So a table is drawn (`table.TableDrawing`) with blanks for them, and what was
drawn is kept, operators and structure. A form names nobody: what can stand in a blank, a usual mark or the
code of a school, is not part of it. Anything else, such as a mark that no scale has, makes another form.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from constancia.domain import wording as texts
from constancia.domain.content import SchoolYear
from constancia.domain.school import Level, School
from constancia.domain.tables import Column, MarkTable, Row, RowGroup
from render.document.flow import Aloud, Flow
from render.document.sheet import Copy, Element
from render.document.stencil import Filling, Stencil
from render.document.style import Setting
from render.document.table import BLANK, MeasuredTable, TableDrawing

FORMS: Final = 32
"""How many are kept, those used last. Each takes some 200 kB."""
USUAL_MARKS: Final = frozenset({"AD", "A", "B", "C", "EXO", *(f"{mark:02}" for mark in range(21))})
"""They stand on one line in the narrowest of columns."""
_MARKS: Final = {mark: Filling(mark, texts.MARKS_ALOUD.get(mark)) for mark in USUAL_MARKS}
_SCHOOL: Final = School(BLANK, "", "")
_SCHOOL_CODE: Final = re.compile(r"[0-9]{7}-[0-9]", re.ASCII)


class _Place(NamedTuple):
    """All of a page's state that a table's drawing depends on. Measures are points."""

    y: float
    bottom: float
    further: tuple[float, float]
    """Where the next pages begin and end."""
    marks: int
    """Pieces of content that are on the page already."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A form in its place: the part on each page, the owners of its marks, the structure, where it ends."""

    parts: tuple[tuple[Stencil, tuple[Element, ...]], ...]
    element: Element
    end: float


class TableForm:
    """A table whose form is known, and what it is filled with."""

    def __init__(self, level: Level, table: MarkTable, setting: Setting) -> None:
        fillings: list[Filling] = []
        form = replace(
            table,
            columns=tuple(Column(column.grade, _year(column.year, fillings)) for column in table.columns),
            groups=tuple(
                RowGroup(group.kind, tuple(_row(row, fillings) for row in group.rows))
                for group in table.groups
            ),
        )
        self._fillings = tuple(fillings)
        self._measured = _measured(level, form, setting)

    @property
    def heading(self) -> str:
        """What stands over it."""
        return self._measured.heading

    def least_height(self, page_room: float) -> float:
        """What the page where the table begins must have room for; see `MeasuredTable.least_height`."""
        return self._measured.least_height(page_room)

    def draw(self, flow: Flow, parent: Element) -> None:
        """Draw it as the last child of an element, over as many pages as it takes.

        Raises:
            OversizeError: a row is taller than a page.
        """
        place = _Place(flow.y, flow.bottom, flow.further, len(flow.sheet.owners))
        drawn = _drawn(self._measured, place)
        parent.kids.append(Copy(drawn.element, flow.sheet.index, self._fillings))
        for number, (stencil, owners) in enumerate(drawn.parts):
            if number:
                flow.turn()
            flow.sheet.stamp(stencil.filled(self._fillings), owners)
        flow.y = drawn.end


def _year(year: SchoolYear | None, fillings: list[Filling]) -> SchoolYear | None:
    """The year with its school blank, and without the results, which the rows have."""
    if year is None:
        return None
    school = year.school
    if _SCHOOL_CODE.fullmatch(school.printed_code):
        fillings.append(Filling(school.printed_code, texts.school_code_aloud(school)))
        school = _SCHOOL
    return replace(year, school=school, results=())


def _row(row: Row, fillings: list[Filling]) -> Row:
    """The row with its usual marks blank."""
    found = [_MARKS.get(mark) for mark in row.marks]
    fillings += filter(None, found)
    marks = [BLANK if filling else mark for filling, mark in zip(found, row.marks, strict=True)]
    return Row(row.area, row.competencia, tuple(marks))


@lru_cache(FORMS)
def _measured(level: Level, form: MarkTable, setting: Setting) -> MeasuredTable:
    return MeasuredTable(level, form, setting)


@lru_cache(FORMS)
def _drawn(table: MeasuredTable, place: _Place) -> _Drawn:
    """Draw a form aside, on pages that stand for those where it will be copied to."""
    top, bottom = place.further
    flow = Flow(top, bottom, lambda _: top, Aloud({}), {0: place.bottom})
    flow.y = place.y
    flow.sheet.owners += [Element("P")] * place.marks
    drawing = TableDrawing(flow, Element("Sect"), table)
    drawing.draw()
    del flow.sheets[0].owners[: place.marks]
    parts = tuple((sheet.stencil(), tuple(sheet.owners)) for sheet in flow.sheets)
    return _Drawn(parts, drawing.element, flow.y)

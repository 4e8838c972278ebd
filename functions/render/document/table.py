"""The tables of marks: a column for each grade, a row for each area or competencia.

The head stands again on every page that a table runs over to. An area and its competencias are parted only
when no page could hold them, and then the area's name stands again too. What is repeated is an artifact: for
those who listen there is one table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from itertools import count as counter
from typing import Final

from constancia.domain import wording as texts
from constancia.domain.languages import language_of
from constancia.domain.school import Level, School
from constancia.domain.tables import NO_MARK, Granularity, MarkTable, Row, RowGroup
from render.document import style
from render.document.flow import Flow, OversizeError, set_lines
from render.document.sheet import Align, Colour, Element, Type
from render.document.style import Setting

type Lines = tuple[str, ...]

BLANK: Final = "\N{OPEN BOX}"
"""Stands for a mark, or for the code of a school, that is filled in later (see `form`)."""

_GRADES = 1
"""The line of the head that has the grades, between that of the years and that of the schools' codes."""


# ---------------------------------------------------------------- measuring


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that was measured."""

    label: Lines
    marks: tuple[Lines, ...]
    height: float
    language: str | None
    """That of the label, where it is not Spanish."""
    blanks: tuple[int | None, ...]
    """The numbers of those marks that are blanks."""


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Rows that belong together: an area with its competencias, or one row alone."""

    heading: str | None
    """The name of the group that begins here."""
    area: Lines
    """Beside the rows; empty where their labels take its place."""
    rows: tuple[_Line, ...]
    language: str | None
    """That of the area, where it is not Spanish."""
    setting: Setting

    @property
    def heading_height(self) -> float:
        return _height(style.CELL_STRONG, 1, self.setting) if self.heading else 0

    @property
    def height(self) -> float:
        beside = _height(style.CELL_STRONG, len(self.area), self.setting) if self.area else 0
        return self.heading_height + max(beside, sum(row.height for row in self.rows))


class MeasuredTable:
    """A table with its upright lines, its texts broken into lines, its heights known."""

    def __init__(self, level: Level, table: MarkTable, setting: Setting) -> None:
        self.level = level
        self._setting = setting
        studied = [column.year.year for column in table.columns if column.year]
        self.heading = texts.table_heading(table.granularity, studied)
        self.columns = table.columns
        self.by_competencia = table.granularity is Granularity.COMPETENCIA
        self.widths = _column_widths(table)
        self.label_end = style.RIGHT - sum(self.widths)
        self.lefts = tuple(accumulate(self.widths[:-1], initial=self.label_end))
        self.area_end = style.LEFT + (style.AREA_WIDTH if self.by_competencia else 0)
        self._blanks = counter()
        self.head = self._measured_head(level)
        self.head_height = sum(row.height for row in self.head)
        self.page_head_height = style.SUBHEADING.leading + style.SPACE / 3 + self.head_height
        """That of what stands on every page that the table runs over to."""
        self.bundles = tuple(self._bundles(table.groups))
        situations = table.final_situations
        self.final_type = style.FINAL.fitted(
            situations, max(self.widths) - style.FINAL_PADDING_X, style.FINAL_LEAST
        )
        self.final = self._line(
            texts.FINAL_SITUATION, situations, style.CELL_STRONG, self.final_type, style.LEFT
        )

    def least_height(self, page_room: float) -> float:
        """What the page where the table begins must have room for: the head and the first rows.

        `page_room` is that of a page with nothing else: rows that belong together but are taller are parted.
        """
        first = next(iter(self.bundles), None)
        if first is None:
            return self.head_height + self.final.height
        whole = self.head_height + first.height
        return whole if whole <= page_room else self.head_height + replace(first, rows=first.rows[:1]).height

    def _measured_head(self, level: Level) -> tuple[_Line, ...]:
        studied = [column.year for column in self.columns]
        grade = texts.grade_heading(level)
        rows = (
            (texts.YEAR, [str(year.year) if year else NO_MARK for year in studied], style.COLUMN_HEAD),
            (grade, [texts.grade(level, column.grade) for column in self.columns], style.CELL_STRONG),
            (
                texts.SCHOOL,
                [_code(year.school) if year else NO_MARK for year in studied],
                style.COLUMN_NOTE,
            ),
        )
        return tuple(self._line(label, values, kind, kind, style.LEFT) for label, values, kind in rows)

    def _bundles(self, groups: Sequence[RowGroup]) -> Iterator[_Bundle]:
        for group in groups:
            name = texts.group(group.kind)
            heading: str | None = name
            for area, of_area in groupby(group.rows, key=lambda row: row.area):
                rows = tuple(of_area)
                # A group that is its own only area ('competencias transversales') needs no column for it.
                divided = self.by_competencia and area.casefold() != name.casefold()
                yield self._bundle(heading, area, rows, divided and any(row.competencia for row in rows))
                heading = None

    def _bundle(self, heading: str | None, area: str, rows: tuple[Row, ...], divided: bool) -> _Bundle:
        """Rows of an area. Of a divided one the name stands beside them, and names its own mark as well."""
        left, own = (self.area_end, texts.AREA_MARK) if divided else (style.LEFT, area)
        lines = tuple(
            self._line(row.competencia or own, row.marks, style.CELL, style.MARK, left) for row in rows
        )
        width = style.AREA_WIDTH - 2 * style.CELL_PADDING_X
        beside = style.CELL_STRONG.wrapped(area, width) if divided else ()
        return _Bundle(heading, beside, lines, language_of(area), self._setting)

    def _line(
        self, label: str, marks: Sequence[str], label_type: Type, mark_type: Type, left: float
    ) -> _Line:
        labels = label_type.wrapped(label, self.label_end - left - 2 * style.CELL_PADDING_X)
        blanks = tuple([next(self._blanks) if mark == BLANK else None for mark in marks])
        cells = tuple(
            (BLANK,) if mark == BLANK else mark_type.wrapped(mark, width - style.CELL_PADDING_X)
            for mark, width in zip(marks, self.widths, strict=True)
        )
        tallest = max(len(cell) for cell in cells)
        height = max(
            _height(label_type, len(labels), self._setting), _height(mark_type, tallest, self._setting)
        )
        return _Line(labels, cells, height, language_of(label), blanks)


def _code(school: School) -> str:
    return BLANK if school.modular_code == BLANK else school.printed_code


def _column_widths(table: MarkTable) -> tuple[float, ...]:
    """Grades share alike what names leave over, if the words of their final situations have room then.

    Where they don't, those that were not studied are narrow, and the others share what names can spare.
    """
    wished = max(style.COLUMN_WIDTH, style.FINAL.widest_word(table.final_situations) + style.FINAL_PADDING_X)
    count = len(table.columns)
    alike = (style.WIDTH - style.LABEL_WIDTH[table.granularity]) / count
    if wished <= alike:
        return (min(alike, max(wished, style.COLUMN_WIDTH_MOST[table.granularity])),) * count
    narrow = style.COLUMN_WIDTH_EMPTY
    empty = sum(column.year is None for column in table.columns)
    room = style.WIDTH - style.LABEL_WIDTH_LEAST - empty * narrow
    studied = min(wished, room / max(1, count - empty))
    return tuple(studied if column.year else narrow for column in table.columns)


def _height(kind: Type, lines: int, setting: Setting) -> float:
    return lines * kind.leading + 2 * setting.row


# ---------------------------------------------------------------- drawing


class TableDrawing:
    """A measured table while it is drawn."""

    def __init__(self, flow: Flow, parent: Element, table: MeasuredTable) -> None:
        self._flow = flow
        self._table = table
        self.element = parent.add("Table")
        self.element.summary = texts.table_summary(by_competencia=table.by_competencia)
        self._label_columns = 2 if table.by_competencia else 1
        self._part_top = 0.0
        self._rules: list[tuple[float, float, Colour]] = []
        """Height, left end and colour of the level lines of the page."""
        self._ruled: list[tuple[float, float]] = []
        """Top and bottom of where the columns have lines between them: everywhere but in group headings."""
        self._ruled_from = 0.0
        self._parted: list[tuple[float, float]] = []
        """Top and bottom of where areas stand beside their competencias."""

    def draw(self) -> None:
        """Draw it, over as many pages as it takes."""
        self._flow.reserve(self._table.least_height(self._flow.page_room))
        self._open_part()
        self._draw_head(self.element.add("THead"))
        body = self.element.add("TBody")
        for bundle in self._table.bundles:
            last = bundle is self._table.bundles[-1]
            self._place(body, bundle, self._table.final.height if last else 0)
        self._draw_final(body)
        self._close_part()

    # ------------------------------------------------------------ pages

    def _open_part(self) -> None:
        self._part_top = self._flow.y
        self._ruled_from = self._flow.y
        self._rules, self._ruled, self._parted = [], [], []

    def _close_part(self) -> None:
        """Draw the lines of this page's part of the table."""
        flow, table = self._flow, self._table
        with flow.sheet.artifact():
            for top, bottom in [*self._ruled, (self._ruled_from, flow.y)]:
                for x in table.lefts:
                    flow.sheet.rule((x, top), (x, bottom), style.HAIRLINE, style.RULE)
            for top, bottom in self._parted:
                flow.sheet.rule((table.area_end, top), (table.area_end, bottom), style.HAIRLINE, style.RULE)
            for y, left, colour in self._rules:
                flow.sheet.rule((left, y), (style.RIGHT, y), colour, style.RULE)
            for y in (self._part_top, flow.y):
                flow.sheet.rule((style.LEFT, y), (style.RIGHT, y), style.ACCENT, style.STRONG_RULE)

    def _turn(self) -> None:
        self._close_part()
        self._flow.turn()
        self._draw_continued()
        self._open_part()
        self._draw_head(None)

    def _place(self, body: Element, bundle: _Bundle, keep: float) -> None:
        """Draw a bundle here, or on the next page, or divided where it is taller than a page.

        `keep` is the room that must be left below its last row.
        """
        flow = self._flow
        if flow.room < bundle.height + keep <= flow.page_room - self._table.page_head_height:
            self._turn()
        rest, span = bundle, len(bundle.rows)
        while rest.rows:
            piece = self._fitting(rest, keep)
            if piece is None and flow.y - self._part_top <= self._table.head_height:
                raise OversizeError("a row of a table is taller than a page")
            if piece is None:
                self._turn()
                continue
            self._draw_bundle(body, piece, span)
            rest = replace(rest, heading=None, rows=rest.rows[len(piece.rows) :])
            span = 0

    def _fitting(self, bundle: _Bundle, keep: float) -> _Bundle | None:
        for count in range(len(bundle.rows), 0, -1):
            piece = replace(bundle, rows=bundle.rows[:count])
            if piece.height + (keep if count == len(bundle.rows) else 0) <= self._flow.room:
                return piece
        return None

    def _draw_continued(self) -> None:
        """Tell those who see a page that its table began on another one. Who listens hears one table."""
        flow, heading = self._flow, self._table.heading
        left = style.LEFT + style.SUBHEADING.width(f"{heading} ")
        with flow.sheet.artifact():
            set_lines(flow.sheet, style.LEFT, flow.y, (heading,), style.SUBHEADING)
            set_lines(flow.sheet, left, flow.y, (f"({texts.CONTINUED})",), style.CONTINUED)
        flow.y += style.SUBHEADING.leading + style.SPACE / 3

    # ------------------------------------------------------------ rows

    def _draw_head(self, head: Element | None) -> None:
        """Draw the head; without an element, as the repetition of it."""
        kinds = (style.COLUMN_HEAD, style.CELL_STRONG, style.COLUMN_NOTE)
        for number, (line, kind) in enumerate(zip(self._table.head, kinds, strict=True)):
            self._tint(line.height, style.PAPER if number else style.ACCENT)
            row = head.add("TR") if head else None
            label = row.add("TH", self._whole_label) if row else None
            self._label(label, line.label, kind, style.LEFT, line.height)
            for index in range(len(line.marks)):
                self._mark(self._head_cell(row, number, index), line, kind, index, line.height)
            self._flow.y += line.height

    def _head_cell(self, row: Element | None, number: int, index: int) -> Element | None:
        """A cell of the head. A mark's column is told by year and grade, not by the school's code as well."""
        column = self._table.columns[index]
        if row is None:
            return None
        if number == _GRADES:
            return row.add(
                "TH", "/Scope /Column", expansion=texts.grade_aloud(self._table.level, column.grade)
            )
        not_studied = None if column.year else texts.NOT_STUDIED
        if number < _GRADES:
            return row.add("TH", "/Scope /Column", replacement=not_studied)
        school = column.year.school if column.year else None
        spelled = texts.school_code_aloud(school) if school and school.modular_code != BLANK else None
        return row.add("TD", replacement=not_studied, expansion=spelled)

    def _draw_bundle(self, body: Element, bundle: _Bundle, span: int) -> None:
        """Draw a bundle or a piece of one. `span` is the number of the area's rows; 0 where it goes on."""
        if bundle.heading:
            self._draw_heading(body, bundle.heading, bundle.heading_height)
        top = self._flow.y
        height = bundle.height - bundle.heading_height
        stretch = (height - sum(line.height for line in bundle.rows)) / len(bundle.rows)
        left = self._table.area_end if bundle.area else style.LEFT
        for number, line in enumerate(bundle.rows):
            row = body.add("TR")
            line_colour = style.AREA_LINE if bundle.area and not number else style.HAIRLINE
            self._rules.append((self._flow.y, left if number else style.LEFT, line_colour))
            if bundle.area and not number:
                area = None
                if span:
                    area = row.add("TH", f"/Scope /Row /RowSpan {span}", language=bundle.language)
                self._label(area, bundle.area, style.CELL_STRONG, style.LEFT, height)
            scope = "/Scope /Row" if bundle.area else self._whole_label
            label = row.add("TH", scope, language=line.language)
            self._label(label, line.label, style.CELL, left, line.height + stretch)
            self._marks(row, line, style.MARK, line.height + stretch, texts.WITHOUT_MARK)
            self._flow.y += line.height + stretch
        if bundle.area:
            self._parted.append((top, self._flow.y))

    def _draw_heading(self, body: Element, heading: str, height: float) -> None:
        self._tint(height, style.PAPER)
        self._rules.append((self._flow.y, style.LEFT, style.AREA_LINE))
        columns = self._label_columns + len(self._table.columns)
        cell = body.add("TR").add("TH", f"/Scope /Row /ColSpan {columns}")
        self._label(cell, (heading,), style.CELL_STRONG, style.LEFT, height)
        self._ruled.append((self._ruled_from, self._flow.y))
        self._flow.y += height
        self._ruled_from = self._flow.y

    def _draw_final(self, body: Element) -> None:
        line = self._table.final
        if self._flow.room < line.height:
            self._turn()
        self._tint(line.height, style.PAPER)
        self._rules.append((self._flow.y, style.LEFT, style.AREA_LINE))
        row = body.add("TR")
        self._label(row.add("TH", self._whole_label), line.label, style.CELL_STRONG, style.LEFT, line.height)
        self._marks(row, line, self._table.final_type, line.height, texts.WITHOUT_SITUATION)
        self._flow.y += line.height

    # ------------------------------------------------------------ cells

    @property
    def _whole_label(self) -> str:
        """The attributes of a row's label that has no area beside it."""
        span = f" /ColSpan {self._label_columns}" if self._label_columns > 1 else ""
        return f"/Scope /Row{span}"

    def _tint(self, height: float, colour: Colour) -> None:
        with self._flow.sheet.artifact():
            self._flow.sheet.tint(style.LEFT, self._flow.y, style.WIDTH, height, colour)

    def _marks(self, row: Element, line: _Line, kind: Type, height: float, missing: str) -> None:
        """Draw the cells of a row. `missing` is what is said where a year that was studied has nothing."""
        for index, mark in enumerate(line.marks):
            if mark == (NO_MARK,):
                said = missing if self._table.columns[index].year else texts.NOT_STUDIED
                self._mark(row.add("TD", replacement=said), line, style.MARK_EMPTY, index, height)
            else:
                cell = row.add("TD", expansion=texts.MARKS_ALOUD.get(mark[0]))
                self._mark(cell, line, kind, index, height)

    def _label(self, cell: Element | None, lines: Lines, kind: Type, left: float, height: float) -> None:
        self._set(cell, lines, kind, left + style.CELL_PADDING_X, height, "left")

    def _mark(self, cell: Element | None, line: _Line, kind: Type, index: int, height: float) -> None:
        middle = self._table.lefts[index] + self._table.widths[index] / 2
        blank = line.blanks[index]
        if blank is None:
            self._set(cell, line.marks[index], kind, middle, height, "centre")
            return
        sheet, top = self._flow.sheet, self._flow.y + (height - kind.leading) / 2
        if cell:
            cell.blank = blank
        with sheet.content_of(cell) if cell else sheet.artifact():
            sheet.blank(middle, top + kind.rise, kind, blank)

    def _set(
        self, cell: Element | None, lines: Lines, kind: Type, x: float, height: float, align: Align
    ) -> None:
        """Set a cell's lines half-way between its upper and lower edge."""
        sheet = self._flow.sheet
        top = self._flow.y + (height - len(lines) * kind.leading) / 2
        with sheet.content_of(cell) if cell else sheet.artifact():
            set_lines(sheet, x, top, lines, kind, align)

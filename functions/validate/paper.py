"""The certificate for the page: the same words in the same order as `render.document` prints them.

What a mark or a code is read aloud as, where that differs, is what the PDF's tags say (`wording`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from constancia.domain import wording
from constancia.domain.content import CertificateContent, LevelRecord, SchoolYear
from constancia.domain.languages import language_of
from constancia.domain.school import Scale
from constancia.domain.tables import (
    NO_MARK,
    Column,
    Granularity,
    MarkTable,
    Row,
    RowGroup,
    side_by_side,
    tables_of,
)
from constancia.domain.verification import Verification
from constancia.domain.virtual_code import grouped


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, and what is read aloud instead of it, where it differs."""

    text: str
    aloud: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """The name of an area, competencia or workshop, and its language's BCP 47 tag where it is not Spanish."""

    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: its label, and a cell for each column."""

    label: Label
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """Rows that belong together. Without a name, each row's label says all."""

    name: Label | None
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Áreas curriculares, competencias transversales, or talleres."""

    heading: str
    areas: tuple[AreaView, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One table. Each of `years`, `grades`, `schools` and `finals` has one cell for each column."""

    id: str
    caption: str
    summary: str
    grade_heading: str
    years: tuple[Cell, ...]
    grades: tuple[Cell, ...]
    schools: tuple[Cell, ...]
    groups: tuple[GroupView, ...]
    finals: tuple[Cell, ...]

    @property
    def width(self) -> int:
        """Columns in all: labels and marks."""
        return 1 + len(self.years)


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level: its tables, then what stands under them."""

    heading: str
    tables: tuple[TableView, ...]
    schools: tuple[str, ...]
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that the paper says."""

    code: Cell
    modality: str
    levels_line: str
    name: str = field(repr=False)
    closing: str = field(repr=False)
    """The second half of the sentence, after the name: it holds the document's number."""
    levels: tuple[LevelView, ...] = field(repr=False)
    legend: tuple[str, ...]
    issue: tuple[str, ...]


def paper_of(verification: Verification) -> Paper | None:
    """Lay out what a proof opened; nothing where nothing was."""
    summary, opened = verification.summary, verification.opened
    if summary is None or opened is None:
        return None
    content = opened.content
    document = content.holder.document
    return Paper(
        code=code_cell(verification),
        modality=wording.modality(content.modality),
        levels_line=wording.levels(summary.levels),
        name=content.holder.name.full,
        closing=wording.closing(document.type, document.number, content.modality, summary.levels),
        levels=tuple(map(_level, content.levels)),
        legend=tuple(wording.legend(_scales(content))),
        issue=tuple(wording.issued(opened.number, summary.issued_at)),
    )


def code_cell(verification: Verification) -> Cell:
    """The virtual code in groups, read letter by letter."""
    code = grouped(verification.code)
    return Cell(code, wording.code_aloud(code))


def _level(record: LevelRecord) -> LevelView:
    schools = {(year.school.printed_code, year.school.name): None for year in record.years}
    tables = (part for table in tables_of(record) for part in side_by_side(table))
    return LevelView(
        heading=wording.level_heading(record.level),
        tables=tuple(_table(record, table, number) for number, table in enumerate(tables, start=1)),
        schools=tuple(f"{code} - {name}" for code, name in schools),
        observations=tuple(map(wording.observation, record.observations)) or (wording.NO_OBSERVATIONS,),
    )


def _table(record: LevelRecord, table: MarkTable, number: int) -> TableView:
    years = [column.year for column in table.columns]
    by_competencia = table.granularity is Granularity.COMPETENCIA
    return TableView(
        id=f"{record.level}-{number}".lower(),
        caption=wording.table_heading(table.granularity, [year.year for year in years if year]),
        summary=wording.table_summary(by_competencia=by_competencia),
        grade_heading=wording.grade_heading(record.level),
        years=tuple(Cell(str(year.year)) if year else _NOT_STUDIED for year in years),
        grades=tuple(_grade(record, column) for column in table.columns),
        schools=tuple(map(_school, years)),
        groups=tuple(_group(group, years) for group in table.groups),
        finals=_cells(table.final_situations, years, wording.WITHOUT_SITUATION),
    )


def _grade(record: LevelRecord, column: Column) -> Cell:
    return Cell(wording.grade(record.level, column.grade), wording.grade_aloud(record.level, column.grade))


def _school(year: SchoolYear | None) -> Cell:
    if year is None:
        return _NOT_STUDIED
    return Cell(year.school.printed_code, wording.school_code_aloud(year.school))


def _group(group: RowGroup, years: list[SchoolYear | None]) -> GroupView:
    heading = wording.group(group.kind)
    areas = groupby(group.rows, key=lambda row: row.area)
    return GroupView(heading, tuple(_area(area, tuple(rows), heading, years) for area, rows in areas))


def _area(area: str, rows: tuple[Row, ...], heading: str, years: list[SchoolYear | None]) -> AreaView:
    # A group that is its own only area ('competencias transversales') is not named twice.
    divided = any(row.competencia for row in rows) and area.casefold() != heading.casefold()
    own = wording.AREA_MARK if divided else area
    return AreaView(
        _label(area) if divided else None,
        tuple(
            RowView(_label(row.competencia or own), _cells(row.marks, years, wording.WITHOUT_MARK))
            for row in rows
        ),
    )


def _label(name: str) -> Label:
    return Label(name, language_of(name))


def _cells(marks: tuple[str, ...], years: list[SchoolYear | None], missing: str) -> tuple[Cell, ...]:
    """The cells of a row. `missing` is what is said where a year that was studied has nothing."""
    return tuple(
        Cell(mark, missing if year else wording.NOT_STUDIED)
        if mark == NO_MARK
        else Cell(mark, wording.MARKS_ALOUD.get(mark))
        for mark, year in zip(marks, years, strict=True)
    )


def _scales(content: CertificateContent) -> Iterator[Scale]:
    return (result.scale for record in content.levels for year in record.years for result in year.results)


_NOT_STUDIED = Cell(NO_MARK, wording.NOT_STUDIED)

"""The tables of a certificate, as people read them on paper and on the page.

Years to 2019 carry one mark an area, years from 2020 one a competencia: two tables. Each has one column for
each grade of the level: a repeated grade has one each time, a grade not studied in those years one without a
year. Rows that `curriculum` does not know stand behind those that it does: nothing that SIAGIE sends is
dropped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from constancia.domain.content import LevelRecord, SchoolYear
from constancia.domain.curriculum import grades_of, row_rank
from constancia.domain.school import Level, ResultKind

FIRST_YEAR_BY_COMPETENCIA = 2020
NO_MARK = "-"
SIDE_BY_SIDE = 8
"""The most grades side by side, on paper and on the page; more of them stand in a further table."""


class Granularity(StrEnum):
    """What one mark stands for."""

    AREA = "AREA"
    COMPETENCIA = "COMPETENCIA"


@dataclass(frozen=True, slots=True)
class Column:
    """A grade of the level, with the year in which it was studied, or none."""

    grade: str
    year: SchoolYear | None


@dataclass(frozen=True, slots=True)
class Row:
    """One area or competencia: its mark in each column, `-` where there is none."""

    area: str
    competencia: str | None
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Áreas curriculares, competencias transversales, or talleres."""

    kind: ResultKind
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class MarkTable:
    """One table of one level."""

    granularity: Granularity
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]

    @property
    def final_situations(self) -> tuple[str, ...]:
        """The last row: the final situation as SIAGIE gives it, `-` where there is none."""
        return tuple((column.year and column.year.final_situation) or NO_MARK for column in self.columns)


def tables_of(record: LevelRecord) -> tuple[MarkTable, ...]:
    """The tables of one level: by area, by competencia, or both. A table without years is left out."""
    by_area = tuple(year for year in record.years if year.year < FIRST_YEAR_BY_COMPETENCIA)
    by_competencia = tuple(year for year in record.years if year.year >= FIRST_YEAR_BY_COMPETENCIA)
    return tuple(
        _table(record, granularity, years)
        for granularity, years in ((Granularity.AREA, by_area), (Granularity.COMPETENCIA, by_competencia))
        if years
    )


def side_by_side(table: MarkTable) -> Iterator[MarkTable]:
    """The table itself, or several of it where it has more grades than fit side by side."""
    count = -(-len(table.columns) // SIDE_BY_SIDE)
    if count == 1:
        yield table
        return
    size = -(-len(table.columns) // count)
    for start in range(0, len(table.columns), size):
        part = slice(start, start + size)
        yield replace(
            table,
            columns=table.columns[part],
            groups=tuple(
                RowGroup(group.kind, tuple(replace(row, marks=row.marks[part]) for row in group.rows))
                for group in table.groups
            ),
        )


type _RowKey = tuple[ResultKind, str, str | None]


def _table(record: LevelRecord, granularity: Granularity, years: tuple[SchoolYear, ...]) -> MarkTable:
    columns = _columns(record.level, years)
    marks = [_marks(column.year) for column in columns]
    keys: set[_RowKey] = set().union(*marks)
    ordered = sorted(keys, key=lambda key: row_rank(record.level, *key))
    groups = tuple(
        RowGroup(kind, tuple(_row(key, marks) for key in group))
        for kind, group in groupby(ordered, key=lambda key: key[0])
    )
    return MarkTable(granularity, columns, groups)


def _columns(level: Level, years: tuple[SchoolYear, ...]) -> tuple[Column, ...]:
    studied = [Column(year.grade, year) for year in sorted(years, key=lambda year: year.year)]
    missing = set(grades_of(level)) - {year.grade for year in years}
    empty = [Column(grade, None) for grade in missing]
    return tuple(sorted(studied + empty, key=lambda column: column.grade.zfill(2)))


def _marks(year: SchoolYear | None) -> dict[_RowKey, str]:
    """The marks of a column. Of two for the same row the first counts."""
    results = year.results if year else ()
    return {(result.kind, result.area, result.competencia): result.mark for result in reversed(results)}


def _row(key: _RowKey, columns: Sequence[Mapping[_RowKey, str]]) -> Row:
    _, area, competencia = key
    return Row(area, competencia, tuple([marks.get(key, NO_MARK) for marks in columns]))

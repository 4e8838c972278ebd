"""How wide the columns of a table are, and what its rows are called."""

from dataclasses import replace

import pytest

from constancia.domain.content import LevelRecord
from constancia.domain.school import Level, Scale
from constancia.domain.tables import Granularity, side_by_side, tables_of
from render.document import style
from render.document.table import MeasuredTable
from tests.builders import a_result
from tests.school_records import CERTIFICATES, a_record, a_year


def measured(record: LevelRecord) -> list[MeasuredTable]:
    tables = (part for table in tables_of(record) for part in side_by_side(table))
    return [MeasuredTable(record.level, table, style.USUAL) for table in tables]


def tables_of_all() -> list[MeasuredTable]:
    records = (record for one in CERTIFICATES.values() for record in one.content.levels)
    return [table for record in records for table in measured(record)]


def test_marks_by_area_begin_at_the_same_edge_at_every_level() -> None:
    records = (
        a_record(Level.INICIAL, 2016, "345"),
        a_record(Level.PRIMARIA, 2014, "123456"),
        a_record(Level.SECUNDARIA, 2015, "12345"),
    )
    edges = {table.label_end for record in records for table in measured(record)}
    assert len(edges) == 1
    assert edges.pop() == pytest.approx(style.LEFT + style.LABEL_WIDTH[Granularity.AREA])


@pytest.mark.parametrize("table", tables_of_all())
def test_a_table_is_as_wide_as_the_page_and_its_grades_no_wider_than_they_should(
    table: MeasuredTable,
) -> None:
    kind = Granularity.COMPETENCIA if table.by_competencia else Granularity.AREA
    assert table.lefts[-1] + table.widths[-1] == pytest.approx(style.RIGHT)
    assert table.label_end >= style.LEFT + style.LABEL_WIDTH_LEAST - 0.01
    assert max(table.widths) <= max(style.COLUMN_WIDTH_MOST[kind], style.LABEL_WIDTH[kind])


@pytest.mark.parametrize("table", tables_of_all())
def test_final_situations_keep_away_from_the_lines_beside_them(table: MeasuredTable) -> None:
    kind = table.final_type
    for lines, width in zip(table.final.marks, table.widths, strict=True):
        room = width - max(kind.width(line.rstrip()) for line in lines)
        assert room >= style.FINAL_PADDING_X - 0.01 or kind.size == pytest.approx(style.FINAL_LEAST)


def test_an_area_with_a_mark_of_its_own_stands_once_beside_all_its_marks() -> None:
    year = a_year(Level.SECUNDARIA, 2022, "1", results=())
    results = (
        a_result("Matemática", "A", scale=Scale.LITERAL),
        *(
            a_result("Matemática", mark, competencia=f"Competencia {mark}", scale=Scale.LITERAL)
            for mark in "BC"
        ),
        a_result("Tutoría", "AD", scale=Scale.LITERAL),
    )
    [table] = measured(LevelRecord(Level.SECUNDARIA, (replace(year, results=results),), ()))
    told = [(bundle.area, [row.label for row in bundle.rows]) for bundle in table.bundles]
    assert told == [
        (("Matemática",), [("Calificativo del área",), ("Competencia B",), ("Competencia C",)]),
        ((), [("Tutoría",)]),
    ]

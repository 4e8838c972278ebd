from constancia.domain.content import LevelRecord, SchoolYear
from constancia.domain.school import Level, Result, ResultKind, Scale
from constancia.domain.tables import Granularity, MarkTable, tables_of
from tests.builders import a_result, a_school


def a_year(year: int, grade: str, *results: Result, situation: str | None = "APROBADO") -> SchoolYear:
    return SchoolYear(year, grade, a_school(), situation, results or (a_result(),))


def a_competencia(competencia: str, mark: str, area: str = "Matemática") -> Result:
    return Result(ResultKind.AREA, area, competencia, mark, Scale.LITERAL)


def tables(*years: SchoolYear, level: Level = Level.SECUNDARIA) -> tuple[MarkTable, ...]:
    return tables_of(LevelRecord(level, years, ()))


def headers(table: MarkTable) -> list[tuple[str, int | None]]:
    return [(column.grade, column.year.year if column.year else None) for column in table.columns]


def test_years_to_2019_and_from_2020_are_two_tables() -> None:
    by_area, by_competencia = tables(a_year(2019, "1"), a_year(2020, "2", a_competencia("Resuelve", "A")))

    assert by_area.granularity is Granularity.AREA
    assert by_competencia.granularity is Granularity.COMPETENCIA


def test_a_table_without_years_is_left_out() -> None:
    assert [table.granularity for table in tables(a_year(2016, "1"))] == [Granularity.AREA]
    assert tables() == ()


def test_every_grade_of_the_level_has_a_column_and_a_repeated_one_has_two() -> None:
    (table,) = tables(a_year(2016, "2"), a_year(2015, "2"))

    assert headers(table) == [("1", None), ("2", 2015), ("2", 2016), ("3", None), ("4", None), ("5", None)]


def test_inicial_shows_jardin_and_cuna_only_to_those_who_went_there() -> None:
    (table,) = tables(a_year(2016, "2"), level=Level.INICIAL)

    assert [grade for grade, _ in headers(table)] == ["2", "3", "4", "5"]


def test_marks_stand_under_their_own_year_and_grade() -> None:
    failed = a_year(2015, "1", a_result("Arte", "08"), situation="DESAPROBADO")
    passed = a_year(2016, "1", a_result("Arte", "14"), a_result("Inglés", "11"))
    (table,) = tables(failed, passed)

    marks = {row.area: row.marks for group in table.groups for row in group.rows}
    assert marks == {"Arte": ("08", "14", "-", "-", "-", "-"), "Inglés": ("-", "11", "-", "-", "-", "-")}
    assert table.final_situations == ("DESAPROBADO", "APROBADO", "-", "-", "-", "-")


def test_each_competencia_of_an_area_keeps_its_own_mark() -> None:
    (table,) = tables(
        a_year(
            2021,
            "1",
            a_competencia("Resuelve problemas de cantidad", "A"),
            a_competencia("Resuelve problemas de gestión de datos e incertidumbre", "C"),
        )
    )

    assert [(row.competencia, row.marks[0]) for row in table.groups[0].rows] == [
        ("Resuelve problemas de cantidad", "A"),
        ("Resuelve problemas de gestión de datos e incertidumbre", "C"),
    ]


def test_areas_come_in_the_curriculums_order_and_unknown_ones_last() -> None:
    results = [a_result(area) for area in ("Robótica Educativa", "Arte", "Comunicación", "Matemática")]
    (table,) = tables(a_year(2016, "1", *results))

    assert [row.area for row in table.groups[0].rows] == [
        "Comunicación",
        "Matemática",
        "Arte",
        "Robótica Educativa",
    ]


def test_the_curriculum_knows_areas_and_competencias_in_whatever_case_they_come() -> None:
    area, known, unknown = "MATEMÁTICA", "RESUELVE PROBLEMAS DE CANTIDAD", "ACIERTA"
    results = [
        a_competencia("Canta", "A", area="Ajedrez"),
        a_competencia(unknown, "A", area=area),
        a_competencia(known, "A", area=area),
    ]
    (table,) = tables(a_year(2021, "1", *results))

    assert [(row.area, row.competencia) for row in table.groups[0].rows] == [
        (area, known),
        (area, unknown),
        ("Ajedrez", "Canta"),
    ]


def test_areas_then_transversal_competencias_then_workshops() -> None:
    results = [
        Result(kind, kind.value, None, "A", Scale.LITERAL)
        for kind in (ResultKind.WORKSHOP, ResultKind.AREA, ResultKind.TRANSVERSAL)
    ]
    (table,) = tables(a_year(2018, "1", *results))

    assert [group.kind for group in table.groups] == [
        ResultKind.AREA,
        ResultKind.TRANSVERSAL,
        ResultKind.WORKSHOP,
    ]

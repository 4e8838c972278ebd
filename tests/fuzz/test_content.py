"""Whatever a certificate says: it is stored, attached, laid out and drawn without a loss, or not at all."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from constancia.adapters.items import certificate_item, read_certificate
from constancia.adapters.table import unmarshal
from constancia.domain.certificate import CertificateState
from constancia.domain.content import CertificateContent, Holder, LevelRecord, SchoolYear
from constancia.domain.curriculum import grades_of
from constancia.domain.identity import PersonName
from constancia.domain.school import (
    Level,
    Modality,
    Observation,
    ObservationKind,
    Result,
    ResultKind,
    Scale,
    School,
)
from constancia.domain.tables import MarkTable, side_by_side, tables_of
from render.document import Draft, OversizeError, UnprintableTextError, draw
from tests.builders import NOW, STUDENT_CE, STUDENT_DNI, a_certificate
from tests.fuzz.alphabets import LETTERS, PRINTABLE, names, printable_texts
from tests.fuzz.effort import effort, outcome_of
from tests.sealing import APPEARANCE

ITEM_LIMIT: Final = 400 * 1024
URL: Final = "https://constancia.example/validate/99S0QR6YD40R?t=dGVzdC10b2tlbi0wMDAwMQ"

_AREAS: Final = ("Matemática", "Comunicación", "Arte", "Educación Física", "Inglés", "Robótica")
_MARKS: Final = ("AD", "A", "B", "C", "EXO", "00", "11", "20")


def contents(texts: st.SearchStrategy[str], most_years: int = 8) -> st.SearchStrategy[CertificateContent]:
    """Contents of any shape, with these texts."""
    results = st.builds(
        Result,
        kind=st.sampled_from(ResultKind),
        area=st.sampled_from(_AREAS) | texts,
        competencia=st.none() | st.sampled_from(["Canta", "Resuelve problemas de cantidad"]) | texts,
        mark=st.sampled_from(_MARKS),
        scale=st.sampled_from(Scale),
    )
    years = st.builds(
        SchoolYear,
        year=st.integers(2013, 2026),
        grade=st.sampled_from(["0", "1", "2", "3", "4", "5", "6"]),
        school=st.builds(
            School,
            modular_code=st.from_regex(r"[0-9]{7}", fullmatch=True),
            annex=st.sampled_from("012"),
            name=texts,
            district=st.none() | st.just("080108"),
        ),
        final_situation=st.none() | st.sampled_from(["APROBADO", "PROMOVIDO"]) | texts,
        results=st.lists(results, max_size=6, unique_by=_row).map(tuple),
    )
    observations = st.builds(
        Observation,
        year=st.integers(2013, 2026),
        level=st.sampled_from(Level),
        kind=st.sampled_from([ObservationKind.PLACEMENT_TEST, ObservationKind.EQUIVALENCE]),
        resolution=texts,
        reason=texts,
    )
    records = st.builds(
        LevelRecord,
        level=st.sampled_from(Level),
        years=st.lists(years, min_size=1, max_size=most_years).map(tuple),
        observations=st.lists(observations, max_size=3).map(tuple),
    )
    person_names = st.builds(PersonName, texts, st.none() | texts, st.none() | texts)
    return st.builds(
        CertificateContent,
        holder=st.builds(Holder, person_names, st.sampled_from([STUDENT_DNI, STUDENT_CE])),
        modality=st.sampled_from(Modality),
        levels=st.lists(records, min_size=1, max_size=2).map(tuple),
    )


def _row(result: Result) -> tuple[str, str, str | None]:
    return result.kind, result.area, result.competencia


@given(contents(st.text(min_size=1, max_size=30)))
@effort(150)
def test_any_content_is_stored_and_attached_and_read_back_as_it_was(content: CertificateContent) -> None:
    written = content.to_json()
    assert CertificateContent.from_json(written) == content
    assert CertificateContent.from_json(written).to_json() == written
    assert written == rfc8785.dumps(json.loads(written))

    certificate = a_certificate(CertificateState.PENDING, content=content)
    item = certificate_item(certificate, NOW + timedelta(days=7))
    assert read_certificate(unmarshal(item)) == certificate


@given(contents(printable_texts()))
@effort(150)
def test_the_order_in_which_a_registry_answers_changes_no_cell(content: CertificateContent) -> None:
    for record in content.levels:
        turned = replace(
            record, years=tuple(replace(year, results=year.results[::-1]) for year in record.years)
        )
        assert [marks(table) for table in tables_of(turned)] == [marks(table) for table in tables_of(record)]


def marks(table: MarkTable) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    return [
        (group.kind, row.area, row.competencia, row.marks) for group in table.groups for row in group.rows
    ]


@given(contents(printable_texts()))
@effort(200)
def test_the_tables_hold_every_mark_under_its_year_and_nothing_else(content: CertificateContent) -> None:
    for record in content.levels:
        tables = tables_of(record)
        given_marks = sorted(
            (year.year, year.grade, year.school.printed_code, *map(str, _row(result)), result.mark)
            for year in record.years
            for result in year.results
        )
        assert sorted(_cells(tables)) == given_marks
        situations = [year.final_situation or "-" for year in record.years]
        shown = [
            situation
            for table in tables
            for column, situation in zip(table.columns, table.final_situations, strict=True)
            if column.year
        ]
        assert sorted(shown) == sorted(situations)
        for table in tables:
            assert {column.grade for column in table.columns} >= set(grades_of(record.level))
            parts = list(side_by_side(table))
            assert tuple(column for part in parts for column in part.columns) == table.columns
            for number, row in enumerate(marks(table)):
                assert tuple(mark for part in parts for mark in marks(part)[number][3]) == row[3]


def _cells(tables: tuple[MarkTable, ...]) -> Iterator[tuple[int, str, str, str, str, str, str]]:
    for table in tables:
        for kind, area, competencia, row in marks(table):
            for column, mark in zip(table.columns, row, strict=True):
                if mark != "-":
                    assert column.year is not None
                    school = column.year.school.printed_code
                    yield column.year.year, column.grade, school, str(kind), area, str(competencia), mark


@given(contents(printable_texts(120) | names(LETTERS)))
@effort(60)
def test_what_can_be_printed_is_drawn_and_twice_the_same(content: CertificateContent) -> None:
    certificate = a_certificate(CertificateState.PENDING, content=content)
    draft = draw(certificate, URL, APPEARANCE)
    assert draft.data.startswith(b"%PDF-1.7")
    assert draft.data == draw(certificate, URL, APPEARANCE).data


@given(contents(st.text(max_size=300), most_years=4))
@effort(80)
def test_what_can_not_be_printed_is_refused_by_one_of_two_errors(content: CertificateContent) -> None:
    certificate = a_certificate(CertificateState.PENDING, content=content)
    drawn = outcome_of(Exception, lambda: draw(certificate, URL, APPEARANCE))
    assert isinstance(drawn, Draft | UnprintableTextError | OversizeError)
    if isinstance(drawn, UnprintableTextError):
        assert drawn.character not in PRINTABLE

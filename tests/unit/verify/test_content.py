"""Two contents, field by field."""

from dataclasses import replace
from typing import Any

import pytest

from constancia.domain.content import CertificateContent, Holder
from constancia.domain.identity import PersonName
from constancia.domain.school import Level, Scale
from infra.verify.content import content_differences, read_content
from tests.builders import (
    STUDENT_CE,
    STUDENT_DNI,
    a_content,
    a_level_record,
    a_result,
    a_school,
    a_school_year,
    an_observation,
)

YEAR = "Educación Secundaria, 1.º (2017)"


def of_year(**changes: Any) -> CertificateContent:
    return a_content(levels=(a_level_record(years=(a_school_year(**changes),)),))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (of_year(results=(a_result(mark="20"),)), {f"{YEAR}, Matemática": ("15", "20")}),
        (
            of_year(results=(a_result(scale=Scale.LITERAL),)),
            {f"{YEAR}, Matemática (scale)": ("VIGESIMAL", "LITERAL")},
        ),
        (of_year(results=()), {f"{YEAR}, Matemática": ("15", None)}),
        (
            of_year(final_situation="DESAPROBADO"),
            {f"{YEAR}, Situación final": ("APROBADO", "DESAPROBADO")},
        ),
        (
            of_year(school=a_school(modular_code="7654321")),
            {f"{YEAR}, Código modular-anexo": ("0123456-0", "7654321-0")},
        ),
        (
            of_year(school=a_school(name="IE X")),
            {f"{YEAR}, Instituciones educativas": ("IE 00001 EL SOL", "IE X")},
        ),
        (
            a_content(holder=Holder(PersonName("ANA", "QUISPE", None), STUDENT_CE)),
            {
                "holder's given names": ("ANA LUCÍA", "ANA"),
                "holder's maternal surname": ("ÑAHUI", None),
                "holder's document": ("DNI 00000001", "CE X00000001"),
            },
        ),
        (
            a_content(levels=(a_level_record(observations=(an_observation(),)),)),
            {
                "Educación Secundaria, Observaciones 1": (
                    None,
                    "2018 - RD 001-2018 - Convalidación de estudios (convalidación o revalidación)",
                )
            },
        ),
    ],
)
def test_each_field_that_differs_is_named(
    file: CertificateContent, told: dict[str, tuple[str | None, str | None]]
) -> None:
    found = {each.field: (each.record, each.file) for each in content_differences(a_content(), file)}

    assert found == told


def test_a_year_moved_to_another_level_differs() -> None:
    moved = a_content(levels=(a_level_record(level=Level.PRIMARIA),))

    fields = {each.field for each in content_differences(a_content(), moved)}

    assert {f"{YEAR}, Matemática", "Educación Primaria, 1.º (2017), Matemática"} <= fields


def test_two_years_of_one_grade_in_one_year_are_told_apart() -> None:
    twice = (a_school_year(), a_school_year(results=(a_result(mark="08"),)))
    record = a_content(levels=(a_level_record(years=twice),))
    file = a_content(
        levels=(a_level_record(years=(twice[0], a_school_year(results=(a_result(mark="18"),)))),)
    )

    (difference,) = content_differences(record, file)

    assert (difference.field, difference.record, difference.file) == (f"{YEAR}, Matemática [2]", "08", "18")


def test_entries_in_another_order_differ() -> None:
    years = (a_school_year(2017, "1"), a_school_year(2018, "2"))
    record = a_content(levels=(a_level_record(years=years),))
    file = a_content(levels=(a_level_record(years=years[::-1]),))

    assert [each.field for each in content_differences(record, file)] == ["order of the entries"]


def test_equal_contents_do_not_differ() -> None:
    assert content_differences(a_content(), a_content()) == []


@pytest.mark.parametrize("data", [b"", b"[" * 100_000, b"{}", b"\xff", b'{"schema":"cla/9"}'])
def test_what_is_no_content_is_none(data: bytes) -> None:
    assert read_content(data) is None


def test_a_content_is_read_as_it_was_attached() -> None:
    content = replace(a_content(), holder=Holder(PersonName("ANA", None, None), STUDENT_DNI))

    assert read_content(content.to_json()) == content

"""Our words on the certificate."""

from datetime import UTC, datetime

import pytest

from constancia.domain import wording as texts
from constancia.domain.identity import DocumentType
from constancia.domain.school import Level, Modality, ObservationKind, Scale
from constancia.domain.tables import Granularity
from render.document.layout import human_address
from tests.builders import an_observation


def test_the_time_of_issue_is_that_of_lima() -> None:
    issued = texts.issued("2026-00000007", datetime(2026, 1, 1, 4, 59, tzinfo=UTC))
    assert issued == [
        "Constancia N.º 2026-00000007",
        "Emitida el 31 de diciembre de 2025 a las 23:59 (hora de Lima)",
    ]


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ([Level.PRIMARIA], "Nivel: Primaria"),
        ([Level.PRIMARIA, Level.SECUNDARIA], "Niveles: Primaria y Secundaria"),
        ([Level.PRIMARIA, Level.INICIAL], "Niveles: Primaria e Inicial"),
        (list(Level), "Niveles: Inicial, Primaria y Secundaria"),
    ],
)
def test_levels_are_listed_as_one_says_them(levels: list[Level], text: str) -> None:
    assert texts.levels(levels) == text


@pytest.mark.parametrize(
    ("levels", "modality", "where"),
    [
        ([Level.SECUNDARIA], Modality.EBR, "el nivel Secundaria de la Educación Básica Regular"),
        ([Level.PRIMARIA], Modality.EBA, "el nivel Primaria de la Educación Básica Alternativa"),
        (
            list(Level),
            Modality.EBR,
            "los niveles Inicial, Primaria y Secundaria de la Educación Básica Regular",
        ),
    ],
)
def test_the_sentence_names_document_levels_and_modality(
    levels: list[Level], modality: Modality, where: str
) -> None:
    assert texts.closing(DocumentType.CE, "X00000001", modality, levels) == (
        f"con carnet de extranjería N.º X00000001, registra los calificativos que siguen en {where}, "
        "según las actas de evaluación."
    )


@pytest.mark.parametrize(
    ("signer", "label"),
    [
        ("Sello de DEMOSTRACIÓN, sin valor oficial", "Sello digital de DEMOSTRACIÓN, sin valor oficial"),
        ("Ministerio de Educación", "Sello digital de Ministerio de Educación"),
    ],
)
def test_a_seal_is_called_one_once(signer: str, label: str) -> None:
    assert texts.seal_label(signer) == label
    assert texts.seal(signer)[0] == f"{label}."


def test_the_foot_says_which_certificate_of_which_day_and_where_to_verify_it() -> None:
    at = datetime(2026, 1, 1, 4, 59, tzinfo=UTC)
    assert texts.foot("2026-00000007", at, "https://cla.example/validate") == (
        "Constancia N.º 2026-00000007, emitida el 31 de diciembre de 2025. "
        "Verifíquela en https://cla.example/validate"
    )


@pytest.mark.parametrize(
    ("level", "label", "text"),
    [
        (Level.PRIMARIA, "3", "3.º"),
        (Level.INICIAL, "4", "4 años"),
        (Level.INICIAL, "1", "1 año"),
        (Level.PRIMARIA, "ÚNICO", "ÚNICO"),
    ],
)
def test_grades_are_ordinals_and_ages_in_inicial(level: Level, label: str, text: str) -> None:
    assert texts.grade(level, label) == text


def test_a_table_says_its_years_and_what_a_mark_stands_for() -> None:
    assert texts.table_heading(Granularity.AREA, [2019]) == "Año 2019: un calificativo por área curricular"
    assert texts.table_heading(Granularity.COMPETENCIA, [2021, 2020, 2023]) == (
        "Años 2020 a 2023: un calificativo por competencia"
    )


def test_an_observation_is_year_resolution_and_reason() -> None:
    line = texts.observation(an_observation(kind=ObservationKind.PLACEMENT_TEST, reason="Ubicado en 2.º"))
    assert line == "2018 - RD 001-2018 - Ubicado en 2.º (prueba de ubicación)"


def test_only_scales_that_occur_are_explained() -> None:
    for scales in ([], [Scale.LITERAL], [Scale.EXEMPT]):
        assert texts.legend(scales).count("EXO: exonerado del área.") == 1


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://cla.example/validate/ABC?t=secret", "https://cla.example/validate"),
        ("http://127.0.0.1:8000/dev/validate/ABC?t=secret", "http://127.0.0.1:8000/dev/validate"),
    ],
)
def test_the_printed_address_has_neither_code_nor_token(url: str, address: str) -> None:
    assert human_address(url) == address

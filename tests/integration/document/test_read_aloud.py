"""What those hear who have a certificate read to them, by the tags and in their order."""

from functools import cache

import pytest

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from constancia.domain.links import verification_url
from constancia.domain.school import Scale
from constancia.domain.tables import NO_MARK, tables_of
from render.document import SealAppearance, draw
from render.document.typeface import composed
from tests.builders import (
    STUDENT_DNI,
    TOKEN,
    a_certificate,
    a_content,
    a_level_record,
    a_result,
    a_school_year,
)
from tests.listener import Heard, listen
from tests.school_records import CERTIFICATES
from tests.sealing import APPEARANCE


def heard(certificate: Certificate, appearance: SealAppearance = APPEARANCE) -> list[Heard]:
    url = verification_url("https://cla.example", certificate.code, TOKEN)
    return listen(draw(certificate, url, appearance).data)


@cache
def heard_of(name: str) -> list[Heard]:
    return heard(CERTIFICATES[name])


def all_of(pages: list[Heard], role: str) -> list[Heard]:
    return [one for page in pages for one in page.all(role)]


def rows(pages: list[Heard]) -> list[list[str]]:
    return [[cell.said for cell in row.children] for row in all_of(pages, "TR")]


def test_the_first_page_is_told_from_its_title_to_the_sentence() -> None:
    [page] = heard_of("one_year")
    told = [one.said for one in page.children if one.role != "Sect"]
    assert told == [
        "DOCUMENTO DE DEMOSTRACIÓN, SIN VALOR OFICIAL",
        "Emblema: un sol que nace sobre un libro abierto",
        "República del Perú Ministerio de Educación",
        "CONSTANCIA DE LOGROS DE APRENDIZAJE",
        "Educación Básica Regular",
        "Nivel: Secundaria",
        "CÓDIGO VIRTUAL 9 9 S 0, Q R 6 Y, D 4 0 R",
        "Código QR que abre la verificación de esta constancia en https://cla.example/validate",
        "El Ministerio de Educación del Perú deja constancia de que ANA LUCÍA QUISPE ÑAHUI con DNI número "
        "0 0 0 0 0 0 0 1, registra los calificativos que siguen en el nivel Secundaria de la "
        "Educación Básica Regular, según las actas de evaluación.",
    ]


def test_headings_lead_through_levels_tables_and_closing() -> None:
    headings = [
        (one.role, one.said)
        for page in heard_of("fourteen_years_of_school")
        for one in page.walk()
        if one.role in ("H1", "H2", "H3")
    ]
    assert headings == [
        ("H1", "CONSTANCIA DE LOGROS DE APRENDIZAJE"),
        ("H2", "Educación Inicial"),
        ("H3", "Años 2013 a 2015: un calificativo por área curricular"),
        ("H3", "Instituciones educativas"),
        ("H3", "Observaciones"),
        ("H2", "Educación Primaria"),
        ("H3", "Años 2016 a 2019: un calificativo por área curricular"),
        ("H3", "Años 2020 a 2021: un calificativo por competencia"),
        ("H3", "Instituciones educativas"),
        ("H3", "Observaciones"),
        ("H2", "Educación Secundaria"),
        ("H3", "Años 2022 a 2026: un calificativo por competencia"),
        ("H3", "Instituciones educativas"),
        ("H3", "Observaciones"),
        ("H2", "Cómo leer los calificativos"),
        ("H2", "Cómo verificar esta constancia"),
        ("H2", "Emisión y sello digital"),
    ]


def test_a_table_says_grades_and_codes_in_words() -> None:
    assert rows(heard_of("one_year"))[:3] == [
        ["Año lectivo", "2017", *["no cursado"] * 4],
        ["Grado", "primer grado", "segundo grado", "tercer grado", "cuarto grado", "quinto grado"],
        ["Código modular-anexo", "0 1 2 3 4 5 6, anexo 0", *["no cursado"] * 4],
    ]


def test_marks_and_their_absence_are_said_in_words() -> None:
    results = (
        a_result("Matemática", "AD", scale=Scale.LITERAL),
        a_result("Educación Religiosa", "EXO", scale=Scale.EXEMPT),
    )
    years = (
        a_school_year(2018, "1", results=results),
        a_school_year(2019, "2", results=results[1:], final_situation=None),
    )
    content = a_content(levels=(a_level_record(years=years),))
    not_studied = ["no cursado"] * 3
    assert rows(heard(a_certificate(content=content)))[4:] == [
        ["Matemática", "A D, logro destacado", "sin calificativo", *not_studied],
        ["Educación Religiosa", "exonerado del área", "exonerado del área", *not_studied],
        ["Situación final", "APROBADO", "no indicada", *not_studied],
    ]


def test_columns_are_headed_by_year_and_grade_and_rows_by_their_names() -> None:
    [page] = heard_of("one_year")
    for row in page.all("TR"):
        assert row.children[0].role == "TH"
    assert all("Scope" in cell.attributes for cell in page.all("TH"))
    assert [[cell.role for cell in row.children[1:]] for row in page.all("TR")[:3]] == [
        ["TH"] * 5,
        ["TH"] * 5,
        ["TD"] * 5,
    ]
    assert all("Summary" in table.attributes for table in page.all("Table"))


@pytest.mark.parametrize("name", CERTIFICATES)
def test_names_and_situations_are_heard_word_by_word_however_many_lines_they_take(name: str) -> None:
    heads = {one.said for one in all_of(heard_of(name), "TH")}
    cells = {one.said for one in all_of(heard_of(name), "TD")}
    for record in CERTIFICATES[name].content.levels:
        for table in tables_of(record):
            rows_of = [row for group in table.groups for row in group.rows]
            names = {
                " ".join(text.split()) for row in rows_of for text in (row.area, row.competencia) if text
            }
            assert {composed(each) for each in names} <= heads
            assert {each for each in table.final_situations if each != NO_MARK} <= cells


def test_an_area_with_a_mark_of_its_own_heads_its_competencias_too() -> None:
    area = "Área nueva 0 de la Institución"
    heads = [cell for cell in all_of(heard_of("unknown_areas"), "TH") if cell.said == area]
    assert ["RowSpan" in head.attributes for head in heads] == [True]
    told = [row for row in rows(heard_of("unknown_areas")) if area in row]
    assert [row[:2] for row in told] == [[area, "Calificativo del área"]]


@pytest.mark.parametrize("name", CERTIFICATES)
def test_that_a_table_goes_on_is_seen_and_not_heard(name: str) -> None:
    told = [one.said for page in heard_of(name) for one in page.walk()]
    assert [said for said in told if f"({texts.CONTINUED})" in said] == []
    headings = [one.said for one in all_of(heard_of(name), "H3") if one.said.startswith("Año")]
    assert len(headings) == len(all_of(heard_of(name), "THead"))


def test_an_address_that_is_broken_between_lines_is_heard_whole() -> None:
    base = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/production"
    certificate = a_certificate()
    pages = listen(draw(certificate, verification_url(base, certificate.code, TOKEN), APPEARANCE).data)

    assert any(f"{base}/validate" in one.said for one in all_of(pages, "P"))


@pytest.mark.parametrize("name", CERTIFICATES)
def test_nobody_hears_a_bare_dash(name: str) -> None:
    cells = all_of(heard_of(name), "TD") + all_of(heard_of(name), "TH")
    assert cells
    assert [cell for cell in cells if cell.said == NO_MARK] == []


@pytest.mark.parametrize("name", CERTIFICATES)
def test_figures_tell_what_they_show_and_where_they_stand(name: str) -> None:
    figures = all_of(heard_of(name), "Figure")
    assert len(figures) == 2
    assert all(figure.said and "BBox" in figure.attributes for figure in figures)


def test_names_in_quechua_and_aimara_are_spoken_in_their_language() -> None:
    every = [one for page in heard_of("native_languages") for one in page.walk()]
    spoken = {(one.said, one.language) for one in every if one.language}
    assert spoken == {
        ("Aymar aru", "ay-PE"),
        ("Runasimi", "qu-PE"),
        ("Rimay", "qu-PE"),
        ("Qillqay", "qu-PE"),
    }


def test_everything_else_is_spoken_in_spanish() -> None:
    assert [one.said for page in heard_of("unknown_areas") for one in page.walk() if one.language] == []


def test_a_demonstration_is_told_first_and_once() -> None:
    told = [one.said for page in heard_of("eleven_years") for one in page.walk()]
    assert told[1] == "DOCUMENTO DE DEMOSTRACIÓN, SIN VALOR OFICIAL"
    assert told.count(told[1]) == 1


def test_a_real_certificate_says_nothing_of_demonstrations() -> None:
    real = SealAppearance("Ministerio de Educación", demo=False, reserved=3000)
    [page] = heard(a_certificate(), real)
    assert page.children[0].role == "Figure"
    assert "DEMOSTRACIÓN" not in page.said.upper()
    assert "Sello digital de Ministerio de Educación." in page.said


def test_observations_are_a_list_and_their_absence_is_a_sentence() -> None:
    assert len(all_of(heard_of("long_observations"), "LI")) == 40 + 1
    assert "Sin observaciones." in [one.said for one in all_of(heard_of("one_year"), "P")]


def test_the_number_of_the_document_is_told_digit_by_digit() -> None:
    sentence = next(one.said for one in all_of(heard_of("one_year"), "P") if "deja constancia" in one.said)
    assert " ".join(STUDENT_DNI.number) in sentence

"""Certificates as long and as odd as they come, with the areas and competencias of `curriculum.json`.

`CERTIFICATES` names them; what the document must hold, it must hold for each.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from importlib import resources
from typing import Any

from constancia.domain.certificate import Certificate
from constancia.domain.content import CertificateContent, Holder, LevelRecord, SchoolYear
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.school import Level, ObservationKind, Result, ResultKind, Scale, School
from constancia.domain.tables import FIRST_YEAR_BY_COMPETENCIA
from tests.builders import STUDENT_DNI, a_certificate, a_content, a_school_year, an_observation

_DATA = json.loads(resources.files("constancia").joinpath("data/curriculum.json").read_text("utf-8"))
_CNEB, _DCN = (
    {name: entry["areas"] for name, entry in item["levels"].items()} for item in _DATA["curricula"]
)
_NAMES = {Level.INICIAL: "inicial_ciclo_II", Level.PRIMARIA: "primaria", Level.SECUNDARIA: "secundaria"}
_LITERAL = ("A", "AD", "B", "A", "C", "A")
TRANSVERSAL = "Competencias transversales"


def school(number: int) -> School:
    """One of many schools."""
    names = ("EL SOL NACIENTE", "INCA GARCILASO DE LA VEGA", "SEÑOR DE LOS MILAGROS", "N.º 32004 SAN PEDRO")
    return School(f"{number:07}", str(number % 3), f"IE {number:05} {names[number % 4]}", None)


def a_year(level: Level, year: int, grade: str, at: School | None = None, **changes: Any) -> SchoolYear:
    """A year with every area that its level had, and marks that differ from each other."""
    exact = Scale.VIGESIMAL if level is Level.SECUNDARIA and year < 2019 else Scale.LITERAL
    units: list[tuple[ResultKind, str, str | None]] = []
    if year < FIRST_YEAR_BY_COMPETENCIA:
        units += [(ResultKind.AREA, area["name"], None) for area in _DCN[_NAMES[level]]]
        units.append((ResultKind.WORKSHOP, "Taller de Danza", None))
    else:
        for area in _CNEB[_NAMES[level]]:
            for number in area["competencias"]:
                units.append((ResultKind.AREA, area["name"], _DATA["competencias"][str(number)]))
        units += [(ResultKind.TRANSVERSAL, TRANSVERSAL, _DATA["competencias"][key]) for key in ("28", "29")]
    results = tuple(
        _exempt(*unit)
        if unit[1] == "Educación Religiosa" and year % 5 == 0
        else Result(*unit, f"{8 + (place + year) % 13:02}", exact)
        if exact is Scale.VIGESIMAL
        else Result(*unit, _LITERAL[(place + year) % 6], exact)
        for place, unit in enumerate(units)
    )
    situation = "APROBADO" if year < 2020 else "PROMOCIÓN GUIADA" if year < 2022 else "PROMOVIDO"
    return a_school_year(
        year,
        grade,
        **{"school": at or school(1), "final_situation": situation, "results": results, **changes},
    )


def _exempt(kind: ResultKind, area: str, competencia: str | None) -> Result:
    return Result(kind, area, competencia, "EXO", Scale.EXEMPT)


def a_record(level: Level, first: int, grades: Iterable[str], **changes: Any) -> LevelRecord:
    """One grade after the other, from a first year on."""
    years = tuple(a_year(level, first + place, grade) for place, grade in enumerate(grades))
    return replace(LevelRecord(level, years, ()), **changes)


def of(*records: LevelRecord, **changes: Any) -> CertificateContent:
    """The content with these levels."""
    return a_content(levels=records, **changes)


def eleven_years() -> CertificateContent:
    """The reference: primaria and secundaria, one mark an area and then one a competencia."""
    return of(a_record(Level.PRIMARIA, 2013, "123456"), a_record(Level.SECUNDARIA, 2019, "12345"))


def many_schools() -> CertificateContent:
    """A new school every year, with the longest of names."""
    years = tuple(
        a_year(
            Level.PRIMARIA,
            2014 + place,
            grade,
            replace(school(place), name=f"{school(place).name} {'DE LA SANTÍSIMA TRINIDAD ' * 6}"),
        )
        for place, grade in enumerate("123456")
    )
    return of(LevelRecord(Level.PRIMARIA, years, ()))


def long_observations() -> CertificateContent:
    """More observations, and longer ones, than a page holds."""
    observations = tuple(
        an_observation(
            year=2013 + place % 10,
            level=Level.PRIMARIA,
            kind=tuple(ObservationKind)[2 + place % 2],
            resolution=f"RD N.º {place:04}-2018-UGEL 05",
            reason="Convalidación de estudios cursados en el extranjero, " * (place % 6 + 1),
        )
        for place in range(40)
    )
    return of(a_record(Level.PRIMARIA, 2015, "123456", observations=observations))


def unknown_areas() -> CertificateContent:
    """Areas, competencias, grades and situations that no list of ours has."""
    odd = tuple(
        Result(kind, f"Área nueva {number} de la Institución", competencia, "A", Scale.LITERAL)
        for number, kind in enumerate((ResultKind.AREA, ResultKind.AREA, ResultKind.WORKSHOP))
        for competencia in ("Competencia nueva uno", "Otrísima " * 30, None)
    )
    year = a_year(Level.SECUNDARIA, 2022, "1")
    late = a_year(
        Level.SECUNDARIA, 2023, "ÚNICO", final_situation="REQUIERE RECUPERACIÓN PEDAGÓGICA", results=odd
    )
    return of(LevelRecord(Level.SECUNDARIA, (replace(year, results=year.results + odd), late), ()))


def native_languages() -> CertificateContent:
    """Areas and competencias that have their names in Aimara and in Quechua."""
    aimara = Result(ResultKind.AREA, "Aymar aru", None, "A", Scale.LITERAL)
    quechua = tuple(
        Result(ResultKind.AREA, "Runasimi", name, "AD", Scale.LITERAL) for name in ("Rimay", "Qillqay")
    )
    by_area, by_competencia = a_year(Level.PRIMARIA, 2019, "1"), a_year(Level.PRIMARIA, 2020, "2")
    years = (
        replace(by_area, results=(*by_area.results, aimara)),
        replace(by_competencia, results=(*by_competencia.results, *quechua)),
    )
    return of(LevelRecord(Level.PRIMARIA, years, ()))


def an_area_taller_than_a_page() -> CertificateContent:
    """One area with two hundred competencias: it has to be divided."""
    results = tuple(
        Result(ResultKind.AREA, "Área sin fin", f"Competencia número {number}", "AD", Scale.LITERAL)
        for number in range(200)
    )
    return of(LevelRecord(Level.SECUNDARIA, (a_year(Level.SECUNDARIA, 2024, "1", results=results),), ()))


def repeated_grades() -> CertificateContent:
    """Second grade twice, fourth three times, the last again with a change of school within the year."""
    situations = dict.fromkeys((2015, 2018, 2019), "DESAPROBADO")
    grades = (
        (2014, "1"),
        (2015, "2"),
        (2016, "2"),
        (2017, "3"),
        (2018, "4"),
        (2019, "4"),
        (2020, "4"),
        (2021, "5"),
        (2022, "6"),
    )
    years = tuple(
        a_year(
            Level.PRIMARIA, year, grade, school(year % 5), final_situation=situations.get(year, "APROBADO")
        )
        for year, grade in grades
    )
    return of(LevelRecord(Level.PRIMARIA, years, ()))


def thirteen_years_of_one_level() -> CertificateContent:
    """More columns than fit side by side."""
    years = tuple(a_year(Level.PRIMARIA, 2007 + year, "123456"[year // 3]) for year in range(13))
    return of(LevelRecord(Level.PRIMARIA, years, ()))


def fourteen_years_of_school() -> CertificateContent:
    """All three levels in one document."""
    return of(
        a_record(Level.INICIAL, 2013, "345"),
        a_record(Level.PRIMARIA, 2016, "123456"),
        a_record(Level.SECUNDARIA, 2022, "12345", observations=(an_observation(),)),
    )


def a_long_name() -> CertificateContent:
    """The longest of names, with all that names have: ñ, apostrophe, hyphen, accents, double spaces."""
    name = PersonName(
        "MARÍA DE LOS ÁNGELES  GUADALUPE  DEL ROSARIO",
        "D'ANGELO-ÑAÑAQUE DE LA PIEDRA",
        "PÉREZ-GÜERE  VDA. DE O’HIGGINS",
    )
    return a_content(levels=(a_record(Level.SECUNDARIA, 2017, "12345"),), holder=Holder(name, STUDENT_DNI))


def a_foreigner() -> CertificateContent:
    """A carnet de extranjería, one surname, an accent that came decomposed."""
    holder = Holder(
        PersonName("CHLOE\u0301 ŠÁRKA", "NOVÁKOVÁ", None), IdentityDocument(DocumentType.CE, "X00000009")
    )
    return a_content(levels=(a_record(Level.PRIMARIA, 2020, "12"),), holder=holder)


CERTIFICATES: dict[str, Certificate] = {
    make.__name__: a_certificate(content=make())
    for make in (
        eleven_years,
        repeated_grades,
        thirteen_years_of_one_level,
        fourteen_years_of_school,
        many_schools,
        long_observations,
        unknown_areas,
        native_languages,
        an_area_taller_than_a_page,
        a_long_name,
        a_foreigner,
    )
} | {
    "one_year": a_certificate(),
    "inicial": a_certificate(content=of(a_record(Level.INICIAL, 2018, "345"))),
    "secundaria_of_both_eras": a_certificate(content=of(a_record(Level.SECUNDARIA, 2018, "12345"))),
    "a_year_without_marks": a_certificate(
        content=of(LevelRecord(Level.PRIMARIA, (a_school_year(results=(), final_situation="RETIRADO"),), ()))
    ),
}

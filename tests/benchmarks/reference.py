"""The reference certificate: two pages, eleven years of school, 335 marks.

All of primaria and secundaria by competencia, so that every year has as many marks as a year can have: six
with 30 and five with 31. Names of competencias are cut to a line, so that all of it stands on two pages. Each
number is another person with other marks: a cache that only knows the last certificate gains nothing by it.
"""

from dataclasses import replace

from constancia.domain.certificate import Certificate
from constancia.domain.content import CertificateContent, Holder, LevelRecord, SchoolYear
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.links import verification_url
from constancia.domain.school import Level
from constancia.domain.virtual_code import VirtualCode
from tests.builders import CODE, OTHER_CODE, a_certificate, a_content
from tests.school_records import a_year, school

PAGES, YEARS, MARKS = 2, 11, 335
BASE_URL = "https://micertificado.example"

_LONGEST_NAME = 38
_GIVEN = (
    "MARÍA DEL CARMEN",
    "JUAN DIEGO",
    "ROSA ÑUSTA",
    "WAYRA",
    "JOSÉ LUIS",
    "LUZ MARINA",
    "ANDRÉS",
    "KILLA",
)
_SURNAMES = ("QUISPE", "ÑAHUI", "HUAMÁN", "MAMANI", "ROJAS", "CCOPA", "PÉREZ", "D'ANGELO", "YUPANQUI")
_LITERAL = ("A", "AD", "B", "A", "C", "A", "B")


def certificate(number: int = 0) -> Certificate:
    """One of many reference certificates."""
    return a_certificate(
        code=(CODE, OTHER_CODE)[number % 2], number=f"2026-{number:08}", content=_content(number)
    )


def address(of: Certificate, number: int = 0) -> str:
    """The address in its QR, with a token of its own."""
    return verification_url(BASE_URL, VirtualCode(of.code), f"{number:022}")


def _content(number: int) -> CertificateContent:
    pick = _SURNAMES[number % len(_SURNAMES)], _SURNAMES[(number // 3 + 4) % len(_SURNAMES)]
    name = PersonName(_GIVEN[number % len(_GIVEN)], *pick)
    holder = Holder(name, IdentityDocument(DocumentType.DNI, f"{number:08}"))
    levels = (
        _record(Level.PRIMARIA, 2020, "123456", number),
        _record(Level.SECUNDARIA, 2026, "12345", number),
    )
    return a_content(levels=levels, holder=holder)


def _record(level: Level, first: int, grades: str, number: int) -> LevelRecord:
    at = school(number % 10_000)
    years = (_year(level, first + place, grade, number) for place, grade in enumerate(grades))
    return LevelRecord(level, tuple(replace(year, school=at) for year in years), ())


def _year(level: Level, year: int, grade: str, number: int) -> SchoolYear:
    full = a_year(level, year, grade)
    results = tuple(
        result
        if result.mark == "EXO"
        else replace(
            result, competencia=_cut(result.competencia or ""), mark=_LITERAL[(place + year + number) % 7]
        )
        for place, result in enumerate(full.results)
    )
    return replace(
        full,
        final_situation="PROMOVIDO",
        results=tuple(replace(r, competencia=_cut(r.competencia or "")) for r in results),
    )


def _cut(name: str) -> str:
    """The first words of a name, as many as stand on a line."""
    while len(name) > _LONGEST_NAME:
        name = name.rpartition(" ")[0]
    return name

"""Whether what the registries say can be true: of one person, and of years at school.

Only what contradicts itself is doubted. Spellings differ between registries, and schools close their books in
many ways.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from constancia.domain.identity import PersonName, shares_a_word
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import ActaState, Enrolment, Trajectory

_SITUATIONS_BY_MARKS: Final = frozenset(
    {"APROBADO", "DESAPROBADO", "PROMOVIDO", "PROMOCIÓN GUIADA", "REQUIERE RECUPERACIÓN", "PERMANECE"}
)
"""Final situations that follow from marks; who withdrew has none."""


def of_one_person(record: CivilRecord | ForeignRecord, trajectory: Trajectory) -> bool:
    """The same birth date, where both have one, and at least one word of the name in common."""
    if isinstance(record, CivilRecord) and record.birth_date != trajectory.birth_date:
        return False
    return shares_a_word(_whole(record.name), _whole(trajectory.name))


def can_be_true(years: Iterable[Enrolment], birth_date: date, today: date) -> bool:
    """No closed year before the birth or to come, none given twice, none passed without a mark.

    A grade in two schools of one year is two years; so is a repeated grade.
    """
    closed = [one for one in years if one.acta is ActaState.APPROVED]
    places = {(one.year, one.level, one.grade, one.school.printed_code) for one in closed}
    return (
        len(places) == len(closed)
        and all(birth_date.year <= one.year <= today.year for one in closed)
        and all(_is_marked(one) for one in closed)
    )


def _is_marked(year: Enrolment) -> bool:
    rows = {(one.kind, one.area, one.competencia): one.mark for one in year.results}
    contradicted = any(rows[one.kind, one.area, one.competencia] != one.mark for one in year.results)
    return not contradicted and bool(rows or year.final_situation not in _SITUATIONS_BY_MARKS)


def _whole(name: PersonName) -> str:
    return " ".join(filter(None, (name.given, name.paternal, name.maternal)))

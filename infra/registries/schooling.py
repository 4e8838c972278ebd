"""A student's years at school, marked by the curriculum and the scale of each year.

Everything that is a fact about Peru's education comes from the package's `data/curriculum.json`; what is
chance comes from the seed that the caller gives.
"""
# ruff: noqa: S311

import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from constancia.domain.school import (
    ActaState,
    Enrolment,
    Level,
    Modality,
    Result,
    ResultKind,
    Scale,
)
from infra.registries.schools import NativeLanguage, Site

FIRST_RECORDED_YEAR: Final = 2008
"""SIAGIE's first; what came before is on paper."""
FIRST_YEAR_BY_COMPETENCIA: Final = 2020
TRANSVERSAL_AREA: Final = "Competencias transversales"

# When the curriculum of 2016 replaced that of 2009 ('used_from' in curriculum.json; schools differed).
_CNEB_FROM: Final = {Level.INICIAL: 2018, Level.PRIMARIA: 2018, Level.SECUNDARIA: 2019}
_LAST_GRADE: Final = {Level.INICIAL: 5, Level.PRIMARIA: 6, Level.SECUNDARIA: 5}
_CUNA: Final = 3
_LITERAL: Final = ("C", "B", "A", "AD")
_PASS: Final = 11


class Outcome(StrEnum):
    """How a year ended."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"
    POSTPONED = "POSTPONED"
    RECOVERY = "RECOVERY"
    DIED = "DIED"
    OPEN = "OPEN"
    UNDER_REVIEW = "UNDER_REVIEW"
    UNDER_RECTIFICATION = "UNDER_RECTIFICATION"


_REPEATED: Final = frozenset({Outcome.FAILED, Outcome.WITHDRAWN, Outcome.POSTPONED})
_UNMARKED: Final = frozenset({Outcome.WITHDRAWN, Outcome.POSTPONED, Outcome.DIED, Outcome.OPEN})
_ACTAS: Final = {
    Outcome.OPEN: ActaState.OPEN,
    Outcome.UNDER_REVIEW: ActaState.UNDER_REVIEW,
    Outcome.UNDER_RECTIFICATION: ActaState.UNDER_RECTIFICATION,
}
_NATIVE_AREAS: Final = {
    NativeLanguage.QUECHUA: ("Runasimi", ("Rimay", "Ñawinchay", "Qillqay")),
    NativeLanguage.AIMARA: ("Aymar aru", ("Aruskipaña", "Ullaña", "Qillqaña")),
}
"""The area of the school's own language, and its competencias: speaking, reading, writing."""
_FIXED_SITUATIONS: Final = {
    Outcome.WITHDRAWN: "RETIRADO",
    Outcome.POSTPONED: "POSTERGA EVALUACIÓN",
    Outcome.RECOVERY: "REQUIERE RECUPERACIÓN",
    Outcome.DIED: "FALLECIDO",
    Outcome.OPEN: "MATRICULADO",
}


@dataclass(frozen=True, slots=True)
class YearPlan:
    """One year before it is marked. In inicial the grade is the age in years."""

    year: int
    level: Level
    grade: int
    site: Site
    outcome: Outcome = Outcome.PASSED
    exempt: frozenset[str] = field(default=frozenset())
    """Areas from which the student is exempt (exonerado)."""


def first_grade_year(birth: date) -> int:
    """The year of the first grade of primaria: six years of age on 31 March."""
    return birth.year + 6 + ((birth.month, birth.day) > (3, 31))


def course(
    birth: date,
    today: date,
    site_in: Callable[[int], Site],
    *,
    outcome_in: Callable[[YearPlan], Outcome] = lambda _: Outcome.PASSED,
    first_age: int = 3,
) -> tuple[YearPlan, ...]:
    """Walk through school from inicial to the end of secundaria, or to this year, which is open.

    `outcome_in` tells how a year that is planned as passed ends instead: who fails, withdraws or postpones
    repeats the grade, who dies leaves. Years before SIAGIE's first are walked but not given.
    """
    plans = []
    year = first_grade_year(birth) - 6 + first_age
    place: tuple[Level, int] | None = (Level.INICIAL, first_age)
    while year <= today.year and place is not None:
        plan = YearPlan(year, *place, site_in(year))
        plan = replace(plan, outcome=Outcome.OPEN if year == today.year else outcome_in(plan))
        if year >= FIRST_RECORDED_YEAR:
            plans.append(plan)
        if plan.outcome is Outcome.DIED:
            break
        place = place if plan.outcome in _REPEATED else _next_grade(*place)
        year += 1
    return tuple(plans)


def _next_grade(level: Level, grade: int) -> tuple[Level, int] | None:
    if grade < _LAST_GRADE[level]:
        return level, grade + 1
    return {Level.INICIAL: (Level.PRIMARIA, 1), Level.PRIMARIA: (Level.SECUNDARIA, 1)}.get(level)


def can_fail(year: int, level: Level, grade: int) -> bool:
    """Nobody repeats inicial or the first grade; 2020 to 2022 promoted everybody (promoción guiada)."""
    return level is not Level.INICIAL and (level, grade) != (Level.PRIMARIA, 1) and not 2020 <= year <= 2022


def enrolments(plans: Iterable[YearPlan], seed: str) -> tuple[Enrolment, ...]:
    """Mark every year; the same seed gives the same marks."""
    ability = random.Random(f"{seed}/ability").gauss(0.62, 0.13)
    return tuple(
        _enrolment(plan, ability, random.Random(f"{seed}/{plan.year}/{plan.grade}")) for plan in plans
    )


def scale_of(year: int, level: Level, grade: int) -> Scale:
    """The scale that marks are given in (curriculum.json, scale_rules)."""
    if level is not Level.SECUNDARIA:
        return Scale.LITERAL
    rule = next(rule for rule in _facts()["scale_rules"] if rule["level"] == "secundaria")
    literal_from: int = rule["literal_from_year_by_grade"][str(grade)]
    return Scale.LITERAL if year >= literal_from else Scale.VIGESIMAL


def exonerable_areas(level: Level) -> frozenset[str]:
    """Areas from which a student of a level may be exempt."""
    return frozenset(area["name"] for area in _areas("CNEB", level, _CUNA) if area.get("exonerable"))


def _enrolment(plan: YearPlan, ability: float, rng: random.Random) -> Enrolment:
    marked = plan.outcome not in _UNMARKED
    return Enrolment(
        year=plan.year,
        modality=Modality.EBR,
        level=plan.level,
        grade=str(plan.grade),
        school=plan.site.at(plan.level),
        acta=_ACTAS.get(plan.outcome, ActaState.APPROVED),
        final_situation=_situation(plan),
        results=tuple(_results(plan, ability, rng)) if marked else (),
    )


def _situation(plan: YearPlan) -> str:
    if plan.outcome in _FIXED_SITUATIONS:
        return _FIXED_SITUATIONS[plan.outcome]
    passed, failed = (
        ("PROMOVIDO", "PROMOCIÓN GUIADA") if 2020 <= plan.year <= 2022 else ("APROBADO", "DESAPROBADO")
    )
    return failed if plan.outcome is Outcome.FAILED else passed


def _results(plan: YearPlan, ability: float, rng: random.Random) -> Iterator[Result]:
    rows = list(_rows(plan))
    areas = list(dict.fromkeys(area for kind, area, _ in rows if kind is ResultKind.AREA))
    failed = (
        frozenset(rng.sample(areas, min(4, len(areas)))) if plan.outcome is Outcome.FAILED else frozenset()
    )
    scale = scale_of(plan.year, plan.level, plan.grade)
    for kind, area, competencia in rows:
        if area in plan.exempt:
            yield Result(kind, area, competencia, "EXO", Scale.EXEMPT)
        else:
            mark = _mark(scale, ability, rng, failed=area in failed)
            yield Result(kind, area, competencia, mark, scale)


def _rows(plan: YearPlan) -> Iterator[tuple[ResultKind, str, str | None]]:
    """Every row of a year: areas to 2019, competencias from 2020, then transversales, then talleres."""
    facts = _facts()
    curriculum = "CNEB" if plan.year >= _CNEB_FROM[plan.level] else "DCN2009"
    by_competencia = plan.year >= FIRST_YEAR_BY_COMPETENCIA
    for area in _areas(curriculum, plan.level, plan.grade):
        if not _taught(area["name"], plan):
            continue
        if by_competencia:
            for number in area["competencias"]:
                yield ResultKind.AREA, area["name"], facts["competencias"][str(number)]
        else:
            yield ResultKind.AREA, area["name"], None
    if curriculum == "DCN2009" and plan.level is Level.SECUNDARIA:
        dcn = next(one for one in facts["curricula"] if one["id"] == "DCN2009")
        for extra in dcn["extra_rows"]["secundaria"]:
            yield ResultKind.AREA, extra, None
    yield from _native_rows(plan, by_competencia=by_competencia)
    if by_competencia and not (plan.level is Level.INICIAL and plan.grade < _CUNA):
        for number in facts["transversales"]:
            yield ResultKind.TRANSVERSAL, TRANSVERSAL_AREA, facts["competencias"][number]
    if plan.level is not Level.INICIAL:
        for workshop in plan.site.workshops:
            yield ResultKind.WORKSHOP, workshop, None


def _native_rows(plan: YearPlan, *, by_competencia: bool) -> Iterator[tuple[ResultKind, str, str | None]]:
    """The area of the school's own language, where it teaches in one."""
    if plan.site.native_language and plan.level is not Level.INICIAL:
        area, competencias = _NATIVE_AREAS[plan.site.native_language]
        for competencia in competencias if by_competencia else (None,):
            yield ResultKind.AREA, area, competencia


def _taught(area: str, plan: YearPlan) -> bool:
    if area == "Castellano como segunda lengua":
        return plan.site.second_language
    if area == "Inglés" and plan.level is Level.PRIMARIA:
        return plan.site.english_in_primaria
    return True


def _mark(scale: Scale, ability: float, rng: random.Random, *, failed: bool) -> str:
    score = min(max(rng.gauss(ability, 0.1), 0.0), 1.0)
    if scale is Scale.VIGESIMAL:
        mark = rng.randint(5, _PASS - 1) if failed else min(max(round(score * 20), _PASS), 20)
        return f"{mark:02d}"
    if failed:
        return "C"
    return _LITERAL[1 if score < 0.5 else 2 if score < 0.78 else 3]


def _areas(curriculum: str, level: Level, grade: int) -> list[dict[str, Any]]:
    name = level.casefold()
    if level is Level.INICIAL:
        name += "_ciclo_I" if grade < _CUNA else "_ciclo_II"
    entry = next(one for one in _facts()["curricula"] if one["id"] == curriculum)
    areas: list[dict[str, Any]] = entry["levels"][name]["areas"]
    return areas


@cache
def _facts() -> dict[str, Any]:
    text = resources.files("constancia").joinpath("data/curriculum.json").read_text("utf-8")
    facts: dict[str, Any] = json.loads(text)
    return facts

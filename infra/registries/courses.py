"""What happens to the pupils of the population: years repeated or withdrawn, moves, exonerations.

A course is drawn when it is asked for, from the pupil's own seed: the same pupil always has the same one.
"""
# ruff: noqa: S311

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from constancia.domain.identity import IdentityDocument, PersonName
from constancia.domain.school import Level, Observation, ObservationKind, Relative, Trajectory
from infra.registries.people import student_code
from infra.registries.schooling import (
    Outcome,
    YearPlan,
    can_fail,
    course,
    enrolments,
    exonerable_areas,
    first_grade_year,
)
from infra.registries.schools import SITES_PER_DISTRICT, Site, site

_SCHOOL_YEARS = 24
"""More than anybody spends at school, from the cuna on."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """Someone who goes, or went, to school."""

    document: IdentityDocument
    name: PersonName
    birth_date: date = field(repr=False)
    district: str
    """INEI code of the family's district."""
    relatives: tuple[Relative, ...] = field(repr=False)
    died: date | None = field(repr=False)
    arrived: int | None
    """The first year at a Peruvian school of who came from abroad."""


def trajectory(pupil: Pupil, today: date, seed: str) -> Trajectory | None:
    """All that SIAGIE has of a pupil; none when all their years were before its first, or still to come."""
    rng = random.Random(f"{seed}/course/{pupil.document.number}")
    sites = _sites(pupil, rng)
    plans = course(
        pupil.birth_date,
        today,
        lambda year: sites[year],
        outcome_in=lambda plan: _outcome(plan, pupil, today, rng),
        first_age=rng.choices((0, 1, 2, 3, 4, 5), (2, 3, 5, 70, 12, 8))[0],
    )
    leaves = rng.randint(6, 11) if rng.random() < 0.04 else None
    exempt = exonerable_areas(Level.SECUNDARIA) if rng.random() < 0.02 else frozenset()
    if rng.random() < 0.08:
        exempt = frozenset({"Educación Religiosa"})
    attended = [
        replace(plan, exempt=exempt if plan.level is not Level.INICIAL else frozenset())
        for number, plan in enumerate(plans)
        if (pupil.arrived is None or plan.year >= pupil.arrived) and (leaves is None or number < leaves)
    ]
    if not attended:
        return None
    return Trajectory(
        student_code=student_code(pupil.document),
        document=pupil.document,
        name=pupil.name,
        birth_date=pupil.birth_date,
        relatives=pupil.relatives,
        enrolments=enrolments(attended, f"{seed}/{pupil.document.number}"),
        observations=_observations(attended, pupil, rng),
    )


def _sites(pupil: Pupil, rng: random.Random) -> dict[int, Site]:
    """The school of every year: most stay, some change school, few change district with it."""
    start = first_grade_year(pupil.birth_date) - 6
    district, number = pupil.district, rng.randrange(SITES_PER_DISTRICT)
    sites = {}
    for year in range(start, start + _SCHOOL_YEARS):
        if rng.random() < 0.07:
            number += rng.randrange(1, SITES_PER_DISTRICT)
        if rng.random() < 0.015:
            district = rng.choice(("150132", "150103", "040110", "211101", "160101"))
        sites[year] = site(district, number)
    return sites


def _outcome(plan: YearPlan, pupil: Pupil, today: date, rng: random.Random) -> Outcome:
    draw = rng.random()
    if pupil.died is not None and plan.year == pupil.died.year:
        return Outcome.DIED
    if plan.year == today.year - 1:
        for outcome, share in (
            (Outcome.UNDER_REVIEW, 0.006),
            (Outcome.UNDER_RECTIFICATION, 0.004),
            (Outcome.RECOVERY, 0.006),
        ):
            if draw < share:
                return outcome
            draw -= share
    if draw < 0.012:
        return Outcome.WITHDRAWN
    if draw < 0.014:
        return Outcome.POSTPONED
    if draw < 0.05 and can_fail(plan.year, plan.level, plan.grade):
        return Outcome.FAILED
    return Outcome.PASSED


def _observations(plans: Sequence[YearPlan], pupil: Pupil, rng: random.Random) -> tuple[Observation, ...]:
    lines = []
    for before, plan in zip([None, *plans], plans, strict=False):
        if before is None and pupil.arrived is not None:
            lines.append(
                (plan, ObservationKind.EQUIVALENCE, "Convalidación de estudios realizados en el extranjero")
            )
            if rng.random() < 0.3:
                lines.append((plan, ObservationKind.PLACEMENT_TEST, "Prueba de ubicación"))
        if before is not None and before.site != plan.site and before.level is plan.level:
            lines.append((plan, ObservationKind.TRANSFER, "Traslado por cambio de institución educativa"))
        if plan.outcome is Outcome.WITHDRAWN:
            lines.append((plan, ObservationKind.WITHDRAWAL, "Retiro por inasistencia injustificada"))
    return tuple(
        Observation(plan.year, plan.level, kind, f"RD {rng.randint(1, 399):04d}-{plan.year}", reason)
        for plan, kind, reason in lines
    )

"""The invented population: always the same, plausible, and with everything that schools have."""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache

import msgspec
import pytest

from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.languages import language_of
from constancia.domain.places import districts, same_domicile
from constancia.domain.school import (
    ActaState,
    Enrolment,
    Kinship,
    Level,
    ObservationKind,
    ResultKind,
    Scale,
    Trajectory,
)
from infra.registries import names
from infra.registries.people import Citizen
from infra.registries.population import LARGEST, Population
from infra.registries.scenarios import roll_of, scenarios

TODAY = date(2026, 11, 22)
PEOPLE = 3_000

LITERAL_FROM = {"1": 2019, "2": 2020, "3": 2021, "4": 2022, "5": 2023}
"""Year from which each grade of secundaria is marked with letters (curriculum.json, read by hand)."""


@cache
def population() -> Population:
    return Population(TODAY, PEOPLE)


@cache
def trajectories() -> Sequence[Trajectory]:
    found = (population().trajectory(document) for document in population().documents)
    return tuple(one for one in found if one)


@cache
def enrolments() -> Sequence[Enrolment]:
    return tuple(year for one in trajectories() for year in one.enrolments)


@cache
def citizens() -> Sequence[Citizen]:
    dnis = (one.number for one in population().documents if one.type is DocumentType.DNI)
    return tuple(found for dni in dnis if (found := population().citizen(dni)))


def digest_of(some: Population) -> str:
    people = [
        (some.citizen(one.number), some.foreigner(one.number), some.trajectory(one))
        for one in some.documents[:300]
    ]
    return hashlib.sha256(msgspec.json.encode(people)).hexdigest()


def test_it_has_the_size_asked_for() -> None:
    assert [len(Population(TODAY, size).documents) for size in (0, 1, 7, 1000)] == [0, 1, 7, 1000]
    with pytest.raises(ValueError, match="people"):
        Population(TODAY, LARGEST + 1)


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_it_is_the_same_in_every_process(hash_seed: str) -> None:
    code = (
        "from datetime import date; from tests.unit.registries.test_population import *;"
        "print(digest_of(Population(date(2026, 11, 22), 300)))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.strip() == digest_of(population())


def test_a_smaller_one_is_the_beginning_of_a_larger_one_and_another_seed_gives_others() -> None:
    small, other = Population(TODAY, 100), Population(TODAY, 100, seed="other")

    for document in small.documents[:90]:
        assert small.trajectory(document) == population().trajectory(document)
        assert small.citizen(document.number) == population().citizen(document.number)
    assert any(other.citizen(one.number) != small.citizen(one.number) for one in small.documents)


def test_ten_thousand_people_are_ready_at_once() -> None:
    start = time.process_time()
    Population(TODAY)

    assert time.process_time() - start < 2


def test_documents_lie_in_the_invented_block_apart_from_the_scenarios() -> None:
    last = Population(TODAY, 20_000).documents[-1]
    scenario_people = {document.number for one in scenarios(TODAY) for document in one.people.trajectories}

    assert all(one.number.startswith("99") for one in population().documents)
    assert not last.number.startswith("999")
    assert all(number.startswith("999") for number in scenario_people)


def test_every_document_answers_in_its_own_registry_only() -> None:
    for document in population().documents:
        is_citizen = document.type is DocumentType.DNI
        assert (population().citizen(document.number) is not None) == is_citizen
        assert (population().foreigner(document.number) is not None) != is_citizen


def test_names_are_written_as_registries_do() -> None:
    listed = (*names.WOMEN, *names.MEN, *names.COASTAL, *names.QUECHUA, *names.AYMARA, *names.AMAZONIAN)
    written = [one.record.name.full for one in citizens()]

    assert all(re.fullmatch(r"[A-ZÁÉÍÓÚÜÑÃÇ' -]+", name) for name in (*listed, *written))
    for feature in ("Ñ", "'", "-", "DE LA ", "Á", "QUISPE", "MAMANI"):
        assert any(feature in name for name in written), feature
    assert any("  " in one.record.name.given for one in citizens())
    assert any(one.record.name.maternal is None for one in citizens())
    assert len(set(written)) > 0.95 * len(written)


def test_families_agree_with_themselves() -> None:
    by_dni = {one.dni: one for one in citizens()}
    with_mother = [one for one in citizens() if one.mother_dni]

    for child in with_mother:
        mother = by_dni[child.mother_dni or ""]
        assert child.record.mother_given_names == mother.record.name.given
        assert 17 <= child.record.birth_date.year - mother.record.birth_date.year <= 39
        assert mother.record.name.paternal in (child.record.name.maternal, child.record.name.paternal)
    assert len(with_mother) > 0.3 * PEOPLE


def test_some_learn_in_quechua_and_some_in_aimara() -> None:
    areas = {result.area for one in trajectories() for year in one.enrolments for result in year.results}
    assert {language_of(area) for area in areas} == {"ay-PE", "qu-PE", None}


def test_some_have_one_registered_parent_or_none_and_some_a_guardian() -> None:
    parents = Counter(
        (one.record.father_given_names is not None) + (one.record.mother_given_names is not None)
        for one in citizens()
    )
    kinships = {relative.kinship for one in trajectories() for relative in one.relatives}

    assert parents[2] > parents[1] > parents[0] > 0
    assert kinships == set(Kinship)


def test_domiciles_are_real_districts_with_renecs_code() -> None:
    codes = {place.reniec for place in districts()}

    for one in citizens():
        domicile = one.record.domicile
        assert domicile.code is None or domicile.code in codes
        assert same_domicile(domicile.names, domicile)
    assert len({one.record.domicile.code for one in citizens()}) > 300


def test_nobody_dies_before_being_born_or_goes_to_school_afterwards() -> None:
    dead = [one.record for one in citizens() if one.record.death_date]

    assert dead
    for record in dead:
        assert record.death_date is not None
        assert record.birth_date < record.death_date < TODAY
        course = population().trajectory(record.document)
        years = [year.year for year in course.enrolments] if course else []
        assert max(years, default=0) <= record.death_date.year


def test_schools_have_codes_with_leading_zeros_for_each_level_and_real_districts() -> None:
    schools = {year.school for year in enrolments()}
    places = {place.inei for place in districts()}
    levels = {(year.school.modular_code, year.level) for year in enrolments()}

    assert all(re.fullmatch(r"0\d{6}", school.modular_code) for school in schools)
    assert {school.annex for school in schools} == {"0", "1"}
    assert all(school.district in places for school in schools)
    assert len(levels) == len({code for code, _ in levels})


def test_years_run_from_siagies_first_to_this_one() -> None:
    years = {year.year for year in enrolments()}

    assert years == set(range(2008, 2027))
    assert {year.acta for year in enrolments() if year.year == 2026} == {ActaState.OPEN}
    assert ActaState.OPEN not in {year.acta for year in enrolments() if year.year < 2026}


def test_there_is_one_year_after_the_other_and_one_grade_at_a_time() -> None:
    for one in trajectories():
        years = [year.year for year in one.enrolments]
        assert years == sorted(set(years))
        for before, after in zip(one.enrolments, one.enrolments[1:], strict=False):
            again = before.final_situation in {"DESAPROBADO", "RETIRADO", "POSTERGA EVALUACIÓN"}
            same = (before.level, before.grade) == (after.level, after.grade)
            assert same == again


def test_marks_are_in_the_scale_of_the_year_and_grade() -> None:
    for year in enrolments():
        vigesimal = year.level is Level.SECUNDARIA and year.year < LITERAL_FROM[year.grade]
        expected = Scale.VIGESIMAL if vigesimal else Scale.LITERAL
        assert {result.scale for result in year.results} <= {expected, Scale.EXEMPT}
        for result in year.results:
            pattern = {
                Scale.VIGESIMAL: r"0[0-9]|1[0-9]|20",
                Scale.LITERAL: r"AD|A|B|C",
                Scale.EXEMPT: "EXO",
            }
            assert re.fullmatch(pattern[result.scale], result.mark)


def test_marks_are_by_area_to_2019_and_by_competencia_from_2020() -> None:
    for year in enrolments():
        areas = [result for result in year.results if result.kind is ResultKind.AREA]
        assert all((result.competencia is not None) == (year.year >= 2020) for result in areas)
        rows = [(result.kind, result.area, result.competencia) for result in year.results]
        assert len(rows) == len(set(rows))


def test_closed_years_have_marks_unless_the_student_left() -> None:
    unmarked = {"RETIRADO", "FALLECIDO", "POSTERGA EVALUACIÓN", "MATRICULADO"}
    for year in enrolments():
        assert bool(year.results) == (year.final_situation not in unmarked)


def test_final_situations_are_those_of_their_time() -> None:
    ends = {year.final_situation for year in enrolments()}

    assert ends == {
        *("APROBADO", "DESAPROBADO", "PROMOVIDO", "RETIRADO", "FALLECIDO"),
        *("REQUIERE RECUPERACIÓN", "MATRICULADO", "POSTERGA EVALUACIÓN"),
    }
    assert {year.final_situation for year in enrolments() if 2020 <= year.year <= 2022} <= {
        *("PROMOVIDO", "RETIRADO", "FALLECIDO", "POSTERGA EVALUACIÓN"),
    }


def repeats(one: Trajectory) -> bool:
    grades = Counter((year.level, year.grade) for year in one.enrolments)
    return max(grades.values()) > 1


def changes_school(one: Trajectory) -> bool:
    schools = {(year.level, year.school.modular_code) for year in one.enrolments}
    return len(schools) > len({year.level for year in one.enrolments})


def has_mark(one: Trajectory, mark: str) -> bool:
    return any(result.mark == mark for year in one.enrolments for result in year.results)


def test_it_has_all_that_happens_at_school() -> None:
    all_ = trajectories()
    share = {
        "repeats a grade": sum(map(repeats, all_)),
        "changes school": sum(map(changes_school, all_)),
        "is exempt": sum(has_mark(one, "EXO") for one in all_),
        "left before 2013": sum(one.enrolments[-1].year < 2013 for one in all_),
        "still studies": sum(one.enrolments[-1].acta is ActaState.OPEN for one in all_),
        "is a foreigner": sum(one.document.type is DocumentType.CE for one in all_),
        "was in cuna": sum(
            one.enrolments[0].grade in "012" for one in all_ if one.enrolments[0].level is Level.INICIAL
        ),
    }
    kinds = {result.kind for year in enrolments() for result in year.results}
    observations = {line.kind for one in all_ for line in one.observations}
    actas = {year.acta for year in enrolments()}

    assert all(count >= 10 for count in share.values()), share
    assert len(all_) < PEOPLE, "some were at school before SIAGIE"
    assert (kinds, observations, actas) == (set(ResultKind), set(ObservationKind), set(ActaState))
    assert {"Castellano como segunda lengua", "Comportamiento", "Inglés"} <= {
        result.area for year in enrolments() for result in year.results
    }


def test_an_unknown_document_is_nobody() -> None:
    unknown = IdentityDocument(DocumentType.DNI, "00000000")

    assert population().citizen(unknown.number) is None
    assert population().foreigner("000000000") is None
    assert population().trajectory(unknown) is None
    assert roll_of(scenarios(TODAY))[0].trajectory(unknown) is None

"""Scenario people end as their names say, on any day, and show what they are made to show."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from constancia.domain.application import CitizenDeclaration, Declaration
from constancia.domain.content import CertificateContent
from constancia.domain.eligibility import Evidence, Policy, decide
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.languages import language_of
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import Level, Modality, ObservationKind, Scale
from infra.registries.cast import ISSUED, Scenario
from infra.registries.people import kinship
from infra.registries.scenarios import scenario, scenarios
from tests.contract.registries import application_of

TERMS = "2026-11"
POLICY = Policy(TERMS, 16, 18, 2013, frozenset({Modality.EBR}))
TODAY = date(2026, 11, 22)
DAYS = (TODAY, date(2027, 1, 2), date(2027, 4, 1), date(2028, 2, 29), date(2028, 12, 31), date(2031, 6, 8))
OFFERED = """
    adult sixteen minor-mother minor-father minor-guardian foreign-adult foreign-minor-mother single-parent
    name-enye name-apostrophe name-hyphen name-double-spaces before-2013 acta-under-review student-deceased
    applicant-deceased wrong-kinship adult-asked-by-parent fifteen-alone wrong-domicile wrong-parent-name
    level-not-studied no-results-yet repeated-grade school-changes inicial observations unknown-areas
    registry-slow registry-down registry-limit registry-nonsense another-record native-languages
"""


def record_of(declaration: Declaration, case: Scenario) -> CivilRecord | ForeignRecord | None:
    if isinstance(declaration, CitizenDeclaration):
        citizen = case.people.citizen(declaration.document.number)
        return citizen.record if citizen else None
    return case.people.foreigner(declaration.document.number)


def decided(case: Scenario, today: date) -> CertificateContent:
    """The content, straight from the people, without registries in between."""
    application = application_of(case.application(TERMS))
    student, applicant = application.student, application.applicant
    related = kinship(case.people, applicant.document.number, student.document.number) if applicant else None
    evidence = Evidence(
        student=record_of(student, case),
        applicant=record_of(applicant, case) if applicant else None,
        kinship=frozenset({related} if related else ()),
        trajectory=case.people.trajectory(student.document),
    )
    return decide(application, evidence, POLICY, today)


def content(name: str) -> CertificateContent:
    return decided(scenario(name, TODAY), TODAY)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_scenario_holds_on_any_day(today: date) -> None:
    for case in scenarios(today):
        if not case.faults:
            try:
                decided(case, today)
                outcome = ISSUED
            except DomainError as refusal:
                outcome = refusal.code.public.value
            assert (case.name, outcome) == (case.name, ISSUED if case.accepted else case.expected)


def test_all_that_was_asked_for_is_there_under_names_of_their_own() -> None:
    names = Counter(case.name for case in scenarios(TODAY))

    assert set(names) >= set(OFFERED.split())
    assert max(names.values()) == 1


def test_refusals_are_public_codes() -> None:
    for case in scenarios(TODAY):
        assert case.accepted or ErrorCode(case.expected).public == case.expected


def test_nobody_plays_in_two_scenarios() -> None:
    documents = Counter(
        number for case in scenarios(TODAY) for number in (*case.people.citizens, *case.people.foreigners)
    )

    assert max(documents.values()) == 1


def test_bodies_have_the_shape_of_the_api() -> None:
    for case in scenarios(TODAY):
        body = case.application(TERMS)
        assert list(body) == ["student", "applicant", "modality", "level", "contact", "reason", "terms"]
        assert body["terms"] == {"accepted": True, "version": TERMS}
        assert body == json.loads(json.dumps(body))
        for person in filter(None, (body["student"], body["applicant"])):
            assert set(person) == keys_of(person, is_student=person is body["student"])


def keys_of(person: dict[str, Any], *, is_student: bool) -> set[str]:
    if person["document"]["type"] == "DNI":
        keys = {"document", "father", "mother", "domicile"}
    else:
        keys = {"document", "given_names", "paternal_surname", "maternal_surname"}
        keys |= {"birth_date"} if is_student else set()
    return keys if is_student else keys | {"kinship"}


def test_a_body_may_be_changed_without_harm() -> None:
    case = scenario("adult", TODAY)
    case.application(TERMS)["student"]["document"]["number"] = "other"

    assert case.application(TERMS)["student"]["document"]["number"] == case.student.number


def test_what_to_type_is_told() -> None:
    for case in scenarios(TODAY):
        assert case.student.number in case.try_with
        assert case.applicant is None or case.applicant.number in case.try_with


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        scenario("nobody", TODAY)


def test_the_repeated_grade_is_there_twice_and_in_two_scales() -> None:
    [record] = content("repeated-grade").levels

    assert [(year.year, year.grade) for year in record.years][:3] == [(2018, "1"), (2019, "1"), (2020, "2")]
    assert [year.results[0].scale for year in record.years[:2]] == [Scale.VIGESIMAL, Scale.LITERAL]
    assert {year.final_situation for year in record.years} == {"DESAPROBADO", "APROBADO", "PROMOVIDO"}


def test_school_changes_covers_eleven_years_and_both_curricula() -> None:
    case = scenario("school-changes", TODAY)
    trajectory = case.people.trajectory(case.student)
    assert trajectory is not None
    years = [one for one in trajectory.enrolments if one.level is not Level.INICIAL]

    assert [one.year for one in years] == list(range(2013, 2024))
    assert len({one.school for one in years}) >= 5
    assert {"Ciencia y Ambiente", "Ciencia y Tecnología"} <= {
        result.area for one in years for result in one.results
    }
    assert {result.competencia is None for one in years for result in one.results} == {True, False}


def test_exempt_has_exo_in_both_kinds_of_year() -> None:
    [record] = content("exempt").levels

    exempt = {year.year >= 2020 for year in record.years for one in year.results if one.mark == "EXO"}
    assert exempt == {True, False}


def test_unknown_areas_reach_the_certificate() -> None:
    [record] = content("unknown-areas").levels

    for year in record.years:
        assert {"Lengua originaria: Awajún", "Taller de Cerámica Ancestral"} <= {
            result.area for result in year.results
        }


def test_native_languages_name_areas_and_competencias() -> None:
    [record] = content("native-languages").levels
    results = {(result.area, result.competencia) for year in record.years for result in year.results}

    assert {("Aymar aru", None), ("Runasimi", None), ("Runasimi", "Rimay")} <= results
    assert {language_of("Aymar aru"), language_of("Rimay")} == {"ay-PE", "qu-PE"}


def test_observations_are_of_all_kinds() -> None:
    case = scenario("observations", TODAY)
    trajectory = case.people.trajectory(case.student)

    assert trajectory is not None
    assert {one.kind for one in trajectory.observations} == set(ObservationKind)


def test_inicial_shows_ages() -> None:
    [record] = content("inicial").levels

    assert [year.grade for year in record.years] == ["3", "4", "5"]

"""Clients and sandbox registries are held to the same contracts, for every kind of person and of trouble."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
import yaml
from openapi_spec_validator import validate

from constancia.domain.application import (
    CitizenDeclaration,
    Declaration,
)
from constancia.domain.eligibility import Evidence, Policy, decide
from constancia.domain.errors import DomainError, ErrorCode, RegistryError
from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import Modality
from infra.registries.cast import ISSUED, Registry, Scenario
from infra.registries.people import kinship
from infra.registries.scenarios import scenario, scenarios
from tests.contract.registries import TODAY, World, application_of, world

SCENARIOS = scenarios(TODAY)
POLICY = Policy("2026-11", 16, 18, 2013, frozenset({Modality.EBR}))
UNKNOWN = IdentityDocument(DocumentType.DNI, "00000000")


@pytest.fixture
def here() -> Iterator[World]:
    with world() as one:
        yield one
        assert one.faults() == []


@pytest.mark.parametrize("registry", Registry)
def test_every_contract_is_valid_openapi(registry: Registry) -> None:
    path = Path(__file__).parents[2] / f"infra/registries/{registry}.openapi.yaml"

    validate(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize("case", [one for one in SCENARIOS if not one.faults], ids=lambda case: case.name)
def test_clients_read_scenario_people_as_the_registries_have_them(case: Scenario) -> None:
    with world() as here:
        for dni, citizen in case.people.citizens.items():
            assert here.reniec.person(IdentityDocument(DocumentType.DNI, dni)) == citizen.record
        for number, foreigner in case.people.foreigners.items():
            assert here.migraciones.person(IdentityDocument(DocumentType.CE, number)) == foreigner
        for document, trajectory in case.people.trajectories.items():
            assert here.siagie.trajectory(document) == trajectory
        assert here.faults() == []


@pytest.mark.slow
def test_clients_read_the_population_as_the_registries_have_it(here: World) -> None:
    documents = here.population.documents
    for document in documents:
        assert here.siagie.trajectory(document) == here.population.trajectory(document)
        if document.type is DocumentType.CE:
            assert here.migraciones.person(document) == here.population.foreigner(document.number)
            continue
        citizen = here.population.citizen(document.number)
        assert citizen is not None
        assert here.reniec.person(document) == citizen.record
        for parent in filter(None, (citizen.mother_dni, citizen.father_dni)):
            adult = IdentityDocument(DocumentType.DNI, parent)
            found = kinship(here.population, parent, document.number)
            assert here.reniec.kinship(adult, document) == {found}

    assert len(documents) == 200


def test_documents_travel_in_bodies_only(here: World) -> None:
    student = SCENARIOS[0].student
    here.reniec.person(student)
    here.reniec.kinship(student, UNKNOWN)
    here.siagie.trajectory(student)
    here.migraciones.person(IdentityDocument(DocumentType.CE, "000000000"))

    addresses = {exchange.address for exchange in here.registries.exchanges}
    assert addresses == {
        "/reniec/personas/consulta",
        "/reniec/parentescos/consulta",
        "/siagie/trayectorias/consulta",
        "/migraciones/extranjeros/consulta",
    }


def test_who_is_unknown_is_none(here: World) -> None:
    assert here.reniec.person(UNKNOWN) is None
    assert here.siagie.trajectory(UNKNOWN) is None
    assert here.migraciones.person(IdentityDocument(DocumentType.CE, "000000000")) is None
    assert here.reniec.kinship(UNKNOWN, SCENARIOS[0].student) == frozenset()


@pytest.mark.parametrize("registry", Registry)
def test_a_wrong_key_is_refused_by_contract(registry: Registry, here: World) -> None:
    path, query = {
        Registry.RENIEC: ("/personas/consulta", {"dni": "99900101"}),
        Registry.MIGRACIONES: ("/extranjeros/consulta", {"carnetExtranjeria": "999900601"}),
        Registry.SIAGIE: ("/trayectorias/consulta", {"documento": {"tipo": "DNI", "numero": "99900101"}}),
    }[registry]
    for headers in ({"X-Api-Key": "wrong"}, {}):
        response = urllib3.request("POST", f"{here.base_url}/{registry}{path}", json=query, headers=headers)
        assert (response.status, response.json()["code"]) == (401, "unauthorised")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"dni": "123"},
        {"dni": 99900101},
        {"dni": "99900101", "more": 1},
        [],
        "99900101",
        None,
    ],
)
def test_the_sandbox_refuses_queries_that_break_its_contract(query: Any) -> None:
    with world() as here:
        response = urllib3.request(
            "POST",
            f"{here.base_url}/reniec/personas/consulta",
            body=json.dumps(query),
            headers={"X-Api-Key": "test-key-reniec"},
        )
    assert (response.status, response.json()["code"]) == (400, "invalid_query")


def test_the_daily_limit_says_when_to_come_back(here: World) -> None:
    with pytest.raises(RegistryError) as refused:
        here.reniec.person(scenario("registry-limit", TODAY).student)

    assert refused.value.code == ErrorCode.REGISTRY_LIMIT_REACHED
    assert refused.value.retry_after_seconds == 3600


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: case.name)
def test_every_scenario_ends_as_its_name_says(case: Scenario) -> None:
    with world() as here:
        assert _outcome(case, here) == (ISSUED if case.accepted else case.expected)


def _outcome(case: Scenario, here: World) -> str:
    application = application_of(case.application(POLICY.terms_version))
    student, applicant = application.student, application.applicant
    try:
        evidence = Evidence(
            student=_record(student, here),
            applicant=_record(applicant, here) if applicant else None,
            kinship=here.reniec.kinship(applicant.document, student.document)
            if isinstance(applicant, CitizenDeclaration) and isinstance(student, CitizenDeclaration)
            else frozenset(),
            trajectory=here.siagie.trajectory(student.document),
        )
        decide(application, evidence, POLICY, TODAY)
    except DomainError as refusal:
        return refusal.code.public.value
    return ISSUED


def _record(declaration: Declaration, here: World) -> CivilRecord | ForeignRecord | None:
    if isinstance(declaration, CitizenDeclaration):
        return here.reniec.person(declaration.document)
    return here.migraciones.person(declaration.document)

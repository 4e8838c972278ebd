"""What a contract says and what its client does are the same: a record that the contract allows never ends
as `registry_inconsistent` for a real person, and what it forbids is never believed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from constancia.adapters.registries import (
    HttpCivilRegistry,
    HttpMigrationRegistry,
    HttpSchoolSystem,
    Limits,
    RegistryClient,
)
from constancia.domain.errors import ErrorCode, RegistryError
from constancia.domain.identity import DocumentType, IdentityDocument
from infra.registries.cast import Registry
from infra.registries.contract import contract
from tests.fakes import NoBreaker
from tests.unit.adapters.registries.answers import (
    CE,
    a_foreigner,
    a_kinship,
    a_person,
    a_trajectory,
)
from tests.unit.adapters.registries.edges import edges
from tests.unit.adapters.registries.scripted import answer, problem, problem_body, scripted

KEY = "the-api-key"
LIMITS = Limits(connect=60, read=60, budget=120, pause=0.01)
"""Nothing here is about time: no pause that a busy machine can outlast."""


@dataclass(frozen=True)
class Operation:
    """An operation of a contract: the client's lookup of whom an answer is about, and such an answer."""

    registry: Registry
    path: str
    lookup: Callable[[RegistryClient, dict[str, Any]], Any]
    record: dict[str, Any]
    knows_everybody: bool = False


def _dni(number: str) -> IdentityDocument:
    return IdentityDocument(DocumentType.DNI, number)


def _student(record: dict[str, Any]) -> IdentityDocument:
    document = record["documento"]
    kind = DocumentType.CE if document["tipo"] == "CE" else DocumentType.DNI
    return IdentityDocument(kind, document["numero"])


PERSON = Operation(
    Registry.RENIEC,
    "/personas/consulta",
    lambda client, record: HttpCivilRegistry(client).person(_dni(record["dni"])),
    a_person(),
)
KINSHIP = Operation(
    Registry.RENIEC,
    "/parentescos/consulta",
    lambda client, record: HttpCivilRegistry(client).kinship(
        _dni(record["dniAdulto"]), _dni(record["dniMenor"])
    ),
    a_kinship(),
    knows_everybody=True,  # who is unknown has no kinship
)
FOREIGNER = Operation(
    Registry.MIGRACIONES,
    "/extranjeros/consulta",
    lambda client, record: HttpMigrationRegistry(client).person(
        IdentityDocument(CE.type, record["carnetExtranjeria"])
    ),
    a_foreigner(),
)
TRAJECTORY = Operation(
    Registry.SIAGIE,
    "/trayectorias/consulta",
    lambda client, record: HttpSchoolSystem(client).trajectory(_student(record)),
    a_trajectory(),
)
OPERATIONS = (PERSON, KINSHIP, FOREIGNER, TRAJECTORY)

FAILURES = {
    400: ("invalid_query", ErrorCode.REGISTRY_INCONSISTENT),
    401: ("unauthorised", ErrorCode.REGISTRY_UNAVAILABLE),
    429: ("daily_limit_reached", ErrorCode.REGISTRY_LIMIT_REACHED),
    503: ("unavailable", ErrorCode.REGISTRY_UNAVAILABLE),
}

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.path)


def asking(registry: Registry, base_url: str) -> RegistryClient:
    return RegistryClient(registry, base_url, lambda: KEY, breaker=NoBreaker(), limits=LIMITS)


def verdict(operation: Operation, client: RegistryClient, record: dict[str, Any]) -> ErrorCode | None:
    try:
        operation.lookup(client, record)
    except RegistryError as error:
        return error.code
    return None


def test_every_operation_of_every_contract_is_here() -> None:
    named = {(registry, path) for registry in Registry for path in contract(registry).paths}

    assert {(one.registry, one.path) for one in OPERATIONS} == named


@each_operation
def test_client_and_contract_judge_alike_at_every_edge(operation: Operation) -> None:
    judge = contract(operation.registry)
    present = operation.record
    allowed, refused, apart = 0, 0, []
    with scripted(lambda connection: answer(present)(connection)) as script:  # noqa: PLW0108 - it changes
        client = asking(operation.registry, script.base_url)
        for present in edges(judge, operation.path, operation.record):
            faults = judge.faults_of_answer(operation.path, 200, "application/json", present)
            allowed, refused = allowed + (not faults), refused + bool(faults)
            code = verdict(operation, client, present)
            if code != (ErrorCode.REGISTRY_INCONSISTENT if faults else None):
                apart.append((faults or "allowed", code, json.dumps(present)[:2000]))

    assert apart == []
    assert allowed
    assert refused


@each_operation
def test_the_contract_has_the_failures_that_the_client_knows_and_no_other(operation: Operation) -> None:
    unknown = set() if operation.knows_everybody else {404}

    assert contract(operation.registry).statuses(operation.path) == {200, *unknown, *FAILURES}


@pytest.mark.parametrize("status", FAILURES)
@each_operation
def test_every_failure_of_the_contract_ends_with_its_code(operation: Operation, status: int) -> None:
    reason, code = FAILURES[status]
    judge = contract(operation.registry)
    body = problem_body(status, reason)
    assert judge.faults_of_answer(operation.path, status, "application/problem+json", body) == []

    with scripted(problem(status, reason)) as script:
        assert verdict(operation, asking(operation.registry, script.base_url), operation.record) == code


@each_operation
def test_a_gateway_that_forbids_is_no_statement_about_a_person(operation: Operation) -> None:
    # No contract has a 403: it would come from what stands before the registry.
    with scripted(answer(b"", 403, "text/html")) as script:
        client = asking(operation.registry, script.base_url)
        assert verdict(operation, client, operation.record) == ErrorCode.REGISTRY_UNAVAILABLE


@each_operation
def test_who_is_unknown_by_contract_is_none_or_cannot_be(operation: Operation) -> None:
    with scripted(problem(404, "not_found")) as script:
        client = asking(operation.registry, script.base_url)
        if operation.knows_everybody:
            assert verdict(operation, client, operation.record) == ErrorCode.REGISTRY_INCONSISTENT
        else:
            assert operation.lookup(client, operation.record) is None


@each_operation
def test_a_query_is_one_of_the_contract_and_carries_the_key_in_its_header(operation: Operation) -> None:
    judge = contract(operation.registry)
    with scripted(answer(operation.record)) as script:
        operation.lookup(asking(operation.registry, script.base_url), operation.record)

    [(line, headers, body)] = script.queries
    assert line == f"POST {operation.path} HTTP/1.1"
    assert headers[judge.key_header.lower()] == KEY
    assert judge.faults_of_request(operation.path, json.loads(body)) == []

"""The breaker opens after a run of failures, for everybody who shares the table, and closes again."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from constancia.adapters.registries import HttpCivilRegistry, Limits, RegistryClient, SharedBreaker
from constancia.domain.errors import ErrorCode, RegistryError
from tests.unit.adapters.registries.answers import DNI, a_person
from tests.unit.adapters.registries.scripted import Script, answer, problem, scripted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

LIMITS = Limits(connect=0.5, read=1, budget=2, attempts=1, pause=0.01)
TABLE = "db_micertificado-test"
DOWN = problem(503, "unavailable")


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Powertools counts failures by circuit for as long as the process lives: each test has its own."""
    return f"reniec-{request.node.name}"


def registry(
    script: Script, name: str, dynamodb: "DynamoDBClient", *, recovery_seconds: int = 1
) -> HttpCivilRegistry:
    """A registry as a new execution environment sees it: three failures open it, for a second."""
    breaker = SharedBreaker(
        TABLE, dynamodb, failures=3, recovery_seconds=recovery_seconds, state_cache_seconds=1
    )
    return HttpCivilRegistry(
        RegistryClient(name, script.base_url, lambda: "key", breaker=breaker, limits=LIMITS)
    )


def fail(reniec: HttpCivilRegistry, times: int) -> None:
    for _ in range(times):
        with pytest.raises(RegistryError) as refused:
            reniec.person(DNI)
        assert refused.value.code == ErrorCode.REGISTRY_UNAVAILABLE


def eventually(reniec: HttpCivilRegistry) -> bool:
    """Ask until there is an answer: Powertools counts the pause in whole seconds."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            return reniec.person(DNI) is not None
        except RegistryError:
            time.sleep(0.05)
    return False


def test_after_a_run_of_failures_nobody_asks_any_more(name: str, dynamodb: "DynamoDBClient") -> None:
    with scripted(DOWN) as script:
        # a pause that outlasts the test, however busy the machine is
        fail(registry(script, name, dynamodb, recovery_seconds=600), 3)
        assert len(script.queries) == 3

        elsewhere = registry(script, name, dynamodb, recovery_seconds=600)  # has seen no failure itself
        fail(elsewhere, 2)

    assert len(script.queries) == 3


def test_a_success_in_between_starts_the_count_anew(name: str, dynamodb: "DynamoDBClient") -> None:
    with scripted(DOWN, DOWN, answer(a_person()), DOWN, DOWN, answer(a_person())) as script:
        reniec = registry(script, name, dynamodb)
        fail(reniec, 2)
        assert reniec.person(DNI)
        fail(reniec, 2)
        assert reniec.person(DNI)


def test_one_success_after_the_pause_closes_it_for_every_thread(
    name: str, dynamodb: "DynamoDBClient"
) -> None:
    with scripted(DOWN, DOWN, DOWN, answer(a_person())) as script:
        reniec = registry(script, name, dynamodb)
        fail(reniec, 3)

        with ThreadPoolExecutor(1) as short_lived:
            assert short_lived.submit(eventually, reniec).result()
        assert registry(script, name, dynamodb).person(DNI)


@pytest.mark.parametrize(
    "refusal",
    [
        problem(404, "not_found"),
        problem(429, "daily_limit_reached"),
        problem(401, "unauthorised"),
        answer(a_person(dni="99000009")),
        answer(b"nonsense"),
    ],
    ids=["unknown person", "daily limit", "wrong key", "another person", "nonsense"],
)
def test_a_registry_that_answers_stays_closed(refusal: object, name: str, dynamodb: "DynamoDBClient") -> None:
    with scripted(refusal) as script:  # type: ignore[arg-type]
        reniec = registry(script, name, dynamodb)
        for _ in range(5):
            try:
                reniec.person(DNI)
            except RegistryError:
                continue

    assert len(script.queries) == 5


def test_registries_have_a_circuit_each(name: str, dynamodb: "DynamoDBClient") -> None:
    with scripted(DOWN) as down, scripted(answer(a_person())) as up:
        fail(registry(down, name, dynamodb), 3)

        assert registry(up, f"other-{name}", dynamodb).person(DNI)


def test_the_state_is_one_small_item_that_expires_and_names_nobody(
    name: str, dynamodb: "DynamoDBClient"
) -> None:
    with scripted(DOWN) as script:
        fail(registry(script, name, dynamodb), 3)

    [item] = dynamodb.scan(TableName=TABLE)["Items"]
    assert item["pk"] == {"S": f"breaker#{name}"}
    assert set(item) == {"pk", "state", "failure_count", "opened_at", "expires_at"}
    assert int(item["expires_at"]["N"]) > time.time()


def test_a_store_that_fails_lets_everybody_through(name: str, dynamodb: "DynamoDBClient") -> None:
    dynamodb.delete_table(TableName=TABLE)
    with scripted(answer(a_person())) as script:
        assert registry(script, name, dynamodb).person(DNI)

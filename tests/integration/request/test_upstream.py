"""The deployed function while its registries misbehave.

It answers in time and says what to do, keeps nothing, and asks nobody in vain.
"""

import json
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from constancia.domain.errors import ErrorCode, RegistryError
from constancia.domain.identity import IdentityDocument
from infra.registries.cast import Registry
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from request.registries import Registries
from tests.builders import TERMS, an_application
from tests.deployed import Deployed, Reply, fresh
from tests.unit.adapters.registries.scripted import Step, late, problem, scripted
from tests.unit.request.world import InMemoryRegistries
from tests.unit.web.events import json_event

SECONDS = 1.2
FAILURES = 5
DOWN = problem(503, "unavailable")


def somebody(number: int) -> dict[str, Any]:
    """The application of one of many adults."""
    body = scenario("adult", today_in_lima()).application(TERMS)
    student = body["student"] | {"document": {"type": "DNI", "number": f"000080{number:02}"}}
    return body | {"student": student}


def posted(deployed: Deployed, number: int) -> Reply:
    event = json_event("POST", "/api/v1/requests", somebody(number))
    event["requestContext"]["identity"]["sourceIp"] = f"203.0.113.{number}"
    return deployed.send(event)


@pytest.fixture
def impatient(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """Waits a fifteenth of what is deployed."""
    monkeypatch.setenv("REGISTRY_SECONDS", str(SECONDS))
    return deployed


def asking(deployed: Deployed, base_url: str, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """A new execution environment, with all registries at one address."""
    for registry in Registry:
        monkeypatch.setenv(f"{registry.name}_URL", base_url)
    return replace(deployed, request=fresh("request.handler"))


def kept(deployed: Deployed) -> Counter[tuple[str, str]]:
    """What is in the table by kind, with what is taken of a share."""
    return Counter(
        (item["pk"]["S"].partition("#")[0], item.get("taken", {}).get("N", "")) for item in deployed.items()
    )


def troubles(output: str) -> Counter[tuple[str, str]]:
    """What CloudWatch was told of troubles, by registry and kind."""
    lines = [json.loads(line) for line in output.splitlines() if "UpstreamErrors" in line]
    return Counter((line["registry"], line["kind"]) for line in lines)


def silent(connection: socket.socket) -> None:
    connection.recv(1)


def header_byte_by_byte(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.05)


@pytest.mark.parametrize("step", [silent, header_byte_by_byte], ids=["says nothing", "drips its header"])
def test_registries_that_hang_are_waited_for_so_long_and_nothing_is_kept(
    impatient: Deployed,
    step: Step,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with scripted(step) as script:
        deployed = asking(impatient, script.base_url, monkeypatch)
        start = time.monotonic()
        reply = posted(deployed, 1)
        took = time.monotonic() - start

    assert (reply.status, reply.json["code"]) == (503, "registry_unavailable")
    assert 60 <= int(reply.headers["Retry-After"]) <= 180
    assert "No se guardó nada" in reply.json["next_step"]
    assert took < SECONDS + 2  # DynamoDB is moto
    assert set(kept(deployed)) <= {("ATTEMPTS", "0"), ("breaker", "")}
    assert troubles(capsys.readouterr().out) == {("reniec", "slow"): 1, ("siagie", "slow"): 1}
    print(f"answered after {took:.2f} s of {SECONDS} s")


def test_all_that_may_be_waited_for_fits_into_the_gateways_time(deployed: Deployed) -> None:
    assert float(deployed.aws.environment("RequestFunction")["REGISTRY_SECONDS"]) <= 20


def test_a_name_server_that_hangs_is_not_waited_for_either() -> None:
    hang = threading.Event()

    class Hanging(InMemoryRegistries):
        def look_up(self, *_: Any) -> Any:
            hang.wait(30)

    inside = Hanging().as_registries()
    registries = Registries(inside.civil, inside.migration, inside.school, seconds=0.3)
    start = time.monotonic()
    with pytest.raises(RegistryError) as refused:
        registries.evidence_for(an_application())
    took = time.monotonic() - start
    hang.set()

    assert refused.value.code is ErrorCode.REGISTRY_UNAVAILABLE
    assert took < 2


def test_a_registry_that_is_left_alone_keeps_the_others_from_being_asked() -> None:
    world = InMemoryRegistries()
    inside = world.as_registries()

    class Civil:
        def check(self) -> None:
            raise RegistryError(ErrorCode.REGISTRY_UNAVAILABLE)

        def person(self, document: IdentityDocument) -> None:
            raise AssertionError

        def kinship(self, adult: IdentityDocument, minor: IdentityDocument) -> Any:
            raise AssertionError

    with pytest.raises(RegistryError):
        Registries(Civil(), inside.migration, inside.school, seconds=5).evidence_for(an_application())
    assert world.asked == []


@pytest.mark.slow
def test_after_five_people_nobody_waits_any_more_in_any_environment(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(DOWN) as script:
        for number in range(FAILURES):
            here = asking(deployed, script.base_url, monkeypatch)
            assert posted(here, number).status == 503
        asked = len(script.queries)
        capsys.readouterr()

        elsewhere = asking(deployed, script.base_url, monkeypatch)
        reply = posted(elsewhere, 50)

    assert (reply.status, reply.json["code"]) == (503, "registry_unavailable")
    assert int(reply.headers["Retry-After"]) > 0
    assert len(script.queries) == asked
    assert asked <= FAILURES * 2 * 2  # people, registries, attempts
    assert troubles(capsys.readouterr().out) == {("reniec", "left_alone"): 1}
    assert set(kept(elsewhere)) == {("ATTEMPTS", "0"), ("breaker", "")}


@pytest.mark.slow
def test_one_person_s_bad_record_is_asked_for_again_and_again_and_others_pass(
    deployed: Deployed,
) -> None:
    body = scenario("another-record", today_in_lima()).application(TERMS)
    for _ in range(2 * FAILURES):
        assert deployed.post(body).json["code"] == "registry_inconsistent"
    for name, code in (
        ("registry-down", "registry_unavailable"),
        ("registry-limit", "registry_limit_reached"),
    ):
        body = scenario(name, today_in_lima()).application(TERMS)
        for _ in range(2 * FAILURES):
            assert deployed.post(body).json["code"] == code

    assert deployed.post(scenario("adult", today_in_lima()).application(TERMS)).status == 202


def test_a_daily_limit_is_every_environment_s(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(problem(429, "daily_limit_reached", "Retry-After: 7200")) as script:
        for number in range(2):
            assert posted(asking(deployed, script.base_url, monkeypatch), number).status == 503
        asked = len(script.queries)
        reply = posted(asking(deployed, script.base_url, monkeypatch), 3)

    assert (reply.status, reply.json["code"]) == (503, "registry_limit_reached")
    assert 7200 <= int(reply.headers["Retry-After"]) + 5 <= 7200 * 1.1 + 10
    assert len(script.queries) == asked == 4


@pytest.mark.slow
@pytest.mark.usefixtures("one_write_at_a_time")
def test_fifty_people_at_a_dead_registry(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    """How it comes back, `test_breaker` shows, where time can be told."""

    def herd(size: int) -> Counter[str]:
        with ThreadPoolExecutor(50) as threads:
            return Counter(
                reply.json["code"] for reply in threads.map(lambda n: posted(here, n), range(size))
            )

    with scripted(late(0.02, DOWN)) as script:
        here = asking(deployed, script.base_url, monkeypatch)
        assert herd(50) == {"registry_unavailable": 50}
        first = len(script.queries)
        assert herd(10) == {"registry_unavailable": 10}
        second = len(script.queries) - first

    print(f"fifty at a dead registry: {first} queries of two registries, the next ten: {second}")
    assert first <= 50 * 2 * 2
    assert second == 0

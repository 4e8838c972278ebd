"""Bursts against the deployed functions: however many come at once, no more get through than may.

The registries count who was asked; DynamoDB is moto, made to write one item at a time as DynamoDB does.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3

from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.builders import TERMS
from tests.deployed import Deployed, Reply
from tests.unit.web.events import json_event

pytestmark = pytest.mark.usefixtures("one_write_at_a_time")
ATTEMPTS, PER_ADDRESS = 5, 50
PER_STUDENT, DAILY_PER_ADDRESS = 5, 200


def body_of(name: str = "adult", **changes: Any) -> dict[str, Any]:
    return scenario(name, today_in_lima()).application(TERMS) | changes


def posted(deployed: Deployed, body: object, address: str = "203.0.113.7") -> Reply:
    event = json_event("POST", "/api/v1/requests", body)
    event["requestContext"]["identity"]["sourceIp"] = address
    return deployed.send(event)


@contextmanager
def look_ups(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often each registry was asked over HTTP, by path."""
    asked: Counter[str] = Counter()
    urlopen = urllib3.PoolManager.urlopen

    def counting(self: urllib3.PoolManager, method: str, url: str, *given: Any, **named: Any) -> Any:
        asked[url.rpartition("/")[2]] += 1
        return urlopen(self, method, url, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(urllib3.PoolManager, "urlopen", counting)
        yield asked


def counts(deployed: Deployed, kind: str) -> list[int]:
    """What is taken of each share, the largest first."""
    items = (item for item in deployed.items() if item["pk"]["S"].startswith(f"{kind}#"))
    return sorted((int(item["taken"]["N"]) for item in items), reverse=True)


def at_once(
    deployed: Deployed, calls: list[tuple[dict[str, Any], str]], *, callers: int = 16
) -> Counter[str]:
    """Send all of them, so many at a time; how often each code (`accepted` is one) was answered."""
    with ThreadPoolExecutor(callers) as threads:
        replies = list(threads.map(lambda call: posted(deployed, *call), calls))
    assert {reply.status for reply in replies} <= {202, 422, 429}
    return Counter(reply.json.get("code", "accepted") for reply in replies)


def test_of_a_hundred_tries_at_once_no_more_reach_the_registries_than_the_lock_out_lets(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = body_of("wrong-parent-name")
    with look_ups(monkeypatch) as asked:
        # From everywhere: the student alone stops them.
        answers = at_once(deployed, [(body, f"203.0.113.{number}") for number in range(100)])

    assert answers == {"identity_mismatch": ATTEMPTS, "too_many_attempts": 100 - ATTEMPTS}
    assert (asked["consulta"], len(asked)) == (2 * ATTEMPTS, 1)  # RENIEC and SIAGIE
    # Those who were stopped took nothing of their address's share.
    assert counts(deployed, "ATTEMPTS") == [ATTEMPTS, *[1] * ATTEMPTS]


@pytest.mark.slow
def test_an_applicant_who_tries_many_children_at_once_is_stopped(deployed: Deployed) -> None:
    family = body_of("minor-mother")
    calls = []
    for number in range(60):
        student = family["student"] | {"document": {"type": "DNI", "number": f"000090{number:02}"}}
        calls.append((family | {"student": student}, f"203.0.113.{number}"))

    answers = at_once(deployed, calls)

    assert answers == {"identity_mismatch": ATTEMPTS, "too_many_attempts": 60 - ATTEMPTS}
    # What those who were stopped had taken of their student's share is given back.
    assert counts(deployed, "ATTEMPTS") == [ATTEMPTS, *[1] * 2 * ATTEMPTS, *[0] * (60 - ATTEMPTS)]


@pytest.mark.slow
def test_an_address_that_tries_many_people_at_once_is_stopped(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = body_of("wrong-parent-name")
    calls = []
    for number in range(100):
        student = body["student"] | {"document": {"type": "DNI", "number": f"000090{number:02}"}}
        # The same household: the rest of an IPv6 address changes at will.
        calls.append((body | {"student": student}, f"2001:db8:0:7::{number:x}"))

    with look_ups(monkeypatch) as asked:
        answers = at_once(deployed, calls)

    assert answers == {"identity_mismatch": PER_ADDRESS, "too_many_attempts": 100 - PER_ADDRESS}
    assert asked["consulta"] == 2 * PER_ADDRESS


@pytest.mark.slow
def test_what_a_caller_says_of_its_address_is_not_believed(deployed: Deployed) -> None:
    body = body_of("wrong-parent-name")
    codes = []
    for number in range(PER_ADDRESS + 1):
        student = body["student"] | {"document": {"type": "DNI", "number": f"000090{number:02}"}}
        forged = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
        codes.append(deployed.post(body | {"student": student}, forged).json["code"])

    assert codes == ["identity_mismatch"] * PER_ADDRESS + ["too_many_attempts"]


def test_who_is_right_is_counted_against_nobody(deployed: Deployed) -> None:
    for _ in range(2 * ATTEMPTS):  # the same request: one certificate
        assert posted(deployed, body_of()).status == 202

    assert set(counts(deployed, "ATTEMPTS")) == {0}
    assert counts(deployed, "TODAY") == [1, 1]


def test_a_registry_that_is_down_is_counted_against_nobody(deployed: Deployed) -> None:
    for _ in range(ATTEMPTS + 1):
        assert posted(deployed, body_of("registry-down")).status == 503

    assert set(counts(deployed, "ATTEMPTS")) == {0}


def test_a_function_that_is_killed_on_the_way_leaves_a_count_that_ends_by_itself(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """As a sandbox that is taken away: nothing of ours can catch it."""

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(urllib3.PoolManager, "urlopen", killed)
        with pytest.raises(KilledError):
            posted(deployed, body_of())

    left = [item for item in deployed.items() if item["pk"]["S"].startswith("ATTEMPTS#")]
    assert [item["taken"]["N"] for item in left] == ["1", "1"]
    assert all("expires_at" in item for item in left)
    assert posted(deployed, body_of()).status == 202


@pytest.mark.slow
def test_of_many_requests_at_once_no_more_are_issued_than_a_day_lets(deployed: Deployed) -> None:
    contacts = [{"email": f"p{number}@correo.example", "phone": None} for number in range(30)]
    calls = [(body_of(contact=contact), "203.0.113.7") for contact in contacts]

    # One less than the lock-out lets at a time: who is under way is counted until the registries answered.
    answers = at_once(deployed, calls, callers=ATTEMPTS - 1)

    assert answers == {"accepted": PER_STUDENT, "daily_limit_reached": 30 - PER_STUDENT}
    assert counts(deployed, "TODAY") == [PER_STUDENT, PER_STUDENT]
    assert len([item for item in deployed.items() if item["pk"]["S"].startswith("CERT#")]) == PER_STUDENT


def test_the_day_ends_at_midnight_in_lima(deployed: Deployed) -> None:
    for number in range(PER_STUDENT):
        posted(deployed, body_of(contact={"email": f"p{number}@correo.example", "phone": None}))

    answer = posted(deployed, body_of())

    assert (answer.status, answer.json["code"]) == (429, "daily_limit_reached")
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 60 * 60
    (end,) = {item["expires_at"]["N"] for item in deployed.items() if item["pk"]["S"].startswith("TODAY#")}
    assert (int(end) - 5 * 60 * 60) % (24 * 60 * 60) == 0
    assert posted(deployed, body_of(contact={"email": "p0@correo.example", "phone": None})).status == 202


def test_the_limits_are_the_templates(deployed: Deployed) -> None:
    environment = deployed.aws.environment("RequestFunction")

    assert {
        name: int(environment[name])
        for name in (
            *("LOCKOUT_ATTEMPTS", "LOCKOUT_ATTEMPTS_PER_ADDRESS"),
            *("DAILY_PER_STUDENT", "DAILY_PER_APPLICANT", "DAILY_PER_ADDRESS"),
        )
    } == {
        "LOCKOUT_ATTEMPTS": ATTEMPTS,
        "LOCKOUT_ATTEMPTS_PER_ADDRESS": PER_ADDRESS,
        "DAILY_PER_STUDENT": PER_STUDENT,
        "DAILY_PER_APPLICANT": 20,
        "DAILY_PER_ADDRESS": DAILY_PER_ADDRESS,
    }

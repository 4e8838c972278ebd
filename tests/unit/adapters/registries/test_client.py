"""What becomes of a lookup when the registry, or the way to it, is in trouble."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from constancia.adapters.registries import HttpCivilRegistry, Limits, RegistryClient
from constancia.domain.errors import ErrorCode, RegistryError
from tests.fakes import NoBreaker
from tests.unit.adapters.registries.answers import DNI, a_person
from tests.unit.adapters.registries.scripted import (
    Step,
    answer,
    half,
    late,
    problem,
    reset,
    scripted,
)

LIMITS = Limits(connect=60, read=60, budget=120, pause=0.01)
"""For all that is not about time: no pause that a busy machine can outlast."""
IMPATIENT = Limits(connect=0.5, read=0.25, budget=0.5, pause=0.01)
KEY = "the-api-key"


def reniec(base_url: str, limits: Limits = LIMITS, key: Callable[[], str] = lambda: KEY) -> HttpCivilRegistry:
    return HttpCivilRegistry(RegistryClient("reniec", base_url, key, breaker=NoBreaker(), limits=limits))


def refusal(*steps: Step, limits: Limits = LIMITS) -> tuple[RegistryError, int]:
    """The error of a lookup and how many queries it took."""
    with scripted(*steps) as script, pytest.raises(RegistryError) as refused:
        reniec(script.base_url, limits).person(DNI)
    return refused.value, len(script.queries)


def test_a_query_carries_the_key_and_the_document_in_its_body() -> None:
    with scripted(answer(a_person())) as script:
        assert reniec(script.base_url + "/base/").person(DNI) is not None

    [(line, headers, body)] = script.queries
    assert line == "POST /base/personas/consulta HTTP/1.1"
    assert headers["x-api-key"] == KEY
    assert headers["content-type"] == "application/json"
    assert body == b'{"dni": "99000001"}'


@pytest.mark.parametrize(
    "trouble",
    [problem(503, "unavailable"), answer(b"", 502, "text/html"), answer(b"", 504, "text/html"), reset],
    ids=["503", "502", "504", "reset"],
)
def test_a_passing_trouble_is_tried_again(trouble: Step) -> None:
    with scripted(trouble, answer(a_person())) as script:
        assert reniec(script.base_url).person(DNI) is not None

    assert len(script.queries) == 2


@pytest.mark.parametrize(
    ("steps", "code", "queries"),
    [
        pytest.param([problem(503, "unavailable")], ErrorCode.REGISTRY_UNAVAILABLE, 2, id="503 for good"),
        pytest.param([reset], ErrorCode.REGISTRY_UNAVAILABLE, 2, id="reset for good"),
        pytest.param([answer(b"oops", 500)], ErrorCode.REGISTRY_UNAVAILABLE, 1, id="500"),
        pytest.param([problem(401, "unauthorised")], ErrorCode.REGISTRY_UNAVAILABLE, 1, id="401"),
        pytest.param([problem(403, "unauthorised")], ErrorCode.REGISTRY_UNAVAILABLE, 1, id="403"),
        pytest.param([problem(429, "daily_limit_reached")], ErrorCode.REGISTRY_LIMIT_REACHED, 1, id="429"),
        pytest.param([problem(400, "invalid_query")], ErrorCode.REGISTRY_INCONSISTENT, 1, id="400"),
        pytest.param([answer(b"", 302, "text/html")], ErrorCode.REGISTRY_INCONSISTENT, 1, id="302"),
        pytest.param([half(a_person())], ErrorCode.REGISTRY_INCONSISTENT, 2, id="half"),
        pytest.param(
            [answer(b"<html></html>", content_type="text/html")],
            ErrorCode.REGISTRY_INCONSISTENT,
            1,
            id="HTML",
        ),
        pytest.param([answer(b"<html></html>")], ErrorCode.REGISTRY_INCONSISTENT, 1, id="HTML called JSON"),
        pytest.param([answer(b"\xff\xfe")], ErrorCode.REGISTRY_INCONSISTENT, 1, id="not UTF-8"),
        pytest.param([answer(b"[" * 50_000)], ErrorCode.REGISTRY_INCONSISTENT, 1, id="deep"),
        pytest.param([answer(b" " * 3_000_000)], ErrorCode.REGISTRY_INCONSISTENT, 1, id="huge"),
        pytest.param(
            [answer(b"", 404, "text/html")], ErrorCode.REGISTRY_INCONSISTENT, 1, id="404 of a proxy"
        ),
        pytest.param([problem(404, "other")], ErrorCode.REGISTRY_INCONSISTENT, 1, id="404, other code"),
        pytest.param(
            [answer(b"[]", 404, "application/problem+json")],
            ErrorCode.REGISTRY_INCONSISTENT,
            1,
            id="404, list",
        ),
        pytest.param([lambda _: None], ErrorCode.REGISTRY_UNAVAILABLE, 2, id="closes without a word"),
        pytest.param(
            [lambda connection: connection.sendall(b"hello\r\n\r\n")],
            ErrorCode.REGISTRY_UNAVAILABLE,
            2,
            id="not HTTP",
        ),
    ],
)
def test_what_cannot_be_used_ends_with_its_code(steps: list[Step], code: ErrorCode, queries: int) -> None:
    error, asked = refusal(*steps)

    assert (error.code, asked) == (code, queries)
    assert DNI.number not in str(error)


def test_a_registry_that_does_not_listen_is_unavailable() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(RegistryError, match="registry_unavailable"):
            reniec(f"http://127.0.0.1:{bound.getsockname()[1]}").person(DNI)


def test_an_address_that_does_not_exist_is_unavailable() -> None:
    with pytest.raises(RegistryError, match="registry_unavailable"):
        reniec("https://registry.invalid").person(DNI)


def test_the_daily_limit_hands_on_when_to_come_back() -> None:
    assert refusal(problem(429, "daily_limit_reached", "Retry-After: 120"))[0].retry_after_seconds == 120
    for unclear in ("soon", "-1", "99999999999999999999", "1.5"):
        error, _ = refusal(problem(429, "daily_limit_reached", f"Retry-After: {unclear}"))
        assert error.retry_after_seconds is None


def test_the_budget_bounds_all_attempts() -> None:
    # Each attempt fails after 0.15 s; without the budget there would be ten of them.
    limits = Limits(connect=0.5, read=0.5, budget=0.4, attempts=10, pause=0.001)
    start = time.monotonic()

    error, asked = refusal(late(0.15, problem(503, "unavailable")), limits=limits)

    assert error.code == ErrorCode.REGISTRY_UNAVAILABLE
    assert 2 <= asked <= 4
    assert time.monotonic() - start < 1


def test_nobody_waits_for_an_attempt_that_would_come_too_late() -> None:
    limits = Limits(connect=0.5, read=0.5, budget=0.05, pause=1e6)
    start = time.monotonic()

    _, asked = refusal(late(0.01, problem(503, "unavailable")), limits=limits)

    assert asked == 1
    assert time.monotonic() - start < 1


def test_the_default_budget_leaves_time_to_answer_within_the_gateways_29_seconds() -> None:
    limits = Limits()

    assert limits.budget + limits.read <= 25
    assert limits.connect < limits.read < limits.budget


def test_nothing_personal_and_no_key_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refusal(answer(a_person(dni="99000009")))
    refusal(answer(a_person(prenombres=7, nombreDePila="ANA LUCÍA")))
    refusal(problem(503, "unavailable"))

    for secret in ("9900000", "ANA", "QUISPE", "nombreDePila", KEY):
        assert secret not in caplog.text
    assert "reniec" in caplog.text


def test_a_refused_key_is_an_operators_error(caplog: pytest.LogCaptureFixture) -> None:
    refusal(problem(401, "unauthorised"))

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "registry reniec: the registry refuses our API key")
    ]


def test_the_error_carries_no_answer_along() -> None:
    error, _ = refusal(answer(a_person(prenombres=7)))

    assert error.__cause__ is None
    assert error.__context__ is None


def test_the_key_is_read_at_the_first_lookup_and_its_line_end_forgiven() -> None:
    reads = []

    def key() -> str:
        reads.append(1)
        return KEY + "\n"

    with scripted(answer(a_person())) as script:
        registry = reniec(script.base_url, key=key)
        assert reads == []
        registry.person(DNI)

    assert script.queries[0][1]["x-api-key"] == KEY


@pytest.mark.parametrize("key", ["llave-ñ", "two\nlines"])
def test_a_key_that_no_header_takes_is_refused_without_being_shown(
    key: str, caplog: pytest.LogCaptureFixture
) -> None:
    with scripted(answer(a_person())) as script, pytest.raises(RegistryError, match="registry_unavailable"):
        reniec(script.base_url, key=lambda: key).person(DNI)

    assert key not in caplog.text


def test_lookups_at_the_same_time_keep_apart() -> None:
    barrier = threading.Barrier(4, timeout=5)

    def together(connection: socket.socket) -> None:
        barrier.wait()
        answer(a_person())(connection)

    with scripted(together) as script, ThreadPoolExecutor(4) as pool:
        registry = reniec(script.base_url, Limits(connect=1, read=5, budget=5))
        found = list(pool.map(lambda _: registry.person(DNI), range(4)))

    assert [one is not None for one in found] == [True] * 4

"""Functions run, fail and are replaced as in Lambda. Each test starts real worker processes."""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.processes import Logs, StartError
from infra.local.runtime import FunctionRuntime
from infra.local.stack import Function

CODE = Path(__file__).parent / "sample" / "code"

type MakeRuntime = Callable[..., FunctionRuntime]


@pytest.fixture
def make_runtime(tmp_path: Path) -> Iterator[MakeRuntime]:
    runtimes = []

    def make(handler: str = "sample_web.odd") -> FunctionRuntime:
        function = Function("Odd", "odd", "arn:odd", handler, 1, 128, {"OWN": "x"}, CODE, "JSON", "/odd")
        runtimes.append(FunctionRuntime(function, Logs(tmp_path, verbose=False), "http://127.0.0.1:9"))
        return runtimes[-1]

    yield make
    for runtime in runtimes:
        runtime.stop()


def be(runtime: FunctionRuntime, how: str) -> tuple[str | None, str]:
    outcome = runtime.invoke({"pathParameters": {"how": how}})
    return outcome.error, outcome.payload.decode()


def worker(runtime: FunctionRuntime) -> int:
    error, answer = be(runtime, "pid")
    assert error is None
    return int(json.loads(answer)["body"])


def test_a_worker_is_kept_for_the_next_event_even_after_an_error(make_runtime: MakeRuntime) -> None:
    runtime = make_runtime()
    first = worker(runtime)
    error, answer = be(runtime, "error")
    assert error == "Unhandled"
    assert "the function's own error" in answer
    assert worker(runtime) == first


def test_a_worker_that_exceeds_the_timeout_is_killed_and_replaced(
    make_runtime: MakeRuntime, tmp_path: Path
) -> None:
    runtime = make_runtime()
    first = worker(runtime)
    error, answer = be(runtime, "slow")
    assert error == "Sandbox.Timedout"
    assert "timed out after 1.00 seconds" in answer
    assert worker(runtime) != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert "timed out" in (tmp_path / "Odd.log").read_text()


def test_a_worker_that_crashes_is_replaced(make_runtime: MakeRuntime) -> None:
    runtime = make_runtime()
    first = worker(runtime)
    error, answer = be(runtime, "crash")
    assert error == "Runtime.ExitError"
    assert "status 7" in answer
    assert worker(runtime) != first


def test_busy_workers_get_company_up_to_the_limit(
    make_runtime: MakeRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.runtime.MAX_WORKERS", 2)
    runtime = make_runtime()
    with ThreadPoolExecutor(6) as executor:
        answers = list(executor.map(lambda _: be(runtime, "pause"), range(6)))
    assert [error for error, _ in answers] == [None] * 6
    assert len({json.loads(answer)["body"] for _, answer in answers}) == 2


def test_an_answer_over_the_limit_is_an_error(make_runtime: MakeRuntime) -> None:
    error, _ = be(make_runtime(), "huge")
    assert error == "Function.ResponseSizeTooLarge"


def test_a_function_that_can_not_be_loaded_says_why(make_runtime: MakeRuntime) -> None:
    with pytest.raises(StartError, match="No module named 'no_such_module'"):
        make_runtime("no_such_module.handler").warm()


def test_the_functions_own_words_go_to_its_log(make_runtime: MakeRuntime, tmp_path: Path) -> None:
    runtime = make_runtime()
    worker(runtime)
    runtime.stop()
    assert "being odd: pid" in (tmp_path / "Odd.log").read_text()


def test_a_stopped_runtime_answers_with_an_error(make_runtime: MakeRuntime) -> None:
    runtime = make_runtime()
    runtime.stop()
    assert be(runtime, "pid")[0] == "Stopped"

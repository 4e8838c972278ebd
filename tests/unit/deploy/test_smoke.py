"""The smoke test passes where everything answers, and names what does not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra.deploy.smoke import Answer, SmokeError, smoke

PAGE = Answer(200, "text/html; charset=utf-8", b"<!DOCTYPE html>")
GOOD = {
    ("GET", "/"): PAGE,
    ("GET", "/validate"): PAGE,
    ("GET", "/api/v1/terms"): Answer(200, "application/json", b'{"version": "2026-11-23"}'),
    ("POST", "/api/v1/requests"): Answer(422, "application/problem+json", b'{"code": "invalid_input"}'),
    ("POST", "/api/v1/validations"): Answer(200, "application/json", b'{"verdict": "unknown"}'),
}


def tried(
    answers: Mapping[tuple[str, str], Answer], render: Mapping[str, Any] | Exception | None = None
) -> None:
    def ask(method: str, path: str, sent: Mapping[str, Any] | None) -> Answer:
        json.dumps(sent)
        return answers[method, path]

    def invoke() -> Mapping[str, Any]:
        if isinstance(render, Exception):
            raise render
        return render or {}

    smoke(ask, invoke, patience=0)


def test_a_stage_that_works_passes() -> None:
    tried(GOOD)


@pytest.mark.parametrize("asked", GOOD, ids=" ".join)
def test_each_answer_counts(asked: tuple[str, str]) -> None:
    broken = Answer(502, "application/json", b'{"message": "Internal server error"}')

    with pytest.raises(SmokeError, match=f"{asked[0]} {asked[1]} answered 502"):
        tried({**GOOD, asked: broken})


@pytest.mark.parametrize(
    ("asked", "body", "said"),
    [
        (("GET", "/api/v1/terms"), b"{}", "names no version"),
        (("POST", "/api/v1/requests"), b'{"code": "internal"}', "not told what is missing"),
        (("POST", "/api/v1/validations"), b'{"verdict": "authentic"}', "of nobody is authentic"),
    ],
)
def test_what_is_answered_counts_too(asked: tuple[str, str], body: bytes, said: str) -> None:
    good = GOOD[asked]

    with pytest.raises(SmokeError, match=said):
        tried({**GOOD, asked: Answer(good.status, good.type, body)})


def test_render_that_does_not_load_is_told() -> None:
    with pytest.raises(SmokeError, match="render fails: ImportError"):
        tried(GOOD, SmokeError("render fails: ImportError"))


def test_a_stage_that_takes_a_moment_passes() -> None:
    asked: list[str] = []

    def ask(method: str, path: str, _: Mapping[str, Any] | None) -> Answer:
        asked.append(path)
        return GOOD[method, path] if len(asked) > 1 else Answer(503, "text/plain", b"")

    smoke(ask, dict, patience=5)

    assert asked[:2] == ["/", "/"]

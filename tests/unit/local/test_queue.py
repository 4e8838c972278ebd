"""Which messages of a batch come again."""

import json
from typing import Any

import pytest

from infra.local.queue import failed_messages
from infra.local.runtime import Outcome
from infra.local.stack import QueueSource

SENT = {"a", "b"}


def failed(answer: Any, *, error: str | None = None, partial_failures: bool = True) -> set[str]:
    source = QueueSource("Function", "arn:aws:sqs:us-east-1:1:q", 10, partial_failures)
    return failed_messages(Outcome(json.dumps(answer).encode(), error), source, SENT)


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_all_is_well_where_no_failures_are_named(answer: Any) -> None:
    assert failed(answer) == set()


def test_the_named_ones_fail() -> None:
    assert failed({"batchItemFailures": [{"itemIdentifier": "b"}]}) == {"b"}


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        [1],
        {"batchItemFailures": [{"itemIdentifier": "unknown"}]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"item": "a"}]},
        {"batchItemFailures": "a"},
    ],
)
def test_all_fail_where_the_answer_makes_no_sense(answer: Any) -> None:
    assert failed(answer) == SENT


def test_all_fail_after_an_error() -> None:
    assert failed({}, error="Unhandled") == SENT


def test_without_partial_failures_the_answer_does_not_matter() -> None:
    assert failed({"batchItemFailures": [{"itemIdentifier": "b"}]}, partial_failures=False) == set()

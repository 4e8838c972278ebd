"""What the limiter does when other callers keep getting in its way."""

import time
from datetime import timedelta
from typing import Any, cast

import pytest

from constancia.adapters.limiter import DynamoAttemptLimiter
from constancia.domain.certificate import PersonKey
from constancia.domain.ports import StoreConflictError
from tests.fakes import FakeClock


class ContestedTable:
    """A DynamoDB client for which the first conditions never hold."""

    class exceptions:  # noqa: N801 - boto3's name
        class ConditionalCheckFailedException(Exception):  # noqa: N818 - boto3's name
            pass

    def __init__(self, lost: int) -> None:
        self.lost = lost
        self.updates: list[str] = []

    def update_item(self, **call: Any) -> dict[str, Any]:
        self.updates.append(call["UpdateExpression"])
        if len(self.updates) <= self.lost:
            raise self.exceptions.ConditionalCheckFailedException
        return {}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; how long the pauses would have been."""
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


def record_failure(client: ContestedTable) -> None:
    limiter = DynamoAttemptLimiter(
        cast(Any, client), "table", FakeClock(), limit=3, window=timedelta(minutes=15)
    )
    limiter.record_failure([PersonKey("aa" * 32)])


def test_a_failure_that_others_got_in_the_way_of_is_counted_at_the_next_attempt(pauses: list[float]) -> None:
    client = ContestedTable(lost=2)

    record_failure(client)

    assert (len(client.updates), len(pauses)) == (3, 1)


def test_it_gives_up_after_a_few_attempts(pauses: list[float]) -> None:
    client = ContestedTable(lost=1000)

    with pytest.raises(StoreConflictError):
        record_failure(client)

    assert (len(client.updates), len(pauses)) == (12, 5)

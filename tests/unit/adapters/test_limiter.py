"""What the limiter does when others, or the network, get in its way."""

import logging
import time
from datetime import timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from constancia.adapters.limiter import DynamoLimiter
from constancia.domain.certificate import PersonKey
from constancia.domain.errors import ErrorCode
from constancia.domain.ports import StoreConflictError
from tests.builders import NOW
from tests.fakes import FakeClock

SUBJECT = PersonKey("aa" * 32)


class ContestedTable:
    """A DynamoDB client for which the first conditions never hold, and which may break."""

    class exceptions:  # noqa: N801 - boto3's name
        class ConditionalCheckFailedException(ClientError):  # noqa: N818 - boto3's name
            pass

    def __init__(self, lost: int = 0, breaks: Exception | None = None) -> None:
        self.lost = lost
        self.breaks = breaks
        self.updates: list[str] = []

    def update_item(self, **call: Any) -> dict[str, Any]:
        self.updates.append(call["UpdateExpression"])
        if self.breaks:
            raise self.breaks
        if len(self.updates) <= self.lost:
            # A window that runs, then one that ended while we looked.
            until = int(NOW.timestamp()) + (60 if len(self.updates) % 2 else 0)
            item = {"taken": {"N": "1"}, "expires_at": {"N": str(until)}}
            raise self.exceptions.ConditionalCheckFailedException(cast(Any, {"Item": item}), "UpdateItem")
        return {}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; how long the pauses would have been."""
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


def a_limiter(client: ContestedTable) -> DynamoLimiter:
    return DynamoLimiter(
        cast(Any, client),
        "table",
        FakeClock(),
        kind="ATTEMPTS",
        window=lambda at: at + timedelta(minutes=15),
        refusal=ErrorCode.TOO_MANY_ATTEMPTS,
    )


def test_a_count_that_others_got_in_the_way_of_is_taken_at_the_next_attempt(pauses: list[float]) -> None:
    client = ContestedTable(lost=2)

    a_limiter(client).reserve({SUBJECT: 3})

    assert (len(client.updates), len(pauses)) == (3, 1)


def test_it_gives_up_after_a_few_attempts(pauses: list[float]) -> None:
    client = ContestedTable(lost=1000)

    with pytest.raises(StoreConflictError):
        a_limiter(client).reserve({SUBJECT: 3})

    assert (len(client.updates), len(pauses)) == (12, 5)


def test_nobody_passes_whom_nobody_could_count() -> None:
    with pytest.raises(ReadTimeoutError):
        a_limiter(ContestedTable(breaks=ReadTimeoutError(endpoint_url="table"))).reserve({SUBJECT: 3})


@pytest.mark.parametrize(
    ("trouble", "named"),
    [
        (ReadTimeoutError(endpoint_url="table"), "ReadTimeoutError"),
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem"), "AccessDeniedException"),
    ],
)
def test_a_count_that_can_not_be_given_back_stops_nobody(
    trouble: Exception, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    a_limiter(ContestedTable(breaks=trouble)).give_back({SUBJECT: 1, PersonKey("bb" * 32): 1})

    assert caplog.text.count(named) == 2
    assert SUBJECT not in caplog.text

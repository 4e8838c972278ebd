"""Counting failed attempts at identity in the table."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from constancia.adapters.table import NEW, Table, attempts, epoch
from constancia.domain.certificate import PersonKey
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.ports import Clock, StoreConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAttemptLimiter:
    """Port `AttemptLimiter`: after `limit` failures a subject waits until `window` has passed since the last.

    A failure counts until the window has passed without another one. The item's time to live is the window
    itself, so nothing is left of those who gave up.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, clock: Clock, *, limit: int, window: timedelta
    ) -> None:
        self._table = Table(client, table)
        self._clock = clock
        self._limit = limit
        self._window = window

    def check(self, subjects: Sequence[PersonKey]) -> None:
        """Let pass whoever has failed less than `limit` times.

        Raises:
            DomainError: `TOO_MANY_ATTEMPTS`, with the seconds until the last of the subjects is free again.
        """
        waits = [wait for subject in subjects if (wait := self._wait(subject)) > 0]
        if waits:
            raise DomainError(ErrorCode.TOO_MANY_ATTEMPTS, retry_after_seconds=max(waits))

    def record_failure(self, subjects: Sequence[PersonKey]) -> None:
        """Count one failure of each, and let the window begin anew.

        Raises:
            StoreConflictError: others kept getting in the way.
        """
        for subject in subjects:
            # Both writes fail only while another caller turns one case into the other.
            if not any(self._count_on(subject) or self._count_anew(subject) for _ in attempts()):
                raise StoreConflictError("others kept counting for the same")

    def _wait(self, subject: PersonKey) -> int:
        attempts = self._table.get(_key(subject)) or {"failures": 0}
        if attempts["failures"] < self._limit:
            return 0
        return int(attempts["expires_at"]) - epoch(self._clock())

    def _count_on(self, subject: PersonKey) -> bool:
        return self._count(subject, "SET expires_at = :until ADD failures :one", "expires_at > :now")

    def _count_anew(self, subject: PersonKey) -> bool:
        # The item of an ended window may still be there: time to live removes it late.
        return self._count(
            subject, "SET expires_at = :until, failures = :one", f"{NEW} OR expires_at <= :now"
        )

    def _count(self, subject: PersonKey, update: str, condition: str) -> bool:
        now = self._clock()
        values = {":now": epoch(now), ":until": epoch(now + self._window), ":one": 1}
        return self._table.update(_key(subject), update, values, condition) is not None


def _key(subject: PersonKey) -> str:
    return f"ATTEMPTS#{subject}"

"""Counting in the table what each subject may do so often only: a count that is taken before it is used."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from constancia.adapters.aws import trouble_of
from constancia.adapters.table import NEW, Table, attempts, epoch
from constancia.domain.certificate import PersonKey
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.ports import Clock, Reservation, StoreConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

logger = logging.getLogger(__name__)


class DynamoLimiter:
    """Port `Limiter`: one item a subject, with what is taken in its window and the window's end.

    Every write has a condition, so that of a hundred callers at once no more pass than may. The item's time
    to live is the window itself: nothing is left of those who come no more, nor of a caller who died on the
    way.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        clock: Clock,
        *,
        kind: str,
        window: Callable[[datetime], datetime],
        refusal: ErrorCode,
    ) -> None:
        """`kind` begins the items' keys; `window` tells when a window ends that begins at a moment."""
        self._table = Table(client, table)
        self._clock = clock
        self._kind = kind
        self._window = window
        self._refusal = refusal

    def reserve(self, shares: Mapping[PersonKey, int]) -> Reservation:
        """Take one of each share, in their order; what was taken before a refusal is given back.

        Raises:
            DomainError: the limiter's refusal, with the seconds until that subject's window ends.
            StoreConflictError: others kept getting in the way.
        """
        taken: Reservation = {}
        try:
            for subject, share in shares.items():
                taken = {**taken, subject: self._take(subject, share)}
        except Exception:
            self.give_back(taken)
            raise
        return taken

    def give_back(self, reservation: Reservation) -> None:
        """Take one off each count whose window still runs.

        A count that can't be given back is told to the log alone: it ends with its window, and what it was
        taken for is worth more than the count.
        """
        for subject, until in reservation.items():
            try:
                self._table.update(
                    self._key(subject),
                    "SET taken = taken - :one",
                    {":one": 1, ":none": 0, ":until": until},
                    "expires_at = :until AND taken > :none",
                )
            except (BotoCoreError, ClientError) as error:
                logger.warning("a count of %s was not given back: %s", self._kind, trouble_of(error))

    def _take(self, subject: PersonKey, share: int) -> int:
        """Count one, and tell when the window ends that it counts in."""
        for _ in attempts():
            now = self._clock()
            begun = epoch(self._window(now))
            running = self._begin(subject, epoch(now), begun)
            if running is None:
                return begun
            if running["taken"] < share:
                until: int = running["expires_at"]
                running = self._count_on(subject, until, share)
                if running is None:
                    return until
            if running.get("expires_at", 0) > epoch(now) and running["taken"] >= share:
                raise DomainError(self._refusal, retry_after_seconds=running["expires_at"] - epoch(now))
            # The window ended, or was emptied, between the two writes.
        raise StoreConflictError("others kept counting for the same")

    def _begin(self, subject: PersonKey, now: int, until: int) -> dict[str, Any] | None:
        # The item of a window that ended may still be there: time to live removes it late.
        return self._table.claim(
            self._key(subject),
            "SET expires_at = :until, taken = :one",
            {":until": until, ":one": 1, ":now": now},
            f"{NEW} OR expires_at <= :now",
        )

    def _count_on(self, subject: PersonKey, until: int, share: int) -> dict[str, Any] | None:
        return self._table.claim(
            self._key(subject),
            "SET taken = taken + :one",
            {":one": 1, ":until": until, ":share": share},
            "expires_at = :until AND taken < :share",
        )

    def _key(self, subject: PersonKey) -> str:
        return f"{self._kind}#{subject}"

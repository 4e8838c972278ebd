"""Remembering in the table what was sent under an idempotency key: keyed hashes and a request's id."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from constancia.adapters.table import NEW, Item, Table, epoch, marshal
from constancia.domain.certificate import PersonKey, RequestId
from constancia.domain.ports import Clock, Sending, SendingKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR: Final = timedelta(days=1)
NOT_SENT: Final = f"{NEW} OR expires_at <= :now"
"""On what condition something may be written under a key."""


def sending_item(sent: SendingKey, request_id: RequestId, now: datetime) -> Item:
    """What was sent under a key at a moment, and the request that came of it."""
    return marshal(
        {
            "pk": _key(sent.key),
            "fingerprint": sent.fingerprint,
            "request_id": request_id,
            "expires_at": epoch(now + KEPT_FOR),
        }
    )


class DynamoSendings:
    """Port `Sendings` over the table; the time to live removes what is a day old."""

    def __init__(self, client: "DynamoDBClient", table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def find(self, key: PersonKey) -> Sending | None:
        """Read what stands under a key."""
        values = self._table.get(_key(key))
        if values is None or values["expires_at"] <= epoch(self._clock()):
            return None
        return Sending(PersonKey(values["fingerprint"]), RequestId(values["request_id"]))

    def keep(self, key: PersonKey, sending: Sending) -> None:
        """Write it, unless something stands there that has not expired."""
        now = self._clock()
        self._table.update(
            _key(key),
            "SET fingerprint = :fingerprint, request_id = :request_id, expires_at = :until",
            {
                ":fingerprint": sending.fingerprint,
                ":request_id": sending.request_id,
                ":until": epoch(now + KEPT_FOR),
                ":now": epoch(now),
            },
            condition=NOT_SENT,
        )


def _key(key: PersonKey) -> str:
    return f"IDEM#{key}"

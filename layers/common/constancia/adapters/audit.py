"""The audit trail in a table of its own, to which the functions can add and do nothing else.

The table has two keys: `pk` (`CERT#<code>`, as the certificate's in the data bank) and `moment`, the time of
the entry and 128 random bits. So a code's entries are read in their order, and no function can name, and so
write over, an entry that is there (docs/adr/0150).
"""

from collections.abc import Callable
from datetime import UTC, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Protocol

from constancia.adapters.items import certificate_key
from constancia.adapters.table import NEW, Item, Table, Write, epoch, marshal
from constancia.domain.audit import Entry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Correlation = Callable[[], str | None]
"""Tells the id of the call that is being served, if any."""

_DAYS_A_YEAR = 365.25


class AuditSettings(Protocol):
    """What every function is told of the trail; template.yaml gives the values."""

    @property
    def audit_table(self) -> str:
        """The table's name."""

    @property
    def audit_years(self) -> int:
        """How long entries are kept."""

    @property
    def audit_unknown_days(self) -> int:
        """The same of those whose code is no certificate's."""


class DynamoAuditTrail:
    """Port `AuditTrail`. Time to live ends an entry, sooner where its code is no certificate's."""

    def __init__(self, client: "DynamoDBClient", settings: AuditSettings, correlation: Correlation) -> None:
        self._table = Table(client, settings.audit_table)
        self._correlation = correlation
        self._kept = timedelta(days=_DAYS_A_YEAR * settings.audit_years)
        self._unknown_kept = timedelta(days=settings.audit_unknown_days)

    def record(self, entry: Entry) -> None:
        """Put one item."""
        self._table.add(self._item(entry))

    def part(self, entry: Entry) -> Write:
        """The part of a transaction that adds an entry: what it is about happens with it or not at all."""
        return self._table.put(self._item(entry), NEW)

    def _item(self, entry: Entry) -> Item:
        at = entry.at.astimezone(UTC)
        kept = self._kept if entry.known else self._unknown_kept
        return marshal(
            {
                "pk": certificate_key(entry.code),
                "moment": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z#{token_hex(16)}",
                "act": entry.act,
                "caller_role": entry.role,
                "outcome": entry.outcome,
                "source_key": entry.source,
                "correlation_id": self._correlation(),
                "expires_at": epoch(entry.at + kept),
            }
        )

"""The audit trail in a table of its own, to which the functions can add and do nothing else.

The table has two keys: `pk` (`CERT#<code>`, as the certificate's in the data bank) and `moment`, the time of
the entry and 128 random bits. So a code's entries are read in their order, and no function can name, and so
write over, an entry that is there (docs/adr/0150). What operators look at stands under `LOOK#<code>`, for
whoever reads the one kind adds the other alone (docs/adr/0170); what is of no single certificate, under the
code `ALL`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Protocol

from constancia.adapters.table import NEW, Item, Table, Write, epoch, marshal
from constancia.domain.audit import Entry
from constancia.domain.virtual_code import VirtualCode

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Correlation = Callable[[], str | None]
"""Tells the id of the call that is being served, if any."""

_DAYS_A_YEAR = 365.25
_PAGE = 200


def trail_key(code: VirtualCode | None, *, looks: bool) -> str:
    """Where the entries of a code are: what was done, or what operators looked at."""
    return f"{'LOOK' if looks else 'CERT'}#{code or 'ALL'}"


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
                "pk": trail_key(entry.code, looks=entry.look),
                "moment": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z#{token_hex(16)}",
                "act": entry.act,
                "caller_role": entry.role,
                "outcome": entry.outcome,
                "source_key": entry.source,
                "operator_arn": entry.operator.identity if entry.operator else None,
                "ticket": entry.operator.ticket if entry.operator else None,
                "grounds": entry.grounds,
                "correlation_id": self._correlation(),
                "expires_at": epoch(entry.at + kept),
            }
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as it stands in the trail, by the names of its attributes."""

    at: datetime
    act: str
    caller_role: str
    outcome: str
    source_key: str | None
    correlation_id: str | None
    operator_arn: str | None
    ticket: str | None
    grounds: str | None


class DynamoAuditReader:
    """The trail as operators read it. The random bits of an entry's key are told to nobody."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def entries(self, code: VirtualCode | None, *, looks: bool) -> Iterator[Recorded]:
        """The entries of a code, oldest first, read page by page as they are taken."""
        key = {":pk": trail_key(code, looks=looks)}
        for item in self._table.query(None, "pk = :pk", key, _PAGE):
            yield Recorded(
                at=datetime.fromisoformat(item["moment"].partition("#")[0]),
                act=item["act"],
                caller_role=item["caller_role"],
                outcome=item["outcome"],
                source_key=item.get("source_key"),
                correlation_id=item.get("correlation_id"),
                operator_arn=item.get("operator_arn"),
                ticket=item.get("ticket"),
                grounds=item.get("grounds"),
            )

"""The audit trail: who came to a certificate, in which role, what for, when, from where, and what came of it.

An entry names nobody. The certificate stands there by its code, the caller by a keyed hash of the source
address that holds for one day: entries of a day can be compared, those of two days can't (docs/adr/0150).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from constancia.domain.certificate import PersonKey
from constancia.domain.network import household
from constancia.domain.operator import Operator
from constancia.domain.ports import Clock, PersonHasher
from constancia.domain.virtual_code import VirtualCode


class Role(StrEnum):
    """As what somebody came. Who shows something else one day (a key, an identity) is another role."""

    PUBLIC = "public"
    """With the code alone."""
    DOCUMENT = "document"
    """With the code and the number of the holder's document, or what was taken for it."""
    TOKEN = "token"  # noqa: S105 - a role
    """With the QR's token, or what was taken for it."""
    FILE = "file"
    """With the file's digest."""
    GRANT = "grant"
    """With a link that a page of ours gave."""
    REQUESTER = "requester"
    """Who asked for the certificate, or has the id of the request."""
    PLATFORM = "platform"
    """Nobody from outside."""
    OPERATOR = "operator"
    """Somebody who works for the platform, with an identity of the AWS account."""


class Act(StrEnum):
    """What was asked for, or done."""

    VERIFY = "verify"
    OPEN = "open"
    """To see the whole content."""
    CHECK_FILE = "check_file"
    DOWNLOAD = "download"
    FOLLOW = "follow"
    """To see what became of a request: its code, and a right to download."""
    REQUEST = "request"
    ISSUE = "issue"
    SUPERSEDE = "supersede"
    HOLD = "hold"
    ANNUL = "annul"

    # Of operators alone
    SHOW = "show"
    LIST = "list"
    """To see what waits, or the dead letters: of no single certificate."""
    READ_TRAIL = "read_trail"
    CHECK = "check"
    """To hold files against records."""
    REISSUE = "reissue"
    RESEND = "resend"
    REDRIVE = "redrive"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the trail."""

    code: VirtualCode | None
    """None: of no single certificate, as when an operator lists what waits."""
    at: datetime
    role: Role
    act: Act
    outcome: str
    """A verdict, a state, the precise code of a refusal, or why it is held; in lower case."""
    source: PersonKey | None = None
    """`source_of` the caller's address; None where nobody called."""
    known: bool = True
    """Whether there is a certificate under the code. What anybody can make up is not kept for years."""
    operator: Operator | None = None
    """With the role OPERATOR, and with it alone."""
    grounds: str | None = None
    """Why an operator did it, from a closed list."""
    look: bool = False
    """An operator only looked: such entries stand apart, where who looks can't read (docs/adr/0170)."""


class AuditTrail(Protocol):
    """Where entries go. Nothing that writes there can read, change or delete what is there."""

    def record(self, entry: Entry) -> None:
        """Add an entry.

        Raises whatever keeps it from being written: then what it is about must not be given.
        """


def source_of(hasher: PersonHasher, source_address: str, at: datetime) -> PersonKey:
    """What stands for an address on one day (of UTC)."""
    day = at.astimezone(UTC).date().isoformat()
    return hasher.key("audited-source", day, household(source_address))


@dataclass(frozen=True, slots=True)
class Witness:
    """Writes down what callers of the public functions ask of certificates."""

    trail: AuditTrail
    hasher: PersonHasher
    clock: Clock

    def saw(
        self,
        code: VirtualCode,
        act: Act,
        role: Role,
        outcome: str,
        source_address: str,
        *,
        known: bool = True,
    ) -> None:
        """Record it, now. To be called before anything of the answer is given.

        Raises whatever the trail does.
        """
        now = self.clock()
        source = source_of(self.hasher, source_address, now)
        self.trail.record(Entry(code, now, role, act, outcome, source, known))

"""Who works for the platform, as the audit trail names them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """By whose hand, and in which case."""

    identity: str
    """The ARN that AWS knows the caller by."""
    ticket: str | None = None
    """The number of the case (`constancia.domain.operations.parse_ticket`); None for a look without one."""

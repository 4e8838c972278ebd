"""What the routes of request are given."""

from dataclasses import dataclass

from constancia.domain.eligibility import Policy
from constancia.domain.emblems import DEFAULT_EMBLEM
from constancia.domain.ports import Clock
from constancia.web.journal import Journal
from request.intake import Intake
from request.progress import Tracker
from request.wizard.draft import DraftCodec


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept, for the page on personal data. In days, if nothing else is said."""

    request: int
    held: int
    logs: int
    lockout_minutes: int
    audit_years: int
    audit_unknown: int


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, and what pages say of the rules."""

    intake: Intake
    tracker: Tracker
    drafts: DraftCodec
    policy: Policy
    journal: Journal
    clock: Clock
    contact_email: str
    """Where people write about the service and their personal data."""
    retention: Retention
    demo: bool
    """Whether this site is a demonstration."""
    emblem: str = DEFAULT_EMBLEM
    """The name of the emblem that pages show."""

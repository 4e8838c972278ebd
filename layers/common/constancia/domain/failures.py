"""Why a certificate could not be made. Operators look a reason up in docs/dead-letters.md."""

from dataclasses import dataclass
from enum import StrEnum


class FailureReason(StrEnum):
    """Stable: a reason may be added, never renamed; messages in the dead-letter queue carry it."""

    # The request's own: it fails alike however often it is tried.
    UNPRINTABLE_TEXT = "UNPRINTABLE_TEXT"
    """The content has a character that the embedded faces lack."""
    OVERSIZE = "OVERSIZE"
    """The content has something that can't be divided and fits no page."""
    SEAL_INVALID = "SEAL_INVALID"
    """The finished file does not verify, or key and chain can't make one that does."""
    UNREADABLE_MESSAGE = "UNREADABLE_MESSAGE"
    """The message is none of ours."""

    # What several tries did not mend.
    UNEXPECTED = "UNEXPECTED"
    """A fault of our code with this request."""
    UNFINISHED = "UNFINISHED"
    """Sent to render for a day, and never brought to an end: it may be ended itself each time."""
    PLATFORM = "PLATFORM"
    """What render stands on: AWS, the time stamp, or the settings of the seal."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A reason, and what exactly it was and how to mend it. Names nobody and quotes no content."""

    reason: FailureReason
    detail: str

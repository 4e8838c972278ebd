"""What becomes of a message that render could not serve: it comes again, or goes to the dead letters.

A request that fails alike however often it is tried is *held*: its message lies with the dead letters, its
page says so, and nobody sends it again but an operator who mended what was wrong. Trouble of the platform
holds nothing: SQS brings the message again, and after that the sweep, until it is over (ADR 0080).
"""

import traceback
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from constancia.adapters.aws import trouble_of
from constancia.adapters.mail import MailNotSentError
from constancia.adapters.queue import RenderMessage
from constancia.domain.certificate import RequestId
from constancia.domain.failures import Failure, FailureReason
from constancia.domain.ports import CertificateStore, Clock, DeadLetters, StoreConflictError
from render.document import OversizeError, UnprintableTextError
from render.seal import SealError, SealFault

_MAY_PASS: Final = frozenset({SealFault.CHAIN_MISSING, SealFault.CHAIN_UNREADABLE, SealFault.TIME_STAMP})
"""What keeps a certificate from being sealed and may be over at the next try."""


class UnreadableMessageError(ValueError):
    """The message is none of ours. Tells nothing of it: nobody knows what it holds."""


class OutOfTimeError(Exception):
    """Those before it in its batch left too little of the function's time to begin a message."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it came this time."""

    body: str
    request_id: RequestId | None
    """`None` where the message can't be read."""
    receives: int
    """How often it has come, this time included."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What was given up, and whether a request is held for it."""

    failure: Failure
    held: bool


@dataclass(frozen=True, slots=True)
class LastResort:
    """The way out for what can't be served.

    First the message lies with the dead letters, then the request is held, and only then is the message taken
    from the queue. After a crash between any two the message comes again: at worst it lies there twice, and
    moving both back makes one certificate.
    """

    store: CertificateStore
    dead_letters: DeadLetters
    clock: Clock
    receives: int
    """After so many the queue itself would give the message up, without a reason."""
    held: timedelta
    """How long operators have to mend what is wrong."""

    def take(self, delivery: Delivery, error: Exception) -> GivenUp | None:
        """Give a message up, if there is no use in another try; `None`: let it come again."""
        failure = diagnose(error)
        if failure is None and delivery.receives >= self.receives:
            failure = exhausted(error)
        if failure is None:
            return None
        now = self.clock()
        self.dead_letters.put(delivery.body, failure, now)
        held = (
            delivery.request_id is not None
            and failure.reason is not FailureReason.PLATFORM
            and self.store.hold(delivery.request_id, failure.reason, now + self.held)
        )
        return GivenUp(failure, held)

    def abandon(self, request_id: RequestId) -> None:
        """Give up a request that no delivery brought to an end, and hold it for operators."""
        detail = "sent for a day in vain: look for time-outs and memory in the function's log"
        failure, now = Failure(FailureReason.UNFINISHED, detail), self.clock()
        self.dead_letters.put(RenderMessage(request_id).text, failure, now)
        self.store.hold(request_id, failure.reason, now + self.held)


def diagnose(error: Exception) -> Failure | None:
    """Say what no other try mends, and how to mend it; `None` where another try may do."""
    match error:
        case UnprintableTextError():
            detail = (
                f"U+{ord(error.character):04X} is not in the embedded faces: extend scripts/make-fonts; "
                "if the registry has it by mistake, it is mended there and asked for anew"
            )
            return Failure(FailureReason.UNPRINTABLE_TEXT, detail)
        case OversizeError():
            detail = (
                f"something that can't be divided fits no page ({place(error)}): let it flow in layout.py"
            )
            return Failure(FailureReason.OVERSIZE, detail)
        case SealError() if error.reason not in _MAY_PASS:
            return Failure(FailureReason.SEAL_INVALID, str(error))
        case UnreadableMessageError():
            return Failure(
                FailureReason.UNREADABLE_MESSAGE, "not a message of ours: see who sends to the queue"
            )
        case _:
            return None


def exhausted(error: Exception) -> Failure:
    """Say what the last of several tries failed with: trouble of the platform, or a fault of our code."""
    if trouble := trouble_of(error):
        return Failure(FailureReason.PLATFORM, f"{trouble} at {place(error)}")
    match error:
        case SealError():
            return Failure(FailureReason.PLATFORM, f"the seal: {error}")
        case OutOfTimeError():
            return Failure(
                FailureReason.PLATFORM, "AWS or the time stamp authority was so slow that no try was begun"
            )
        case MailNotSentError():
            return Failure(FailureReason.PLATFORM, f"SES: {error}")
        case StoreConflictError():
            return Failure(FailureReason.PLATFORM, f"the data bank: {error}")
        case _:
            return Failure(FailureReason.UNEXPECTED, f"{type(error).__name__} at {place(error)}")


def facts_of(error: Exception) -> dict[str, Any]:
    """What may be logged of an exception: its type and its places. Its message may quote personal data."""
    return {"error": type(error).__name__, "where": _places(error)}


def place(error: Exception) -> str:
    """Where it was raised."""
    return next(reversed(_places(error)), "unknown")


def _places(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]

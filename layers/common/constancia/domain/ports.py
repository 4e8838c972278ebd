"""What the domain needs of the outside, other than the registries (`constancia.domain.registries`)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.certificate import Certificate, CertificateRequest, MailState, PersonKey, RequestId
from constancia.domain.failures import Failure, FailureReason
from constancia.domain.identity import IdentityDocument
from constancia.domain.operator import Operator
from constancia.domain.virtual_code import VirtualCode

type Clock = Callable[[], datetime]
"""The present, in UTC, with its time zone."""

NUDGE_INTERVAL: Final = timedelta(minutes=1)
"""How often a request that waits may be queued again by those who ask for it."""


class PersonHasher(Protocol):
    """Turns identifiers of persons into keyed hashes, for keys and logs."""

    def key(self, purpose: str, *parts: str) -> PersonKey:
        """HMAC-SHA-256 over the purpose and the parts; different purposes never give linkable keys."""

    def person(self, document: IdentityDocument) -> PersonKey:
        """The key of a person, by document."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Outcome of accepting a request: its id, and whether another one already stood in its place."""

    request_id: RequestId
    existed: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A request that is not issued, or whose mail has no outcome."""

    request_id: RequestId
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SendingKey:
    """An idempotency key and the content that came with it, both as keyed hashes."""

    key: PersonKey
    fingerprint: PersonKey


class CertificateStore(Protocol):
    """The data bank `db_micertificado`. Every change of state is a conditional write.

    None happens without its entry in the audit trail (`constancia.domain.audit`).

    Reads see every write that ended before them. What expired reads as `None`, however late the store
    removes it: requests, and certificates that were never issued.
    """

    def next_number(self, year: int) -> str:
        """Take the next correlative number of a year; numbers may have gaps, never doubles."""

    def accept(
        self,
        certificate: Certificate,
        request: CertificateRequest,
        same_request: PersonKey,
        until: datetime,
        *,
        sent: SendingKey | None = None,
        source: PersonKey | None = None,
    ) -> Accepted:
        """Write both in one transaction, unless another request stands under the same key: then that one.

        `same_request` stands for applicant, student, modality and level, until the given time. A request
        whose mail was refused stands no longer, so that the person may ask again with the right address; nor
        does one whose certificate was superseded or annulled since, nor one that is held: what the registries
        say may be right by now.
        Accepting the same request again changes nothing.
        `source` stands for the applicant's address in the audit trail (`constancia.domain.audit.source_of`).
        `sent` is the idempotency key that it was sent under, if any. What comes of it is kept in the same
        transaction, so that whoever had no answer gets this one; what came of it before is answered.

        Raises:
            DomainError: IDEMPOTENCY_KEY_REUSED, under which another content was accepted.
            StoreConflictError: the code or the id is taken.
        """

    def standing(self, same_request: PersonKey) -> RequestId | None:
        """The request that `accept` would answer instead of another one under the key."""

    def certificate(self, code: VirtualCode) -> Certificate | None:
        """One read. A certificate that is not issued when its request expires is forgotten with it."""

    def request(self, request_id: RequestId) -> CertificateRequest | None:
        """One read."""

    def by_digest(self, sha256: str) -> VirtualCode | None:
        """The code of the certificate whose file has this digest."""

    def issue(self, certificate: Certificate, request: CertificateRequest, sha256: str) -> Certificate:
        """Issue in one transaction and answer how the certificate stands now.

        The certificate becomes ISSUED with its digest, the one that its holder had for the same modality and
        levels becomes SUPERSEDED by it, the digest is indexed, the token forgotten, the request's state set;
        a held request is held no longer.
        The request lives for a day more at least, so that there is time for its mail.
        Of two certificates the later one stands, by number (which no clock decides), in whatever order they
        are drawn: the earlier one, drawn late, becomes SUPERSEDED at once.
        One that an operator had made anew stands in the place of its original, and in no better one: where
        that was superseded or annulled meanwhile, so is this at once.

        Only PENDING changes: issuing again answers what stands, be it superseded or annulled since.

        Raises:
            StoreConflictError: the certificate or its request is gone, or others kept winning the race.
        """

    def hold(self, request_id: RequestId, reason: FailureReason, until: datetime) -> bool:
        """Keep a PENDING request, and its certificate, for operators to mend; false where there is none.

        Neither the sweep nor a nudge sends it again. Being held for the first time lets it live until the
        given time, if that is later than its own; being held again changes the reason alone.

        Raises:
            StoreConflictError: others kept changing it.
        """

    def annul(self, code: VirtualCode, reason: AnnulmentReason, by: Operator) -> bool:
        """Turn an ISSUED certificate into an ANNULLED one; false where there is none in that state."""

    def record_mail(self, request_id: RequestId, outcome: MailState) -> None:
        """Keep what became of the mail, once; e-mail and phone are erased with it."""

    def claim_nudge(self, request_id: RequestId, now: datetime) -> bool:
        """True for one caller each `NUDGE_INTERVAL`, while the request is PENDING and not held."""

    def pending_since(self, moment: datetime) -> Iterator[Unfinished]:
        """Requests made before a moment that are not issued, or whose mail has no outcome; oldest first.

        Without those that are held.
        Read page by page as they are taken.
        """


class StoreConflictError(Exception):
    """A write found the store in a state that it can't start from. Trying the whole step again may help."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What was sent once under an idempotency key: a keyed hash of the content, and what came of it."""

    fingerprint: PersonKey
    request_id: RequestId


class Sendings(Protocol):
    """What was sent under an idempotency key, kept for a day."""

    def find(self, key: PersonKey) -> Sending | None:
        """One read; an expired one is none."""

    def keep(self, key: PersonKey, sending: Sending) -> None:
        """Keep the first under a key; another one changes nothing."""


type Reservation = Mapping[PersonKey, int]
"""What a limiter counted: of each subject the end of the window that it counts in, in seconds since 1970."""


class Limiter(Protocol):
    """Lets each subject do something so often within a window of time, which begins with the first.

    What may be refused later is counted first: so no more pass than may, however many come at once.
    """

    def reserve(self, shares: Mapping[PersonKey, int]) -> Reservation:
        """Count one for each subject, of which it may have so many; or for none of them.

        Raises:
            DomainError: what the limiter refuses with, and the seconds to wait, when one has its share.
        """

    def give_back(self, reservation: Reservation) -> None:
        """Count one less for each, where the window still runs. Raises nothing: a count ends by itself."""


class FileLinks(Protocol):
    """The way to download the certificates' files."""

    def download_url(self, code: VirtualCode, sha256: str, filename: str) -> str:
        """A presigned link that downloads the file under a name, for a short time."""


class FileStore(FileLinks, Protocol):
    """The bucket of the certificates' files."""

    def put(self, code: VirtualCode, sha256: str, pdf: bytes) -> None:
        """Store a file under its code and its own digest; the same bytes may be put again.

        So the bytes behind a certificate are those whose digest it holds, whatever else was ever put.
        A file that is not kept goes away by itself after some weeks.
        """

    def keep(self, code: VirtualCode, sha256: str) -> None:
        """Keep a file for good: a record names it now. Doing it again changes nothing."""


class RenderQueue(Protocol):
    """The way to render."""

    def send(self, request_id: RequestId) -> None:
        """Ask for a request to be drawn, issued and mailed. The message names nobody."""


class DeadLetters(Protocol):
    """The queue of what render gave up, for operators."""

    def put(self, message: str, failure: Failure, at: datetime) -> None:
        """Lay a message there as it came, so that it may be sent back as it is, with what was wrong."""


class MailOutcome(StrEnum):
    """What the mail service said."""

    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


class Mailer(Protocol):
    """SES."""

    def send(self, mail: Mail) -> MailOutcome:
        """Hand a mail over. Raises on everything that another try may mend."""

"""What the domain needs of the outside, other than the registries (`constancia.domain.registries`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from constancia.domain.certificate import Certificate, CertificateRequest, MailState, PersonKey, RequestId
from constancia.domain.identity import IdentityDocument
from constancia.domain.virtual_code import VirtualCode

type Clock = Callable[[], datetime]
"""The present, in UTC, with its time zone."""


class PersonHasher(Protocol):
    """Turns identifiers of persons into keyed hashes, for keys and logs."""

    def key(self, purpose: str, *parts: str) -> PersonKey:
        """HMAC-SHA-256 over the purpose and the parts; different purposes never give linkable keys."""

    def person(self, document: IdentityDocument) -> PersonKey:
        """The key of a person, by document."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Outcome of accepting a request: its id, and whether it already stood there."""

    request_id: RequestId
    existed: bool


class CertificateStore(Protocol):
    """The data bank `db_micertificado`. Every change of state is a conditional write."""

    def next_number(self, year: int) -> str:
        """Take the next correlative number of a year; numbers may have gaps, never doubles."""

    def accept(
        self, certificate: Certificate, request: CertificateRequest, same_request: PersonKey, until: datetime
    ) -> Accepted:
        """Write both in one transaction, unless a request under the same key still stands.

        `same_request` stands for applicant, student, modality and level, until the given time.
        """

    def certificate(self, code: VirtualCode) -> Certificate | None:
        """One read."""

    def request(self, request_id: RequestId) -> CertificateRequest | None:
        """One read; an expired request is none."""

    def by_digest(self, sha256: str) -> VirtualCode | None:
        """The code of the certificate whose sealed file has this digest."""

    def issue(self, certificate: Certificate, request: CertificateRequest, sha256: str) -> None:
        """Issue in one transaction: the certificate becomes ISSUED with its digest, the one that the holder
        had for the same modality and level becomes SUPERSEDED, the digest is indexed, the token forgotten.

        Doing it again changes nothing.
        """

    def record_mail(self, request_id: RequestId, outcome: MailState) -> None:
        """Keep what became of the mail; e-mail and phone are erased with it."""

    def pending_since(self, moment: datetime) -> Sequence[RequestId]:
        """Requests made before a moment that are not issued, or whose mail has no outcome."""


class AttemptLimiter(Protocol):
    """Counts failed attempts at identity, and locks out whoever has too many."""

    def check(self, subjects: Sequence[PersonKey]) -> None:
        """Raise `DomainError(TOO_MANY_ATTEMPTS)` when any of the subjects is locked out."""

    def record_failure(self, subjects: Sequence[PersonKey]) -> None:
        """Count one failed attempt of each."""


class FileStore(Protocol):
    """The bucket of sealed files."""

    def put(self, code: VirtualCode, pdf: bytes) -> None:
        """Store a file; the same bytes may be put again."""

    def download_url(self, code: VirtualCode, filename: str) -> str:
        """A presigned link that downloads the file under a name, for a short time."""


class RenderQueue(Protocol):
    """The way to render."""

    def send(self, request_id: RequestId) -> None:
        """Ask for a request to be drawn, issued and mailed. The message names nobody."""


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

"""Public verification: what anybody learns from a virtual code, and who may see the whole certificate.

Two texts of the ministry disagree (docs/adr/0060) and both hold here: the code alone tells whether the
certificate is authentic, with issue date, levels and masked name; the code with the holder's document number,
or with the token of the QR, opens the whole content, to compare it with the paper.

No oracle: with a document or token, a code that does not exist and a document or token that is not the
certificate's give the same answer after the same work: one read and one comparison in constant time; the
content is unpacked only for whom it opens (docs/adr/0138).
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from constancia.domain.access import LIFETIME, GrantState, grant_download, grant_state
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.certificate import (
    Certificate,
    CertificateState,
    LockedCertificate,
    PersonKey,
    document_opens,
    hash_of_token,
    new_token,
    token_opens,
)
from constancia.domain.content import CertificateContent, Holder
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.school import Level, Modality
from constancia.domain.virtual_code import VirtualCode, new_virtual_code


class Verdict(StrEnum):
    """What a verification says of a certificate."""

    AUTHENTIC = "authentic"
    REPLACED = "replaced"
    """It was issued, and its holder has a newer one for the same modality and level."""
    ANNULLED = "annulled"
    UNKNOWN = "unknown"
    """No certificate was issued under this code, or none that this document or token opens."""


_VERDICTS = {
    CertificateState.PENDING: Verdict.UNKNOWN,
    CertificateState.ISSUED: Verdict.AUTHENTIC,
    CertificateState.SUPERSEDED: Verdict.REPLACED,
    CertificateState.ANNULLED: Verdict.ANNULLED,
}


@dataclass(frozen=True, slots=True)
class QrToken:
    """The token in a QR's address: 22 characters of URL-safe base 64."""

    value: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "QrToken":
        """Read a token.

        Raises:
            ValueError: not the form of a token, as when an address was cut.
        """
        if not re.fullmatch(r"[A-Za-z0-9_-]{22}", text):
            raise ValueError("not a token")
        return cls(text)


@dataclass(frozen=True, slots=True)
class Grant:
    """A download grant as it came back to us (`constancia.domain.access`)."""

    value: str = field(repr=False)


type Proof = IdentityDocument | QrToken
"""What somebody shows, besides the code, to see the whole certificate."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the code alone tells. The name shows the initials of its words only."""

    issued_at: datetime
    levels: tuple[Level, ...]
    masked_name: str


@dataclass(frozen=True, slots=True)
class Download:
    """The right to download the file until a moment, and the file's SHA-256, hexadecimal."""

    grant: str = field(repr=False)
    expires_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """Which file a right downloads: of this certificate, with this SHA-256, hexadecimal."""

    code: VirtualCode
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenedCertificate:
    """What the holder's document or the QR's token opens. No download once it was replaced."""

    number: str
    content: CertificateContent = field(repr=False)
    sha256: str
    """Of the file as it was issued, hexadecimal; of a replaced one too, which somebody may still hold."""
    download: Download | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to one question about one code."""

    code: VirtualCode
    checked_at: datetime
    verdict: Verdict
    summary: Summary | None = None
    """`None` exactly when the verdict is UNKNOWN."""
    opened: OpenedCertificate | None = None
    """`None` without a proof; of an annulled certificate always."""
    annulled_for: AnnulmentReason | None = None
    """Why it was annulled, where the verdict is ANNULLED and a reason is kept."""


@dataclass(frozen=True, slots=True)
class FileVerification:
    """The answer to one question about one file, of which nothing but its digest was shown."""

    sha256: str
    """Hexadecimal, lower case."""
    checked_at: datetime
    certificate: Verification | None
    """What the code alone tells of the certificate whose file it is; None: no such file was issued."""

    @property
    def verdict(self) -> Verdict:
        """That of the certificate; UNKNOWN where no such file was issued."""
        return self.certificate.verdict if self.certificate else Verdict.UNKNOWN


class CertificateReader(Protocol):
    """The part of `constancia.domain.ports.CertificateStore` that verification by code needs."""

    def locked(self, code: VirtualCode) -> LockedCertificate | None:
        """One read."""


class FileReader(CertificateReader, Protocol):
    """The part that verification of files needs."""

    def by_digest(self, sha256: str) -> VirtualCode | None:
        """The code of the certificate whose file has this digest. One read."""


def verify(store: CertificateReader, code: VirtualCode, proof: Proof | None, now: datetime) -> Verification:
    """Answer what a code tells at a moment, alone or with a proof. Reads the store once, whatever comes."""
    locked = store.locked(code) or _NOBODYS
    shown = proof is None or _opens(locked, proof)
    verdict = _VERDICTS[locked.state] if shown else Verdict.UNKNOWN
    if verdict is Verdict.UNKNOWN:
        return Verification(code, now, verdict)
    certificate = locked.unlock()
    opened = None if proof is None else _opened(certificate, now)
    return Verification(code, now, verdict, _summary(certificate), opened, certificate.annulled_for)


def verify_file(store: FileReader, sha256: str, now: datetime) -> FileVerification:
    """Tell at a moment whether the file with a digest was issued, and how its certificate stands.

    Whoever has the digest has the file, code and all; so the answer is that of the code alone.
    """
    code = store.by_digest(sha256)
    locked = store.locked(code) if code else None
    if locked is None or locked.sha256 != sha256:
        return FileVerification(sha256, now, None)
    verdict = _VERDICTS[locked.state]
    certificate = locked.unlock()
    answer = Verification(
        certificate.code, now, verdict, _summary(certificate), annulled_for=certificate.annulled_for
    )
    return FileVerification(sha256, now, answer)


def downloadable(
    store: CertificateReader, code: VirtualCode, right: Grant | QrToken, now: datetime
) -> CertificateFile:
    """The file that a grant or a token may download at a moment. Reads the store once.

    Raises:
        DomainError: CERTIFICATE_NOT_FOUND when the right opens nothing under this code, be it that there is
            no such certificate or that the right is another's; NO_LONGER_VALID when the certificate was
            replaced or annulled; NOT_ENTITLED when the grant was genuine and has expired.
    """
    certificate = store.locked(code) or _NOBODYS
    if isinstance(right, Grant):
        state = grant_state(certificate, right.value, now)
    else:
        state = GrantState.HOLDS if _opens(certificate, right) else GrantState.FORGED
    if state is GrantState.FORGED or certificate.sha256 is None:  # nothing has a digest before it is issued
        raise DomainError(ErrorCode.CERTIFICATE_NOT_FOUND)
    if certificate.state is not CertificateState.ISSUED:
        raise DomainError(ErrorCode.NO_LONGER_VALID)
    if state is GrantState.EXPIRED:
        raise DomainError(ErrorCode.NOT_ENTITLED)
    return CertificateFile(certificate.code, certificate.sha256)


def _opens(certificate: LockedCertificate, proof: Proof) -> bool:
    if isinstance(proof, IdentityDocument):
        return document_opens(certificate, proof.number)
    return token_opens(certificate, proof.value)


def _summary(certificate: Certificate) -> Summary:
    levels = tuple(record.level for record in certificate.content.levels)
    return Summary(certificate.issued_at, levels, certificate.content.holder.name.masked)


def _opened(certificate: Certificate, now: datetime) -> OpenedCertificate | None:
    if certificate.state is CertificateState.ANNULLED or certificate.sha256 is None:
        return None
    download = None
    if certificate.state is CertificateState.ISSUED:
        expires_at = (now + LIFETIME).replace(microsecond=0)
        download = Download(grant_download(certificate, now), expires_at, certificate.sha256)
    return OpenedCertificate(certificate.number, certificate.content, certificate.sha256, download)


# Stands in for a certificate that does not exist, so that the same comparisons are made. PENDING, so that
# nothing opens it even if its number were guessed.
_NOBODYS = LockedCertificate.of(
    Certificate(
        code=new_virtual_code(),
        number="",
        state=CertificateState.PENDING,
        content=CertificateContent(
            Holder(PersonName("", None, None), IdentityDocument(DocumentType.DNI, "00000000")),
            Modality.EBR,
            (),
        ),
        issued_at=datetime.min.replace(tzinfo=UTC),
        holder_key=PersonKey(""),
        token_hash=hash_of_token(new_token()),
        terms_version="",
        terms_accepted_at=datetime.min.replace(tzinfo=UTC),
    )
)

"""A certificate's record and its request: what is kept, for how long, and how it may change."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.content import CertificateContent
from constancia.domain.virtual_code import VirtualCode

RequestId = NewType("RequestId", str)
"""32 hexadecimal digits, random: whoever has it may see the request and download what it issued."""

PersonKey = NewType("PersonKey", str)
"""A keyed hash (HMAC-SHA-256, hexadecimal) of an identity document: tells persons apart, names none."""


class CertificateState(StrEnum):
    """PENDING → ISSUED → SUPERSEDED | ANNULLED."""

    PENDING = "PENDING"
    ISSUED = "ISSUED"
    SUPERSEDED = "SUPERSEDED"
    ANNULLED = "ANNULLED"

    @property
    def stands(self) -> bool:
        """Whether the certificate is what its holder asked for, now or soon."""
        return self in {CertificateState.PENDING, CertificateState.ISSUED}


class RequestState(StrEnum):
    """How a request stands for whoever asked: as its certificate does, or HELD."""

    PENDING = "PENDING"
    HELD = "HELD"
    """The certificate can't be made as things are; operators mend what is wrong, the person does nothing."""
    ISSUED = "ISSUED"
    SUPERSEDED = "SUPERSEDED"
    ANNULLED = "ANNULLED"


class MailState(StrEnum):
    """What became of the mail with the virtual code."""

    PENDING = "PENDING"
    SENT = "SENT"
    REJECTED = "REJECTED"
    """The mail service will never deliver to this address."""
    NONE = "NONE"
    """There was nobody to write to: an operator had it made, and hands the code over."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The record that is kept for good: what is printed, and what it takes to verify it."""

    code: VirtualCode
    number: str
    """The correlative number, `2026-00001234`."""
    state: CertificateState
    content: CertificateContent
    issued_at: datetime
    """Decided with the request, printed, UTC, whole seconds."""
    holder_key: PersonKey
    token_hash: str
    """SHA-256 of the QR's token, hexadecimal. The token itself is not kept."""
    terms_version: str
    terms_accepted_at: datetime
    sha256: str | None = None
    """Digest of the file, hexadecimal, from the moment it is issued."""
    superseded_by: VirtualCode | None = None
    annulled_for: AnnulmentReason | None = None
    replaces: VirtualCode | None = None
    """The certificate whose content an operator had made anew under this code."""


@dataclass(frozen=True, slots=True)
class LockedCertificate:
    """What proofs are held against; the content stays packed until one opens it.

    So a proof that opens nothing takes as long for a certificate of eleven years, of one, and for none.
    """

    code: VirtualCode
    state: CertificateState
    token_hash: str
    document_hash: str
    """`hash_of_document` of the holder's number."""
    sha256: str | None
    unlock: Callable[[], Certificate] = field(repr=False)
    """Unpacks the rest; reads nothing more."""

    @classmethod
    def of(cls, certificate: Certificate) -> "LockedCertificate":
        """Lock a certificate."""
        number = certificate.content.holder.document.number
        return cls(
            code=certificate.code,
            state=certificate.state,
            token_hash=certificate.token_hash,
            document_hash=hash_of_document(certificate.code, number),
            sha256=certificate.sha256,
            unlock=lambda: certificate,
        )


class TokenBound(Protocol):
    """What a token belongs to: a certificate, locked or not."""

    @property
    def code(self) -> VirtualCode:
        """Its code."""

    @property
    def token_hash(self) -> str:
        """`hash_of_token` of the QR's token."""


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """The short-lived side of a certificate, gone after some days."""

    id: RequestId
    code: VirtualCode
    state: CertificateState
    created_at: datetime
    expires_at: datetime
    """When the store may forget the request; a reader treats an expired request as unknown."""
    mail: MailState
    token: str | None = field(repr=False)
    """The QR's token, until the file is drawn and issued."""
    email: str | None = field(repr=False)
    """Until the mail was accepted or refused."""
    phone: str | None = field(repr=False)
    masked_email: str | None = field(repr=False, default=None)
    """What the request's page says of the address after it was erased (`application.masked`)."""
    held_for: str | None = None
    """A `FailureReason`, while the request is held. As text: who reads it need not know every reason."""


def new_request_id() -> RequestId:
    """Draw 128 random bits."""
    return RequestId(secrets.token_hex(16))


def log_name(request_id: RequestId) -> str:
    """What logs call a request: twelve digits that anyone who has the id can make, and that open nothing."""
    return hashlib.sha256(request_id.encode()).hexdigest()[:12]


def new_token() -> str:
    """Draw the QR's token: 128 random bits, 22 characters of URL-safe base 64."""
    return secrets.token_urlsafe(16)


def hash_of_token(token: str) -> str:
    """What is kept of a token. It has 128 random bits, so a plain digest can't be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_of_document(code: VirtualCode, number: str) -> str:
    """What a document's number is held against. No secret: whoever reads it has the content beside it."""
    return hashlib.sha256(f"{code}|{number.strip().upper()}".encode()).hexdigest()


def token_opens(certificate: TokenBound, token: str) -> bool:
    """Tell in constant time whether a token is the one in the certificate's QR."""
    return hmac.compare_digest(certificate.token_hash, hash_of_token(token))


def document_opens(certificate: LockedCertificate, number: str) -> bool:
    """Tell in constant time whether a number is that of the holder's document.

    Against the code that the certificate has: the same number gives another hash at every certificate.
    """
    return hmac.compare_digest(certificate.document_hash, hash_of_document(certificate.code, number))

"""How certificates and requests look in the table, and the keys of all that `store` keeps.

One table, one key `pk`: `CERT#<code>`, `REQ#<id>`, `SAME#<key>`, `HOLDER#<key>#<modality>#<levels>`,
`SHA256#<digest>`, `NUMBER#<year>`. More kinds of item are known where they are written alone: what is counted
(`limiter`; `ATTEMPTS#<key>`, `GUESSES#<key>`, `TODAY#<key>`), `IDEM#<key>` (`idempotency`) and
`breaker#<registry>` (`registries.breaker`).

Instants are text of one width, so that they sort; `expires_at` is in seconds since 1970. No attribute's name
is a reserved word of DynamoDB.
"""

import json
import zlib
from base64 import b64encode
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any

from constancia.adapters.table import Item, epoch, marshal
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    LockedCertificate,
    MailState,
    PersonKey,
    RequestId,
    hash_of_document,
)
from constancia.domain.content import CertificateContent
from constancia.domain.virtual_code import VirtualCode

PENDING = "PENDING"
HELD = "HELD"
"""The values of the attribute `pending`, which makes a request show up in the index of that name."""

_REQUEST = "REQ#"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_USUAL_CONTENT = 1600
"""Bytes of a packed content; those of the scenario people have 580 to 1989, half of them more than 1700."""


def instant(moment: datetime) -> str:
    """An instant as text that sorts: UTC, microseconds, always as long."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def certificate_key(code: VirtualCode) -> str:
    """Where a certificate is."""
    return f"CERT#{code}"


def request_key(request_id: RequestId) -> str:
    """Where a request is."""
    return f"{_REQUEST}{request_id}"


def request_id_of(pk: str) -> RequestId:
    """Whose request is at a key."""
    return RequestId(pk.removeprefix(_REQUEST))


def same_request_key(key: PersonKey) -> str:
    """Where it is said which request stands for applicant, student, modality and level."""
    return f"SAME#{key}"


def digest_key(sha256: str) -> str:
    """Where it is said whose file has a digest."""
    return f"SHA256#{sha256}"


def number_key(year: int) -> str:
    """Where a year's numbers are counted."""
    return f"NUMBER#{year}"


def holder_key(certificate: Certificate) -> str:
    """Where it is said which certificate of the holder, modality and levels is the current one."""
    content = certificate.content
    levels = "+".join(record.level for record in content.levels)
    return f"HOLDER#{certificate.holder_key}#{content.modality}#{levels}"


def certificate_item(certificate: Certificate, expires_at: datetime) -> Item:
    """A certificate that is not issued yet, and so may be forgotten."""
    return marshal(
        {
            "pk": certificate_key(certificate.code),
            "certificate_state": certificate.state,
            "code": certificate.code,
            "number": certificate.number,
            "content": zlib.compress(certificate.content.to_json(), 9),
            "issued_at": instant(certificate.issued_at),
            "holder_key": certificate.holder_key,
            "token_hash": certificate.token_hash,
            "document_hash": hash_of_document(certificate.code, certificate.content.holder.document.number),
            "terms_version": certificate.terms_version,
            "terms_accepted_at": instant(certificate.terms_accepted_at),
            "replaces": certificate.replaces,
            "expires_at": epoch(expires_at),
        }
    )


def read_certificate(values: dict[str, Any]) -> Certificate:
    """Read a certificate from its item."""
    return Certificate(
        code=VirtualCode(values["code"]),
        number=values["number"],
        state=CertificateState(values["certificate_state"]),
        content=CertificateContent.from_json(zlib.decompress(values["content"])),
        issued_at=datetime.fromisoformat(values["issued_at"]),
        holder_key=PersonKey(values["holder_key"]),
        token_hash=values["token_hash"],
        terms_version=values["terms_version"],
        terms_accepted_at=datetime.fromisoformat(values["terms_accepted_at"]),
        sha256=values.get("sha256"),
        superseded_by=values.get("superseded_by"),
        annulled_for=AnnulmentReason(values["annulled_for"]) if "annulled_for" in values else None,
        replaces=values.get("replaces"),
    )


def read_locked(values: dict[str, Any]) -> LockedCertificate:
    """Read of a certificate's item what proofs are held against; the rest when it is unlocked."""
    return LockedCertificate(
        code=VirtualCode(values["code"]),
        state=CertificateState(values["certificate_state"]),
        token_hash=values["token_hash"],
        document_hash=values["document_hash"],
        sha256=values.get("sha256"),
        unlock=lambda: read_certificate(values),
    )


def absent_certificate() -> bytes:
    """What is read in place of a certificate that is not there: an answer to GetItem, with an ended item.

    It has as many attributes as the item of a certificate that is issued, whose expiry is no more.
    """
    noise = token_bytes(_USUAL_CONTENT)
    item = {
        "pk": {"S": certificate_key(VirtualCode("0" * 12))},
        "certificate_state": {"S": CertificateState.ISSUED},
        "code": {"S": "0" * 12},
        "content": {"B": b64encode(noise).decode()},
        "issued_at": {"S": instant(_LONG_AGO)},
        "holder_key": {"S": noise[:32].hex()},
        "token_hash": {"S": noise[32:64].hex()},
        "document_hash": {"S": noise[64:96].hex()},
        "terms_version": {"S": "2000-01-01"},
        "terms_accepted_at": {"S": instant(_LONG_AGO)},
        "sha256": {"S": noise[96:128].hex()},
        "expires_at": {"N": "0"},
    }
    return json.dumps({"Item": item}).encode()


def request_item(request: CertificateRequest) -> Item:
    """A request; in the index `pending` until its mail has an outcome, in `certificate` while it is there."""
    return marshal(
        {
            "pk": request_key(request.id),
            "certificate_state": request.state,
            "code": request.code,
            "created_at": instant(request.created_at),
            "expires_at": epoch(request.expires_at),
            "mail": request.mail,
            "qr_token": request.token,
            "email": request.email,
            "phone": request.phone,
            "masked_email": request.masked_email,
            "pending": HELD if request.held_for else PENDING,
            "certificate": request.code,
            "held_for": request.held_for,
        }
    )


def read_request(values: dict[str, Any]) -> CertificateRequest:
    """Read a request from its item."""
    return CertificateRequest(
        id=request_id_of(values["pk"]),
        code=VirtualCode(values["code"]),
        state=CertificateState(values["certificate_state"]),
        created_at=datetime.fromisoformat(values["created_at"]),
        expires_at=datetime.fromtimestamp(values["expires_at"], UTC),
        mail=MailState(values["mail"]),
        token=values.get("qr_token"),
        email=values.get("email"),
        phone=values.get("phone"),
        masked_email=values.get("masked_email"),
        held_for=values.get("held_for"),
    )

"""What operators do to certificates by hand, as far as it is decided without looking anywhere.

Annulling, making one anew under another code, and mailing a code once more: which certificates may have that,
and what comes of it. `constancia.adapters.operations` writes it, `infra.ops` asks for it.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from constancia.domain.application import masked
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    hash_of_token,
    new_request_id,
    new_token,
)
from constancia.domain.typed import EMAIL_LENGTH, is_email
from constancia.domain.virtual_code import grouped, new_virtual_code

_TICKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{2,39}", re.ASCII)
_DOCUMENT: Final = re.compile(r"\d{8}", re.ASCII)


class NotPossibleError(Exception):
    """What was asked for can't be done to this certificate; says why and what can. Names nobody."""


def parse_ticket(text: str) -> str:
    """Read the number of the case that an act stands on: `CASE-2026-0012`. What it is about stands there.

    No free text, so that nobody's name gets into a trail that is kept for years.

    Raises:
        ValueError: says what is wrong.
    """
    ticket = text.strip()
    if not _TICKET.fullmatch(ticket):
        raise ValueError("a case's number has 3 to 40 letters, digits, '-', '_', '.' or '/', and no spaces")
    if _DOCUMENT.search(ticket):
        raise ValueError("eight digits in a row may be somebody's DNI: name the case, not the person")
    return ticket


def parse_address(text: str) -> str:
    """Read an e-mail address, by the rule of the request's form. What was typed is in no message.

    Raises:
        ValueError: it is none.
    """
    address = text.strip()
    if len(address) > EMAIL_LENGTH or not is_email(address):
        raise ValueError("that is no e-mail address")
    return address


def require_annullable(certificate: Certificate) -> None:
    """Only what stands is annulled.

    Raises:
        NotPossibleError: it does not stand.
    """
    _require_issued(certificate, "Nothing is to be annulled")


def require_reissuable(certificate: Certificate) -> None:
    """Only what stands is made anew: what was annulled would come back to life.

    Raises:
        NotPossibleError: it does not stand.
    """
    _require_issued(certificate, "It is not made anew")


def require_mailable(certificate: Certificate) -> None:
    """Only the code of what stands is mailed once more.

    Raises:
        NotPossibleError: it does not stand.
    """
    _require_issued(certificate, "Its code is not mailed")


def reissue_of(
    original: Certificate, number: str, email: str | None, now: datetime, kept: timedelta
) -> tuple[Certificate, CertificateRequest]:
    """The same content under a new code, number, QR and time of issue, and the request that has it drawn.

    The terms are those that were accepted for the original. Without an address nobody gets a mail.
    """
    token, now = new_token(), now.replace(microsecond=0)
    certificate = replace(
        original,
        code=new_virtual_code(),
        number=number,
        state=CertificateState.PENDING,
        issued_at=now,
        token_hash=hash_of_token(token),
        sha256=None,
        replaces=original.code,
    )
    return certificate, _request(certificate, token, email, now, kept)


def resending_of(certificate: Certificate, email: str, now: datetime, kept: timedelta) -> CertificateRequest:
    """A request of which nothing is left to do but the mail."""
    return _request(certificate, None, email, now.replace(microsecond=0), kept)


def _request(
    certificate: Certificate, token: str | None, email: str | None, now: datetime, kept: timedelta
) -> CertificateRequest:
    return CertificateRequest(
        id=new_request_id(),
        code=certificate.code,
        state=certificate.state,
        created_at=now,
        expires_at=now + kept,
        mail=MailState.PENDING,
        token=token,
        email=email,
        phone=None,
        masked_email=masked(email) if email else None,
    )


def _require_issued(certificate: Certificate, refused: str) -> None:
    if certificate.state is CertificateState.ISSUED:
        return
    if certificate.state is CertificateState.PENDING:
        why = "it is not issued yet; see how its request stands with `show`"
    elif certificate.state is CertificateState.ANNULLED:
        why = "it is annulled, for good; the holder asks for a new one on the site"
    else:
        successor = grouped(certificate.superseded_by) if certificate.superseded_by else "another one"
        why = f"it was superseded by {successor}, which is the one that stands now"
    raise NotPossibleError(f"{refused}: {why}")

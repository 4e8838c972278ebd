"""Download grants: a short-lived right to one file, given to those who were found entitled.

A grant is `<expiry>.<signature>`; the signature is an HMAC keyed with the certificate's own token hash, which
only the store has, so no further secret is needed and a grant opens that one certificate alone.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from constancia.domain.certificate import TokenBound

LIFETIME = timedelta(minutes=10)


class GrantState(StrEnum):
    """What a grant that came back is worth."""

    HOLDS = "HOLDS"
    EXPIRED = "EXPIRED"
    """We gave it for this certificate, too long ago."""
    FORGED = "FORGED"
    """We never gave it for this certificate."""


def grant_download(certificate: TokenBound, now: datetime) -> str:
    """Give the right to download the certificate's file for ten minutes."""
    expiry = str(int((now + LIFETIME).timestamp()))
    return f"{expiry}.{_signature(certificate, expiry)}"


def grant_state(certificate: TokenBound, grant: str, now: datetime) -> GrantState:
    """Tell in constant time whether a grant was given for this certificate, then whether it still holds."""
    expiry, _, signature = grant.partition(".")
    genuine = _signature(certificate, expiry).encode()
    if not hmac.compare_digest(genuine, signature.encode(errors="replace")):
        return GrantState.FORGED
    return GrantState.HOLDS if now.timestamp() < int(expiry) else GrantState.EXPIRED


def _signature(certificate: TokenBound, expiry: str) -> str:
    message = f"download|{certificate.code}|{expiry}".encode(errors="replace")
    return hmac.new(bytes.fromhex(certificate.token_hash), message, hashlib.sha256).hexdigest()[:32]

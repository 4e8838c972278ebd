"""Download grants: a short-lived right to one file, given to those who were found entitled.

A grant is `<expiry>.<signature>`; the signature is an HMAC keyed with the certificate's own token hash, which
only the store has, so no further secret is needed and a grant opens that one certificate alone.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from constancia.domain.certificate import Certificate

LIFETIME = timedelta(minutes=10)


def grant_download(certificate: Certificate, now: datetime) -> str:
    """Give the right to download the certificate's file for ten minutes."""
    expiry = str(int((now + LIFETIME).timestamp()))
    return f"{expiry}.{_signature(certificate, expiry)}"


def grant_holds(certificate: Certificate, grant: str, now: datetime) -> bool:
    """Tell in constant time whether a grant was given for this certificate and has not expired."""
    expiry, _, signature = grant.partition(".")
    genuine = hmac.compare_digest(_signature(certificate, expiry).encode(), signature.encode())
    return genuine and now.timestamp() < int(expiry)


def _signature(certificate: Certificate, expiry: str) -> str:
    message = f"download|{certificate.code}|{expiry}".encode()
    return hmac.new(bytes.fromhex(certificate.token_hash), message, hashlib.sha256).hexdigest()[:32]

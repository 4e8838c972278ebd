"""X.509 certificates, as far as sealing and judging seals need them: read, named, and their RSA keys."""

from typing import Any, Final

from asn1crypto import pem, x509

from constancia.domain.seal import DEMO_POLICY
from render.seal.errors import UNREADABLE
from render.seal.rsa import RsaKey

_LEAST_EXPONENT: Final = 3
"""With an exponent of 1 anybody can make a signature; even ones are no keys (RFC 8017, 3.1)."""


def certificates_in(text: bytes) -> tuple[Any, ...]:
    """The certificates (`asn1crypto.x509.Certificate`) of a PEM text, in its order; whatever else it holds.

    Raises:
        ValueError: they can't be read, or there is no PEM at all.
    """
    try:
        found = tuple(
            x509.Certificate.load(der, strict=True)
            for kind, _, der in pem.unarmor(text, multiple=True)
            if kind == "CERTIFICATE"
        )
        for certificate in found:
            certificate.native  # noqa: B018 - parsed lazily; what is broken inside shows here
    except UNREADABLE as error:
        raise ValueError("there are no PEM certificates that can be read") from error
    return found


def common_name(name: Any) -> str:
    """The common name in a name (`asn1crypto.x509.Name`), or the whole name where there is none."""
    return str(name.native.get("common_name") or name.human_friendly)


def is_demo(certificate: Any) -> bool:
    """Whether a certificate carries the policy of demonstration chains."""
    policies = certificate.certificate_policies_value or ()
    return any(policy["policy_identifier"].dotted == DEMO_POLICY for policy in policies)


def rsa_key_of(certificate: Any) -> RsaKey | None:
    """The key of a certificate; `None` where it is no RSA key, or one that protects nothing."""
    if certificate.public_key.algorithm != "rsa":
        return None
    numbers = certificate.public_key["public_key"].parsed
    key = RsaKey(numbers["modulus"].native, numbers["public_exponent"].native)
    if key.exponent < _LEAST_EXPONENT or not key.exponent % 2 or key.modulus < _LEAST_EXPONENT:
        return None
    return key

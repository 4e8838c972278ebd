"""Certificates as authorities make them, rightly or not."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.builders import NOW

type Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def an_rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """The key of a name: always the same one in a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass
class Authority:
    """Signs certificates; a root unless another authority stands above it."""

    name: str
    above: "Authority | None" = None
    key_name: str = "authority"
    ca: bool = True
    hash: hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512 = field(default_factory=hashes.SHA256)

    @property
    def key(self) -> rsa.RSAPrivateKey:
        """Made when it is first needed."""
        return an_rsa_key(self.key_name)

    @cached_property
    def pem(self) -> str:
        """The authority's own certificate."""
        above = self.above or self
        return above.certify(self.name, self.key, ca=self.ca)

    @property
    def chain(self) -> str:
        """Its certificate and those above it."""
        return self.pem + (self.above.chain if self.above else "")

    def certify(self, name: str, key: Key, *, ca: bool = False, **changes: Any) -> str:
        """A certificate for a key, as PEM. Changes: `usage`, `since`, `until`, `time_stamping`."""
        usage = changes.get("usage", {"key_cert_sign"} if ca else {"digital_signature", "content_commitment"})
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(changes.get("since", NOW - timedelta(days=1)))
            .not_valid_after(changes.get("until", NOW + timedelta(days=365)))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**{each: each in usage for each in _USAGES}), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        if changes.get("time_stamping"):
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(purpose, critical=True)
        return builder.sign(self.key, self.hash).public_bytes(serialization.Encoding.PEM).decode()


_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def moment(years: int) -> datetime:
    """Years from now, or ago."""
    return NOW.replace(year=NOW.year + years)

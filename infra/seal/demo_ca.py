"""A certificate authority for demonstrations: one root a checkout, one leaf for each sealing key.

Root and leaf say in their names that they have no official value, and carry a policy (`DEMO_POLICY`) by which
code tells their chain from a real one. The root is kept, so that a person can trust it once in a PDF reader
and see every local certificate as trusted. Whoever gets its key can seal demonstrations and play no site: the
root is constrained to certify no host (RFC 5280, 4.2.1.10).

    python -m infra.seal.demo_ca        # make the root where there is none; `make setup` does
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from constancia.domain.seal import DEMO_POLICY
from render.seal.certificates import certificates_in, is_demo

FOLDER: Final = Path(__file__).parents[2] / ".demo-ca"
"""Where the checkout keeps its root. It is in .gitignore."""
CERTIFICATE: Final = "root.pem"
KEY: Final = "root.key"

ROOT_DAYS: Final = 10 * 365
LEAF_DAYS: Final = 365
_EARLIER: Final = timedelta(days=1)
"""Certificates hold from a little before they are made: clocks differ."""
_ORGANISATION: Final = "DEMOSTRACIÓN, sin valor oficial"
_ROOT_NAME: Final = "Autoridad raíz de DEMOSTRACIÓN, sin valor oficial"
LEAF_NAME: Final = "Sello de DEMOSTRACIÓN, sin valor oficial"


class DemoRootError(Exception):
    """The kept root can't be used; says which file, why, and how to make a new one."""


class NotRsaError(ValueError):
    """The seal is made with RSA, and the key to certify is of another kind."""


@dataclass(frozen=True)
class DemoRoot:
    """The root's certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def create(cls, now: datetime | None = None) -> Self:
        """Make a root that holds for ten years."""
        moment = now or datetime.now(UTC)
        key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        name = _name(_ROOT_NAME)
        # No host name and no address at all: a browser that trusts this root is open to nobody's site.
        no_hosts = x509.NameConstraints(
            permitted_subtrees=None,
            excluded_subtrees=[
                x509.DNSName(""),
                x509.IPAddress(ip_network("0.0.0.0/0")),
                x509.IPAddress(ip_network("::/0")),
            ],
        )
        certificate = (
            _draft(name, name, key.public_key(), moment, moment + timedelta(days=ROOT_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign_certificates=True), critical=True)
            .add_extension(no_hosts, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    @classmethod
    def load(cls, folder: Path = FOLDER, now: datetime | None = None) -> Self:
        """Read the root that `save` left.

        Raises:
            FileNotFoundError: there is none.
            DemoRootError: what is there can't be read, does not belong together or has expired.
        """
        if not folder.exists():
            raise FileNotFoundError(f"{folder}: there is no demo root; make setup makes one")
        certificate, key = _certificate_of(folder / CERTIFICATE), _key_of(folder / KEY)
        if certificate.public_key() != key.public_key():
            raise _broken(folder, "the certificate is not of the key beside it")
        moment = now or datetime.now(UTC)
        if not certificate.not_valid_before_utc <= moment < certificate.not_valid_after_utc:
            until = certificate.not_valid_after_utc
            raise _broken(
                folder, f"it holds from {certificate.not_valid_before_utc:%Y-%m-%d} to {until:%Y-%m-%d}"
            )
        return cls(certificate, key)

    @classmethod
    def kept(cls, folder: Path = FOLDER) -> Self:
        """The root of this checkout, made if there is none.

        Raises:
            DemoRootError: what is there can't be used.
        """
        if not folder.exists():
            cls.create().save(folder)
        return cls.load(folder)

    def save(self, folder: Path = FOLDER) -> None:
        """Keep root and key, in a folder and a file that its owner alone can read.

        Made aside and moved: several may try at once, the first one wins and the others' are dropped.
        """
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}-") as scratch:
            made = Path(scratch) / "made"
            made.mkdir(mode=0o700)
            (made / CERTIFICATE).write_text(self.pem, "ascii")
            secret = os.open(made / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(secret, "wb") as file:
                file.write(
                    self.key.private_bytes(
                        serialization.Encoding.PEM,
                        serialization.PrivateFormat.PKCS8,
                        serialization.NoEncryption(),
                    )
                )
            try:
                made.rename(folder)
            except OSError:
                if not folder.exists():
                    raise

    @property
    def pem(self) -> str:
        """The root's certificate, for those who want to trust it."""
        return _pem(self.certificate)

    def issue(self, public_key_der: bytes, now: datetime) -> str:
        """Certify a sealing key: the chain as PEM, leaf first.

        `public_key_der` is a SubjectPublicKeyInfo, as KMS gives it. The leaf holds for a year, at most
        as long as the root.

        Raises:
            NotRsaError: the key is no RSA key.
        """
        public_key = serialization.load_der_public_key(public_key_der)
        if not isinstance(public_key, rsa.RSAPublicKey):
            raise NotRsaError("the key to certify is no RSA key")
        until = min(now + timedelta(days=LEAF_DAYS), self.certificate.not_valid_after_utc)
        leaf = (
            _draft(_name(LEAF_NAME), self.certificate.subject, public_key, now, until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign_documents=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        return _pem(leaf) + self.pem


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: rsa.RSAPublicKey,
    now: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    notice = x509.UserNotice(notice_reference=None, explicit_text=_ORGANISATION)
    policy = x509.PolicyInformation(x509.ObjectIdentifier(DEMO_POLICY), [notice])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(until)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "PE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, sign_certificates: bool = False, sign_documents: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign_documents,
        content_commitment=sign_documents,  # its earlier name is nonRepudiation
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _certificate_of(path: Path) -> x509.Certificate:
    try:
        text = path.read_bytes()
        certificate = x509.load_pem_x509_certificate(text)
        certificate.verify_directly_issued_by(certificate)
        demo = any(map(is_demo, certificates_in(text)))
    except (OSError, ValueError, TypeError, InvalidSignature) as error:
        raise _broken(path.parent, f"{path.name} can't be read as a root's certificate") from error
    if not demo:
        raise _broken(path.parent, "the certificate is not one of a demo root")
    return certificate


def _key_of(path: Path) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise _broken(path.parent, f"{path.name} can't be read as a private key") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _broken(path.parent, f"{path.name} is no RSA key")
    return key


def _broken(folder: Path, why: str) -> DemoRootError:
    return DemoRootError(
        f"the demo root in {folder} can't be used: {why}. Remove the folder, run `make setup`, and trust the "
        "new root where you trusted the old one."
    )


def main() -> int:
    """Make the checkout's root where there is none, and tell of one that can't be used."""
    try:
        DemoRoot.kept()
    except DemoRootError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

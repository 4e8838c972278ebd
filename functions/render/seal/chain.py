"""Who seals: the certificate of the sealing key, and those above it up to the root."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, NoReturn, Self

from render.seal.certificates import certificates_in, common_name, is_demo, rsa_key_of
from render.seal.errors import SealError, SealFault
from render.seal.rsa import HASHES, RsaKey

LEAST_BITS: Final = 2048
"""Shorter RSA keys are not to be relied on (ETSI TS 119 312)."""


@dataclass(frozen=True, slots=True)
class SealChain:
    """A certificate chain that may seal: whole, in order, of an RSA key that is for signing documents."""

    certificates: tuple[Any, ...]
    """X.509 certificates (`asn1crypto.x509.Certificate`), the sealing one first, the root last."""
    key: RsaKey
    """The public key of the sealing certificate."""
    signer: str
    """The common name of the sealing certificate."""
    demo: bool
    """Whether it is a demonstration's, without official value."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a chain of PEM certificates, sealing certificate first, root last.

        Raises:
            SealError: CHAIN_UNREADABLE, CHAIN_BROKEN or CHAIN_UNFIT.
        """
        try:
            certificates = certificates_in(text.encode())
        except ValueError as error:
            raise SealError(
                SealFault.CHAIN_UNREADABLE, "the setting holds no PEM certificates that can be read"
            ) from error
        if len(certificates) < 2:
            _refuse(
                SealFault.CHAIN_BROKEN, "the chain needs the sealing certificate and those up to the root"
            )
        leaf, *above = certificates
        for lower, upper in pairwise((*certificates, above[-1])):
            _require_signed(lower, upper)
        if len({certificate.dump() for certificate in certificates}) < len(certificates):
            _refuse(SealFault.CHAIN_BROKEN, "a certificate stands in the chain twice")
        if not all(certificate.ca for certificate in above):
            _refuse(SealFault.CHAIN_BROKEN, "a certificate above the sealing one is not an authority's")
        return cls(
            certificates, _sealing_key(leaf), common_name(leaf.subject), any(map(is_demo, certificates))
        )

    @property
    def leaf(self) -> Any:
        """The sealing certificate."""
        return self.certificates[0]

    def require_valid(self, at: datetime) -> None:
        """See to it that every certificate holds at a moment.

        Raises:
            SealError: CHAIN_NOT_VALID.
        """
        for certificate in self.certificates:
            since, until = certificate.not_valid_before, certificate.not_valid_after
            if not since <= at <= until:
                _refuse(
                    SealFault.CHAIN_NOT_VALID,
                    f"the certificate {common_name(certificate.subject)!r} holds from {since:%Y-%m-%d} to "
                    f"{until:%Y-%m-%d}; put a renewed chain into the setting",
                )

    def require_demo(self, demo: bool) -> None:
        """See to it that the chain is of the kind that the stage says.

        Raises:
            SealError: CHAIN_OTHER_STAGE.
        """
        if self.demo != demo:
            kinds = {True: "a demonstration", False: "no demonstration"}
            _refuse(
                SealFault.CHAIN_OTHER_STAGE,
                f"the chain is that of {kinds[self.demo]}, the stage is {kinds[demo]}: "
                "change the chain or the parameter SealDemo",
            )


def _require_signed(lower: Any, upper: Any) -> None:
    """A certificate is of the authority above it: by name, key identifier and signature (RFC 5280, 6.1.3)."""
    name = common_name(lower.subject)
    identifier = lower.authority_key_identifier
    if lower.issuer != upper.subject or (
        identifier and upper.key_identifier and identifier not in {None, upper.key_identifier}
    ):
        _refuse(
            SealFault.CHAIN_BROKEN,
            f"the certificate {name!r} is not of the one that follows; the order is sealing certificate, "
            "those above it, root",
        )
    key = _rsa_key(upper)
    if not key.verifies(lower.signature, lower["tbs_certificate"].dump(), _hash_name(lower)):
        _refuse(SealFault.CHAIN_BROKEN, f"the signature of the certificate {name!r} does not verify")


def _hash_name(certificate: Any) -> str:
    algorithm = certificate["signature_algorithm"]
    try:
        signature, hash_name = algorithm.signature_algo, algorithm.hash_algo
    except ValueError:  # asn1crypto knows no such algorithm
        signature = hash_name = None
    if signature != "rsassa_pkcs1v15" or hash_name not in HASHES:
        _refuse(
            SealFault.CHAIN_BROKEN,
            f"the certificate {common_name(certificate.subject)!r} is not signed with RSA and SHA-2",
        )
    return str(hash_name)


def _sealing_key(leaf: Any) -> RsaKey:
    usage = leaf.key_usage_value
    if leaf.ca or usage is None or not usage.native & {"digital_signature", "non_repudiation"}:
        _refuse(SealFault.CHAIN_UNFIT, "the first certificate is not one for signing documents")
    key = _rsa_key(leaf)
    if key.modulus.bit_length() < LEAST_BITS:
        _refuse(SealFault.CHAIN_UNFIT, f"the sealing key has fewer than {LEAST_BITS} bits")
    return key


def _rsa_key(certificate: Any) -> RsaKey:
    key = rsa_key_of(certificate)
    if key is None:
        _refuse(
            SealFault.CHAIN_UNFIT,
            f"the key of {common_name(certificate.subject)!r} is not an RSA key that protects",
        )
    return key


def _refuse(reason: SealFault, detail: str) -> NoReturn:
    raise SealError(reason, detail)

"""Checking a time stamp token (RFC 3161, 2.4.2): over these bytes, for this request, signed by its authority.

Whether that authority is to be believed is for those who read the file: they have the roots that they trust.
"""

import hashlib
from typing import Any, Final, NoReturn

from asn1crypto import cms, tsp

from render.seal.certificates import common_name, rsa_key_of
from render.seal.errors import UNREADABLE, SealError, SealFault
from render.seal.rsa import HASHES

_ANOTHER: Final = "no other can be checked here: set TsaUrl to an authority that signs with RSA"


def imprint_of(message: bytes) -> Any:
    """What an authority gets of a message: its SHA-256."""
    return tsp.MessageImprint(
        {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(message).digest()}
    )


def require_stamp_of(token: bytes, message: bytes, nonce: int | None = None) -> None:
    """See to it that a token is over a message, holds and, if it was just asked for, answers this request.

    Raises:
        SealError: TIME_STAMP.
    """
    try:
        signed: Any = cms.ContentInfo.load(token)["content"]
        encapsulated = signed["encap_content_info"]
        if encapsulated["content_type"].native != "tst_info":
            _refuse("what the authority gave is no time stamp")
        info = encapsulated["content"].parsed
        if info["message_imprint"].native != imprint_of(message).native:
            _refuse("the time stamp is over something else")
        if nonce is not None and info["nonce"].native != nonce:
            _refuse("the time stamp answers another request")
        _require_signed(signed)
    except UNREADABLE as error:
        raise SealError(SealFault.TIME_STAMP, "the time stamp can't be read") from error


def _require_signed(signed: Any) -> None:
    """The signature of the token is of the one certificate that it means (RFC 5652, 5.4 and 5.6)."""
    (signer,) = signed["signer_infos"]
    certificate = _certificate_of(signer["sid"], signed["certificates"])
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    digest_name = signer["digest_algorithm"]["algorithm"].native
    key, hash_name = rsa_key_of(certificate), _hash_name(signer["signature_algorithm"], digest_name)
    if key is None:
        _refuse(f"the key of {common_name(certificate.subject)!r} is no RSA key, and {_ANOTHER}")
    if hash_name not in HASHES or digest_name not in HASHES:
        _refuse(f"the time stamp is not signed with RSA (PKCS #1, v1.5) and SHA-2, and {_ANOTHER}")
    purposes = certificate.extended_key_usage_value
    if purposes is None or purposes.native != ["time_stamping"]:
        _refuse("the time stamp is signed with a certificate that is not for time stamps alone")
    if not _means(attributes, certificate):
        _refuse("the time stamp does not name the certificate that it is signed with")
    content = signed["encap_content_info"]
    (kind,), (digest,) = attributes["content_type"], attributes["message_digest"]
    if (kind.native, digest.native) != (
        content["content_type"].native,
        hashlib.new(digest_name, bytes(content["content"])).digest(),
    ):
        _refuse("the time stamp's signature is over something else")
    if not key.verifies(signer["signature"].native, signer["signed_attrs"].untag().dump(), hash_name):
        _refuse("the time stamp's signature does not verify")


def _certificate_of(signer: Any, certificates: Any) -> Any:
    """The certificate that the signer's identifier tells, of those in the token."""

    def meant(certificate: Any) -> bool:
        if signer.name == "subject_key_identifier":
            return bool(signer.native == certificate.key_identifier)
        issuer, serial = signer.chosen["issuer"], signer.chosen["serial_number"].native
        return bool(issuer == certificate.issuer and serial == certificate.serial_number)

    within = (each.chosen for each in certificates if each.name == "certificate")
    return next(filter(meant, within), None) or _refuse(
        "the time stamp does not bring the certificate that it is signed with"
    )


def _hash_name(algorithm: Any, digest_name: str) -> str:
    """The hash under an RSA signature; none under another. Some leave it to the digest's algorithm."""
    if algorithm["algorithm"].native == "rsassa_pkcs1v15":
        return digest_name
    return str(algorithm.hash_algo) if algorithm.signature_algo == "rsassa_pkcs1v15" else "none"


def _means(attributes: dict[str, Any], certificate: Any) -> bool:
    """Whether the signed attributes name a certificate by its hash (RFC 5035; by SHA-1, RFC 2634)."""
    named = attributes.get("signing_certificate_v2") or attributes.get("signing_certificate")
    if named is None:
        return False
    meant = named[0]["certs"][0].native
    name = meant.get("hash_algorithm", {"algorithm": "sha1"})["algorithm"]
    return bool(meant["cert_hash"] == hashlib.new(name, certificate.dump()).digest())


def _refuse(detail: str) -> NoReturn:
    raise SealError(SealFault.TIME_STAMP, detail)

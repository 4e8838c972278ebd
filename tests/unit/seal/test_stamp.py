"""A time stamp counts only with a signature that holds, of the authority that it names."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from asn1crypto import cms, core, tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.sign.general import as_signing_certificate, as_signing_certificate_v2

from render.seal import SealError, SealFault
from render.seal.stamp import imprint_of, require_stamp_of
from tests.builders import NOW
from tests.integration.seal.authority import Answer, certificate_of, granted
from tests.unit.seal.certificates import an_rsa_key

MESSAGE = b"the signature of a certificate"
NONCE = 4711

type Change = Callable[[Any], None]
"""Of a token's signed data."""


def token_of(answer: Answer) -> bytes:
    request = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": imprint_of(MESSAGE), "nonce": NONCE, "cert_req": True}
    )
    _, body = answer(request.dump())
    return bytes(tsp.TimeStampResp.load(body)["time_stamp_token"].dump())


@cache
def a_token() -> bytes:
    return token_of(granted(NOW))


def changed(change: Change) -> bytes:
    token = cms.ContentInfo.load(a_token())
    change(token["content"])
    return bytes(token.dump(force=True))


def refusal_of(token: bytes) -> str:
    with pytest.raises(SealError) as refusal:
        require_stamp_of(token, MESSAGE, NONCE)
    assert refusal.value.reason is SealFault.TIME_STAMP
    return refusal.value.detail


@pytest.mark.parametrize("bits", [2048, 4096])
def test_a_stamp_that_was_just_asked_for_holds(bits: int) -> None:
    require_stamp_of(token_of(granted(NOW, an_rsa_key(f"time {bits}", bits))), MESSAGE, NONCE)


def signed_anew(signed: Any) -> None:
    """By the authority itself."""
    (signer,) = signed["signer_infos"]
    content = signer["signed_attrs"].untag().dump(force=True)
    signer["signature"] = an_rsa_key("time").sign(content, padding.PKCS1v15(), hashes.SHA256())


def naming_its_certificate_by_sha256(signed: Any) -> None:
    (signer,) = signed["signer_infos"]
    named = as_signing_certificate_v2(signed["certificates"][0].chosen)
    signer["signed_attrs"] = [
        {"type": "signing_certificate_v2", "values": [named]}
        if each["type"].native == "signing_certificate"
        else each
        for each in signer["signed_attrs"]
    ]
    signed_anew(signed)


def told_by_its_key(signed: Any) -> None:
    (signer,) = signed["signer_infos"]
    identifier = certificate_of(an_rsa_key("time")).key_identifier
    signer["sid"] = cms.SignerIdentifier("subject_key_identifier", identifier)


def leaving_the_hash_to_the_digest(signed: Any) -> None:
    (signer,) = signed["signer_infos"]
    signer["signature_algorithm"] = {"algorithm": "rsassa_pkcs1v15"}


@pytest.mark.parametrize(
    "form", [naming_its_certificate_by_sha256, told_by_its_key, leaving_the_hash_to_the_digest]
)
def test_authorities_may_write_their_stamps_in_several_forms(form: Change) -> None:
    require_stamp_of(changed(form), MESSAGE, NONCE)


def with_another_signature(signed: Any) -> None:
    (signer,) = signed["signer_infos"]
    signature = signer["signature"].native
    signer["signature"] = signature[:-1] + bytes([signature[-1] ^ 1])


def at_another_time(signed: Any) -> None:
    content = signed["encap_content_info"]
    info = content["content"].parsed
    info["gen_time"] = NOW - timedelta(days=365)
    content["content"] = core.ParsableOctetString(info.dump(force=True))


def at_another_time_with_its_digest(signed: Any) -> None:
    """As a forger does who has no key."""
    at_another_time(signed)
    content = bytes(signed["encap_content_info"]["content"])
    (signer,) = signed["signer_infos"]
    hash_name = signer["digest_algorithm"]["algorithm"].native
    assert hash_name == "sha256"
    signer["signed_attrs"] = [
        {"type": "message_digest", "values": [imprint_of(content)["hashed_message"].native]}
        if each["type"].native == "message_digest"
        else each
        for each in signer["signed_attrs"]
    ]


def without_certificates(signed: Any) -> None:
    signed["certificates"] = []


def with_a_certificate_like_it(signed: Any) -> None:
    """Of the same issuer and number, with other bytes."""
    (certificate,) = signed["certificates"]
    der = bytearray(certificate.chosen.dump())
    der[-1] ^= 1
    signed["certificates"] = [cms.CertificateChoices.load(bytes(der))]


def without_naming_its_certificate(signed: Any) -> None:
    (signer,) = signed["signer_infos"]
    signer["signed_attrs"] = [
        each for each in signer["signed_attrs"] if not each["type"].native.startswith("signing_certificate")
    ]


def signed_twice(signed: Any) -> None:
    (signer,) = signed["signer_infos"]
    signed["signer_infos"] = [signer, signer.copy()]


def by_another_kind_of_signature(signed: Any) -> None:
    (signer,) = signed["signer_infos"]
    signer["signature_algorithm"] = {"algorithm": "rsassa_pss"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (with_another_signature, "the time stamp's signature does not verify"),
        (at_another_time, "signature is over something else"),
        (at_another_time_with_its_digest, "the time stamp's signature does not verify"),
        (without_certificates, "does not bring the certificate"),
        (with_a_certificate_like_it, "does not name the certificate"),
        (without_naming_its_certificate, "does not name the certificate"),
        (signed_twice, "can't be read"),
        (by_another_kind_of_signature, "not signed with RSA (PKCS #1, v1.5)"),
    ],
)
def test_a_stamp_that_does_not_hold_is_refused(change: Change, told: str) -> None:
    assert told in refusal_of(changed(change))


def test_a_stamp_by_a_certificate_for_other_purposes_is_refused() -> None:
    assert "not for time stamps" in refusal_of(token_of(granted(NOW, time_stamping=False)))


def by_elliptic_curves(signed: Any) -> None:
    """Rightly signed, with a key of another kind."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certificate_of(key)
    signed["certificates"] = [certificate]
    (signer,) = signed["signer_infos"]
    signer["sid"] = cms.SignerIdentifier(
        "issuer_and_serial_number",
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
    )
    signer["signed_attrs"] = [
        {"type": "signing_certificate", "values": [as_signing_certificate(certificate)]}
        if each["type"].native == "signing_certificate"
        else each
        for each in signer["signed_attrs"]
    ]
    signer["signature_algorithm"] = {"algorithm": "sha256_ecdsa"}
    signer["signature"] = key.sign(signer["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256()))


def test_an_authority_whose_signatures_can_not_be_checked_is_refused_and_told_what_to_set() -> None:
    detail = refusal_of(changed(by_elliptic_curves))

    assert "no RSA key" in detail
    assert "set TsaUrl to an authority that signs with RSA" in detail


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_whatever_byte_is_another_the_stamp_stays_or_the_refusal_has_a_reason(
    place: int, change: int
) -> None:
    token = bytearray(a_token())
    token[place % len(token)] ^= change

    try:
        require_stamp_of(bytes(token), MESSAGE, NONCE)
    except SealError:
        return
    # What no signature covers, as versions and lists of what is to come.
    was, now = (cms.ContentInfo.load(data)["content"] for data in (a_token(), bytes(token)))
    assert now["encap_content_info"]["content"].native == was["encap_content_info"]["content"].native

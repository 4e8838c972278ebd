"""Which certificate chains may seal."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from asn1crypto import pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from render.seal import SealChain, SealError, SealFault
from tests.builders import NOW
from tests.sealing import chain_pem
from tests.unit.seal.certificates import Authority, an_rsa_key, moment

ROOT = Authority("Raíz del Estado", key_name="root", hash=hashes.SHA512())
MIDDLE = Authority("Autoridad de sellos", ROOT, hash=hashes.SHA384())
NAMESAKE = Authority("Autoridad de sellos", ROOT, key_name="namesake")
NO_AUTHORITY = Authority("Hoja", ROOT, ca=False)
WEAK = Authority("Raíz débil", hash=hashes.SHA224())

type Text = Callable[[], str]


def a_leaf(authority: Authority = MIDDLE, **changes: Any) -> str:
    """The certificate of a sealing key."""
    return authority.certify("Ministerio de Educación", an_rsa_key("seal"), **changes)


@cache
def a_chain() -> str:
    return a_leaf() + MIDDLE.chain


def altered(certificate: str) -> str:
    """With another last byte, which is one of its signature."""
    kind, headers, der = pem.unarmor(certificate.encode())
    return str(pem.armor(kind, der[:-1] + bytes([der[-1] ^ 1]), headers).decode())


def with_strange_parameters(certificate: str) -> str:
    """The first NULL, an algorithm's parameters, as an ObjectDescriptor: asn1crypto has no value of those."""
    kind, headers, der = pem.unarmor(certificate.encode())
    return str(pem.armor(kind, der.replace(b"\x05\x00", b"\x07\x00", 1), headers).decode())


def anybodys(certificate: str) -> str:
    """Of a key with the exponent 1, signed by who knows no secret: the signature is the encoding itself."""
    _, _, der = pem.unarmor(certificate.encode())
    weak = x509.Certificate.load(der.replace(bytes.fromhex("0203010001"), bytes.fromhex("0203000001")))
    digest = hashlib.sha512(weak["tbs_certificate"].dump()).digest()
    info = bytes.fromhex("3051300d060960864801650304020305000440") + digest
    signature = b"\x00\x01" + b"\xff" * (256 - len(info) - 3) + b"\x00" + info
    return str(pem.armor("CERTIFICATE", weak.dump()[:-256] + signature).decode())


def refused(text: Text) -> SealFault:
    with pytest.raises(SealError) as refusal:
        SealChain.parse(text())
    return refusal.value.reason


def test_a_chain_tells_who_seals_and_with_which_key() -> None:
    chain = SealChain.parse(a_chain())

    assert chain.signer == "Ministerio de Educación"
    assert chain.key.modulus == an_rsa_key("seal").public_key().public_numbers().n
    assert len(chain.certificates) == 3
    assert not chain.demo


def test_a_demo_chain_is_told_from_a_real_one() -> None:
    chain = SealChain.parse(chain_pem())

    assert chain.demo
    assert "DEMOSTRACIÓN" in chain.signer


def test_comments_and_line_ends_of_windows_do_not_matter() -> None:
    text = "Subject: somebody\n" + a_chain().replace("\n", "\r\n")

    assert SealChain.parse(text).signer == "Ministerio de Educación"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda: "", id="nothing"),
        pytest.param(lambda: a_chain()[:400], id="cut off"),
        pytest.param(lambda: re.sub("[A-P]{2}", "AA", a_chain()), id="other bytes"),
        pytest.param(lambda: "constancia: ñandú\n", id="not PEM"),
        pytest.param(lambda: with_strange_parameters(a_leaf()) + MIDDLE.chain, id="one strange byte"),
    ],
)
def test_what_is_no_chain_is_refused(text: Text) -> None:
    assert refused(text) is SealFault.CHAIN_UNREADABLE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(a_leaf, id="the sealing certificate alone"),
        pytest.param(lambda: a_leaf() + MIDDLE.pem, id="no root"),
        pytest.param(lambda: a_leaf() + ROOT.pem, id="a gap"),
        pytest.param(lambda: MIDDLE.chain + a_leaf(), id="root first"),
        pytest.param(lambda: a_leaf() + NAMESAKE.chain, id="a namesake above"),
        pytest.param(lambda: altered(a_leaf()) + MIDDLE.chain, id="a signature that does not verify"),
        pytest.param(lambda: a_leaf(NO_AUTHORITY) + NO_AUTHORITY.chain, id="certified by who may not"),
        pytest.param(lambda: a_leaf(WEAK) + WEAK.chain, id="signed with a weak hash"),
        pytest.param(lambda: a_chain() + ROOT.pem, id="the root twice"),
    ],
)
def test_a_chain_that_does_not_lead_to_its_root_is_refused(text: Text) -> None:
    assert refused(text) is SealFault.CHAIN_BROKEN


@pytest.mark.parametrize(
    "leaf",
    [
        pytest.param(
            lambda: MIDDLE.certify("Sello", ec.generate_private_key(ec.SECP256R1())), id="no RSA key"
        ),
        pytest.param(lambda: MIDDLE.certify("Sello", an_rsa_key("short", 1024)), id="a short key"),
        pytest.param(lambda: a_leaf(usage={"key_encipherment"}), id="for encryption"),
        pytest.param(lambda: a_leaf(ca=True), id="an authority's"),
    ],
)
def test_a_certificate_that_is_not_for_rsa_signatures_of_documents_is_refused(leaf: Text) -> None:
    assert refused(lambda: leaf() + MIDDLE.chain) is SealFault.CHAIN_UNFIT


def test_a_key_with_which_anybody_can_sign_is_refused() -> None:
    assert refused(lambda: a_leaf(ROOT) + anybodys(ROOT.pem)) is SealFault.CHAIN_UNFIT


@given(st.integers(0, 2), st.integers(0, 10_000), st.integers(1, 255))
def test_whatever_byte_of_a_certificate_is_another_the_key_stays_or_the_refusal_has_a_reason(
    which: int, place: int, change: int
) -> None:
    ders = [bytearray(der) for _, _, der in pem.unarmor(a_chain().encode(), multiple=True)]
    ders[which][place % len(ders[which])] ^= change

    try:
        chain = SealChain.parse("".join(pem.armor("CERTIFICATE", bytes(der)).decode() for der in ders))
    except SealError:
        return
    # What no signature covers, as the spelling of the signature itself.
    assert chain.key == SealChain.parse(a_chain()).key


@pytest.mark.parametrize("days", [-2, 366])
def test_a_chain_seals_only_while_it_holds(days: int) -> None:
    chain = SealChain.parse(a_chain())
    chain.require_valid(NOW)

    with pytest.raises(SealError) as refusal:
        chain.require_valid(NOW + timedelta(days=days))

    assert refusal.value.reason is SealFault.CHAIN_NOT_VALID
    assert "from 2026-11-21 to 2027-11-22" in refusal.value.detail


def test_every_certificate_of_the_chain_has_to_hold() -> None:
    chain = SealChain.parse(a_leaf(until=moment(years=5)) + MIDDLE.chain)

    with pytest.raises(SealError, match="Autoridad de sellos"):
        chain.require_valid(moment(years=2))


@pytest.mark.parametrize(("text", "demo"), [(chain_pem, True), (a_chain, False)], ids=["demo", "real"])
def test_a_stage_seals_with_a_chain_of_its_kind_alone(text: Text, demo: bool) -> None:
    chain = SealChain.parse(text())
    chain.require_demo(demo)

    with pytest.raises(SealError) as refusal:
        chain.require_demo(not demo)

    assert refusal.value.reason is SealFault.CHAIN_OTHER_STAGE

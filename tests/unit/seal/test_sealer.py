"""Sealing: the finished file holds, is always the same, and whatever does not fit fails with its reason."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constancia.domain.links import verification_url
from render.document import Draft, draw
from render.seal import SealChain, Sealer, SealError, SealFault
from render.seal.check import check
from render.seal.cms import SealForm
from tests.builders import TOKEN, a_certificate
from tests.sealing import a_sealer, chain_pem, seal_key, sealed, signing_with
from tests.unit.seal.certificates import an_rsa_key


@cache
def a_draft(bits: int = 2048) -> Draft:
    certificate = a_certificate()
    url = verification_url("https://constancia.example", certificate.code, TOKEN)
    return draw(certificate, url, a_sealer(bits).appearance)


@cache
def a_file() -> bytes:
    return a_sealer().seal(a_draft())


@cache
def a_form() -> SealForm:
    return SealForm(a_chain())


def a_chain(bits: int = 2048) -> SealChain:
    return SealChain.parse(chain_pem(bits))


def refused(sealer: Sealer, draft: Draft) -> SealFault:
    with pytest.raises(SealError) as refusal:
        sealer.seal(draft)
    return refusal.value.reason


def fault_of(data: bytes) -> SealFault | None:
    """What the check says of a file; None: it holds."""
    try:
        check(data, a_form())
    except SealError as error:
        return error.reason
    return None


# ---------------------------------------------------------------- what is made


def test_the_seal_covers_the_file_but_for_itself() -> None:
    draft, data = a_draft(), a_file()
    zero, start, after, rest = draft.signed_ranges

    assert (zero, after + rest) == (0, len(data))
    assert data[:start] + data[after:] == draft.data[:start] + draft.data[after:]
    assert re.fullmatch(rb"<[0-9a-f]+>", data[start:after])
    assert f"/ByteRange [0 {start} {after} {rest}]".encode() in data


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_exactly_the_room_is_kept_that_the_seal_takes(bits: int) -> None:
    _, start, after, _ = a_draft(bits).signed_ranges
    structure = a_sealer(bits).seal(a_draft(bits))[start + 1 : after - 1]

    assert len(structure) == 2 * a_sealer(bits).appearance.reserved
    assert (
        int.from_bytes(bytes.fromhex(structure.decode())[2:4]) == len(structure) // 2 - 4
    )  # DER's own length


def test_the_same_draft_is_sealed_alike_every_time() -> None:
    again = Sealer(a_chain(), signing_with(seal_key()))

    assert again.seal(a_draft()) == a_file() == sealed(a_certificate(), "https://constancia.example")


def test_what_is_signed_is_small_enough_for_kms() -> None:
    lengths = []

    def sign(message: bytes) -> bytes:
        lengths.append(len(message))
        return signing_with(seal_key())(message)

    Sealer(a_chain(), sign).seal(a_draft())

    assert max(lengths) < 4096


# ---------------------------------------------------------------- what fails


def test_the_signature_of_another_key_is_not_sealed_with() -> None:
    sealer = Sealer(a_chain(), signing_with(an_rsa_key("other")))

    assert refused(sealer, a_draft()) is SealFault.KEY_MISMATCH


def test_nor_is_that_of_a_longer_key() -> None:
    sealer = Sealer(a_chain(), signing_with(seal_key(3072)))

    assert refused(sealer, a_draft()) is SealFault.KEY_MISMATCH


def test_nor_is_a_signature_over_something_else() -> None:
    sign = signing_with(seal_key())
    sealer = Sealer(a_chain(), lambda message: sign(message + b" "))

    assert refused(sealer, a_draft()) is SealFault.KEY_MISMATCH


def test_what_is_issued_outside_the_chains_time_is_not_sealed() -> None:
    late = replace(a_draft(), sealed_at=a_draft().sealed_at + timedelta(days=400))

    assert refused(a_sealer(), late) is SealFault.CHAIN_NOT_VALID


def test_a_draft_with_too_little_room_is_not_sealed() -> None:
    appearance = replace(a_sealer().appearance, reserved=a_sealer().appearance.reserved - 1)
    certificate = a_certificate()
    draft = draw(certificate, "https://constancia.example/validate/X?t=Y", appearance)

    assert refused(a_sealer(), draft) is SealFault.OVERSIZE


def test_a_draft_whose_ranges_are_not_those_of_its_text_is_not_sealed() -> None:
    start, end = a_draft().contents
    shifted = replace(a_draft(), contents=(start - 2, end - 2))

    assert refused(a_sealer(), shifted) is SealFault.FILE_NOT_COVERED


def test_what_signing_raises_passes() -> None:
    def unreachable(_: bytes) -> bytes:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Sealer(a_chain(), unreachable).seal(a_draft())


# ---------------------------------------------------------------- what is seen in a finished file


def test_a_finished_file_holds() -> None:
    assert fault_of(a_file()) is None


def test_every_changed_byte_is_seen() -> None:
    data = a_file()
    start, end = a_draft().contents
    # all of the seal and what stands around it; elsewhere one byte in some hundred
    places = {*range(0, len(data), 211), *range(start - 80, start + 200), *range(end - 200, end + 80)}
    unseen = [place for place in places if fault_of(with_byte(data, place)) is None]

    assert unseen == []


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_whatever_byte_of_the_seal_is_another_the_refusal_has_a_reason(place: int, change: int) -> None:
    start, end = a_draft().contents
    seal = bytearray.fromhex(a_file()[start + 1 : end - 1].decode())
    seal[place % len(seal)] ^= change

    assert fault_of(a_file()[: start + 1] + seal.hex().encode() + a_file()[end - 1 :]) is not None


def with_byte(data: bytes, place: int) -> bytes:
    """The file with one other byte; a digit of the seal becomes another digit."""
    other = ord("1") if data[place] == ord("0") else ord("0")
    return data[:place] + bytes([other]) + data[place + 1 :]


def in_upper_case(data: bytes) -> bytes:
    start, end = a_draft().contents
    return data[:start] + data[start:end].upper() + data[end:]


def with_zeros(data: bytes) -> bytes:
    start, end = a_draft().contents
    return data[: start + 1] + b"0" * (end - start - 2) + data[end - 1 :]


def with_revision(data: bytes) -> bytes:
    """As an editor saves a change: after the end, with its own table and trailer."""
    xref = data[data.rindex(b"startxref") :].split()[1].decode()
    change = "1 0 obj\n<</Type /Pages /Kids [] /Count 0>>\nendobj\n"
    trailer = f"trailer\n<</Size 2 /Root 1 0 R /Prev {xref}>>\nstartxref\n{len(data) + len(change)}\n%%EOF\n"
    return data + f"{change}xref\n1 1\n{len(data):010} 00000 n \n{trailer}".encode()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(lambda data: data + b"\n", SealFault.FILE_NOT_COVERED, id="a line more"),
        pytest.param(lambda data: data + b"junk", SealFault.FILE_NOT_COVERED, id="junk after the end"),
        pytest.param(lambda data: b"\n" + data, SealFault.FILE_NOT_COVERED, id="junk before the start"),
        pytest.param(with_revision, SealFault.FILE_NOT_COVERED, id="an appended revision"),
        pytest.param(lambda data: data + data, SealFault.FILE_NOT_COVERED, id="twice the file"),
        pytest.param(lambda data: data[:-1], SealFault.FILE_NOT_COVERED, id="cut short"),
        pytest.param(lambda data: b"", SealFault.FILE_NOT_COVERED, id="nothing"),
        pytest.param(in_upper_case, SealFault.FILE_NOT_COVERED, id="a seal spelt otherwise"),
        pytest.param(with_zeros, SealFault.FILE_ALTERED, id="no seal yet"),
        pytest.param(lambda data: data.replace(b"es-PE", b"en-US"), SealFault.FILE_ALTERED, id="other words"),
    ],
)
def test_what_was_done_to_a_finished_file_is_seen(change: Callable[[bytes], bytes], fault: SealFault) -> None:
    assert fault_of(change(a_file())) is fault


def test_a_file_sealed_by_another_key_does_not_pass_for_ours() -> None:
    other = SealForm(a_chain(3072))

    with pytest.raises(SealError):
        check(a_file(), other)

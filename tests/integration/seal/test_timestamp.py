"""Level B-T: the time of an authority over the signature, asked for over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import cms, tsp

from constancia.domain.links import verification_url
from render.document import Draft, draw
from render.seal import SealChain, Sealer, SealError, SealFault
from render.seal.check import check
from render.seal.cms import SealForm
from render.seal.timestamp import TimeStampAuthority
from tests.builders import NOW, TOKEN, a_certificate
from tests.integration.seal.authority import TSA_ROOT, Answer, authority, granted
from tests.judges.seals import judged, pdfsig
from tests.sealing import BASE_URL, chain_pem, demo_root, seal_key, signing_with

AT = NOW + timedelta(seconds=7)


def a_sealer(url: str, seconds: float = 30) -> Sealer:
    return Sealer(SealChain.parse(chain_pem()), signing_with(seal_key()), TimeStampAuthority(url, seconds))


def a_draft(sealer: Sealer) -> Draft:
    certificate = a_certificate()
    return draw(certificate, verification_url(BASE_URL, certificate.code, TOKEN), sealer.appearance)


def stamped(answer: Answer, pause: float = 0, seconds: float = 30) -> bytes:
    with authority(answer, pause) as url:
        sealer = a_sealer(url, seconds)
        return sealer.seal(a_draft(sealer))


def test_a_stamped_file_is_trusted_with_the_time_of_the_authority() -> None:
    status = judged(stamped(granted(AT)), demo_root().pem, TSA_ROOT.pem)

    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert (status.timestamp_validity.trusted, status.timestamp_validity.timestamp) == (True, AT)


def test_poppler_finds_the_whole_file_signed() -> None:
    assert "Total document signed" in pdfsig(stamped(granted(AT)))


def test_every_try_asks_anew_and_its_file_holds() -> None:
    one, other = stamped(granted(AT)), stamped(granted(AT))

    assert one != other
    assert len(one) == len(other)
    check(other, SealForm(SealChain.parse(chain_pem())), time_stamped=True)


def test_a_file_without_its_time_stamp_does_not_hold() -> None:
    with authority(granted(AT)) as url:
        sealer = a_sealer(url)
        draft = a_draft(sealer)
        plain = Sealer(SealChain.parse(chain_pem()), signing_with(seal_key())).seal(draft)

    with pytest.raises(SealError) as refusal:
        check(plain, SealForm(SealChain.parse(chain_pem())), time_stamped=True)
    assert refusal.value.reason is SealFault.TIME_STAMP


# ---------------------------------------------------------------- authorities that fail


def changed(change: Callable[[tsp.TimeStampReq], None]) -> Answer:
    """An authority that answers another request than the one it got."""

    def answer(body: bytes) -> tuple[int, bytes]:
        request = tsp.TimeStampReq.load(body)
        change(request)
        return granted(AT)(request.dump(force=True))

    return answer


def over_something_else(request: tsp.TimeStampReq) -> None:
    request["message_imprint"]["hashed_message"] = bytes(32)


def of_another_request(request: tsp.TimeStampReq) -> None:
    request["nonce"] = 7


def without_nonce(request: tsp.TimeStampReq) -> None:
    del request["nonce"]


def no_time_stamp(body: bytes) -> tuple[int, bytes]:
    """Granted, with a signature over plain data in the place of a token."""
    status = tsp.PKIStatusInfo({"status": "granted"})
    return 200, tsp.TimeStampResp({"status": status, "time_stamp_token": plain_data()}).dump()


def plain_data() -> cms.ContentInfo:
    fields: dict[str, Any] = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data", "content": b"no time"},
        "signer_infos": [],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(fields)})


def rejected(body: bytes) -> tuple[int, bytes]:
    """RFC 3161, 2.4.2: a status alone."""
    status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {"bad_alg"}}).dump()
    return 200, b"\x30" + bytes([len(status)]) + status


def endless(body: bytes) -> tuple[int, bytes]:
    return 200, b"\x30\x84\x7f\xff\xff\xff" + bytes(200_000)


def far_too_large(body: bytes) -> tuple[int, bytes]:
    """A stamp that is right, and takes more room than was kept."""
    status, answer = granted(AT)(body)
    response = tsp.TimeStampResp.load(answer)
    token = response["time_stamp_token"]
    (certificate,) = token["content"]["certificates"]
    token["content"]["certificates"] = [certificate.copy() for _ in range(16)]
    fields = {"status": response["status"], "time_stamp_token": token}
    return status, tsp.TimeStampResp(fields).dump(force=True)


@pytest.mark.parametrize(
    ("answer", "fault", "told"),
    [
        pytest.param(changed(over_something_else), SealFault.TIME_STAMP, "over something else", id="imprint"),
        pytest.param(changed(of_another_request), SealFault.TIME_STAMP, "another request", id="nonce"),
        pytest.param(changed(without_nonce), SealFault.TIME_STAMP, "another request", id="no nonce"),
        pytest.param(no_time_stamp, SealFault.TIME_STAMP, "no time stamp", id="no stamp"),
        pytest.param(rejected, SealFault.TIME_STAMP, "rejection", id="rejected"),
        pytest.param(
            lambda _: (200, b"<html>"), SealFault.TIME_STAMP, "can't be read", id="no answer of theirs"
        ),
        pytest.param(lambda _: (200, b""), SealFault.TIME_STAMP, "can't be read", id="empty"),
        pytest.param(lambda _: (503, b""), SealFault.TIME_STAMP, "status 503", id="out of service"),
        pytest.param(lambda _: (302, b""), SealFault.TIME_STAMP, "status 302", id="redirected"),
        pytest.param(endless, SealFault.TIME_STAMP, "too long", id="endless"),
        pytest.param(far_too_large, SealFault.OVERSIZE, "were reserved", id="too large"),
    ],
)
def test_what_is_no_stamp_of_this_signature_seals_nothing(
    answer: Answer, fault: SealFault, told: str
) -> None:
    with pytest.raises(SealError) as refusal:
        stamped(answer)
    assert refusal.value.reason is fault
    assert told in refusal.value.detail


@pytest.mark.parametrize(
    ("pause", "told"), [(1.0, "ReadTimeoutError"), (0.1, "too slow")], ids=["silent", "drop by drop"]
)
def test_an_authority_is_not_waited_for_any_longer_than_set(pause: float, told: str) -> None:
    stamped(granted(AT))  # all keys are made by now

    with pytest.raises(SealError, match=told) as refusal:
        stamped(granted(AT), pause, seconds=0.5)
    assert refusal.value.reason is SealFault.TIME_STAMP


def test_an_authority_that_is_not_there_seals_nothing() -> None:
    with authority(granted(AT)) as url:
        pass
    sealer = a_sealer(url)
    with pytest.raises(SealError) as refusal:
        sealer.seal(a_draft(sealer))
    assert refusal.value.reason is SealFault.TIME_STAMP
    assert url not in str(refusal.value)

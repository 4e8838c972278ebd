import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from constancia.domain.access import grant_download
from constancia.domain.certificate import Certificate, CertificateState, LockedCertificate
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.school import Level
from constancia.domain.verification import (
    CertificateFile,
    Download,
    Grant,
    Proof,
    QrToken,
    Verdict,
    Verification,
    downloadable,
    verify,
)
from constancia.domain.virtual_code import VirtualCode
from tests.builders import (
    ADULT_DNI,
    CODE,
    FILE_SHA256,
    NOW,
    OTHER_CODE,
    OTHER_TOKEN,
    STUDENT_DNI,
    TOKEN,
    a_certificate,
)

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
RIGHT_PROOFS = [STUDENT_DNI, QrToken(TOKEN)]
WRONG_PROOFS = [ADULT_DNI, QrToken(OTHER_TOKEN)]


@dataclass
class Store:
    """Counts its reads."""

    certificates: dict[VirtualCode, Certificate]
    reads: int = field(default=0)

    def locked(self, code: VirtualCode) -> LockedCertificate | None:
        self.reads += 1
        certificate = self.certificates.get(code)
        return LockedCertificate.of(certificate) if certificate else None


def store_of(*certificates: Certificate) -> Store:
    return Store({certificate.code: certificate for certificate in certificates})


def verified(
    state: CertificateState = ISSUED, proof: Proof | None = None, now: datetime = NOW
) -> Verification:
    return verify(store_of(a_certificate(state)), CODE, proof, now)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (PENDING, Verdict.UNKNOWN),
        (ISSUED, Verdict.AUTHENTIC),
        (SUPERSEDED, Verdict.REPLACED),
        (ANNULLED, Verdict.ANNULLED),
    ],
)
@pytest.mark.parametrize("proof", [None, *RIGHT_PROOFS])
def test_the_verdict_is_the_state(state: CertificateState, verdict: Verdict, proof: Proof | None) -> None:
    assert verified(state, proof).verdict is verdict


def test_the_code_alone_tells_date_levels_and_masked_name_and_opens_nothing() -> None:
    answer = verified()

    assert answer.summary is not None
    assert answer.summary.issued_at == NOW
    assert answer.summary.levels == (Level.SECUNDARIA,)
    assert answer.summary.masked_name == "A*** L*** Q*** Ñ***"
    assert answer.opened is None


@pytest.mark.parametrize("proof", RIGHT_PROOFS)
def test_document_or_token_open_the_content_and_the_download(proof: Proof) -> None:
    opened = verified(proof=proof).opened

    assert opened is not None
    assert opened.content == a_certificate().content
    assert opened.number == "2026-00001234"
    assert opened.download is not None
    assert opened.download.sha256 == FILE_SHA256
    assert opened.download.expires_at == NOW + timedelta(minutes=10)


@pytest.mark.parametrize("proof", RIGHT_PROOFS)
def test_a_replaced_certificate_shows_its_content_and_offers_no_file(proof: Proof) -> None:
    opened = verified(SUPERSEDED, proof).opened

    assert opened is not None
    assert opened.content == a_certificate().content
    assert opened.download is None


@pytest.mark.parametrize("proof", RIGHT_PROOFS)
def test_an_annulled_certificate_shows_no_content(proof: Proof) -> None:
    assert verified(ANNULLED, proof).opened is None


@pytest.mark.parametrize("proof", [None, *RIGHT_PROOFS])
def test_a_pending_certificate_is_unknown_to_the_public(proof: Proof | None) -> None:
    assert verified(PENDING, proof) == Verification(CODE, NOW, Verdict.UNKNOWN)


@pytest.mark.parametrize("state", CertificateState)
@pytest.mark.parametrize("proof", WRONG_PROOFS)
def test_a_wrong_proof_and_an_unknown_code_get_the_same_answer(state: CertificateState, proof: Proof) -> None:
    assert verified(state, proof) == verify(store_of(), CODE, proof, NOW)


@pytest.mark.parametrize("proof", [*RIGHT_PROOFS, *WRONG_PROOFS])
@pytest.mark.parametrize("certificates", [(), (a_certificate(),)])
def test_the_same_work_is_done_for_every_code(
    proof: Proof, certificates: tuple[Certificate, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    compare, comparisons = hmac.compare_digest, list[bool]()

    def counting(one: bytes, other: bytes) -> bool:
        comparisons.append(compare(one, other))
        return comparisons[-1]

    monkeypatch.setattr(hmac, "compare_digest", counting)
    store = store_of(*certificates)

    verify(store, CODE, proof, NOW)

    assert (store.reads, len(comparisons)) == (1, 1)


FILE = CertificateFile(CODE, FILE_SHA256)


def download_with(right: Grant | QrToken, *certificates: Certificate, now: datetime = NOW) -> CertificateFile:
    return downloadable(store_of(*certificates), CODE, right, now)


def refusal(right: Grant | QrToken, *certificates: Certificate, now: datetime = NOW) -> ErrorCode:
    with pytest.raises(DomainError) as refused:
        download_with(right, *certificates, now=now)
    return refused.value.code


def grant_for(certificate: Certificate) -> Grant:
    return Grant(grant_download(certificate, NOW))


def test_the_grant_of_a_verification_downloads_for_ten_minutes() -> None:
    opened = verified(proof=STUDENT_DNI).opened
    assert opened is not None
    assert isinstance(opened.download, Download)
    grant, end = Grant(opened.download.grant), opened.download.expires_at

    assert download_with(grant, a_certificate(), now=end - timedelta(seconds=1)) == FILE
    assert refusal(grant, a_certificate(), now=end) is ErrorCode.NOT_ENTITLED


def test_the_token_downloads() -> None:
    assert download_with(QrToken(TOKEN), a_certificate()) == FILE


def test_a_grant_does_not_open_another_code() -> None:
    other = a_certificate(code=OTHER_CODE)

    assert refusal(grant_for(other), a_certificate()) is ErrorCode.CERTIFICATE_NOT_FOUND


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "9" + text, lambda text: text + "a"])
def test_a_changed_grant_opens_nothing(change: Callable[[str], str]) -> None:
    grant = Grant(change(grant_for(a_certificate()).value))

    assert refusal(grant, a_certificate()) is ErrorCode.CERTIFICATE_NOT_FOUND


WRONG_RIGHTS = [
    QrToken(OTHER_TOKEN),
    *(Grant(text) for text in ("", ".", "x.y", "٣.٣", "\ud800", "1." + "0" * 32)),
]


@pytest.mark.parametrize("right", WRONG_RIGHTS)
@pytest.mark.parametrize("state", CertificateState)
def test_a_wrong_right_and_an_unknown_code_are_refused_alike(
    right: Grant | QrToken, state: CertificateState
) -> None:
    assert refusal(right, a_certificate(state)) is refusal(right) is ErrorCode.CERTIFICATE_NOT_FOUND


@pytest.mark.parametrize("state", [SUPERSEDED, ANNULLED])
def test_the_file_of_a_certificate_that_is_no_longer_valid_is_gone(state: CertificateState) -> None:
    certificate = a_certificate(state)

    assert refusal(QrToken(TOKEN), certificate) is ErrorCode.NO_LONGER_VALID
    assert refusal(grant_for(certificate), certificate) is ErrorCode.NO_LONGER_VALID


def test_a_pending_certificate_has_no_file_for_anybody() -> None:
    certificate = a_certificate(PENDING)

    assert refusal(QrToken(TOKEN), certificate) is ErrorCode.CERTIFICATE_NOT_FOUND
    assert refusal(grant_for(certificate), certificate) is ErrorCode.CERTIFICATE_NOT_FOUND


@pytest.mark.parametrize("text", ["", TOKEN[:-1], TOKEN + "A", TOKEN[:-1] + "ñ", TOKEN + "\n", "A" * 10_000])
def test_what_has_not_the_form_of_a_token_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="not a token"):
        QrToken.parse(text)


def test_tokens_and_grants_show_in_no_representation() -> None:
    shown = repr([QrToken(TOKEN), grant_for(a_certificate()), verified(proof=QrToken(TOKEN))])

    assert TOKEN not in shown
    assert grant_for(a_certificate()).value not in shown
    assert "QUISPE" not in shown

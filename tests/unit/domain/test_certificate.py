from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from constancia.domain.access import LIFETIME, GrantState, grant_download, grant_state
from constancia.domain.certificate import (
    Certificate,
    CertificateState,
    LockedCertificate,
    PersonKey,
    document_opens,
    hash_of_token,
    new_request_id,
    new_token,
    token_opens,
)
from constancia.domain.content import CertificateContent, Holder
from constancia.domain.identity import PersonName
from constancia.domain.links import verification_url
from constancia.domain.school import Modality
from constancia.domain.virtual_code import VirtualCode
from tests.builders import STUDENT_CE

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
TOKEN = "AbCdEfGhIjKlMnOpQrStUv"


def a_certificate(**changes: object) -> Certificate:
    certificate = Certificate(
        code=VirtualCode("99S0QR6YD40R"),
        number="2026-00000001",
        state=CertificateState.ISSUED,
        content=CertificateContent(Holder(PersonName("CAMILA", None, None), STUDENT_CE), Modality.EBR, ()),
        issued_at=NOW,
        holder_key=PersonKey("0" * 64),
        token_hash=hash_of_token(TOKEN),
        terms_version="2026-11",
        terms_accepted_at=NOW,
    )
    return replace(certificate, **changes)  # type: ignore[arg-type]


def test_the_token_of_the_qr_opens_its_certificate_alone() -> None:
    assert token_opens(a_certificate(), TOKEN)
    assert not token_opens(a_certificate(), new_token())
    assert not token_opens(a_certificate(), "")
    assert not token_opens(a_certificate(), "ñ" * 5000)


@pytest.mark.parametrize("typed", ["X00000001", " x00000001 "])
def test_the_holders_document_opens_the_certificate(typed: str) -> None:
    assert document_opens(LockedCertificate.of(a_certificate()), typed)


@pytest.mark.parametrize("typed", ["", "X00000002", "X0000000", "１"])
def test_another_number_does_not(typed: str) -> None:
    assert not document_opens(LockedCertificate.of(a_certificate()), typed)


def test_tokens_and_request_ids_are_128_random_bits() -> None:
    assert len({new_token() for _ in range(500)} | {new_request_id() for _ in range(500)}) == 1000
    assert len(new_token()) == 22
    assert len(bytes.fromhex(new_request_id())) == 16


def test_a_grant_opens_one_certificate_until_it_expires() -> None:
    grant = grant_download(a_certificate(), NOW)

    assert grant_state(a_certificate(), grant, NOW) is GrantState.HOLDS
    assert grant_state(a_certificate(), grant, NOW + LIFETIME - timedelta(seconds=1)) is GrantState.HOLDS
    assert grant_state(a_certificate(), grant, NOW + LIFETIME) is GrantState.EXPIRED
    assert grant_state(a_certificate(code=VirtualCode("0" * 12)), grant, NOW) is GrantState.FORGED
    assert grant_state(a_certificate(token_hash=hash_of_token("other")), grant, NOW) is GrantState.FORGED


@pytest.mark.parametrize(
    "grant", ["", ".", "x.y", "9999999999.", "9999999999." + "0" * 32, "ñ.ñ", "1" * 9999]
)
def test_an_invented_grant_opens_nothing(grant: str) -> None:
    assert grant_state(a_certificate(), grant, NOW) is GrantState.FORGED


def test_a_grants_life_can_not_be_lengthened() -> None:
    expiry, _, signature = grant_download(a_certificate(), NOW).partition(".")

    assert grant_state(a_certificate(), f"{int(expiry) + 1}.{signature}", NOW) is GrantState.FORGED


def test_links_name_the_code_and_only_the_qrs_carries_the_token() -> None:
    assert (
        verification_url("https://x.pe", VirtualCode("99S0QR6YD40R")) == "https://x.pe/validate/99S0QR6YD40R"
    )
    assert verification_url("https://x.pe/s", VirtualCode("99S0QR6YD40R"), TOKEN).endswith(f"R?t={TOKEN}")

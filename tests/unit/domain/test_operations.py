"""What operators may do to a certificate, and what comes of it."""

from datetime import timedelta

import pytest

from constancia.domain.certificate import CertificateState, MailState, token_opens
from constancia.domain.operations import (
    NotPossibleError,
    parse_address,
    parse_ticket,
    reissue_of,
    require_annullable,
    require_mailable,
    require_reissuable,
    resending_of,
)
from constancia.domain.virtual_code import parse_virtual_code
from tests.builders import EMAIL, NOW, a_certificate

KEPT = timedelta(days=7)
LATER = NOW + timedelta(days=30, microseconds=9)


@pytest.mark.parametrize("text", ["CASE-2026-0012", "exp/44.2026", "A_1", " CASE-1 "])
def test_a_case_is_known_by_its_number(text: str) -> None:
    assert parse_ticket(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "12", "Rosa Quispe pidió", "a@b.pe", "CASE-12345678", "-1-2", "x" * 41, "caso ñ", "A\n1"]
)
def test_what_may_name_somebody_is_no_case(text: str) -> None:
    with pytest.raises(ValueError, match=r"letters, digits|DNI"):
        parse_ticket(text)


@pytest.mark.parametrize("text", ["persona@correo.example", " p.q+r@a-b.pe "])
def test_an_address_is_taken_without_the_spaces_around_it(text: str) -> None:
    assert parse_address(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "persona", "persona@", "a@b", "a b@c.pe", "a@c.pe,d@c.pe", f"{'x' * 250}@c.pe"]
)
def test_what_is_no_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="no e-mail address") as refused:
        parse_address(text)
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize("require", [require_annullable, require_mailable, require_reissuable])
@pytest.mark.parametrize(
    ("state", "why"),
    [
        (CertificateState.PENDING, "not issued yet"),
        (CertificateState.SUPERSEDED, "superseded by 7K3Q-M9XD-2TRJ"),
        (CertificateState.ANNULLED, "annulled, for good"),
    ],
)
def test_only_what_stands_is_annulled_mailed_or_made_anew(
    require: object, state: CertificateState, why: str
) -> None:
    assert callable(require)
    require(a_certificate())
    with pytest.raises(NotPossibleError, match=why):
        require(a_certificate(state))


def test_what_is_made_anew_has_the_content_and_the_terms_and_nothing_else_of_the_original() -> None:
    original = a_certificate()

    certificate, request = reissue_of(original, "2026-00009999", EMAIL, LATER, KEPT)

    assert (certificate.content, certificate.holder_key) == (original.content, original.holder_key)
    assert certificate.terms_accepted_at == original.terms_accepted_at
    assert (certificate.state, certificate.sha256) == (CertificateState.PENDING, None)
    assert certificate.replaces == original.code != certificate.code == parse_virtual_code(certificate.code)
    assert certificate.number == "2026-00009999"
    assert certificate.issued_at == LATER.replace(microsecond=0)
    assert request.token is not None
    assert token_opens(certificate, request.token)
    assert not token_opens(original, request.token)
    assert (request.code, request.state, request.mail) == (
        certificate.code,
        CertificateState.PENDING,
        MailState.PENDING,
    )
    assert request.expires_at - request.created_at == KEPT


def test_without_an_address_the_request_has_none_masked_either() -> None:
    _, request = reissue_of(a_certificate(), "2026-00009999", None, LATER, KEPT)

    assert (request.email, request.masked_email, request.phone) == (None, None, None)


def test_of_a_mail_once_more_nothing_but_the_mail_is_left() -> None:
    request = resending_of(a_certificate(), EMAIL, LATER, KEPT)

    assert (request.state, request.mail, request.token) == (
        CertificateState.ISSUED,
        MailState.PENDING,
        None,
    )
    assert (request.email, request.masked_email) == (EMAIL, "p•••@c•••.example")
    assert EMAIL not in repr(request)

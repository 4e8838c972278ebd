"""What guessing documents costs: a pause, told alike for codes that exist and for those that do not."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from lxml.html import HtmlElement

from constancia.domain.certificate import CertificateState
from constancia.domain.virtual_code import new_virtual_code
from tests.builders import ADULT_DNI, CODE, OTHER_TOKEN, STUDENT_DNI, TOKEN, a_certificate
from tests.unit.validate.site import Site
from tests.unit.web.events import event, form_event, json_event
from tests.unit.web.html import elements, parse, text_of, values

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
RIGHT, WRONG = STUDENT_DNI.number, ADULT_DNI.number
PER_CODE, PER_ADDRESS = 3, 8


def a_site(*certificates: Any) -> Site:
    return Site(certificates, guesses_per_code=PER_CODE, guesses_per_address=PER_ADDRESS)


def asked(site: Site, document: str = WRONG, code: str = CODE, address: str = "203.0.113.7") -> Any:
    call = json_event("POST", "/api/v1/validations", {"code": code, "document": document})
    call["requestContext"]["identity"]["sourceIp"] = address
    return site.answer(call)


def verdict(answer: dict[str, Any]) -> str:
    read = msgspec.json.decode(answer["body"])
    return str(read.get("verdict") or read["code"])


def paused(site: Site, code: str = CODE) -> None:
    for number in range(PER_CODE):
        assert verdict(asked(site, code=code, address=f"198.51.100.{number}")) == "unknown"


def page_of(site: Site, document: str = WRONG) -> tuple[dict[str, Any], HtmlElement]:
    answer = site.answer(form_event("/validate", {"code": CODE, "document": document}))
    return answer, parse(answer["body"])


def test_a_code_whose_documents_are_guessed_pauses_whoever_asks_and_whatever_is_right() -> None:
    site = a_site(a_certificate())
    paused(site)
    reads = site.reads

    answer = asked(site, RIGHT, address="192.0.2.1")

    assert (answer["statusCode"], verdict(answer)) == (429, "too_many_attempts")
    assert answer["multiValueHeaders"]["Retry-After"] == ["3600"]
    assert "código QR" in msgspec.json.decode(answer["body"])["next_step"]
    assert site.reads == reads


def test_the_pause_ends() -> None:
    site = a_site(a_certificate())
    paused(site)
    site.now += timedelta(hours=1)

    assert verdict(asked(site, RIGHT)) == "authentic"


@pytest.mark.parametrize(
    "sent",
    [
        json_event("POST", "/api/v1/validations", {"code": CODE}),
        json_event("POST", "/api/v1/validations", {"code": CODE, "token": TOKEN}),
        event("GET", f"/validate/{CODE}", query={"t": TOKEN}),
        form_event("/validate", {"code": CODE}),
        event("GET", f"/api/v1/certificates/{CODE}/pdf", query={"t": TOKEN}),
    ],
    ids=["code", "token", "QR", "page by code", "file"],
)
def test_the_code_alone_and_the_qr_wait_for_nobody(sent: dict[str, Any]) -> None:
    site = a_site(a_certificate())
    paused(site)

    assert site.answer(sent)["statusCode"] in {200, 303}


def test_wrong_tokens_are_not_counted() -> None:
    site = a_site(a_certificate())
    for _ in range(PER_ADDRESS + 1):
        site.answer(event("GET", f"/validate/{CODE}", query={"t": OTHER_TOKEN}))

    assert not site.limiter.taken


@pytest.mark.parametrize("state", [ISSUED, SUPERSEDED, ANNULLED])
def test_a_document_that_is_right_is_not_counted(state: CertificateState) -> None:
    site = a_site(a_certificate(state))
    for _ in range(2 * PER_ADDRESS):
        assert verdict(asked(site, RIGHT)) != "too_many_attempts"


def test_the_documents_of_a_certificate_that_is_not_issued_are_counted_as_those_of_none() -> None:
    site = a_site(a_certificate(PENDING))
    for _ in range(PER_CODE):
        asked(site, RIGHT)

    assert verdict(asked(site, RIGHT)) == "too_many_attempts"


def test_an_address_that_guesses_at_many_codes_is_paused_at_all_of_them() -> None:
    site = a_site(a_certificate())
    for number in range(PER_ADDRESS):
        assert verdict(asked(site, code=new_virtual_code())) == "unknown", number

    assert verdict(asked(site, RIGHT)) == "too_many_attempts"
    assert verdict(asked(site, RIGHT, address="192.0.2.1")) == "authentic"


def test_a_clerk_who_checks_fifty_papers_and_mistypes_some_is_not_paused() -> None:
    """Under the limits of template.yaml (`tests/abuse` holds these to it)."""
    codes = [new_virtual_code() for _ in range(50)]
    papers = (a_certificate(code=code) for code in codes)
    site = Site(tuple(papers), guesses_per_code=10, guesses_per_address=200)
    for number, code in enumerate(codes):
        for _ in range(3 if number % 3 == 0 else 0):
            assert verdict(asked(site, code=code)) == "unknown"
        assert verdict(asked(site, RIGHT, code)) == "authentic"
        site.now += timedelta(minutes=4)


def test_a_university_behind_one_address_checks_all_day() -> None:
    """Two hundred papers an hour, every tenth number mistyped."""
    site = Site((a_certificate(),), guesses_per_code=10, guesses_per_address=200)
    for _ in range(8):
        for _ in range(20):
            assert verdict(asked(site, code=new_virtual_code())) == "unknown"
            assert verdict(asked(site, RIGHT)) == "authentic"
        site.now += timedelta(hours=1)


def test_a_question_that_can_not_be_answered_counts_against_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    site = a_site(a_certificate())

    def broken(code: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(site, "locked", broken)
    assert asked(site)["statusCode"] == 500

    assert {count for count, _ in site.limiter.taken.values()} == {0}


def test_a_question_that_could_not_be_understood_counts_against_nobody() -> None:
    site = a_site(a_certificate())

    assert asked(site, "123")["statusCode"] == 422
    assert not site.limiter.taken


def test_the_page_says_until_when_and_what_works_meanwhile() -> None:
    site = a_site(a_certificate())
    paused(site)

    answer, page = page_of(site)

    assert answer["statusCode"] == 429
    assert answer["multiValueHeaders"]["Retry-After"] == ["3600"]
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    said = text_of(elements(page, "//main")[0])
    assert "código QR" in said
    assert "11:30:00" in said  # Lima
    assert f"/validate/{CODE}" in values(page, "//main//a/@href")
    assert RIGHT not in answer["body"]


def test_a_pause_looks_the_same_for_a_certificate_and_for_none() -> None:
    known, unknown = a_site(a_certificate()), a_site()
    for site in (known, unknown):
        paused(site)

    assert asked(known) == asked(unknown)
    assert page_of(known)[0] == page_of(unknown)[0]

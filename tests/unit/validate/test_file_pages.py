"""A file is judged by its digest alone: what the pages ask, and what they answer."""

import hashlib
from typing import Any

import pytest
from lxml.html import HtmlElement

from constancia.domain.certificate import CertificateState
from tests.builders import CODE, FILE_SHA256, OTHER_CODE, STUDENT_DNI, a_certificate
from tests.unit.validate.site import Site
from tests.unit.web.events import event, form_event
from tests.unit.web.html import elements, parse, text_of, values

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
OTHER_SHA256 = hashlib.sha256(b"another file").hexdigest()
HOSTILE = [
    "",
    "   ",
    "0" * 63,
    "0" * 65,
    "A" * 10_000,
    "g" * 64,
    "🦙" * 64,
    "٠" * 64,
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    f"{FILE_SHA256} {OTHER_SHA256}",
    hashlib.sha1(b"a file", usedforsecurity=False).hexdigest(),
    hashlib.sha512(b"a file").hexdigest(),
]


def page_of(answer: dict[str, Any], status: int = 200) -> HtmlElement:
    assert answer["statusCode"] == status
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    page = parse(answer["body"])
    assert len(elements(page, "//h1")) == 1
    return page


def asked(site: Site, sha256: str, status: int = 200, **fields: str) -> HtmlElement:
    return page_of(site.answer(form_event("/validate/file", {"sha256": sha256, **fields})), status)


def heading(page: HtmlElement) -> str:
    return text_of(elements(page, "//h1")[0])


def test_the_form_sends_a_digest_and_no_file() -> None:
    page = page_of(Site().answer(event("GET", "/validate/file")))

    assert values(page, "//main//form//*[@name]/@name") == ["sha256"]
    assert not elements(page, "//main//form//input[@type='file']")
    assert values(page, "//input[@type='file']/@id") == values(page, "//label[@for='file']/@for")
    assert "Get-FileHash" in text_of(page)  # how to do it where there are no scripts
    assert not elements(page, "//script[not(@src)]")


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (ISSUED, "Archivo auténtico"),
        (SUPERSEDED, "Archivo de una constancia reemplazada por una más reciente"),
        (ANNULLED, "Archivo de una constancia anulada"),
    ],
)
def test_the_file_that_was_issued_is_known_with_how_its_certificate_stands(
    state: CertificateState, title: str
) -> None:
    page = asked(Site((a_certificate(state),)), FILE_SHA256)

    assert heading(page) == title
    assert FILE_SHA256 in text_of(page)
    assert "99S0-QR6Y-D40R" in text_of(page)


def test_a_digest_alone_shows_no_more_than_the_code_alone() -> None:
    page = asked(Site((a_certificate(),)), FILE_SHA256)

    assert "A*** L*** Q*** Ñ***" in text_of(page)
    for secret in ("QUISPE", STUDENT_DNI.number):
        assert secret not in text_of(page)
    assert not elements(page, "//table")
    assert not elements(page, "//a[contains(@href, '/pdf')]")
    assert values(page, "//main//form/@action") == ["/validate"]
    assert values(page, "//main//form//input[@name='code']/@value") == ["99S0-QR6Y-D40R"]


@pytest.mark.parametrize("certificates", [(), (a_certificate(),), (a_certificate(PENDING),)])
def test_any_other_file_is_not_one_that_was_issued(certificates: tuple[Any, ...]) -> None:
    page = asked(Site(certificates), OTHER_SHA256)

    assert heading(page) == "No es un archivo que se haya emitido"
    assert "compare dato por dato" in text_of(page)
    assert not elements(page, "//main//form//button")


def test_a_digest_that_is_no_longer_the_certificate_s_is_not_its_file() -> None:
    class Outdated(Site):
        def by_digest(self, sha256: str) -> Any:
            return CODE

    for certificates in ((a_certificate(),), (a_certificate(code=OTHER_CODE),)):
        assert heading(asked(Outdated(certificates), OTHER_SHA256)).startswith("No es un archivo")


@pytest.mark.parametrize(
    "typed",
    [
        FILE_SHA256.upper(),
        f"\ufeff\u202e{FILE_SHA256}\u202c",
        f"  {FILE_SHA256}\n",
        f"{FILE_SHA256}  constancia-99S0-QR6Y-D40R.pdf",
        f"SHA256 hash of constancia.pdf:\r\n{FILE_SHA256}\r\nCertUtil: -hashfile command completed.",
        f"Algorithm Hash Path\nSHA256 {FILE_SHA256.upper()} C:\\constancia.pdf",
        " ".join(FILE_SHA256[at : at + 2] for at in range(0, 64, 2)),
        ":".join(FILE_SHA256[at : at + 2] for at in range(0, 64, 2)),
    ],
)
def test_a_digest_is_taken_as_programs_print_it(typed: str) -> None:
    assert heading(asked(Site((a_certificate(),)), typed)) == "Archivo auténtico"


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_no_digest_is_told_at_its_field_and_nothing_typed_is_lost(typed: str) -> None:
    site = Site((a_certificate(),))

    page = asked(site, typed, 422)

    assert page.findtext(".//title", "").startswith("Error: ")
    assert values(page, "//*[contains(@class, 'govuk-error-summary')]//a/@href") == ["#sha256"]
    assert elements(page, "//*[@id='sha256-error']")
    (field,) = elements(page, "//textarea[@id='sha256']")
    assert (field.text or "").strip() == typed[:200].strip()
    assert site.reads == 0


@pytest.mark.parametrize("body", ["", "%", "sha256=%FF", "&" * 300, "x" * 70_000, "sha256"])
def test_a_form_that_is_none_is_a_clear_page(body: str) -> None:
    answer = Site().answer(form_event("/validate/file", {}) | {"body": body})

    assert 400 <= answer["statusCode"] < 500
    assert elements(parse(answer["body"]), "//h1")


def test_each_answer_leads_to_the_next_file_which_has_the_focus() -> None:
    site = Site((a_certificate(),))
    form = page_of(site.answer(event("GET", "/validate/file", query={"next": "1"})))
    answer = asked(site, FILE_SHA256, next="1")

    assert values(form, "//*[@autofocus]/@id") == ["file"]
    assert values(answer, "//*[@autofocus]/@href") == ["/validate/file?next=1"]
    assert not elements(asked(site, FILE_SHA256), "//*[@autofocus]")


def test_form_and_results_lead_to_the_check_of_a_file() -> None:
    site = Site((a_certificate(),))

    for call in (
        event("GET", "/validate"),
        event("GET", f"/validate/{CODE}"),
        event("GET", f"/validate/{OTHER_CODE}"),
    ):
        assert "/validate/file" in values(page_of(site.answer(call)), "//main//a/@href")

"""The legal pages: each edition of the terms stays as it was published, and a change is announced."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import request.legal
from constancia.web.languages import LANGUAGES, Language
from request.legal import EDITIONS, PUBLISHED, Edition, announced, shown
from tests.builders import CONTACT, a_policy
from tests.unit.request.world import World
from tests.unit.web.events import event
from tests.unit.web.html import elements, parse, text_of, values

FIRST, SECOND = EDITIONS[0], EDITIONS[1]
TEXTS = {
    "/terms/2026-11": "329d2b985bc75b52",
    "/terms/2026-11-23": "013c569a6abc9d58",
    "/privacy": "cb786126770eb00b",
    "/cookies": "276fc935811743fe",
    "/accessibility": "5cc5994448253bef",
}
"""The digest of what each page said when it was published. A page that says something else gets a new date
(`PUBLISHED`), the terms a new edition with a file of its own; then its digest here."""


def in_force(version: str = EDITIONS[-1].version) -> World:
    return World(policy=a_policy(terms_version=version))


def digest_of(path: str) -> str:
    (article,) = elements(parse(in_force().call(event("GET", path)).body), "//main//article")
    return hashlib.sha256(text_of(article).encode()).hexdigest()[:16]


@pytest.mark.parametrize(("path", "digest"), TEXTS.items())
def test_a_text_that_was_published_is_not_changed(path: str, digest: str) -> None:
    assert digest_of(path) == digest


def test_every_edition_has_its_text_and_every_text_is_an_edition_with_a_digest() -> None:
    files = {path.stem for path in (Path(request.legal.__file__).parent / "templates/terms").glob("*.html")}

    assert files == {edition.version for edition in EDITIONS}
    assert set(TEXTS) == {f"/terms/{version}" for version in files} | {f"/{name}" for name in PUBLISHED}
    assert [edition.since for edition in EDITIONS] == sorted({edition.since for edition in EDITIONS})
    assert all(edition.changes for edition in EDITIONS[1:])


@pytest.mark.parametrize("path", ["/terms", *TEXTS])
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_a_legal_page_says_its_date_and_where_to_write_in_every_language(
    path: str, language: Language
) -> None:
    cookie = {"Cookie": f"language={language.code}"}

    answer = in_force().call(event("GET", path, headers=cookie))

    page = parse(answer.body)
    assert answer.status == 200
    assert "2026" in text_of(elements(page, "//main")[0])
    assert path == "/cookies" or f"mailto:{CONTACT}" in values(page, "//main//a/@href")
    assert len(elements(page, "//h1")) == 1


@pytest.mark.parametrize("path", ["/terms", "/privacy", "/cookies", "/accessibility"])
def test_a_translation_says_that_the_spanish_text_is_what_binds(path: str) -> None:
    def told(code: str) -> list[str]:
        page = parse(in_force().call(event("GET", path, headers={"Cookie": f"language={code}"})).body)
        return [text_of(one) for one in elements(page, "//main//*[contains(@class, 'govuk-inset-text')]")]

    assert told("es") == []
    assert len(told("en")) == 1


def test_the_terms_in_force_are_those_that_are_asked_for() -> None:
    for edition in EDITIONS:
        page = parse(in_force(edition.version).call(event("GET", "/terms")).body)
        assert f"Versión {edition.version}, vigente desde" in text_of(page)


def test_an_earlier_edition_is_read_at_its_own_address_and_says_when_it_was_in_force() -> None:
    page = parse(in_force().call(event("GET", f"/terms/{FIRST.version}")).body)

    assert "rigió del 1 de noviembre de 2026 al 22 de noviembre de 2026" in text_of(page)
    assert values(page, "//main//div[contains(@class, 'inset')]//a/@href") == ["/terms"]
    assert str(page.findtext(".//title")).startswith("Términos y condiciones, versión 2026-11 –")
    (article,) = elements(page, "//article")
    assert article.get("lang") == "es-PE"


@pytest.mark.parametrize(
    "version", ["2026-12", "2025-01", "../legal/privacy", "%2e%2e", "2026-11.html", "x" * 999]
)
def test_there_is_no_other_edition(version: str) -> None:
    assert in_force().call(event("GET", f"/terms/{version}")).status == 404


def test_an_edition_that_is_only_prepared_is_not_shown() -> None:
    assert in_force(FIRST.version).call(event("GET", f"/terms/{SECOND.version}")).status == 404
    assert shown(SECOND.version, FIRST.version) is None


def test_terms_that_are_no_edition_stop_the_start() -> None:
    with pytest.raises(ValueError, match="2030-01"):
        in_force("2030-01")


def test_the_terms_say_since_when_and_what_changed_and_lead_to_the_former_ones() -> None:
    page = parse(in_force(SECOND.version).call(event("GET", "/terms")).body)

    (notice,) = elements(page, "//section[@aria-labelledby='changes']")
    assert notice.findtext("h2") == "Los términos y condiciones cambiaron el 23 de noviembre de 2026"
    assert [item.text for item in elements(notice, ".//li")] == list(SECOND.changes)
    assert values(notice, ".//a/@href") == [f"/terms/{FIRST.version}"]
    assert not elements(parse(in_force(FIRST.version).call(event("GET", "/terms")).body), "//section")


@pytest.mark.parametrize(("days", "told"), [(0, True), (89, True), (90, False), (400, False)])
def test_the_start_page_tells_of_a_change_while_it_is_news(days: int, told: bool) -> None:
    world = in_force(SECOND.version)
    noon = datetime.combine(SECOND.since + timedelta(days=days), datetime.min.time(), UTC) + timedelta(
        hours=17
    )
    world.clock.now = noon

    page = parse(world.call(event("GET", "/")).body)

    notices = elements(page, "//section[@aria-labelledby='terms-changed']")
    assert bool(notices) == told
    assert not told or values(notices[0], ".//a/@href") == ["/terms"]


def test_first_terms_are_no_news() -> None:
    assert announced(FIRST.version, FIRST.since) is None


def test_the_page_on_personal_data_says_the_times_that_are_set() -> None:
    text = text_of(parse(in_force().call(event("GET", "/privacy")).body))

    for said in (
        "a los 7 días",
        "a los 14 días",
        "se guardan 90 días",
        "al solicitar dura 15 minutos",
        "Se guarda 5 años; si el código no es de ninguna constancia, 90 días",
        "Las copias de seguridad de la base de datos duran 35 días",
        "db_micertificado",
    ):
        assert said in text


def test_every_page_leads_to_the_legal_pages() -> None:
    page = parse(World().call(event("GET", "/nowhere")).body)

    assert values(page, "//footer//a/@href") == ["/terms", "/privacy", "/cookies", "/accessibility"]


def test_an_edition_is_what_it_was() -> None:
    assert Edition("2026-11", date(2026, 11, 1)) == FIRST

"""The switch of languages."""

import pytest

from constancia.web.languages import LANGUAGES, Language
from tests.unit.request.world import Answer, World
from tests.unit.web.events import event, form_event
from tests.unit.web.html import elements, parse, text_of, values

FOREIGN = {"Sec-Fetch-Site": "cross-site"}


def switch(to: str, back: str = "/", headers: dict[str, str] | None = None) -> Answer:
    return World().call(form_event("/language", {"to": to, "back": back}, headers))


@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_a_choice_is_kept_and_leads_back(code: str) -> None:
    answer = switch(code, "/request?for=SELF")

    assert (answer.status, answer.headers["Location"]) == (303, "/request?for=SELF")
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name == f"language={code}"
    assert set(attributes) == {"Path=/", "Max-Age=31536000", "HttpOnly", "Secure", "SameSite=Lax"}


def test_the_cookie_holds_under_a_stage_s_prefix_and_without_tls_on_one_s_own_machine() -> None:
    sent = form_event("/language", {"to": "qu", "back": "/terms"}, {"X-Forwarded-Proto": "http"})
    sent["requestContext"]["path"] = "/prod/language"

    answer = World().call(sent)

    assert answer.headers["Location"] == "/prod/terms"
    assert "; Path=/prod/;" in answer.headers["Set-Cookie"]
    assert "Secure" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil", "", "/a\r\nX: y", "x" * 9000]
)
def test_it_leads_nowhere_but_to_our_own_pages(back: str) -> None:
    assert switch("en", back).headers["Location"] == "/"


@pytest.mark.parametrize("to", ["", "xx", "ES", "qu; Path=/", "../../x", "é", "a" * 10_000])
def test_a_language_that_is_not_offered_is_refused_and_not_kept(to: str) -> None:
    answer = switch(to)

    assert answer.status == 422
    assert "Set-Cookie" not in answer.headers


def test_another_site_can_not_choose_for_the_person() -> None:
    assert switch("en", headers=FOREIGN).status == 403
    hidden = form_event("/language", {"to": "en", "back": "/"}, {"Origin": "null"})
    del hidden["headers"]["Sec-Fetch-Site"]
    assert World().call(hidden).status == 303  # an old browser on a page that tells nobody where it is


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_a_page_is_in_the_language_and_offers_the_others_in_their_own(language: Language) -> None:
    code, tag = language.code, language.tag
    answer = World().call(event("GET", "/terms", headers={"Cookie": f"language={code}"}, query={"x": "1"}))

    page = parse(answer.body)
    assert page.get("lang") == tag == answer.headers["Content-Language"]
    assert "Cookie" in answer.headers["Vary"].split(", ")
    (form,) = elements(page, "//form[@action='/language']")
    assert form.get("method") == "post"
    assert values(form, ".//input[@name='back']/@value") == ["/terms?x=1"]
    offered = [
        (one.get("value"), one.get("lang"), one.text) for one in elements(form, ".//button[@name='to']")
    ]
    assert offered == [(one.code, one.tag, one.name) for one in LANGUAGES]
    assert values(form, ".//button[@aria-current]/@value") == [code]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_a_language_that_nobody_has_reviewed_says_so_in_itself_and_in_spanish(language: Language) -> None:
    page = parse(World().call(event("GET", "/", headers={"Cookie": f"language={language.code}"})).body)

    notes = elements(page, "//aside[contains(@class, 'site-unreviewed')]")
    if language.code == "es":
        assert notes == []
    else:
        own, spanish = elements(notes[0], "./p")
        assert own.text
        assert not elements(own, ".//*[@lang]")
        assert spanish.get("lang") == "es-PE"
        assert str(spanish.text).startswith("Nadie que hable este idioma desde la niñez ha revisado")


@pytest.mark.parametrize(("path", "folded"), [("/", False), ("/request", True), ("/terms", True)])
def test_the_note_on_a_language_is_whole_where_people_come_in_and_a_line_elsewhere(
    path: str, folded: bool
) -> None:
    page = parse(World().call(event("GET", path, headers={"Cookie": "language=en"})).body)

    (note,) = elements(page, "//aside[contains(@class, 'site-unreviewed')]")
    lines = [text_of(one) for one in elements(note, ".//summary")]
    assert lines == (["Unreviewed translation"] if folded else [])
    assert len(elements(note, ".//details//p" if folded else "./p")) == 2


def test_spanish_on_a_page_in_quechua_says_that_it_is_spanish() -> None:
    page = parse(World().call(event("GET", "/", headers={"Cookie": "language=qu"})).body)

    (name,) = elements(page, "//h1//span")
    assert (name.get("lang"), name.text) == ("es-PE", "Constancia de Logros de Aprendizaje")
    assert [link.text for link in elements(page, "//nav//a")] == ["Mañakuy", "Chiqapchay"]
    title = str(page.findtext(".//title"))
    assert title == "Constanciaykita mañakuy – Constancia de Logros de Aprendizaje"

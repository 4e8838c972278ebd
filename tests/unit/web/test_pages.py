from pathlib import Path

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
from jinja2 import UndefinedError

from constancia.domain.emblems import UnknownEmblemError, emblem_names, emblem_svg
from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.headers import Privacy
from constancia.web.pages import Pages
from constancia.web.problems import problem_of
from constancia.web.static_files import static_file, static_files
from tests.unit.web.events import event
from tests.unit.web.html import elements, parse, text_of, values

PAGE = """{% extends "base.html" %}{% block title %}Título{% endblock %}
{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}
{% block content %}<h1>{{ heading }}</h1>
{{ govukInput({"name": "x", "label": {"text": heading}}) }}{% endblock %}"""


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "strict.html").write_text("{{ thing.nothing }}")
    return Pages(tmp_path, demo=False)


def at(path: str, prefix: str = "") -> APIGatewayProxyEvent:
    return APIGatewayProxyEvent(event("GET", path, stage_prefix=prefix))


def test_a_page_has_title_language_and_landmarks(pages: Pages) -> None:
    answer = pages.render(at("/"), "page.html", privacy=Privacy.PUBLIC, heading="Hola")

    page = parse(answer.body)
    assert page.get("lang") == "es-PE"
    assert page.findtext(".//title") == "Título – Constancia de Logros de Aprendizaje"
    assert len(elements(page, "//main[@id='main-content']")) == 1
    assert elements(page, "//a[@href='#main-content']")
    assert elements(page, "//label[@for='x']")


def test_what_is_shown_is_escaped_in_macros_too(pages: Pages) -> None:
    answer = pages.render(
        at("/"), "page.html", privacy=Privacy.FORM, heading="<script>alert(1)</script>{{ 7*7 }}"
    )

    assert "<script>alert" not in (answer.body or "")
    assert "{{ 7*7 }}" in (answer.body or "")


def test_links_and_files_carry_the_stage_prefix(pages: Pages) -> None:
    answer = pages.render(at("/terms", "/prod"), "page.html", privacy=Privacy.PUBLIC, heading="Hola")

    page = parse(answer.body)
    own = [link for link in values(page, "//@href | //@src") if not link.startswith("#")]
    assert own
    assert all(link.startswith("/prod/") for link in own)


@pytest.mark.parametrize("privacy", Privacy)
def test_every_page_is_protected(pages: Pages, privacy: Privacy) -> None:
    headers = pages.render(at("/"), "page.html", privacy=privacy, heading="Hola").headers

    policy = str(headers["Content-Security-Policy"])
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in headers["Strict-Transport-Security"]
    assert (headers["Cache-Control"] == "no-store") == (privacy is not Privacy.PUBLIC)
    assert (headers["Referrer-Policy"] == "no-referrer") == (privacy is Privacy.PERSONAL)


@pytest.mark.parametrize("privacy", Privacy)
def test_pages_about_somebody_are_not_for_search_engines_and_others_are(
    pages: Pages, privacy: Privacy
) -> None:
    headers = pages.render(at("/"), "page.html", privacy=privacy, heading="Hola").headers

    assert (headers.get("X-Robots-Tag") == "noindex") == (privacy is Privacy.PERSONAL)
    assert ("Vary" in headers) == (privacy is Privacy.PUBLIC)  # the others are not kept at all


def test_no_page_may_use_the_camera_or_be_reached_from_another_window(pages: Pages) -> None:
    headers = pages.render(at("/"), "page.html", privacy=Privacy.PUBLIC, heading="Hola").headers

    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(
        str(headers["Permissions-Policy"]).split(", ")
    )
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_numbers_on_a_page_are_not_made_links_to_call(pages: Pages) -> None:
    page = parse(pages.render(at("/"), "page.html", privacy=Privacy.PUBLIC, heading="12345678").body)

    (detection,) = values(page, "//meta[@name='format-detection']/@content")
    assert "telephone=no" in detection
    assert values(page, "//meta[@name='theme-color']/@content") == ["#8b1725"]
    assert values(page, "//link[@rel='icon']/@type") == ["image/svg+xml"]


def test_no_page_carries_what_its_policy_forbids(pages: Pages) -> None:
    body = pages.render(at("/"), "page.html", privacy=Privacy.PUBLIC, heading="Hola").body or ""

    page = parse(body)
    assert not elements(page, "//*[@style] | //style | //script[not(@src)]")
    assert not values(page, "//@*[starts-with(name(), 'on')]")


def test_a_template_that_asks_an_object_for_what_it_has_not_fails(pages: Pages) -> None:
    with pytest.raises(UndefinedError):
        pages.render(at("/"), "strict.html", privacy=Privacy.PUBLIC, thing=Privacy.PUBLIC)
    with pytest.raises(UndefinedError):
        pages.render(at("/"), "page.html", privacy=Privacy.PUBLIC)


def test_the_page_of_a_refusal_says_what_to_do(pages: Pages) -> None:
    problem = problem_of(DomainError(ErrorCode.REGISTRY_UNAVAILABLE))

    answer = pages.problem(at("/request"), problem)

    page = parse(answer.body)
    assert answer.status_code == 503
    assert str(page.findtext(".//title")).startswith("Error: ")
    assert page.findtext(".//h1") == problem.text.title
    assert problem.text.next_step in text_of(page)
    (reference,) = page.xpath("//code[@data-code]")
    assert (reference.get("data-code"), reference.text) == (problem.code.value, problem.reference)
    assert problem.code.value not in text_of(page)  # a word of programs, which helps nobody who reads


def test_static_files_are_found_by_their_versioned_name_alone() -> None:
    style = static_files()["site.css"]

    assert static_file(style.name) is style
    assert style.content_type.startswith("text/css")
    assert static_file("site.css") is None
    assert static_file("../pages.py") is None


def test_the_stylesheet_asks_no_other_host_for_anything() -> None:
    assert "url(" not in static_files()["site.css"].body
    assert "@import" not in static_files()["site.css"].body


def test_pages_show_the_emblem_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)

    for name in emblem_names():
        answer = Pages(tmp_path, demo=False, emblem=name).render(
            at("/"), "page.html", privacy=Privacy.PUBLIC, heading="Hola"
        )
        [address] = {
            *values(parse(answer.body), "//img/@src"),
            *values(parse(answer.body), "//link[@rel='icon']/@href"),
        }
        shown = static_file(address.removeprefix("/static/"))
        assert shown is not None
        assert shown.body == emblem_svg(name)
        assert shown.content_type == "image/svg+xml"


def test_an_emblem_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(UnknownEmblemError):
        Pages(tmp_path, demo=False, emblem="coat-of-arms")


def test_a_template_is_compiled_for_the_first_language_alone(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(language: str) -> str | None:
        sent = APIGatewayProxyEvent(event("GET", "/", headers={"Cookie": f"language={language}"}))
        return pages.render(sent, "page.html", privacy=Privacy.PUBLIC, heading="Hola").body

    spanish = page("es")
    monkeypatch.setattr("jinja2.Environment.compile", None)

    assert page("qu") != spanish
    assert page("es") == spanish

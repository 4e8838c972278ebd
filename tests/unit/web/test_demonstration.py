"""A demonstration says on every page that it is one; the real site says nothing of the kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml.html import HtmlElement

from constancia.domain.certificate import CertificateState
from constancia.domain.seal import DEMO_NOTICE, DEMO_TITLE
from constancia.web.pages import Pages
from request.legal import EDITIONS, PUBLISHED
from tests.builders import CODE, FILE_SHA256, STUDENT_DNI, TOKEN, a_certificate
from tests.unit.request.visitor import Visitor, filled
from tests.unit.request.world import World, a_body, an_adult_s_world
from tests.unit.validate.site import Site
from tests.unit.web.events import event, form_event, json_event
from tests.unit.web.html import elements, parse, text_of, values

ROOT = Path(__file__).parents[3]
FOLDERS = (
    "functions/request/templates",
    "functions/validate/templates",
    "layers/common/constancia/web/templates",
)
PAGES = {
    path.relative_to(ROOT / folder).as_posix()
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.html")
    if '{% extends "base.html" %}' in path.read_text("utf-8")
    and path.name != "step.html"  # what the questions have in common, and none by itself
}
AS_A_PERSON = {"Accept": "text/html"}


def pages_of_request(*, demo: bool) -> Iterator[HtmlElement]:
    world = an_adult_s_world(demo=demo)
    accepted = world.call(json_event("POST", "/api/v1/requests", a_body())).json["id"]
    yield from (
        parse(world.call(call).body)
        for call in (
            event("GET", "/"),
            event("GET", "/terms"),
            event("GET", "/request"),
            event("GET", f"/request/{accepted}"),
            event("GET", "/request/unknown"),
            event("GET", f"/request/draft/{'A' * 22}/check"),
            event("GET", f"/request/draft/{'A' * 22}/forgotten"),
            event("GET", "/nowhere"),
        )
    )

    visitor = Visitor(an_adult_s_world(demo=demo))
    yield parse(visitor.walk(filled(student__mother__given_names="Otra")).body)
    visitor.walk(filled())
    yield from (parse(visitor.get(path).body) for path in dict.fromkeys(visitor.visited))
    in_progress, check = Visitor(visitor.world), ""
    path = in_progress.begin()
    while path != check:
        yield parse(in_progress.get(path).body)
        check = path
        path = path if path.endswith("/check") else in_progress.answer(path, filled()).headers["Location"]


def legal_pages(*, demo: bool) -> Iterator[HtmlElement]:
    world = World(demo=demo)
    paths = [f"/terms/{edition.version}" for edition in EDITIONS] + [f"/{name}" for name in PUBLISHED]
    yield from (parse(world.call(event("GET", path)).body) for path in paths)


def pages_of_validate(*, demo: bool) -> Iterator[HtmlElement]:
    calls: list[dict[str, Any]] = [
        event("GET", "/validate"),
        form_event("/validate", {"code": "mistyped"}),
        form_event("/validate", {"code": CODE, "document": STUDENT_DNI.number}),
        event("GET", f"/validate/{CODE}"),
        event("GET", f"/validate/{CODE}", query={"t": TOKEN}),
        event("GET", "/validate/file"),
        form_event("/validate/file", {"sha256": FILE_SHA256}),
        event("GET", f"/api/v1/certificates/{CODE}/pdf", headers=AS_A_PERSON),
        event("GET", "/api/v1/seal.pem", headers=AS_A_PERSON),
        event("GET", "/nowhere"),
    ]
    for state in CertificateState:
        site = Site((a_certificate(state),), demo=demo)
        yield from (parse(site.answer(call)["body"]) for call in calls)
    guessed = Site(demo=demo, guesses_per_code=1)
    guess = form_event("/validate", {"code": CODE, "document": "00000009"})
    yield from (parse(guessed.answer(guess)["body"]) for _ in range(2))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The templates of the pages that were answered."""
    names: set[str] = set()
    render = Pages.render

    def kept(self: Pages, event: Any, template: str, **context: Any) -> Any:
        names.add(template)
        return render(self, event, template, **context)

    monkeypatch.setattr(Pages, "render", kept)
    return names


def test_every_page_of_a_demonstration_says_so(shown: set[str]) -> None:
    for page in (*pages_of_request(demo=True), *legal_pages(demo=True), *pages_of_validate(demo=True)):
        (notice,) = elements(page, "//section[@aria-labelledby='demo']")
        assert text_of(notice) == f"{DEMO_TITLE}. {DEMO_NOTICE}"
        assert values(notice, ".//@id") == ["demo"]
        assert str(page.findtext(".//title")).endswith("(demostración)")

    assert shown >= PAGES  # no page was left out


def test_no_page_of_the_real_site_does(shown: set[str]) -> None:
    for page in (*pages_of_request(demo=False), *legal_pages(demo=False), *pages_of_validate(demo=False)):
        assert "demostración" not in text_of(page).lower()
        assert not elements(page, "//section[@aria-labelledby='demo']")

    assert shown >= PAGES


def test_the_notice_comes_before_all_else_but_the_link_that_skips(shown: set[str]) -> None:
    for page in pages_of_request(demo=True):
        skip, notice = elements(page, "//body/*")[:2]
        assert skip.get("href") == "#main-content"
        assert notice.get("class") == "site-demo"


@pytest.mark.parametrize("demo", [True, False])
def test_the_api_tells_it_with_the_terms_and_with_every_verdict(demo: bool) -> None:
    world = World(demo=demo)

    terms = world.call(event("GET", "/api/v1/terms")).json

    assert terms["demo"] is demo
    for certificates in ((), (a_certificate(),)):
        answer = Site(certificates, demo=demo).answer(
            json_event("POST", "/api/v1/validations", {"code": CODE})
        )
        assert msgspec.json.decode(answer["body"])["demo"] is demo

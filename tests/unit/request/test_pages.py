"""The pages, read by a parser as a browser and a screen reader would."""

import re
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml.html import HtmlElement

from constancia.domain.certificate import CertificateState, MailState, RequestId
from constancia.domain.eligibility import Policy
from constancia.domain.failures import FailureReason
from constancia.domain.lima import date_in_lima
from constancia.domain.school import Modality
from constancia.domain.virtual_code import grouped
from constancia.web.static_files import static_files
from tests.builders import (
    CONTACT,
    FILE_SHA256,
    STUDENT_DNI,
    TERMS,
    a_policy,
    years_before_today,
)
from tests.unit.request.visitor import (
    Visitor,
    filled,
    filled_by_the_mother,
    foreigner_fields,
    submit,
)
from tests.unit.request.world import (
    Answer,
    World,
    a_body,
    an_adult_s_world,
)
from tests.unit.web.events import event, json_event
from tests.unit.web.html import elements, parse, text_of, values

SUMMARY = "//*[contains(concat(' ', @class, ' '), ' govuk-error-summary ')]"


def get(world: World, path: str, query: dict[str, str] | None = None) -> Answer:
    return world.call(event("GET", path, query=query))


def controls(page: HtmlElement) -> list[HtmlElement]:
    return elements(page, "//input[not(@type='hidden')] | //select | //textarea")


def every_page() -> list[tuple[str, Answer]]:
    """Each page in each state that it has."""
    world = an_adult_s_world()
    pages = [(path, get(world, path)) for path in ("/", "/terms", "/request", "/nothing")]
    pages += steps_of(world, filled())
    pages += steps_of(World(policy=another_policy()), filled(modality="EBR") | foreigner_fields("student"))
    pages += steps_of(World(), filled_by_the_mother() | foreigner_fields("applicant"))
    visitor = Visitor(world)
    first = visitor.begin()
    pages.append(("empty", visitor.post(first, {})))
    pages.append(("no draft", get(world, first)))
    pages.append(("lost draft", get(world, f"/request/draft/{'A' * 22}/check")))
    pages.append(("mismatch", submit(world, filled(student__mother__given_names="Otra"))))
    pages.append(("terms", submit(world, filled(terms__accepted=None))))
    request_id = RequestId(submit(world, filled()).headers["Location"].rpartition("/")[2])
    path = f"/request/{request_id}"
    pages.append(("waiting", get(world, path)))
    world.store.hold(request_id, FailureReason.OVERSIZE, world.clock())
    pages.append(("held", get(world, path)))
    request = world.store.requests[request_id]
    world.store.issue(world.store.certificates[request.code], request, FILE_SHA256)
    pages.append(("issued", get(world, path)))
    for mail in (MailState.SENT, MailState.REJECTED):
        world.store.requests[request_id] = replace(world.store.requests[request_id], mail=mail)
        pages.append((f"mail {mail}", get(world, path)))
    for state in (CertificateState.SUPERSEDED, CertificateState.ANNULLED):
        world.store.certificates[request.code] = replace(world.store.certificates[request.code], state=state)
        pages.append((state, get(world, path)))
    pages.append(("unknown request", get(world, f"/request/{'0' * 32}")))
    return pages


def steps_of(world: World, given: dict[str, str]) -> list[tuple[str, Answer]]:
    """Each page on the way, as it is shown first, and as it comes back when nothing was filled in."""
    visitor, found = Visitor(world), []
    path = visitor.begin()
    while path.startswith("/request/draft/") and not path.endswith("/check"):
        name = f"{given['for']} {given['student.document.type']} {path.rpartition('/')[2]}"
        found.append((name, visitor.get(path)))
        found.append((f"{name} empty", visitor.post(path, {})))
        path = visitor.answer(path, given).headers["Location"]
    found.append((f"{given['for']} check", visitor.get(path)))
    return found


def another_policy() -> Policy:
    modalities = frozenset({Modality.EBR, Modality.EBA})
    return a_policy(first_year=2015, minimum_own_age=15, adult_age=21, modalities=modalities)


EVERY_PAGE = every_page()


@pytest.mark.parametrize(("name", "answer"), EVERY_PAGE, ids=[name for name, _ in EVERY_PAGE])
def test_every_page_can_be_read_by_everybody(name: str, answer: Answer) -> None:
    page = parse(answer.body)
    ids = values(page, "//@id")

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.get("lang") == "es-PE"
    assert len(values(page, "//title/text()")[0]) > 40
    assert len(elements(page, "//h1")) == 1
    assert len(ids) == len(set(ids))
    for control in controls(page):
        assert text_of(elements(page, f"//label[@for='{control.get('id')}']")[0])
    for reference in values(page, "//@aria-describedby"):
        assert set(reference.split()) <= set(ids)
    for group in elements(page, "//fieldset"):
        assert text_of(elements(group, "./legend")[0])
    for image in elements(page, "//img"):
        assert image.get("alt") is not None


@pytest.mark.parametrize(("name", "answer"), EVERY_PAGE, ids=[name for name, _ in EVERY_PAGE])
def test_every_page_keeps_to_its_policy(name: str, answer: Answer) -> None:
    page = parse(answer.body)

    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not elements(page, "//*[@style] | //style | //script[not(@src)]")
    assert not values(page, "//@*[starts-with(name(), 'on')]")
    links = values(page, "//@href | //@src | //@action")
    own = [link for link in links if link != f"mailto:{CONTACT}"]
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in own)


@pytest.mark.parametrize(("name", "answer"), EVERY_PAGE, ids=[name for name, _ in EVERY_PAGE])
def test_every_page_about_a_person_is_kept_by_nobody(name: str, answer: Answer) -> None:
    public = name in {"/", "/terms"}

    assert (answer.headers["Cache-Control"] == "no-store") is not public
    if name in {"waiting", "issued"}:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    elif not public:
        assert answer.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}


def every_page_of_refusal(world: World) -> list[Answer]:
    """What a form gets for years, ages and modalities that the policy does not cover."""
    student = world.registries.civil[STUDENT_DNI]
    answers = []
    for changes in ({"modality": "EBA"}, {"level": "PRIMARIA"}):
        answers.append(submit(world, filled(**{"modality": "EBR", **changes})))
    world.registries.trajectories.clear()
    answers.append(submit(world, filled(modality="EBR")))
    world.registries.civil[STUDENT_DNI] = replace(student, birth_date=years_before_today(14))
    answers.append(submit(world, filled(modality="EBR")))
    return answers


def test_pages_tell_the_numbers_of_the_policy_and_no_others() -> None:
    world = an_adult_s_world(policy=another_policy())
    pages = [get(world, path) for path in ("/", "/request")]
    pages += [answer for _, answer in steps_of(world, filled(modality="EBR"))]
    refusals = every_page_of_refusal(world)

    assert {answer.status for answer in refusals} == {422}
    said = [text_of(elements(parse(answer.body), "//main")[0]) for answer in pages + refusals]
    assert [text for text in said if re.search(r"\b(2013|16 años|18 años)", text)] == []
    assert "desde el 2015" in said[0]
    assert "15 años o más" in said[0]
    assert "menos de 21 años" in said[0]
    assert len([text for text in said if "desde el 2015" in text]) > 3


def test_problems_tell_the_first_year_of_the_policy() -> None:
    world = an_adult_s_world(policy=another_policy())
    told = [world.call(json_event("POST", "/api/v1/requests", a_body(level="PRIMARIA"))).json]
    world.registries.trajectories.clear()
    told.append(world.call(json_event("POST", "/api/v1/requests", a_body())).json)

    assert [problem["code"] for problem in told] == ["level_not_studied", "no_enrolment_since_first_year"]
    for problem in told:
        assert "2015" in problem["detail"]
        assert "2013" not in str(problem)


def test_the_start_says_who_may_ask_and_where_to_go_for_earlier_years() -> None:
    said = text_of(parse(get(World(), "/").body))

    assert "16 años o más" in said
    assert "menos de 18 años" in said
    assert "carnet de extranjería" in said
    assert "Si estudió antes del 2013" in said
    assert "certificado de estudios" in said


def test_the_terms_are_those_of_the_version_in_force() -> None:
    page = parse(get(World(), "/terms").body)
    said = text_of(page)

    assert f"Versión {TERMS}" in said
    assert "Ley N.º 29733" in said
    assert "016-2024-JUS" in said


def test_the_terms_say_where_to_write_about_them() -> None:
    page = parse(get(World(), "/terms").body)

    (link,) = elements(page, f"//a[@href='mailto:{CONTACT}']")
    assert text_of(link) == CONTACT


def test_a_held_request_says_calmly_how_it_stands_and_whom_to_write_to() -> None:
    world = an_adult_s_world()
    path = submit(world, filled()).headers["Location"]
    (request_id,) = world.store.requests
    world.store.hold(request_id, FailureReason.UNPRINTABLE_TEXT, world.clock() + timedelta(days=14))

    page = parse(get(world, path).body)
    said = text_of(page)

    assert text_of(elements(page, "//h1")[0]) == "Estamos revisando su constancia"
    assert "Usted no tiene que hacer nada" in said
    assert "el código virtual llega al correo que indicó" in said
    assert "hasta el 6 de diciembre de 2026" in said
    assert values(page, f"//a[@href='mailto:{CONTACT}']/text()") == [CONTACT]
    for untrue in ("unos segundos", "se actualiza sola", "está lista", "UNPRINTABLE"):
        assert untrue not in said
    assert "Refresh" not in get(world, path).headers


def issued_page(mail: MailState = MailState.SENT) -> tuple[World, HtmlElement]:
    world = an_adult_s_world()
    submit(world, filled())
    ((request_id, request),) = world.store.requests.items()
    world.store.issue(world.store.certificates[request.code], request, FILE_SHA256)
    world.store.requests[request_id] = replace(world.store.requests[request_id], mail=mail)
    return world, parse(get(world, f"/request/{request_id}").body)


def test_who_waits_sees_the_page_renew_itself() -> None:
    world = an_adult_s_world()
    location = submit(world, filled()).headers["Location"]

    answer = get(world, location)
    page = parse(answer.body)

    assert answer.headers["Refresh"] == "5"
    assert values(page, "//@data-poll") == [f"/api/v1{location.replace('request', 'requests')}"]
    assert location in values(page, "//a/@href")


def test_the_result_shows_code_file_and_mail() -> None:
    world, page = issued_page()

    (certificate,) = world.store.certificates.values()
    assert grouped(certificate.code) in text_of(page)
    assert any(f"/certificates/{certificate.code}/pdf?g=" in link for link in values(page, "//a/@href"))
    assert "Enviamos el código virtual" in text_of(page)
    assert "p•••@c•••.example" in text_of(page)
    assert "persona@correo.example" not in text_of(page)
    assert "Descárguela ahora y guarde el código" in text_of(page)
    assert "/validate" in values(page, "//main//a[contains(., 'página de verificación')]/@href")
    (request_id,) = world.store.requests
    assert "Refresh" not in get(world, f"/request/{request_id}").headers


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "puede volver a esta página hasta el {0.day} de "), ("en", "this page until {0.day} ")],
)
def test_the_result_says_until_which_day_it_can_be_seen(language: str, said: str) -> None:
    world, _ = issued_page()
    ((request_id, request),) = world.store.requests.items()
    last = date_in_lima(request.expires_at)

    path, cookie = f"/request/{request_id}", {"Cookie": f"language={language}"}
    page = parse(world.call(event("GET", path, headers=cookie)).body)

    assert said.format(last) in text_of(elements(page, "//main")[0])


def test_a_mail_that_came_back_is_said_clearly() -> None:
    _, page = issued_page(MailState.REJECTED)

    assert "No pudimos enviar el correo" in text_of(page)


def test_an_expired_request_says_what_to_do() -> None:
    world = an_adult_s_world()
    location = submit(world, filled()).headers["Location"]
    world.clock.advance(timedelta(days=8))

    answer = get(world, location)

    assert answer.status == 404
    assert "haga una solicitud nueva" in answer.body


def test_static_files_are_kept_for_long_and_asked_for_once() -> None:
    world = World()
    for file in static_files().values():
        answer = get(world, f"/static/{file.name}")
        again = world.call(event("GET", f"/static/{file.name}", headers={"If-None-Match": file.etag}))

        assert (answer.status, answer.body) == (200, file.body)
        assert "immutable" in answer.headers["Cache-Control"]
        assert (again.status, again.body) == (304, "")


@pytest.mark.parametrize("name", ["site.css", "..", "%2e%2e", "pages.py", "site-00000000.css", "a%00b"])
def test_no_other_file_can_be_reached(name: str) -> None:
    assert get(World(), f"/static/{name}").status == 404


def test_all_pages_together_stay_light() -> None:
    sizes = {name: len(zlib.compress(answer.body.encode())) for name, answer in EVERY_PAGE}
    own = sum(len(zlib.compress(file.body.encode())) for file in static_files().values())
    assert max(sizes.values()) + own <= 60_000, sizes

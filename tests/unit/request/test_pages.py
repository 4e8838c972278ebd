"""The pages, read by a parser as a browser and a screen reader would."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml.html import HtmlElement

from constancia.domain.certificate import CertificateState, MailState, RequestId
from constancia.domain.eligibility import Policy
from constancia.domain.failures import FailureReason
from constancia.domain.places import PlaceNames, RegisteredDomicile, districts
from constancia.domain.school import Modality
from constancia.domain.virtual_code import grouped
from constancia.web.static_files import static_files
from tests.builders import (
    ADULT_DNI,
    CONTACT,
    CUSCO_INEI,
    FILE_SHA256,
    STUDENT_CE,
    STUDENT_DNI,
    TERMS,
    a_civil_record,
    a_policy,
    years_before_today,
)
from tests.fakes import InMemoryQueue
from tests.unit.request.world import (
    Answer,
    World,
    a_body,
    a_body_by_the_mother,
    a_family_s_world,
    a_foreigner_s_world,
    an_adult_s_world,
)
from tests.unit.web.events import event, form_event, json_event
from tests.unit.web.html import elements, parse, text_of, values

TOKEN = "A" * 22
SUMMARY = "//*[contains(concat(' ', @class, ' '), ' govuk-error-summary ')]"
CHOICES = [
    {"for": "SELF"},
    {"for": "SELF", "student": "CE"},
    {"for": "MOTHER", "student": "DNI", "applicant": "DNI"},
    {"for": "GUARDIAN", "student": "CE", "applicant": "CE"},
]


def get(world: World, path: str, query: dict[str, str] | None = None) -> Answer:
    return world.call(event("GET", path, query=query))


def person_fields(who: str, number: str) -> dict[str, str]:
    return {
        f"{who}.document.number": number,
        f"{who}.father.given_names": "Julio César",
        f"{who}.mother.given_names": "Rosa",
        f"{who}.domicile.ubigeo": CUSCO_INEI,
    }


def filled(**changes: str | None) -> dict[str, str]:
    """An adult's form as a browser sends it; a field changed to `None` is left out."""
    fields: dict[str, str | None] = {
        "token": TOKEN,
        "for": "SELF",
        "student": "DNI",
        "modality": "EBR",
        "terms.version": TERMS,
        **person_fields("student", STUDENT_DNI.number),
        "level": "SECUNDARIA",
        "contact.email": "persona@correo.example",
        "contact.phone": "",
        "reason.code": "SCHOLARSHIP",
        "reason.detail": "",
        "terms.accepted": "on",
        **{name.replace("__", "."): value for name, value in changes.items()},
    }
    return {name: value for name, value in fields.items() if value is not None}


def submit(world: World, fields: Mapping[str, str], headers: dict[str, str] | None = None) -> Answer:
    return world.call(form_event("/request", dict(fields), headers))


def controls(page: HtmlElement) -> list[HtmlElement]:
    return elements(page, "//input[not(@type='hidden')] | //select | //textarea")


def current_fields(page: HtmlElement) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    (form,) = [one for one in page.forms if one.method == "POST" and one.getparent().tag == "main"]
    return {name: str(value) for name, value in form.fields.items() if value is not None}


def every_page() -> list[tuple[str, Answer]]:
    """Each page in each state that it has."""
    world = an_adult_s_world()
    pages = [(path, get(world, path)) for path in ("/", "/terms", "/request", "/nothing")]
    pages.append(("/request unclear", get(world, "/request", {"for": "NOBODY"})))
    pages += [(f"/request {choice}", get(world, "/request", choice)) for choice in CHOICES]
    pages.append(("form, empty", submit(world, {"for": "SELF"})))
    pages.append(("form, empty, family", submit(world, {"for": "MOTHER", "student": "CE"})))
    pages.append(("form, mismatch", submit(world, filled(student__mother__given_names="Otra"))))
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


def another_policy() -> Policy:
    modalities = frozenset({Modality.EBR, Modality.EBA})
    return a_policy(first_year=2015, minimum_own_age=15, adult_age=21, modalities=modalities)


def every_page_of_refusal(world: World) -> list[Answer]:
    """What a form gets for years, ages and modalities that the policy does not cover."""
    student = world.registries.civil[STUDENT_DNI]
    answers = []
    for changes in ({"modality": "EBE"}, {"modality": "EBA"}, {"level": "PRIMARIA"}):
        answers.append(submit(world, filled(**changes)))
    world.registries.trajectories.clear()
    answers.append(submit(world, filled()))
    world.registries.civil[STUDENT_DNI] = replace(student, birth_date=years_before_today(14))
    answers.append(submit(world, filled()))
    return answers


def test_pages_tell_the_numbers_of_the_policy_and_no_others() -> None:
    world = an_adult_s_world(policy=another_policy())
    pages = [get(world, path) for path in ("/", "/request")]
    pages += [get(world, "/request", choice) for choice in CHOICES]
    refusals = every_page_of_refusal(world)

    assert {answer.status for answer in refusals} == {422}
    said = [text_of(elements(parse(answer.body), "//main")[0]) for answer in pages + refusals]
    assert [text for text in said if re.search(r"\b(2013|16 años|18 años)", text)] == []
    assert "desde el 2015" in said[0]
    assert "15 años o más" in said[0]
    assert "menos de 21 años" in said[0]
    assert len([text for text in said if "desde el 2015" in text]) == 4


def test_problems_tell_the_first_year_of_the_policy() -> None:
    world = an_adult_s_world(policy=another_policy())
    told = [world.call(json_event("POST", "/api/v1/requests", a_body(level="PRIMARIA"))).json]
    world.registries.trajectories.clear()
    told.append(world.call(json_event("POST", "/api/v1/requests", a_body())).json)

    assert [problem["code"] for problem in told] == ["level_not_studied", "no_enrolment_since_first_year"]
    for problem in told:
        assert "2015" in problem["detail"]
        assert "2013" not in str(problem)


def test_a_single_modality_is_not_asked_and_several_are() -> None:
    one = parse(get(World(), "/request", {"for": "SELF"}).body)
    several = parse(get(World(policy=another_policy()), "/request", {"for": "SELF"}).body)

    assert values(one, "//input[@name='modality']/@type") == ["hidden"]
    assert values(one, "//input[@name='modality']/@value") == ["EBR"]
    assert values(several, "//input[@name='modality']/@type") == ["radio", "radio"]
    assert values(several, "//input[@name='modality']/@value") == ["EBR", "EBA"]


def test_a_modality_that_was_not_chosen_is_pointed_to() -> None:
    page = parse(submit(World(policy=another_policy()), filled(modality=None)).body)

    summary = "//*[contains(@class, 'govuk-error-summary')]"
    assert values(page, f"{summary}//a/@href") == ["#modality"]


def test_the_modality_that_was_chosen_stays_when_the_form_comes_back() -> None:
    page = parse(submit(World(policy=another_policy()), filled(modality="EBA", level=None)).body)

    assert current_fields(page)["modality"] == "EBA"


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


@pytest.mark.parametrize("choice", CHOICES)
def test_the_form_asks_what_the_choice_demands_and_no_more(choice: dict[str, str]) -> None:
    page = parse(get(World(), "/request", choice).body)
    names = {str(control.get("name")) for control in controls(page)}

    student, applicant = choice.get("student", "DNI"), choice.get("applicant")
    assert ("student.father.given_names" in names) == (student == "DNI")
    assert ("student.birth_date-year" in names) == (student == "CE")
    assert ("applicant.document.number" in names) == (applicant is not None)
    assert "applicant.birth_date-year" not in names
    assert {"level", "contact.email", "contact.phone", "reason.code", "terms.accepted"} <= names


def test_every_district_can_be_chosen() -> None:
    page = parse(get(World(), "/request", {"for": "SELF"}).body)

    codes = values(page, "//select[@id='student.domicile.ubigeo']//option/@value")
    assert len([code for code in codes if code]) == len(districts()) == 1891


def test_a_chosen_district_is_not_taken_for_another_that_shares_its_code() -> None:
    lince = RegisteredDomicile(PlaceNames("LIMA", "LIMA", "LINCE"), "140111")
    world = an_adult_s_world()
    world.registries.civil[STUDENT_DNI] = a_civil_record(domicile=lince)

    assert submit(world, filled(student__domicile__ubigeo="140111")).status == 422  # Picsi, Chiclayo
    assert submit(world, filled(student__domicile__ubigeo="150116")).status == 303


def test_a_form_of_its_own_each_time() -> None:
    pages = [parse(get(World(), "/request", {"for": "SELF"}).body) for _ in range(2)]

    tokens = [values(page, "//input[@name='token']/@value")[0] for page in pages]
    assert tokens[0] != tokens[1]


def test_a_complete_form_leads_to_the_progress_page() -> None:
    world = an_adult_s_world()

    answer = submit(world, filled())

    (request_id,) = world.store.requests
    assert (answer.status, answer.headers["Location"]) == (303, f"/request/{request_id}")


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
    assert not elements(page, "//meta[@http-equiv='refresh']")


def test_a_mother_fills_the_form() -> None:
    world = a_family_s_world()
    fields = filled(**{"for": "MOTHER", "applicant": "DNI"}) | person_fields("applicant", ADULT_DNI.number)

    assert submit(world, fields).status == 303


def test_form_and_api_mean_the_same() -> None:
    by_form, by_api = a_family_s_world(), a_family_s_world()
    submit(by_form, filled(**{"for": "MOTHER"}) | person_fields("applicant", ADULT_DNI.number))
    by_api.call(json_event("POST", "/api/v1/requests", a_body_by_the_mother()))

    contents = [[one.content for one in world.store.certificates.values()] for world in (by_form, by_api)]
    assert contents[0] == contents[1] != []


def test_a_foreigner_fills_the_form() -> None:
    world = a_foreigner_s_world(STUDENT_CE)
    fields = filled(student="CE") | {
        "student.document.number": STUDENT_CE.number.lower(),
        "student.given_names": "Camila",
        "student.paternal_surname": "Rojas",
        "student.maternal_surname": "Paredes",
        "student.birth_date-day": "22",
        "student.birth_date-month": "11",
        "student.birth_date-year": "2006",
    }

    assert submit(world, fields).status == 303


def test_a_parent_who_is_not_registered_is_ticked() -> None:
    world = an_adult_s_world()
    record = world.registries.civil[STUDENT_DNI]
    world.registries.civil[STUDENT_DNI] = replace(record, father_given_names=None)
    fields = filled(student__father__given_names="", student__father__not_registered="on")

    assert submit(world, fields).status == 303


def test_an_empty_form_comes_back_with_every_fault_named_and_linked() -> None:
    world = World()

    answer = submit(world, {"for": "SELF", "student": "DNI", "modality": "EBR", "terms.version": TERMS})

    page = parse(answer.body)
    targets = values(page, "//*[contains(@class, 'govuk-error-summary')]//a/@href")
    assert answer.status == 422
    assert values(page, "//title/text()")[0].startswith("Error: ")
    assert targets == [
        "#student.document.number",
        "#student.father.given_names",
        "#student.mother.given_names",
        "#student.domicile.ubigeo",
        "#level",
        "#contact.email",
        "#reason.code",
        "#terms.accepted",
    ]
    for target in targets:
        name = target.removeprefix("#")
        said = "marque la casilla" if name == "terms.accepted" else "Falta este dato"
        assert elements(page, f"//*[@id='{name}']")
        assert said in text_of(elements(page, f"//*[@id='{name}-error']")[0])
    assert world.untouched


HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}\u202e'


def test_nothing_typed_is_lost_when_the_form_comes_back() -> None:
    fields = filled(
        contact__email="persona@",
        contact__phone="999",
        student__father__given_names=HOSTILE,
        student__mother__not_registered="on",
        reason__code="OTHER",
        reason__detail="Para un trámite",
    )

    page = parse(submit(World(), fields).body)

    assert current_fields(page) == fields | {"contact.phone": "999"}


def test_what_was_typed_is_shown_and_never_run() -> None:
    body = submit(World(), filled(student__father__given_names=HOSTILE)).body

    assert "<script>" not in body
    assert "{{ 7*7 }}" in body


@pytest.mark.parametrize("name", ["student.document.number", "contact.email", "reason.detail", "level"])
@pytest.mark.parametrize("value", [" ", "x" * 10_000, "😀", "\u202e\u2066", "<b>", "\0", "' OR 1=1 --"])
def test_whatever_is_typed_gets_a_page_that_names_the_field(name: str, value: str) -> None:
    world = World()

    answer = submit(world, filled() | {name: value} | ({"reason.code": "OTHER"} if "reason" in name else {}))

    if name == "reason.detail" and value in {"😀", "<b>", "' OR 1=1 --"}:  # free text
        assert answer.status != 500
        return
    assert answer.status == 422
    assert elements(parse(answer.body), f"//*[@id='{name}-error']")
    assert world.untouched


def test_a_mismatch_comes_back_with_what_to_do_and_without_which_field() -> None:
    wrong_mother = filled(student__mother__given_names="Otra")
    wrong_father = filled(student__father__given_names="Otro")

    pages = [parse(submit(an_adult_s_world(), fields).body) for fields in (wrong_mother, wrong_father)]

    summaries = [text_of(elements(page, "//*[contains(@class, 'govuk-error-summary')]")[0]) for page in pages]
    assert summaries[0] == summaries[1]
    assert "RENIEC" in summaries[0]
    assert not elements(pages[0], "//*[contains(@class, 'govuk-error-message')]")


def test_terms_that_were_not_accepted_are_pointed_to() -> None:
    world = an_adult_s_world()

    page = parse(submit(world, filled(terms__accepted=None)).body)

    assert values(page, "//*[contains(@class, 'govuk-error-summary')]//a/@href") == ["#terms.accepted"]
    assert world.untouched


def test_terms_of_another_version_are_pointed_to_where_they_are_accepted() -> None:
    page = parse(submit(World(), filled(terms__version="2025-01")).body)

    assert values(page, f"{SUMMARY}//a/@href") == ["#terms.accepted"]
    assert "ya no es la vigente" in text_of(elements(page, "//*[@id='terms.accepted-error']")[0])


def labels_of(page: HtmlElement) -> dict[str, set[str]]:
    """By the id that a summary leads to: the words that stand at it, its label's or its group's legend's."""
    said: dict[str, set[str]] = {}
    for control in controls(page):
        words = said.setdefault(str(control.get("id")), set())
        words |= {text_of(label) for label in elements(page, f"//label[@for='{control.get('id')}']")}
        words |= {text_of(legend) for legend in elements(control, "./ancestor::fieldset[1]/legend")}
    return said


@pytest.mark.parametrize("choice", CHOICES)
def test_the_summary_calls_each_field_what_the_page_calls_it(choice: dict[str, str]) -> None:
    page = parse(
        submit(World(), choice | {"modality": "EBR", "terms.version": TERMS, "reason.code": "OTHER"}).body
    )

    links = elements(page, f"{SUMMARY}//a")
    told = {str(link.get("href"))[1:]: text_of(link).partition(": ")[0] for link in links}
    at_fields = labels_of(page)
    named = {name: re.sub(r" \((estudiante|solicitante)\)$", "", label) for name, label in told.items()}
    assert {"student.document.number", "level", "contact.email", "reason.detail"} <= set(named)
    assert {name: label for name, label in named.items() if label not in at_fields[name]} == {}
    assert any("(solicitante)" in label for label in told.values()) == ("applicant" in choice)


@pytest.mark.parametrize("given", [{"student": "CE", "applicant": "DNI"}, {"for": "NOBODY", "student": "CE"}])
def test_going_on_without_saying_for_whom_is_told_and_keeps_what_was_chosen(given: dict[str, str]) -> None:
    answer = get(World(), "/request", given)
    page = parse(answer.body)

    assert answer.status == 422
    assert values(page, f"{SUMMARY}//a/@href") == ["#for"]
    assert "Elija para quién es la constancia" in text_of(elements(page, SUMMARY)[0])
    assert values(page, "//input[@checked]/@name") == ["student", "applicant"]
    assert values(page, "//input[@checked]/@value") == ["CE", "DNI"]


def test_who_comes_to_choose_is_told_of_no_fault() -> None:
    answer = get(World(), "/request", {"utm_source": "portal"})

    assert answer.status == 200
    assert not elements(parse(answer.body), SUMMARY)


def test_a_registry_that_is_down_says_so_and_keeps_the_form() -> None:
    world = an_adult_s_world()
    world.registries.down = frozenset({"reniec"})

    answer = submit(world, filled())

    assert (answer.status, answer.headers["Retry-After"]) == (503, "120")
    assert current_fields(parse(answer.body))["contact.email"] == "persona@correo.example"


def test_sending_twice_makes_one_request() -> None:
    world = an_adult_s_world()

    first, second = submit(world, filled()), submit(world, filled())

    assert first.headers["Location"] == second.headers["Location"]
    assert len(world.store.requests) == 1
    assert world.queue == InMemoryQueue(list(world.store.requests))


def test_going_back_changing_and_sending_again_is_refused_clearly() -> None:
    world = an_adult_s_world()
    submit(world, filled())

    answer = submit(world, filled(level="PRIMARIA"))

    assert answer.status == 422
    assert "Esta solicitud ya se envió con otros datos" in answer.body
    assert len(world.store.requests) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
    ],
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str], status: int) -> None:
    world = an_adult_s_world()

    assert submit(world, filled(), headers).status == status
    assert world.untouched == (status == 403)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://constancia.example", 303),
        ("https://evil.example", 403),
        ("http://[bad", 403),
        ("null", 403),
        (None, 303),
    ],
)
def test_old_browsers_tell_the_origin(origin: str | None, status: int) -> None:
    sent = form_event("/request", filled(), {"Origin": origin} if origin else None)
    del sent["headers"]["Sec-Fetch-Site"]
    del sent["multiValueHeaders"]["Sec-Fetch-Site"]

    assert an_adult_s_world().call(sent).status == status


@pytest.mark.parametrize("fields", [{}, {"for": "NOBODY"}, {"for": "MOTHER", "student": "X"}])
def test_a_form_without_a_choice_starts_anew(fields: dict[str, str]) -> None:
    answer = submit(World(), fields)

    assert (answer.status, answer.headers["Location"]) == (303, "/request")


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

    page = parse(get(world, location).body)

    assert values(page, "//meta[@http-equiv='refresh']/@content") == ["4"]
    assert location in values(page, "//a/@href")


def test_the_result_shows_code_file_and_mail() -> None:
    world, page = issued_page()

    (certificate,) = world.store.certificates.values()
    assert grouped(certificate.code) in text_of(page)
    assert any(f"/certificates/{certificate.code}/pdf?g=" in link for link in values(page, "//a/@href"))
    assert "Enviamos el código virtual" in text_of(page)
    assert "Descárguela ahora y guarde el código" in text_of(page)
    assert "/validate" in values(page, "//main//a[contains(., 'página de verificación')]/@href")
    assert not values(page, "//meta[@http-equiv='refresh']/@content")


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

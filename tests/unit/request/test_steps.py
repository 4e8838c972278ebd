"""The six steps, walked as a browser does: every answer, every way back, every bad input."""

import base64
import hashlib
import re
import secrets
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml.html import HtmlElement
from nacl.secret import SecretBox

from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.places import PlaceNames, RegisteredDomicile, districts
from constancia.domain.school import Kinship, Modality
from constancia.domain.typed import without_marks
from request.form import PURPOSES
from request.wizard.draft import LASTS, Draft, DraftCodec, Refused
from request.wizard.summary import likely_address
from tests.builders import STUDENT_CE, STUDENT_DNI, a_civil_record, a_policy, years_before_today
from tests.fakes import FakeClock, InMemoryQueue
from tests.unit.request.visitor import (
    Visitor,
    filled,
    filled_by_the_mother,
    foreigner_fields,
    submit,
)
from tests.unit.request.world import (
    DRAFT_KEY,
    Answer,
    World,
    a_body_by_the_mother,
    a_family_s_world,
    a_foreigner_s_world,
    an_adult_s_world,
)
from tests.unit.web.events import event, form_event, json_event
from tests.unit.web.html import elements, parse, text_of, values

SUMMARY = "//*[contains(concat(' ', @class, ' '), ' govuk-error-summary ')]"
OWN_PAGES = [
    "purpose",
    "student-document",
    "student-parents",
    "student-district",
    "level",
    "contact",
    "reason",
]
A_CHILD_S = [*OWN_PAGES[:1], "applicant-document", "applicant-parents", "applicant-district", *OWN_PAGES[1:]]
FIELDS = {
    "purpose": ["for"],
    "student-document": ["student.document.type", "student.document.number"],
    "student-parents": ["student.father.given_names", "student.mother.given_names"],
    "student-district": ["student.domicile.ubigeo"],
    "level": ["level"],
    "contact": ["contact.email", "contact.phone"],
    "reason": ["reason.code", "reason.detail"],
}
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}{% raw %}\u202e'
BAD = [
    " ",
    "x" * 10_000,
    "😀😀",
    "\u202e\u2066",
    HOSTILE,
    "\0",
    "' OR 1=1 --",
    "../../etc",
    "%0d%0aSet-Cookie: a=b",
]


def names_of(visited: list[str]) -> list[str]:
    return list(dict.fromkeys(path.rpartition("/")[2] for path in visited))


def noise(length: int) -> str:
    """Letters that nothing can pack."""
    return base64.b32encode(secrets.token_bytes(length)).decode()[:length]


def at(page: str, world: World | None = None, given: dict[str, str] | None = None) -> tuple[Visitor, str]:
    """A visitor who has answered all pages before one of a name, and its address."""
    visitor = Visitor(world or World())
    path = visitor.begin()
    while not path.endswith(f"/{page}"):
        path = visitor.answer(path, given or filled()).headers["Location"]
    return visitor, path


# ---------------------------------------------------------------------- the way


def test_who_asks_in_person_has_a_page_a_question() -> None:
    visitor = Visitor(an_adult_s_world())

    answer = visitor.walk(filled())

    (request_id,) = visitor.world.store.requests
    assert (answer.status, answer.headers["Location"]) == (303, f"/request/{request_id}")
    assert names_of(visitor.visited) == [*OWN_PAGES, "check"]


def test_a_mother_tells_of_herself_before_the_child() -> None:
    visitor = Visitor(a_family_s_world())

    answer = visitor.walk(filled_by_the_mother())

    assert answer.status == 303
    assert names_of(visitor.visited) == [*A_CHILD_S, "check"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (filled(), ["Su documento", *["Sus datos"] * 2]),
        (filled() | foreigner_fields("student"), ["Su documento", "Sus datos"]),
        (filled_by_the_mother(), [*["Solicitante"] * 3, *["Estudiante"] * 3]),
    ],
    ids=["in person", "foreigner", "mother"],
)
def test_everybody_goes_through_six_steps_and_each_page_says_which_it_is(
    given: dict[str, str], told: list[str]
) -> None:
    visitor, path = at("check", given=given)

    captions = [
        values(parse(visitor.get(each).body), "//*[@class='govuk-caption-l']/text()")[0]
        for each in dict.fromkeys([*visitor.visited, path])
    ]

    start = values(parse(visitor.get("/request").body), "//*[@class='govuk-caption-l']/text()")[0]
    numbered = {step: number for number, step in enumerate(dict.fromkeys(told), start=3)}
    assert [start, *captions] == [
        "Paso 1 de 6: Antes de empezar",
        "Paso 2 de 6: Para quién es",
        *(f"Paso {numbered[step]} de 6: {step}" for step in told),
        *["Paso 5 de 6: Estudios, contacto y motivo"] * 3,
        "Paso 6 de 6: Revisión",
    ]


def test_a_foreigner_is_asked_for_names_and_birth_date() -> None:
    visitor = Visitor(a_foreigner_s_world(STUDENT_CE))

    answer = visitor.walk(filled() | foreigner_fields("student", STUDENT_CE.number.lower()))

    assert answer.status == 303
    assert names_of(visitor.visited) == [
        *("purpose", "student-document", "student-name", "level", "contact", "reason", "check")
    ]


def test_a_foreign_applicant_has_no_birth_date_to_tell() -> None:
    visitor, path = at("applicant-name", given=filled_by_the_mother() | foreigner_fields("applicant"))

    names = values(parse(visitor.get(path).body), "//form//input/@name")
    assert "applicant.given_names" in names
    assert not [name for name in names if "birth_date" in name]


def test_pages_and_api_mean_the_same() -> None:
    by_pages, by_api = a_family_s_world(), a_family_s_world()
    submit(by_pages, filled_by_the_mother())
    by_api.call(json_event("POST", "/api/v1/requests", a_body_by_the_mother()))

    contents = [[one.content for one in world.store.certificates.values()] for world in (by_pages, by_api)]
    assert contents[0] == contents[1] != []


def test_a_single_modality_is_not_asked_and_several_are() -> None:
    policy = a_policy(modalities=frozenset({Modality.EBR, Modality.EBA}))
    one, path = at("level")
    several, its_path = at("level", World(policy=policy))

    assert not elements(parse(one.get(path).body), "//input[@name='modality']")
    assert values(parse(several.get(its_path).body), "//input[@name='modality']/@value") == ["EBR", "EBA"]
    empty = parse(several.post(its_path, {}).body)
    assert values(empty, f"{SUMMARY}//a/@href") == ["#modality", "#level"]


def test_a_parent_who_is_not_registered_is_ticked() -> None:
    world = an_adult_s_world()
    record = world.registries.civil[STUDENT_DNI]
    world.registries.civil[STUDENT_DNI] = replace(record, father_given_names=None)
    given = filled(student__father__given_names="", student__father__not_registered="on")

    assert submit(world, given).status == 303


def test_a_tick_that_was_taken_away_is_gone() -> None:
    visitor, path = at("student-parents")
    ticked = {"student.father.not_registered": "on", "student.mother.given_names": "Rosa"}
    visitor.post(path, ticked)
    visitor.post(path, {"student.father.given_names": "Julio", "student.mother.given_names": "Rosa"})

    page = parse(visitor.get(path).body)

    assert not elements(page, "//input[@type='checkbox'][@checked]")
    assert values(page, "//input[@id='student.father.given_names']/@value") == ["Julio"]


def test_every_district_can_be_chosen() -> None:
    visitor, path = at("student-district")

    codes = values(parse(visitor.get(path).body), "//select//option/@value")
    assert len([code for code in codes if code]) == len(districts()) == 1891


def test_the_district_of_whoever_asks_is_offered_for_the_student() -> None:
    visitor, path = at("student-district", given=filled_by_the_mother())

    offered = elements(parse(visitor.get(path).body), "//select/option")
    assert [text_of(one) for one in offered][1].startswith("El mismo que el de usted: Wanchaq")
    assert not [one for one in offered if one.get("selected")]


def test_a_chosen_district_is_not_taken_for_another_that_shares_its_code() -> None:
    lince = RegisteredDomicile(PlaceNames("LIMA", "LIMA", "LINCE"), "140111")
    world = an_adult_s_world()
    world.registries.civil[STUDENT_DNI] = a_civil_record(domicile=lince)

    assert submit(world, filled(student__domicile__ubigeo="140111")).status == 422  # Picsi, Chiclayo
    assert submit(world, filled(student__domicile__ubigeo="150116")).status == 303


def test_what_was_written_beside_another_reason_belongs_to_none() -> None:
    world = an_adult_s_world()

    assert submit(world, filled(reason__detail="Lo escribí antes de elegir")).status == 303


def test_what_was_written_beside_another_reason_is_not_carried_however_long_it_is() -> None:
    visitor, path = at("reason")

    answer = visitor.post(path, {"reason.code": "SCHOLARSHIP", "reason.detail": noise(10_000)})

    assert answer.headers["Location"].endswith("/check")
    carried = visitor.world.services.drafts.decode(*cookie_of_the_only_draft(visitor)).answers
    assert carried["reason.code"] == "SCHOLARSHIP"
    assert "reason.detail" not in carried


# ---------------------------------------------------------------------- back, reload, change


def test_going_back_finds_what_was_typed() -> None:
    visitor, path = at("level")
    earlier = path.replace("/level", "/student-parents")

    page = parse(visitor.get(earlier).body)

    assert values(page, "//input[@id='student.father.given_names']/@value") == ["Julio César"]
    assert values(page, "//*[contains(@class, 'govuk-back-link')]/@href") == [
        path.replace("/level", "/student-document")
    ]


def test_a_page_that_was_not_reached_leads_to_the_one_that_is_open() -> None:
    visitor, path = at("student-parents")

    for later in ("check", "level", "reason", "nothing", "applicant-document"):
        answer = visitor.get(path.replace("student-parents", later))
        assert (answer.status, answer.headers["Location"]) == (303, f"{path}?first")
        assert "falta responder esta pregunta" in visitor.get(answer.headers["Location"]).body
        sent = visitor.post(path.replace("student-parents", later), {"level": "PRIMARIA"})
        assert sent.status in {303, 422}
        assert visitor.world.untouched


def test_the_check_shows_every_answer_and_leads_to_each() -> None:
    visitor, path = at("check", given=filled_by_the_mother(contact__phone="987654321"))

    page = parse(visitor.get(path).body)
    said, links = text_of(elements(page, "//main")[0]), values(page, "//dl//a/@href")

    for answer in (
        "soy su madre",
        STUDENT_DNI.number,
        "Julio César",
        "Rosa",
        "Wanchaq (Cusco – Cusco)",
        "Secundaria",
        "987654321",
    ):
        assert answer in said
    assert "persona@correo.example" in said
    assert {link.rpartition("/")[2] for link in links} == set(A_CHILD_S)
    assert {visitor.get(link).status for link in links} == {200}


def test_changing_an_answer_leads_back_to_the_check() -> None:
    visitor, check = at("check")
    page = check.replace("check", "level")

    back = values(parse(visitor.get(page).body), "//*[contains(@class, 'govuk-back-link')]/@href")
    answer = visitor.post(page, {"level": "PRIMARIA"})

    assert back == [answer.headers["Location"]] == [check]
    assert "Primaria" in text_of(parse(visitor.get(check).body))


def asked_after(visitor: Visitor, page: str, given: dict[str, str], rest: dict[str, str]) -> list[str]:
    """The pages that are asked anew when, at the check, one is answered otherwise."""
    (check,) = [path for path in visitor.visited[-1:] or [""] if path.endswith("/check")]
    path = visitor.post(check.replace("check", page), given).headers["Location"]
    asked = []
    while path != check:
        asked.append(path.rpartition("/")[2])
        path = visitor.answer(path, rest).headers["Location"]
    return asked


def at_check(given: dict[str, str]) -> Visitor:
    visitor, check = at("check", given=given)
    visitor.get(check)
    return visitor


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        # Another kinship to the same child: both persons stay who they are.
        (filled_by_the_mother(), {"for": "FATHER"}, []),
        # 'Me' and 'my child' are different students: nothing of one may silently become the other's.
        (filled(), {"for": "FATHER"}, [*A_CHILD_S[1:7]]),
        (filled_by_the_mother(), {"for": "SELF"}, [*OWN_PAGES[1:4]]),
    ],
)
def test_changing_for_whom_asks_anew_about_other_persons_and_keeps_the_rest(
    before: dict[str, str], after: dict[str, str], asked: list[str]
) -> None:
    visitor = at_check(before)

    assert asked_after(visitor, "purpose", after, filled_by_the_mother(**after)) == asked


def test_another_type_of_document_asks_anew_about_that_person_alone() -> None:
    visitor = at_check(filled_by_the_mother())
    foreigner = foreigner_fields("student")

    asked = asked_after(visitor, "student-document", foreigner, filled_by_the_mother() | foreigner)

    assert asked == ["student-name"]
    carried = visitor.world.services.drafts.decode(*cookie_of_the_only_draft(visitor))
    assert not [name for name in carried.answers if name.startswith("student.father")]
    assert "applicant.father.given_names" in carried.answers


def cookie_of_the_only_draft(visitor: Visitor) -> tuple[str, str]:
    (((path, _), value),) = visitor.cookies.items()
    return value, path.rpartition("/")[2]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ana@gmial.com", "ana@gmail.com"), ("ana@hotmial.com", "ana@hotmail.com"), ("ana@mail.com", None),
     ("ana@gmail.com", None), ("ana@minedu.gob.pe", None)],
)  # fmt: skip
def test_an_address_that_looks_mistyped_is_asked_about(typed: str, meant: str | None) -> None:
    assert likely_address(typed) == meant
    visitor, path = at("check", given=filled(contact__email=typed))

    assert ("¿Quiso escribir" in visitor.get(path).body) is (meant is not None)


def test_before_the_first_question_is_the_draft_s_own_start_which_goes_on_with_it() -> None:
    visitor, path = at("student-parents")
    purpose = path.replace("student-parents", "purpose")

    (back,) = values(parse(visitor.get(purpose).body), "//*[contains(@class, 'govuk-back-link')]/@href")
    start = parse(visitor.get(back).body)

    assert back == path.replace("student-parents", "start")
    assert "Antes de empezar" in text_of(elements(start, "//h1")[0])
    assert not elements(start, "//main//form")  # nothing is begun anew
    assert values(start, "//main//a[contains(@class, 'govuk-button')]/@href") == [purpose]
    assert visitor.answer(purpose, filled()).headers["Location"] == path


def test_the_start_of_a_draft_that_is_no_more_says_so() -> None:
    visitor, path = at("level")

    assert stale(visitor, path.replace("level", "start")).status == 410


# ---------------------------------------------------------------------- another language in between


def switched(visitor: Visitor, path: str, given: dict[str, str], shown: Answer | None = None) -> Answer:
    """A press on the language's button, which sends the page's own form."""
    page = parse((shown or visitor.get(path)).body)
    (button,) = elements(page, "//button[@name='to'][@value='en']")
    (form,) = elements(page, f"//form[@id='{button.get('form')}']")
    assert button.get("formaction") == form.get("action") == path
    hidden = {one.get("name", ""): one.get("value", "") for one in elements(form, ".//input[@type='hidden']")}
    return visitor.post(path, hidden | given | {"to": "en"})


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("student-document", {"student.document.type": "DNI", "student.document.number": "123"}),
        ("student-parents", {"student.father.given_names": "Ju", "student.mother.not_registered": "on"}),
        ("level", {"level": "PRIMARIA"}),
        ("contact", {"contact.email": "persona@", "contact.phone": "x"}),
        ("reason", {"reason.code": "OTHER", "reason.detail": "Para"}),
    ],
)
def test_another_language_in_the_middle_of_a_question_keeps_what_was_typed(
    page: str, typed: dict[str, str]
) -> None:
    visitor, path = at(page)
    before = dict(visitor.cookies)

    answer = switched(visitor, path, typed)

    shown = parse(answer.body)
    assert (answer.status, shown.get("lang")) == (200, "en")
    assert not elements(shown, SUMMARY)  # nothing was sent to be judged
    for name, value in typed.items():
        field = f"//*[@name='{name}']"
        assert values(shown, f"{field}[@checked]/@value | {field}[not(@type='radio')]/@value") == [value]
    assert visitor.cookies == before | {("/", "language"): "en"}
    assert parse(visitor.get(path).body).get("lang") == "en"


def test_another_language_after_a_refusal_keeps_text_summary_and_error() -> None:
    visitor, path = at("contact")
    refused = visitor.post(path, {"contact.email": "persona@", "contact.phone": ""})

    answer = switched(visitor, path, {"contact.email": "persona@", "contact.phone": "999"}, refused)

    page = parse(answer.body)
    assert answer.status == 422
    assert values(page, f"{SUMMARY}//a/@href") == ["#contact.email", "#contact.phone"]
    assert "Type a whole address" in text_of(elements(page, "//*[@id='contact.email-error']")[0])
    assert values(page, "//input[@id='contact.email']/@value") == ["persona@"]
    assert visitor.world.counted == [("Refusals", "code", "invalid_input")]  # once


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        (
            "student-document",
            {},
            ["Elija el tipo de documento.", "Escriba el número de documento."],
        ),
        ("student-district", {}, ["Elija el distrito de la lista."]),
        ("level", {}, ["Elija el nivel de estudios."]),
        (
            "contact",
            {"contact.email": "persona", "contact.phone": "x"},
            [
                "Correo electrónico: Escriba una dirección completa, como nombre@ejemplo.com.",
                "Teléfono (opcional): Escriba solo números, por ejemplo 987 654 321, o déjelo vacío.",
            ],
        ),
    ],
)
def test_the_summary_names_each_field_once(page: str, typed: dict[str, str], said: list[str]) -> None:
    visitor, path = at(page)

    answer = parse(visitor.post(path, typed).body)

    assert [text_of(one) for one in elements(answer, f"{SUMMARY}//a")] == said


def test_another_language_on_the_check_keeps_the_tick_and_sends_nothing() -> None:
    visitor, path = at("check", an_adult_s_world())
    refused = visitor.post(path, {})

    ticked = parse(switched(visitor, path, {"terms.accepted": "on"}).body)
    still_wrong = parse(switched(visitor, path, {}, refused).body)

    assert elements(ticked, "//input[@name='terms.accepted'][@checked]")
    assert not elements(ticked, SUMMARY)
    assert values(still_wrong, f"{SUMMARY}//a/@href") == ["#terms.accepted"]
    assert visitor.world.untouched


def test_enter_in_a_field_goes_on_and_changes_no_language() -> None:
    """Browsers press the first button of the form in the order of the page, wherever it stands."""
    visitor, path = at("contact")

    page = parse(visitor.get(path).body)

    first = elements(page, "//button[@form='answers'] | //form[@id='answers']//button")[0]
    assert first.get("name") is None
    assert first.get("type") in {None, "submit"}


def test_a_language_that_is_not_offered_is_refused_within_a_question() -> None:
    visitor, path = at("contact")

    answer = visitor.post(path, {"contact.email": "x", "to": "xx"})

    assert answer.status == 422
    assert ("/", "language") not in visitor.cookies


# ---------------------------------------------------------------------- bad input


@pytest.mark.parametrize("page", OWN_PAGES)
def test_an_empty_page_comes_back_with_every_fault_named_and_linked(page: str) -> None:
    visitor, path = at(page)

    answer = visitor.post(path, {})

    found = parse(answer.body)
    required = [name for name in FIELDS[page] if name not in {"contact.phone", "reason.detail"}]
    assert answer.status == 422
    assert values(found, "//title/text()")[0].startswith("Error: ")
    assert values(found, f"{SUMMARY}//a/@href") == [f"#{name}" for name in required]
    for name in required:
        assert elements(found, f"//*[@id='{name}']")
        assert "Falta este dato" not in text_of(elements(found, f"//*[@id='{name}-error']")[0])
    assert visitor.world.untouched


@pytest.mark.parametrize("value", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in FIELDS.items() for name in names])
def test_whatever_is_typed_gets_a_page_that_names_the_field(page: str, name: str, value: str) -> None:
    visitor, path = at(page)
    given = filled(reason__code="OTHER", reason__detail="x") if name == "reason.detail" else filled()

    answer = visitor.answer(path, given | {name: value})

    if name == "contact.phone" and not without_marks(value).strip():
        assert answer.status == 303  # left out
        return
    if name == "reason.detail" and value in {"😀😀", "' OR 1=1 --", "../../etc", "%0d%0aSet-Cookie: a=b"}:
        assert answer.status == 303  # free text, which nothing prints
        return
    found = parse(answer.body)
    assert answer.status == 422
    assert values(found, f"{SUMMARY}//a/@href") == [f"#{name}"]
    assert elements(found, f"//*[@id='{name}-error']")
    assert "<script>alert" not in answer.body
    assert len(answer.body) < 200_000
    assert visitor.world.untouched


@pytest.mark.parametrize(
    ("page", "name", "pasted", "kept"),
    [
        ("student-document", "student.document.number", "\u202aDNI: 00000001.\u202c", "00000001"),
        ("contact", "contact.phone", "\u202a+51 987 654 321\u202c", "+51 987 654 321"),
        ("contact", "contact.email", "\ufeffpersona@correo.example\u200b", "persona@correo.example"),
    ],
)
def test_what_came_along_with_a_pasted_answer_is_gone(page: str, name: str, pasted: str, kept: str) -> None:
    visitor, path = at(page)

    assert visitor.answer(path, filled() | {name: pasted}).status == 303
    assert values(parse(visitor.get(path).body), f"//input[@id='{name}']/@value") == [kept]


def test_a_mark_that_is_not_seen_in_a_name_is_told_as_what_it_is() -> None:
    visitor, path = at("student-parents")

    answer = visitor.answer(path, filled(student__father__given_names="Julio \u202eCésar"))

    assert "un carácter que no se ve" in text_of(
        elements(parse(answer.body), "//*[@id='student.father.given_names-error']")[0]
    )


@pytest.mark.parametrize("value", ["bien\0", "👨\u200d👩", "\u202eal revés", "\ue000"])
def test_a_reason_with_characters_that_can_not_be_read_says_which_to_take_away(value: str) -> None:
    visitor, path = at("reason")

    page = parse(visitor.post(path, {"reason.code": "OTHER", "reason.detail": value}).body)

    assert "Quite los emojis y los símbolos invisibles" in text_of(
        elements(page, "//*[@id='reason.detail-error']")[0]
    )


def test_nothing_typed_is_lost_when_a_page_comes_back() -> None:
    visitor, path = at("contact")

    page = parse(visitor.post(path, {"contact.email": "persona@", "contact.phone": "999"}).body)

    assert values(page, "//input[@id='contact.email']/@value") == ["persona@"]
    assert values(page, "//input[@id='contact.phone']/@value") == ["999"]


def test_what_was_typed_to_find_a_district_is_shown_again() -> None:
    visitor, path = at("student-district")
    typed = {"student.domicile.ubigeo": "", "student.domicile.ubigeo-typed": HOSTILE}

    page = parse(visitor.post(path, typed).body)

    assert values(page, "//select/@data-typed") == [HOSTILE]
    assert not any(
        "-typed" in name
        for name in visitor.world.services.drafts.decode(*cookie_of_the_only_draft(visitor)).answers
    )


def test_what_was_refused_does_not_travel_on() -> None:
    visitor, path = at("contact")
    before = dict(visitor.cookies)

    visitor.post(path, {"contact.email": HOSTILE})

    assert visitor.cookies == before


# ---------------------------------------------------------------------- the draft


def test_nothing_is_stored_until_it_is_sent() -> None:
    visitor, _ = at("check", an_adult_s_world())

    assert visitor.world.untouched


def test_the_cookie_is_the_draft_s_alone_out_of_scripts_reach_and_unreadable() -> None:
    visitor = Visitor(World())
    first = visitor.begin()
    answer = visitor.answer(first, filled())

    (cookie,) = answer.all_headers["Set-Cookie"]
    assert f"Path={first.rpartition('/')[0]};" in cookie.replace("; ", ";") + ";"
    for flag in ("HttpOnly", "Secure", "SameSite=Lax"):
        assert flag in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    assert "SELF" not in cookie


def test_two_tabs_for_two_children_never_mix() -> None:
    visitor = Visitor(World())
    one, other = visitor.begin(), visitor.begin()
    visitor.answer(one, filled())
    visitor.answer(other, filled_by_the_mother())

    documents = [path.replace("purpose", "student-document") for path in (one, other)]
    assert [visitor.get(path).status for path in documents] == [200, 303]


def stale(visitor: Visitor, path: str) -> Answer:
    visitor.world.clock.advance(LASTS + timedelta(seconds=1))
    return visitor.get(path)


def test_a_draft_that_lay_for_an_hour_is_told_so() -> None:
    visitor, path = at("level")

    answer = stale(visitor, path)

    assert answer.status == 410
    assert "una hora después" in answer.body
    assert visitor.post(path, {"level": "PRIMARIA"}).status == 410


def test_who_is_busy_for_longer_than_an_hour_is_not_stopped() -> None:
    visitor = Visitor(an_adult_s_world())
    path = visitor.begin()
    for _ in range(6):
        visitor.world.clock.advance(LASTS / 2)
        path = visitor.answer(path, filled()).headers["Location"]

    assert visitor.get(path).status == 200


def changed(value: str) -> str:
    """The same cookie with one character changed, somewhere in the middle."""
    place = len(value) // 2
    return value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]


@pytest.mark.parametrize(
    "value",
    ["", "x", "A" * 5000, "gAAAAA", "é", "A" * 120],
    ids=["empty", "short", "huge", "cut off", "not ASCII", "forged"],
)
def test_a_foreign_cookie_is_told_with_what_to_do(value: str) -> None:
    visitor, path = at("level")
    visitor.cookies = dict.fromkeys(visitor.cookies, value)

    answer = visitor.get(path)

    assert answer.status == (400 if value else 404)
    assert "Empiece de nuevo" in answer.body
    assert "/request" in values(main_of(answer), ".//a[contains(., 'Empezar de nuevo')]/@href")
    assert visitor.post(path, {"level": "PRIMARIA"}).status == answer.status


def test_a_draft_of_an_earlier_form_is_told_so() -> None:
    visitor, path = at("level")
    key = next(iter(visitor.cookies))
    box = SecretBox(hashlib.sha256(b"draft " + DRAFT_KEY.encode()).digest())
    earlier = [zlib.compress(packed) for packed in (b'{"answers": 1}', b"[1]", b"not JSON")]
    for packed in (*earlier, b"not packed", earlier[0][:-3], b""):
        sealed = box.encrypt(packed)
        visitor.cookies[key] = base64.urlsafe_b64encode(sealed).decode().rstrip("=")

        answer = visitor.get(path)

        assert answer.status == 400
        assert "la página cambió" in answer.body


def test_a_tampered_cookie_and_that_of_another_draft_are_none() -> None:
    visitor, path = at("level")
    ((key, value),) = visitor.cookies.items()
    visitor.cookies[key] = changed(value)
    assert visitor.get(path).status == 400

    visitor.cookies[key] = value
    another = re.sub(r"draft/[^/]+", f"draft/{'A' * 22}", path)
    visitor.cookies = {("/request/draft/" + "A" * 22, "draft"): value}
    assert visitor.get(another).status == 400


def test_without_the_cookie_every_page_says_what_to_do() -> None:
    _, path = at("level")

    assert World().call(event("GET", path)).status == 404
    assert World().call(form_event(path, {"level": "PRIMARIA"})).status == 404


def test_a_key_can_be_replaced_without_losing_what_is_filled_in() -> None:
    clock = FakeClock()
    before, between, after = (DraftCodec(lambda keys=keys: keys, clock) for keys in ("old", "new old", "new"))  # type: ignore[misc]
    draft = Draft.new().answered(["level"], {"level": "PRIMARIA"})
    value = before.encode(draft)

    assert between.decode(value, draft.id) == draft
    assert after.decode(between.encode(draft), draft.id) == draft
    with pytest.raises(DomainError, match="draft_unreadable"):
        after.decode(value, draft.id)


def test_the_longest_answers_fit_a_cookie() -> None:
    long = ("Ñandú Güeta " * 9)[:100].strip()
    given = {name: long for name in filled_by_the_mother() if name.endswith("given_names")}
    email = "p" * 60 + "@" + "d" * 60 + "." + "e" * 60 + ".example"
    reason = {"reason.code": "OTHER", "reason.detail": "¿ñ" * 75}

    visitor, _ = at("check", given=filled_by_the_mother(contact__email=email) | given | reason)

    assert max(len(value) for value in visitor.cookies.values()) < 3800


def test_answers_that_no_browser_can_keep_are_told_on_the_page_that_was_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor, path = at("contact")
    ((_, value),) = visitor.cookies.items()
    monkeypatch.setattr("request.wizard.draft.MOST_CHARACTERS", len(value))
    long = "una-direccion-larga-y-rara@correo.example"

    answer = visitor.answer(path, filled(contact__email=long))

    page = parse(answer.body)
    assert answer.status == 422
    assert values(page, f"{SUMMARY}//a/@href") == ["#contact.email"]
    assert "no caben en lo que su navegador puede guardar" in text_of(
        elements(page, "//*[@id='contact.email-error']")[0]
    )
    assert values(page, "//input[@id='contact.email']/@value") == [long]
    assert visitor.get(path).status == 200


def test_what_no_cookie_could_hold_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        DraftCodec(lambda: "key", FakeClock()).encode(Draft("A" * 22, {"name": noise(5000)}))
    assert refused.value.code is ErrorCode.DRAFT_TOO_LARGE


# ---------------------------------------------------------------------- sending


def test_sending_twice_makes_one_request() -> None:
    visitor, path = at("check", an_adult_s_world())
    page = parse(visitor.get(path).body)
    cookies = dict(visitor.cookies)
    fields = {
        "terms.accepted": "on",
        "terms.version": values(page, "//input[@name='terms.version']/@value")[0],
    }

    first = visitor.post(path, fields)
    visitor.cookies = cookies  # the second click left before the first answer came
    second = visitor.post(path, fields)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(visitor.world.store.requests) == 1
    assert visitor.world.queue == InMemoryQueue(list(visitor.world.store.requests))


def test_going_back_after_sending_leads_to_the_request_and_holds_no_answer() -> None:
    visitor, path = at("check", an_adult_s_world())
    location = visitor.answer(path, filled()).headers["Location"]

    for name in ("check", "contact", "student-parents"):
        page = visitor.get(path.replace("check", name))
        assert page.status == 200
        assert "ya se envió" in page.body
        assert location in values(parse(page.body), "//a/@href")
        assert "persona@" not in page.body
    assert visitor.post(path, {"terms.accepted": "on"}).headers["Location"] == location
    assert len(visitor.world.store.requests) == 1


def sent_by_an_adult() -> tuple[Visitor, str]:
    """Somebody whose request was accepted, and its address."""
    visitor = Visitor(an_adult_s_world())
    return visitor, visitor.walk(filled()).headers["Location"]


def test_who_asked_here_can_have_it_forgotten_here() -> None:
    visitor, location = sent_by_an_adult()
    page = parse(visitor.get(location).body)
    (form,) = elements(page, "//main//form")
    assert text_of(elements(form, ".//button")[0]) == "Terminar y borrar de este equipo"

    hidden = {one.get("name", ""): one.get("value", "") for one in elements(form, ".//input")}
    done = visitor.post(form.get("action", ""), hidden)

    assert set(visitor.cookies.values()) == {""}  # browsers drop them: Max-Age=0
    assert all("Max-Age=0" in cookie for cookie in done.all_headers["Set-Cookie"])
    said = text_of(main_of(visitor.get(done.headers["Location"])))
    assert "Se borró de este equipo" in said
    assert "historial" in said  # the address itself is not ours to forget
    assert len(visitor.world.store.requests) == 1


def test_another_device_has_nothing_to_forget() -> None:
    visitor, location = sent_by_an_adult()

    assert not elements(parse(Visitor(visitor.world).get(location).body), "//main//form")


def test_what_tells_where_the_draft_was_is_sent_to_the_request_s_page_alone() -> None:
    visitor, location = sent_by_an_adult()

    sent = next(cookie for (path, name), cookie in visitor.cookies.items() if name == "sent")
    assert set(visitor.cookies) == {(f"/request/draft/{sent}", "draft"), (location, "sent")}


@pytest.mark.parametrize("value", ["", "x", "A" * 5000, "../..", "<script>", "é"])
def test_a_foreign_cookie_offers_nothing_to_forget(value: str) -> None:
    visitor, location = sent_by_an_adult()
    visitor.cookies[location, "sent"] = value

    answer = visitor.get(location)

    assert answer.status == 200
    assert not elements(parse(answer.body), "//main//form")


def test_forgetting_twice_and_without_a_draft_is_told_the_same() -> None:
    visitor, location = sent_by_an_adult()
    action = values(parse(visitor.get(location).body), "//main//form/@action")[0]

    answers = [visitor.post(action, {}) for _ in range(2)]

    assert {one.status for one in answers} == {303}
    assert len({one.headers["Location"] for one in answers}) == 1


def test_another_site_makes_nobody_s_browser_forget() -> None:
    visitor, location = sent_by_an_adult()
    action = values(parse(visitor.get(location).body), "//main//form/@action")[0]
    before = dict(visitor.cookies)

    visitor.headers = {"Sec-Fetch-Site": "cross-site"}

    assert visitor.post(action, {}).status == 403
    assert visitor.cookies == before


def test_a_draft_that_was_not_sent_can_be_forgotten_too() -> None:
    visitor, path = at("level")

    visitor.post(path.replace("level", "forget"), {})

    assert set(visitor.cookies.values()) == {""}
    assert visitor.get(path).status == 404


def test_going_back_changing_and_sending_again_is_refused_clearly() -> None:
    visitor, path = at("check", an_adult_s_world())
    cookies = dict(visitor.cookies)
    visitor.answer(path, filled())
    visitor.cookies = cookies
    visitor.post(path.replace("check", "contact"), {"contact.email": "otra@correo.example"})

    answer = visitor.answer(path, filled())

    (request_id,) = visitor.world.store.requests
    page = visitor.get(answer.headers["Location"])
    assert "Esta solicitud ya se envió" in page.body
    assert f"/request/{request_id}" in values(parse(page.body), "//a/@href")


def test_terms_that_were_not_accepted_are_pointed_to() -> None:
    world = an_adult_s_world()

    page = parse(submit(world, filled(terms__accepted=None)).body)

    assert values(page, f"{SUMMARY}//a/@href") == ["#terms.accepted"]
    assert elements(page, "//*[@id='terms.accepted-error']")
    assert world.untouched


@pytest.mark.parametrize("version", [None, "", " ", "2025-01", "x" * 10_000, "😀", "\u202e", HOSTILE])
def test_terms_of_another_version_or_of_none_are_pointed_to_where_they_are_accepted(
    version: str | None,
) -> None:
    visitor, path = at("check")

    answer = visitor.post(
        path, {"terms.accepted": "on"} | ({"terms.version": version} if version is not None else {})
    )

    page = parse(answer.body)
    assert answer.status == 409
    assert values(page, f"{SUMMARY}//a/@href") == ["#terms.accepted"]
    assert "ya no es la vigente" in text_of(elements(page, SUMMARY)[0])
    assert "Lea la versión vigente" in text_of(elements(page, "//*[@id='terms.accepted-error']")[0])
    assert visitor.world.untouched


def test_who_accepts_nothing_and_sends_no_version_is_told_to_accept() -> None:
    visitor, path = at("check")

    answer = visitor.post(path, {})

    assert answer.status == 422
    assert "marque la casilla" in text_of(elements(parse(answer.body), "//*[@id='terms.accepted-error']")[0])


def main_of(answer: Answer) -> HtmlElement:
    return elements(parse(answer.body), "//main")[0]


def test_a_mismatch_says_what_to_do_and_not_which_field() -> None:
    wrong_mother = filled(student__mother__given_names="Otra")
    wrong_father = filled(student__father__given_names="Otro")

    said = [
        re.sub(r"draft/[^/]+", "", text_of(main_of(submit(an_adult_s_world(), given))))
        for given in (wrong_mother, wrong_father)
    ]

    assert said[0] == said[1]
    assert "Compare cada dato con el documento" in said[0]


def refused_page(world: World, given: dict[str, str]) -> HtmlElement:
    return elements(parse(submit(world, given).body), "//main")[0]


def test_a_foreigner_s_mismatch_speaks_of_the_carnet_and_of_no_parents() -> None:
    world = a_foreigner_s_world(STUDENT_CE)
    given = filled() | foreigner_fields("student") | {"student.given_names": "Otra"}

    said = text_of(refused_page(world, given))

    for foreign in ("DNI", "RENIEC", "distrito", "padre"):
        assert foreign not in said
    assert said.count("Migraciones") == 2  # in one sentence: nothing is told twice
    assert "carnet de extranjería" in said


def test_a_citizen_s_mismatch_speaks_of_no_carnet_and_warns_of_the_pause() -> None:
    said = text_of(refused_page(an_adult_s_world(), filled(student__mother__given_names="Otra")))

    assert "Migraciones" not in said
    assert "carnet" not in said
    assert "una pausa de 15 minutos" in said


def test_where_the_two_have_different_documents_both_are_spoken_of() -> None:
    world = a_family_s_world()
    given = filled_by_the_mother() | foreigner_fields("applicant") | {"applicant.given_names": "Otra"}

    said = text_of(refused_page(world, given))

    assert "Migraciones" in said
    assert "RENIEC" in said


def test_who_has_no_record_is_sent_to_the_school_too() -> None:
    world = an_adult_s_world()
    world.registries.trajectories.clear()

    said = text_of(refused_page(world, filled()))

    assert "Si estudió desde el 2013, pida a su colegio que revise su matrícula en el SIAGIE" in said
    assert "Revise que el documento sea el del estudiante" in said


def test_who_is_too_young_is_told_the_age_and_led_to_a_new_request() -> None:
    world = an_adult_s_world(policy=a_policy(minimum_own_age=17))
    record = world.registries.civil[STUDENT_DNI]
    world.registries.civil[STUDENT_DNI] = replace(record, birth_date=years_before_today(15))

    page = refused_page(world, filled())

    assert "desde los 17 años" in text_of(page)
    assert values(page, ".//a[contains(@class, 'govuk-button')]/@href") == ["/request"]


def test_a_kinship_that_is_not_registered_names_the_option_as_the_form_does() -> None:
    world = a_family_s_world()
    world.registries.kinships.clear()

    said = text_of(refused_page(world, filled_by_the_mother()))

    assert f"«{PURPOSES[Kinship.GUARDIAN]}»" in said


def test_of_a_registry_that_is_down_nothing_is_said_twice_or_otherwise() -> None:
    world = an_adult_s_world()
    world.registries.down = frozenset({"reniec"})

    said = text_of(refused_page(world, filled()))

    assert "unos minutos" not in said  # there is a time
    assert "No se guardó" not in said
    assert said.count("hora de Lima") == 1


def test_a_lock_out_offers_no_button_that_would_not_help() -> None:
    world = an_adult_s_world()
    for _ in range(3):
        submit(world, filled(student__mother__given_names="Otra"))

    assert not values(refused_page(world, filled()), ".//a[contains(@class, 'govuk-button')]/@href")


def test_loading_a_refusal_again_asks_nobody_again() -> None:
    visitor = Visitor(an_adult_s_world())
    visitor.walk(filled(student__mother__given_names="Otra"))
    asked, refusal = len(visitor.world.registries.asked), visitor.visited[-1]

    answers = [visitor.get(refusal) for _ in range(5)]  # three failures would lock out

    assert {answer.status for answer in answers} == {422}
    assert len(visitor.world.registries.asked) == asked


def test_a_refusal_is_gone_with_the_next_answer() -> None:
    visitor = Visitor(an_adult_s_world())
    visitor.walk(filled(student__mother__given_names="Otra"))
    refusal = visitor.visited[-1]

    visitor.post(refusal.replace("refusal", "contact"), filled())
    answer = visitor.get(refusal)

    assert (answer.status, answer.headers["Location"]) == (303, refusal.replace("refusal", "check"))


def test_what_travels_of_a_refusal_is_what_the_public_may_know() -> None:
    visitor = Visitor(an_adult_s_world())
    visitor.walk(filled(student__mother__given_names="Otra"))

    carried = visitor.world.services.drafts.decode(*cookie_of_the_only_draft(visitor))

    assert carried.refused == Refused(ErrorCode.IDENTITY_MISMATCH, since=None, until=None)


def test_after_a_refusal_the_answers_are_still_there() -> None:
    visitor = Visitor(an_adult_s_world())
    answer = visitor.walk(filled(student__mother__given_names="Otra"))
    (check,) = [link for link in values(main_of(answer), ".//a/@href") if link.endswith("/check")]

    visitor.post(check.replace("check", "student-parents"), filled())
    done = visitor.answer(check, filled())

    assert (answer.status, done.status) == (422, 303)


def test_a_registry_that_is_down_says_so_and_keeps_the_answers() -> None:
    visitor = Visitor(an_adult_s_world())
    visitor.world.registries.down = frozenset({"reniec"})

    answer = visitor.walk(filled())

    assert (answer.status, answer.headers["Retry-After"]) == (503, "120")
    assert "No es un error suyo" in answer.body
    visitor.world.registries.down = frozenset()
    (check,) = [link for link in values(main_of(answer), ".//a/@href") if link.endswith("/check")]
    assert visitor.answer(check, filled()).status == 303


def test_a_lock_out_says_until_when() -> None:
    world = an_adult_s_world()
    for _ in range(3):
        submit(world, filled(student__mother__given_names="Otra"))

    answer = submit(world, filled())

    assert answer.status == 429
    assert re.search(r"desde las \d\d:\d\d \(hora de Lima\)", text_of(main_of(answer)))


@pytest.mark.parametrize(
    ("headers", "begins"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
    ],
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str], begins: bool) -> None:
    visitor, path = at("contact")

    assert (visitor.world.call(form_event("/request", {}, headers)).status == 303) is begins
    visitor.headers = headers
    assert (visitor.post(path, filled()).status == 303) is begins


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
    sent = form_event("/request", {}, {"Origin": origin} if origin else None)
    del sent["headers"]["Sec-Fetch-Site"]
    del sent["multiValueHeaders"]["Sec-Fetch-Site"]

    assert World().call(sent).status == status

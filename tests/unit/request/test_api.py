import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from constancia.domain.access import GrantState, grant_state
from constancia.domain.certificate import CertificateState, MailState, RequestId
from constancia.domain.failures import FailureReason
from constancia.domain.virtual_code import grouped
from request.limits import Shares
from tests.builders import FILE_SHA256, STUDENT_DNI, TERMS, a_civil_record
from tests.fakes import InMemoryQueue
from tests.unit.request.world import World, a_body, a_person_body, an_adult_s_world
from tests.unit.web.events import event, json_event

PATH = "/api/v1/requests"
KEY = {"Idempotency-Key": "5b3a1f0e-2f3f-4a7e-9a57-0d5f1f2f3f4f"}


def post(world: World, body: object, headers: dict[str, str] | None = None) -> Any:
    return world.call(json_event("POST", PATH, body, headers))


def accepted(world: World) -> RequestId:
    return RequestId(post(world, a_body()).json["id"])


def issue(world: World, request_id: RequestId) -> None:
    request = world.store.requests[request_id]
    world.store.issue(world.store.certificates[request.code], request, FILE_SHA256)


def test_a_request_is_accepted_and_says_where_to_follow_it() -> None:
    answer = post(an_adult_s_world(), a_body())

    assert answer.status == 202
    assert answer.headers["Location"] == f"{PATH}/{answer.json['id']}"
    assert answer.json == {
        "id": answer.json["id"],
        "state": "PENDING",
        "links": {"self": answer.headers["Location"]},
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_links_hold_under_a_stage() -> None:
    sent = json_event("POST", PATH, a_body())
    sent["requestContext"]["path"] = f"/prod{PATH}"

    answer = an_adult_s_world().call(sent)

    assert answer.headers["Location"].startswith(f"/prod{PATH}/")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "malformed_body"),
        ("{}", "text/plain", 415, "unsupported_media_type"),
        (json.dumps({"student": "x" * 70_000}), "application/json", 413, "body_too_large"),
        ("[" * 20_000, "application/json", 400, "malformed_body"),
        ("{}", "application/json", 422, "invalid_input"),
        ("null", "application/json", 422, "invalid_input"),
    ],
)
def test_bad_input_is_a_problem_and_leaves_nothing_behind(
    body: str, content_type: str, status: int, code: str
) -> None:
    world = an_adult_s_world()

    answer = post(world, body, {"Content-Type": content_type})

    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert world.untouched


def test_a_wrong_field_is_named_by_its_pointer_in_spanish() -> None:
    world = an_adult_s_world()

    answer = post(world, a_body(contact={"email": "persona", "phone": None}))

    assert answer.json["errors"] == [
        {
            "pointer": "/contact/email",
            "code": "invalid_format",
            "detail": "No tiene el formato que se espera; revíselo.",
        }
    ]
    assert world.untouched


@pytest.mark.parametrize(
    ("change", "code", "pointer", "fault"),
    [
        (
            {"terms": {"accepted": False, "version": TERMS}},
            "terms_not_accepted",
            "/terms/accepted",
            "not_accepted",
        ),
        (
            {"terms": {"accepted": True, "version": "2025-01"}},
            "terms_outdated",
            "/terms/version",
            "not_in_force",
        ),
        ({"modality": "EBA"}, "modality_not_offered", "/modality", "not_a_choice"),
    ],
)
def test_a_rule_broken_by_one_field_points_to_it(
    change: dict[str, object], code: str, pointer: str, fault: str
) -> None:
    answer = post(an_adult_s_world(), a_body(**change))

    assert answer.json["code"] == code
    assert [(one["pointer"], one["code"]) for one in answer.json["errors"]] == [(pointer, fault)]


def test_no_answer_echoes_what_was_typed() -> None:
    student = a_person_body(father={"given_names": "Secreto<>"}, domicile={"ubigeo": "000000"})

    answer = post(an_adult_s_world(), a_body(student=student))

    assert answer.status == 422
    assert "Secreto" not in answer.body


def test_every_mismatch_with_the_registry_gets_the_very_same_answer() -> None:
    wrong_father = a_body(student=a_person_body(father={"given_names": "Otro"}))
    wrong_mother = a_body(student=a_person_body(mother={"given_names": "Otra"}))
    no_father = a_body(student=a_person_body(father={"not_registered": True}))
    elsewhere = a_body(student=a_person_body(domicile={"ubigeo": "150101"}))
    unknown = a_body(student=a_person_body("00000099"))

    answers = [
        post(an_adult_s_world(), body) for body in (wrong_father, wrong_mother, no_father, elsewhere, unknown)
    ]

    assert {(one.status, one.body, tuple(one.headers.items())) for one in answers} == {
        (answers[0].status, answers[0].body, tuple(answers[0].headers.items()))
    }
    assert answers[0].json["code"] == "identity_mismatch"


def test_a_lock_out_says_how_long() -> None:
    world = an_adult_s_world()
    for _ in range(3):
        post(world, a_body(student=a_person_body(father={"given_names": "Otro"})))

    answer = post(world, a_body())

    assert (answer.status, answer.json["code"]) == (429, "too_many_attempts")
    assert answer.headers["Retry-After"] == "900"


def test_who_had_enough_for_a_day_is_told_until_when() -> None:
    world = an_adult_s_world(daily=Shares(student=1, applicant=1, address=1))
    post(world, a_body())
    world.clock.advance(timedelta(minutes=11))

    answer = post(world, a_body())

    assert (answer.status, answer.json["code"]) == (429, "daily_limit_reached")
    # 15:41 UTC is 10:41 in Lima.
    assert answer.headers["Retry-After"] == str((13 * 60 + 19) * 60)


def test_an_idempotency_key_makes_one_request() -> None:
    world = an_adult_s_world()

    first, second = post(world, a_body(), KEY), post(world, a_body(), KEY)

    assert first == second
    assert len(world.store.requests) == 1


def test_a_key_with_another_body_is_refused() -> None:
    world = an_adult_s_world()
    post(world, a_body(), KEY)

    answer = post(world, a_body(level="PRIMARIA"), KEY)

    assert (answer.status, answer.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "with a space in it", "ñandú-ñandú-ñandú"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    world = an_adult_s_world()

    answer = post(world, a_body(), {"Idempotency-Key": key})

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/headers/idempotency-key"
    assert world.untouched


def test_programs_learn_the_version_of_the_terms_in_force() -> None:
    answer = World().call(event("GET", "/api/v1/terms"))

    assert answer.json == {"version": TERMS, "demo": False, "links": {"page": "/terms"}}


def test_progress_before_the_issue_shows_no_code() -> None:
    world = an_adult_s_world()
    request_id = accepted(world)

    told = world.call(event("GET", f"{PATH}/{request_id}")).json

    assert (told["state"], told["mail"], told["code"]) == ("PENDING", "PENDING", None)
    assert told["links"] == {"self": f"{PATH}/{request_id}"}


def test_an_issued_certificate_comes_with_code_and_file() -> None:
    world = an_adult_s_world()
    request_id = accepted(world)
    issue(world, request_id)

    told = world.call(event("GET", f"{PATH}/{request_id}", stage_prefix="/prod")).json

    code = world.store.requests[request_id].code
    assert (told["state"], told["code"], told["grouped_code"]) == ("ISSUED", code, grouped(code))
    assert told["links"]["verify"] == f"/prod/validate/{code}"
    path, _, grant = told["links"]["pdf"].partition("?g=")
    assert path == f"/prod/api/v1/certificates/{code}/pdf"
    assert grant_state(world.store.certificates[code], grant, world.clock()) is GrantState.HOLDS


@pytest.mark.parametrize("state", [CertificateState.SUPERSEDED, CertificateState.ANNULLED])
def test_what_is_no_longer_valid_has_no_file(state: CertificateState) -> None:
    world = an_adult_s_world()
    request_id = accepted(world)
    issue(world, request_id)
    code = world.store.requests[request_id].code
    world.store.certificates[code] = replace(world.store.certificates[code], state=state)

    told = world.call(event("GET", f"{PATH}/{request_id}")).json

    assert (told["state"], "pdf" in told["links"]) == (state, False)


def test_a_refused_mail_is_told() -> None:
    world = an_adult_s_world()
    request_id = accepted(world)
    world.store.record_mail(request_id, MailState.REJECTED)

    assert world.call(event("GET", f"{PATH}/{request_id}")).json["mail"] == "REJECTED"


@pytest.mark.parametrize("request_id", ["0" * 32, "nonsense", "..", "0" * 33, "A" * 32, "ñ" * 32])
def test_an_unknown_request_is_not_found(request_id: str) -> None:
    answer = an_adult_s_world().call(event("GET", f"{PATH}/{request_id}"))

    assert (answer.status, answer.json["code"]) == (404, "request_not_found")


def test_an_expired_request_is_not_found() -> None:
    world = an_adult_s_world()
    request_id = accepted(world)
    world.clock.advance(timedelta(days=8))

    assert world.call(event("GET", f"{PATH}/{request_id}")).status == 404


def test_who_waits_for_a_minute_is_queued_again_once_a_minute() -> None:
    world = an_adult_s_world()
    request_id = accepted(world)
    sent: list[int] = []
    for seconds in (0, 59, 1, 30, 30):
        world.clock.advance(timedelta(seconds=seconds))
        world.call(event("GET", f"{PATH}/{request_id}"))
        assert isinstance(world.queue, InMemoryQueue)
        sent.append(len(world.queue.sent))

    assert sent == [1, 1, 2, 2, 3]


def held(world: World) -> RequestId:
    """A request that render could not draw."""
    request_id = accepted(world)
    world.store.hold(request_id, FailureReason.UNPRINTABLE_TEXT, world.clock() + timedelta(days=14))
    return request_id


def test_a_held_request_is_told_as_such_and_not_queued_again() -> None:
    world = an_adult_s_world()
    request_id = held(world)
    world.clock.advance(timedelta(hours=1))

    told = world.call(event("GET", f"{PATH}/{request_id}")).json

    assert (told["state"], told["mail"], told["code"]) == ("HELD", "PENDING", None)
    assert told["links"] == {"self": f"{PATH}/{request_id}"}
    assert "UNPRINTABLE" not in str(told)
    assert isinstance(world.queue, InMemoryQueue)
    assert world.queue.sent == [request_id]


def test_what_was_held_and_is_mended_is_told_as_issued() -> None:
    world = an_adult_s_world()
    request_id = held(world)
    issue(world, request_id)

    assert world.call(event("GET", f"{PATH}/{request_id}")).json["state"] == "ISSUED"


def test_who_asks_again_while_held_makes_a_new_request_with_what_the_registries_say_now() -> None:
    world = an_adult_s_world()
    first = held(world)

    second = accepted(world)

    assert second != first
    assert world.call(event("GET", f"{PATH}/{second}")).json["state"] == "PENDING"
    assert world.call(event("GET", f"{PATH}/{first}")).json["state"] == "HELD"


def test_the_description_is_served() -> None:
    answer = World().call(event("GET", "/api/v1/openapi.json"))

    assert answer.status == 200
    assert answer.json["openapi"].startswith("3.1")
    assert PATH in answer.json["paths"]


def test_nothing_personal_is_logged() -> None:
    world = an_adult_s_world()
    post(world, a_body())
    post(world, a_body(contact={"email": "mala", "phone": None}))
    world.registries.civil[STUDENT_DNI] = a_civil_record(father_given_names="PEDRO")
    post(world, a_body(level="PRIMARIA"))

    written = world.log.getvalue() + repr(world.counted)
    assert "father_name_mismatch" in written
    assert world.counted == [
        ("RequestsAccepted", "reason", "SCHOLARSHIP"),
        ("Refusals", "code", "invalid_input"),
        ("Refusals", "code", "father_name_mismatch"),
    ]
    words = (STUDENT_DNI.number, "Julio", "JULIO", "PEDRO", "QUISPE", "correo", "mala", "WANCHAQ")
    assert not [word for word in words if word in written]

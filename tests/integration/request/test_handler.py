"""The request function as it is deployed: what it writes, what it leaves alone, what it loads."""

import json
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest

from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.builders import TERMS
from tests.deployed import Deployed
from tests.unit.web.events import event, json_event

KEY = {"Idempotency-Key": "5b3a1f0e-2f3f-4a7e-9a57-0d5f1f2f3f4f"}


def body_of(name: str = "adult", **changes: Any) -> dict[str, Any]:
    return scenario(name, today_in_lima()).application(TERMS) | changes


def kinds(deployed: Deployed) -> set[str]:
    return {item["pk"]["S"].partition("#")[0] for item in deployed.items()}


def test_the_same_key_and_body_get_the_same_answer(deployed: Deployed) -> None:
    first = deployed.post(body_of(), KEY)
    again = deployed.post(body_of(), KEY)
    other = deployed.post(body_of(level="PRIMARIA"), KEY)

    assert first == again
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert deployed.render_all() == 1


def test_what_is_remembered_of_a_key_is_a_hash_with_an_end(deployed: Deployed) -> None:
    deployed.post(body_of(), KEY)

    (item,) = [one for one in deployed.items() if one["pk"]["S"].startswith("IDEM#")]
    assert set(item) == {"pk", "fingerprint", "request_id", "expires_at"}
    assert KEY["Idempotency-Key"] not in json.dumps(item)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("{", 400),
        ('{"student": 1}', 422),
        (json.dumps({"student": "x" * 70_000}), 413),
    ],
)
def test_bad_input_leaves_the_table_empty(deployed: Deployed, sent: str, status: int) -> None:
    answer = deployed.post(sent)

    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert deployed.items() == []


def test_an_identity_that_does_not_match_leaves_only_counts(deployed: Deployed) -> None:
    for _ in range(5):
        assert deployed.post(body_of("wrong-parent-name")).json["code"] == "identity_mismatch"

    answer = deployed.post(body_of("wrong-parent-name"))

    assert (answer.status, answer.json["code"]) == (429, "too_many_attempts")
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert kinds(deployed) <= {"ATTEMPTS", "breaker"}


def test_no_item_holds_what_was_only_declared(deployed: Deployed) -> None:
    body = body_of("minor-mother", contact={"email": "solo.contacto@correo.example", "phone": None})
    deployed.post(body, KEY)
    deployed.render_all()

    written = json.dumps(deployed.items(), ensure_ascii=False, default=str).upper()
    applicant = body["applicant"]
    declared = [
        applicant["document"]["number"],
        applicant["father"]["given_names"],
        applicant["mother"]["given_names"],
        body["student"]["father"]["given_names"],
        body["contact"]["email"],
    ]
    assert not [value for value in declared if value.upper() in written]


def test_the_message_to_render_names_nobody(deployed: Deployed) -> None:
    accepted = deployed.post(body_of()).json

    sqs = deployed.aws.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=deployed.aws.ref("RenderQueue"), MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert json.loads(message["Body"]) == {"request_id": accepted["id"]}
    assert set(message["MessageAttributes"]) == {"correlation_id"}


def test_nothing_personal_is_logged(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    log = StringIO()
    monkeypatch.setattr(deployed.request.logger.registered_handler, "stream", log)
    body = body_of()
    deployed.post(body)
    deployed.post(body_of(contact={"email": "mala", "phone": None}))
    deployed.post(body_of("wrong-parent-name"))
    deployed.send(json_event("POST", "/api/v1/requests", "{"))

    written = log.getvalue()
    assert written.count("refused") >= 3
    values = [body["student"]["document"]["number"], body["contact"]["email"], "mala", "QUISPE", "Quispe"]
    assert not [value for value in values if value in written]


def test_pages_and_files_are_served_under_the_stage(deployed: Deployed) -> None:
    for path in ("/", "/request", "/terms"):
        answer = deployed.send(event("GET", path, stage_prefix="/dev"))
        assert answer.status == 200
        assert 'href="/dev/request"' in answer.body


def test_a_call_of_the_api_does_not_wait_for_the_pages() -> None:
    script = (
        "import sys, request.wiring\n"
        "print(sorted({'jinja2', 'fpdf', 'moto', 'render', 'validate'} & set(sys.modules)))"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"

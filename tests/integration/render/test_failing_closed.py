"""What can't be made is not half made: no file, no code, no mail; a dead letter that says why; a way back."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from constancia.adapters.queue import SqsDeadLetters
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.certificate import CertificateRequest, CertificateState, MailState, log_name
from constancia.domain.content import CertificateContent, Holder
from constancia.domain.identity import PersonName
from constancia.settings import read_settings
from render.pipeline import Draw
from render.seal import SealError, SealFault
from tests.builders import (
    EMAIL,
    PHONE,
    STUDENT_DNI,
    TOKEN,
    a_content,
    a_level_record,
    a_result,
    a_school_year,
)
from tests.integration.render.function import CORRELATION, DeadLetter, Render
from tests.unit.web.events import json_event
from validate.settings import Settings as ValidateSettings
from validate.wiring import new_app, wire

PENDING, ISSUED = CertificateState.PENDING, CertificateState.ISSUED
UNPRINTABLE = a_content(holder=Holder(PersonName("ANA \u6f22", "QUISPE", "\u00d1AHUI"), STUDENT_DNI))
OVERSIZE = a_content(levels=(a_level_record(years=(a_school_year(results=(a_result(mark="15 " * 2000),)),)),))
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": EMAIL}}, "Sign")


def does_not_verify(*_: object) -> bytes:
    raise SealError(SealFault.KEY_MISMATCH, "the chain is of another key")


@dataclass(frozen=True)
class Case:
    """A way to fail for good, and what operators read about it."""

    reason: str
    detail: str
    content: CertificateContent | None = None
    draw: Draw | None = None


CASES = [
    Case("UNPRINTABLE_TEXT", "U+6F22 is not in the embedded faces: extend scripts/make-fonts", UNPRINTABLE),
    Case("OVERSIZE", "something that can't be divided fits no page", OVERSIZE),
    Case("SEAL_INVALID", "KEY_MISMATCH: the chain is of another key", draw=does_not_verify),
]


@pytest.fixture(params=CASES, ids=[case.reason for case in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    given: Case = request.param
    return given


def failed(render: Render, case: Case = CASES[0], **changes: Any) -> CertificateRequest:
    """Somebody asked for what can't be made, and render tried once."""
    if case.draw:
        render.draws(case.draw)
    request = render.asked(content=case.content, **changes)
    render.send(request)
    assert render.handle(render.messages()) == []
    return request


def mended(render: Render) -> None:
    """As after a deploy of fonts or a layout that can do it."""
    render.draws(lambda *_: b"%PDF- mended")


def verdict(render: Render, request: CertificateRequest) -> str:
    """What whoever scanned the QR would be told."""
    settings = read_settings(ValidateSettings, render.aws.environment("ValidateFunction"))
    app = new_app(wire(settings, Logger(service=f"validate-{uuid4()}")))
    question = {"code": request.code, "token": TOKEN}
    answer = app.resolve(json_event("POST", "/api/v1/validations", question), None)  # type: ignore[arg-type]
    told: str = json.loads(answer["body"])["verdict"]
    return told


def demand_nothing_half_made(render: Render, request: CertificateRequest) -> None:
    assert render.certificate(request).state is PENDING
    assert render.certificate(request).sha256 is None
    assert render.files() == render.mails() == []
    assert render.items("SHA256#") == render.items("HOLDER#") == []
    assert verdict(render, request) == "unknown"


def test_nothing_half_made_can_be_had(render: Render, case: Case) -> None:
    request = failed(render, case)

    demand_nothing_half_made(render, request)


def test_the_dead_letter_says_why_and_what_to_do(render: Render, case: Case) -> None:
    request = failed(render, case)

    (letter,) = render.dead_letters()
    assert json.loads(letter.body) == {"request_id": request.id}
    assert letter.attributes["reason"] == case.reason
    assert letter.attributes["detail"].startswith(case.detail)
    assert letter.attributes["correlation_id"] == CORRELATION
    assert letter.attributes["failed_at"].startswith(f"{render.now():%Y-%m-%dT%H:}")


def test_log_and_metric_tell_the_reason(
    render: Render, case: Case, capfd: pytest.CaptureFixture[str]
) -> None:
    request = failed(render, case)

    told = [line for line in render.logged() if line["message"] == "given up"]
    assert [(line["request"], line["reason"], line["held"]) for line in told] == [
        (log_name(request.id), case.reason, True)
    ]
    counted = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line["MessagesGivenUp"] for line in counted if line.get("reason") == case.reason] == [[1]]


def test_nothing_personal_is_told_of_a_failure(
    render: Render, case: Case, capfd: pytest.CaptureFixture[str]
) -> None:
    request = failed(render, case)

    captured = capfd.readouterr()
    attributes = [letter.attributes for letter in render.dead_letters()]
    written = f"{render.logs.getvalue()} {captured.out} {captured.err} {attributes}"
    secrets = (EMAIL, PHONE, TOKEN, STUDENT_DNI.number, "QUISPE", "\u00d1AHUI", "\u6f22", request.id)
    assert not [secret for secret in secrets if secret in written]


def test_a_held_request_is_left_alone_and_keeps_what_it_takes_to_mend_it(render: Render) -> None:
    request = failed(render, ago=timedelta(days=1))

    render.sweep()

    held = render.request(request)
    assert render.messages() == []
    assert held.held_for == "UNPRINTABLE_TEXT"
    assert (held.token, held.email, held.phone) == (request.token, request.email, request.phone)
    assert timedelta(days=13.9) < held.expires_at - render.now() <= timedelta(days=14)


def test_a_message_moved_back_after_mending_is_issued_and_mailed(render: Render) -> None:
    request = failed(render)
    mended(render)

    render.move_back()
    assert render.handle(render.messages()) == []

    assert render.certificate(request).state is ISSUED
    assert render.request(request).held_for is None
    assert render.request(request).mail is MailState.SENT
    assert len(render.mails()) == len(render.files()) == 1
    assert verdict(render, request) == "authentic"
    assert render.dead_letters() == []


def test_a_message_moved_back_too_early_lies_with_the_dead_letters_again(render: Render) -> None:
    request = failed(render)

    render.move_back()
    assert render.handle(render.messages()) == []

    (letter,) = render.dead_letters()
    assert letter.attributes["reason"] == "UNPRINTABLE_TEXT"
    demand_nothing_half_made(render, request)
    assert render.request(request).held_for == "UNPRINTABLE_TEXT"


def test_a_mail_that_fails_after_mending_is_in_the_sweeps_care(render: Render) -> None:
    request = failed(render, ago=timedelta(hours=1))
    mended(render)
    identity = render.aws.environment("RenderFunction")["MAIL_FROM"]
    render.aws.client("sesv2").delete_email_identity(EmailIdentity=identity)
    render.move_back()
    messages = render.messages()
    assert render.handle(messages) == [messages[0]["messageId"]]

    render.aws.client("sesv2").create_email_identity(EmailIdentity=identity)
    render.sweep()
    render.handle(render.messages())

    assert render.request(request).mail is MailState.SENT


@pytest.mark.parametrize("step", [(SqsDeadLetters, "put"), (DynamoCertificateStore, "hold")])
def test_a_crash_between_any_two_steps_loses_nothing(
    render: Render, monkeypatch: pytest.MonkeyPatch, step: tuple[type, str]
) -> None:
    owner, method = step
    genuine = getattr(owner, method)

    def effect_and_death(*arguments: Any) -> None:
        genuine(*arguments)
        raise MemoryError

    request = render.asked(content=UNPRINTABLE)
    render.send(request)
    messages = render.messages()
    with monkeypatch.context() as dying:
        dying.setattr(owner, method, effect_and_death)
        assert render.handle(messages) == [messages[0]["messageId"]]
    assert render.handle(messages) == []

    assert render.request(request).held_for == "UNPRINTABLE_TEXT"
    assert len(render.dead_letters()) == 2

    mended(render)
    render.move_back()
    render.handle(render.messages())
    assert render.certificate(request).state is ISSUED
    assert len(render.mails()) == len(render.files()) == 1


def test_a_message_that_can_t_be_given_up_comes_again(
    render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise THROTTLED

    request = render.asked(content=UNPRINTABLE)
    render.send(request)
    messages = render.messages()
    monkeypatch.setattr(SqsDeadLetters, "put", refuse)

    assert render.handle(messages) == [messages[0]["messageId"]]

    assert render.request(request).held_for is None
    assert [line["message"] for line in render.logged()] == ["failed", "not given up"]
    assert EMAIL not in render.logs.getvalue()


# ---------------------------------------------------------------------- what lasts


def on_receive(number: int, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages, as they come for the so-manieth time."""
    return [
        message | {"attributes": message["attributes"] | {"ApproximateReceiveCount": str(number)}}
        for message in messages
    ]


def tried(render: Render, request: CertificateRequest, error: Exception) -> tuple[DeadLetter, list[str]]:
    """Drawing fails on every receive until the queue would give the message up."""

    def fail(*_: object) -> bytes:
        raise error

    render.draws(fail)
    render.send(request)
    messages = render.messages()
    for number in range(1, 5):
        assert render.handle(on_receive(number, messages)) == [messages[0]["messageId"]]
    assert render.dead_letters() == []
    assert render.handle(on_receive(5, messages)) == []
    (letter,) = render.dead_letters()
    return letter, [line["reason"] for line in render.logged() if "reason" in line]


def test_trouble_of_the_platform_that_lasts_has_its_reason_and_stays_in_the_sweeps_care(
    render: Render,
) -> None:
    request = render.asked(ago=timedelta(hours=1))

    letter, reasons = tried(render, request, THROTTLED)

    assert letter.attributes["reason"] == "PLATFORM"
    assert letter.attributes["detail"].startswith("ThrottlingException at ")
    assert EMAIL not in letter.attributes["detail"]
    assert reasons == ["PLATFORM"]
    demand_nothing_half_made(render, request)
    assert render.request(request) == request
    mended(render)
    render.sweep()
    render.handle(render.messages())
    assert render.certificate(request).state is ISSUED


def test_a_chain_that_can_t_be_read_is_trouble_of_the_platform(render: Render) -> None:
    request = render.asked()
    render.send(request)
    messages = render.messages()
    render.aws.client("ssm").delete_parameter(Name=render.aws.ref("SealChain"))

    assert render.handle(messages) == [messages[0]["messageId"]]
    assert render.handle(on_receive(5, messages)) == []

    (letter,) = render.dead_letters()
    assert letter.attributes["reason"] == "PLATFORM"
    assert letter.attributes["detail"].startswith("ParameterNotFound at ")
    assert render.request(request) == request
    demand_nothing_half_made(render, request)


def test_a_fault_of_our_code_that_lasts_holds_the_request(render: Render) -> None:
    request = render.asked(ago=timedelta(hours=1))

    letter, reasons = tried(render, request, KeyError(EMAIL))

    assert letter.attributes["reason"] == "UNEXPECTED"
    assert letter.attributes["detail"].startswith("KeyError at test_failing_closed.py:")
    assert reasons == ["UNEXPECTED"]
    demand_nothing_half_made(render, request)
    assert render.request(request).held_for == "UNEXPECTED"
    render.sweep()
    assert render.messages() == []
    mended(render)
    render.move_back()
    render.handle(render.messages())
    assert render.certificate(request).state is ISSUED


def test_an_unreadable_message_lies_with_the_dead_letters_as_it_came(render: Render) -> None:
    render.send(render.asked())
    (message,) = render.messages()

    assert render.handle([message | {"body": "not ours"}]) == []

    (letter,) = render.dead_letters()
    assert (letter.body, letter.attributes["reason"]) == ("not ours", "UNREADABLE_MESSAGE")


def test_what_the_queue_gives_up_itself_is_not_given_up_sooner_by_render(render: Render) -> None:
    given = render.aws.client("sqs").get_queue_attributes(
        QueueUrl=render.aws.ref("RenderQueue"), AttributeNames=["RedrivePolicy"]
    )
    policy = json.loads(given["Attributes"]["RedrivePolicy"])
    environment = render.aws.environment("RenderFunction")

    assert int(policy["maxReceiveCount"]) == int(environment["MAX_RECEIVES"])


def test_a_dead_letter_lasts_as_long_as_its_request(render: Render) -> None:
    kept = render.aws.client("sqs").get_queue_attributes(
        QueueUrl=render.aws.ref("RenderDeadLetters"), AttributeNames=["MessageRetentionPeriod"]
    )
    days = int(render.aws.environment("RenderFunction")["HELD_DAYS"])

    assert int(kept["Attributes"]["MessageRetentionPeriod"]) == days * 24 * 3600

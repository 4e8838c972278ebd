"""render as Lambda runs it: its handler, events as SQS and the schedule give them, AWS from template.yaml."""

import json
from datetime import timedelta

import pytest

from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.certificate import CertificateState, MailState, RequestId, log_name
from constancia.domain.virtual_code import grouped
from tests.builders import EMAIL, PHONE, STUDENT_DNI, TOKEN, a_request
from tests.integration.render.function import CORRELATION, Context, Render

PERSONAL = (EMAIL, PHONE, STUDENT_DNI.number, TOKEN, "ANA", "LUCÍA", "QUISPE", "ÑAHUI")


def test_a_message_becomes_an_issued_and_mailed_certificate(render: Render) -> None:
    request = render.asked()
    render.send(request)

    assert render.handle(render.messages()) == []

    certificate = render.certificate(request)
    file = render.aws.client("s3").get_object(
        Bucket=render.aws.ref("Bucket"), Key=f"certificates/{request.code}/{certificate.sha256}.pdf"
    )
    assert certificate.state is CertificateState.ISSUED
    assert file["Body"].read().startswith(b"%PDF-")
    assert render.request(request).mail is MailState.SENT
    (mail,) = render.mails()
    assert mail.destinations["ToAddresses"] == [EMAIL]
    assert grouped(request.code) in mail.body
    site = render.aws.environment("RenderFunction")["PUBLIC_BASE_URL"]
    assert f"{site}/validate/{request.code}" in mail.body
    assert request.id not in mail.body


def test_a_message_delivered_twice_makes_one_certificate_and_one_mail(render: Render) -> None:
    request = render.asked()
    render.send(request)
    messages = render.messages()

    render.handle(messages)
    first = render.certificate(request)

    assert render.handle(messages * 2) == []
    assert render.certificate(request) == first
    assert len(render.mails()) == 1


def test_a_crash_between_file_and_transaction_is_mended_with_the_same_file(
    render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise MemoryError

    request = render.asked()
    render.send(request)
    messages = render.messages()
    with monkeypatch.context() as dying:
        dying.setattr(DynamoCertificateStore, "issue", die)
        assert render.handle(messages) == [messages[0]["messageId"]]
    assert render.handle(messages) == []

    files = render.aws.client("s3").list_objects_v2(Bucket=render.aws.ref("Bucket"))["Contents"]
    sha256 = render.certificate(request).sha256
    assert [file["Key"] for file in files] == [f"certificates/{request.code}/{sha256}.pdf"]


def test_what_is_begun_too_late_to_be_finished_comes_again(render: Render) -> None:
    slow, late = render.asked(), render.asked()
    render.send(slow, late)
    messages = render.messages()

    assert render.handle(messages, Context([30_000, 14_000])) == [messages[1]["messageId"]]
    states = [render.certificate(each).state for each in (slow, late)]
    assert sorted(states) == [CertificateState.ISSUED, CertificateState.PENDING]
    assert len(render.files()) == 1

    assert render.handle(messages[1:]) == []
    assert CertificateState.PENDING not in [render.certificate(each).state for each in (slow, late)]
    assert len(render.files()) == 2


def test_what_never_got_a_try_is_given_up_as_trouble_of_the_platform(render: Render) -> None:
    late = render.asked()
    render.send(late)
    (message,) = render.messages()
    message["attributes"]["ApproximateReceiveCount"] = "5"

    assert render.handle([message], Context([14_000])) == []

    (letter,) = render.dead_letters()
    assert letter.attributes["reason"] == "PLATFORM"
    assert "no try was begun" in letter.attributes["detail"]
    assert render.request(late).held_for is None


def test_one_bad_message_does_not_hold_up_the_others(render: Render) -> None:
    good = render.asked()
    render.send(good)
    (message,) = render.messages()
    bad = message | {"messageId": "bad", "body": "{}"}

    assert render.handle([bad, message]) == []
    assert [letter.body for letter in render.dead_letters()] == ["{}"]
    assert render.certificate(good).state is CertificateState.ISSUED


def test_a_batch_in_which_all_failed_comes_again_whole(
    render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TimeoutError

    render.send(render.asked(), render.asked())
    messages = render.messages()
    monkeypatch.setattr("constancia.adapters.files.S3FileStore.put", fail)

    assert render.handle(messages) == [message["messageId"] for message in messages]


def test_a_request_that_is_gone_is_logged_and_dropped(render: Render) -> None:
    gone = a_request(id=RequestId("00" * 16))
    render.send(gone)

    assert render.handle(render.messages()) == []
    assert [(line["message"], line["request"]) for line in render.logged()] == [
        ("dropped", log_name(gone.id))
    ]


def test_a_failed_mail_comes_again_and_goes_out(render: Render) -> None:
    request = render.asked()
    render.send(request)
    messages = render.messages()
    identity = render.aws.environment("RenderFunction")["MAIL_FROM"]
    render.aws.client("sesv2").delete_email_identity(EmailIdentity=identity)

    assert render.handle(messages) == [messages[0]["messageId"]]
    assert render.certificate(request).state is CertificateState.ISSUED
    assert render.request(request).email == EMAIL

    render.aws.client("sesv2").create_email_identity(EmailIdentity=identity)
    assert render.handle(messages) == []
    assert len(render.mails()) == 1
    assert render.request(request).email is None


def test_a_refused_address_shows_in_the_request_and_is_erased(render: Render) -> None:
    request = render.asked(email="no address")
    render.send(request)

    assert render.handle(render.messages()) == []

    stored = render.request(request)
    assert (stored.state, stored.mail) == (CertificateState.ISSUED, MailState.REJECTED)
    assert (stored.email, stored.phone) == (None, None)


def test_the_sweep_sends_again_what_never_reached_the_queue(render: Render) -> None:
    lost, young = render.asked(ago=timedelta(minutes=11)), render.asked(ago=timedelta(minutes=9))

    render.sweep()

    (message,) = render.messages()
    assert json.loads(message["body"]) == {"request_id": lost.id}
    assert message["messageAttributes"]["correlation_id"]["stringValue"] == "sweep-1"
    render.handle([message])
    assert render.certificate(lost).state is CertificateState.ISSUED
    assert render.certificate(young).state is CertificateState.PENDING

    render.sweep()
    assert render.messages() == []


def test_the_call_that_asked_is_named_in_every_line(render: Render) -> None:
    render.send(render.asked())
    render.handle(render.messages())

    assert [(line["message"], line["correlation_id"]) for line in render.logged()] == [
        ("issued", CORRELATION),
        ("mailed", CORRELATION),
    ]


def test_after_the_mail_no_table_item_queue_or_file_holds_contact_data(render: Render) -> None:
    request = render.asked()
    render.send(request)
    messages = render.messages()
    render.handle(messages)

    items = str(render.aws.client("dynamodb").scan(TableName=render.aws.ref("Table"))["Items"])
    assert not [secret for secret in (EMAIL, PHONE, TOKEN) if secret in items + str(messages)]


def test_nothing_personal_is_logged_whatever_goes_wrong(
    render: Render, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    quoting = RuntimeError(" ".join(PERSONAL))
    fine, refused, undrawn, unsent = (
        render.asked(),
        render.asked(email=f"{EMAIL} is no address"),
        render.asked(),
        render.asked(),
    )
    render.send(fine, refused, undrawn, unsent)
    messages = {
        RequestId(json.loads(message["body"])["request_id"]): message for message in render.messages()
    }

    def fail(*_: object) -> None:
        raise quoting

    render.handle([messages[fine.id], messages[refused.id], {**messages[fine.id], "body": str(PERSONAL)}])
    with monkeypatch.context() as broken:
        broken.setattr("constancia.adapters.files.S3FileStore.put", fail)
        render.handle([messages[undrawn.id]])
    with monkeypatch.context() as broken:
        broken.setattr("constancia.adapters.mail.SesMailer.send", fail)
        render.handle([messages[unsent.id]])
    render.sweep()

    captured = capfd.readouterr()
    written = render.logs.getvalue() + captured.out + captured.err
    assert [line["message"] for line in render.logged()].count("failed") == 3
    assert "CertificatesIssued" in captured.out
    secrets = (*PERSONAL, *(request.id for request in (fine, refused, undrawn, unsent)))
    assert not [secret for secret in secrets if secret in written]


def test_what_happened_is_counted(render: Render, capfd: pytest.CaptureFixture[str]) -> None:
    render.send(render.asked(), render.asked(email="no address"))
    messages = render.messages()
    render.handle([*messages, messages[0] | {"messageId": "bad", "body": "{}"}])

    given_up, metrics = (json.loads(line) for line in capfd.readouterr().out.splitlines())
    counted = {name: sum(value) for name, value in metrics.items() if isinstance(value, list)}
    assert counted == {
        "MessagesReceived": 3,
        "CertificatesIssued": 2,
        "MailsSent": 1,
        "MailsRefused": 1,
        "RendersFailed": 1,
    }
    assert (given_up["MessagesGivenUp"], given_up["reason"]) == ([1], "UNREADABLE_MESSAGE")

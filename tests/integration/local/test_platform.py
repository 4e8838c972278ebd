"""A whole small platform: sample functions behind a real port, fed by the API, a queue and schedules."""

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from constancia.domain.seal import DEMO_NOTICE, DEMO_TITLE
from infra.cli.main import main
from infra.local.platform import LocalPlatform, PortTakenError
from infra.local.processes import StartError
from infra.seal.demo_ca import KEY, DemoRoot
from infra.seal.stack import SealedStack

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent / "sample" / "template.yaml"


@pytest.fixture(scope="module")
def platform() -> Iterator[LocalPlatform]:
    with LocalPlatform.start(template=SAMPLE) as running:
        yield running


def http(
    platform: LocalPlatform, method: str, path: str, *, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    return fetch(platform.site_url, method, path, body=body, **headers)


def fetch(
    base: str, method: str, path: str, *, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def eventually[T](get: Callable[[], T], wanted: Callable[[T], bool], seconds: float = 10) -> T:
    deadline = time.monotonic() + seconds
    while not wanted(value := get()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert wanted(value), value
    return value


def send(platform: LocalPlatform, **message: Any) -> None:
    platform.client("sqs").send_message(QueueUrl=platform.stack.ref("Queue"), MessageBody=json.dumps(message))


def tries(platform: LocalPlatform, key: str) -> int:
    item = (
        platform.client("dynamodb")
        .get_item(TableName=platform.stack.ref("Table"), Key={"pk": {"S": key}})
        .get("Item", {})
    )
    return int(item.get("tries", {"N": "0"})["N"])


def messages(platform: LocalPlatform, queue: str) -> int:
    attributes = platform.client("sqs").get_queue_attributes(
        QueueUrl=platform.stack.ref(queue), AttributeNames=["All"]
    )["Attributes"]
    return sum(int(value) for name, value in attributes.items() if name.startswith("ApproximateNumberOf"))


def test_a_function_sees_the_request_its_environment_and_its_time(platform: LocalPlatform) -> None:
    status, headers, body = http(
        platform, "POST", "/echo?x=1", body="ñ".encode(), **{"Content-Type": "text/plain"}
    )
    told = json.loads(body)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert told["event"]["body"] == "ñ"
    assert told["event"]["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert told["base_url"] == platform.site_url
    assert told["function"] == "constancia-EchoFunction"
    assert 0 < told["remaining_ms"] <= 5000


def test_head_has_the_headers_and_no_body(platform: LocalPlatform) -> None:
    status, headers, body = http(platform, "HEAD", "/items/7")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_bytes_travel_unchanged(platform: LocalPlatform) -> None:
    _, headers, body = http(platform, "GET", "/items/picture", Accept="image/png")
    assert (headers["Content-Type"], body) == ("image/png", b"\x89PNG\x00")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "route_not_found"),
        ("OPTIONS", "/", 404, "route_not_found"),
        ("GET", "/odd/slow", 502, "internal"),
        ("GET", "/odd/crash", 502, "internal"),
        ("GET", "/odd/error", 502, "internal"),
        ("GET", "/odd/text", 502, "internal"),
        ("GET", "/odd/number", 502, "internal"),
        ("GET", "/odd/huge", 502, "internal"),
    ],
)
def test_what_fails_is_answered_in_the_templates_words(
    platform: LocalPlatform, method: str, path: str, status: int, code: str
) -> None:
    given, headers, body = http(platform, method, path)
    assert given == status
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["code"] == code


def test_a_body_over_the_limit_is_refused_and_the_caller_hears_it(platform: LocalPlatform) -> None:
    status, _, _ = http(platform, "POST", "/echo", body=b"x" * (10 * 1024 * 1024 + 1))
    assert status == 413


def test_a_method_over_its_rate_is_refused(platform: LocalPlatform) -> None:
    answers = [http(platform, "GET", "/throttled") for _ in range(6)]
    assert {status for status, _, _ in answers} == {200, 429}
    assert {headers["Retry-After"] for status, headers, _ in answers if status == 429} == {"60"}


def test_the_access_log_names_routes_and_never_paths(platform: LocalPlatform) -> None:
    http(platform, "GET", "/items/secret?t=token")
    log = (platform.log_folder / "access.log").read_text()
    assert '{"method":"GET","resource":"/items/{id}","status":"200"}' in log
    assert "secret" not in log


def test_messages_are_handled_and_gone(platform: LocalPlatform) -> None:
    for number in range(5):
        send(platform, id=f"fine-{number}")
    for number in range(5):
        eventually(partial(tries, platform, f"fine-{number}"), lambda count: count == 1)
    eventually(lambda: messages(platform, "Queue"), lambda count: count == 0)


def test_only_the_message_that_failed_comes_again(platform: LocalPlatform) -> None:
    send(platform, id="good")
    send(platform, id="weak", fail=1)
    eventually(lambda: tries(platform, "weak"), lambda count: count == 2)
    assert tries(platform, "good") == 1


def test_hopeless_messages_end_as_dead_letters(platform: LocalPlatform) -> None:
    send(platform, id="hopeless", fail=99)
    send(platform, id="deadly", crash=True)
    eventually(lambda: messages(platform, "DeadLetters"), lambda count: count == 2, seconds=20)
    assert tries(platform, "hopeless") == 2
    assert tries(platform, "deadly") == 2


def test_a_schedule_waits_for_its_first_period(platform: LocalPlatform) -> None:
    assert [schedule.seconds for schedule in platform.stack.schedules] == [3600]
    assert tries(platform, "sweep") == 0


def test_mails_stand_in_the_outbox_whole_and_harmless(platform: LocalPlatform) -> None:
    platform.client("sesv2").send_email(
        FromEmailAddress="sender@example.org",
        Destination={"ToAddresses": ["someone@example.org"]},
        Content={
            "Simple": {
                "Subject": {"Data": "<b>Señal</b>"},
                "Body": {
                    "Text": {"Data": "see http://127.0.0.1/validate/7 <script>"},
                    "Html": {"Data": "<p>Hola</p><script>alert(1)</script>"},
                },
            }
        },
    )
    (mail,) = json.loads(fetch(platform.outbox_url, "GET", "/outbox.json")[2])
    assert (mail["to"], mail["subject"]) == (["someone@example.org"], "<b>Señal</b>")
    assert mail["text"].startswith("see http://")
    assert mail["html"].startswith("<p>Hola</p>")
    listed = fetch(platform.outbox_url, "GET", "/outbox")[2].decode()
    assert "&lt;b&gt;Señal&lt;/b&gt;" in listed
    page = fetch(platform.outbox_url, "GET", "/outbox/1")[2].decode()
    assert 'href="http://127.0.0.1/validate/7"' in page
    assert "<script>" not in page
    assert "<iframe sandbox " in page
    _, headers, html = fetch(platform.outbox_url, "GET", "/outbox/1/html")
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "alert(1)" in html.decode()
    missing, _, nothing = fetch(platform.outbox_url, "GET", "/outbox/2")
    assert missing == 404
    for shown in (listed, page, nothing.decode()):
        assert f"<strong>{DEMO_TITLE}.</strong> {DEMO_NOTICE}" in shown


def test_a_taken_port_is_named(platform: LocalPlatform) -> None:
    port = urlsplit(platform.site_url).port
    assert port
    with pytest.raises(PortTakenError, match=str(port)):
        LocalPlatform.start(template=SAMPLE, site_port=port)
    with pytest.raises(PortTakenError, match=str(port)):
        LocalPlatform.start(template=SAMPLE, outbox_port=port)


def test_a_demo_root_that_can_not_be_used_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = tmp_path / "ca"
    DemoRoot.create().save(root)
    (root / KEY).write_text("broken")
    monkeypatch.setattr(DemoRoot, "kept", lambda: DemoRoot.load(root))

    with pytest.raises(StartError, match=r"root\.key can't be read.*make setup"):
        LocalPlatform.start()


def test_a_stack_that_is_no_demonstration_gets_no_chain_and_operators_find_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One start of the whole platform for both."""
    with LocalPlatform.start(parameters={"SealDemo": "false"}) as real:
        local = ["--local", str(real.log_folder)]
        assert main(["ops", "pending", *local]) == 0
        assert capsys.readouterr().out == "Nothing is pending, and nothing is held.\n"
        assert main(["ops", "show", "99S0-QR6Y-D40R", *local]) == 3
        assert SealedStack.of(real.stack, real.client).chain() is None
        assert "demostración" not in fetch(real.site_url, "GET", "/")[2].decode().lower()

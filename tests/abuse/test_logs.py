"""No log line but ours: whatever is sent, each line is one JSON document, and every metric is one of ours."""

import json
from collections.abc import Callable
from typing import Final

import pytest

from tests.abuse.routes import JSON, OWN_FORM, Standing, encoded, is_api, parameters_of
from tests.deployed import context

MARK: Final = "FORGED"
FORGERY: Final = json.dumps(
    {
        "_aws": {
            "Timestamp": 1,
            "CloudWatchMetrics": [
                {"Namespace": MARK, "Dimensions": [[]], "Metrics": [{"Name": MARK, "Unit": "Count"}]}
            ],
        },
        MARK: 1,
    }
)
HOSTILE: Final = (
    f"x\n{FORGERY}\n",
    f"x\r\n{FORGERY}\r\n",
    f'", "{MARK}": "1',
    f"\x1b[2J\x1b]0;{MARK}\x07",
    f"\u2028{FORGERY}\u2029\u0085",
    f"%(message)s %s {{}} {MARK}",
    "${jndi:ldap://" + MARK + "}",
)
METRICS: Final = {
    *(
        "RequestsAccepted",
        "Refusals",
        "MessagesReceived",
        "RendersFailed",
        "RequestsSwept",
        "MessagesGivenUp",
    ),
    *("CertificatesIssued", "MailsSent", "MailsRefused", "RequestsDropped"),
}


@pytest.fixture
def lines(standing: Standing, capfd: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """What the functions have written since."""

    def written() -> list[str]:
        out, err = capfd.readouterr()
        return [line for line in (out + err).split("\n") if line]

    return written


def judge(lines: list[str]) -> None:
    """Each line is a document of ours, and nothing that was sent stands in any."""
    assert lines
    for line in lines:
        document = json.loads(line)
        assert isinstance(document, dict)
        assert MARK not in line
        assert line.isprintable()
        metrics = document.get("_aws", {}).get("CloudWatchMetrics", [])
        for directive in metrics:
            assert directive["Namespace"] == "Constancia"
            assert {metric["Name"] for metric in directive["Metrics"]} <= METRICS


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_is_sent_writes_a_line(
    standing: Standing, lines: Callable[[], list[str]], hostile: str
) -> None:
    tried = 0
    for route in standing.routes:
        sent = (JSON if is_api(route) else OWN_FORM) if route.method == "POST" else {}
        for name in parameters_of(route):
            path = standing.path(route, **{name: encoded(hostile)})
            standing.site.ask(route.method, path, sent, "")
            tried += 1
        header_value = hostile.replace("\n", " ").replace("\r", " ")
        for header in ("User-Agent", "X-Amzn-Trace-Id", "Idempotency-Key", "Accept", "Referer", "Cookie"):
            standing.call(route, {header: header_value})
            tried += 1
        if route.method == "POST":
            body = json.dumps({"code": hostile, hostile: 1, "sha256": hostile, "student": {hostile: hostile}})
            if not is_api(route):
                body = f"code={encoded(hostile)}&to={encoded(hostile)}&{encoded(hostile)}=1"
            standing.site.ask("POST", standing.path(route), sent, body)
            tried += 1
        query = f"?t={encoded(hostile)}&g={encoded(hostile)}"
        standing.site.ask(route.method, standing.path(route) + query, sent, "")
        tried += 1

    judge(lines())
    assert tried > 200


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_message_writes_a_line(standing: Standing, lines: Callable[[], list[str]], hostile: str) -> None:
    """Neither its body nor the attribute that leads from call to mail, which the log repeats."""
    for body in (
        hostile,
        json.dumps({"request_id": hostile}),
        json.dumps({"request_id": "0" * 32, "x": hostile}),
    ):
        record = {
            "messageId": "m",
            "receiptHandle": "r",
            "body": body,
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {"correlation_id": {"stringValue": hostile, "dataType": "String"}},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:render",
            "awsRegion": "us-east-1",
        }
        standing.site.deployed.render.handler({"Records": [record]}, context("render"))

    for line in lines():
        document = json.loads(line)
        assert not (set(document) & {MARK})
        directives = document.get("_aws", {}).get("CloudWatchMetrics", [])
        assert all(directive["Namespace"] == "Constancia" for directive in directives)
        assert "\x1b" not in line
        text = json.dumps({name: value for name, value in document.items() if name != "correlation_id"})
        assert MARK not in text

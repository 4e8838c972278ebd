"""E-mail and phone are gone in time: with the mail's outcome, or with the request, held or not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from constancia.adapters import aws as clients
from infra.local.clients import ClientFactory
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from infra.seal.demo_ca import DemoRoot
from tests.builders import TERMS
from tests.privacy.walk import Walk, walking
from tests.unit.web.events import event, json_event

EMAIL, PHONE = "quien.pide@correo.example", "987650001"
REQUEST_DAYS, HELD_DAYS = timedelta(days=7), timedelta(days=14)
A_MOMENT = timedelta(minutes=5)


@pytest.fixture(scope="module")
def platform(aws_clients: ClientFactory, demo_root: DemoRoot) -> Iterator[Walk]:
    with pytest.MonkeyPatch.context() as patch, walking(aws_clients, demo_root, patch) as walk:
        yield walk


@pytest.fixture
def walk(platform: Walk) -> Walk:
    for table in ("Table", "Audit"):
        keys = [key["AttributeName"] for key in _described(platform, table)["KeySchema"]]
        for item in _items(platform, table):
            platform.paths.table.delete_item(
                TableName=platform.paths.aws.ref(table), Key={key: item[key] for key in keys}
            )
    platform.paths.messages()
    return platform


def asked(walk: Walk, person: str = "adult") -> str:
    body = scenario(person, today_in_lima()).application(TERMS)
    body["contact"] = {"email": EMAIL, "phone": PHONE}
    answer = walk.tells(person, json_event("POST", "/api/v1/requests", body), "198.51.100.1")
    assert answer["statusCode"] == 202, answer["body"]
    request_id: str = json.loads(answer["body"])["id"]
    return request_id


def contact_in(items: list[dict[str, Any]]) -> set[str]:
    """The attributes that hold it, anywhere."""
    return {
        f"{item['pk']['S'].partition('#')[0]} {name}"
        for item in items
        for name, value in item.items()
        if {EMAIL, PHONE} & {str(one) for one in value.values()}
    }


def after_time_to_live(walk: Walk, after: timedelta) -> list[dict[str, Any]]:
    """What is left so long from now, in both tables."""
    then = (datetime.now(UTC) + after).timestamp()
    return [
        item
        for table in ("Table", "Audit")
        for item in _items(walk, table)
        if "expires_at" not in item or float(item["expires_at"]["N"]) > then
    ]


def test_they_stand_in_one_item_until_the_mail_is_out_and_nowhere_afterwards(walk: Walk) -> None:
    asked(walk)
    assert contact_in(_items(walk, "Table")) == {"REQ email", "REQ phone"}

    walk.paths.draws(walk.paths.messages())

    assert contact_in(_items(walk, "Table")) == set()
    assert EMAIL.encode() not in json.dumps(_items(walk, "Table"), default=repr).encode()


def test_an_address_that_is_refused_is_erased_as_well(walk: Walk) -> None:
    request_id = asked(walk)

    with _ses_answers(400, "BadRequestException"):
        assert walk.paths.draws(walk.paths.messages()) == []

    item = walk.item(f"REQ#{request_id}")
    assert item["mail"]["S"] == "REJECTED"
    assert contact_in(_items(walk, "Table")) == set()


def test_a_mail_that_never_went_out_leaves_nothing_after_the_requests_days(walk: Walk) -> None:
    asked(walk)
    with _ses_answers(503, "ServiceUnavailableException"):
        assert len(walk.paths.draws(walk.paths.messages())) == 1
    assert contact_in(_items(walk, "Table")) == {"REQ email", "REQ phone"}

    assert contact_in(after_time_to_live(walk, REQUEST_DAYS - A_MOMENT)) == {"REQ email", "REQ phone"}
    assert contact_in(after_time_to_live(walk, REQUEST_DAYS + timedelta(days=1) + A_MOMENT)) == set()


def test_a_request_that_never_reached_render_leaves_nothing_at_all(walk: Walk) -> None:
    request_id = asked(walk)
    walk.paths.messages()  # and they are lost

    left = after_time_to_live(walk, REQUEST_DAYS + A_MOMENT)

    kinds = {item["pk"]["S"].partition("#")[0] for item in left}
    assert contact_in(left) == set()
    assert kinds == {"CERT", "NUMBER"}, "what is left is the audit trail's entry and the count of numbers"
    assert [item for item in left if "content" in item] == []
    assert request_id not in json.dumps(left, default=repr)


def test_what_is_held_waits_for_operators_and_no_longer(walk: Walk) -> None:
    request_id = asked(walk, "unprintable-area")
    walk.paths.draws(walk.paths.messages())
    assert (
        json.loads(walk.tells("", event("GET", f"/api/v1/requests/{request_id}"), "198.51.100.1")["body"])[
            "state"
        ]
        == "HELD"
    )

    # The mail is still to go out once it is mended, so the address must wait as well.
    assert contact_in(after_time_to_live(walk, HELD_DAYS - A_MOMENT)) == {"REQ email", "REQ phone"}
    left = after_time_to_live(walk, HELD_DAYS + A_MOMENT)
    assert contact_in(left) == set()
    assert [item for item in left if "content" in item] == []


def test_an_expired_request_is_told_to_nobody_however_late_it_is_removed(walk: Walk) -> None:
    request_id = asked(walk)
    walk.paths.table.update_item(
        TableName=walk.paths.aws.ref("Table"),
        Key={"pk": {"S": f"REQ#{request_id}"}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    sent = len(_mails(walk))

    answer = walk.tells("", event("GET", f"/api/v1/requests/{request_id}"), "198.51.100.1")
    walk.paths.draws(walk.paths.messages())

    assert answer["statusCode"] == 404
    assert len(_mails(walk)) == sent


def test_the_page_on_personal_data_tells_of_the_backups(walk: Walk) -> None:
    page = walk.tells("", event("GET", "/privacy"), "198.51.100.1")["body"]
    recovery = walk.paths.table.describe_continuous_backups(TableName=walk.paths.aws.ref("Table"))

    assert (
        recovery["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"][
            "PointInTimeRecoveryStatus"
        ]
        == "ENABLED"
    )
    assert "duran 35 días" in page
    assert "Se guarda 5 años" in page


class _ses_answers:  # noqa: N801 - reads as a statement
    """SES says no, whatever it is sent."""

    def __init__(self, status: int, code: str) -> None:
        self._status, self._code = status, code

    def __enter__(self) -> None:
        clients.ses().meta.events.register_first("before-send.sesv2.SendEmail", self._answer)

    def __exit__(self, *_: object) -> None:
        clients.ses().meta.events.unregister("before-send.sesv2.SendEmail", self._answer)

    def _answer(self, request: Any, **_: Any) -> Any:
        body = json.dumps({"message": f"no mail to {EMAIL}"}).encode()
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": self._code}
        return AWSResponse(request.url, self._status, headers, _Raw(body))  # type: ignore[arg-type]


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body


def _described(walk: Walk, table: str) -> Any:
    return walk.paths.table.describe_table(TableName=walk.paths.aws.ref(table))["Table"]


def _items(walk: Walk, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = walk.paths.table.scan(TableName=walk.paths.aws.ref(table))["Items"]
    return found


def _mails(walk: Walk) -> list[Any]:
    return walk.paths.render.mails()

"""Looking at certificates, at what waits, and at the trail: masked, recorded first, and changing nothing."""

import csv
import io
import json

import pytest
from botocore.exceptions import ClientError

from constancia.domain.virtual_code import grouped, new_virtual_code
from infra.ops.desk import Desk
from tests.integration.ops.conftest import Office


def test_a_certificate_is_shown_with_its_request_and_masked(office: Office) -> None:
    code = office.issued()

    said = office.ops("show", grouped(code).lower())

    lines = dict(line.split("  ", 1) for line in said.out.splitlines() if "  " in line)
    assert said.code == 0
    assert lines["code"].strip() == grouped(code)
    assert lines["state"].strip() == "ISSUED"
    assert lines["SHA-256"].strip() == office.item(f"CERT#{code}")["sha256"]["S"]
    assert "mailed to " in said.out
    assert "•••@c•••.example" in said.out
    content = office.ops("show", code, "--content", "--ticket", "CASE-1").out.splitlines()[-1]
    holder = json.loads(content)["holder"]
    names = [word for part in holder["name"].values() if part for word in part.split() if len(word) > 2]
    assert len(names) > 2
    for fact in (holder["document"]["number"], *names):
        assert fact not in said.out


def test_a_look_is_in_the_trail_with_who_looked_and_apart_from_what_was_done(office: Office) -> None:
    code = office.issued()

    office.ops("show", code)
    office.ops("show", code, "--content", "--ticket", "CASE-2026-0012")

    assert office.by_operators(code, looks=True) == [
        ("show", "issued", "", ""),
        ("open", "issued", "CASE-2026-0012", ""),
    ]
    assert office.by_operators(code) == []
    who = office.aws.client("sts").get_caller_identity()["Arn"]
    assert json.loads(office.ops("trail", code, "--looks").out.splitlines()[0])["operator_arn"] == who


def test_nothing_is_shown_that_could_not_be_recorded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    code = office.issued()

    def refuses(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "PutItem")

    monkeypatch.setattr(Desk, "_record", refuses)
    for verb in (["show", code], ["trail", code], ["pending"]):
        said = office.ops(*verb)
        assert (said.code, said.out) == (6, ""), verb
        assert "AWS refuses PutItem to this identity" in said.err


def test_the_content_is_for_a_case_alone(office: Office) -> None:
    said = office.ops("show", office.issued(), "--content")

    assert (said.code, said.out) == (2, "")
    assert "--ticket" in said.err


def test_what_waits_is_listed_with_its_age_and_why(office: Office) -> None:
    (asked, waiting), (_, held) = office.asked("minor-mother"), office.asked("unprintable-area")
    office.empty("RenderQueue")
    held_request = next(
        item for item in office.deployed.items() if item.get("code", {}).get("S") == held and "mail" in item
    )
    office.aws.client("sqs").send_message(
        QueueUrl=office.aws.ref("RenderQueue"),
        MessageBody=json.dumps({"request_id": held_request["pk"]["S"].removeprefix("REQ#")}),
    )
    office.deployed.render_all()

    said = office.ops("pending")

    rows = {line.split()[0]: line for line in said.out.splitlines()}
    assert said.code == 0
    assert "to be issued" in rows[grouped(waiting)]
    assert "held: UNPRINTABLE_TEXT" in rows[grouped(held)]
    assert asked not in said.out
    assert office.by_operators("ALL", looks=True)[-1] == ("list", "pending", "", "")
    office.deployed.aws.client("sqs").send_message(
        QueueUrl=office.aws.ref("RenderQueue"), MessageBody=json.dumps({"request_id": asked})
    )
    office.deployed.render_all()
    assert grouped(waiting) not in office.ops("pending").out


def test_the_trail_is_exported_oldest_first_as_lines_of_json_and_as_csv(office: Office) -> None:
    code = office.issued()

    lines = [json.loads(line) for line in office.ops("trail", code).out.splitlines()]
    rows = list(csv.DictReader(io.StringIO(office.ops("trail", code, "--csv").out)))

    assert [(one["act"], one["caller_role"], one["outcome"]) for one in lines] == [
        ("request", "requester", "accepted"),
        ("issue", "platform", "issued"),
    ]
    assert [one["at"] for one in lines] == sorted(one["at"] for one in lines)
    assert [{name: value or "" for name, value in one.items()} for one in lines] == rows
    assert {one["code"] for one in lines} == {code}
    assert lines[0]["source_key"]


def test_what_nobody_ever_asked_for_has_no_trail_and_is_unknown(office: Office) -> None:
    code = new_virtual_code()

    for verb in ("show", "trail"):
        said = office.ops(verb, code)
        assert (said.code, said.out) == (3, ""), verb
        assert "no certificate under this code" in said.err
    assert [one[:2] for one in office.by_operators(code, looks=True)] == [
        ("show", "unknown"),
        ("read_trail", "unknown"),
    ]

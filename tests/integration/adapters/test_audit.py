"""The audit trail in DynamoDB."""

from datetime import datetime, timedelta, timezone
from typing import Any

from constancia.domain.audit import Act, Entry, Role
from constancia.domain.certificate import PersonKey
from tests.builders import CODE, NOW, OTHER_CODE
from tests.conftest import Aws
from tests.trail import CORRELATION, a_trail, entries_of

SOURCE = PersonKey("ab" * 32)


def an_entry(**changes: Any) -> Entry:
    return Entry(
        **{
            "code": CODE,
            "at": NOW,
            "role": Role.TOKEN,
            "act": Act.OPEN,
            "outcome": "authentic",
            "source": SOURCE,
            **changes,
        }
    )


def test_an_entry_is_one_item_that_says_who_what_when_from_where_and_what_came_of_it(aws: Aws) -> None:
    at = datetime(2026, 11, 22, 10, 30, 0, 987_654, timezone(timedelta(hours=-5)))

    a_trail(aws).record(an_entry(at=at))

    (item,) = entries_of(aws, CODE)
    moment, _, drawn = item.pop("moment").partition("#")
    assert moment == "2026-11-22T15:30:00.987Z"
    assert len(bytes.fromhex(drawn)) == 16
    assert item == {
        "pk": f"CERT#{CODE}",
        "caller_role": "token",
        "act": "open",
        "outcome": "authentic",
        "source_key": SOURCE,
        "correlation_id": CORRELATION,
        "expires_at": str(int((at + timedelta(days=5 * 365.25)).timestamp())),
    }


def test_what_is_asked_of_codes_that_are_nobodys_is_kept_for_three_months(aws: Aws) -> None:
    a_trail(aws).record(an_entry(known=False))

    (item,) = entries_of(aws, CODE)
    assert int(item["expires_at"]) == int((NOW + timedelta(days=90)).timestamp())


def test_a_codes_entries_are_read_oldest_or_newest_first(aws: Aws) -> None:
    trail = a_trail(aws)
    moments = [NOW + timedelta(milliseconds=5), NOW + timedelta(days=400), NOW, NOW + timedelta(seconds=1)]
    for at in moments:
        trail.record(an_entry(at=at))
        trail.record(an_entry(at=at, code=OTHER_CODE))

    def order(*, newest_first: bool) -> list[datetime]:
        found = entries_of(aws, CODE, newest_first=newest_first)
        return [datetime.fromisoformat(item["moment"].partition("#")[0]) for item in found]

    assert order(newest_first=False) == sorted(moments)
    assert order(newest_first=True) == sorted(moments, reverse=True)


def test_entries_of_one_moment_stand_beside_each_other(aws: Aws) -> None:
    for _ in range(50):
        a_trail(aws).record(an_entry())

    assert len(entries_of(aws, CODE)) == 50


def test_a_call_that_is_repeated_because_its_answer_was_lost_is_one_entry(aws: Aws) -> None:
    client = aws.client("dynamodb")
    lost: list[int] = []

    def lose_the_first(response_dict: dict[str, Any], **_: Any) -> None:
        if not lost:
            lost.append(response_dict["status_code"])
            response_dict["status_code"] = 500

    client.meta.events.register("before-parse.dynamodb.PutItem", lose_the_first, unique_id="lost")
    try:
        a_trail(aws).record(an_entry())
    finally:
        client.meta.events.unregister("before-parse.dynamodb.PutItem", unique_id="lost")

    assert lost == [200]
    assert len(entries_of(aws, CODE)) == 1


def test_an_entry_without_a_caller_has_no_source(aws: Aws) -> None:
    a_trail(aws).record(an_entry(source=None, role=Role.PLATFORM, act=Act.ANNUL, outcome="annulled"))

    assert "source_key" not in entries_of(aws, CODE)[0]


def test_the_table_is_kept_as_the_data_bank_is(aws: Aws) -> None:
    dynamodb, name = aws.client("dynamodb"), aws.ref("Audit")
    table = dynamodb.describe_table(TableName=name)["Table"]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    recovery = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    policy = dynamodb.get_resource_policy(ResourceArn=table["TableArn"])["Policy"]

    assert name == "db_micertificado-dev-audit"
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "moment"]
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSEDescription"]["SSEType"] == "KMS"
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at")
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert "NobodyChangesOrDeletes" in policy

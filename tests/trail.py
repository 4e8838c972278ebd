"""The audit trail as an operator reads it: with rights that no function has."""

from dataclasses import dataclass
from typing import Any

from constancia.adapters.audit import DynamoAuditTrail
from constancia.domain.virtual_code import VirtualCode
from tests.conftest import Aws

CORRELATION = "a-call-of-the-api"


@dataclass(frozen=True)
class TrailSettings:
    """What a function is told of the trail."""

    audit_table: str
    audit_years: int = 5
    audit_unknown_days: int = 90


def a_trail(aws: Aws) -> DynamoAuditTrail:
    return DynamoAuditTrail(aws.client("dynamodb"), TrailSettings(aws.ref("Audit")), lambda: CORRELATION)


def entries_of(
    aws: Aws, code: str, *, newest_first: bool = False, looks: bool = False
) -> list[dict[str, Any]]:
    """The entries of a code, in their order; `looks`: those of operators who only looked."""
    found = aws.client("dynamodb").query(
        TableName=aws.ref("Audit"),
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"{'LOOK' if looks else 'CERT'}#{code}"}},
        ScanIndexForward=not newest_first,
    )["Items"]
    return [{name: value for name, ((_, value),) in _typed(item)} for item in found]


def told(aws: Aws, code: VirtualCode) -> list[tuple[str, str, str]]:
    """What, in which role, and what came of it; oldest first."""
    return [(one["act"], one["caller_role"], one["outcome"]) for one in entries_of(aws, code)]


def _typed(item: dict[str, dict[str, Any]]) -> list[tuple[str, list[tuple[str, Any]]]]:
    return [(name, list(value.items())) for name, value in item.items()]

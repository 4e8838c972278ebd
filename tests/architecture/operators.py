"""Every verb of operators over AWS as template.yaml makes it, each under its role, calls noted."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.certificate import CertificateState
from constancia.domain.operator import Operator
from constancia.domain.virtual_code import VirtualCode
from infra.local.clients import CREDENTIALS
from infra.local.stack import Stack
from infra.local.template import REGION
from infra.ops.desk import Desk
from infra.ops.integrity import Inspection, Progress, judge_of
from infra.ops.stage import Stage
from tests.architecture.calls import Calls

LOOKS, ACTS = "OperatorLooksRole", "OperatorActsRole"
OPERATORS = (LOOKS, ACTS)


def every_verb(stack: Stack, calls: Calls, folder: Path) -> None:
    """After every path of the functions: there are certificates in every state."""
    desk = Desk.at(Stage.of(stack, _clients(calls)), Operator("arn", "CASE-1"), lambda: datetime.now(UTC))
    standing = _codes(stack, CertificateState.ISSUED)
    with calls.of(LOOKS):
        for code in standing:
            desk.show(code)
            assert list(desk.trail_of(code))
        assert desk.pending()
        assert desk.dead_letters()
        inspect(desk, folder)
    with calls.of(ACTS):
        desk.annul(standing[0], AnnulmentReason.WRONG_DATA, do=False)
        desk.annul(standing[0], AnnulmentReason.WRONG_DATA, do=True)
        assert list(desk.trail_of(standing[0], looks=True))
        for do in (False, True):
            desk.resend(standing[1], "persona@correo.example", do=do)
            desk.reissue(standing[1], None, do=do)
            assert list(desk.redrive(lambda _: True, per_second=50, do=do))
        assert desk.reissue(standing[1], None, do=True).existed


def inspect(desk: Desk, folder: Path) -> None:
    progress = Progress(desk.stage.name)
    inspection = Inspection(desk.stage, desk.store, judge_of(desk.stage), folder / "progress.json")
    assert list(desk.inspect(inspection, progress)) == []
    assert progress.files >= progress.records > 0


def _codes(stack: Stack, state: CertificateState) -> list[VirtualCode]:
    session = boto3.Session(region_name=REGION, **_KEYS)
    items = session.client("dynamodb").scan(TableName=stack.ref("Table"))["Items"]
    certificates = [item for item in items if item["pk"]["S"].startswith("CERT#")]
    return [
        VirtualCode(item["code"]["S"]) for item in certificates if item["certificate_state"]["S"] == state
    ]


_KEYS: Any = {name.lower(): value for name, value in CREDENTIALS.items()}


def _clients(calls: Calls) -> Any:
    session = boto3.Session(region_name=REGION, **_KEYS)
    calls.listen(session)

    @cache
    def client(service: str) -> Any:
        return session.client(service)  # type: ignore[call-overload]

    return client

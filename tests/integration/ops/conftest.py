"""One platform of real handlers for all verbs; each test asks for certificates of its own."""

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

import pytest
from moto.sqs.models import sqs_backends

from constancia.domain.virtual_code import VirtualCode
from infra.cli import main as command
from infra.cli import ops
from infra.local.clients import ClientFactory
from infra.local.template import ACCOUNT, REGION, Template
from infra.ops.stage import Stage
from infra.registries.people import today_in_lima
from infra.registries.sandbox import sandbox
from infra.registries.scenarios import scenario
from infra.seal.demo_ca import DemoRoot
from tests.builders import TERMS
from tests.conftest import Aws, new_aws
from tests.deployed import Deployed, deploy
from tests.trail import entries_of


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Office:
    """The platform, and a terminal before it."""

    deployed: Deployed

    @property
    def aws(self) -> Aws:
        return self.deployed.aws

    def asked(self, person: str = "adult") -> tuple[str, VirtualCode]:
        """Somebody asks anew; the request's id and the code."""
        self.forget_who_asked()
        answer = self.deployed.post(scenario(person, today_in_lima()).application(TERMS))
        assert answer.status == 202, answer
        item = self.item(f"REQ#{answer.json['id']}")
        return answer.json["id"], VirtualCode(item["code"]["S"])

    def issued(self, person: str = "adult") -> VirtualCode:
        """A certificate's code."""
        _, code = self.asked(person)
        self.deployed.render_all()
        assert self.item(f"CERT#{code}")["certificate_state"]["S"] == "ISSUED"
        return code

    def ops(self, *arguments: str) -> Said:
        """Type a command."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = command.main(["ops", *arguments])
            except SystemExit as ended:  # argparse's
                code = int(str(ended.code))
        assert "Traceback" not in err.getvalue()
        return Said(code, out.getvalue(), err.getvalue())

    def item(self, key: str) -> dict[str, Any]:
        table = self.aws.ref("Table")
        answer = self.aws.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": key}})
        item: dict[str, Any] = answer.get("Item", {})
        return item

    def by_operators(self, code: str, *, looks: bool = False) -> list[tuple[str, ...]]:
        """What the trail has of operators: act, outcome, case, grounds."""
        return [
            (one["act"], one["outcome"], one.get("ticket", ""), one.get("grounds", ""))
            for one in entries_of(self.aws, code, looks=looks)
            if one["caller_role"] == "operator"
        ]

    def empty(self, *queues: str) -> None:
        """Nothing lies in these queues any more. SQS itself allows that once a minute."""
        for queue in queues:
            name = self.aws.ref(queue).rpartition("/")[2]
            sqs_backends[ACCOUNT][REGION].queues[name]._messages.clear()

    def forget_who_asked(self) -> None:
        """As time to live does after some minutes and at midnight."""
        for item in self.deployed.items():
            if item["pk"]["S"].startswith(("SAME#", "TODAY#")):
                self.aws.client("dynamodb").delete_item(
                    TableName=self.aws.ref("Table"), Key={"pk": item["pk"]}
                )


@pytest.fixture(scope="module")
def platform(template: Template, aws_clients: ClientFactory, demo_root: DemoRoot) -> Iterator[Office]:
    with (
        pytest.MonkeyPatch.context() as patch,
        sandbox(people=0, slow_seconds=0.2) as registries,
        new_aws(template, aws_clients, demo_root, patch) as aws,
    ):
        yield Office(deploy(aws, registries, patch))


@pytest.fixture
def office(platform: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The terminal is of the stage `dev`, however it was found."""
    monkeypatch.setattr(ops, "_stage", lambda _: Stage.of(platform.aws.stack, platform.aws.client))
    return replace(platform)

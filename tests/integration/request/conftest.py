"""The real handlers over moto made from template.yaml, and the sandbox registries over HTTP."""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from infra.registries.cast import Registry
from infra.registries.sandbox import TEST_KEYS, sandbox
from tests.conftest import Aws
from tests.unit.web.events import event, json_event

_SECRETS = {
    Registry.RENIEC: "ReniecApiKey",
    Registry.MIGRACIONES: "MigracionesApiKey",
    Registry.SIAGIE: "SiagieApiKey",
}


@pytest.fixture(scope="module")
def registries() -> Iterator[str]:
    """The sandbox's address; scenario people alone, and little patience asked of the slow one."""
    with sandbox(people=0, slow_seconds=0.2) as base_url:
        yield base_url


def _fresh(name: str) -> ModuleType:
    """A function's module as a new execution environment loads it: settings are read at import."""
    sys.modules.pop(name, None)
    return importlib.import_module(name)


def _context(function: str) -> Any:
    return SimpleNamespace(
        function_name=function,
        memory_limit_in_mb=1024,
        get_remaining_time_in_millis=lambda: 30_000,
        invoked_function_arn=f"arn:aws:lambda:us-east-1:123456789012:function:{function}",
        aws_request_id="52fdfc07-2182-454f-963f-5f0f9a621d72",
    )


@dataclass(frozen=True)
class Reply:
    """What a handler answered to one event of API Gateway."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Deployed:
    """Both ends of a request's way: the function that takes it and the one that issues."""

    aws: Aws
    request: ModuleType
    render: ModuleType

    def post(self, body: object, headers: dict[str, str] | None = None) -> Reply:
        return self.send(json_event("POST", "/api/v1/requests", body, headers))

    def get(self, path: str) -> Reply:
        return self.send(event("GET", path))

    def send(self, sent: dict[str, Any]) -> Reply:
        answer = self.request.handler(sent, _context("request"))
        headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        return Reply(answer["statusCode"], headers, answer["body"])

    def render_all(self) -> int:
        """Give render what waits in the queue, as the event source mapping does; how many there were."""
        sqs, queue = self.aws.client("sqs"), self.aws.ref("RenderQueue")
        received = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])
        records = [_record(message) for message in received]
        if records:
            outcome = self.render.handler({"Records": records}, _context("render"))
            assert outcome == {"batchItemFailures": []}
        return len(records)

    def items(self) -> list[dict[str, Any]]:
        """Everything that is written in the table."""
        items: list[dict[str, Any]] = self.aws.client("dynamodb").scan(TableName=self.aws.ref("Table"))[
            "Items"
        ]
        return items


@pytest.fixture
def deployed(aws: Aws, registries: str, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """The functions as they are deployed."""
    return deploy(aws, registries, monkeypatch)


def deploy(aws: Aws, registries: str, environment: pytest.MonkeyPatch) -> Deployed:
    """Load the functions as they are deployed on an AWS."""
    for registry, secret in _SECRETS.items():
        aws.client("secretsmanager").put_secret_value(
            SecretId=aws.ref(secret), SecretString=TEST_KEYS[registry]
        )
    addresses = {f"{registry.name}_URL": f"{registries}/{registry}" for registry in Registry}
    modules = {}
    for name, function in (("render", "RenderFunction"), ("request", "RequestFunction")):
        for key, value in (aws.environment(function) | addresses).items():
            environment.setenv(key, value)
        modules[name] = _fresh(f"{name}.handler")
    return Deployed(aws, modules["request"], modules["render"])


def _record(message: dict[str, Any]) -> dict[str, Any]:
    attributes = {
        name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
        for name, value in message.get("MessageAttributes", {}).items()
    }
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": attributes,
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:render",
        "awsRegion": "us-east-1",
    }

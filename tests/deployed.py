"""The functions as they are deployed: the real handlers over moto, and what AWS hands them."""

import importlib
import json
import sys
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from infra.local.template import ACCOUNT, REGION
from infra.registries.cast import Registry
from infra.registries.sandbox import TEST_KEYS
from tests.conftest import Aws
from tests.unit.web.events import event, json_event

_SECRETS = {
    Registry.RENIEC: "ReniecApiKey",
    Registry.MIGRACIONES: "MigracionesApiKey",
    Registry.SIAGIE: "SiagieApiKey",
}


def give_api_keys(aws: Aws) -> None:
    """Put the sandbox registries' API keys where the functions read them."""
    for registry, secret in _SECRETS.items():
        aws.client("secretsmanager").put_secret_value(
            SecretId=aws.ref(secret), SecretString=TEST_KEYS[registry]
        )


def registry_addresses(base_url: str) -> dict[str, str]:
    """The settings of request that lead to the sandbox registries."""
    return {f"{registry.name}_URL": f"{base_url}/{registry}" for registry in Registry}


def fresh(name: str) -> ModuleType:
    """A function's module as a new execution environment loads it: settings are read at import."""
    sys.modules.pop(name, None)
    return importlib.import_module(name)


def context(function: str) -> Any:
    """Lambda's context, as far as Powertools reads it."""
    return SimpleNamespace(
        function_name=function,
        memory_limit_in_mb=1024,
        get_remaining_time_in_millis=lambda: 30_000,
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}",
        aws_request_id="52fdfc07-2182-454f-963f-5f0f9a621d72",
    )


def record(message: dict[str, Any]) -> dict[str, Any]:
    """A message that was received from SQS, as Lambda hands it over."""
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
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:render",
        "awsRegion": REGION,
    }


@dataclass(frozen=True)
class Reply:
    """What a handler answered to one event of API Gateway."""

    status: int
    headers: dict[str, str]
    body: str

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "Reply":
        headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        return cls(answer["statusCode"], headers, answer["body"])

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
        return Reply.of(self.request.handler(sent, context("request")))

    def render_all(self) -> int:
        """Give render what waits in the queue, as the event source mapping does; how many there were."""
        sqs, queue = self.aws.client("sqs"), self.aws.ref("RenderQueue")
        received = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])
        records = [record(message) for message in received]
        if records:
            outcome = self.render.handler({"Records": records}, context("render"))
            assert outcome == {"batchItemFailures": []}
        return len(records)

    def items(self) -> list[dict[str, Any]]:
        """Everything that is written in the table."""
        items: list[dict[str, Any]] = self.aws.client("dynamodb").scan(TableName=self.aws.ref("Table"))[
            "Items"
        ]
        return items


def deploy(aws: Aws, registries: str, environment: pytest.MonkeyPatch) -> Deployed:
    """Load the functions as they are deployed on an AWS."""
    give_api_keys(aws)
    modules = {}
    for name, function in (("render", "RenderFunction"), ("request", "RequestFunction")):
        for key, value in (aws.environment(function) | registry_addresses(registries)).items():
            environment.setenv(key, value)
        modules[name] = fresh(f"{name}.handler")
    return Deployed(aws, modules["request"], modules["render"])

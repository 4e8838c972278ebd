"""What one person costs in calls of AWS: the same, however many certificates there are."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import botocore.client
import msgspec
import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.dynamo_type import Item as MotoItem

from constancia.adapters.items import certificate_item, digest_key, holder_key
from constancia.adapters.registries import breaker
from constancia.adapters.table import Item, marshal
from constancia.settings import read_settings
from infra.local.template import ACCOUNT, REGION
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.builders import NOW, TERMS, a_certificate
from tests.conftest import Aws
from tests.deployed import Deployed, deploy
from tests.unit.web.events import event, json_event
from validate.settings import Settings
from validate.wiring import new_app, wire

PEOPLE: Final = {1_000: "adult", 10_000: "sixteen", 100_000: "primaria"}
"""Who asks when the table holds so many items: everybody for themselves, and for the first time."""
RELIABILITY: Final = Path(__file__).parents[3] / "docs" / "reliability.md"


class _Stored(MotoItem):
    """An item that nobody changes, so moto's copy of the table at each transaction need not copy it."""

    def __deepcopy__(self, memo: object) -> "_Stored":
        return self


class _Key(DynamoType):
    """Its key, likewise."""

    def __deepcopy__(self, memo: object) -> "_Key":
        return self


def fill(aws: Aws, size: int) -> None:
    """Let each table hold so many items: certificates, each with its digest and its holder's pointer, and as
    many entries of the audit trail. What stands in them is the same everywhere: nobody asks for it.
    """
    tables = dynamodb_backends[ACCOUNT][REGION].tables
    items: dict[Any, Any] = tables[aws.ref("Table")].items
    entries: dict[Any, Any] = tables[aws.ref("Audit")].items
    certificate = certificate_item(a_certificate(), NOW)
    del certificate["expires_at"]
    kinds = {
        "CERT": _stored(certificate),
        "SHA256": _stored(marshal({"pk": digest_key("0" * 64), "code": a_certificate().code})),
        "HOLDER": _stored(marshal({"pk": holder_key(a_certificate()), "code": a_certificate().code})),
    }
    entry = _stored(marshal({"pk": "CERT#0", "moment": "2026-01-01T00:00:00.000Z#0"}))
    for number in range(len(items), size):
        kind, item = list(kinds.items())[number % 3]
        items[_Key({"S": f"{kind}#{number:064}"})] = item
    for number in range(len(entries), size):
        entries[_Key({"S": f"CERT#{number:012}"})] = {entry.range_key: entry}


def _stored(item: Item) -> _Stored:
    moment = _Key(dict(item["moment"])) if "moment" in item else None
    return _Stored(_Key(dict(item["pk"])), moment, dict(item))


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """All calls that any client of boto3 makes meanwhile."""
    calls: Counter[str] = Counter()
    sends = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]

    def send(client: Any, operation: str, parameters: Any) -> Any:
        calls[operation] += 1
        return sends(client, operation, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", send)
        yield calls


@pytest.fixture
def deployed(aws: Aws, registries: str, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """As deployed; but what is known of the registries, read every few seconds, does not grow old."""
    monkeypatch.setattr(breaker, "Patience", partial(breaker.Patience, view=86_400))
    return deploy(aws, registries, monkeypatch)


@pytest.fixture
def validate(aws: Aws) -> APIGatewayRestResolver:
    settings = read_settings(Settings, aws.environment("ValidateFunction"))
    return new_app(wire(settings, Logger(service="validate-operations")))


def costs(
    deployed: Deployed, validate: APIGatewayRestResolver, name: str, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Counter[str]]:
    """What each act costs of one person who asks, is mailed, and whose certificate is verified."""
    spent: dict[str, Counter[str]] = {}

    def ask(act: str, call: dict[str, Any], status: int = 200) -> Any:
        with counted(monkeypatch) as spent[act]:
            answer = validate.resolve(call, None)  # type: ignore[arg-type]
        assert answer["statusCode"] == status, answer["body"]
        return msgspec.json.decode(answer["body"]) if status == 200 else answer

    body = scenario(name, today_in_lima()).application(TERMS)
    with counted(monkeypatch) as spent["request"]:
        accepted = deployed.post(body)
    assert accepted.status == 202, accepted.json
    key = {"pk": {"S": f"REQ#{accepted.json['id']}"}}
    waiting = deployed.aws.client("dynamodb").get_item(TableName=deployed.aws.ref("Table"), Key=key)["Item"]
    with counted(monkeypatch) as spent["render"]:
        deployed.render_all()
    with counted(monkeypatch) as spent["progress"]:
        told = deployed.get(accepted.headers["Location"]).json
    assert told["state"] == "ISSUED"

    code, number = told["code"], body["student"]["document"]["number"]
    ask("verify by code", json_event("POST", "/api/v1/validations", {"code": code}))
    token = waiting["qr_token"]["S"]
    ask("verify by QR", json_event("POST", "/api/v1/validations", {"code": code, "token": token}))
    by_document = json_event("POST", "/api/v1/validations", {"code": code, "document": number})
    opened = ask("verify by code and document", by_document)
    assert opened["content"]
    ask("verify a file", json_event("POST", "/api/v1/files", {"sha256": opened["download"]["sha256"]}))
    path, _, grant = opened["download"]["url"].partition("?g=")
    ask("link to the file", event("GET", path, query={"g": grant}), 303)
    return spent


@pytest.mark.slow
def test_what_a_person_costs_does_not_grow_with_the_number_of_certificates(
    deployed: Deployed, validate: APIGatewayRestResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs(deployed, validate, "minor-mother", monkeypatch)  # secrets and the chain are read once, and kept
    spent = {}
    for size, name in PEOPLE.items():
        fill(deployed.aws, size)
        spent[size] = costs(deployed, validate, name, monkeypatch)

    assert spent[10_000] == spent[1_000]
    assert not any("Scan" in calls for calls in spent[1_000].values())
    assert spent[100_000] == spent[1_000]
    documented = RELIABILITY.read_text(encoding="utf-8")
    table = [f"| {act} | {_words(calls)} |" for act, calls in spent[1_000].items()]
    assert [row for row in table if row not in documented] == []


def _words(calls: Counter[str]) -> str:
    return ", ".join(f"{number} `{operation}`" for operation, number in sorted(calls.items()))

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from constancia.web.description import description
from infra import openapi
from tests.unit.request.world import a_body, a_body_by_the_mother

ROOT = Path(__file__).parents[3]


def test_the_description_that_is_served_and_kept_is_what_the_code_says() -> None:
    assert description() == openapi.text(), "run make openapi"
    assert (ROOT / "docs/openapi.json").read_text("utf-8") == description()


def test_the_description_is_openapi_3_1() -> None:
    document = json.loads(description())

    assert document["openapi"].startswith("3.1")
    validate(document)


def test_a_route_without_an_operation_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(openapi.OPERATIONS, ("POST", "/api/v1/requests"))

    with pytest.raises(ValueError, match="requests"):
        openapi.describe()


@pytest.mark.parametrize("body", [a_body(), a_body_by_the_mother()])
def test_what_is_accepted_fits_the_description(body: object) -> None:
    document = json.loads(description())
    schema = {"$ref": "#/components/schemas/ApplicationSchema", **document}

    Draft202012Validator(schema).validate(body)  # type: ignore[no-untyped-call,unused-ignore]


def test_what_the_description_forbids_is_found() -> None:
    document = json.loads(description())
    schema = {"$ref": "#/components/schemas/ApplicationSchema", **document}

    assert not Draft202012Validator(schema).is_valid(a_body(captcha="x"))


@pytest.mark.parametrize(
    "body",
    [
        {"code": "99S0-QR6Y-D40R", "captcha": "x"},
        {"code": "99S0-QR6Y-D40R", "document": {"type": "DNI", "number": "00000001", "name": "x"}},
    ],
)
def test_what_verification_does_not_ask_is_forbidden_by_the_description(body: dict[str, Any]) -> None:
    document = json.loads(description())
    schema = {"$ref": "#/components/schemas/ValidationRequest", **document}

    assert not Draft202012Validator(schema).is_valid(body)
    assert Draft202012Validator(schema).is_valid({"code": "99S0-QR6Y-D40R", "document": "00000001"})

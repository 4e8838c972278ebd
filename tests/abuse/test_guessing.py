"""Guessing a holder's document: no more guesses are read than may be, and verification goes on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from constancia.adapters import aws as clients
from constancia.adapters.items import certificate_item
from constancia.domain.virtual_code import VirtualCode, new_virtual_code
from constancia.settings import read_settings
from tests.abuse.validating import Validate
from tests.builders import CODE, FILE_SHA256, NOW, STUDENT_DNI, TOKEN, a_certificate
from tests.conftest import Aws
from tests.unit.web.events import json_event
from validate.settings import Settings

pytestmark = pytest.mark.usefixtures("one_write_at_a_time")
PER_CODE, PER_ADDRESS = 10, 200


@pytest.fixture
def validate(aws: Aws) -> Validate:
    """Validate over moto, under the template's settings, with one certificate."""
    item: Any = certificate_item(a_certificate(), NOW) | {"sha256": {"S": FILE_SHA256}}
    del item["expires_at"]
    aws.client("dynamodb").put_item(TableName=aws.ref("Table"), Item=item)
    return Validate(read_settings(Settings, aws.environment("ValidateFunction")))


@contextmanager
def reads() -> Iterator[list[str]]:
    """The certificates that are read."""
    seen: list[str] = []

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        if model.name == "GetItem":
            seen.append(msgspec.json.decode(params["body"])["Key"]["pk"]["S"])

    clients.dynamodb().meta.events.register("before-call", note)
    try:
        yield seen
    finally:
        clients.dynamodb().meta.events.unregister("before-call", note)


def asked(validate: Validate, code: VirtualCode, address: str = "203.0.113.7", **proof: str) -> str:
    """The verdict, or the code of the refusal."""
    call = json_event("POST", "/api/v1/validations", {"code": code, **proof})
    call["requestContext"]["identity"]["sourceIp"] = address
    read = msgspec.json.decode(validate.answer(call)["body"])
    return str(read.get("verdict") or read["code"])


@pytest.mark.parametrize("code", [CODE, new_virtual_code()], ids=["known", "unknown"])
def test_of_a_hundred_guesses_at_once_no_more_are_read_than_may_be(
    validate: Validate, code: VirtualCode
) -> None:
    def guess(number: int) -> str:
        return asked(validate, code, f"203.0.113.{number}", document=f"0000{number:04}")

    with reads() as read, ThreadPoolExecutor(16) as threads:
        told = list(threads.map(guess, range(100, 200)))

    assert read == [f"CERT#{code}"] * PER_CODE
    assert sorted(told) == ["too_many_attempts"] * (100 - PER_CODE) + ["unknown"] * PER_CODE
    assert asked(validate, CODE, token=TOKEN) == "authentic"
    assert asked(validate, CODE) == "authentic"


@pytest.mark.slow
def test_an_address_that_guesses_at_many_codes_is_paused(validate: Validate) -> None:
    def guess(number: int) -> str:
        return asked(validate, new_virtual_code(), f"2001:db8:0:7::{number:x}", document="00000009")

    with ThreadPoolExecutor(16) as threads:
        told = list(threads.map(guess, range(PER_ADDRESS + 50)))

    assert told.count("unknown") == PER_ADDRESS
    assert asked(validate, CODE, "2001:db8:0:7:ffff::1", document=STUDENT_DNI.number) == "too_many_attempts"
    assert asked(validate, CODE, "2001:db8:0:8::1", document=STUDENT_DNI.number) == "authentic"


def test_what_is_kept_of_guesses_names_neither_code_nor_address_and_ends(
    aws: Aws, validate: Validate
) -> None:
    asked(validate, CODE, document="00000009")

    items = aws.client("dynamodb").scan(TableName=aws.ref("Table"))["Items"]
    guesses = [item for item in items if item["pk"]["S"].startswith("GUESSES#")]
    assert [set(item) for item in guesses] == [{"pk", "taken", "expires_at"}] * 2
    assert {int(item["expires_at"]["N"]) - int(NOW.timestamp()) for item in guesses} == {60 * 60}
    kept = repr(guesses)
    assert not [secret for secret in (CODE, "203.0.113.7", "00000009") if secret in kept]


def test_the_limits_are_the_templates(validate: Validate) -> None:
    settings = validate.settings

    assert (settings.guesses_per_code, settings.guesses_per_address) == (PER_CODE, PER_ADDRESS)
    assert settings.guess_minutes == 60

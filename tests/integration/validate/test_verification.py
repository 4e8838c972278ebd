"""Verification against DynamoDB and S3 as template.yaml makes them."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import uuid4

import msgspec
import pytest
import requests
from aws_lambda_powertools import Logger

from constancia.adapters import aws as clients
from constancia.adapters.files import S3FileStore
from constancia.adapters.items import certificate_item, digest_key
from constancia.domain.certificate import Certificate, CertificateState, hash_of_token
from constancia.domain.content import Holder
from constancia.domain.identity import PersonName
from constancia.settings import read_settings
from constancia.web.journal import Journal
from tests.builders import (
    CODE,
    NOW,
    OTHER_CODE,
    OTHER_TOKEN,
    STUDENT_CE,
    STUDENT_DNI,
    TOKEN,
    a_certificate,
    a_content,
)
from tests.conftest import Aws
from tests.unit.web.events import event, form_event, json_event
from validate.services import Services
from validate.settings import Settings
from validate.wiring import new_app, wire

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
PDF = b"%PDF-1.7 the file"
SHA256 = hashlib.sha256(PDF).hexdigest()
FILE = f"/api/v1/certificates/{CODE}/pdf"


@dataclass
class Platform:
    """Validate's own wiring, with a clock that can be set."""

    aws: Aws
    log: StringIO = field(default_factory=StringIO)

    def __post_init__(self) -> None:
        settings = read_settings(Settings, self.aws.environment("ValidateFunction"))
        self.now = NOW
        logger = Logger(service=f"validate-{uuid4()}", stream=self.log, level="DEBUG")
        journal = Journal(logger, lambda *counted: print(*counted, file=self.log))
        self.services: Services = replace(wire(settings, logger), clock=lambda: self.now, journal=journal)
        self._app = new_app(self.services)

    def has(self, certificate: Certificate) -> None:
        """Put a certificate, in whatever state, and its file."""
        item = certificate_item(certificate, NOW + timedelta(days=36_500))
        if certificate.state is not PENDING:
            del item["expires_at"]
            item["sha256"] = {"S": SHA256}
            self._put({"pk": {"S": digest_key(SHA256)}, "code": {"S": certificate.code}})
        self._put(item)
        S3FileStore(clients.s3(), self.aws.ref("Bucket")).put(certificate.code, SHA256, PDF)

    def _put(self, item: dict[str, Any]) -> None:
        self.aws.client("dynamodb").put_item(TableName=self.aws.ref("Table"), Item=item)

    def answer(self, call: dict[str, Any]) -> dict[str, Any]:
        return self._app.resolve(call, None)  # type: ignore[arg-type]

    def validated(self, **question: object) -> dict[str, Any]:
        answer = self.answer(json_event("POST", "/api/v1/validations", {"code": CODE} | question))
        assert answer["statusCode"] == 200
        read: dict[str, Any] = msgspec.json.decode(answer["body"])
        return read


@pytest.fixture
def platform(aws: Aws) -> Platform:
    return Platform(aws)


@contextmanager
def calls_to(*services: Any) -> Iterator[list[str]]:
    """The operations that botocore sends."""
    seen: list[str] = []

    def note(model: Any, **_: Any) -> None:
        seen.append(model.name)

    for client in services:
        client.meta.events.register("before-call", note)
    try:
        yield seen
    finally:
        for client in services:
            client.meta.events.unregister("before-call", note)


def issued(**changes: Any) -> Certificate:
    return replace(a_certificate(), **{"sha256": SHA256, **changes})


@pytest.mark.parametrize(
    ("state", "verdict"),
    [(PENDING, "unknown"), (ISSUED, "authentic"), (SUPERSEDED, "replaced"), (ANNULLED, "annulled")],
)
def test_every_state_has_its_verdict(platform: Platform, state: CertificateState, verdict: str) -> None:
    platform.has(issued(state=state))

    assert platform.validated()["verdict"] == verdict
    assert platform.validated(document=STUDENT_DNI.number)["verdict"] == verdict
    assert platform.validated(token=TOKEN)["verdict"] == verdict


def test_a_foreigners_certificate_opens_with_the_carnet(platform: Platform) -> None:
    holder = Holder(PersonName("CAMILA", "ROJAS", None), STUDENT_CE)
    platform.has(issued(content=a_content(holder=holder)))

    opened = platform.validated(document={"type": "CE", "number": STUDENT_CE.number.lower()})

    assert opened["name"] == "CAMILA ROJAS"


def test_the_file_is_downloaded_whole_and_under_its_name(platform: Platform) -> None:
    platform.has(issued())
    link = platform.validated(document=STUDENT_DNI.number)["download"]
    path, query = urlsplit(link["url"]).path, dict(parse_qsl(urlsplit(link["url"]).query))

    signed = platform.answer(event("GET", path, query=query))["multiValueHeaders"]["Location"][0]

    file = requests.get(signed, timeout=5)
    assert file.content == PDF
    assert hashlib.sha256(file.content).hexdigest() == link["sha256"]
    assert file.headers["Content-Disposition"] == 'attachment; filename="constancia-99S0-QR6Y-D40R.pdf"'
    assert 0 < int(parse_qs(urlsplit(signed).query)["X-Amz-Expires"][0]) <= 600


def test_a_grant_neither_lasts_nor_opens_another_certificate(platform: Platform) -> None:
    platform.has(issued())
    platform.has(issued(code=OTHER_CODE, token_hash=hash_of_token(OTHER_TOKEN)))
    query = dict(parse_qsl(urlsplit(platform.validated(token=TOKEN)["download"]["url"]).query))

    def status(path: str) -> int:
        code: int = platform.answer(event("GET", path, query=query))["statusCode"]
        return code

    assert status(FILE.replace(CODE, OTHER_CODE)) == 404
    assert status(FILE) == 303
    platform.now = NOW + timedelta(minutes=10)
    assert status(FILE) == 403


@pytest.mark.parametrize("state", [SUPERSEDED, ANNULLED])
def test_a_file_that_is_no_longer_valid_is_gone(platform: Platform, state: CertificateState) -> None:
    platform.has(issued(state=state))

    assert platform.answer(event("GET", FILE, query={"t": TOKEN}))["statusCode"] == 410


QUESTIONS = {
    "code": json_event("POST", "/api/v1/validations", {"code": CODE}),
    "document": json_event("POST", "/api/v1/validations", {"code": CODE, "document": STUDENT_DNI.number}),
    "wrong document": json_event("POST", "/api/v1/validations", {"code": CODE, "document": "00000009"}),
    "token": json_event("POST", "/api/v1/validations", {"code": CODE, "token": TOKEN}),
    "wrong token": json_event("POST", "/api/v1/validations", {"code": CODE, "token": OTHER_TOKEN}),
    "page by code": form_event("/validate", {"code": CODE}),
    "page by document": form_event("/validate", {"code": CODE, "document": STUDENT_DNI.number}),
    "page by QR": event("GET", f"/validate/{CODE}", query={"t": TOKEN}),
    "page by wrong QR": event("GET", f"/validate/{CODE}", query={"t": OTHER_TOKEN}),
    "scanner": event("HEAD", f"/validate/{CODE}", query={"t": TOKEN}),
    "file": event("GET", FILE, query={"t": TOKEN}),
    "file by wrong token": event("GET", FILE, query={"t": OTHER_TOKEN}),
}


FILES = {
    "file's digest": json_event("POST", "/api/v1/files", {"sha256": SHA256}),
    "page by file's digest": form_event("/validate/file", {"sha256": SHA256}),
}


@pytest.mark.parametrize(
    ("state", "verdict"), [(ISSUED, "authentic"), (SUPERSEDED, "replaced"), (ANNULLED, "annulled")]
)
def test_the_file_that_was_issued_is_known_by_its_digest(
    platform: Platform, state: CertificateState, verdict: str
) -> None:
    platform.has(issued(state=state))

    for name, question in FILES.items():
        with calls_to(clients.dynamodb(), clients.s3()) as calls:
            answer = platform.answer(question)
        assert (answer["statusCode"], "99S0-QR6Y-D40R" in answer["body"]) == (200, True), name
        assert verdict in answer["body"]
        assert calls == ["GetItem", "GetItem", "PutItem"]


def test_a_file_that_was_not_issued_is_one_read(platform: Platform) -> None:
    platform.has(issued())
    other = {"sha256": hashlib.sha256(PDF + b" ").hexdigest()}

    with calls_to(clients.dynamodb()) as calls:
        answer = platform.answer(json_event("POST", "/api/v1/files", other))

    assert msgspec.json.decode(answer["body"])["verdict"] == "unknown"
    assert calls == ["GetItem"]


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_a_verification_is_exactly_one_read_and_one_entry_of_the_trail(
    platform: Platform, known: bool
) -> None:
    if known:
        platform.has(issued())

    for name, question in QUESTIONS.items():
        with calls_to(clients.dynamodb(), clients.s3()) as calls:
            platform.answer(question)
        # A document is counted before: by code and by address. What opened nothing stays counted.
        counted = ["UpdateItem"] * 2 if "document" in name else []
        given_back = counted if known and "wrong" not in name else []
        first, rest = calls[: calls.index("GetItem")], calls[calls.index("GetItem") + 1 :]
        assert (set(first), rest) == (set(counted), ["PutItem", *given_back]), name


def test_a_wrong_proof_and_an_unknown_code_are_answered_alike(platform: Platform) -> None:
    wrong = {name: question for name, question in QUESTIONS.items() if "wrong" in name}
    of_unknown = {name: platform.answer(question) for name, question in wrong.items()}

    platform.has(issued())

    assert {name: platform.answer(question) for name, question in wrong.items()} == of_unknown
    assert platform.validated()["verdict"] == "authentic"


def test_what_is_no_code_is_told_without_a_read(platform: Platform) -> None:
    for code in ("", "  ", "A" * 10_000, "🦙", "\u202e" + CODE[:-1], "<b>", "..%2f..", CODE[:-1] + "S"):
        with calls_to(clients.dynamodb()) as calls:
            api = platform.answer(json_event("POST", "/api/v1/validations", {"code": code}))
            page = platform.answer(form_event("/validate", {"code": code}))

        assert (api["statusCode"], page["statusCode"]) == (422, 422)
        assert calls == []


def test_nothing_personal_and_no_token_reaches_the_log(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    platform.has(issued())
    grant = dict(parse_qsl(urlsplit(platform.validated(token=TOKEN)["download"]["url"]).query))["g"]
    hostile = [
        json_event("POST", "/api/v1/validations", {"code": CODE, "document": "77777777", "x": "QUISPE"}),
        json_event("POST", "/api/v1/validations", '{"code": "QUISPE'),
        form_event("/validate", {"code": CODE, "document": "QUISPE"}),
        event("GET", FILE, query={"g": grant}),
        event("GET", FILE, query={"g": "QUISPE"}),
    ]

    for question in (*QUESTIONS.values(), *FILES.values(), *hostile):
        platform.answer(question)

    written = platform.log.getvalue() + caplog.text
    assert '"verdict":"authentic"' in written
    assert '"code":"invalid_input"' in written
    for secret in (
        CODE,
        "99S0",
        STUDENT_DNI.number,
        "77777777",
        "QUISPE",
        "ANA",
        TOKEN,
        OTHER_TOKEN,
        grant,
        SHA256,
    ):
        assert secret not in written


def test_a_broken_store_is_a_clear_answer_that_tells_nothing(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError(f"no answer for {CODE}")

    monkeypatch.setattr(clients.dynamodb(), "get_item", fail)

    api = platform.answer(QUESTIONS["document"])
    page = platform.answer(QUESTIONS["page by document"])

    assert (api["statusCode"], page["statusCode"]) == (500, 500)
    assert CODE not in api["body"] + page["body"] + platform.log.getvalue()


def test_the_chain_that_the_operator_installed_is_handed_out(aws: Aws) -> None:
    answer = Platform(aws).answer(event("GET", "/api/v1/seal.pem"))

    stands = aws.client("ssm").get_parameter(Name=aws.ref("SealChain"))["Parameter"]["Value"]
    assert (answer["statusCode"], answer["body"]) == (200, stands)

import json
import logging
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.addresses import path_prefix
from constancia.web.bodies import read_fields, read_json
from constancia.web.journal import Journal
from constancia.web.pages import Pages, see_other
from constancia.web.resolver import json_answer, new_resolver
from tests.unit.web.events import event, form_event, json_event

SECRET = "MARÍA QUISPE 12345678"


@pytest.fixture
def log() -> StringIO:
    return StringIO()


@pytest.fixture
def app(tmp_path: Path, log: StringIO) -> APIGatewayRestResolver:
    (tmp_path / "hello.html").write_text(
        '{% extends "base.html" %}{% block title %}Hola{% endblock %}'
        '{% block content %}{{ name }} {{ url("/request") }}{% endblock %}'
    )
    logger = Logger(service=f"test-{tmp_path.name}", stream=log)
    app = new_resolver(Pages(tmp_path, demo=False), Journal(logger, lambda *_: None))

    @app.post("/api/echo")
    def echo() -> Response[str]:
        return json_answer({"got": read_json(app.current_event)})

    @app.post("/form")
    def form() -> Response[str]:
        read_fields(app.current_event)
        return see_other(app.current_event, "/form/done")

    @app.get("/api/refused")
    def refused() -> Response[str]:
        raise DomainError(ErrorCode.TOO_MANY_ATTEMPTS, retry_after_seconds=60)

    @app.get("/refused")
    def refused_page() -> Response[str]:
        raise DomainError(ErrorCode.FATHER_NAME_MISMATCH)

    @app.get("/api/broken")
    @app.get("/broken")
    def broken() -> Response[str]:
        raise ValueError(SECRET)

    return app


def call(app: APIGatewayRestResolver, sent: dict[str, Any]) -> tuple[int, dict[str, str], str]:
    answer = app.resolve(sent, None)  # type: ignore[arg-type]
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    return int(answer["statusCode"]), headers, answer["body"]


def problem_code(body: str) -> str:
    return str(json.loads(body)["code"])


def test_a_json_body_is_read(app: APIGatewayRestResolver) -> None:
    status, headers, body = call(app, json_event("POST", "/api/echo", {"a": [1, "ñ"]}))

    assert (status, json.loads(body)) == (200, {"got": {"a": [1, "ñ"]}})
    assert headers["Cache-Control"] == "no-store"


def test_the_content_type_may_name_a_charset(app: APIGatewayRestResolver) -> None:
    sent = json_event("POST", "/api/echo", {}, {"Content-Type": "Application/JSON; charset=utf-8"})

    assert call(app, sent)[0] == 200


def test_a_body_in_base64_is_read(app: APIGatewayRestResolver) -> None:
    sent = json_event("POST", "/api/echo", "eyJhIjogMX0=") | {"isBase64Encoded": True}

    assert json.loads(call(app, sent)[2]) == {"got": {"a": 1}}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{}", "text/plain", 415, "unsupported_media_type"),
        ("{}", "", 415, "unsupported_media_type"),
        ("{", "application/json", 400, "malformed_body"),
        ("", "application/json", 400, "malformed_body"),
        ('{"a": NaN}', "application/json", 400, "malformed_body"),
        ("[" * 30_000, "application/json", 400, "malformed_body"),
        ("[" * 30_000 + "]" * 30_000, "application/json", 400, "malformed_body"),
        ('{"a":"\ud800"}', "application/json", 400, "malformed_body"),
        ('"' + "a" * 65_536 + '"', "application/json", 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_by_what_is_wrong(
    app: APIGatewayRestResolver, body: str, content_type: str, status: int, code: str
) -> None:
    sent = event("POST", "/api/echo", body=body, headers={"Content-Type": content_type})

    got, headers, answer = call(app, sent)

    assert (got, problem_code(answer)) == (status, code)
    assert headers["Content-Type"] == "application/problem+json"


def test_broken_base64_and_a_missing_body_are_malformed(app: APIGatewayRestResolver) -> None:
    broken = json_event("POST", "/api/echo", "e$$") | {"isBase64Encoded": True}
    missing = json_event("POST", "/api/echo", "") | {"body": None}

    assert call(app, broken)[0] == call(app, missing)[0] == 400


@pytest.mark.parametrize("body", ["a=%FF", "a=é", "&".join(f"f{n}=" for n in range(300))])
def test_a_form_that_cannot_be_read_gets_a_page(app: APIGatewayRestResolver, body: str) -> None:
    status, headers, answer = call(app, form_event("/form", {}) | {"body": body})

    assert (status, headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "malformed_body" in answer


def test_a_form_is_answered_with_a_redirection_under_the_stage(app: APIGatewayRestResolver) -> None:
    sent = form_event("/form", {"a": "1"})
    sent["requestContext"]["path"] = "/prod/form"

    status, headers, _ = call(app, sent)

    assert (status, headers["Location"]) == (303, "/prod/form/done")


def test_a_refusal_is_a_problem_with_the_time_to_wait(app: APIGatewayRestResolver) -> None:
    status, headers, body = call(app, event("GET", "/api/refused"))

    assert (status, problem_code(body), headers["Retry-After"]) == (429, "too_many_attempts", "60")


def test_a_refusal_outside_the_api_is_a_page_with_the_public_code(app: APIGatewayRestResolver) -> None:
    status, headers, body = call(app, event("GET", "/refused"))

    assert status == 422
    assert "identity_mismatch" in body
    assert "father" not in body
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("path", "code"), [("/api/nothing", 404), ("/nothing", 404), ("/api/echo", 405)])
def test_unknown_routes_and_methods_are_told_apart(app: APIGatewayRestResolver, path: str, code: int) -> None:
    status, headers, _ = call(app, event("GET", path))

    assert status == code
    assert headers.get("Allow") == ("POST" if code == 405 else None)


@pytest.mark.parametrize("path", ["/api/broken", "/broken"])
def test_the_unexpected_is_told_and_logged_without_what_it_says(
    app: APIGatewayRestResolver,
    path: str,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    log: StringIO,
) -> None:
    caplog.set_level(logging.DEBUG)

    status, _, body = call(app, event("GET", path))

    written = "".join(capsys.readouterr()) + caplog.text + log.getvalue()
    assert status == 500
    assert "internal" in body
    assert '"error":"ValueError"' in written
    assert "test_resolver.py:" in written
    assert "QUISPE" not in body + written


@pytest.mark.parametrize(
    ("whole", "path", "prefix"),
    [
        ("/prod/request", "/request", "/prod"),
        ("/request", "/request", ""),
        ("/prod/", "/", "/prod"),
        ("/prod", "/", ""),
        ("/", "/", ""),
    ],
)
def test_the_stage_prefix_is_what_stands_before_the_path(
    app: APIGatewayRestResolver, whole: str, path: str, prefix: str
) -> None:
    sent = event("GET", path)
    sent["requestContext"]["path"] = whole

    assert path_prefix(APIGatewayProxyEvent(sent)) == prefix

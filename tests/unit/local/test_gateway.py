"""The gateway answers, and calls functions, as API Gateway does."""

import base64
import gzip
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from infra.local.gateway import MAX_BODY, Gateway, Request, Response
from infra.local.runtime import MAX_PAYLOAD, Outcome
from infra.local.stack import Api, GatewayResponse, Route, Throttle

API = Api(
    id="api",
    stage="test",
    routes=(
        Route("GET", "/", "Start"),
        Route("GET", "/items/{id}", "Item"),
        Route("HEAD", "/items/{id}", "Item"),
        Route("GET", "/items/special", "Special"),
        Route("POST", "/items", "Create"),
        Route("ANY", "/files/{path+}", "Files"),
        Route("GET", "/files/{single}", "Single"),
    ),
    binary_types=("image/*", "application/pdf"),
    responses={},
    throttles=(),
    access_log_format=None,
)


class Functions:
    """Stands for Lambda: keeps what it was called with, and gives back one answer."""

    def __init__(self, answer: Any = None, error: str | None = None, seconds: float = 0) -> None:
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self._seconds = seconds
        default = {"statusCode": 200, "body": "done"}
        self._outcome = Outcome(json.dumps(default if answer is None else answer).encode(), error)

    def __call__(self, function: str, event: Mapping[str, Any]) -> Outcome:
        self.calls.append((function, event))
        time.sleep(self._seconds)
        return self._outcome

    @property
    def event(self) -> Mapping[str, Any]:
        """The event of the only call."""
        ((_, event),) = self.calls
        return event


def ask(
    functions: Functions,
    method: str = "GET",
    target: str = "/",
    *,
    api: Api = API,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    **options: Any,
) -> Response:
    gateway = Gateway(api, functions, options.pop("access_log", print), **options)
    try:
        pairs = list((headers or {"Host": "127.0.0.1:8080"}).items())
        return gateway.answer(Request(method, target, pairs, body, "203.0.113.7"))
    finally:
        gateway.close()


def answered(answer: Any, **options: Any) -> Response:
    return ask(Functions(answer), **options)


@pytest.mark.parametrize(
    ("method", "target", "function", "parameters"),
    [
        ("GET", "/", "Start", None),
        ("GET", "/items/7", "Item", {"id": "7"}),
        ("HEAD", "/items/7", "Item", {"id": "7"}),
        ("GET", "/items/special", "Special", None),
        ("GET", "/items/special/", "Special", None),
        ("GET", "/items/a%20b", "Item", {"id": "a b"}),
        ("DELETE", "/files/a/b", "Files", {"path": "a/b"}),
    ],
)
def test_a_request_goes_to_its_function(
    method: str, target: str, function: str, parameters: dict[str, str] | None
) -> None:
    functions = Functions()
    assert ask(functions, method, target).status == 200
    assert functions.calls[0][0] == function
    assert functions.event["pathParameters"] == parameters


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/nothing"),
        ("GET", "/items"),
        ("DELETE", "/items/7"),
        ("HEAD", "/"),
        ("OPTIONS", "/items"),
        # the resource is chosen before the method: /items/{id} does not step in for /items/special
        ("HEAD", "/items/special"),
    ],
)
def test_what_the_template_does_not_route_reaches_no_function(method: str, target: str) -> None:
    functions = Functions()
    response = ask(functions, method, target)
    assert response.status == 403
    assert json.loads(response.body) == {"message": "Missing Authentication Token"}
    assert functions.calls == []


def test_the_template_words_the_gateways_own_answers() -> None:
    template = '{"code":"route_not_found","why":$context.error.messageString}'
    own = GatewayResponse(404, {"X-Own": "yes"}, {"application/problem+json": template})
    response = ask(
        Functions(), target="/no", api=replace(API, responses={"MISSING_AUTHENTICATION_TOKEN": own})
    )
    assert response.status == 404
    assert json.loads(response.body) == {"code": "route_not_found", "why": "Missing Authentication Token"}
    assert ("Content-Type", "application/problem+json") in response.headers
    assert ("X-Own", "yes") in response.headers


def test_the_event_tells_of_the_caller_the_query_and_the_headers() -> None:
    functions = Functions()
    headers = {"Host": "127.0.0.1:8080", "User-Agent": "tests", "X-Forwarded-For": "198.51.100.1"}
    ask(functions, target="/items/7?a=1&a=%C3%B1&empty=", headers=headers)
    event = functions.event
    assert event["resource"] == "/items/{id}"
    assert event["queryStringParameters"] == {"a": "ñ", "empty": ""}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "ñ"], "empty": [""]}
    assert event["headers"]["X-Forwarded-For"] == "198.51.100.1, 203.0.113.7"
    assert event["headers"]["X-Forwarded-Port"] == "8080"
    assert event["multiValueHeaders"]["User-Agent"] == ["tests"]
    context = event["requestContext"]
    assert context["identity"]["sourceIp"] == "203.0.113.7"
    assert context["stage"] == "test"
    assert context["resourcePath"] == "/items/{id}"
    assert (event["body"], event["isBase64Encoded"]) == (None, False)


@pytest.mark.parametrize(
    ("content_type", "body", "given", "encoded"),
    [
        ("application/json", '{"a":"ñ"}'.encode(), '{"a":"ñ"}', False),
        ("text/plain", b"\xff", "\ufffd", False),
        ("image/png", b"\x89PNG", base64.b64encode(b"\x89PNG").decode(), True),
        ("application/pdf; x=y", b"%PDF", base64.b64encode(b"%PDF").decode(), True),
    ],
)
def test_bodies_of_binary_types_come_as_base64(
    content_type: str, body: bytes, given: str, encoded: bool
) -> None:
    functions = Functions()
    ask(functions, "POST", "/items", headers={"Content-Type": content_type}, body=body)
    assert (functions.event["body"], functions.event["isBase64Encoded"]) == (given, encoded)


def test_a_binary_answer_is_decoded_only_for_those_who_accept_it_first() -> None:
    answer = {"statusCode": 200, "body": base64.b64encode(b"\x89PNG").decode(), "isBase64Encoded": True}
    assert answered(answer, headers={"Accept": "image/png,*/*"}).body == b"\x89PNG"
    assert answered(answer, headers={"Accept": "text/html,image/png"}).body == base64.b64encode(b"\x89PNG")
    everything = replace(API, binary_types=("*/*",))
    assert answered(answer, api=everything, headers={"Accept": "text/html"}).body == b"\x89PNG"


def test_answers_keep_their_headers_even_several_of_a_name() -> None:
    response = answered(
        {
            "statusCode": 201,
            "headers": {"X-One": "1", "set-cookie": "lost=1", "Content-Length": "999"},
            "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
            "body": "ñ",
        }
    )
    assert response.status == 201
    assert response.body == "ñ".encode()
    assert [value for name, value in response.headers if name.lower() == "set-cookie"] == ["a=1", "b=2"]
    names = {name.lower() for name, _ in response.headers}
    assert "content-length" not in names
    assert {"x-one", "content-type", "x-amzn-requestid"} <= names


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        [],
        {},
        {"statusCode": "many"},
        {"statusCode": 99},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "unknown": 1},
        {"statusCode": 200, "headers": {"X": "a\r\nY: b"}},
        {"statusCode": 200, "headers": ["X"]},
        {"statusCode": 200, "multiValueHeaders": {"X": 1}},
    ],
)
def test_a_malformed_answer_is_a_bad_gateway(answer: Any) -> None:
    response = answered(answer)
    assert response.status == 502
    assert json.loads(response.body) == {"message": "Internal server error"}


def test_a_functions_error_is_a_bad_gateway_and_stays_inside() -> None:
    response = ask(Functions({"errorMessage": "inner"}, error="Unhandled"))
    assert response.status == 502
    assert b"inner" not in response.body


def test_a_function_that_takes_too_long_is_not_waited_for() -> None:
    started = time.monotonic()
    response = ask(Functions(seconds=0.3), integration_seconds=0.02)
    assert response.status == 504
    assert time.monotonic() - started < 0.25


@pytest.mark.parametrize("size", [MAX_BODY + 1, MAX_PAYLOAD])
def test_a_body_over_the_limit_reaches_no_function(size: int) -> None:
    functions = Functions()
    assert ask(functions, "POST", "/items", body=b"x" * size).status == 413
    assert functions.calls == []


def test_requests_over_rate_and_burst_are_refused_by_method() -> None:
    api = replace(API, throttles=(Throttle("*", "/*", 1000, 1000), Throttle("GET", "/", 0.001, 2)))
    gateway = Gateway(api, Functions(), print)
    statuses = [gateway.answer(Request("GET", "/", [], b"", "203.0.113.7")).status for _ in range(4)]
    other = gateway.answer(Request("GET", "/items/7", [], b"", "203.0.113.7")).status
    gateway.close()
    assert statuses == [200, 200, 429, 429]
    assert other == 200


def test_the_access_log_has_the_templates_form() -> None:
    lines: list[str] = []
    api = replace(
        API, access_log_format="$context.httpMethod $context.resourcePath $context.status $context.odd"
    )
    ask(Functions(), target="/items/secret?t=token", api=api, access_log=lines.append)
    assert lines == ["GET /items/{id} 200 -"]


@pytest.mark.parametrize(("target", "function"), [("/files/a", "Single"), ("/files/a/b", "Files")])
def test_one_segment_goes_before_a_greedy_path(target: str, function: str) -> None:
    functions = Functions()
    ask(functions, target=target)

    assert [name for name, _ in functions.calls] == [function]


LONG = "constancia " * 100


def decoded(body: bytes, coding: str | None) -> bytes:
    if coding is None:
        return body
    return gzip.decompress(body) if coding == "gzip" else zlib.decompress(body)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("GZIP;q=0.5, deflate;q=0.9", "deflate"),
        ("deflate", "deflate"),
        ("br, gzip", None),  # API Gateway looks at the one that is liked best alone
        ("br;q=0.9, gzip", "gzip"),
        ("identity", None),
        ("*", None),
        ("gzip;q=0", None),
        ("gzip;q=much", None),
        ("", None),
        (None, None),
    ],
)
def test_a_body_is_compressed_for_callers_who_like_that_best(
    accepted: str | None, coding: str | None
) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    api = replace(API, compressed_from=1000)

    response = answered({"statusCode": 200, "body": LONG}, api=api, headers=headers)

    assert dict(response.headers).get("Content-Encoding") == coding
    assert decoded(response.body, coding) == LONG.encode()
    assert (len(response.body) < 100) == (coding is not None)


@pytest.mark.parametrize(
    ("answer", "least"),
    [
        ({"statusCode": 200, "body": LONG}, None),
        ({"statusCode": 200, "body": LONG}, len(LONG) + 1),
        ({"statusCode": 200, "body": LONG, "headers": {"content-encoding": "br"}}, 0),
    ],
)
def test_nothing_is_compressed_that_is_small_or_coded_or_not_to_be(answer: Any, least: int | None) -> None:
    response = answered(answer, api=replace(API, compressed_from=least), headers={"Accept-Encoding": "gzip"})

    assert ("Content-Encoding", "gzip") not in response.headers
    assert response.body == LONG.encode()


def test_a_greedy_path_catches_what_no_other_does() -> None:
    api = replace(API, routes=(*API.routes, Route("GET", "/{proxy+}", "Nowhere")))

    def reached(target: str) -> list[str]:
        functions = Functions()
        ask(functions, "GET", target, api=api)
        return [function for function, _ in functions.calls]

    assert reached("/nothing") == reached("/no/such/thing") == reached("/items/7/8") == ["Nowhere"]
    assert reached("/") == ["Start"]
    assert reached("/items/7") == ["Item"]
    assert reached("/items") == []  # the resource is there, and takes POST alone

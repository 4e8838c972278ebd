"""API Gateway's REST API on this machine: HTTP in, Lambda proxy events to the functions, HTTP out.

What a caller and a function see is what API Gateway shows them, down to its limits and its own answers;
routes, binary types, throttles and gateway responses are the template's (`infra.local.stack.Api`).
"""

import base64
import binascii
import gzip
import json
import re
import sys
import time
import uuid
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from infra.local.runtime import MAX_PAYLOAD, Outcome
from infra.local.stack import Api, Route, Throttle
from infra.local.template import ACCOUNT

MAX_BODY = 10 * 1024 * 1024  # bytes
INTEGRATION_SECONDS = 29.0  # that API Gateway waits for a function
_DRAINED = 4 * MAX_BODY  # of a body that is too large, so that the caller gets to read the answer

type Invoke = Callable[[str, Mapping[str, Any]], Outcome]
"""Calls a function, by logical id, with an event."""


@dataclass(frozen=True)
class Request:
    """An HTTP request as it came."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    source_ip: str
    protocol: str = "HTTP/1.1"

    def header(self, name: str) -> str | None:
        """The last value of a header."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[-1] if values else None


@dataclass
class Response:
    """An HTTP response; `context` holds what access logs may say of it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    context: dict[str, str] = field(default_factory=dict)


# gateway response types: default status and message
_DEFAULTS: Mapping[str, tuple[int, str]] = {
    "API_CONFIGURATION_ERROR": (500, "Internal server error"),
    "INTEGRATION_FAILURE": (502, "Internal server error"),
    "INTEGRATION_TIMEOUT": (504, "Endpoint request timed out"),
    "MISSING_AUTHENTICATION_TOKEN": (403, "Missing Authentication Token"),
    "REQUEST_TOO_LARGE": (413, "Request Too Long"),
    "THROTTLED": (429, "Too Many Requests"),
}


class Gateway:
    """Answers requests by the template's routes. Knows nothing of sockets."""

    def __init__(
        self,
        api: Api,
        invoke: Invoke,
        access_log: Callable[[str], None],
        integration_seconds: float = INTEGRATION_SECONDS,
    ) -> None:
        self._api = api
        self._invoke = invoke
        self._access_log = access_log
        self._integration_seconds = integration_seconds
        self._executor: Executor = ThreadPoolExecutor(64, thread_name_prefix="integration")
        self._resources = sorted({route.path for route in api.routes}, key=_specificity)
        self._routes = {(route.path, route.method): route for route in api.routes}
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._lock = Lock()

    def answer(self, request: Request, content_length: int | None = None) -> Response:
        """Answer one request; `content_length` tells of a body that was too large to be read."""
        started, request_id = time.time(), str(uuid.uuid4())
        route, parameters = self._route(request.method, urlsplit(request.target).path)
        if route is None:
            response = self._own("MISSING_AUTHENTICATION_TOKEN", request_id)
        elif not self._allowed(route):
            response = self._own("THROTTLED", request_id)
        elif max(len(request.body), content_length or 0) > MAX_BODY:
            response = self._own("REQUEST_TOO_LARGE", request_id)
        else:
            response = self._integrate(request, route, parameters, request_id, started)
        response.headers.append(("x-amzn-RequestId", request_id))
        self._log(request, route, response, request_id, started)
        return response

    def close(self) -> None:
        """Wait for nothing."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _route(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        # API Gateway leads /thing/ to /thing, and leaves the slash in the event.
        path = path.rstrip("/") or "/"
        for resource in self._resources:
            if found := _path_pattern(resource).fullmatch(path):
                route = self._routes.get((resource, method)) or self._routes.get((resource, "ANY"))
                return route, {name: unquote(value) for name, value in found.groupdict().items()}
        return None, {}

    def _allowed(self, route: Route) -> bool:
        throttle = max(
            (rule for rule in self._api.throttles if _covers(rule, route)),
            key=lambda rule: (rule.path != "/*", rule.method != "*"),
            default=None,
        )
        if throttle is None:
            return True
        with self._lock:
            bucket = self._buckets.setdefault((route.method, route.path), _Bucket(throttle))
            return bucket.take()

    def _integrate(
        self, request: Request, route: Route, parameters: dict[str, str], request_id: str, started: float
    ) -> Response:
        event = _event(self._api, request, route, parameters, request_id, started)
        if len(json.dumps(event)) > MAX_PAYLOAD:
            return self._own("REQUEST_TOO_LARGE", request_id)
        future = self._executor.submit(self._invoke, route.function, event)
        try:
            outcome = future.result(self._integration_seconds)
        except TimeoutError:
            return self._own("INTEGRATION_TIMEOUT", request_id)
        if outcome.error:
            return self._own("INTEGRATION_FAILURE", request_id)
        try:
            return _compressed(
                request, _response(outcome.payload, self._decodes(request)), self._api.compressed_from
            )
        except _MalformedError:
            return self._own("INTEGRATION_FAILURE", request_id)

    def _decodes(self, request: Request) -> bool:
        """Whether a base64 body is sent as bytes: only where the first accepted type is a binary one."""
        first = (request.header("Accept") or "").partition(",")[0]
        return _is_binary(self._api.binary_types, first)

    def _own(self, kind: str, request_id: str) -> Response:
        """An answer of the gateway itself, as the template words it."""
        default_status, message = _DEFAULTS[kind]
        chosen = self._api.responses.get(kind) or self._api.responses.get(
            f"DEFAULT_{default_status // 100}XX"
        )
        context = {
            "error.message": message,
            "error.messageString": json.dumps(message),
            "error.responseType": kind,
        }
        if chosen is None:
            return Response(
                default_status,
                [("Content-Type", "application/json"), ("x-amzn-ErrorType", kind)],
                json.dumps({"message": message}).encode(),
                context,
            )
        template = next(
            iter(chosen.templates.items()), ("application/json", '{"message":$context.error.messageString}')
        )
        body = _fill(template[1], {**context, "requestId": request_id})
        headers = [("Content-Type", template[0]), *chosen.headers.items()]
        return Response(chosen.status or default_status, headers, body.encode(), context)

    def _log(
        self, request: Request, route: Route | None, response: Response, request_id: str, started: float
    ) -> None:
        if self._api.access_log_format is None:
            return
        values = {
            **response.context,
            "httpMethod": request.method,
            "identity.sourceIp": request.source_ip,
            "protocol": request.protocol,
            "requestId": request_id,
            "resourcePath": route.path if route else "-",
            "responseLatency": str(int((time.time() - started) * 1000)),
            "responseLength": str(len(response.body)),
            "stage": self._api.stage,
            "status": str(response.status),
        }
        self._access_log(_fill(self._api.access_log_format, values))


class _Bucket:
    """A token bucket: so many requests a second, and a burst over them."""

    def __init__(self, throttle: Throttle) -> None:
        self._rate, self._burst = throttle.rate, throttle.burst
        self._tokens, self._moment = float(throttle.burst), time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._moment) * self._rate)
        self._moment = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class _MalformedError(Exception):
    """A function's answer is not of the form that a proxy integration asks for."""


@cache
def _path_pattern(path: str) -> re.Pattern[str]:
    pattern = re.sub(r"\\{(\w+)\\\+\\}", r"(?P<\1>.+)", re.escape(path))
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", pattern))


def _specificity(path: str) -> list[int]:
    """Literal segments go before parameters, parameters before greedy ones."""
    return [2 if "+}" in part else 1 if "{" in part else 0 for part in path.split("/")]


def _covers(rule: Throttle, route: Route) -> bool:
    return rule.method in {"*", route.method} and rule.path in {"/*", route.path}


def _fill(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$context\.([A-Za-z.]*[A-Za-z])", lambda found: values.get(found[1], "-"), template)


def _is_binary(binary_types: tuple[str, ...], media_type: str) -> bool:
    given = media_type.partition(";")[0].strip().lower()
    if "*/*" in binary_types:
        return True
    return any(
        given == known or (known.endswith("/*") and given.startswith(known[:-1]))
        for known in (kind.lower() for kind in binary_types)
    )


def _event(
    api: Api, request: Request, route: Route, parameters: dict[str, str], request_id: str, started: float
) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html: a REST proxy event."""
    target = urlsplit(request.target)
    host = request.header("Host") or "localhost"
    added = {
        "X-Forwarded-For": ", ".join(filter(None, [request.header("X-Forwarded-For"), request.source_ip])),
        "X-Forwarded-Port": host.partition(":")[2] or "80",
        "X-Forwarded-Proto": "http",
    }
    replaced = {name.lower() for name in added}
    headers = [pair for pair in request.headers if pair[0].lower() not in replaced] + list(added.items())
    query = parse_qs(target.query, keep_blank_values=True)
    encoded = _is_binary(api.binary_types, request.header("Content-Type") or "")
    body = (
        base64.b64encode(request.body).decode() if encoded else request.body.decode("utf-8", errors="replace")
    )
    return {
        "resource": route.path,
        "path": target.path,
        "httpMethod": request.method,
        "headers": dict(headers),
        "multiValueHeaders": _multiple(headers),
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": api.id,
            "domainName": host.partition(":")[0],
            "domainPrefix": host.partition(".")[0],
            "extendedRequestId": request_id,
            "httpMethod": request.method,
            "identity": {
                "accessKey": None,
                "accountId": None,
                "caller": None,
                "cognitoAuthenticationProvider": None,
                "cognitoAuthenticationType": None,
                "cognitoIdentityId": None,
                "cognitoIdentityPoolId": None,
                "principalOrgId": None,
                "sourceIp": request.source_ip,
                "user": None,
                "userAgent": request.header("User-Agent"),
                "userArn": None,
            },
            "path": target.path,
            "protocol": request.protocol,
            "requestId": request_id,
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(started)),
            "requestTimeEpoch": int(started * 1000),
            "resourceId": "local",
            "resourcePath": route.path,
            "stage": api.stage,
        },
        "body": body or None,
        "isBase64Encoded": encoded and bool(request.body),
    }


def _multiple(headers: list[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return values


def _response(payload: bytes, decodes: bool) -> Response:
    """A function's answer as HTTP."""
    try:
        answer = json.loads(payload)
        status = int(answer["statusCode"])
        body = answer.get("body") or ""
        if not isinstance(body, str) or not set(answer) <= _ANSWER_FIELDS or not 100 <= status <= 599:
            raise _MalformedError
        content = (
            base64.b64decode(body, validate=True)
            if answer.get("isBase64Encoded") and decodes
            else body.encode()
        )
        multiple = answer.get("multiValueHeaders") or {}
        several = {name.lower() for name in multiple}
        headers = [(name, _text(value)) for name, values in multiple.items() for value in values]
        headers += [
            (name, _text(value))
            for name, value in (answer.get("headers") or {}).items()
            if name.lower() not in several
        ]
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise _MalformedError from error
    kept = [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]
    if not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", "application/json"))
    return Response(status, kept, content)


def _compressed(request: Request, response: Response, least: int | None) -> Response:
    """The body in the coding that the caller likes best, if it is one of API Gateway's.

    Not below the API's least size, and not where the function has coded it itself.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html
    """
    coded = any(name.lower() == "content-encoding" for name, _ in response.headers)
    coding = _liked_best(request.header("Accept-Encoding") or "")
    if least is None or coded or len(response.body) < least or coding not in _CODINGS:
        return response
    headers = [*response.headers, ("Content-Encoding", coding)]
    return Response(response.status, headers, _CODINGS[coding](response.body), response.context)


def _liked_best(accepted: str) -> str:
    """The first of the codings with the highest quality (RFC 9110, 12.5.3)."""
    qualities: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, quality = part.partition(";q=")
        with suppress(ValueError):
            qualities.setdefault(coding.strip(), float(quality.strip() or 1))
    best = max(qualities, key=lambda coding: qualities[coding], default="")
    return best if qualities.get(best) else ""


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": _gzip, "deflate": zlib.compress}
_ANSWER_FIELDS = {"body", "cookies", "headers", "isBase64Encoded", "multiValueHeaders", "statusCode"}
_HOP_BY_HOP = {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"}


def _text(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "\n" in text or "\r" in text:
        raise _MalformedError
    return text


class GatewayServer:
    """The gateway on a port of this machine."""

    def __init__(self, port: int) -> None:
        """Take the port; nothing is answered before `start`. 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._gateway: Gateway | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a final slash."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self, gateway: Gateway) -> None:
        """Answer requests from now on."""
        self._gateway = self._server.gateway = gateway
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        if self._gateway:
            self._server.shutdown()
            self._gateway.close()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    gateway: Gateway

    def handle_error(self, *args: Any) -> None:
        """Say nothing of callers that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*args)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "local", ""
    wbufsize = -1  # one packet an answer
    server: _Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Take every method there is, TRACE and what others may invent: the gateway says what it is worth."""
        if re.fullmatch(r"do_[A-Za-z]+", name):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        length_given = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length_given.isdecimal():
            self.close_connection = True
            return self.send_error(HTTPStatus.LENGTH_REQUIRED)
        length = int(length_given)
        if length > MAX_BODY:
            self._drain(length)
            self.close_connection = True
            body = b""
        else:
            body = self.rfile.read(length)
        request = Request(
            self.command, self.path, self.headers.items(), body, self.client_address[0], self.request_version
        )
        response = self.server.gateway.answer(request, length)
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        return None

    def _drain(self, length: int) -> None:
        left = min(length, _DRAINED)
        while left > 0 and (read := len(self.rfile.read(min(left, 65536)))):
            left -= read

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the access log is the template's."""

"""What lies between a function and the outside: every call to AWS and to a registry goes through here.

Calls are known by what they do and to which kind of thing (`dynamodb.GetItem REQ`), and numbered where one
does the same several times (`dynamodb.GetItem REQ (2)`). Nothing is faked: a call that is let through reaches
moto, or the sandbox over HTTP.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import pytest
import urllib3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from urllib3.connectionpool import HTTPConnectionPool


class Killed(BaseException):
    """The execution environment is gone, whatever it was doing. No code of a function sees this."""


class Way(StrEnum):
    """How a call goes wrong."""

    STOPPED_BEFORE = "stopped before"
    STOPPED_AFTER = "stopped after"
    """The call took effect, and nobody was there for its answer."""
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    """Nothing happened, and nothing was answered."""
    LOST = "answer lost"
    """It took effect, and the connection broke before the answer."""
    SERVER_ERROR = "server error"
    DENIED = "access denied"


class Lasting(StrEnum):
    """How long a call goes wrong."""

    ATTEMPT = "once"
    """Only the first attempt; what is repeated by boto3 or the client itself succeeds."""
    CALL = "this time"
    """Every attempt of this one call; the next run of the function finds all well."""
    UNTIL_MENDED = "until mended"
    """Every call that does the same, in every run, until somebody mended it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One call that goes wrong in one way."""

    call: str
    way: Way
    lasting: Lasting

    def __str__(self) -> str:
        return f"{self.call} · {self.way} · {self.lasting}"


FAULTS: Final[tuple[tuple[Way, Lasting], ...]] = (
    (Way.STOPPED_BEFORE, Lasting.CALL),
    (Way.STOPPED_AFTER, Lasting.CALL),
    *(
        (way, lasting)
        for way in (Way.THROTTLED, Way.TIMEOUT, Way.LOST, Way.SERVER_ERROR)
        for lasting in Lasting
    ),
    # boto3 repeats nothing that was denied, so once is this time.
    (Way.DENIED, Lasting.CALL),
    (Way.DENIED, Lasting.UNTIL_MENDED),
)

type Meanwhile = Callable[[], None]


@dataclass
class Run:
    """One function that runs now."""

    fault: Fault | None
    before: tuple[str, Meanwhile] | None
    calls: list[str] = field(default_factory=list)
    """What it called, in order; what a client tries again is one call."""
    struck: bool = False
    """Whether the fault was in the way."""
    _seen: Counter[str] = field(default_factory=Counter)

    def named(self, kind: str, *, first: bool) -> str:
        """The name of a call of a kind, at its first attempt or at a later one."""
        self._seen[kind] += first
        number = self._seen[kind]
        name = kind if number == 1 else f"{kind} ({number})"
        if first:
            self.calls.append(name)
        return name

    def strikes(self, kind: str, call: str, *, first: bool) -> bool:
        """Whether the fault is in the way of an attempt."""
        if self.fault is None:
            return False
        if self.fault.lasting is Lasting.UNTIL_MENDED:
            return kind == self.fault.call.partition(" (")[0]
        return call == self.fault.call and (first or self.fault.lasting is Lasting.CALL)


class Network:
    """The wire. Outside of `watched` everything passes and nothing is noted."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    @contextmanager
    def installed(self) -> Iterator["Network"]:
        """Stand in the way of botocore and of urllib3."""
        to_aws, to_registry = BotocoreStubber.__call__, HTTPConnectionPool.urlopen

        def aws(stubber: Any, event_name: str, request: Any, **more: Any) -> Any:
            if not (self._runs and stubber.enabled):
                return to_aws(stubber, event_name, request, **more)
            service, operation = event_name.split(".")[1:]
            call = f"{service}.{operation}{_subject(service, operation, request.body)}"
            first = "attempt=1" in _text(request.headers.get("amz-sdk-request", "attempt=1"))
            wire = _Aws(service, request)
            return self._pass(call, wire, lambda: to_aws(stubber, event_name, request), first=first)

        def registry(pool: HTTPConnectionPool, method: str, url: str, *given: Any, **more: Any) -> Any:
            if not self._runs:
                return to_registry(pool, method, url, *given, **more)
            call = f"registry.{method} {urlsplit(url).path}"
            wire = _Registry(pool, url)
            return self._pass(call, wire, lambda: to_registry(pool, method, url, *given, **more))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BotocoreStubber, "__call__", aws)
            patch.setattr(HTTPConnectionPool, "urlopen", registry)
            yield self

    @contextmanager
    def watched(
        self, fault: Fault | None = None, before: tuple[str, Meanwhile] | None = None
    ) -> Iterator[Run]:
        """Note the calls made meanwhile, and let a fault strike, or something happen before a call."""
        run = Run(fault, before)
        self._runs.append(run)
        try:
            yield run
        finally:
            self._runs.remove(run)

    def _pass(self, kind: str, wire: "_Wire", send: Callable[[], Any], *, first: bool = True) -> Any:
        run = self._runs[-1]
        call = run.named(kind, first=first)
        if run.before and run.before[0] == call:
            (_, meanwhile), run.before = run.before, None
            meanwhile()
        if run.fault and run.strikes(kind, call, first=first):
            run.struck = True
            return wire.fail(run.fault.way, send)
        return send()


class _Wire:
    """How faults look on one kind of connection."""

    def fail(self, way: Way, send: Callable[[], Any]) -> Any:
        """Go wrong."""
        if way in {Way.STOPPED_AFTER, Way.LOST}:
            send()
        if way in {Way.STOPPED_BEFORE, Way.STOPPED_AFTER}:
            raise Killed
        if way is Way.TIMEOUT:
            self.time_out()
        if way is Way.LOST:
            self.lose()
        return self.answer(way)

    def time_out(self) -> NoReturn:
        raise NotImplementedError

    def lose(self) -> NoReturn:
        raise NotImplementedError

    def answer(self, way: Way) -> Any:
        raise NotImplementedError


# Names and statuses as the services' own references tell them.
_THROTTLED: Final[Mapping[str, tuple[int, str]]] = {
    "dynamodb": (400, "ThrottlingException"),
    "s3": (503, "SlowDown"),
    "sqs": (403, "RequestThrottled"),
    "kms": (400, "ThrottlingException"),
    "sesv2": (429, "TooManyRequestsException"),
    "ssm": (400, "ThrottlingException"),
    "secrets-manager": (400, "ThrottlingException"),
}
_DENIED: Final = {"s3": "AccessDenied"}


@dataclass(frozen=True)
class _Aws(_Wire):
    service: str
    request: Any

    def time_out(self) -> NoReturn:
        raise ReadTimeoutError(endpoint_url="https://aws.example")

    def lose(self) -> NoReturn:
        raise ConnectionClosedError(endpoint_url="https://aws.example")

    def answer(self, way: Way) -> AWSResponse:
        if way is Way.THROTTLED:
            status, code = _THROTTLED[self.service]
        elif way is Way.DENIED:
            status, code = 400, _DENIED.get(self.service, "AccessDeniedException")
            status = 403 if self.service in {"s3", "sesv2", "sqs"} else 400
        else:
            status, code = 500, "InternalServerError"
        if self.service == "s3":
            body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            headers = {"Content-Type": "application/xml"}
        else:
            body = json.dumps({"__type": code, "message": "no"}).encode()
            headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-ErrorType": code}
        return AWSResponse(self.request.url, status, headers, MockRawResponse(body))  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Registry(_Wire):
    pool: HTTPConnectionPool
    url: str

    def time_out(self) -> NoReturn:
        raise urllib3.exceptions.ReadTimeoutError(self.pool, self.url, "no answer")

    def lose(self) -> NoReturn:
        raise urllib3.exceptions.ProtocolError("the connection broke")

    def answer(self, way: Way) -> urllib3.HTTPResponse:
        status = {Way.THROTTLED: 429, Way.DENIED: 401}.get(way, 503)
        return urllib3.HTTPResponse(
            b"{}", {"Content-Type": "application/json"}, status, preload_content=False
        )


def _subject(service: str, operation: str, body: Any) -> str:
    """What a call is about: the first parts of DynamoDB's keys, the name of a queue or secret."""
    if service not in {"dynamodb", "sqs", "secrets-manager"}:
        return ""
    told = json.loads(_text(body))
    match service:
        case "sqs":
            return " dead letters" if "Dead" in told["QueueUrl"] else " queue"
        case "secrets-manager":
            return f" {told['SecretId'].rpartition(':')[2].split('-')[-2]}"
    if "TransactItems" in told:
        kinds = (_kind(next(iter(item.values()))) for item in told["TransactItems"])
        return " " + "+".join(kinds)
    return f" index {told['IndexName']}" if "IndexName" in told else f" {_kind(told)}"


def _kind(told: Mapping[str, Any]) -> str:
    if told["TableName"].endswith("-audit"):
        return "AUDIT"
    pk: str = (told.get("Key") or told.get("Item") or {})["pk"]["S"]
    kind, _, _ = pk.partition("#")
    return pk if kind == "breaker" else kind


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

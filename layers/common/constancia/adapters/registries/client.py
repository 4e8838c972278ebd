"""One exchange with a registry: bounded in time, repeated where that can help, and never a surprise."""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import Final, Self
from urllib.parse import urlsplit

import urllib3
from pydantic import BaseModel, ValidationError

from constancia.adapters.registries.breaker import CircuitBreaker
from constancia.adapters.registries.transport import Watch, new_pool
from constancia.adapters.registries.trouble import Kind, UpstreamError

logger = logging.getLogger(__name__)
# It would quote header lines that it can't read, which come from the registry.
logging.getLogger("urllib3").setLevel(logging.ERROR)

_RETRIED: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
_NO_CONNECTION: Final = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
)
_CHUNK: Final = 64 * 1024
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_WAIT_SECONDS: Final = (60, 180)

type Doubt[Model] = Callable[[Model], str | None]
"""Why an answer of the right form is not believed; the reason names no person."""
type Observe = Callable[[str, str | None, float | None], None]
"""Told of each look-up: the registry, what went wrong, and the milliseconds when it was asked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a registry is asked. Times in seconds, sizes in bytes.

    The budget bounds all attempts of a lookup, pauses included. Lookups that do not depend on each
    other run at the same time, so that a request stays well within API Gateway's 29 s.
    """

    connect: float = 3.0
    read: float = 8.0
    """From the query to the end of the answer's header, and between any two pieces of its body."""
    budget: float = 15.0
    attempts: int = 2
    pause: float = 0.2
    """The longest pause before the second attempt; it doubles with each one (full jitter)."""
    answer_size: int = 2 * 1024 * 1024

    @classmethod
    def within(cls, seconds: float) -> Self:
        """Limits that keep a lookup within so many seconds."""
        return cls(connect=min(3.0, seconds / 2), read=min(8.0, seconds / 2), budget=seconds)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    content_type: str
    charset: str
    retry_after: int | None


class _AttemptError(Exception):
    """The attempt gave no answer; `again` says whether another may."""

    def __init__(self, kind: Kind, *, again: bool) -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.again = again


class RegistryClient:
    """Asks one registry. Thread-safe; connections are kept and shared.

    Bodies, answers and documents never enter logs or exceptions: an error says which registry, what kind.
    """

    def __init__(
        self,
        registry: str,
        base_url: str,
        api_key: Callable[[], str],
        *,
        breaker: CircuitBreaker,
        limits: Limits | None = None,
        observe: Observe = lambda *_: None,
    ) -> None:
        """`api_key` is called at each lookup: it reads the secret when first needed and keeps it.

        Raises:
            ValueError: the address is not HTTPS, and not on this machine.
        """
        address = urlsplit(base_url)
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _HERE):
            raise ValueError(f"registry {registry}: only HTTPS keeps key and answers from others")
        self._registry = registry
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._breaker = breaker
        self._limits = limits or Limits()
        self._observe = observe
        self._pool = new_pool()

    def check(self) -> None:
        """Raise at once where asking is known to be in vain.

        Raises:
            UpstreamError: LEFT_ALONE.
        """
        try:
            self._breaker.check(self._registry)
        except UpstreamError as error:
            self._observe(self._registry, error.kind, None)
            raise

    def ask[Model: BaseModel](
        self,
        path: str,
        query: Mapping[str, object],
        model: type[Model],
        *,
        subject: str,
        doubt: Doubt[Model],
    ) -> Model | None:
        """Post a query and read the answer; `None` when the registry says that it has no such record.

        `subject` is the number of the document that the query is about.

        Raises:
            UpstreamError: REGISTRY_UNAVAILABLE, REGISTRY_LIMIT_REACHED or REGISTRY_INCONSISTENT.
        """
        headers = {
            "X-Api-Key": self._key(),
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        body = json.dumps(query).encode()
        start = time.monotonic()
        trouble: Kind | None = None
        try:
            return self._breaker.call(
                self._registry,
                subject,
                lambda: self._read(self._exchange(path, body, headers), model, doubt),
            )
        except UpstreamError as error:
            trouble = error.kind
            raise
        finally:
            asked = trouble is not Kind.LEFT_ALONE
            self._observe(self._registry, trouble, 1000 * (time.monotonic() - start) if asked else None)

    def _key(self) -> str:
        """The API key, without the line end that a pasted secret often has."""
        key = self._api_key().strip()
        if not key.isascii() or not key.isprintable():
            # Refused here: the HTTP library's own complaint would quote the secret.
            raise self._refusal(Kind.KEY_REFUSED, "our API key can't be sent in a header")
        return key

    def _exchange(self, path: str, body: bytes, headers: Mapping[str, str]) -> _Answer:
        """Try until there is an answer, the attempts are used up, or another would come too late."""
        limits = self._limits
        deadline = time.monotonic() + limits.budget
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._attempt(f"{self._base_url}{path}", body, headers, deadline)
            except _AttemptError as error:
                failure = error
            # Spread, so that those who failed together do not come back together.
            pause = random.uniform(0, limits.pause * 2 ** (attempt - 1))  # noqa: S311
            too_late = time.monotonic() + pause >= deadline
            if not failure.again or attempt >= limits.attempts or too_late or self._is_left_alone():
                logger.warning("registry %s: %s, attempts made: %d", self._registry, failure.kind, attempt)
                raise UpstreamError(failure.kind, retry_after_seconds=_wait())
            time.sleep(pause)

    def _is_left_alone(self) -> bool:
        """Whether others gave up meanwhile, or this is the one call that finds out."""
        try:
            self._breaker.check(self._registry)
        except UpstreamError:
            return True
        return False

    def _attempt(self, url: str, body: bytes, headers: Mapping[str, str], deadline: float) -> _Answer:
        left = max(deadline - time.monotonic(), 0.001)
        timeout = urllib3.Timeout(connect=min(self._limits.connect, left), read=min(self._limits.read, left))
        with Watch(left) as watch:
            try:
                response = self._pool.request(
                    "POST",
                    url,
                    body=body,
                    headers=headers,
                    timeout=timeout,
                    redirect=False,
                    preload_content=False,
                    decode_content=False,
                )
                try:
                    content = self._content(response, watch)
                except BaseException:
                    response.close()
                    raise
                response.release_conn()
            except urllib3.exceptions.ReadTimeoutError:
                # A registry that is slow is not helped by being asked again, nor is the person who waits.
                raise _AttemptError(Kind.SLOW, again=False) from None
            except urllib3.exceptions.HTTPError as error:
                kind = Kind.UNREACHABLE if isinstance(error, _NO_CONNECTION) else Kind.DROPPED
                raise _AttemptError(Kind.SLOW if watch.over else kind, again=not watch.over) from None
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _AttemptError(Kind.FAILED, again=response.status in _RETRIED)
        media = Message()
        media["Content-Type"] = response.headers.get("Content-Type", "")
        return _Answer(
            response.status,
            content,
            media.get_content_type(),
            media.get_content_charset("utf-8"),
            _seconds(response.headers.get("Retry-After")),
        )

    def _content(self, response: urllib3.BaseHTTPResponse, watch: Watch) -> bytes:
        content = bytearray()
        try:
            while chunk := response.read1(_CHUNK):
                content += chunk
                if len(content) > self._limits.answer_size:
                    raise _AttemptError(Kind.NONSENSE, again=False)
        except urllib3.exceptions.ProtocolError:  # it ended before it was whole
            if not watch.over:
                raise _AttemptError(Kind.TORN, again=True) from None
        if watch.over:  # then what looks like the end is ours
            raise _AttemptError(Kind.SLOW, again=False)
        return bytes(content)

    def _read[Model: BaseModel](
        self, answer: _Answer, model: type[Model], doubt: Doubt[Model]
    ) -> Model | None:
        match answer.status:
            case HTTPStatus.OK:
                found = self._parsed(answer, model)
                if (reason := doubt(found)) is not None:
                    raise self._refusal(Kind.DOUBTFUL, reason)
                return found
            case HTTPStatus.NOT_FOUND if _problem_code(answer) == "not_found":
                return None
            case HTTPStatus.TOO_MANY_REQUESTS:
                logger.warning("registry %s: daily limit reached", self._registry)
                raise UpstreamError(Kind.DAILY_LIMIT, retry_after_seconds=answer.retry_after)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                raise self._refusal(Kind.KEY_REFUSED, "the registry refuses our API key")
            case status:
                raise self._refusal(Kind.NONSENSE, f"unexpected status {status}")

    def _parsed[Model: BaseModel](self, answer: _Answer, model: type[Model]) -> Model:
        if answer.content_type != "application/json":
            raise self._refusal(Kind.NONSENSE, "the answer is not JSON")
        if answer.charset != "utf-8":
            raise self._refusal(Kind.NONSENSE, "the answer is not in UTF-8")
        try:
            found = model.model_validate_json(answer.body, strict=True)
        except ValidationError as error:
            failure = self._refusal(Kind.NONSENSE, f"the answer breaks the contract: {_kinds(error)}")
        else:
            if _says_everything_once(answer.body):
                return found
            failure = self._refusal(Kind.NONSENSE, "the answer says something twice")
        raise failure  # outside of `except`: pydantic's error holds the registry's answer

    def _refusal(self, kind: Kind, reason: str) -> UpstreamError:
        """What no further try mends: an operator has to look at it."""
        logger.error("registry %s: %s", self._registry, reason)
        return UpstreamError(kind, retry_after_seconds=_wait())


def _wait() -> int:
    """Seconds after which another try makes sense, never the same for all who failed together."""
    return random.randint(*_WAIT_SECONDS)  # noqa: S311 - hides nothing


def _problem_code(answer: _Answer) -> object:
    """The code of a problem: a 404 of a proxy or of a wrong address is no statement about a person."""
    if answer.content_type != "application/problem+json":
        return None
    try:
        problem = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return problem.get("code") if isinstance(problem, dict) else None


def _says_everything_once(body: bytes) -> bool:
    """Whether no object has a name twice: parsers differ in which of the two values they believe."""
    try:
        json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return False
    return True


def _once(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name twice")


def _seconds(header: str | None) -> int | None:
    if header is None or not header.isascii() or not header.isdigit() or len(header) > len("9999999"):
        return None
    return int(header)


def _kinds(error: ValidationError) -> str:
    """What was wrong, by kind alone: places and values may hold what the registry sent."""
    kinds = {
        detail["type"]
        for detail in error.errors(include_url=False, include_context=False, include_input=False)
    }
    return ", ".join(sorted(kinds))

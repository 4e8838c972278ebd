"""One exchange with a registry: bounded in time, retried where that can help, and never a surprise."""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import urllib3
from pydantic import BaseModel, ValidationError

from constancia.adapters.registries.breaker import CircuitBreaker
from constancia.domain.errors import ErrorCode, RegistryError

logger = logging.getLogger(__name__)

_RETRIED: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a registry is asked. Times in seconds, sizes in bytes.

    The budget bounds all attempts of a lookup, pauses included. Lookups that do not depend on each
    other run at the same time, so that a request stays well within API Gateway's 29 s.
    """

    connect: float = 3.0
    read: float = 8.0
    budget: float = 15.0
    attempts: int = 3
    pause: float = 0.2
    """The longest pause before the second attempt; it doubles with each one (full jitter)."""
    answer_size: int = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    content_type: str
    retry_after: int | None


class _TransportError(Exception):
    """The attempt gave no answer; `code` says what it means when no further attempt is made."""

    def __init__(self, code: ErrorCode, *, again: bool) -> None:
        super().__init__(code.value)
        self.code = code
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
    ) -> None:
        """`api_key` is called at each lookup: it reads the secret when first needed and keeps it."""
        self._registry = registry
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._breaker = breaker
        self._limits = limits or Limits()
        self._pool = urllib3.PoolManager(maxsize=4, retries=False)

    def ask[Model: BaseModel](
        self, path: str, query: Mapping[str, object], model: type[Model]
    ) -> Model | None:
        """Post a query and read the answer; `None` when the registry says that it has no such record.

        Raises:
            RegistryError: REGISTRY_UNAVAILABLE, REGISTRY_LIMIT_REACHED or REGISTRY_INCONSISTENT.
        """
        headers = {"X-Api-Key": self._key(), "Content-Type": "application/json", "Accept": "application/json"}
        body = json.dumps(query).encode()
        answer = self._breaker.call(self._registry, lambda: self._exchange(path, body, headers))
        match answer.status:
            case HTTPStatus.OK:
                return self._parsed(answer, model)
            case HTTPStatus.NOT_FOUND if _problem_code(answer) == "not_found":
                return None
            case HTTPStatus.TOO_MANY_REQUESTS:
                logger.warning("registry %s: daily limit reached", self._registry)
                raise RegistryError(ErrorCode.REGISTRY_LIMIT_REACHED, retry_after_seconds=answer.retry_after)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                raise self._refusal(ErrorCode.REGISTRY_UNAVAILABLE, "the registry refuses our API key")
            case status:
                raise self._refusal(ErrorCode.REGISTRY_INCONSISTENT, f"unexpected status {status}")

    def inconsistent(self, reason: str) -> RegistryError:
        """The error for an answer that has the right form but can't be true. The reason names no person."""
        return self._refusal(ErrorCode.REGISTRY_INCONSISTENT, reason)

    def _key(self) -> str:
        """The API key, without the line end that a pasted secret often has."""
        key = self._api_key().strip()
        if not key.isascii() or not key.isprintable():
            # Refused here: the HTTP library's own complaint would quote the secret.
            raise self._refusal(ErrorCode.REGISTRY_UNAVAILABLE, "our API key can't be sent in a header")
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
            except _TransportError as error:
                failure = error
            # Spread, so that those who failed together do not come back together.
            pause = random.uniform(0, limits.pause * 2 ** (attempt - 1))  # noqa: S311
            too_late = time.monotonic() + pause >= deadline
            if not failure.again or attempt >= limits.attempts or too_late:
                logger.warning("registry %s: no answer, attempts made: %d", self._registry, attempt)
                raise RegistryError(failure.code)
            time.sleep(pause)

    def _attempt(self, url: str, body: bytes, headers: Mapping[str, str], deadline: float) -> _Answer:
        left = max(deadline - time.monotonic(), 0.001)
        timeout = urllib3.Timeout(connect=min(self._limits.connect, left), read=min(self._limits.read, left))
        try:
            response = self._pool.request(
                "POST",
                url,
                body=body,
                headers=headers,
                timeout=timeout,
                redirect=False,
                preload_content=False,
            )
            try:
                content = self._content(response, deadline)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        except urllib3.exceptions.ReadTimeoutError:
            # A registry that is slow is not helped by being asked again, nor is the person who waits.
            raise _TransportError(ErrorCode.REGISTRY_UNAVAILABLE, again=False) from None
        except urllib3.exceptions.HTTPError:
            raise _TransportError(ErrorCode.REGISTRY_UNAVAILABLE, again=True) from None
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _TransportError(ErrorCode.REGISTRY_UNAVAILABLE, again=response.status in _RETRIED)
        return _Answer(
            response.status,
            content,
            response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            _seconds(response.headers.get("Retry-After")),
        )

    def _content(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        """Read as it comes: urllib3's read timeout starts anew with every byte, the deadline does not."""
        content = bytearray()
        try:
            while chunk := response.read1(_CHUNK):
                content += chunk
                if len(content) > self._limits.answer_size:
                    raise _TransportError(ErrorCode.REGISTRY_INCONSISTENT, again=False)
                if time.monotonic() > deadline:
                    raise _TransportError(ErrorCode.REGISTRY_UNAVAILABLE, again=False)
        except urllib3.exceptions.ProtocolError:  # it ended before it was whole
            raise _TransportError(ErrorCode.REGISTRY_INCONSISTENT, again=True) from None
        return bytes(content)

    def _parsed[Model: BaseModel](self, answer: _Answer, model: type[Model]) -> Model:
        if answer.content_type != "application/json":
            raise self._refusal(ErrorCode.REGISTRY_INCONSISTENT, "the answer is not JSON")
        try:
            return model.model_validate_json(answer.body, strict=True)
        except ValidationError as error:
            failure = self._refusal(
                ErrorCode.REGISTRY_INCONSISTENT, f"the answer breaks the contract: {_kinds(error)}"
            )
        raise failure  # outside of `except`: pydantic's error holds the registry's answer

    def _refusal(self, code: ErrorCode, reason: str) -> RegistryError:
        """What no further try mends: an operator has to look at it."""
        logger.error("registry %s: %s", self._registry, reason)
        return RegistryError(code)


def _problem_code(answer: _Answer) -> object:
    """The code of a problem: a 404 of a proxy or of a wrong address is no statement about a person."""
    if answer.content_type != "application/problem+json":
        return None
    try:
        problem = json.loads(answer.body)
    except ValueError:
        return None
    return problem.get("code") if isinstance(problem, dict) else None


def _seconds(header: str | None) -> int | None:
    return int(header) if header is not None and header.isascii() and header.isdigit() else None


def _kinds(error: ValidationError) -> str:
    """What was wrong, by kind alone: places and values may hold what the registry sent."""
    kinds = {
        detail["type"]
        for detail in error.errors(include_url=False, include_context=False, include_input=False)
    }
    return ", ".join(sorted(kinds))

"""The circuit breaker of a registry: after a run of failures nobody waits for it any more (docs/adr/0145).

One item a registry in our own table, `breaker#<registry>`, tells all execution environments. While the
registry is well it costs one small read every few seconds, and no write.
"""

import logging
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from constancia.adapters.aws import trouble_of
from constancia.adapters.registries.trouble import Kind, UpstreamError
from constancia.domain.errors import ErrorCode

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

logger = logging.getLogger(__name__)

_KEPT_SECONDS: Final = 3600
_DAY: Final = 24 * 60 * 60
_FAILED, _LIMITED = "failed_for", "limited_for"


class CircuitBreaker(Protocol):
    """Decides whether a registry is asked at all."""

    def check(self, registry: str) -> None:
        """Raise `UpstreamError(LEFT_ALONE)` while the registry is left alone. Asks nobody."""

    def call[Answer](self, registry: str, subject: str, exchange: Callable[[], Answer]) -> Answer:
        """Make the exchange, or raise as `check` does. An `UpstreamError` of the exchange is counted.

        `subject` is whom the exchange is about: one person's record can't close a registry for everybody.
        """


@dataclass(frozen=True, slots=True)
class Patience:
    """When a registry is left alone, and for how long. Times in seconds."""

    failures: int = 5
    """Of so many subjects in a row."""
    limited: int = 2
    """The same of answers that the key's queries of the day are used up."""
    pause: float = 30.0
    """Until one call finds out; doubled each time that this one fails."""
    longest: float = 300.0
    limit_pause: float = 3600.0
    """After the daily limit, when the registry does not say when it ends."""
    probe: float = 20.0
    """How long one call may take to find out, before another may."""
    view: float = 5.0
    """How old may be what an environment knows of the others."""


@dataclass(frozen=True, slots=True)
class _View:
    """What is known of a registry. Moments in milliseconds since 1970; 0 is none."""

    until: int = 0
    """When somebody may find out whether the registry is well again."""
    limited: bool = False
    """Left alone for its daily limit."""
    times: int = 0
    """How often it was found ill in a row."""
    counted: bool = False
    """There are failures that a success would clear."""


class SharedBreaker:
    """A breaker whose state all execution environments share in DynamoDB. Thread-safe.

    A store that fails lets calls through: a breaker must not become the outage that it guards against.
    """

    def __init__(
        self,
        table_name: str,
        dynamodb: "DynamoDBClient",
        fingerprint: Callable[[str], str],
        *,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`fingerprint` is a keyed hash, so that a subject's document is not kept; `clock` is in seconds."""
        self._table_name = table_name
        self._dynamodb = dynamodb
        self._fingerprint = fingerprint
        self._patience = patience or Patience()
        self._clock = clock
        self._views: dict[str, tuple[int, _View]] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def check(self, registry: str) -> None:
        """Raise while the registry is left alone."""
        view = self._view(registry)
        if self._rests(view):
            raise self._refusal(view)

    def call[Answer](self, registry: str, subject: str, exchange: Callable[[], Answer]) -> Answer:
        """Make the exchange unless the registry is left alone; after a pause one call at a time does."""
        view = self._view(registry)
        if self._rests(view):
            raise self._refusal(view)
        probe = self._probe(registry, view) if view.until else None
        try:
            answer = exchange()
        except UpstreamError as error:
            if probe:
                self._rest(registry, error, times=probe.times + 1, seen=probe.until)
            else:
                self._count(registry, subject, error)
            raise
        if probe:
            self._clear(registry, "left_until = :seen", {":seen": _number(probe.until)})
        elif view.counted:
            self._clear(registry, "attribute_not_exists(left_until)")
        return answer

    def _rests(self, view: _View) -> bool:
        # A moment too far ahead was written by somebody whose clock is wrong: not for that is it left alone.
        longest = _DAY if view.limited else 2 * max(self._patience.longest, self._patience.probe)
        return 0 < view.until - self._now() <= longest * 1000

    def _refusal(self, view: _View) -> UpstreamError:
        """Spread over some time, so that those who wait don't come back in one moment."""
        wait = (view.until - self._now()) / 1000
        spread = random.uniform(1, max(self._patience.pause, wait / 10))  # noqa: S311 - hides nothing
        code = ErrorCode.REGISTRY_LIMIT_REACHED if view.limited else ErrorCode.REGISTRY_UNAVAILABLE
        return UpstreamError(Kind.LEFT_ALONE, code=code, retry_after_seconds=ceil(max(wait, 0) + spread))

    def _view(self, registry: str) -> _View:
        with self._locks[registry]:
            read_at, view = self._views.get(registry, (0, _View()))
            if 0 <= self._now() - read_at < self._patience.view * 1000:
                return view
            answer = self._asked_of_store(
                self._dynamodb.get_item, TableName=self._table_name, Key=_key(registry)
            )
            # Not kept when the store failed: the next call asks it again.
            return self._know(registry, _view_of(answer.get("Item", {}))) if answer is not None else _View()

    def _know(self, registry: str, view: _View) -> _View:
        self._views[registry] = (self._now(), view)
        return view

    def _probe(self, registry: str, view: _View) -> _View | None:
        """Become the one who finds out: the registry is left alone by all others for as long as that takes.

        Raises:
            UpstreamError: LEFT_ALONE, because somebody else is.
        """
        mine = replace(view, until=self._later(self._patience.probe), limited=False)
        with self._locks[registry]:
            known = self._views.get(registry, (0, view))[1]
            if self._rests(known):
                raise self._refusal(known)
            answer = self._changed(
                registry,
                "SET left_until = :until, left_limited = :no, expires_at = :expires",
                "left_until = :seen",
                {
                    ":until": _number(mine.until),
                    ":no": {"BOOL": False},
                    ":expires": self._expiry(mine.until),
                    ":seen": _number(view.until),
                },
            )
            if answer is None:  # the store failed: let it through
                return None
            if "Attributes" in answer:
                self._know(registry, mine)
                return mine
            now_known = self._know(registry, _view_of(answer["Item"]))
        if now_known.until:
            raise self._refusal(now_known)
        return None  # somebody found it well

    def _count(self, registry: str, subject: str, error: UpstreamError) -> None:
        """Count a failure; enough of them leave the registry alone."""
        # No record can keep a connection from being made: then every call counts.
        whose = uuid4().hex if error.kind is Kind.UNREACHABLE else self._fingerprint(subject)
        column, enough = (
            (_LIMITED, self._patience.limited)
            if error.kind is Kind.DAILY_LIMIT
            else (_FAILED, self._patience.failures)
        )
        answer = self._changed(
            registry,
            f"ADD {column} :whose SET expires_at = :expires",
            "attribute_not_exists(left_until)",
            {":whose": {"SS": [whose[:16]]}, ":expires": self._expiry(self._now())},
        )
        if answer is None:
            return
        item = answer.get("Attributes") or answer.get("Item", {})
        view = self._know(registry, _view_of(item))
        if not view.until and len(item.get(column, {}).get("SS", ())) >= enough:
            self._rest(registry, error, times=1, seen=0)

    def _rest(self, registry: str, error: UpstreamError, *, times: int, seen: int) -> None:
        """Leave the registry alone, unless somebody changed that since it was seen."""
        limited = error.kind is Kind.DAILY_LIMIT
        pause = min(self._patience.pause * 2 ** (times - 1), self._patience.longest)
        if limited:
            pause = min(error.retry_after_seconds or self._patience.limit_pause, _DAY)
        else:
            pause *= random.uniform(1, 1.25)  # noqa: S311 - hides nothing
        until = self._later(pause)
        condition = "left_until = :seen" if seen else "attribute_not_exists(left_until)"
        answer = self._changed(
            registry,
            "SET left_until = :until, left_limited = :limited, left_times = :times, expires_at = :expires "
            f"REMOVE {_FAILED}, {_LIMITED}",
            condition,
            {
                ":until": _number(until),
                ":limited": {"BOOL": limited},
                ":times": _number(times),
                ":expires": self._expiry(until),
            }
            | ({":seen": _number(seen)} if seen else {}),
        )
        if answer is None:
            return
        self._know(registry, _view_of(answer.get("Attributes") or answer.get("Item", {})))
        if "Attributes" in answer:
            logger.error("registry %s: left alone for %d s (%s)", registry, pause, error.kind)

    def _clear(self, registry: str, condition: str, values: dict[str, Any] | None = None) -> None:
        """The registry is well."""
        answer = self._changed(
            registry,
            f"REMOVE left_until, left_limited, left_times, {_FAILED}, {_LIMITED}",
            condition,
            values or {},
        )
        if answer is not None:
            self._know(registry, _view_of(answer.get("Attributes") or answer.get("Item", {})))

    def _changed(
        self, registry: str, expression: str, condition: str, values: dict[str, Any]
    ) -> dict[str, Any] | None:
        """`Attributes` of the changed item, or `Item` that forbade it; `None` when the store failed."""
        given: Any = {"ExpressionAttributeValues": values} if values else {}
        return self._asked_of_store(
            self._dynamodb.update_item,
            TableName=self._table_name,
            Key=_key(registry),
            UpdateExpression=expression,
            ConditionExpression=condition,
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **given,
        )

    def _asked_of_store(self, operation: Callable[..., Any], **given: Any) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = operation(**given)
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            return {"Item": error.response.get("Item", {})}
        except (BotoCoreError, ClientError) as error:
            logger.warning("the breakers' store failed: %s", trouble_of(error))
            return None
        return answer

    def _now(self) -> int:
        return int(self._clock() * 1000)

    def _later(self, seconds: float) -> int:
        return self._now() + int(seconds * 1000)

    def _expiry(self, after: int) -> dict[str, str]:
        return {"N": str(after // 1000 + _KEPT_SECONDS)}


def _view_of(item: dict[str, Any]) -> _View:
    return _View(
        until=int(item.get("left_until", {}).get("N", 0)),
        limited=item.get("left_limited", {}).get("BOOL", False),
        times=int(item.get("left_times", {}).get("N", 0)),
        counted=_FAILED in item or _LIMITED in item,
    )


def _key(registry: str) -> dict[str, Any]:
    return {"pk": {"S": f"breaker#{registry}"}}


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}

"""The platform in this process: a person who asks and asks again, SQS and the schedule, operators, and time.

Functions are loaded anew after a stop, as Lambda loads them. What AWS does between them is done here as
template.yaml configures it: a message comes again until it is deleted, at most so often; the schedule sweeps;
operators move dead letters back once they mended what was wrong.
"""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, Final

import pytest
import time_machine
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from constancia.adapters import secrets
from infra.local.template import ACCOUNT, REGION
from tests.conftest import Aws
from tests.deployed import Reply, context, fresh, record, registry_addresses
from tests.reliability.network import Fault, Killed, Lasting, Meanwhile, Network
from tests.unit.web.events import event, json_event

FUNCTIONS: Final = {"request": "RequestFunction", "render": "RenderFunction"}
MOST_RECEIVES: Final = 5
_GONE: Final = Reply(502, {}, "")
"""API Gateway's own answer where the function was gone."""
SWEEP: Final = timedelta(minutes=5)
SWEEP_AFTER: Final = timedelta(minutes=11)
"""Two sweeps and a bit: what is older goes to the queue again."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was written at a moment."""

    now: datetime
    items: dict[Any, Any]
    persons: set[str]


class World:
    """Everything, from the person to the mail."""

    def __init__(
        self, aws: Aws, network: Network, registries: str, root: str, environment: pytest.MonkeyPatch
    ) -> None:
        self.root = root
        """The certificate, as PEM, that whoever trusts these seals trusts."""
        self.aws = aws
        self.network = network
        self.logs = io.StringIO()
        self.calls: dict[str, list[str]] = {}
        """What each function called outside, in its latest run."""
        self.fault: dict[str, Fault] = {}
        """What goes wrong, by function, until it is mended."""
        self.before: dict[str, tuple[str, Meanwhile]] = {}
        """What happens before a call of a function, once."""
        self.persons: set[str] = set()
        """Names, documents and addresses of those who asked."""
        self.struck = 0
        """In how many runs a fault was in the way."""
        self._environment = environment
        self._registries = registry_addresses(registries)
        self._modules: dict[str, ModuleType] = {}
        self._ahead = timedelta(0)

    # ------------------------------------------------------------------ time

    @property
    def now(self) -> datetime:
        """The world's time: it runs on, as ours does, and what was waited for is passed."""
        return _ours() + self._ahead

    @contextmanager
    def its_time(self, off: timedelta = timedelta(0)) -> Iterator[None]:
        """The world's time, or that of a clock which is off."""
        with time_machine.travel(self.now + off, tick=True):
            yield

    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self._ahead += time

    # ------------------------------------------------------------------ functions

    def load(self) -> None:
        """New execution environments: nothing is remembered from those before."""
        self._modules.clear()
        secrets._provider.cache_clear()

    def run(self, function: str, sent: dict[str, Any], off: timedelta = timedelta(0)) -> Any:
        """Run a function on an event.

        Raises:
            Killed: it was stopped.
        """
        fault, before = self.fault.get(function), self.before.pop(function, None)
        with self.its_time(off):
            module = self._modules.get(function) or self._loaded(function)
            with self.network.watched(fault, before) as watched:
                self.calls[function] = watched.calls
                try:
                    return module.handler(sent, context(function))
                except Killed:
                    self.load()
                    raise
                finally:
                    if watched.struck:
                        self.struck += 1
                        if fault and fault.lasting is not Lasting.UNTIL_MENDED:
                            self.fault.pop(function, None)

    def _loaded(self, function: str) -> ModuleType:
        for name, value in (self.aws.environment(FUNCTIONS[function]) | self._registries).items():
            self._environment.setenv(name, value)
        module = fresh(f"{function}.handler")
        module.logger.registered_handler.setStream(self.logs)
        self._modules[function] = module
        return module

    def mend(self) -> None:
        """Operators find out what was wrong, and mend it."""
        self.fault.clear()

    # ------------------------------------------------------------------ the person

    def elsewhere(self, function: str, sent: dict[str, Any]) -> Any:
        """Run a function in another execution environment than the one that runs now."""
        own = self._modules.pop(function, None)
        try:
            return self.run(function, sent)
        finally:
            self._modules.pop(function, None)
            if own:
                self._modules[function] = own

    def ask(self, body: dict[str, Any], key: str | None = None, off: timedelta = timedelta(0)) -> Reply:
        """Ask for a certificate."""
        self.persons |= set(_names_in(body))
        headers = {"Idempotency-Key": key} if key else None
        return self._reply(json_event("POST", "/api/v1/requests", body, headers), off)

    def accepted(self, body: dict[str, Any], key: str | None = None, off: timedelta = timedelta(0)) -> str:
        """Ask, in an execution environment of one's own, and be accepted: where to look."""
        answer = self.ask_elsewhere(body, key, off)
        assert answer.status == 202, answer.body
        return answer.headers["Location"]

    def ask_elsewhere(
        self, body: dict[str, Any], key: str | None = None, off: timedelta = timedelta(0)
    ) -> Reply:
        """Ask, in an execution environment of one's own."""
        own = self._modules.pop("request", None)
        try:
            return self.ask(body, key, off)
        finally:
            if own:
                self._modules["request"] = own

    def progress(self, location: str) -> Reply:
        """Look what became of a request."""
        return self._reply(event("GET", location), timedelta(0))

    def _reply(self, sent: dict[str, Any], off: timedelta) -> Reply:
        try:
            answer = self.run("request", sent, off)
        except Killed:
            return _GONE
        return Reply.of(answer)

    # ------------------------------------------------------------------ AWS between the functions

    def deliver(self, order: int = 1, off: timedelta = timedelta(0)) -> int:
        """Give render what waits, until nothing does: done, or with the dead letters. How many there were.

        `order` -1: the youngest first.
        """
        delivered = 0
        for _ in range(MOST_RECEIVES + 1):
            messages = self._received("RenderQueue")[::order]
            if not messages:
                break
            delivered += len(messages)
            for message in messages:
                if self._handled(message, off):
                    self.aws.client("sqs").delete_message(
                        QueueUrl=self.aws.ref("RenderQueue"), ReceiptHandle=message["ReceiptHandle"]
                    )
        return delivered

    def _handled(self, message: dict[str, Any], off: timedelta) -> bool:
        try:
            answer = self.run("render", {"Records": [record(message)]}, off)
        except Killed:
            return False
        return bool(answer == {"batchItemFailures": []})

    def sweep(self) -> None:
        """The schedule calls; what it can't finish it does at its next turn."""
        with suppress(Killed, Exception):
            self.run("render", {"id": "sweep-1", "source": "aws.events"})

    def run_once(self) -> None:
        """One delivery of what waits, whatever becomes of it."""
        for message in self._received("RenderQueue"):
            self._handled(message, timedelta(0))

    def deliver_elsewhere(self) -> None:
        """Give what waits to another execution environment than the one that runs now."""
        for message in self._received("RenderQueue"):
            if self.elsewhere("render", {"Records": [record(message)]}) == {"batchItemFailures": []}:
                self.aws.client("sqs").delete_message(
                    QueueUrl=self.aws.ref("RenderQueue"), ReceiptHandle=message["ReceiptHandle"]
                )

    def sweep_elsewhere(self) -> None:
        """The schedule calls while render runs."""
        self.elsewhere("render", {"id": "sweep-1", "source": "aws.events"})

    def move_back(self) -> int:
        """Operators move the dead letters back."""
        sqs = self.aws.client("sqs")
        letters = self._received("RenderDeadLetters")
        for letter in letters:
            sqs.send_message(
                QueueUrl=self.aws.ref("RenderQueue"),
                MessageBody=letter["Body"],
                MessageAttributes=letter.get("MessageAttributes", {}),
            )
            sqs.delete_message(
                QueueUrl=self.aws.ref("RenderDeadLetters"), ReceiptHandle=letter["ReceiptHandle"]
            )
        return len(letters)

    def waiting(self) -> list[dict[str, Any]]:
        """The messages for render, as Lambda would hand them over now."""
        return [record(message) for message in self._received("RenderQueue")]

    def lose_messages(self) -> None:
        """As if they had never been sent."""
        queue = sqs_backends[ACCOUNT][REGION].queues[_name(self.aws.ref("RenderQueue"))]
        queue._messages.clear()

    def settle(self) -> None:
        """Mend, move back, sweep, and let everything come to its end."""
        self.mend()
        for _ in range(16):  # an hour and more: the older a request the more seldom it is sent
            if not self.deliver() + self.move_back() and not self.items("REQ#", "pending"):
                return
            self.wait(SWEEP)
            self.sweep()
        raise AssertionError("it comes to no end")

    def _received(self, queue: str) -> list[dict[str, Any]]:
        return list(
            self.aws.client("sqs")
            .receive_message(
                QueueUrl=self.aws.ref(queue),
                MaxNumberOfMessages=10,
                VisibilityTimeout=0,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )
            .get("Messages", [])
        )

    # ------------------------------------------------------------------ what is there

    def items(self, prefix: str, having: str = "pk") -> list[dict[str, Any]]:
        """The table's items of one kind that have an attribute, as plain values; none that have expired."""
        found = [
            {name: _plain(value.to_json()) for name, value in item.attrs.items()}
            for item in self._table().values()
        ]
        now = self.now.timestamp()
        return [
            one
            for one in found
            if one["pk"].startswith(prefix) and having in one and one.get("expires_at", float("inf")) > now
        ]

    def letters(self) -> list[str]:
        """The reasons of the dead letters."""
        letters = sqs_backends[ACCOUNT][REGION].queues[_name(self.aws.ref("RenderDeadLetters"))]._messages
        reasons = [one.message_attributes.get("reason") for one in letters]
        return [reason["StringValue"] if reason else "none" for reason in reasons]

    def drop_letters(self) -> None:
        """Operators purge the dead letters."""
        sqs_backends[ACCOUNT][REGION].queues[_name(self.aws.ref("RenderDeadLetters"))]._messages.clear()

    def tags(self) -> list[dict[str, str]]:
        """Of each file in the bucket."""
        s3, bucket = self.aws.client("s3"), self.aws.ref("Bucket")
        return [
            {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]}
            for key in self.files()
        ]

    def lifecycle(self) -> list[tuple[dict[str, str], int]]:
        """Which tags the bucket removes files by, and after how many days."""
        told = self.aws.client("s3").get_bucket_lifecycle_configuration(Bucket=self.aws.ref("Bucket"))
        return [
            ({tag["Key"]: tag["Value"]}, rule["Expiration"]["Days"])
            for rule in told["Rules"]
            if (tag := rule["Filter"].get("Tag"))
        ]

    def files(self) -> dict[str, bytes]:
        """All files, by their keys."""
        bucket = self._bucket()
        return {key: bucket.keys[key].value for key in list(bucket.keys)}

    def mails(self) -> list[tuple[str, str]]:
        """To whom, and the whole mail."""
        return [
            (message.destinations["ToAddresses"][0], f"{message.subject}\n{message.body}")
            for message in ses_backends[ACCOUNT][REGION].sent_messages
        ]

    def reset(self) -> None:
        """Forget everything but the stack itself, and the execution environments that are warm.

        Those that learned of a registry that is left alone end too.
        """
        if self.items("breaker#"):
            self.load()
        self._table().clear()
        self._table("Audit").clear()
        bucket = self._bucket()
        for key in list(bucket.keys):
            bucket.keys.pop(key)
        for queue in sqs_backends[ACCOUNT][REGION].queues.values():
            queue._messages.clear()
            queue._pending_messages.clear()
        ses_backends[ACCOUNT][REGION].sent_messages.clear()
        self.logs.seek(0)
        self.logs.truncate()
        self.fault.clear()
        self.before.clear()
        self.persons.clear()
        self.calls.clear()
        self.struck = 0
        self._ahead = timedelta(0)

    def remembered(self) -> Memory:
        """What is written in the table now."""
        return Memory(self.now, deepcopy(self._table()), set(self.persons))

    def remember(self, memory: Memory, request_id: str) -> None:
        """Begin where a memory was made, with one message for a request."""
        self._ahead += memory.now - self.now
        self._table().update(deepcopy(memory.items))
        self.persons |= memory.persons
        self.aws.client("sqs").send_message(
            QueueUrl=self.aws.ref("RenderQueue"), MessageBody=json.dumps({"request_id": request_id})
        )

    def _table(self, logical_id: str = "Table") -> dict[Any, Any]:
        items: dict[Any, Any] = dynamodb_backends[ACCOUNT][REGION].tables[self.aws.ref(logical_id)].items
        return items

    def _bucket(self) -> Any:
        return s3_backends[ACCOUNT]["aws"].buckets[self.aws.ref("Bucket")]


def _ours() -> datetime:
    """Our own time, also where another is pretended."""
    hatch = time_machine.escape_hatch
    clock = hatch.datetime.datetime if hatch.is_travelling() else datetime
    return clock.now(UTC)


def _names_in(body: Any) -> Iterator[str]:
    """Whatever a person wrote that is no choice of a list."""
    for name, value in body.items() if isinstance(body, dict) else ():
        if isinstance(value, dict):
            yield from _names_in(value)
        elif (
            name in {"number", "given_names", "paternal_surname", "maternal_surname", "email", "phone"}
            and value
        ):
            yield value


def _name(queue_url: str) -> str:
    return queue_url.rpartition("/")[2]


def _plain(attribute: dict[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    return int(value) if kind == "N" else value

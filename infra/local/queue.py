"""What feeds functions besides the API: queues, retried as SQS and Lambda do it, and schedules."""

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from infra.local.clients import ClientFactory
from infra.local.runtime import Outcome
from infra.local.stack import QueueSource, Schedule
from infra.local.template import ACCOUNT, REGION

type Invoke = Callable[[str, Mapping[str, Any]], Outcome]
"""Calls a function, by logical id, with an event."""

_POLLERS = 2  # for each queue; Lambda starts with five
_WAIT_SECONDS = 5  # of one long poll
_MAX_RECEIVED = 10  # by one call


class QueueFeed:
    """Takes a queue's messages in batches to a function; deletes those that it handled.

    What it did not handle comes back after the queue's visibility timeout, and goes to the dead letters when
    it came too often: both are the queue's own doing.
    """

    def __init__(self, source: QueueSource, client: ClientFactory, invoke: Invoke) -> None:
        self._source = source
        self._sqs = client("sqs")
        self._queue_url = self._sqs.get_queue_url(QueueName=source.queue_arn.rpartition(":")[2])["QueueUrl"]
        self._invoke = invoke
        self._stopping = Event()

    def start(self) -> None:
        """Poll from now on."""
        for _ in range(_POLLERS):
            Thread(target=self._run, name=f"queue to {self._source.function}", daemon=True).start()

    def stop(self) -> None:
        """Poll no more; batches under way come back after the visibility timeout."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if batch := self._receive():
                    self._handle(batch)
            except Exception:  # noqa: BLE001 - the queue went away, or is going
                self._stopping.wait(0.5)

    def _receive(self) -> list[dict[str, Any]]:
        """A batch of what is there, or of what comes within one long poll."""
        messages: list[dict[str, Any]] = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=min(self._source.batch_size, _MAX_RECEIVED),
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        return messages

    def _handle(self, batch: Sequence[dict[str, Any]]) -> None:
        outcome = self._invoke(
            self._source.function, {"Records": [self._record(message) for message in batch]}
        )
        failed = failed_messages(outcome, self._source, {message["MessageId"] for message in batch})
        done = [message for message in batch if message["MessageId"] not in failed]
        if done and not self._stopping.is_set():
            self._sqs.delete_message_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(done)
                ],
            )

    def _record(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {
                name: {
                    "stringValue": value.get("StringValue"),
                    "stringListValues": [],
                    "binaryListValues": [],
                    "dataType": value["DataType"],
                }
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._source.queue_arn,
            "awsRegion": REGION,
        }


def failed_messages(outcome: Outcome, source: QueueSource, sent: set[str]) -> set[str]:
    """The messages of a batch that must come again.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html: all of them after an error;
    with partial failures those that the function names, or all if what it says can't be understood.
    """
    if outcome.error:
        return sent
    if not source.partial_failures:
        return set()
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        answer = json.loads(outcome.payload)
        failures = (answer or {}).get("batchItemFailures") or []
        named = {failure["itemIdentifier"] for failure in failures}
        if named <= sent:
            return named
    return sent


class Scheduler:
    """Calls functions at their rates; as with EventBridge's rules the first call comes after one period."""

    def __init__(self, schedules: Sequence[Schedule], invoke: Invoke) -> None:
        self._schedules = schedules
        self._invoke = invoke
        self._stopping = Event()

    def start(self) -> None:
        """Call from now on."""
        for schedule in self._schedules:
            Thread(target=self._run, args=(schedule,), name=schedule.name, daemon=True).start()

    def stop(self) -> None:
        """Call no more."""
        self._stopping.set()

    def _run(self, schedule: Schedule) -> None:
        while not self._stopping.wait(schedule.seconds):
            self._invoke(schedule.function, scheduled_event(schedule))


def scheduled_event(schedule: Schedule) -> dict[str, Any]:
    """What EventBridge sends when a schedule fires."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": REGION,
        "resources": [schedule.rule_arn],
        "detail": {},
    }

"""The dead letters, and the way back: each message as it came, a few a second, none lost and none twice."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from constancia.adapters.queue import RenderMessage
from constancia.domain.certificate import RequestId

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_HIDDEN_SECONDS: Final = 900
"""How long a message that was read is given to nobody else. It is given back sooner."""
_ENOUGH: Final = 3
"""After so many batches without anything new, all were seen: in a long run the first come again."""
_BATCH: Final = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that render gave up. What it did not say of it is empty (docs/dead-letters.md)."""

    id: str
    reason: str
    detail: str
    failed_at: str
    request_id: RequestId | None
    """None where it is no message of ours."""
    body: str = field(repr=False)
    attributes: Any = field(repr=False)
    receipt: str = field(repr=False)


class DeadLetterBox:
    """The dead-letter queue of render's queue."""

    def __init__(
        self, client: "SQSClient", url: str, back_to: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._url = url
        self._back_to = back_to
        self._sleep = sleep

    def letters(self) -> Iterator[Letter]:
        """All of them, each once. Those that were not moved lie there again when the iteration ends."""
        seen: dict[str, Letter] = {}
        in_vain = 0
        try:
            while in_vain < _ENOUGH and (batch := self._received(len(seen))):
                new = [letter for letter in batch if letter.id not in seen]
                in_vain = 0 if new else in_vain + 1
                seen |= {letter.id: letter for letter in batch}  # what comes again has another receipt
                yield from new
        finally:
            self._give_back(seen.values())

    def move(self, letters: Iterable[Letter], per_second: float) -> Iterator[Letter]:
        """Send letters back to render as they came, so many a second; each is told once it was moved.

        Stopped between the two calls, a message is in both queues: render does it once.
        """
        for number, letter in enumerate(letters):
            if number:
                self._sleep(1 / per_second)
            self._client.send_message(
                QueueUrl=self._back_to, MessageBody=letter.body, MessageAttributes=letter.attributes
            )
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)
            yield letter

    def _received(self, so_far: int) -> list[Letter]:
        attributes = self._client.get_queue_attributes(
            QueueUrl=self._url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        # The counts are approximate: while more is there than was seen, it is waited for.
        more = sum(int(count) for count in attributes.values()) > so_far
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=_BATCH,
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=1 if more else 0,
            MessageAttributeNames=["All"],
        )
        return [_read(message) for message in answer.get("Messages", [])]

    def _give_back(self, letters: Iterable[Letter]) -> None:
        entries: list[Any] = [
            {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
            for number, letter in enumerate(letters)
        ]
        # One that was moved is not there any more: SQS says so of that one, and does the others.
        for start in range(0, len(entries), _BATCH):
            self._client.change_message_visibility_batch(
                QueueUrl=self._url, Entries=entries[start : start + _BATCH]
            )


def all_of(box: DeadLetterBox, wanted: Callable[[Letter], bool]) -> list[Letter]:
    """Those that are wanted; all lie there afterwards."""
    with closing(box.letters()) as letters:  # type: ignore[type-var]
        return [letter for letter in letters if wanted(letter)]


def _read(message: Any) -> Letter:
    attributes = {
        name: {"DataType": value["DataType"], "StringValue": value["StringValue"]}
        for name, value in message.get("MessageAttributes", {}).items()
    }

    def said(name: str) -> str:
        return str(attributes.get(name, {}).get("StringValue", ""))

    try:
        request_id = RenderMessage.parse(message["Body"]).request_id
    except ValueError:
        request_id = None
    return Letter(
        id=message["MessageId"],
        reason=said("reason"),
        detail=said("detail"),
        failed_at=said("failed_at"),
        request_id=request_id,
        body=message["Body"],
        attributes=attributes,
        receipt=message["ReceiptHandle"],
    )

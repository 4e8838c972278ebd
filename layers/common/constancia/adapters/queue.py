"""The queue to render."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from constancia.domain.certificate import RequestId
from constancia.domain.failures import Failure

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

CORRELATION_ATTRIBUTE = "correlation_id"
type Correlation = Callable[[], str | None]
"""Tells the id of the call that is being served, if any.

It travels beside every message, so that one id leads from the API call to the mail, or to the dead letters.
"""


class RenderMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What render is told: which request. It names nobody."""

    request_id: RequestId

    @property
    def text(self) -> str:
        """A message's body."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def parse(cls, body: str) -> "RenderMessage":
        """Read a message's body.

        Raises:
            ValueError: not a message of ours; says what is wrong with it.
        """
        return msgspec.json.decode(body, type=cls)


class SqsRenderQueue:
    """Port `RenderQueue` over SQS."""

    def __init__(self, client: "SQSClient", url: str, correlation: Correlation) -> None:
        self._client = client
        self._url = url
        self._correlation = correlation

    def send(self, request_id: RequestId) -> None:
        """Ask for a request to be drawn, issued and mailed."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=RenderMessage(request_id).text,
            MessageAttributes=_attributes({CORRELATION_ATTRIBUTE: self._correlation()}),
        )


class SqsDeadLetters:
    """Port `DeadLetters` over the dead-letter queue of render's queue.

    What was wrong stands in the message's attributes. Render reads none of them but the correlation id, so an
    operator may move a message back as it is.
    """

    def __init__(self, client: "SQSClient", url: str, correlation: Correlation) -> None:
        self._client = client
        self._url = url
        self._correlation = correlation

    def put(self, message: str, failure: Failure, at: datetime) -> None:
        """Send a message with reason, detail, time and correlation id."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=message,
            MessageAttributes=_attributes(
                {
                    CORRELATION_ATTRIBUTE: self._correlation(),
                    "reason": failure.reason,
                    "detail": failure.detail,
                    "failed_at": at.astimezone(UTC).isoformat(timespec="seconds"),
                }
            ),
        )


def _attributes(values: dict[str, str | None]) -> "dict[str, MessageAttributeValueTypeDef]":
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items() if value}

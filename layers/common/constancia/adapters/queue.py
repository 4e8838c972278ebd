"""The queue to render."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from constancia.domain.certificate import RequestId

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

CORRELATION_ATTRIBUTE = "correlation_id"


class RenderMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What render is told: which request. It names nobody."""

    request_id: RequestId

    @classmethod
    def parse(cls, body: str) -> "RenderMessage":
        """Read a message's body.

        Raises:
            ValueError: not a message of ours; says what is wrong with it.
        """
        return msgspec.json.decode(body, type=cls)


class SqsRenderQueue:
    """Port `RenderQueue` over SQS.

    `correlation` tells the id of the call that is being served, if any; it travels beside the message, so
    that one id leads from the API call to the mail.
    """

    def __init__(self, client: "SQSClient", url: str, correlation: Callable[[], str | None]) -> None:
        self._client = client
        self._url = url
        self._correlation = correlation

    def send(self, request_id: RequestId) -> None:
        """Ask for a request to be drawn, issued and mailed."""
        attributes: dict[str, MessageAttributeValueTypeDef] = {}
        if correlation := self._correlation():
            attributes[CORRELATION_ATTRIBUTE] = {"DataType": "String", "StringValue": correlation}
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=msgspec.json.encode(RenderMessage(request_id)).decode(),
            MessageAttributes=attributes,
        )

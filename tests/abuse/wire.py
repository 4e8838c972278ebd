"""DynamoDB at the end of botocore's own wire: real requests and answers, and nothing that takes its own time.

moto looks for items in Python, so an item that is there takes longer there than on AWS. Here the answers lie
ready as bytes; what is measured is all that our side does: asking, reading, deciding, answering.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from botocore.awsrequest import AWSResponse

from constancia.adapters.items import certificate_item
from constancia.domain.certificate import Certificate, CertificateState
from tests.builders import FILE_SHA256, NOW

NOTHING = b"{}"


def answer_of(certificate: Certificate) -> bytes:
    """What DynamoDB says to GetItem where a certificate is."""
    item: dict[str, Any] = dict(certificate_item(certificate, NOW + timedelta(days=7)))
    if certificate.state is not CertificateState.PENDING:
        del item["expires_at"]
        item["sha256"] = {"S": FILE_SHA256}
    item["content"] = {"B": base64.b64encode(item["content"]["B"]).decode()}
    return json.dumps({"Item": item}).encode()


@dataclass
class Wire:
    """Answers every call; `item` is what GetItem finds."""

    item: bytes = NOTHING
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Operation and parameters."""

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.calls.append((operation, json.loads(request.body)))
        body = self.item if operation == "GetItem" else NOTHING
        answer: Any = AWSResponse
        headers = {"Content-Type": "application/x-amz-json-1.0"}
        return cast(AWSResponse, answer(request.url, 200, headers, _Raw(body)))


@contextmanager
def wired(client: Any) -> Iterator[Wire]:
    """Put a wire at the end of a boto3 client."""
    wire = Wire()
    client.meta.events.register_first("before-send.dynamodb", wire.answer)
    try:
        yield wire
    finally:
        client.meta.events.unregister("before-send.dynamodb", wire.answer)


class _Raw:
    """The body of an answer, as urllib3 hands it over."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body

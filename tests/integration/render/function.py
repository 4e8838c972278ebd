"""The render function over an AWS of its own, and what it leaves behind."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any

from moto.ses.models import ses_backends

from constancia.adapters.queue import SqsRenderQueue
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    PersonKey,
    new_request_id,
)
from constancia.domain.content import CertificateContent
from constancia.domain.virtual_code import new_virtual_code
from infra.local.template import ACCOUNT, REGION
from render.pipeline import Draw, Pipeline
from tests.builders import a_certificate, a_content, a_request
from tests.conftest import Aws
from tests.trail import a_trail

CORRELATION = "7d0a4f6e-call-of-the-api"


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up."""

    body: str
    attributes: dict[str, str]


class Context:
    """Lambda's context, as far as Powertools reads it."""

    function_name = "render"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:render"
    aws_request_id = "invocation-1"

    def __init__(self, remaining: Iterable[int] = repeat(30_000)) -> None:
        """`remaining`: the milliseconds that are left, each time that it is asked."""
        self._remaining = iter(remaining)

    def get_remaining_time_in_millis(self) -> int:
        return next(self._remaining)


class Render:
    """The function over its AWS, and what it leaves behind."""

    def __init__(self, aws: Aws, handler: Any, logs: io.StringIO) -> None:
        self.aws = aws
        self.module = handler
        self.logs = logs
        self.store = DynamoCertificateStore(aws.client("dynamodb"), aws.ref("Table"), self.now, a_trail(aws))

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    def asked(
        self, ago: timedelta = timedelta(0), content: CertificateContent | None = None, **changes: Any
    ) -> CertificateRequest:
        """Somebody asked, and was accepted; no message was sent yet."""
        now = self.now().replace(microsecond=0)
        certificate = a_certificate(
            CertificateState.PENDING,
            code=new_virtual_code(),
            issued_at=now,
            content=content or a_content(),
        )
        request = a_request(
            id=new_request_id(),
            code=certificate.code,
            created_at=now - ago,
            expires_at=now + timedelta(days=7),
            **changes,
        )
        self.store.accept(certificate, request, PersonKey(request.id), now)
        return request

    def send(self, *requests: CertificateRequest) -> None:
        queue = SqsRenderQueue(self.aws.client("sqs"), self.aws.ref("RenderQueue"), lambda: CORRELATION)
        for request in requests:
            queue.send(request.id)

    def messages(self) -> list[dict[str, Any]]:
        """What waits in the queue, in the form in which Lambda hands it over."""
        answer = self._received("RenderQueue")
        return [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {
                    name: {"stringValue": value["StringValue"], "dataType": "String"}
                    for name, value in message.get("MessageAttributes", {}).items()
                },
                "eventSource": "aws:sqs",
                "awsRegion": REGION,
            }
            for message in answer.get("Messages", [])
        ]

    def dead_letters(self) -> list[DeadLetter]:
        """What lies with the dead letters; it stays there."""
        return [
            DeadLetter(
                message["Body"],
                {name: value["StringValue"] for name, value in message.get("MessageAttributes", {}).items()},
            )
            for message in self._received("RenderDeadLetters")["Messages"]
        ]

    def move_back(self) -> None:
        """An operator moves all dead letters back to the queue, as SQS does by StartMessageMoveTask."""
        sqs = self.aws.client("sqs")
        for message in self._received("RenderDeadLetters")["Messages"]:
            sqs.send_message(
                QueueUrl=self.aws.ref("RenderQueue"),
                MessageBody=message["Body"],
                MessageAttributes=message["MessageAttributes"],
            )
            sqs.delete_message(
                QueueUrl=self.aws.ref("RenderDeadLetters"), ReceiptHandle=message["ReceiptHandle"]
            )

    def _received(self, queue: str) -> Any:
        answer = self.aws.client("sqs").receive_message(
            QueueUrl=self.aws.ref(queue),
            MaxNumberOfMessages=10,
            VisibilityTimeout=0 if queue == "RenderDeadLetters" else 180,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        return {"Messages": []} | answer

    def files(self) -> list[str]:
        """The keys of all files in the bucket, earlier versions included."""
        versions = self.aws.client("s3").list_object_versions(Bucket=self.aws.ref("Bucket"))
        return [version["Key"] for version in versions.get("Versions", [])]

    def items(self, prefix: str) -> list[str]:
        """The keys of the table's items of one kind."""
        items = self.aws.client("dynamodb").scan(TableName=self.aws.ref("Table"))["Items"]
        return [item["pk"]["S"] for item in items if item["pk"]["S"].startswith(prefix)]

    def draws(self, draw: Draw) -> None:
        """From now on the function draws so, as after a deploy."""
        pipeline: Pipeline = self.module.services.render.__self__
        self.module.services = replace(self.module.services, render=replace(pipeline, draw=draw).run)

    def handle(self, messages: list[dict[str, Any]], context: Context | None = None) -> list[str]:
        """Handle a batch; answers the messages that are to come again."""
        answer = self.module.handler({"Records": messages}, context or Context())
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def sweep(self) -> None:
        self.module.handler({"id": "sweep-1", "source": "aws.events"}, Context())

    def certificate(self, request: CertificateRequest) -> Certificate:
        certificate = self.store.certificate(request.code)
        assert certificate is not None
        return certificate

    def request(self, request: CertificateRequest) -> CertificateRequest:
        stored = self.store.request(request.id)
        assert stored is not None
        return stored

    def mails(self) -> list[Any]:
        return list(ses_backends[ACCOUNT][REGION].sent_messages)

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.logs.getvalue().splitlines()]

"""The one place where render's parts meet their adapters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aws_lambda_powertools import Logger

from constancia.adapters import aws
from constancia.adapters.audit import DynamoAuditTrail
from constancia.adapters.files import S3FileStore
from constancia.adapters.mail import SesMailer
from constancia.adapters.queue import SqsDeadLetters, SqsRenderQueue
from constancia.adapters.seal_chain import SealChainParameter
from constancia.adapters.signing import KmsSigner
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.certificate import RequestId
from render.failures import Delivery, GivenUp, LastResort
from render.pipeline import Pipeline, Step
from render.seal.timestamp import TimeStampAuthority
from render.sealing import SealedDrawing
from render.settings import Settings
from render.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Services:
    """What the handler calls."""

    render: Callable[[RequestId], Iterator[Step]]
    give_up: Callable[[Delivery, Exception], GivenUp | None]
    sweep: Callable[[], int]


def wire(settings: Settings, logger: Logger) -> Services:
    """Give pipeline and sweep their AWS. Messages carry the logger's correlation id on."""

    def now() -> datetime:
        return datetime.now(UTC)

    trail = DynamoAuditTrail(aws.dynamodb(), settings, logger.get_correlation_id)
    store = DynamoCertificateStore(aws.dynamodb(), settings.table_name, now, trail)
    queue = SqsRenderQueue(aws.sqs(), settings.queue_url, logger.get_correlation_id)
    pipeline = Pipeline(
        store=store,
        files=S3FileStore(aws.s3(), settings.bucket_name),
        mailer=SesMailer(aws.ses(), settings.mail_from, settings.mail_configuration_set),
        draw=SealedDrawing(
            SealChainParameter(aws.ssm, settings.seal_chain),
            KmsSigner(aws.kms(), settings.seal_key_id),
            TimeStampAuthority(settings.tsa_url) if settings.tsa_url else None,
            demo=settings.seal_demo,
            emblem=settings.emblem,
        ),
        clock=now,
        base_url=settings.public_base_url,
        contact_email=settings.contact_email,
        demo=settings.seal_demo,
    )
    last_resort = LastResort(
        store=store,
        dead_letters=SqsDeadLetters(aws.sqs(), settings.dead_letters_url, logger.get_correlation_id),
        clock=now,
        receives=settings.max_receives,
        held=timedelta(days=settings.held_days),
    )
    every = timedelta(minutes=settings.sweep_minutes)
    return Services(pipeline.run, last_resort.take, Sweep(store, queue, last_resort.abandon, now, every))

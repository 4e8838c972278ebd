"""The one place where validate's parts meet their adapters."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from constancia.adapters import aws
from constancia.adapters.audit import DynamoAuditTrail
from constancia.adapters.files import S3FileStore
from constancia.adapters.hashing import HmacPersonHasher
from constancia.adapters.limiter import DynamoLimiter
from constancia.adapters.seal_chain import SealChainParameter
from constancia.adapters.secrets import Secret
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.audit import Witness
from constancia.domain.errors import ErrorCode
from constancia.domain.ports import Clock
from constancia.web.journal import Journal
from constancia.web.pages import Pages
from constancia.web.resolver import new_resolver
from validate.api import add_api
from validate.guesses import PAUSE, Guesses
from validate.pages import add_pages
from validate.services import Services
from validate.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def wire(settings: Settings, logger: Logger, now: Clock = _now) -> Services:
    """Give the services their AWS. DynamoDB's client is made now, the others' when they are wanted."""

    @cache
    def files() -> S3FileStore:
        return S3FileStore(aws.s3(), settings.bucket_name)

    def secret() -> str:
        return Secret(aws.secrets_manager(), settings.person_hash_secret)()

    def guesses() -> Guesses:
        window = timedelta(minutes=settings.guess_minutes)
        limiter = DynamoLimiter(
            aws.dynamodb(),
            settings.table_name,
            now,
            kind="GUESSES",
            window=lambda at: at + window,
            refusal=ErrorCode.TOO_MANY_ATTEMPTS,
        )
        return Guesses(limiter, hasher, settings.guesses_per_code, settings.guesses_per_address)

    hasher = HmacPersonHasher(secret)
    trail = DynamoAuditTrail(aws.dynamodb(), settings, logger.get_correlation_id)
    store = DynamoCertificateStore(aws.dynamodb(), settings.table_name, now, trail)
    return Services(
        store=store,
        files=files,
        seal_chain=SealChainParameter(aws.ssm, settings.seal_chain),
        guesses=guesses(),
        witness=Witness(trail, hasher, now),
        clock=now,
        journal=Journal(logger),
        demo=settings.seal_demo,
        emblem=settings.emblem,
    )


def new_app(services: Services) -> APIGatewayRestResolver:
    """Make the resolver with all of validate's routes.

    Raises:
        UnknownEmblemError: no emblem has the name of the setting.
    """
    pages = Pages(Path(__file__).parent / "templates", demo=services.demo, emblem=services.emblem)
    app = new_resolver(pages, services.journal, {ErrorCode.TOO_MANY_ATTEMPTS: PAUSE})
    add_api(app, services, pages)
    add_pages(app, services, pages)
    return app

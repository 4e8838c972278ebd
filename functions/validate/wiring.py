"""The one place where validate's parts meet their adapters."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from constancia.adapters import aws
from constancia.adapters.files import S3FileStore
from constancia.adapters.seal_chain import SealChainParameter
from constancia.adapters.store import DynamoCertificateStore
from constancia.web.journal import Journal
from constancia.web.pages import Pages
from constancia.web.resolver import new_resolver
from validate.api import add_api
from validate.pages import add_pages
from validate.services import Services
from validate.settings import Settings


def wire(settings: Settings, logger: Logger) -> Services:
    """Give the services their AWS. DynamoDB's client is made now, the others' when they are wanted."""

    @cache
    def files() -> S3FileStore:
        return S3FileStore(aws.s3(), settings.bucket_name)

    def now() -> datetime:
        return datetime.now(UTC)

    store = DynamoCertificateStore(aws.dynamodb(), settings.table_name, now)
    return Services(
        store=store,
        files=files,
        seal_chain=SealChainParameter(aws.ssm, settings.seal_chain),
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
    app = new_resolver(pages, services.journal)
    add_api(app, services, pages)
    add_pages(app, services, pages)
    return app

"""The one place where request's parts meet their adapters."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from constancia.adapters import aws
from constancia.adapters.audit import DynamoAuditTrail
from constancia.adapters.hashing import HmacPersonHasher
from constancia.adapters.idempotency import DynamoSendings
from constancia.adapters.limiter import DynamoLimiter
from constancia.adapters.queue import SqsRenderQueue
from constancia.adapters.registries import (
    HttpCivilRegistry,
    HttpMigrationRegistry,
    HttpSchoolSystem,
    RegistryClient,
    SharedBreaker,
)
from constancia.adapters.registries import Limits as RegistryLimits
from constancia.adapters.secrets import Secret
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.audit import Witness
from constancia.domain.eligibility import Policy
from constancia.domain.errors import ErrorCode
from constancia.domain.lima import end_of_day
from constancia.domain.ports import PersonHasher
from constancia.domain.school import Modality
from constancia.web.journal import Journal, count_upstream
from constancia.web.pages import Pages
from constancia.web.resolver import new_resolver
from request.api import add_api
from request.dispatch import Dispatch
from request.intake import Intake, Periods
from request.languages import add_languages
from request.legal import add_legal
from request.limits import Limits, Shares
from request.pages import add_pages
from request.progress import Tracker
from request.registries import Registries
from request.services import Retention, Services
from request.settings import Settings
from request.wizard.draft import DraftCodec
from request.wizard.pages import add_steps

TEMPLATES = Path(__file__).parent / "templates"


def wire(settings: Settings, logger: Logger) -> Services:
    """Give the use cases their AWS and their registries."""
    table, name = aws.dynamodb(), settings.table_name
    trail = DynamoAuditTrail(table, settings, logger.get_correlation_id)
    store = DynamoCertificateStore(table, name, _now, trail)
    queue = SqsRenderQueue(aws.sqs(), settings.queue_url, logger.get_correlation_id)
    dispatch, journal = Dispatch(queue, logger), Journal(logger)
    policy, hasher = _policy(settings), HmacPersonHasher(_secret(settings.person_hash_secret))
    intake = Intake(
        registries=_registries(settings, hasher),
        store=store,
        sendings=DynamoSendings(table, name, _now),
        limits=_limits(settings, hasher),
        dispatch=dispatch,
        hasher=hasher,
        policy=policy,
        periods=Periods(
            timedelta(days=settings.request_days), timedelta(minutes=settings.same_request_minutes)
        ),
        clock=_now,
        count=journal.count,
    )
    tracker = Tracker(store, dispatch, Witness(trail, hasher, _now), _now)
    return Services(
        intake=intake,
        tracker=tracker,
        drafts=DraftCodec(_secret(settings.draft_secret), _now),
        policy=policy,
        journal=journal,
        clock=_now,
        contact_email=settings.contact_email,
        retention=_retention(settings),
        demo=settings.seal_demo,
        emblem=settings.emblem,
    )


def new_app(services: Services) -> APIGatewayRestResolver:
    """Make the resolver with all of request's routes.

    Raises:
        ValueError: there is no edition of the terms in the version that people are asked to accept.
        UnknownEmblemError: no emblem has the name of the setting.
    """
    pages = Pages(TEMPLATES, demo=services.demo, emblem=services.emblem)
    app = new_resolver(pages, services.journal)
    add_api(app, services)
    add_pages(app, services, pages)
    add_legal(app, services, pages)
    add_steps(app, services, pages)
    add_languages(app)
    return app


def _now() -> datetime:
    return datetime.now(UTC)


def _secret(name: str) -> Secret:
    return Secret(aws.secrets_manager(), name)


def _policy(settings: Settings) -> Policy:
    return Policy(
        terms_version=settings.terms_version,
        minimum_own_age=settings.minimum_own_age,
        adult_age=settings.adult_age,
        first_year=settings.first_year,
        modalities=frozenset(Modality(name.strip()) for name in settings.modalities.split(",")),
    )


def _retention(settings: Settings) -> Retention:
    return Retention(
        request=settings.request_days,
        held=settings.held_days,
        logs=settings.log_retention_days,
        audit_years=settings.audit_years,
        audit_unknown=settings.audit_unknown_days,
        lockout_minutes=settings.lockout_minutes,
    )


def _limits(settings: Settings, hasher: PersonHasher) -> Limits:
    def limiter(kind: str, window: Callable[[datetime], datetime], refusal: ErrorCode) -> DynamoLimiter:
        return DynamoLimiter(
            aws.dynamodb(), settings.table_name, _now, kind=kind, window=window, refusal=refusal
        )

    pause = timedelta(minutes=settings.lockout_minutes)
    return Limits(
        attempts=limiter("ATTEMPTS", lambda at: at + pause, ErrorCode.TOO_MANY_ATTEMPTS),
        attempts_each=Shares(
            student=settings.lockout_attempts,
            applicant=settings.lockout_attempts,
            address=settings.lockout_attempts_per_address,
        ),
        certificates=limiter("TODAY", end_of_day, ErrorCode.DAILY_LIMIT_REACHED),
        certificates_each=Shares(
            student=settings.daily_per_student,
            applicant=settings.daily_per_applicant,
            address=settings.daily_per_address,
        ),
        hasher=hasher,
    )


def _registries(settings: Settings, hasher: PersonHasher) -> Registries:
    breaker = SharedBreaker(
        settings.table_name, aws.dynamodb(), lambda subject: hasher.key("registry-subject", subject)
    )
    # The rest is for what no lookup can end by itself, and to answer.
    limits = RegistryLimits.within(settings.registry_seconds * 5 / 6)

    def client(name: str, url: str, secret: str) -> RegistryClient:
        return RegistryClient(
            name, url, _secret(secret), breaker=breaker, limits=limits, observe=count_upstream
        )

    return Registries(
        civil=HttpCivilRegistry(client("reniec", settings.reniec_url, settings.reniec_secret)),
        migration=HttpMigrationRegistry(
            client("migraciones", settings.migraciones_url, settings.migraciones_secret)
        ),
        school=HttpSchoolSystem(client("siagie", settings.siagie_url, settings.siagie_secret)),
        seconds=settings.registry_seconds,
    )

"""The pages around a request."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.certificate import MailState, RequestState
from constancia.domain.eligibility import Policy
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.lima import date_in_lima, day_in_words
from constancia.domain.school import Modality
from constancia.domain.virtual_code import grouped
from constancia.web.bodies import read_fields, refuse_foreign_form
from constancia.web.headers import Privacy, static_headers
from constancia.web.pages import Pages, see_other
from constancia.web.static_files import static_file
from request.api import file_path
from request.form import (
    CHOICE_FIELDS,
    LEVELS,
    MODALITIES,
    REASONS,
    Choice,
    Refusal,
    body_of,
    district_label,
    district_options,
    form_token,
    new_form_token,
)
from request.legal import announced
from request.schemas import parse_application
from request.services import Services

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent


def add_pages(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the pages."""

    @app.get("/")
    def start() -> Response[str]:
        return pages.render(
            app.current_event,
            "start.html",
            privacy=Privacy.PUBLIC,
            policy=services.policy,
            modalities=_offered(services.policy),
            announced=announced(services.policy.terms_version, date_in_lima(services.intake.clock())),
        )

    @app.get("/request")
    def form() -> Response[str]:
        event = app.current_event
        given = event.query_string_parameters or {}
        choice = Choice.of(given)
        if choice is None:
            # Whoever comes by a link has sent nothing yet; whoever chose in vain is told so.
            unclear = not CHOICE_FIELDS.isdisjoint(given)
            return pages.render(
                event,
                "behalf.html",
                privacy=Privacy.FORM,
                status=HTTPStatus.UNPROCESSABLE_ENTITY if unclear else HTTPStatus.OK,
                policy=services.policy,
                unclear=unclear,
                chosen=given,
            )
        return _form_page(event, services, pages, choice, {})

    @app.post("/request")
    def submit() -> Response[str]:
        event = app.current_event
        refuse_foreign_form(event)
        fields = read_fields(event)
        choice = Choice.of(fields)
        if choice is None:
            return see_other(event, "/request")
        try:
            application = parse_application(body_of(choice, fields))
            source = event.request_context.identity.source_ip
            request_id = services.intake.accept(application, source, form_token(fields))
        except DomainError as error:
            if error.code is ErrorCode.IDEMPOTENCY_KEY_REUSED:
                raise
            services.journal.refused(error)
            return _form_page(event, services, pages, choice, fields, Refusal.of(error))
        return see_other(event, f"/request/{request_id}")

    @app.get("/request/<id>")
    def progress(id: str) -> Response[str]:  # noqa: A002 - named as in the template
        event = app.current_event
        progress = services.tracker.progress_of(id)
        return pages.render(
            event,
            "progress.html",
            privacy=Privacy.PERSONAL,
            progress=progress,
            State=RequestState,
            Mail=MailState,
            until=day_in_words(date_in_lima(progress.expires_at)),
            contact_email=services.contact_email,
            code=grouped(progress.code) if progress.code else None,
            file=file_path(event, progress),
        )

    @app.get("/static/<name>")
    def static(name: str) -> Response[str]:
        file = static_file(name)
        if file is None:
            raise DomainError(ErrorCode.ROUTE_NOT_FOUND)
        headers = static_headers(file.etag)
        if app.current_event.headers.get("if-none-match") == file.etag:
            return Response(HTTPStatus.NOT_MODIFIED, None, "", headers)
        return Response(HTTPStatus.OK, file.content_type, file.body, headers)


def _offered(policy: Policy) -> dict[Modality, str]:
    return {modality: label for modality, label in MODALITIES.items() if modality in policy.modalities}


def _form_page(
    event: "BaseProxyEvent",
    services: Services,
    pages: Pages,
    choice: Choice,
    fields: dict[str, str],
    refusal: Refusal | None = None,
) -> Response[str]:
    retry_after = refusal.problem.retry_after if refusal else None
    return pages.render(
        event,
        "form.html",
        privacy=Privacy.FORM,
        status=refusal.problem.text.status if refusal else HTTPStatus.OK,
        headers={"Retry-After": str(retry_after)} if retry_after else None,
        choice=choice,
        policy=services.policy,
        values=fields,
        refusal=refusal,
        token=form_token(fields) or new_form_token(),
        levels=LEVELS,
        modalities=_offered(services.policy),
        reasons=REASONS,
        district_options=district_options(),
        district_label=district_label,
    )

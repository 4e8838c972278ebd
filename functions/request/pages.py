"""The pages around a request; those of its six steps are in `request.wizard`."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.certificate import MailState, RequestState
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.lima import date_in_lima
from constancia.domain.virtual_code import grouped
from constancia.web.addresses import source_address
from constancia.web.headers import Privacy, static_headers
from constancia.web.pages import Pages
from constancia.web.static_files import static_file
from request.api import file_path
from request.form import offered
from request.legal import announced
from request.services import Services
from request.wizard.forgetting import way_to_forget


def add_pages(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the pages."""

    @app.get("/")
    def start() -> Response[str]:
        return pages.render(
            app.current_event,
            "start.html",
            privacy=Privacy.PUBLIC,
            policy=services.policy,
            modalities=offered(services.policy),
            announced=announced(services.policy.terms_version, date_in_lima(services.clock())),
        )

    @app.get("/request/<id>")
    def progress(id: str) -> Response[str]:  # noqa: A002 - named as in the template
        event = app.current_event
        progress = services.tracker.progress_of(id, source_address(event))
        return pages.render(
            event,
            "progress.html",
            privacy=Privacy.PERSONAL,
            # Whatever becomes of the script, which takes this away: it asks by itself.
            headers={"Refresh": "5"} if progress.state is RequestState.PENDING else None,
            progress=progress,
            forget=way_to_forget(event),
            State=RequestState,
            Mail=MailState,
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

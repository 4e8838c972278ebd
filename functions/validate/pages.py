"""The pages of verification: of a code, which a QR opens at once, and of a file, by its digest."""

from collections.abc import Mapping

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.errors import DomainError, ErrorCode, InvalidInputError
from constancia.domain.identity import IdentityDocument
from constancia.domain.links import certificate_file_path, verification_url
from constancia.web.addresses import address_of, source_address
from constancia.web.bodies import read_fields
from constancia.web.pages import Pages
from validate.paper import Cell, code_cell, paper_of
from validate.reading import Question, read_address, read_file_form, read_form
from validate.screens import Screens
from validate.services import Services
from validate.verdicts import text_of, text_of_file


def add_pages(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the pages."""
    screens = Screens(app, services, pages)

    @app.get("/validate")
    def form() -> Response[str]:
        return screens.form("validate_form.html", app.current_event.query_string_parameters)

    @app.post("/validate")
    def ask() -> Response[str]:
        fields = read_fields(app.current_event)
        try:
            question = read_form(fields)
        except InvalidInputError as error:
            return screens.form("validate_form.html", fields, error)
        # Another language is chosen by an address, and the form's own has no answer.
        return show_result(question, fields, back=verification_url("", question.code))

    @app.get("/validate/<code>")
    def scan(code: str) -> Response[str]:
        try:
            question = read_address(code, app.current_event.query_string_parameters.get("t"))
        except InvalidInputError as error:
            return screens.form("validate_form.html", {"code": code}, error)
        return show_result(question, {}, back=address_of(app.current_event))

    @app.head("/validate/<code>")
    def look(code: str) -> Response[str]:
        response = scan(code)
        response.body = ""
        return response

    def show_result(question: Question, fields: Mapping[str, str], *, back: str) -> Response[str]:
        try:
            verification = services.verify(question, source_address(app.current_event))
        except DomainError as error:
            if error.code is not ErrorCode.TOO_MANY_ATTEMPTS:
                raise
            return screens.pause(error, fields, question.code)
        opened = verification.opened
        download = opened and opened.download
        return screens.answer(
            "validate_result.html",
            fields,
            verification.checked_at,
            back=back,
            verification=verification,
            text=text_of(verification, question.shown),
            shown=question.shown,
            tried=_tried(question),
            alone=verification_url("", question.code),
            code=code_cell(verification),
            paper=paper_of(verification),
            sha256=opened and opened.sha256,
            download=download and certificate_file_path("", verification.code, download.grant),
        )

    @app.get("/validate/file")
    def file_form() -> Response[str]:
        return screens.form("file_form.html", app.current_event.query_string_parameters)

    @app.post("/validate/file")
    def ask_about_file() -> Response[str]:
        fields = read_fields(app.current_event)
        try:
            sha256 = read_file_form(fields)
        except InvalidInputError as error:
            return screens.form("file_form.html", fields, error)
        verification = services.verify_file(sha256, source_address(app.current_event))
        certificate = verification.certificate
        return screens.answer(
            "file_result.html",
            fields,
            verification.checked_at,
            verification=verification,
            text=text_of_file(verification),
            certificate=certificate,
            code=code_cell(certificate) if certificate else None,
            sha256=sha256,
        )


def _tried(question: Question) -> Cell | None:
    """The document that was shown, as much of it as a record on paper may say."""
    if not isinstance(question.proof, IdentityDocument):
        return None
    masked = question.proof.masked
    return Cell(masked, " ".join(masked.lstrip("•")))

"""The pages of verification: the form, and the result that a QR opens at once."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from constancia.domain import wording
from constancia.domain.errors import FieldErrorCode, InvalidInputError
from constancia.domain.languages import language_of
from constancia.domain.links import certificate_file_path
from constancia.domain.virtual_code import grouped
from constancia.web.bodies import read_fields
from constancia.web.headers import Privacy
from constancia.web.pages import Pages
from constancia.web.problems import N_, explain
from validate.paper import paper_of
from validate.reading import Question, read_address, read_form
from validate.services import Services

_CODE_FORM = N_("El código virtual tiene 12 letras y números, como 99S0-QR6Y-D40R. Escríbalo completo.")
_DOCUMENT_FORM = N_(
    "El DNI tiene 8 números; el carnet de extranjería, de 9 a 12 letras y números. Revíselo o déjelo vacío."
)
_TOKEN_FORM = N_(
    "El enlace del código QR está incompleto o fue cambiado. Escanéelo otra vez, o verifique con el código "
    "virtual y el número de documento."
)
_TEXTS: Final = {
    ("/code", FieldErrorCode.MISSING): N_("Escriba el código virtual de la constancia."),
    ("/code", FieldErrorCode.TOO_LONG): _CODE_FORM,
    ("/code", FieldErrorCode.INVALID_FORMAT): _CODE_FORM,
    ("/code", FieldErrorCode.INVALID_CHECK_CHARACTER): N_(
        "El código está mal escrito: hay al menos un carácter equivocado. Compárelo uno por uno con el de la "
        "constancia, que está en la esquina superior derecha."
    ),
    ("/document", FieldErrorCode.TOO_LONG): _DOCUMENT_FORM,
    ("/document", FieldErrorCode.INVALID_FORMAT): _DOCUMENT_FORM,
    ("/token", FieldErrorCode.MISSING): _TOKEN_FORM,
    ("/token", FieldErrorCode.TOO_LONG): _TOKEN_FORM,
    ("/token", FieldErrorCode.INVALID_FORMAT): _TOKEN_FORM,
}
_ECHO_LIMIT = 200


def add_pages(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the pages."""

    @app.get("/validate")
    def form() -> Response[str]:
        return show_form({})

    @app.post("/validate")
    def ask() -> Response[str]:
        fields = read_fields(app.current_event)
        try:
            question = read_form(fields)
        except InvalidInputError as error:
            services.journal.refused(error)
            return show_form(fields, error)
        return show_result(question)

    @app.get("/validate/<code>")
    def scan(code: str) -> Response[str]:
        try:
            question = read_address(code, app.current_event.query_string_parameters.get("t"))
        except InvalidInputError as error:
            services.journal.refused(error)
            return show_form({"code": code}, error)
        return show_result(question)

    @app.head("/validate/<code>")
    def look(code: str) -> Response[str]:
        response = scan(code)
        response.body = ""
        return response

    def show_form(fields: Mapping[str, str], error: InvalidInputError | None = None) -> Response[str]:
        return pages.render(
            app.current_event,
            "validate_form.html",
            privacy=Privacy.PERSONAL,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            typed={name: fields.get(name, "")[:_ECHO_LIMIT] for name in ("code", "document")},
            errors=_errors_by_field(error) if error else {},
        )

    def show_result(question: Question) -> Response[str]:
        verification = services.verify(question)
        download = verification.opened and verification.opened.download
        return pages.render(
            app.current_event,
            "validate_result.html",
            privacy=Privacy.PERSONAL,
            verification=verification,
            shown=question.shown,
            host=_host(app.current_event),
            code=grouped(verification.code),
            paper=paper_of(verification),
            download=download and certificate_file_path("", verification.code, download.grant),
            wording=wording,
            language_of=language_of,
        )


def _host(event: BaseProxyEvent) -> str:
    """The site's name as the gateway was called, so that a reader sees who answered."""
    return str(event["requestContext"].get("domainName") or event.headers.get("host") or "")


def _errors_by_field(error: InvalidInputError) -> dict[str, str]:
    return {
        field.pointer.removeprefix("/"): _TEXTS.get((field.pointer, field.code)) or explain(field)
        for field in error.fields
    }

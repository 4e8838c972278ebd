"""The pages of verification: of a code, which a QR opens at once, and of a file, by its digest."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from constancia.domain import wording
from constancia.domain.errors import FieldErrorCode, InvalidInputError
from constancia.domain.lima import LIMA, day_in_words
from constancia.domain.links import certificate_file_path
from constancia.web.bodies import read_fields
from constancia.web.headers import Privacy
from constancia.web.pages import Pages
from constancia.web.problems import N_, explain
from validate.paper import code_cell, paper_of
from validate.reading import Question, read_address, read_file_form, read_form
from validate.services import Services
from validate.verdicts import text_of, text_of_file

_CODE_FORM = N_("El código virtual tiene 12 letras y números, como 99S0-QR6Y-D40R. Escríbalo completo.")
_DOCUMENT_FORM = N_(
    "El DNI tiene 8 números; el carnet de extranjería, de 9 a 12 letras y números. Revíselo o déjelo vacío."
)
_TOKEN_FORM = N_(
    "El enlace del código QR está incompleto o fue cambiado. Escanéelo otra vez, o verifique con el código "
    "virtual y el número de documento."
)
_DIGEST_FORM = N_(
    "La huella SHA-256 tiene 64 caracteres: números y letras de la «a» a la «f». Cópiela completa, sin otra "
    "huella al lado."
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
    ("/sha256", FieldErrorCode.MISSING): N_("Elija un archivo, o pegue la huella SHA-256 del archivo."),
    ("/sha256", FieldErrorCode.TOO_LONG): _DIGEST_FORM,
    ("/sha256", FieldErrorCode.INVALID_FORMAT): _DIGEST_FORM,
}
_FIELDS: Final = {"/token": "code"}
"""The field of the page where an error is told, where the pointer does not say so: a token has none."""
_ECHO_LIMIT = 200
_SERIES: Final = ("next", "1")
"""The field that says: one check after another. Then each page has the focus where the next one begins."""


def add_pages(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the pages."""

    @app.get("/validate")
    def form() -> Response[str]:
        return show_form({}, series=_in_series(app.current_event.query_string_parameters))

    @app.post("/validate")
    def ask() -> Response[str]:
        fields = read_fields(app.current_event)
        series = _in_series(fields)
        try:
            question = read_form(fields)
        except InvalidInputError as error:
            services.journal.refused(error)
            return show_form(fields, error, series=series)
        return show_result(question, series=series)

    @app.get("/validate/file")
    def file_form() -> Response[str]:
        return show_file_form({}, series=_in_series(app.current_event.query_string_parameters))

    @app.post("/validate/file")
    def ask_about_file() -> Response[str]:
        fields = read_fields(app.current_event)
        series = _in_series(fields)
        try:
            sha256 = read_file_form(fields)
        except InvalidInputError as error:
            services.journal.refused(error)
            return show_file_form(fields, error, series=series)
        return show_file_result(sha256, series=series)

    @app.get("/validate/<code>")
    def scan(code: str) -> Response[str]:
        try:
            question = read_address(code, app.current_event.query_string_parameters.get("t"))
        except InvalidInputError as error:
            services.journal.refused(error)
            return show_form({"code": code}, error, series=False)
        return show_result(question, series=False)

    @app.head("/validate/<code>")
    def look(code: str) -> Response[str]:
        response = scan(code)
        response.body = ""
        return response

    def show_form(
        fields: Mapping[str, str], error: InvalidInputError | None = None, *, series: bool
    ) -> Response[str]:
        return _show("validate_form.html", fields, error, series)

    def show_file_form(
        fields: Mapping[str, str], error: InvalidInputError | None = None, *, series: bool
    ) -> Response[str]:
        return _show("file_form.html", fields, error, series)

    def _show(
        template: str, fields: Mapping[str, str], error: InvalidInputError | None, series: bool
    ) -> Response[str]:
        return pages.render(
            app.current_event,
            template,
            privacy=Privacy.PERSONAL,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            typed={name: fields.get(name, "")[:_ECHO_LIMIT] for name in ("code", "document", "sha256")},
            errors=_errors_by_field(error) if error else {},
            series=series,
            host=_host(app.current_event),
        )

    def show_result(question: Question, *, series: bool) -> Response[str]:
        verification = services.verify(question)
        opened = verification.opened
        download = opened and opened.download
        return _answer(
            "validate_result.html",
            series,
            verification.checked_at,
            verification=verification,
            text=text_of(verification, question.shown),
            shown=question.shown,
            code=code_cell(verification),
            paper=paper_of(verification),
            sha256=opened and opened.sha256,
            download=download and certificate_file_path("", verification.code, download.grant),
        )

    def show_file_result(sha256: str, *, series: bool) -> Response[str]:
        verification = services.verify_file(sha256)
        certificate = verification.certificate
        return _answer(
            "file_result.html",
            series,
            verification.checked_at,
            verification=verification,
            text=text_of_file(verification),
            certificate=certificate,
            code=code_cell(certificate) if certificate else None,
            sha256=sha256,
        )

    def _answer(template: str, series: bool, checked_at: datetime, **context: Any) -> Response[str]:
        checked = checked_at.astimezone(LIMA).replace(microsecond=0)
        return pages.render(
            app.current_event,
            template,
            privacy=Privacy.PERSONAL,
            series=series,
            host=_host(app.current_event),
            checked=checked,
            checked_day=day_in_words(checked.date()),
            wording=wording,
            **context,
        )


def _in_series(fields: Mapping[str, str]) -> bool:
    name, value = _SERIES
    return fields.get(name) == value


def _host(event: BaseProxyEvent) -> str:
    """The site's name as the gateway was called, so that a reader sees who answered."""
    return str(event["requestContext"].get("domainName") or event.headers.get("host") or "")


def _errors_by_field(error: InvalidInputError) -> dict[str, str]:
    """The first error of each field of the page."""
    texts: dict[str, str] = {}
    for field in error.fields:
        name = _FIELDS.get(field.pointer) or field.pointer.removeprefix("/")
        texts.setdefault(name, _TEXTS.get((field.pointer, field.code)) or explain(field))
    return texts

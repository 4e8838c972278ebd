"""The pages of verification: of a code, which a QR opens at once, and of a file, by its digest."""

from collections.abc import Mapping
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.errors import DomainError, ErrorCode, InvalidInputError
from constancia.domain.identity import IdentityDocument
from constancia.domain.links import certificate_file_path, verification_url
from constancia.web.addresses import address_of, source_address
from constancia.web.bodies import read_fields, refuse_foreign_form
from constancia.web.languages import Language, chosen_language
from constancia.web.pages import Pages
from validate.paper import Cell, code_cell, paper_of
from validate.reading import Question, read_address, read_file_form, read_form
from validate.screens import Screens, own_form
from validate.services import Services
from validate.verdicts import text_of, text_of_file

_ASKED: Final = "asked"
"""In an answer's form: the code, the link or the digest that was asked about, to be asked once more."""
_SHOWN: Final = "shown"
"""The document number that was shown with it."""


def add_pages(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the pages."""
    screens = Screens(app, services, pages)

    @app.get("/validate")
    def form() -> Response[str]:
        return screens.form("validate_form.html", app.current_event.query_string_parameters)

    @app.post("/validate")
    def ask() -> Response[str]:
        fields, chosen = read_sent()
        if chosen and _ASKED not in fields:
            return screens.form_again("validate_form.html", fields, chosen)
        asked = {"code": fields[_ASKED], "document": fields.get(_SHOWN, "")} if chosen else fields
        try:
            question = read_form(asked)
        except InvalidInputError as error:
            return screens.form("validate_form.html", asked, error)
        return show_result(question, fields, asked, back=verification_url("", question.code), chosen=chosen)

    @app.get("/validate/<code>")
    def scan(code: str) -> Response[str]:
        try:
            question = read_address(code, app.current_event.query_string_parameters.get("t"))
        except InvalidInputError as error:
            return screens.form("validate_form.html", {"code": code}, error)
        address = address_of(app.current_event)
        return show_result(question, {}, {"code": address}, back=address)

    @app.head("/validate/<code>")
    def look(code: str) -> Response[str]:
        response = scan(code)
        response.body = ""
        return response

    def read_sent() -> tuple[dict[str, str], Language | None]:
        """The fields of a form, and the language whose button sent it, if one did."""
        fields = read_fields(app.current_event)
        chosen = chosen_language(fields)
        if chosen:
            refuse_foreign_form(app.current_event, origin_may_be_hidden=True)
        return fields, chosen

    def show_result(
        question: Question,
        fields: Mapping[str, str],
        asked: Mapping[str, str],
        *,
        back: str,
        chosen: Language | None = None,
    ) -> Response[str]:
        """The answer to a question, with the question as it was asked: to be asked in another language."""
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
            # What a QR opened stands in the address whole, and nothing can be typed beside it.
            own_form=None if opened and asked == {"code": back} else own_form("/validate"),
            repeated={_ASKED: asked["code"], _SHOWN: asked.get("document", "")},
            chosen=chosen,
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
        fields, chosen = read_sent()
        if chosen and _ASKED not in fields:
            return screens.form_again("file_form.html", fields, chosen)
        asked = {"sha256": fields[_ASKED]} if chosen else fields
        try:
            sha256 = read_file_form(asked)
        except InvalidInputError as error:
            return screens.form("file_form.html", asked, error)
        verification = services.verify_file(sha256, source_address(app.current_event))
        certificate = verification.certificate
        return screens.answer(
            "file_result.html",
            fields,
            verification.checked_at,
            own_form=own_form("/validate/file"),
            repeated={_ASKED: sha256},
            chosen=chosen,
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

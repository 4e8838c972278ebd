"""What the pages of verification share: forms that tell errors, answers that say who gives them and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from constancia.domain import wording
from constancia.domain.errors import DomainError, FieldError, FieldErrorCode, InvalidInputError
from constancia.domain.links import verification_url
from constancia.domain.messages import N_
from constancia.domain.virtual_code import VirtualCode, grouped
from constancia.web.headers import Privacy
from constancia.web.languages import Language
from constancia.web.pages import Pages
from constancia.web.problems import explain, problem_of
from validate.guesses import PAUSE
from validate.services import Services

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
    ("/document", FieldErrorCode.MISSING): N_("Escriba el número de documento del estudiante."),
    ("/document", FieldErrorCode.TOO_LONG): _DOCUMENT_FORM,
    ("/document", FieldErrorCode.INVALID_FORMAT): _DOCUMENT_FORM,
    ("/document", FieldErrorCode.INVALID_CHECK_CHARACTER): N_(
        "El dígito verificador no corresponde a ese número: revíselo, o escriba solo los 8 primeros dígitos."
    ),
    ("/token", FieldErrorCode.MISSING): _TOKEN_FORM,
    ("/token", FieldErrorCode.TOO_LONG): _TOKEN_FORM,
    ("/token", FieldErrorCode.INVALID_FORMAT): _TOKEN_FORM,
    ("/sha256", FieldErrorCode.MISSING): N_("Elija un archivo, o pegue la huella SHA-256 del archivo."),
    ("/sha256", FieldErrorCode.TOO_LONG): _DIGEST_FORM,
    ("/sha256", FieldErrorCode.INVALID_FORMAT): _DIGEST_FORM,
}
_ACTIONS: Final = {"validate_form.html": "/validate", "file_form.html": "/validate/file"}
"""Where the forms are sent."""
_FIELDS: Final = {"/token": "code"}
"""The field of the page where an error is told, where the pointer does not say so: a token has none."""
_ECHO_LIMIT = 200
_TOLD: Final = "told"
"""The field in which a page sends again what it said was wrong."""


@dataclass(frozen=True, slots=True)
class Screens:
    """Makes the pages. `fields` is what was sent with the request, by form or in the address."""

    app: APIGatewayRestResolver
    services: Services
    pages: Pages

    def form(
        self, template: str, fields: Mapping[str, str], error: InvalidInputError | None = None
    ) -> Response[str]:
        """A form: empty, or with what was typed and what is wrong with it."""
        if error:
            self.services.journal.refused(error)
        return self._form(template, fields, error, typed=fields if error else {})

    def form_again(self, template: str, fields: Mapping[str, str], chosen: Language) -> Response[str]:
        """The form in a language just chosen, with what is typed in it, and what was told of it; unjudged."""
        return self._form(template, fields, _told(fields), typed=fields, chosen=chosen)

    def _form(
        self,
        template: str,
        fields: Mapping[str, str],
        error: InvalidInputError | None,
        *,
        typed: Mapping[str, str],
        chosen: Language | None = None,
    ) -> Response[str]:
        return self._page(
            template,
            fields,
            own_form=own_form(_ACTIONS[template]),
            chosen=chosen,
            # The empty form is about nobody: people may find it with a search engine.
            headers=None if fields else {"X-Robots-Tag": "all"},
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            typed={name: value[:_ECHO_LIMIT] for name, value in typed.items()},
            errors=_errors_by_field(error) if error else {},
            told=" ".join(f"{one.pointer}:{one.code}" for one in error.fields) if error else None,
        )

    def answer(
        self, template: str, fields: Mapping[str, str], checked_at: datetime, **context: Any
    ) -> Response[str]:
        """An answer: a verdict at a moment, and what the context shows of it.

        A number that is being typed beside it is shown again where the page is only changing its language.
        """
        typed = {"document": fields.get("document", "")[:_ECHO_LIMIT]} if context.get("chosen") else {}
        return self._page(template, fields, checked_at=checked_at, wording=wording, typed=typed, **context)

    def pause(self, error: DomainError, fields: Mapping[str, str], code: VirtualCode) -> Response[str]:
        """No answer for now, because documents were guessed; the code alone is a click away."""
        self.services.journal.refused(error)
        problem = problem_of(error, {error.code: PAUSE})
        now = self.services.clock()
        return self._page(
            "pause.html",
            fields,
            status=problem.text.status,
            headers={"Retry-After": str(problem.retry_after)},
            back=verification_url("", code),
            problem=problem,
            code=grouped(code),
            alone=verification_url("", code),
            again=now + timedelta(seconds=problem.retry_after or 0),
        )

    def _page(self, template: str, fields: Mapping[str, str], **context: Any) -> Response[str]:
        return self.pages.render(
            self.app.current_event,
            template,
            privacy=Privacy.PERSONAL,
            host=_host(self.app.current_event),
            # One check after another (docs/adr/0120): each page has the focus where the next one begins.
            series=fields.get("next") == "1",
            **context,
        )


def own_form(path: str) -> dict[str, str]:
    """The form of a page, which the switch of languages sends."""
    return {"id": "question", "action": path}


def _told(fields: Mapping[str, str]) -> InvalidInputError | None:
    """What a page said was wrong with it: only what it can say."""
    said = [one.rpartition(":")[::2] for one in fields.get(_TOLD, "").split()]
    known = [FieldError(*told) for told in _TEXTS if told in said]
    return InvalidInputError(*known) if known else None


def _host(event: BaseProxyEvent) -> str:
    """The site's name as the gateway was called, so that a reader sees who answered; as browsers show it."""
    domain, host = event["requestContext"].get("domainName"), event.headers.get("host")
    named = not domain or (host or "").partition(":")[0] == domain  # `host` may add a port, nothing else
    return str((host if named else domain) or "")


def _errors_by_field(error: InvalidInputError) -> dict[str, str]:
    """The first error of each field of the page."""
    texts: dict[str, str] = {}
    for field in error.fields:
        name = _FIELDS.get(field.pointer) or field.pointer.removeprefix("/")
        texts.setdefault(name, _TEXTS.get((field.pointer, field.code)) or explain(field))
    return texts

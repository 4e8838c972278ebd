"""The switch of languages: a form, so that it works without scripts; the choice is kept in a cookie."""

from datetime import timedelta
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.errors import FieldError, FieldErrorCode, InvalidInputError
from constancia.web.addresses import own_address
from constancia.web.bodies import read_fields, refuse_foreign_form
from constancia.web.cookies import new_cookie
from constancia.web.languages import COOKIE, language_named
from constancia.web.pages import see_other

_KEPT: Final = timedelta(days=365)


def add_languages(app: APIGatewayRestResolver) -> None:
    """Add the routes of the switch."""

    @app.get("/language")
    def again() -> Response[str]:
        # Whoever asks for the address of a choice that was refused.
        return see_other(app.current_event, "/")

    @app.post("/language")
    def switch() -> Response[str]:
        event = app.current_event
        refuse_foreign_form(event, origin_may_be_hidden=True)
        fields = read_fields(event)
        language = language_named(fields.get("to"))
        if language is None:
            raise InvalidInputError(FieldError("/to", FieldErrorCode.NOT_A_CHOICE))
        chosen = new_cookie(event, COOKIE, language.code, max_age=int(_KEPT.total_seconds()))
        return see_other(event, own_address(fields.get("back", "")) or "/", [chosen])

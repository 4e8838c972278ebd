"""The switch of languages: a form, so that it works without scripts; the choice is kept in a cookie.

Pages on which something is typed send their own form instead, and are shown again with it (docs/adr/0167).
"""

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.errors import FieldError, FieldErrorCode, InvalidInputError
from constancia.web.addresses import own_address
from constancia.web.bodies import read_fields, refuse_foreign_form
from constancia.web.languages import SWITCH, chosen_language, kept_language
from constancia.web.pages import see_other


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
        language = chosen_language(fields)
        if language is None:
            raise InvalidInputError(FieldError(f"/{SWITCH}", FieldErrorCode.NOT_A_CHOICE))
        back = own_address(fields.get("back", "")) or "/"
        return see_other(event, back, [kept_language(event, language)])

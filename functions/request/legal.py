"""The legal pages: terms in all their editions, personal data, cookies, accessibility.

A text that people accepted is never changed: a change is a new edition with a date, and the site says so.
Tests hold every text to the digest under which it was published.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.messages import N_
from constancia.web.headers import Privacy
from constancia.web.pages import Pages
from request.services import Services


@dataclass(frozen=True, slots=True)
class Edition:
    """The terms as they were published: their text is `templates/terms/<version>.html`."""

    version: str
    since: date
    changes: tuple[str, ...] = ()
    """What is new in them; of the first ones, nothing."""


EDITIONS: Final = (
    Edition("2026-11", date(2026, 11, 1)),
    Edition(
        "2026-11-23",
        date(2026, 11, 23),
        (
            N_(
                "El tratamiento de sus datos personales se explica en una página propia: qué datos son, para "
                "qué se usan, cuánto duran, quién los recibe y cómo ejercer sus derechos."
            ),
            N_("Se dice quién es el oficial de datos personales y cómo escribirle."),
            N_("Se explica la cookie que lleva sus respuestas mientras llena la solicitud."),
            N_("Se aclara cuándo una constancia deja de valer."),
        ),
    ),
)
"""All editions of the terms, the oldest first."""

PUBLISHED: Final = {
    "privacy": date(2026, 11, 23),
    "cookies": date(2026, 11, 23),
    "accessibility": date(2026, 11, 23),
}
"""Since when the other pages say what they say."""

_NEWS: Final = timedelta(days=90)
"""For so long the start page tells of a change."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition for its page, with its neighbours."""

    version: str
    since: date
    changes: tuple[str, ...]
    is_current: bool
    until: date | None
    """The last day on which it was in force."""
    former: Edition | None


def shown(version: str, current: str) -> Shown | None:
    """An edition that people may read: the one in force and those before it, none that is only prepared."""
    known = [edition.version for edition in EDITIONS]
    if version not in known or current not in known:
        return None
    place, last = known.index(version), known.index(current)
    if place > last:
        return None
    edition = EDITIONS[place]
    return Shown(
        version,
        edition.since,
        edition.changes,
        is_current=place == last,
        until=EDITIONS[place + 1].since - timedelta(days=1) if place < last else None,
        former=EDITIONS[place - 1] if place else None,
    )


def announced(current: str, today: date) -> Shown | None:
    """The terms in force, while it is news that they changed."""
    edition = shown(current, current)
    return edition if edition and edition.changes and today - edition.since < _NEWS else None


def add_legal(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the legal pages.

    Raises:
        ValueError: the terms in force are in no edition.
    """
    in_force = services.policy.terms_version
    if shown(in_force, in_force) is None:
        raise ValueError(f"there is no edition {in_force} of the terms (request.legal.EDITIONS)")
    common: dict[str, Any] = {
        "policy": services.policy,
        "contact_email": services.contact_email,
        "retention": services.retention,
    }

    @app.get("/terms")
    def terms() -> Response[str]:
        return edition(in_force)

    @app.get("/terms/<version>")
    def edition(version: str) -> Response[str]:
        found = shown(version, in_force)
        if found is None:
            raise DomainError(ErrorCode.ROUTE_NOT_FOUND)
        return pages.render(
            app.current_event,
            f"terms/{found.version}.html",
            privacy=Privacy.PUBLIC,
            edition=found,
            **common,
        )

    def dated(name: str) -> Response[str]:
        return pages.render(
            app.current_event,
            f"legal/{name}.html",
            privacy=Privacy.PUBLIC,
            since=PUBLISHED[name],
            **common,
        )

    @app.get("/privacy")
    def privacy() -> Response[str]:
        return dated("privacy")

    @app.get("/cookies")
    def cookies() -> Response[str]:
        return dated("cookies")

    @app.get("/accessibility")
    def accessibility() -> Response[str]:
        return dated("accessibility")

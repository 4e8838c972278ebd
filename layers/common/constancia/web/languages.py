"""The site's languages. The sources are Spanish; the others are catalogues in `constancia/locale`.

A text that a catalogue lacks is shown in Spanish, string by string, and marked so that the page can tell
whoever reads it aloud (`constancia.web.fallbacks`). A catalogue is read with the first page in its language.

`make messages` gathers the texts and compiles the catalogues (docs/languages.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from constancia.domain.errors import FieldError, FieldErrorCode, InvalidInputError
from constancia.domain.lima import LIMA, MONTHS, date_in_lima
from constancia.domain.messages import N_
from constancia.web.cookies import cookie_of, new_cookie
from constancia.web.fallbacks import marked

if TYPE_CHECKING:
    from aws_lambda_powertools.shared.cookies import Cookie
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

COOKIE: Final = "language"
SWITCH: Final = "to"
"""The field of a form that a button of the switch sends."""
_KEPT: Final = timedelta(days=365)
FOLDER: Final = Path(__file__).parents[1] / "locale"
DOMAIN: Final = "messages"


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the site speaks."""

    code: str
    """In the cookie, and the folder of its catalogue."""
    tag: str
    """BCP 47, for `lang`."""
    name: str
    """What its speakers call it."""


SPANISH: Final = Language("es", "es-PE", "Español")
LANGUAGES: Final = (
    SPANISH,
    Language("qu", "qu-PE", "Runasimi"),
    Language("ay", "ay-PE", "Aymar aru"),
    Language("en", "en", "English"),
)


def language_named(code: str | None) -> Language | None:
    """The language of a code, if the site speaks it."""
    return next((language for language in LANGUAGES if language.code == code), None)


def language_of(event: "BaseProxyEvent") -> Language:
    """The language that the person chose; Spanish until then."""
    return language_named(cookie_of(event, COOKIE)) or SPANISH


def chosen_language(fields: Mapping[str, str]) -> Language | None:
    """The language whose button sent a form; None if another button did.

    Raises:
        InvalidInputError: the site does not speak it.
    """
    if SWITCH not in fields:
        return None
    language = language_named(fields[SWITCH])
    if language is None:
        raise InvalidInputError(FieldError(f"/{SWITCH}", FieldErrorCode.NOT_A_CHOICE))
    return language


def kept_language(event: "BaseProxyEvent", language: Language) -> "Cookie":
    """The cookie that keeps a choice."""
    return new_cookie(event, COOKIE, language.code, max_age=int(_KEPT.total_seconds()))


@dataclass(frozen=True, slots=True)
class Speech:
    """Texts and dates of one language."""

    language: Language
    translations: NullTranslations

    @property
    def is_source(self) -> bool:
        """Whether it is the language of the sources, where nothing is translated."""
        return self.language is SPANISH

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody whose first language it is has read every text; the catalogue says so."""
        return self.is_source or self.translations.info().get("x-unreviewed-texts") == "0"

    @property
    def gettext(self) -> Callable[[str], str]:
        """Translate a text; where the catalogue lacks it, answer it in Spanish and marked."""
        return self.translations.gettext

    def day(self, on: date | datetime) -> str:
        """A day in words: `6 de diciembre de 2026`; of a moment, the day in Lima."""
        day = date_in_lima(on) if isinstance(on, datetime) else on
        month = self.gettext(MONTHS[day.month - 1])
        return self.gettext(N_("%(day)s de %(month)s de %(year)s")) % {
            "day": day.day,
            "month": month,
            "year": day.year,
        }

    def moment(self, at: datetime) -> str:
        """`31 de diciembre de 2025 a las 23:59:07 (hora de Lima)`."""
        words = {"day": self.day(at), "time": f"{at.astimezone(LIMA):%H:%M:%S}"}
        return self.gettext(N_("%(day)s a las %(time)s (hora de Lima)")) % words


@cache
def speech(language: Language) -> Speech:
    """The catalogue of a language, read once."""
    if language is SPANISH:
        return Speech(language, NullTranslations())
    with (FOLDER / language.code / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        catalogue = _Catalogue(file)
    catalogue.add_fallback(_InSpanish())
    return Speech(language, catalogue)


class _Catalogue(GNUTranslations):
    def gettext(self, message: str) -> str:
        """As the base class, but that nothing stays nothing: under that name gettext keeps its headers."""
        return super().gettext(message) if message else message


class _InSpanish(NullTranslations):
    """What a catalogue lacks: the source's text, marked."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(super().ngettext(msgid1, msgid2, n))

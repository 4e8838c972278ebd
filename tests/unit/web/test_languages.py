"""The language of a page, and its dates."""

from datetime import UTC, date, datetime

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from constancia.domain.lima import MONTHS, day_in_words
from constancia.web.fallbacks import plain
from constancia.web.languages import LANGUAGES, SPANISH, Language, language_of, speech
from tests.unit.web.events import event

NEW_YEAR = datetime(2026, 1, 1, 4, 59, 7, tzinfo=UTC)
"""Still the old year in Lima."""


def chosen(cookie: str | None) -> Language:
    headers = {"Cookie": cookie} if cookie is not None else {}
    return language_of(APIGatewayProxyEvent(event("GET", "/", headers=headers)))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_the_cookie_says_the_language(language: Language) -> None:
    assert chosen(f"language={language.code}") is language
    assert chosen(f"draft=x; language={language.code}; other=y") is language


@pytest.mark.parametrize(
    "cookie",
    [None, "", "language", "language=", "language=xx", "language=../es", "xlanguage=qu", "=;;= ;", "é=1"],
)
def test_without_a_choice_that_we_know_it_is_spanish(cookie: str | None) -> None:
    assert chosen(cookie) is SPANISH


def test_dates_are_said_in_words_of_lima_s_calendar() -> None:
    spanish = speech(SPANISH)

    assert spanish.day(date(2026, 12, 6)) == day_in_words(date(2026, 12, 6)) == "6 de diciembre de 2026"
    assert spanish.day(NEW_YEAR) == "31 de diciembre de 2025"
    assert spanish.moment(NEW_YEAR) == "31 de diciembre de 2025 a las 23:59:07 (hora de Lima)"


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_every_language_says_every_month_in_its_own_words(language: Language) -> None:
    said = [speech(language).day(date(2026, month, 3)) for month in range(1, 13)]

    assert len(set(said)) == len(MONTHS)
    assert all("2026" in day and "3" in day and plain(day) == day for day in said)


def test_nothing_stays_nothing() -> None:
    assert [speech(language).gettext("") for language in LANGUAGES] == [""] * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES[1:], ids=lambda one: one.code)
def test_what_a_catalogue_lacks_is_spanish_and_marked(language: Language) -> None:
    lacking = "Ningún catálogo tiene esto"

    said = speech(language).gettext(lacking)

    assert said != lacking
    assert plain(said) == lacking

"""The message catalogues: compiled from what is there, true to their sources, honest about who read them."""

import pytest
from babel.messages import Message

from constancia.web.languages import Language, speech
from infra.messages import (
    REVIEWED,
    TRANSLATED,
    UNREVIEWED,
    as_mo,
    faults,
    mo_path,
    stored,
    translated,
)

languages = pytest.mark.parametrize("language", TRANSLATED, ids=lambda one: one.code)


@languages
def test_what_the_functions_read_was_made_of_what_translators_wrote(language: Language) -> None:
    assert mo_path(language).read_bytes() == as_mo(stored(language)), "run make messages"


@languages
def test_every_translation_fits_its_source_and_says_whether_it_was_reviewed(language: Language) -> None:
    wrong = {message.id: faults(message) for message in translated(stored(language)) if faults(message)}

    assert wrong == {}


@languages
def test_a_language_is_reviewed_when_each_of_its_texts_is(language: Language) -> None:
    unreviewed = [text for text in translated(stored(language)) if UNREVIEWED in text.user_comments]

    assert speech(language).is_reviewed == (unreviewed == [])


@pytest.mark.parametrize(
    ("source", "translation", "comment"),
    [
        ("Desde %(day)s", "Since %(date)s", UNREVIEWED),
        ("Desde %(day)s", "Since then", UNREVIEWED),
        ("Hasta {limit} letras", "Up to {limits} letters", UNREVIEWED),
        ("Todo", "100 % of it", UNREVIEWED),
        ("Todo", "<b>All</b>", UNREVIEWED),
        ('<a href="%(address)s">Ir</a>', '<a href="https://evil.example">%(address)s</a>', UNREVIEWED),
        ("Todo", "All", ""),
        ("Todo", "All", "reviewed: somebody"),
    ],
)
def test_what_would_break_a_page_or_hide_who_read_it_is_found(
    source: str, translation: str, comment: str
) -> None:
    assert faults(Message(source, translation, user_comments=[comment]))


def test_a_sound_translation_has_no_fault() -> None:
    reviewed = "reviewed: Ana Quispe, 2026-11-23"
    assert REVIEWED.fullmatch(reviewed)
    assert faults(Message("Desde %(day)s", "Since %(day)s", user_comments=[reviewed])) == []

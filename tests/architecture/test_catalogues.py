"""The message catalogues: compiled from what is there, true to their sources, honest about who read them."""

import pytest
from babel.messages import Catalog, Message

from constancia.domain.lima import MONTHS
from constancia.web.languages import Language, speech
from constancia.web.pages import UNREVIEWED as UNREVIEWED_NOTE
from infra.messages import (
    REVIEWED,
    TRANSLATED,
    UNREVIEWED,
    as_mo,
    as_po,
    faults,
    gathered,
    mo_path,
    po_path,
    sources,
    stored,
    translated,
    updated,
)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    """Every text of the sources."""
    return gathered()


languages = pytest.mark.parametrize("language", TRANSLATED, ids=lambda one: one.code)


@languages
def test_what_the_functions_read_was_made_of_what_translators_wrote(language: Language) -> None:
    assert mo_path(language).read_bytes() == as_mo(stored(language)), "run make messages"


@languages
def test_the_texts_are_those_of_the_sources(language: Language, texts: Catalog) -> None:
    assert po_path(language).read_bytes() == as_po(updated(language, texts)), "run make messages"


def test_english_is_whole(texts: Catalog) -> None:
    (english,) = (one for one in TRANSLATED if one.code == "en")
    told = {text.id for text in translated(stored(english))}

    assert [text.id for text in sources(texts) if text.id not in told] == []


@pytest.mark.parametrize("code", ["qu", "ay"])
def test_the_verdicts_and_the_way_to_them_are_in_every_language(code: str) -> None:
    (language,) = (one for one in TRANSLATED if one.code == code)
    told = {text.id for text in translated(stored(language))}

    assert {"Solicitar", "Verificar", "Continuar", "Volver", "Error", "Verificar una constancia"} <= told
    assert {"Constancia auténtica", "Constancia anulada", "No encontramos la constancia"} <= told
    assert {"Su constancia está lista", "Descargar la constancia (PDF)", *MONTHS, UNREVIEWED_NOTE} <= told


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

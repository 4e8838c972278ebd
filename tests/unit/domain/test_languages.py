"""The language of names is known by a list, never guessed."""

import pytest

from constancia.domain.languages import language_of


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Runasimi", "qu-PE"),
        ("RUNA  SIMI", "qu-PE"),
        ("N\u0303awinchay", "qu-PE"),
        ("Aymar aru", "ay-PE"),
        ("Ist’aña", "ay-PE"),
        ("istʼaña", "ay-PE"),
    ],
)
def test_names_of_the_list_have_their_language(name: str, language: str) -> None:
    assert language_of(name) == language


@pytest.mark.parametrize(
    "name", ["Matemática", "Lengua originaria: Quechua", "Tinkuy llaqta", "Rimay y leer"]
)
def test_all_others_are_spanish(name: str) -> None:
    assert language_of(name) is None

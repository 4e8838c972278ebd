from datetime import UTC, datetime

import pytest

from constancia.domain.school import Level
from constancia.domain.wording import grade_name, moment_in_words, observation_line
from tests.builders import an_observation


@pytest.mark.parametrize(
    ("level", "grade", "name"),
    [
        (Level.INICIAL, "5", "5 años"),
        (Level.INICIAL, "1", "1 año"),
        (Level.PRIMARIA, "3", "3.°"),
        (Level.SECUNDARIA, "PRIMERO", "PRIMERO"),
    ],
)
def test_grades_are_named_as_people_say_them(level: Level, grade: str, name: str) -> None:
    assert grade_name(level, grade) == name


def test_moments_are_told_in_perus_time() -> None:
    assert moment_in_words(datetime(2026, 9, 1, 3, 4, 5, tzinfo=UTC)) == "31 de agosto de 2026, 22:04:05"


def test_an_observation_is_one_line() -> None:
    assert observation_line(an_observation()) == "2018 - RD 001-2018 - Convalidación de estudios"

"""Names, places and days: what is the same stays the same however it is written, what differs never is."""

import string
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hypothesis import assume, given
from hypothesis import strategies as st

from constancia.domain.errors import FieldErrorCode, InvalidInputError
from constancia.domain.identity import PersonName, same_name
from constancia.domain.lima import MONTHS, date_in_lima, day_in_words, end_of_day
from constancia.domain.places import (
    District,
    PlaceNames,
    RegisteredDomicile,
    districts,
    districts_of,
    same_domicile,
)
from render.document import UnprintableTextError
from render.document.typeface import bold, regular
from request.schemas import parse_application
from tests.fuzz.alphabets import APOSTROPHES, LATIN, LETTERS, PERUVIAN, PRINTABLE, names, words
from tests.fuzz.effort import effort, outcome_of
from tests.unit.request.world import a_body

PLAIN: Final = string.ascii_lowercase
UNREADABLE: Final = {
    FieldErrorCode.INVALID_FORMAT,
    FieldErrorCode.HIDDEN_CHARACTER,
    FieldErrorCode.MISSING,
}


def without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


HABITS: Final[dict[str, Callable[[str], str]]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no accents": without_accents,
    "spaces": lambda text: f"  {text.replace(' ', '   ')}\t",
    "hyphens": lambda text: text.replace(" ", "-"),
    "full stops": lambda text: text.replace(" ", ". "),
}


@given(names(LATIN), st.lists(st.sampled_from(sorted(HABITS)), max_size=4))
@effort(400)
def test_a_name_stays_the_same_however_people_write_it(name: str, habits: list[str]) -> None:
    written = name
    for habit in habits:
        written = HABITS[habit](written)
    assert same_name(written, name)
    assert same_name(name, written)


@given(st.text(max_size=40))
@effort(400)
def test_to_write_a_name_plainly_twice_is_to_write_it_once(name: str) -> None:
    """Whatever the comparison takes away it takes away at once, and nothing else depends on it."""
    letters = [one for one in unicodedata.normalize("NFKD", name) if one not in APOSTROPHES]
    assert same_name(name, name) == any(one.isalnum() for one in letters)
    plain = without_accents(unicodedata.normalize("NFKC", name)).casefold()
    again = without_accents(unicodedata.normalize("NFKC", plain)).casefold()
    assert same_name(name, plain) == same_name(name, name)
    assert same_name(plain, again) == same_name(name, name)


@given(st.lists(words(PLAIN), min_size=1, max_size=4), st.lists(words(PLAIN), min_size=1, max_size=4))
@effort(400)
def test_different_words_are_never_the_same_name(one: list[str], other: list[str]) -> None:
    assert same_name(" ".join(one), " ".join(other)) == (one == other)
    if len(one) > 1:
        assert not same_name(" ".join(one), " ".join(one[:-1]))  # a word less
        assert not same_name(" ".join(one), "".join(one))  # written together
        assert same_name(" ".join(one), " ".join(reversed(one))) == (one == one[::-1])


@given(names(PERUVIAN), st.data())
@effort(200)
def test_one_letter_makes_another_name(name: str, data: st.DataObject) -> None:
    plain = without_accents(name)
    place = data.draw(st.sampled_from([at for at, one in enumerate(plain) if one.isalpha()]))
    other = data.draw(st.sampled_from([one for one in string.ascii_uppercase if one != plain[place]]))
    assert not same_name(name, plain[:place] + other + plain[place + 1 :])


@given(words(PERUVIAN), words(PERUVIAN), st.sampled_from(APOSTROPHES), st.sampled_from(APOSTROPHES))
@effort(100)
def test_an_apostrophe_joins_or_parts_and_does_nothing_else(
    one: str, other: str, written: str, registered: str
) -> None:
    name = f"{one}{registered}{other}"
    for typed in (f"{one}{written}{other}", f"{one}{other}", f"{one} {other}"):
        assert same_name(typed, name)
        assert same_name(name, typed)
    assert not same_name(f"{other}{written}{one}X", name)


@given(names(LETTERS), st.none() | names(LETTERS), st.none() | names(LETTERS))
@effort(100)
def test_a_masked_name_tells_initials_and_nothing_else(
    given_names: str, paternal: str | None, maternal: str | None
) -> None:
    name = PersonName(given_names, paternal, maternal)
    parts = [word for part in (given_names, paternal, maternal) if part for word in part.split()]
    assert name.masked.split() == [f"{word[0]}***" for word in parts]
    assert name.full.split() == parts


@given(st.text(max_size=30) | names(LETTERS))
@effort(300)
def test_a_name_is_taken_whole_or_refused_at_its_field(typed: str) -> None:
    body = a_body()
    body["student"]["father"] = {"given_names": typed}
    read = outcome_of(InvalidInputError, lambda: parse_application(body))
    if isinstance(read, InvalidInputError):
        assert {one.pointer for one in read.fields} == {"/student/father/given_names"}
        assert {one.code for one in read.fields} <= UNREADABLE
    else:
        declared = read.student.father.given_names  # type: ignore[union-attr]
        assert declared == " ".join(unicodedata.normalize("NFC", typed).split())
        assert same_name(declared, typed)


@given(st.text(min_size=1, max_size=20))
@effort(300)
def test_the_faces_print_a_text_or_name_the_character_that_they_lack(text: str) -> None:
    lacking = [one for one in unicodedata.normalize("NFC", text) if one not in PRINTABLE]
    for face in (regular(), bold()):
        glyphs = outcome_of(UnprintableTextError, lambda: face.encoded(text))  # noqa: B023 - called at once
        if isinstance(glyphs, UnprintableTextError):
            assert glyphs.character == lacking[0]
        else:
            assert not lacking
            assert len(glyphs) == 4 * len(unicodedata.normalize("NFC", text))


@given(names(LETTERS), st.floats(20, 400))
@effort(200)
def test_a_name_that_is_broken_into_lines_loses_nothing_and_fits(name: str, width: float) -> None:
    lines = regular().wrapped(name, 10, width)
    assert "".join(lines).replace(" ", "") == unicodedata.normalize("NFC", name).replace(" ", "")
    assert all(regular().width(line.rstrip(), 10) <= width or len(line.rstrip()) == 1 for line in lines)


# ---------------------------------------------------------------- places

places = st.sampled_from(districts())


@given(places, st.booleans())
@effort(200)
def test_a_domicile_is_recognised_by_either_code_and_by_its_names(home: District, coded: bool) -> None:
    names = home.department.upper(), home.province.upper(), home.name.upper()
    registered = RegisteredDomicile(PlaceNames(*names), home.reniec if coded else None)
    assert same_domicile(home.inei, registered)
    assert home.reniec is None or same_domicile(home.reniec, registered)
    assert same_domicile(PlaceNames(*names), registered)
    assert same_domicile(PlaceNames(*map(without_accents, names)), registered)


@given(places, places)
@effort(100)
def test_another_district_is_never_the_domicile_unless_one_code_names_both(
    declared: District, home: District
) -> None:
    assume(declared is not home)
    registered = RegisteredDomicile(PlaceNames(home.department, home.province, home.name), home.reniec)
    assert not same_domicile(PlaceNames(declared.department, declared.province, declared.name), registered)
    for code in filter(None, (declared.inei, declared.reniec)):
        assert same_domicile(code, registered) == (code in {home.inei, home.reniec})
        assert declared in districts_of(code)


# ---------------------------------------------------------------- days

moments = st.floats(-2e9, 3e10).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(moments)
@effort(200)
def test_a_day_in_lima_ends_at_its_midnight(moment: datetime) -> None:
    end = end_of_day(moment)
    assert timedelta(0) < end - moment <= timedelta(days=1)
    assert (end.astimezone(UTC).hour, end.minute, end.second, end.microsecond) == (5, 0, 0, 0)
    assert date_in_lima(end - timedelta(microseconds=1)) == date_in_lima(moment)
    assert date_in_lima(end) == date_in_lima(moment) + timedelta(days=1)
    assert date_in_lima(moment) == (moment - timedelta(hours=5)).date()


@given(st.dates())
@effort(100)
def test_a_day_in_words_can_be_read_back(day: date) -> None:
    number, _, month, _, year = day_in_words(day).split()
    assert date(int(year), MONTHS.index(month) + 1, int(number)) == day


@given(st.text("0123456789-T:Z+ /", max_size=12) | st.dates().map(str) | st.text(max_size=12))
@effort(300)
def test_a_birth_date_is_a_day_of_the_calendar_or_refused_at_its_field(typed: str) -> None:
    student = {
        "document": {"type": "CE", "number": "X00000001"},
        "given_names": "Camila",
        "paternal_surname": "Rojas",
        "birth_date": typed,
    }
    read = outcome_of(InvalidInputError, lambda: parse_application(a_body() | {"student": student}))
    if isinstance(read, InvalidInputError):
        assert {one.pointer for one in read.fields} == {"/student/birth_date"}
    else:
        assert str(read.student.birth_date) == typed  # type: ignore[union-attr]

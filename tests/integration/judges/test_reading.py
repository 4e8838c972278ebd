"""What files say, as Poppler reads it, held against the record; and that eyes see it too."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.judges import ink, poppler, verapdf
from tests.judges.mutants import without_its_fonts
from tests.judges.poppler import Word
from tests.judges.reading import complaints
from tests.judges.records import Change, another_mark, in_the_last_year, one_more
from tests.people import Person, everybody, file_of, scenario_people
from tests.school_records import CERTIFICATES
from tests.sealing import sealed


def somebody() -> Person:
    return next(person for person in scenario_people() if person.name == "repeated-grade")


# ---------------------------------------------------------------- the files


@pytest.mark.parametrize("name", CERTIFICATES)
def test_words_and_marks_of_odd_records_are_read_in_order(name: str) -> None:
    assert complaints(CERTIFICATES[name], poppler.words(sealed(CERTIFICATES[name]))) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_word_and_mark_of_everybody_is_read_in_order_and_seen() -> None:
    told = {}
    for person in everybody():
        words = poppler.words(file_of(person))
        unread = complaints(person.certificate, words)
        unseen = [f"not seen: {word}" for word in ink.unseen(file_of(person), words)]
        told[person.name] = unread + unseen
    assert {name: faults for name, faults in told.items() if faults} == {}


# ---------------------------------------------------------------- the judges


@pytest.mark.parametrize("change", [another_mark, one_more])
def test_a_record_that_the_file_does_not_tell_is_noticed(
    change: Change,
) -> None:
    person = somebody()
    words = poppler.words(file_of(person))
    assert complaints(person.certificate, words) == []
    assert complaints(in_the_last_year(person.certificate, change), words)


def swapped(words: list[Word], number: int) -> list[Word]:
    return [*words[:number], words[number + 1], words[number], *words[number + 2 :]]


def joined(words: list[Word], number: int) -> list[Word]:
    both = replace(words[number], text=words[number].text + words[number + 1].text)
    return [*words[:number], both, *words[number + 2 :]]


def without(words: list[Word], number: int) -> list[Word]:
    return [*words[:number], *words[number + 1 :]]


def moved(words: list[Word], number: int, right: float = 0, down: float = 0) -> list[Word]:
    """The words as if one stood elsewhere on the page."""
    box = words[number].box
    there = replace(
        box, left=box.left + right, right=box.right + right, top=box.top + down, bottom=box.bottom + down
    )
    return [*words[:number], replace(words[number], box=there), *words[number + 1 :]]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda words, mark, name: moved(words, mark, right=70), id="a mark under another year"),
        pytest.param(lambda words, mark, name: moved(words, mark, down=14), id="a mark beside another row"),
        pytest.param(lambda words, mark, name: without(words, mark), id="a mark less"),
        pytest.param(lambda words, mark, name: [*words, words[mark]], id="a mark that stands alone"),
        pytest.param(lambda words, mark, name: swapped(words, name), id="surnames the other way round"),
        pytest.param(lambda words, mark, name: joined(words, name), id="surnames without a space"),
    ],
)
def test_a_word_out_of_place_is_noticed(spoil: Callable[[list[Word], int, int], list[Word]]) -> None:
    person = somebody()
    words = poppler.words(file_of(person))
    mark = next(number for number, word in enumerate(words) if re.fullmatch("A|B|AD", word.text))
    surname = person.certificate.content.holder.name.paternal
    name = next(number for number, word in enumerate(words) if word.text == surname)
    assert complaints(person.certificate, words) == []
    assert complaints(person.certificate, spoil(words, mark, name))


@pytest.mark.slow
def test_pages_that_lost_their_fonts_are_noticed_though_no_standard_forbids_it() -> None:
    person = somebody()
    spoiled = without_its_fonts(file_of(person))
    assert spoiled != file_of(person)
    assert verapdf.faults({"spoiled": spoiled}) == {"spoiled": {verapdf.ARCHIVE: [], verapdf.ACCESSIBLE: []}}
    assert complaints(person.certificate, poppler.words(spoiled))
    words = poppler.words(file_of(person))
    assert ink.unseen(file_of(person), words) == []
    assert len(ink.unseen(spoiled, words)) == len(words)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constancia.domain.virtual_code import (
    ALPHABET,
    LENGTH,
    CheckCharacterError,
    MalformedCodeError,
    grouped,
    new_virtual_code,
    parse_virtual_code,
)


def test_a_new_code_reads_back_from_its_printed_form() -> None:
    code = new_virtual_code()

    assert parse_virtual_code(grouped(code)) == code
    assert [len(group) for group in grouped(code).split("-")] == [4, 4, 4]


def test_codes_do_not_repeat() -> None:
    assert len({new_virtual_code() for _ in range(2000)}) == 2000


@pytest.mark.parametrize("typed", ["99s0-qr6y-d40r", " 99S0QR6YD40R ", "99SO-QR6Y-D4OR", "99S0 QR6Y–D40R"])
def test_typing_habits_are_forgiven(typed: str) -> None:
    assert parse_virtual_code(typed) == "99S0QR6YD40R"


@given(st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_told(position: int, wrong: str) -> None:
    code = new_virtual_code()
    mistyped = code[:position] + wrong + code[position + 1 :]

    if mistyped == code:
        assert parse_virtual_code(mistyped) == code
    else:
        with pytest.raises(CheckCharacterError):
            parse_virtual_code(mistyped)


NOT_CODES = ["", " ", "7K3Q", "7K3Q-M9XD-2TRCA", "U" * 12, "ñ" * 12, "١" * 12, "A" * 10_000]


@pytest.mark.parametrize("text", NOT_CODES)
def test_what_has_not_the_shape_of_a_code_is_told_apart(text: str) -> None:
    with pytest.raises(MalformedCodeError):
        parse_virtual_code(text)

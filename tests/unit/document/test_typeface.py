"""What the embedded faces can print, and where lines break."""

import pytest

from render.document.typeface import Face, UnprintableTextError, bold, regular

WIDE = 10_000.0


def test_lines_fit_and_lose_no_word() -> None:
    text = "Convive y participa democráticamente en la búsqueda del bien común"
    lines = regular().wrapped(text, 9, 80)
    assert len(lines) > 1
    assert all(regular().width(line.rstrip(), 9) <= 80 for line in lines)
    assert "".join(lines) == text


def test_a_word_wider_than_the_line_is_broken_not_cut() -> None:
    lines = regular().wrapped("Uno Otorrinolaringología dos", 9, 40)
    assert all(regular().width(line.rstrip(), 9) <= 40 for line in lines)
    assert "".join(lines) == "Uno Otorrinolaringología dos"


def test_an_address_is_broken_at_its_joints() -> None:
    address = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/validate"
    lines = regular().wrapped(f"en {address} hoy", 9, 160)
    assert "".join(lines) == f"en {address} hoy"
    assert all(line[-1] in " -./" for line in lines[:-1])


def test_the_space_that_ends_a_line_moves_nothing() -> None:
    assert regular().line("Cívica ", 9)[1] == regular().line("Cívica", 9)[1]


def test_any_white_space_parts_words() -> None:
    assert regular().wrapped(" JUAN  DE\tDIOS\nHUAMÁN\u00a0ÑAHUI ", 9, WIDE) == ("JUAN DE DIOS HUAMÁN ÑAHUI",)


def test_nothing_is_one_empty_line() -> None:
    assert regular().wrapped("  ", 9, 40) == ("",)


def test_a_decomposed_accent_is_the_same_text() -> None:
    assert regular().encoded("JOSE\u0301 N\u0303AHUI") == regular().encoded("JOSÉ ÑAHUI")


@pytest.mark.parametrize("face", [regular(), bold()], ids=lambda face: face.name)
@pytest.mark.parametrize(
    "text",
    [
        "áéíóúüñÁÉÍÓÚÜÑ ¿? ¡! «» “” ‘’ – — … N.º 1.ª 3.° €",
        "q'illa ch’iqchi ʼ p’unchaw sach'a jaqi ïäëöü",  # Quechua, Aimara, Asháninka
        "ɨ Ɨ ʉ Ʉ ẽ Ẽ ỹ Ỹ ĩ ũ ã õ ŝ ǥ a̱ e̱ ü̃",  # Bora, Urarina, Awajún, Harakbut, Tikuna
        "Łukasz Dvořák Ștefan Şahin Gyöző Đorđe",  # students from elsewhere
    ],
)
def test_letters_of_names_in_peru_are_printable(face: Face, text: str) -> None:
    assert len(face.encoded(text)) >= 4


@pytest.mark.parametrize(("measure", "arguments"), [("width", (9,)), ("encoded", ()), ("wrapped", (9, WIDE))])
def test_a_missing_letter_is_named_but_not_the_text_around_it(
    measure: str, arguments: tuple[float, ...]
) -> None:
    with pytest.raises(UnprintableTextError) as refusal:
        getattr(regular(), measure)("MARÍA 漢 QUISPE", *arguments)
    assert "U+6F22" in str(refusal.value)
    assert "QUISPE" not in str(refusal.value)

"""The search sees through every wrapping: a name is found in each form, and in two forms at once."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from email.header import Header
from urllib.parse import quote, quote_plus

import pytest

from tests.privacy.facts import Fact, Needles
from tests.privacy.unwrapping import texts_in

NAME = "Íñigo Jesús Ñahui"
TOKEN = "q7_-ZkP0aXw3fJt9LmN2-v"
DOCUMENT = "99900101"


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def in_text(wrap: Callable[[bytes], bytes]) -> Callable[[str], str | bytes]:
    return lambda text: b"id=" + wrap(text.encode()) + b";x"


WRAPPINGS: dict[str, Callable[[str], str | bytes]] = {
    "plain": lambda text: f"<{text}>",
    "bytes": str.encode,
    "upper case": str.upper,
    "without accents": lambda text: text.replace("Íñ", "In").replace("ú", "u").replace("Ñ", "N"),
    "spaces and hyphens": lambda text: text.replace(" ", " \t-\n"),
    "in an address": quote,
    "in a form": quote_plus,
    "in an address, twice": lambda text: quote(quote(text)),
    "JSON, escaped": json.dumps,
    "JSON within JSON": lambda text: json.dumps({"body": json.dumps({"name": text})}),
    "a piece of escaped JSON": lambda text: f'x":{json.dumps(text)}, trunca',
    "HTML": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "base 64": in_text(base64.b64encode),
    "base 64 for addresses": in_text(base64.urlsafe_b64encode),
    "base 64 without an end": in_text(lambda data: base64.b64encode(data).rstrip(b"=")),
    "base 64 in a path": lambda text: "/validate/" + base64.urlsafe_b64encode(text.encode()).decode(),
    "base 64 after letters": lambda text: "abc" + base64.b64encode(text.encode()).decode(),
    "base 64 of more": lambda text: base64.b64encode(f"ab {text} cd".encode()),
    "hexadecimal": in_text(lambda data: data.hex().encode()),
    "hexadecimal, upper case": in_text(lambda data: data.hex().upper().encode()),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib": lambda text: zlib.compress(text.encode(), 9),
    "deflate": lambda text: deflated(text.encode()),
    "zlib in hexadecimal": lambda text: zlib.compress(text.encode()).hex(),
    "gzip in base 64": lambda text: base64.b64encode(gzip.compress(text.encode())).decode(),
    "deflate in base 64": lambda text: base64.urlsafe_b64encode(deflated(text.encode())).decode(),
    "JSON in zlib in base 64 in JSON": lambda text: json.dumps(
        {"content": base64.b64encode(zlib.compress(json.dumps([text]).encode())).decode()}
    ),
    "UTF-16": lambda text: text.encode("utf-16-be"),
    "latin 1": lambda text: text.encode("latin-1"),
    "the header of a mail": lambda text: Header(text, "utf-8").encode(),
    "quoted printable": lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
}


@pytest.mark.parametrize("fact", [NAME, DOCUMENT], ids=["name", "document"])
@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_a_name_and_a_document_are_found_in_every_form(wrap: Callable[[str], str | bytes], fact: str) -> None:
    needles = Needles()
    needles.add(Fact.HOLDER if fact == NAME else Fact.HOLDER_DOCUMENT, "someone", fact)

    (found,) = needles.found_in(wrap(fact))

    assert found.owner == "someone"


@pytest.mark.parametrize(
    "written",
    [
        f"https://site/validate/99S0?t={TOKEN}",
        f'{{"token":"{TOKEN}"}}',
        f"abc{TOKEN}def",
        TOKEN.encode().hex(),
        base64.b64encode(TOKEN.encode()),
    ],
)
def test_what_opens_a_certificate_is_found_even_where_it_runs_on(written: str | bytes) -> None:
    needles = Needles()
    needles.add(Fact.TOKEN, "someone", TOKEN)

    assert {one.fact for one in needles.found_in(written)} == {Fact.TOKEN}


def test_where_no_name_may_stand_a_single_word_of_one_is_found() -> None:
    needles = Needles()
    needles.add(Fact.PARENT, "someone", "Wilber Fortunato")

    assert needles.found_in('{"who": "wilber"}') == set()
    assert len(needles.found_in('{"who": "wilber"}', single_words=True)) == 1


@pytest.mark.parametrize(
    "innocent", ["", "{}", "sin nada", "ff" * 400, b"\x00\xff" * 50, "=?utf-8?q?", "[" * 9999]
)
def test_nothing_is_found_where_nothing_is(innocent: str | bytes) -> None:
    needles = Needles()
    needles.add(Fact.HOLDER, "someone", NAME)
    needles.add(Fact.HOLDER_DOCUMENT, "someone", DOCUMENT)

    assert needles.found_in(innocent, single_words=True) == set()


def test_a_wrapping_in_itself_ends() -> None:
    wrapped = NAME
    for _ in range(30):
        wrapped = quote(wrapped)

    assert len(texts_in(wrapped)) < 50

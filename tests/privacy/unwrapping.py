"""Every form in which a text can lie hidden in what was written: packed, encoded, escaped, in any order.

`texts_in` unwraps until nothing new comes; `words_of` makes one form of what is spelt alike.
"""

import base64
import binascii
import gzip
import html
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from email.header import decode_header, make_header
from functools import cache
from quopri import decodestring
from typing import Final
from urllib.parse import unquote_plus

_DEPTH: Final = 6
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{10,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_OTHERS: Final = re.compile(r"[\W_]+")


def texts_in(written: str | bytes) -> set[str]:
    """What stands there, and all that can be made of it by unpacking, decoding and unescaping."""
    found: set[str] = set()
    waiting = [(written, 0)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, bytes):
            waiting += [(inner, depth + 1) for inner in _unpacked(one) if depth < _DEPTH]
        for text in _read(one) if isinstance(one, bytes) else (one,):
            if text not in found:
                found.add(text)
                if depth < _DEPTH:
                    waiting += [(inner, depth + 1) for inner in _inside(text)]
    if isinstance(written, bytes) and not written.isascii():
        found.add(written.decode("latin-1"))
    return found


@cache
def words_of(text: str) -> str:
    """Words in lower case without accents, one space between them: how names and places are compared."""
    plain = text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return f" {_OTHERS.sub(' ', plain.casefold()).strip()} "


def _read(data: bytes) -> Iterator[str]:
    """Bytes as text, where they are some."""
    for encoding in ("utf-8", "utf-16-be", "utf-16-le"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text) and (encoding == "utf-8" or all(ord(one) < 0x250 for one in text)):
            yield text


def _unpacked(data: bytes) -> Iterator[bytes]:
    for unpack in (gzip.decompress, zlib.decompress, _inflate):
        try:
            inner = unpack(data)
        except (OSError, EOFError, zlib.error, ValueError):
            continue
        if inner:
            yield inner


def _inflate(data: bytes) -> bytes:
    """Deflate without a header. What is none may unpack to noise: only text counts."""
    inner = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data)
    return inner if _is_text(inner.decode()) else b""


def _inside(text: str) -> Iterator[str | bytes]:
    """What a text may be the wrapping of."""
    for unwrap in (unquote_plus, html.unescape, _unescaped, _mail_header, _quoted_printable):
        inner = unwrap(text)
        if inner != text:
            yield inner
    yield from _json(text)
    for run in _HEX.findall(text):
        yield from _if_any(bytes.fromhex(run))
    for run in set(_BASE64.findall(text)):
        if not _HEX.fullmatch(run):
            yield from _base64(run)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _mail_header(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, UnicodeError):
        return text


def _quoted_printable(text: str) -> str:
    if not re.search(r"=[0-9A-F]{2}", text):
        return text
    return decodestring(text.encode()).decode(errors="replace")


def _json(text: str) -> Iterator[str]:
    """The strings in a document; without escapes they stand there as they are."""
    stripped = text.strip()
    if "\\" not in text or stripped[:1] not in {"{", "[", '"'}:
        return
    try:
        value = json.loads(stripped)
    except (ValueError, RecursionError):
        return
    yield from _strings(value)


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for name, inner in value.items():
                yield str(name)
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)


@cache
def _base64(run: str) -> tuple[bytes, ...]:
    """A run of letters may begin before what is encoded: an address, a name. So from each of four places."""
    bare = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    found: list[bytes] = []
    starts = {0, 1, 2, 3} | {place + 1 for place, one in enumerate(bare) if one in "/+"}
    for start in starts:
        part = bare[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            data = base64.b64decode(part + "=" * (-len(part) % 4))
        except (binascii.Error, ValueError):
            continue
        found += _if_any(data)
    return tuple(found)


def _if_any(data: bytes) -> Iterator[bytes]:
    """The bytes, if they are text or can be unpacked; what was no encoding at all decodes to noise."""
    if any(_read(data)) or any(_unpacked(data)):
        yield data


def _is_text(text: str) -> bool:
    return bool(text) and all(one.isprintable() or one in "\t\r\n" for one in text)

"""PDF objects as text (ISO 32000-1, 7.3): one byte a character, as Latin-1 has them."""

import zlib
from typing import Final

SMALLEST: Final = 9
"""Of zlib, for what is packed once and kept."""
QUICKEST: Final = 1
"""Of zlib, for what every document packs. Its default, 6, takes a millisecond more for 4 % of the file."""


def indirect(number: int, body: str) -> str:
    """An object under its number."""
    return f"{number} 0 obj\n{body}\nendobj"


def reference(number: int) -> str:
    """What stands for an object in another one."""
    return f"{number} 0 R"


def stream(data: bytes, entries: str = "") -> str:
    """A stream with the entries of its dictionary.

    Two bytes end its line: a line feed alone would join a carriage return that ends the data to one end of
    line, and the stream would seem a byte short.
    """
    return f"<</Length {len(data)} {entries}>>\nstream\n{data.decode('latin-1')}\r\nendstream"


def packed_stream(data: bytes, entries: str = "", *, level: int = QUICKEST) -> str:
    """A stream of packed data."""
    return stream(zlib.compress(data, level), f"/Filter /FlateDecode {entries}")


def text_string(text: str) -> str:
    """A text as PDF holds it outside of pages (ISO 32000-1, 7.9.2.2): ASCII, or UTF-16 with its mark."""
    if text.isascii():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<feff{text.encode('utf-16-be').hex()}>"

"""The two embedded faces of Noto Sans: what they can print, how wide it is, where its lines break.

A face is read from its file once and is never changed by a document. Text is put into NFC here, at the one
place through which all of it passes.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

_LONGEST_MARK: Final = 3
_DIFFERENT_MARKS: Final = 256
_JOINTS: Final = "/.-"
"""After these a word that is too long for a line is broken first: it is an address."""
_FOLDER: Final = Path(__file__).parent / "fonts"


class UnprintableTextError(ValueError):
    """The embedded faces lack a character. Names the code point, never the text."""

    def __init__(self, character: str) -> None:
        super().__init__(f"the embedded faces lack U+{ord(character):04X}")
        self.character = character


class Face:
    """One face: metrics in thousandths of the type size, as PDF counts them."""

    def __init__(self, path: Path, number: int) -> None:
        """`number` is the face's among the fonts of a document."""
        font = TTFont(path)
        per_em = font["head"].unitsPerEm
        glyphs = font.getBestCmap()
        advances = font["hmtx"].metrics
        self.number = number
        self.resource = f"F{number}"
        """What the content of pages calls it."""
        self.data = path.read_bytes()
        self.name = str(font["name"].getDebugName(6))
        self.ascent = round(font["hhea"].ascent * 1000 / per_em)
        self.descent = round(font["hhea"].descent * 1000 / per_em)
        self.cap_height = round(font["OS/2"].sCapHeight * 1000 / per_em)
        self.weight = int(font["OS/2"].usWeightClass)
        self.box = tuple(
            round(getattr(font["head"], side) * 1000 / per_em) for side in ("xMin", "yMin", "xMax", "yMax")
        )
        self.glyph_widths: tuple[int, ...] = tuple(
            round(advances[name][0] * 1000 / per_em) for name in font.getGlyphOrder()
        )
        self.glyph_of: dict[str, int] = {chr(code): font.getGlyphID(name) for code, name in glyphs.items()}
        self._digits = {letter: f"{glyph:04X}" for letter, glyph in self.glyph_of.items()}.__getitem__
        # Marks are kept from one certificate to the next. Names and numbers of people are longer.
        self._marks = lru_cache(_DIFFERENT_MARKS)(self._line)
        widths = {letter: self.glyph_widths[glyph] for letter, glyph in self.glyph_of.items()}
        self._width = widths.__getitem__

    def line(self, text: str, size: float) -> tuple[str, float]:
        """A line as a content stream holds it (see `encoded`), and its width in points without a last space.

        Raises:
            UnprintableTextError: a character is not in the face.
        """
        if len(text) <= _LONGEST_MARK:
            glyphs, width = self._marks(text)
        else:
            glyphs, width = self._line(text)
        return glyphs, width * size / 1000

    def width(self, text: str, size: float) -> float:
        """The width in points of a text set in one line.

        Raises:
            UnprintableTextError: a character is not in the face.
        """
        return self._thousandths(composed(text)) * size / 1000

    def encoded(self, text: str) -> str:
        """The text as the glyph numbers that a content stream holds, four hexadecimal digits each.

        Raises:
            UnprintableTextError: a character is not in the face.
        """
        try:
            return "".join(map(self._digits, composed(text)))
        except KeyError as error:
            raise UnprintableTextError(error.args[0]) from None

    def wrapped(self, text: str, size: float, width: float) -> tuple[str, ...]:
        """Break a text into lines of a width, in points; white space of any kind parts its words.

        A line that ends between two words ends in a space: who hears or copies the text has words, not
        lines. A word that is wider than the line is broken where it must be: nothing is ever cut off.

        Raises:
            UnprintableTextError: a character is not in the face.
        """
        words = composed(text).split()
        whole = " ".join(words)
        if self._thousandths(whole) * size / 1000 <= width:
            return (whole,)
        space = self._thousandths(" ")
        lines: list[str] = []
        line, used = "", 0
        for word in words:
            advance = self._thousandths(word)
            if line and (used + space + advance) * size / 1000 <= width:
                line, used = f"{line} {word}", used + space + advance
                continue
            if line:
                lines.append(f"{line} ")
            line, used = word, advance
            if used * size / 1000 > width:
                *whole_lines, line = self._pieces(word, size, width)
                lines += whole_lines
                used = self._thousandths(line)
        return (*lines, line)

    def _line(self, text: str) -> tuple[str, int]:
        """Glyphs and width, in thousandths of the size."""
        return self.encoded(text), self._thousandths(composed(text).rstrip(" "))

    def _thousandths(self, text: str) -> int:
        try:
            return sum(map(self._width, text))
        except KeyError as error:
            raise UnprintableTextError(error.args[0]) from None

    def _pieces(self, word: str, size: float, width: float) -> Iterator[str]:
        """The pieces of a word that is wider than a line: addresses are parted at their joints."""
        while self._thousandths(word) * size / 1000 > width and len(word) > 1:
            end = next(
                end
                for end in range(len(word) - 1, 0, -1)
                if end == 1 or self._thousandths(word[:end]) * size / 1000 <= width
            )
            joint = max(word.rfind(mark, 1, end) for mark in _JOINTS) + 1
            yield word[: joint or end]
            word = word[joint or end :]
        yield word


@cache
def regular() -> Face:
    """Noto Sans Regular."""
    return Face(_FOLDER / "NotoSans-Regular.ttf", 1)


@cache
def bold() -> Face:
    """Noto Sans Bold."""
    return Face(_FOLDER / "NotoSans-Bold.ttf", 2)


def composed(text: str) -> str:
    """The text in NFC: an accent and its letter are one character, as the faces have them."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)

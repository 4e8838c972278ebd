"""Eyes: where a file claims a word, its page has to show something. No judge of standards looks."""

from collections.abc import Sequence
from typing import Final

from tests.judges import poppler
from tests.judges.poppler import Box, Word

_DPI: Final = 72
_CONTRAST: Final = 40
"""Of 255: what the lightest and the darkest spot of a word differ by, at least."""


def unseen(data: bytes, words: Sequence[Word]) -> list[str]:
    """The words that stand in a file, as pdftotext tells them, and that its pages don't show."""
    pages = poppler.pictures(data, _DPI)
    hidden = []
    for word in words:
        greys = pages[word.box.page].crop(_body(word.box, _DPI / 72)).tobytes()
        if max(greys) - min(greys) < _CONTRAST:
            hidden.append(word.text)
    return hidden


def _body(box: Box, scale: float) -> tuple[int, int, int, int]:
    """The pixels where a word's small letters stand, clear of the lines above and below it."""
    top, bottom = box.top + box.tall * 0.3, box.top + box.tall * 0.8
    return int(box.left * scale), int(top * scale), int(box.right * scale) + 1, int(bottom * scale) + 1

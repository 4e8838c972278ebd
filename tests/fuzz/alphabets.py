"""Names and texts as registries and people write them, as far as the embedded faces can print them."""

import unicodedata
from typing import Final

from hypothesis import strategies as st

from render.document.typeface import bold, regular

PRINTABLE: Final = frozenset(regular().glyph_of) & frozenset(bold().glyph_of)
"""What a certificate can say."""
LETTERS: Final = "".join(sorted(one for one in PRINTABLE if unicodedata.category(one) in {"Lu", "Ll"}))
LATIN: Final = "".join(one for one in LETTERS if unicodedata.name(one).startswith("LATIN "))
PERUVIAN: Final = "ABCDEFGHIJKLMNÑOPQRSTUVWXYZÁÉÍÓÚÜÄÏÖ"
"""Spanish, Quechua and Aimara."""
APOSTROPHES: Final = "'`´‘’ʼ′"


def words(letters: str = PERUVIAN) -> st.SearchStrategy[str]:
    """One word of a name."""
    return st.text(letters, min_size=1, max_size=12)


def names(letters: str = PERUVIAN, most: int = 5) -> st.SearchStrategy[str]:
    """A name as a registry has it."""
    return st.lists(words(letters), min_size=1, max_size=most).map(" ".join)


def printable_texts(size: int = 60) -> st.SearchStrategy[str]:
    """Something that can be printed and is not white space alone; composed, as the adapters keep texts."""
    letters = "".join(sorted(one for one in PRINTABLE if unicodedata.category(one)[0] in "LNPSM")) + "     "
    text = st.text(letters, min_size=1, max_size=size)
    return text.map(lambda one: unicodedata.normalize("NFC", one).strip()).filter(_can_be_printed)


def _can_be_printed(text: str) -> bool:
    return bool(text) and set(text) <= PRINTABLE

"""Files made worse on purpose, each in one way: a judge that passes one of them judges nothing."""

import re
from collections.abc import Callable
from typing import Final

type Spoil = Callable[[bytes], bytes]


def without(key: bytes) -> Spoil:
    """Give the key another name of the same length, so that nothing else moves."""
    return lambda data: data.replace(key, key[:1] + b"X" + key[2:])


def _with_narrower_letters(data: bytes) -> bytes:
    return re.sub(rb"/W \[0 \[[^]]*", lambda widths: widths[0].replace(b" 5", b" 4"), data)


AGAINST_ACCESSIBILITY: Final[dict[str, Spoil]] = {
    "no alternative text": without(b"/Alt "),
    "no language": without(b"/Lang "),
    "no scope of headers": without(b"/Scope "),
    "no spans": without(b"/RowSpan "),
    "no title heading": without(b"/S /H1"),
    "no title shown": without(b"/DisplayDocTitle "),
    "no structure tree": without(b"/StructTreeRoot "),
}
"""What PDF/UA-1 forbids."""

AGAINST_THE_ARCHIVE: Final[dict[str, Spoil]] = {
    "no structure tree in the archive": without(b"/StructTreeRoot "),
    "no colour profile": without(b"/OutputIntents "),
    "no way back to characters": without(b"/ToUnicode "),
    "no embedded faces": without(b"/FontFile2 "),
    "attachment of no known relation": without(b"/AFRelationship "),
    "wrong widths": _with_narrower_letters,
}
"""What PDF/A-3a forbids."""

without_its_fonts: Final = without(b"/Font <<")
"""Pages that can't find their fonts: they say and show nothing, and no rule of a standard is broken."""

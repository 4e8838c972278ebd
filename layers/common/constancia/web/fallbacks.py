"""Texts that fell back to Spanish, told to whoever reads the page aloud.

On a page in Quechua a Spanish sentence has to carry `lang`, or a screen reader reads it as if it were Quechua
(WCAG 2.2, 3.1.2). Where a text will stand - in an element, an attribute, the title - is not known when it is
looked up. So it is put between two characters that no text has (Unicode keeps them for a program's own use),
and the page that was made is gone through once: in an element they become a `span` with `lang`; in a tag, and
in elements that hold no others, they go, because nothing there can say another language.
"""

import re
from typing import Final

_OPEN: Final = "\ufdd0"
_CLOSE: Final = "\ufdd1"
_PIECES: Final = re.compile(rf"""({_OPEN}|{_CLOSE}|<!--.*?-->|<(?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_TEXT_ONLY: Final = re.compile(r"<(/?)(?:title|option|textarea|script|style)\b", re.IGNORECASE)


def marked(text: str) -> str:
    """A text of the sources' language, so that `tell` finds it."""
    return f"{_OPEN}{text}{_CLOSE}"


def plain(text: str) -> str:
    """A text without marks, for what is no page: a header, a file's name."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def tell(page: str, tag: str) -> str:
    """Turn the marks of a page into elements with the language's tag.

    A mark within a marked text adds nothing, and one without its partner goes: somebody may have typed it.
    """
    if _OPEN not in page:
        return plain(page)
    pieces = _PIECES.split(page)
    opened: list[int] = []  # the pieces where marks were opened
    text_only = False
    for place, piece in enumerate(pieces):
        if piece == _OPEN:
            opened.append(place)
            pieces[place] = ""
        elif piece == _CLOSE:
            pieces[place] = ""
            start = opened.pop() if opened else None
            if start is not None and not opened and not text_only:
                pieces[start], pieces[place] = f'<span lang="{tag}">', "</span>"
        elif place % 2:  # a tag
            pieces[place] = plain(piece)
            if found := _TEXT_ONLY.match(piece):
                text_only = not found[1]
    return "".join(pieces)

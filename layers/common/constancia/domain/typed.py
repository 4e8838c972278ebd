"""What people type or paste, freed of what they did not mean.

Copied from a mail, a PDF or a list of contacts, a code or number brings along invisible marks, wide digits, a
label or a full stop. None of them says anything, so none may stop anybody.
"""

import re
import unicodedata
from typing import Final

_CODE_LABEL: Final = re.compile(
    r"(?:c[oó]digo(?:\s+virtual)?|code)\s*(?:n[.°o]*\s*)?[\s:.=-]\s*", re.IGNORECASE
)
_NUMBER_LABEL: Final = re.compile(
    r"(?:(?:(?:n[uú]mero\s+de\s+)?documento|doc|carn[eé]t?\s+de\s+extranjer[ií]a|c\.?e\.?)(?=[\s:.#-])"
    # Without a space it is a label only before what can be nothing but a DNI.
    r"|d\.?n\.?i\.?(?=[\s:.°#no-]*(?:\d[ .]?){8}(?!\d)))"
    r"[\s:.#=-]*(?:n[.°o]+)?[\s:.°#=-]*",
    re.IGNORECASE,
)
_EDGES: Final = re.compile(r"^\W+|\W+$")
_EMAIL: Final = re.compile(
    r"(?=.{1,64}@)[A-Z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?\.)+([A-Z]{2,63}|XN--[A-Z0-9-]{1,59})",
    re.IGNORECASE | re.ASCII,
)
EMAIL_LENGTH: Final = 254


def is_email(text: str) -> bool:
    """Whether a text, of `EMAIL_LENGTH` at most, has the form of an address that mail can be sent to."""
    return _EMAIL.fullmatch(text) is not None


def without_marks(text: str) -> str:
    """The text without characters that are not seen (Unicode's format characters: direction, zero width)."""
    return "".join(one for one in text if unicodedata.category(one) != "Cf")


def bare_code(text: str) -> str:
    """A virtual code without marks, label and punctuation around it; wide characters as the usual ones."""
    return _bare(text, _CODE_LABEL)


def bare_number(text: str) -> str:
    """A document's number, likewise."""
    return _bare(text, _NUMBER_LABEL)


def _bare(text: str, label: re.Pattern[str]) -> str:
    plain = _EDGES.sub("", without_marks(unicodedata.normalize("NFKC", text)))
    return _EDGES.sub("", label.sub("", plain, count=1) if label.match(plain) else plain)

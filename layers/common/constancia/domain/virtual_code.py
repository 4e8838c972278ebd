"""The virtual code: what a person types to verify a certificate.

Twelve characters of Crockford's base 32 (https://www.crockford.com/base32.html) in three groups,
`7K3Q-M9XD-2TRC`: eleven drawn at random (55 bits) and one check character, ISO/IEC 7064 hybrid system
MOD 33,32 over that alphabet. The check character tells a typing error (every single wrong character) from
a code that does not exist, without a look-up.
"""

import re
import secrets
from typing import NewType

from stdnum.iso7064 import mod_37_36

VirtualCode = NewType("VirtualCode", str)
"""The canonical form: twelve characters, upper case, no hyphens."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_LONGEST = 100
"""Characters of a text that may still be a code, with all its spaces."""
_LOOKALIKES = str.maketrans("OIL", "011")


class MalformedCodeError(ValueError):
    """The text has not the shape of a virtual code."""


class CheckCharacterError(ValueError):
    """The text has the shape of a code, but its check character says that it was mistyped."""


def new_virtual_code() -> VirtualCode:
    """Draw a code from the system's secure random source."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return VirtualCode(body + mod_37_36.calc_check_digit(body, ALPHABET))


def parse_virtual_code(text: str) -> VirtualCode:
    """Read a code as people type it: any case, spaces and hyphens anywhere, O for 0, I or L for 1.

    Raises:
        MalformedCodeError: wrong length or a character outside the alphabet, ASCII alone.
        CheckCharacterError: well formed, but mistyped.
    """
    compact = re.sub(r"[\s\-‐-―]", "", text) if len(text) <= _LONGEST else ""
    if not compact.isascii():  # asked first: some other letters turn into ours in upper case, as ß does
        raise MalformedCodeError
    compact = compact.upper().translate(_LOOKALIKES)
    if len(compact) != LENGTH or any(character not in ALPHABET for character in compact):
        raise MalformedCodeError
    if not mod_37_36.is_valid(compact, ALPHABET):
        raise CheckCharacterError
    return VirtualCode(compact)


def grouped(code: VirtualCode) -> str:
    """The code as people read it: `7K3Q-M9XD-2TRC`."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))

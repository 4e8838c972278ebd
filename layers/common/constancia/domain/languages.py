"""The language of names that areas, competencias and workshops have: Spanish, or one of Peru's original ones.

Known by a list (`data/languages.json`), never guessed from letters: what is not in it is Spanish.
"""

import json
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

_APOSTROPHES: Final = str.maketrans("’ʼ‘", "'''")


def language_of(name: str) -> str | None:
    """The language's BCP 47 tag, `qu-PE`, `ay-PE`; None for Spanish and for what the list lacks.

    Case, spaces and the kind of apostrophe don't matter.
    """
    return _languages().get(_plain(name))


@cache
def _languages() -> dict[str, str]:
    data = json.loads(resources.files("constancia").joinpath("data/languages.json").read_text("utf-8"))
    return {_plain(name): tag for tag, names in data["names"].items() for name in names}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).translate(_APOSTROPHES).casefold().split())

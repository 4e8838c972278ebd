"""The project's emblems: one drawing for the paper and for the site, chosen by the setting `Emblem`.

Neutral, not the coat of arms. To add one, put an SVG into `data/emblems` whose `<title>` says in Spanish what
is seen, for those who can't see it; what its drawing may hold is told in `render.document.svg`.
"""

from importlib import resources
from typing import Final

DEFAULT_EMBLEM: Final = "sun-and-book"
_FOLDER: Final = resources.files("constancia").joinpath("data/emblems")


class UnknownEmblemError(ValueError):
    """There is no emblem of that name; the text lists those that there are."""


def emblem_names() -> tuple[str, ...]:
    """The names that the setting may have."""
    files = (file.name for file in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".svg") for name in files if name.endswith(".svg")))


def emblem_svg(name: str) -> str:
    """The drawing of an emblem.

    Raises:
        UnknownEmblemError: there is none of that name.
    """
    if name not in emblem_names():
        raise UnknownEmblemError(f"no emblem is called {name!r}; there are {', '.join(emblem_names())}")
    return _FOLDER.joinpath(f"{name}.svg").read_text("utf-8")

"""A part of a page with blanks: drawn once, and copied with a person's texts in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from render.document.typeface import Face


class Filling(NamedTuple):
    """What stands in a blank."""

    text: str
    aloud: str | None
    """How it is read, where that differs."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the texts of a column stand, and how they are set: their middle, face and size."""

    middle: float
    face: Face
    size: float

    def set(self, text: str) -> tuple[str, str]:
        """The left end and the glyphs of a text, as a content stream holds them."""
        glyphs, width = self.face.line(text, self.size)
        return f"{self.middle - width / 2:.2f}", glyphs


@dataclass(frozen=True, slots=True)
class Blank:
    """Room for one line of text: after which operators, which filling, where."""

    before: str
    number: int
    spot: Spot
    baseline: str


class Stencil:
    """Operators with blanks between them."""

    def __init__(self, blanks: Sequence[Blank], after: str) -> None:
        self._after = after
        # Spots by number: a blank's text is looked up by it 300 times a certificate.
        spots = list(dict.fromkeys(blank.spot for blank in blanks))
        self._spots = spots
        self._blanks = [
            (f"{blank.before}BT ", blank.number, spots.index(blank.spot), f" {blank.baseline} Td <")
            for blank in blanks
        ]

    def filled(self, fillings: Sequence[Filling]) -> str:
        """The operators, with texts in the blanks."""
        known: dict[tuple[int, str], tuple[str, str]] = {}
        parts: list[str] = []
        for before, number, spot, baseline in self._blanks:
            text = fillings[number].text
            at = known.get((spot, text))
            if at is None:
                at = known[spot, text] = self._spots[spot].set(text)
            parts.append(f"{before}{at[0]}{baseline}{at[1]}> Tj ET\n")
        return "".join(parts) + self._after

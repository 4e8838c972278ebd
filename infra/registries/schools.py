"""Schools: every district has a few sites, each with one código modular for each level, as in Peru.

Names and codes are invented; the codes lie in one block and all start with 0, so that a reader who drops
leading zeros is found out.
"""

import random
from dataclasses import dataclass
from functools import cache
from typing import Final

from constancia.domain.places import districts
from constancia.domain.school import Level, School

SITES_PER_DISTRICT: Final = 4
_FIRST_CODE: Final = 200_000
_LEVELS: Final = tuple(Level)
_PATRONS: Final = (
    "MICAELA BASTIDAS",
    "JOSÉ MARÍA ARGUEDAS",
    "CÉSAR VALLEJO",
    "RICARDO PALMA",
    "TÚPAC AMARU II",
    "MARÍA PARADO DE BELLIDO",
    "JOSÉ OLAYA BALANDRA",
    "SAN MARTÍN DE PORRES",
    "VIRGEN DEL CARMEN",
    "HÉROES DEL PACÍFICO",
    "JORGE BASADRE GROHMANN",
    "NUESTRA SEÑORA DE LA MERCED",
)
_WORKSHOPS: Final = (
    "Taller de Danza Folclórica",
    "Taller de Ajedrez",
    "Taller de Quena y Zampoña",
    "Taller de Robótica",
)


@dataclass(frozen=True, slots=True)
class Site:
    """One school as people know it, with what it teaches beyond the common plan."""

    name: str
    district: str
    """INEI code."""
    first_code: int
    annex: str
    second_language: bool
    """Intercultural bilingual: Castellano como segunda lengua is taught."""
    english_in_primaria: bool
    workshops: tuple[str, ...]

    def at(self, level: Level) -> School:
        """The school of one level."""
        return School(f"{self.first_code + _LEVELS.index(level):07d}", self.annex, self.name, self.district)


@cache
def site(district: str, number: int) -> Site:
    """The numbered site of a district, by INEI code. The same in every population."""
    place = _positions()[district]
    ordinal = place * SITES_PER_DISTRICT + number % SITES_PER_DISTRICT
    rng = random.Random(f"school/{ordinal}")  # noqa: S311
    patron = rng.choice(_PATRONS)
    private = rng.random() < 0.25
    name = f"IEP {patron}" if private else f"IE {rng.randint(10001, 89999)} {patron}"
    return Site(
        name=name,
        district=district,
        first_code=_FIRST_CODE + ordinal * len(_LEVELS),
        annex="1" if rng.random() < 0.05 else "0",
        second_language=not private and rng.random() < 0.2,
        english_in_primaria=private or rng.random() < 0.4,
        workshops=tuple(rng.sample(_WORKSHOPS, rng.choice((0, 0, 1, 2)))),
    )


@cache
def _positions() -> dict[str, int]:
    return {place.inei: position for position, place in enumerate(districts())}

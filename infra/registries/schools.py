"""Schools: every district has a few sites, each with one código modular for each level, as in Peru.

Names and codes are invented; the codes lie in one block and all start with 0, so that a reader who drops
leading zeros is found out.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from constancia.domain.places import District, districts
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


_AIMARA_PROVINCES: Final = frozenset({"Chucuito", "El Collao", "Huancané", "Moho", "Yunguyo"})
_QUECHUA_DEPARTMENTS: Final = frozenset(
    {"Áncash", "Apurímac", "Ayacucho", "Cusco", "Huancavelica", "Huánuco", "Puno"}
)


class NativeLanguage(StrEnum):
    """The original language in which an intercultural bilingual school teaches."""

    QUECHUA = "QUECHUA"
    AIMARA = "AIMARA"


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
    native_language: NativeLanguage | None
    """The language of its own area, which carries a name in that language."""
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
    annex = "1" if rng.random() < 0.05 else "0"
    bilingual = not private and rng.random() < 0.2
    return Site(
        name=name,
        district=district,
        first_code=_FIRST_CODE + ordinal * len(_LEVELS),
        annex=annex,
        second_language=bilingual,
        native_language=_native_language(districts()[place]) if bilingual else None,
        english_in_primaria=private or rng.random() < 0.4,
        workshops=tuple(rng.sample(_WORKSHOPS, rng.choice((0, 0, 1, 2)))),
    )


def _native_language(place: District) -> NativeLanguage | None:
    if place.province in _AIMARA_PROVINCES:
        return NativeLanguage.AIMARA
    return NativeLanguage.QUECHUA if place.department in _QUECHUA_DEPARTMENTS else None


@cache
def _positions() -> dict[str, int]:
    return {place.inei: position for position, place in enumerate(districts())}

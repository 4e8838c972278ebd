"""Districts of Peru and how a declared domicile is compared with the registered one.

INEI and RENIEC number most districts differently, so a code alone may name two places; a district created
lately may have no RENIEC code yet. The table is `data/ubigeo.json`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from constancia.domain.identity import readings_of, same_name


@dataclass(frozen=True, slots=True)
class District:
    """A district with its INEI code, its RENIEC code where there is one, and its three names."""

    inei: str
    reniec: str | None
    department: str
    province: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """A district by its names, as a person or a registry writes them."""

    department: str
    province: str
    district: str


@dataclass(frozen=True, slots=True)
class RegisteredDomicile:
    """The domicile on a document as RENIEC has it. The code is RENIEC's."""

    names: PlaceNames
    code: str | None


type DeclaredDomicile = str | PlaceNames
"""A six-digit code of INEI or of RENIEC, or names."""


@cache
def districts() -> tuple[District, ...]:
    """All districts, in INEI order. Read once."""
    table = json.loads(resources.files("constancia").joinpath("data/ubigeo.json").read_text("utf-8"))
    return tuple(
        District(row["inei"], row["reniec"], row["departamento"], row["provincia"], row["distrito"])
        for row in table["rows"]
    )


def districts_of(declared: DeclaredDomicile) -> tuple[District, ...]:
    """The districts that a declaration may mean: none, one, or two where a code is read both ways."""
    if isinstance(declared, str):
        return _by_code().get(declared, ())
    named = {place for reading in readings_of(declared.district) for place in _by_name().get(reading, ())}
    found = (place for place in named if _same_place(declared, _names(place)))
    return tuple(sorted(found, key=lambda place: place.inei))


@cache
def _by_code() -> dict[str, tuple[District, ...]]:
    """The districts that a code of INEI or of RENIEC may mean, in INEI order."""
    return _indexed((code, place) for place in districts() for code in {place.inei, place.reniec} if code)


@cache
def _by_name() -> dict[tuple[str, ...], tuple[District, ...]]:
    """The districts by each way of reading their own names."""
    return _indexed((reading, place) for place in districts() for reading in readings_of(place.name))


def _indexed[Key](entries: Iterable[tuple[Key, District]]) -> dict[Key, tuple[District, ...]]:
    index: dict[Key, tuple[District, ...]] = {}
    for key, place in entries:
        index[key] = (*index.get(key, ()), place)
    return index


def same_domicile(declared: DeclaredDomicile, registered: RegisteredDomicile) -> bool:
    """Tell whether a person declared the domicile that the registry has.

    A district is the registered one if RENIEC's code is the same or the names are: the registry may spell
    names otherwise than INEI, and a new district may have no code yet.
    """
    if declared in (registered.code, registered.names):
        return True
    if isinstance(declared, PlaceNames) and _same_place(declared, registered.names):
        return True
    return any(_is_registered(place, registered) for place in districts_of(declared))


def _is_registered(place: District, registered: RegisteredDomicile) -> bool:
    same_code = place.reniec is not None and place.reniec == registered.code
    return same_code or _same_place(_names(place), registered.names)


def _names(place: District) -> PlaceNames:
    return PlaceNames(place.department, place.province, place.name)


def _same_place(one: PlaceNames, other: PlaceNames) -> bool:
    return (
        same_name(one.district, other.district)
        and same_name(one.province, other.province)
        and same_name(one.department, other.department)
    )

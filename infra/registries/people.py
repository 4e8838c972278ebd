"""What the sandbox registries hold of a person, in the words of the domain.

No document here is meant to be anybody's: DNIs and carnets de extranjería begin with 99, a block that
registries which count upward have not reached. Those that begin with 999 belong to the scenario people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Protocol

from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.lima import date_in_lima
from constancia.domain.places import District, PlaceNames, RegisteredDomicile, districts
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import Kinship, Trajectory


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person in RENIEC, with the DNIs of the parents where the person's record has them."""

    record: CivilRecord
    father_dni: str | None = field(default=None, repr=False)
    mother_dni: str | None = field(default=None, repr=False)

    @property
    def dni(self) -> str:
        """The number of the DNI."""
        return self.record.document.number


class People(Protocol):
    """Somebody to look up in every registry, or nobody."""

    def citizen(self, dni: str) -> Citizen | None:
        """What RENIEC has."""

    def foreigner(self, number: str) -> ForeignRecord | None:
        """What Migraciones has."""

    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        """What SIAGIE has."""


@dataclass(frozen=True, slots=True)
class Roll:
    """People who are written down one by one."""

    citizens: Mapping[str, Citizen] = field(default_factory=dict)
    foreigners: Mapping[str, ForeignRecord] = field(default_factory=dict)
    trajectories: Mapping[IdentityDocument, Trajectory] = field(default_factory=dict)

    def citizen(self, dni: str) -> Citizen | None:
        """What RENIEC has."""
        return self.citizens.get(dni)

    def foreigner(self, number: str) -> ForeignRecord | None:
        """What Migraciones has."""
        return self.foreigners.get(number)

    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        """What SIAGIE has."""
        return self.trajectories.get(document)


@dataclass(frozen=True, slots=True)
class Union:
    """Several sources of people, asked in their order."""

    sources: Sequence[People]

    def citizen(self, dni: str) -> Citizen | None:
        """What RENIEC has."""
        return next((found for source in self.sources if (found := source.citizen(dni))), None)

    def foreigner(self, number: str) -> ForeignRecord | None:
        """What Migraciones has."""
        return next((found for source in self.sources if (found := source.foreigner(number))), None)

    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        """What SIAGIE has."""
        return next((found for source in self.sources if (found := source.trajectory(document))), None)


def kinship(people: People, adult: str, minor: str) -> Kinship | None:
    """How the holder of one DNI stands to the holder of another, by the minor's record."""
    child = people.citizen(minor)
    if child is None:
        return None
    return {child.mother_dni: Kinship.MOTHER, child.father_dni: Kinship.FATHER}.get(adult)


def dni(number: int) -> IdentityDocument:
    """A DNI from the sandbox's block, by its last six digits."""
    return IdentityDocument(DocumentType.DNI, f"99{number:06d}")


def card(number: int) -> IdentityDocument:
    """A carnet de extranjería from the sandbox's block, by its last seven digits."""
    return IdentityDocument(DocumentType.CE, f"99{number:07d}")


def student_code(document: IdentityDocument) -> str:
    """A código de estudiante, 14 digits: the DNI after zeros, or the carnet's number after a one."""
    return document.number.zfill(14) if document.type is DocumentType.DNI else "1" + document.number.zfill(13)


def domicile_in(place: District) -> RegisteredDomicile:
    """A domicile as RENIEC writes it: upper case, without accents but for the ñ, with its own code."""
    names = (_plain(name) for name in (place.department, place.province, place.name))
    return RegisteredDomicile(PlaceNames(*names), place.reniec)


@cache
def district(inei: str) -> District:
    """A district by its INEI code."""
    return next(place for place in districts() if place.inei == inei)


def today_in_lima() -> date:
    """The real date."""
    return date_in_lima(datetime.now(UTC))


def _plain(name: str) -> str:
    return name.upper().translate(str.maketrans("ÁÉÍÓÚÜ", "AEIOUU"))

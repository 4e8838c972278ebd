"""What the outside registries say of a person, in our own terms, and the ports to ask them.

Every port raises `RegistryError` when there is no usable answer (unreachable, over its daily limit, or
nonsense such as another person's record); `None` always means: the registry answered, and has no such person.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from constancia.domain.identity import IdentityDocument, PersonName
from constancia.domain.places import RegisteredDomicile
from constancia.domain.school import Kinship, Trajectory


@dataclass(frozen=True, slots=True)
class CivilRecord:
    """A person in RENIEC's civil registry. A parent who was never registered is `None`."""

    document: IdentityDocument
    name: PersonName
    birth_date: date = field(repr=False)
    death_date: date | None = field(repr=False)
    father_given_names: str | None = field(repr=False)
    mother_given_names: str | None = field(repr=False)
    domicile: RegisteredDomicile = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """A resident foreigner as Migraciones answers: names only."""

    document: IdentityDocument
    name: PersonName


class CivilRegistry(Protocol):
    """RENIEC."""

    def check(self) -> None:
        """Raise `RegistryError` at once where asking is known to be in vain; asks nobody."""

    def person(self, document: IdentityDocument) -> CivilRecord | None:
        """Look a DNI up."""

    def kinship(self, adult: IdentityDocument, minor: IdentityDocument) -> frozenset[Kinship]:
        """How the holder of one DNI stands to the holder of another: mother, father, or neither."""


class MigrationRegistry(Protocol):
    """Migraciones."""

    def check(self) -> None:
        """Raise `RegistryError` at once where asking is known to be in vain; asks nobody."""

    def person(self, document: IdentityDocument) -> ForeignRecord | None:
        """Look a carnet de extranjería up."""


class SchoolSystem(Protocol):
    """SIAGIE."""

    def check(self) -> None:
        """Raise `RegistryError` at once where asking is known to be in vain; asks nobody."""

    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        """All that the school system has of a student, every year and level."""

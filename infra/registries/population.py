"""A population of invented families: the same for the same day's year, size and seed, in any process.

Households are drawn one after the other, each from its own seed, so that a smaller population is the
beginning of a larger one. People are written down at once (a fraction of a second for 10,000), their years at
school only when somebody looks them up.
"""
# ruff: noqa: S311

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.places import District, districts
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import Kinship, Relative, Trajectory
from infra.registries.courses import Pupil, trajectory
from infra.registries.names import FOREIGN_GIVEN, FOREIGN_SURNAMES, given_names, surname
from infra.registries.people import Citizen, card, district, dni, domicile_in

DEFAULT_PEOPLE: Final = 10_000
LARGEST: Final = 900_000
"""Documents beyond are those of the scenarios."""
SEED: Final = "constancia"
_CODES: Final = """
150132 150110 150135 150103 150142 150117 150122 150116 070101 070106 040110 040129 080108 211101 210101
130101 140101 200101 110101 120101 160101 250101 220901 050101 100101 090101 060101 230101 030101 240101
"""
_CITIES: Final = tuple(_CODES.split())
"""INEI codes of districts where more than half of the households live."""


@dataclass(frozen=True, slots=True)
class _Member:
    """Somebody of a household, registered and at school."""

    pupil: Pupil
    citizen: Citizen | None

    @property
    def document(self) -> IdentityDocument:
        return self.pupil.document

    @property
    def name(self) -> PersonName:
        """As RENIEC has it; schools may write it otherwise."""
        return self.citizen.record.name if self.citizen else self.pupil.name


class Population:
    """So many people in the registries. Answers by document; `documents` gives everybody in their order."""

    def __init__(self, today: date, people: int = DEFAULT_PEOPLE, seed: str = SEED) -> None:
        """Draw everybody.

        Raises:
            ValueError: more people than there are documents for.
        """
        if not 0 <= people <= LARGEST:
            raise ValueError(f"a population has 0 to {LARGEST} people")
        self._today, self._seed = today, seed
        self._members: dict[IdentityDocument, _Member] = {}
        household = 0
        while len(self._members) < people:
            for member in _Household(household, len(self._members), today, seed).members():
                if len(self._members) < people:
                    self._members[member.document] = member
            household += 1

    @property
    def documents(self) -> tuple[IdentityDocument, ...]:
        """Everybody's."""
        return tuple(self._members)

    def citizen(self, dni: str) -> Citizen | None:
        """What RENIEC has."""
        member = self._members.get(IdentityDocument(DocumentType.DNI, dni))
        return member.citizen if member else None

    def foreigner(self, number: str) -> ForeignRecord | None:
        """What Migraciones has."""
        member = self._members.get(IdentityDocument(DocumentType.CE, number))
        return ForeignRecord(member.document, member.pupil.name) if member else None

    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        """What SIAGIE has."""
        member = self._members.get(document)
        return trajectory(member.pupil, self._today, self._seed) if member else None


class _Household:
    """Parents, children and at times a grandmother who is the children's guardian."""

    def __init__(self, number: int, first_document: int, today: date, seed: str) -> None:
        self._rng = random.Random(f"{seed}/household/{number}")
        self._next = first_document
        self._year = today.year
        rng = self._rng
        self._place = district(rng.choice(_CITIES)) if rng.random() < 0.55 else rng.choice(districts())
        self._foreign = rng.random() < 0.03

    def members(self) -> Iterator[_Member]:
        """Everybody, elders first."""
        rng = self._rng
        mother_age = rng.randint(21, 62)
        mother = self._adult(woman=True, age=mother_age)
        yield mother
        father = None
        if rng.random() < 0.85:
            father = self._adult(woman=False, age=mother_age + rng.randint(-3, 8))
            yield father
        guardian = None
        if rng.random() < 0.06:
            guardian = self._adult(woman=True, age=mother_age + rng.randint(18, 26))
            yield guardian
        unregistered = rng.random() < 0.005
        for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
            age = mother_age - rng.randint(18, 38)
            if age >= 0:
                parents = (None, None) if unregistered else (father, mother)
                yield self._child(age, parents, mother, guardian)

    def _adult(self, *, woman: bool, age: int) -> _Member:
        rng = self._rng
        died = self._death(age) if rng.random() < 0.03 else None
        return self._member(self._name(woman=woman), self._birth(age), died, (None, None), ())

    def _child(
        self,
        age: int,
        parents: tuple[_Member | None, _Member | None],
        mother: _Member,
        guardian: _Member | None,
    ) -> _Member:
        rng = self._rng
        father = parents[0]
        family = (father.name.paternal, mother.name.paternal) if father else _both(mother.name)
        name = PersonName(self._given(woman=rng.random() < 0.5), *family)
        roles = ((Kinship.FATHER, parents[0]), (Kinship.MOTHER, parents[1]), (Kinship.GUARDIAN, guardian))
        relatives = tuple(Relative(kinship, member.document) for kinship, member in roles if member)
        died = self._death(age) if age >= 5 and rng.random() < 0.006 else None
        return self._member(name, self._birth(age), died, parents, relatives)

    def _member(
        self,
        name: PersonName,
        birth: date,
        died: date | None,
        parents: tuple[_Member | None, _Member | None],
        relatives: tuple[Relative, ...],
    ) -> _Member:
        rng = self._rng
        document = card(self._next) if self._foreign else dni(self._next)
        self._next += 1
        arrived = rng.randint(2015, max(2016, self._year - 1)) if self._foreign else None
        pupil = Pupil(document, self._at_school(name), birth, self._place.inei, relatives, died, arrived)
        if self._foreign:
            return _Member(pupil, None)
        father, mother = parents
        adult = not relatives
        record = CivilRecord(
            document=document,
            name=name,
            birth_date=birth,
            death_date=died,
            father_given_names=father.name.given if father else self._grandparent(adult, woman=False),
            mother_given_names=mother.name.given if mother else self._grandparent(adult, woman=True),
            domicile=domicile_in(self._domicile()),
        )
        return _Member(
            pupil,
            Citizen(
                record, father.document.number if father else None, mother.document.number if mother else None
            ),
        )

    def _grandparent(self, adult: bool, *, woman: bool) -> str | None:
        """The given names of an adult's own parent, who has no record here; some were never registered."""
        missing = not adult or self._rng.random() < (0.01 if woman else 0.08)
        return None if missing else self._given(woman=woman)

    def _name(self, *, woman: bool) -> PersonName:
        rng = self._rng
        if self._foreign:
            maternal = rng.choice(FOREIGN_SURNAMES) if rng.random() < 0.6 else None
            return PersonName(rng.choice(FOREIGN_GIVEN), rng.choice(FOREIGN_SURNAMES), maternal)
        paternal, maternal = surname(rng, self._place.department), surname(rng, self._place.department)
        return PersonName(self._given(woman=woman), paternal, maternal if rng.random() < 0.985 else None)

    def _given(self, *, woman: bool) -> str:
        return self._rng.choice(FOREIGN_GIVEN) if self._foreign else given_names(self._rng, woman=woman)

    def _at_school(self, name: PersonName) -> PersonName:
        """Schools type names again: now and then without accents or with one space less."""
        if self._rng.random() >= 0.1:
            return name
        plain = str.maketrans("ÁÉÍÓÚ", "AEIOU")
        parts = (
            " ".join(part.translate(plain).split()) if part else None
            for part in (name.paternal, name.maternal)
        )
        return PersonName(" ".join(name.given.translate(plain).split()), *parts)

    def _domicile(self) -> District:
        return self._place if self._rng.random() < 0.9 else self._rng.choice(districts())

    def _birth(self, age: int) -> date:
        return date(self._year - age, self._rng.randint(1, 12), self._rng.randint(1, 28))

    def _death(self, age: int) -> date:
        """Some day of the last eight years, later than the third birthday."""
        year = self._year - self._rng.randint(1, min(age - 4, 8))
        return date(year, self._rng.randint(1, 12), self._rng.randint(1, 28))


def _both(name: PersonName) -> tuple[str | None, str | None]:
    """Who has one registered parent bears both of that parent's surnames."""
    return name.paternal, name.maternal

"""How a scenario is put together: its people, their years at school, and what they ask."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import Enrolment, Kinship, Level, Observation, Relative, Trajectory
from infra.registries.people import Citizen, Roll, card, district, dni, domicile_in, student_code
from infra.registries.schooling import Outcome, YearPlan, course, enrolments
from infra.registries.schools import Site, site

ISSUED: Final = "ISSUED"
HELD: Final = "HELD"
# Districts by INEI code, and one by RENIEC's own.
LINCE: Final = "150116"
LINCE_RENIEC: Final = "140111"
WANCHAQ: Final = "080108"
BRENA: Final = "150105"
JULIACA: Final = "211101"
JULI: Final = "210401"
COMBAPATA: Final = "080603"
# Birth dates of adults, by the years at school that follow from them.
SECUNDARIA_2017_2021: Final = date(2004, 9, 14)
ALL_YEARS_2013_2023: Final = date(2007, 2, 20)
SECUNDARIA_2008_2012: Final = date(1995, 10, 5)


class Registry(StrEnum):
    """The outside systems, by the first part of their address in the sandbox."""

    RENIEC = "reniec"
    MIGRACIONES = "migraciones"
    SIAGIE = "siagie"


class Fault(StrEnum):
    """How a registry misbehaves for one person."""

    SLOW = "SLOW"
    """The right answer, late, but within our time."""
    DOWN = "DOWN"
    DAILY_LIMIT = "DAILY_LIMIT"
    NONSENSE = "NONSENSE"
    """A page of HTML with the status of success."""
    ANOTHER_PERSON = "ANOTHER_PERSON"
    """Somebody else's record."""


type Faults = Mapping[tuple[Registry, str], Fault]
"""By registry and number of the document that is looked up."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """People in the registries, one application, and how it ends."""

    name: str
    """A speaking slug."""
    title: str
    """In Spanish, for people who try the platform."""
    expected: str
    """`ISSUED`, `HELD`, or the public `ErrorCode` value of the refusal."""
    try_with: str
    """What to type into the form, in a few words of Spanish."""
    student: IdentityDocument
    applicant: IdentityDocument | None
    people: Roll = field(repr=False)
    faults: Faults = field(repr=False)
    _application: Mapping[str, Any] = field(repr=False)

    @property
    def accepted(self) -> bool:
        """Whether the request is accepted; else it is refused."""
        return self.expected in {ISSUED, HELD}

    def application(self, terms_version: str) -> dict[str, Any]:
        """The body for `POST /api/v1/requests`, a new one at each call."""
        body = deepcopy(dict(self._application))
        body["terms"] = {"accepted": True, "version": terms_version}
        return body


class Cast:
    """The people of one scenario. Documents come from the scenario's number: `99900101`, `99900102`, ..."""

    def __init__(self, number: int, today: date) -> None:
        self.today = today
        self._number = number
        self._taken = 0
        self._citizens: dict[str, Citizen] = {}
        self._foreigners: dict[str, ForeignRecord] = {}
        self._trajectories: dict[IdentityDocument, Trajectory] = {}

    def born(self, *, age: int) -> date:
        """A birth date that makes a person so many years old today, and for months to come and gone."""
        birthday = self.today - timedelta(days=100)
        return birthday.replace(year=birthday.year - age, day=min(birthday.day, 28))

    def citizen(  # noqa: PLR0913 - a builder, with defaults for most
        self,
        given: str,
        paternal: str | None,
        maternal: str | None,
        born: date,
        *,
        father: "Citizen | str | None" = "LUIS ALBERTO",
        mother: "Citizen | str | None" = "ROSA MARÍA",
        lives_in: str = LINCE,
        died: date | None = None,
    ) -> Citizen:
        """Register someone at RENIEC; parents are people of the cast, mere given names, or not registered."""
        record = CivilRecord(
            document=dni(self._next()),
            name=PersonName(given, paternal, maternal),
            birth_date=born,
            death_date=died,
            father_given_names=_given_names(father),
            mother_given_names=_given_names(mother),
            domicile=domicile_in(district(lives_in)),
        )
        citizen = Citizen(record, _dni_of(father), _dni_of(mother))
        self._citizens[citizen.dni] = citizen
        return citizen

    def child(self, age: int, **changes: Any) -> tuple[Citizen, Citizen, Citizen]:
        """A child who lives with mother and father, in this order, and goes to school."""
        mother = self.citizen("CARMEN ROSA", "HUAMÁN", "CCALLO", self.born(age=age + 28), **changes)
        father = self.citizen("WILBER", "MAMANI", "TICONA", self.born(age=age + 31), **changes)
        child = self.citizen(
            "YHADIRA LUZ", "MAMANI", "HUAMÁN", self.born(age=age), father=father, mother=mother, **changes
        )
        self.studies(child)
        return child, mother, father

    def foreigner(self, given: str, paternal: str, maternal: str | None) -> ForeignRecord:
        """Register someone at Migraciones."""
        foreigner = ForeignRecord(
            card(9_900_000 + self._next() % 100_000), PersonName(given, paternal, maternal)
        )
        self._foreigners[foreigner.document.number] = foreigner
        return foreigner

    def studies(  # noqa: PLR0913 - a builder, with defaults for most
        self,
        student: Citizen | ForeignRecord,
        born: date | None = None,
        *,
        sites: Callable[[int], Site] = lambda _: site(LINCE, 0),
        outcome_in: Callable[[YearPlan], Outcome] = lambda _: Outcome.PASSED,
        change: Callable[[YearPlan], YearPlan] = lambda plan: plan,
        remark: Callable[[Enrolment], Enrolment] = lambda enrolment: enrolment,
        relatives: Sequence[Relative] = (),
        observations: Sequence[Observation] = (),
    ) -> None:
        """Enrol someone in SIAGIE from inicial on, with the parents that RENIEC has and further relatives."""
        record = student.record if isinstance(student, Citizen) else student
        birth = born or (student.record.birth_date if isinstance(student, Citizen) else None)
        if birth is None:
            raise ValueError("Migraciones has no birth dates: a foreigner's must be given")
        plans = course(birth, self.today, sites, outcome_in=outcome_in)
        years = enrolments((change(plan) for plan in plans), record.document.number)
        self._trajectories[record.document] = Trajectory(
            student_code=student_code(record.document),
            document=record.document,
            name=record.name,
            birth_date=birth,
            relatives=(*_parents(student), *relatives),
            enrolments=tuple(remark(year) for year in years),
            observations=tuple(observations),
        )

    def asks(  # noqa: PLR0913 - a builder, with defaults for most
        self,
        scenario: tuple[str, str],
        student: Citizen | ForeignRecord,
        level: Level,
        *,
        by: tuple[Citizen | ForeignRecord, Kinship] | None = None,
        expected: str = ISSUED,
        student_declares: Mapping[str, Any] | None = None,
        applicant_declares: Mapping[str, Any] | None = None,
        faults: Mapping[Registry, Fault] | None = None,
        reason: Mapping[str, Any] | None = None,
        phone: str | None = None,
    ) -> Scenario:
        """The scenario (slug and title): who asks for what, what is declared otherwise than registered."""
        name, title = scenario
        document = _document_of(student)
        declared = {**self._declares(student, is_student=True), **(student_declares or {})}
        applicant = None
        if by is not None:
            applicant = {**self._declares(by[0], is_student=False), "kinship": by[1].value}
            applicant |= applicant_declares or {}
        return Scenario(
            name=name,
            title=title,
            expected=expected,
            try_with=_hint(declared, applicant, level),
            student=document,
            applicant=_document_of(by[0]) if by else None,
            people=Roll(self._citizens, self._foreigners, self._trajectories),
            faults={(registry, document.number): fault for registry, fault in (faults or {}).items()},
            _application={
                "student": declared,
                "applicant": applicant,
                "modality": "EBR",
                "level": level.value,
                "contact": {"email": f"{name}@correo.example", "phone": phone},
                "reason": dict(reason or {"code": "SCHOLARSHIP", "detail": None}),
            },
        )

    def unregistered(self, citizen: Citizen) -> Citizen:
        """Let RENIEC forget someone."""
        del self._citizens[citizen.dni]
        return citizen

    def _declares(self, person: Citizen | ForeignRecord, *, is_student: bool) -> dict[str, Any]:
        if isinstance(person, ForeignRecord):
            declared: dict[str, Any] = {
                "document": {"type": "CE", "number": person.document.number},
                "given_names": _typed(person.name.given),
                "paternal_surname": _typed(person.name.paternal or ""),
                "maternal_surname": _typed(person.name.maternal) if person.name.maternal else None,
            }
            if is_student:
                declared["birth_date"] = self._trajectories[person.document].birth_date.isoformat()
            return declared
        record = person.record
        place = record.domicile.names
        return {
            "document": {"type": "DNI", "number": person.dni},
            "father": _declared_parent(record.father_given_names),
            "mother": _declared_parent(record.mother_given_names),
            "domicile": {
                "department": _typed(place.department),
                "province": _typed(place.province),
                "district": _typed(place.district),
            },
        }

    def _next(self) -> int:
        self._taken += 1
        return 900_000 + self._number * 100 + self._taken


def _typed(name: str) -> str:
    """A name as people type it."""
    return " ".join(word.capitalize() for word in name.split())


def _declared_parent(given_names: str | None) -> dict[str, Any]:
    return {"not_registered": True} if given_names is None else {"given_names": _typed(given_names)}


def _given_names(parent: Citizen | str | None) -> str | None:
    return parent.record.name.given if isinstance(parent, Citizen) else parent


def _dni_of(parent: Citizen | str | None) -> str | None:
    return parent.dni if isinstance(parent, Citizen) else None


def _document_of(person: Citizen | ForeignRecord) -> IdentityDocument:
    return person.record.document if isinstance(person, Citizen) else person.document


def _parents(student: Citizen | ForeignRecord) -> list[Relative]:
    if isinstance(student, ForeignRecord):
        return []
    parents = ((Kinship.MOTHER, student.mother_dni), (Kinship.FATHER, student.father_dni))
    return [
        Relative(kinship, IdentityDocument(DocumentType.DNI, number)) for kinship, number in parents if number
    ]


def _hint(student: Mapping[str, Any], applicant: Mapping[str, Any] | None, level: Level) -> str:
    parts = [_person_hint(student), level.value.lower()]
    if applicant is not None:
        kinship = {"MOTHER": "madre", "FATHER": "padre", "GUARDIAN": "apoderado/a"}[applicant["kinship"]]
        parts.insert(1, f"pide {kinship}: {_person_hint(applicant)}")
    return "; ".join(parts)


def _person_hint(declared: Mapping[str, Any]) -> str:
    document = f"{declared['document']['type']} {declared['document']['number']}"
    if "given_names" in declared:
        names = (declared["given_names"], declared["paternal_surname"], declared["maternal_surname"])
        birth = f", nac. {declared['birth_date']}" if "birth_date" in declared else ""
        return f"{document} ({' '.join(name for name in names if name)}{birth})"
    father, mother = (declared[parent].get("given_names", "no registrado") for parent in ("father", "mother"))
    place = declared["domicile"]
    where = place.get("ubigeo") or f"{place['district']}, {place['province']}, {place['department']}"
    return f"{document} (padre {father}, madre {mother}, {where})"

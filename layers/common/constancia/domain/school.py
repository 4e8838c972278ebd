"""A student's years at school as SIAGIE has them. Nothing here is computed: marks are printed as given."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from constancia.domain.identity import IdentityDocument, PersonName


class Modality(StrEnum):
    """Modalities of basic education."""

    EBR = "EBR"
    """Educación Básica Regular."""
    EBA = "EBA"
    """Educación Básica Alternativa."""
    EBE = "EBE"
    """Educación Básica Especial."""


class Level(StrEnum):
    """Levels of Educación Básica Regular."""

    INICIAL = "INICIAL"
    PRIMARIA = "PRIMARIA"
    SECUNDARIA = "SECUNDARIA"


class Kinship(StrEnum):
    """How an adult stands to a student."""

    MOTHER = "MOTHER"
    FATHER = "FATHER"
    GUARDIAN = "GUARDIAN"
    """Apoderado/a: holder of the patria potestad or tutor."""


class Scale(StrEnum):
    """How a mark is to be read."""

    LITERAL = "LITERAL"
    """AD, A, B, C."""
    VIGESIMAL = "VIGESIMAL"
    """00 to 20, two digits."""
    EXEMPT = "EXEMPT"
    """EXO: exonerado del área."""


class ResultKind(StrEnum):
    """The three groups of rows of a certificate (tipo de área)."""

    AREA = "AREA"
    TRANSVERSAL = "TRANSVERSAL"
    """Competencias transversales."""
    WORKSHOP = "WORKSHOP"
    """Talleres."""


class ActaState(StrEnum):
    """State of the acta de evaluación that a year's marks come from."""

    APPROVED = "APPROVED"
    UNDER_REVIEW = "UNDER_REVIEW"
    UNDER_RECTIFICATION = "UNDER_RECTIFICATION"
    OPEN = "OPEN"
    """The year is still running: there are no final marks."""


class ObservationKind(StrEnum):
    """Types of observation (tipo_observacion)."""

    WITHDRAWAL = "WITHDRAWAL"
    TRANSFER = "TRANSFER"
    PLACEMENT_TEST = "PLACEMENT_TEST"
    EQUIVALENCE = "EQUIVALENCE"
    """Convalidación o revalidación."""


@dataclass(frozen=True, slots=True)
class School:
    """A school: código modular (7 digits), anexo (1 digit), name, and INEI code of its district."""

    modular_code: str
    annex: str
    name: str
    district: str | None = None

    @property
    def printed_code(self) -> str:
        """`0123456-0`, as certificates print it."""
        return f"{self.modular_code}-{self.annex}"


@dataclass(frozen=True, slots=True)
class Result:
    """One final mark. Years to 2019 carry one an area, years from 2020 one a competencia."""

    kind: ResultKind
    area: str
    competencia: str | None
    mark: str
    scale: Scale


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One year of a student in one grade of one school."""

    year: int
    modality: Modality
    level: Level
    grade: str
    """SIAGIE's label within the level: `1` … `6`; in inicial the age in years, `0` … `5`."""
    school: School
    acta: ActaState
    final_situation: str | None
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """A line under the tables: `year - resolution - reason`."""

    year: int
    level: Level
    kind: ObservationKind
    resolution: str
    reason: str


@dataclass(frozen=True, slots=True)
class Relative:
    """An adult whom the school system has registered with the student."""

    kinship: Kinship
    document: IdentityDocument


@dataclass(frozen=True, slots=True)
class Trajectory:
    """All that SIAGIE has of one student. `student_code` has 14 digits."""

    student_code: str = field(repr=False)
    document: IdentityDocument
    name: PersonName
    birth_date: date = field(repr=False)
    relatives: tuple[Relative, ...] = field(repr=False)
    enrolments: tuple[Enrolment, ...] = field(repr=False)
    observations: tuple[Observation, ...] = field(repr=False)

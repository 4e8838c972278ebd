"""What a person declares when asking for a certificate. Everything here lives for one invocation only."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from constancia.domain.identity import IdentityDocument, PersonName
from constancia.domain.places import DeclaredDomicile
from constancia.domain.school import Kinship, Level, Modality


@dataclass(frozen=True, slots=True)
class DeclaredParent:
    """A parent's given names as RENIEC should have them, or `None`: declared as not registered there."""

    given_names: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CitizenDeclaration:
    """What the holder of a DNI declares to be recognised by RENIEC."""

    document: IdentityDocument
    father: DeclaredParent
    mother: DeclaredParent
    domicile: DeclaredDomicile = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForeignerDeclaration:
    """What the holder of a carnet de extranjería declares.

    Migraciones answers with names only, so these are compared with it; the birth date, asked of students
    alone, is compared with the school system's.
    """

    document: IdentityDocument
    name: PersonName
    birth_date: date | None = field(repr=False)


type Declaration = CitizenDeclaration | ForeignerDeclaration


class Reason(StrEnum):
    """What the certificate is asked for. Counted, never kept or printed."""

    SCHOLARSHIP = "SCHOLARSHIP"
    HIGHER_EDUCATION = "HIGHER_EDUCATION"
    POLICE_OR_MILITARY_SCHOOL = "POLICE_OR_MILITARY_SCHOOL"
    EMPLOYMENT = "EMPLOYMENT"
    SCHOOL_TRANSFER = "SCHOOL_TRANSFER"
    TRAVEL = "TRAVEL"
    PERSONAL = "PERSONAL"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the virtual code goes. Erased once the mail went out."""

    email: str = field(repr=False)
    phone: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class TermsAcceptance:
    """The person's free, prior, informed and express acceptance of one version of the terms (Ley 29733)."""

    accepted: bool
    version: str


@dataclass(frozen=True, slots=True)
class Application:
    """A request for the certificate of one student, modality and level."""

    student: Declaration
    applicant: Declaration | None
    """The adult who asks for a minor; `None` when students ask for themselves."""
    kinship: Kinship | None
    """What the applicant declares to be; `None` exactly when `applicant` is."""
    modality: Modality
    level: Level
    contact: Contact
    reason: Reason
    reason_detail: str | None = field(repr=False)
    """Up to 150 characters, with `Reason.OTHER` alone; the form asks it, nothing keeps it."""
    terms: TermsAcceptance

    def __post_init__(self) -> None:
        if (self.applicant is None) != (self.kinship is None):
            raise ValueError("an applicant and a kinship come together")


def masked(email: str) -> str:
    """An address as its owner recognises it and nobody else: `m•••@c•••.pe`."""
    local, _, domain = email.rpartition("@")
    name, _, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••.{ending}"

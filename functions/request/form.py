"""The fields of a request's pages, their choices, and how what was typed becomes the API's body.

Fields are named after their place in the body (`student.document.number`), so that an error's JSON pointer
leads to its field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from html import escape
from itertools import groupby
from typing import Any, Final

from constancia.domain.application import Reason
from constancia.domain.eligibility import Policy
from constancia.domain.identity import DocumentType
from constancia.domain.messages import N_
from constancia.domain.places import District, districts, districts_of
from constancia.domain.school import Kinship, Level, Modality
from constancia.domain.typed import bare_number, without_marks

PURPOSE: Final = "for"
"""The field that says for whom the certificate is: a kinship, or `SELF`."""
SELF: Final = "SELF"
PURPOSES: Final[dict[str, str]] = {
    SELF: N_("Para mí"),
    Kinship.MOTHER: N_("Para mi hija o hijo menor de edad: soy su madre"),
    Kinship.FATHER: N_("Para mi hija o hijo menor de edad: soy su padre"),
    Kinship.GUARDIAN: N_("Para un menor de edad: soy su apoderada o apoderado"),
}
DOCUMENTS: Final[dict[DocumentType, str]] = {
    DocumentType.DNI: N_("DNI"),
    DocumentType.CE: N_("Carnet de extranjería"),
}
LEVELS: Final[dict[Level, str]] = {
    Level.INICIAL: N_("Inicial (3 a 5 años)"),
    Level.PRIMARIA: N_("Primaria"),
    Level.SECUNDARIA: N_("Secundaria"),
}
MODALITIES: Final[dict[Modality, str]] = {
    Modality.EBR: N_("Educación Básica Regular (EBR)"),
    Modality.EBA: N_("Educación Básica Alternativa (EBA)"),
    Modality.EBE: N_("Educación Básica Especial (EBE)"),
}
REASONS: Final[dict[Reason, str]] = {
    Reason.SCHOLARSHIP: N_("Beca o crédito educativo"),
    Reason.HIGHER_EDUCATION: N_("Admisión a universidad o instituto"),
    Reason.POLICE_OR_MILITARY_SCHOOL: N_("Escuela policial o militar"),
    Reason.EMPLOYMENT: N_("Trabajo"),
    Reason.SCHOOL_TRANSFER: N_("Traslado a otro colegio"),
    Reason.TRAVEL: N_("Viaje o estudios en el extranjero"),
    Reason.PERSONAL: N_("Uso personal"),
    Reason.OTHER: N_("Otros"),
}

_CHOICES: Final[dict[str, Mapping[Any, str]]] = {
    PURPOSE: PURPOSES,
    "document.type": DOCUMENTS,
    "level": LEVELS,
    "modality": MODALITIES,
    "reason.code": REASONS,
}
_NOT_REGISTERED: Final = "not_registered"


class Kind(Enum):
    """How a field is asked for."""

    TEXT = auto()
    CHOICE = auto()
    TICK = auto()
    DISTRICT = auto()
    DATE = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a page, by its place in the body."""

    name: str
    kind: Kind = Kind.TEXT

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of what a form sends of it: of a date three. The first is where an error leads."""
        if self.kind is Kind.DATE:
            return tuple(f"{self.name}-{part}" for part in ("day", "month", "year"))
        return (self.name,)

    @property
    def choices(self) -> Mapping[Any, str]:
        """What a choice offers, with its words."""
        return _CHOICES.get(self.name) or _CHOICES[self.name.partition(".")[2]]


@dataclass(frozen=True, slots=True)
class Choice:
    """For whom, and which document each person has: it decides what else is asked."""

    kinship: Kinship | None
    student: DocumentType
    applicant: DocumentType | None

    @classmethod
    def of(cls, answers: Mapping[str, str]) -> "Choice":
        """Read the choices; what is not chosen yet is taken as the usual one, a DNI."""
        student = _document_type(answers, "student")
        purpose = answers.get(PURPOSE)
        if purpose not in PURPOSES or purpose == SELF:
            return cls(None, student, None)
        return cls(Kinship(purpose), student, _document_type(answers, "applicant"))

    @classmethod
    def knows_purpose(cls, answers: Mapping[str, str]) -> bool:
        """Whether it was said for whom the certificate is."""
        return answers.get(PURPOSE) in PURPOSES


def _document_type(answers: Mapping[str, str], who: str) -> DocumentType:
    return DocumentType.CE if answers.get(f"{who}.document.type") == DocumentType.CE else DocumentType.DNI


def place_of(pointer: str) -> str:
    """The field that a JSON pointer of the body leads to."""
    return pointer.removeprefix("/").replace("/", ".")


def offered(policy: Policy) -> dict[Modality, str]:
    """The modalities that can be asked for, by their names."""
    return {modality: label for modality, label in MODALITIES.items() if modality in policy.modalities}


def body_of(answers: Mapping[str, str], policy: Policy) -> dict[str, object]:
    """Make the API's body, but for the terms. What was left empty is left out; nothing is judged here."""
    choice = Choice.of(answers)
    (*others, only) = offered(policy)
    other = answers.get("reason.code") == Reason.OTHER
    return _filled(
        {
            "student": _person(answers, "student", choice.student, is_student=True),
            "applicant": choice.applicant
            and _person(answers, "applicant", choice.applicant, is_student=False)
            | {"kinship": choice.kinship},
            "modality": _typed(answers, "modality") if others else only,
            "level": _typed(answers, "level"),
            "contact": _filled(
                {"email": _typed(answers, "contact.email"), "phone": _typed(answers, "contact.phone")}
            ),
            "reason": _filled(
                {
                    "code": _typed(answers, "reason.code"),
                    # What was written beside another reason belongs to none.
                    "detail": _typed(answers, "reason.detail") if other else None,
                }
            ),
        }
    )


def _person(
    fields: Mapping[str, str], who: str, document: DocumentType, *, is_student: bool
) -> dict[str, object]:
    person: dict[str, object] = {
        "document": _filled(
            {
                "type": _typed(fields, f"{who}.document.type"),
                "number": _typed(fields, f"{who}.document.number"),
            }
        )
    }
    if document is DocumentType.DNI:
        return person | {
            "father": _parent(fields, f"{who}.father"),
            "mother": _parent(fields, f"{who}.mother"),
            "domicile": _domicile(_typed(fields, f"{who}.domicile.ubigeo")),
        }
    names = ("given_names", "paternal_surname", "maternal_surname")
    person |= _filled({name: _typed(fields, f"{who}.{name}") for name in names})
    return person | (_filled({"birth_date": _birth_date(fields, who)}) if is_student else {})


def _domicile(code: str | None) -> dict[str, object]:
    """The district chosen, told by its names: the same code may be another place's at RENIEC."""
    place = district_of(code or "")
    if place is None:
        return _filled({"ubigeo": code})
    return {"department": place.department, "province": place.province, "district": place.name}


def _parent(fields: Mapping[str, str], who: str) -> dict[str, object]:
    absent = f"{who}.{_NOT_REGISTERED}" in fields
    return _filled({"given_names": _typed(fields, f"{who}.given_names"), _NOT_REGISTERED: absent or None})


def _birth_date(fields: Mapping[str, str], who: str) -> str | None:
    """Day, month and year as people type them, in the form of ISO 8601; nothing if all three are empty."""
    inputs = Field(f"{who}.birth_date", Kind.DATE).inputs
    day, month, year = (_typed(fields, name) or "" for name in inputs)
    return f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}" if day or month or year else None


def tidy(name: str, value: str) -> str:
    """What was typed into a field, as it is carried and shown: what came along unseen with it is gone."""
    if name.endswith("document.number"):
        return bare_number(value)
    return (without_marks(value) if name.startswith("contact.") else value).strip()


def _typed(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name, "").strip() or None


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


@cache
def district_options() -> str:
    """All districts as HTML options, grouped by department and province, with INEI's codes."""

    def option(code: str, name: str) -> str:
        return f'<option value="{code}">{escape(name)}</option>'

    ordered = sorted(districts(), key=lambda one: (one.department, one.province, one.name))
    return "".join(
        f'<optgroup label="{escape(f"{department} – {province}")}">'
        + "".join(option(place.inei, place.name) for place in places)
        + "</optgroup>"
        for (department, province), places in groupby(ordered, key=lambda one: (one.department, one.province))
    )


def district_of(code: str) -> District | None:
    """The district that a choice of `district_options` means."""
    return next((place for place in districts_of(code) if place.inei == code), None)


def district_label(code: str) -> str | None:
    """A chosen district by its names, for the option that stands first when the form comes back."""
    place = district_of(code)
    return f"{place.name} ({place.department} – {place.province})" if place else None

"""The form of a request: which fields it has, and how what was typed becomes the API's body.

Fields are named after their place in the body (`student.document.number`), so that an error's JSON pointer
leads to its field.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from typing import Final

from constancia.domain.application import Reason
from constancia.domain.errors import DomainError
from constancia.domain.identity import DocumentType
from constancia.domain.places import District, districts, districts_of
from constancia.domain.school import Kinship, Level, Modality
from constancia.web.problems import N_, Problem, problem_of

SELF: Final = "SELF"
CHOICE_FIELDS: Final = frozenset({"for", "student", "applicant"})
TOKEN: Final = "token"  # noqa: S105 - the name of the field that tells one form from another

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

_PERSON_LABELS: Final[dict[str, str]] = {
    "father.given_names": N_("Nombres del padre"),
    "mother.given_names": N_("Nombres de la madre"),
    "domicile.ubigeo": N_("Distrito que figura en el DNI"),
    "given_names": N_("Nombres"),
    "paternal_surname": N_("Primer apellido"),
    "maternal_surname": N_("Segundo apellido"),
    "birth_date": N_("Fecha de nacimiento"),
}
_LABELS: Final[dict[str, str]] = {
    "modality": N_("Modalidad"),
    "level": N_("Nivel de estudios"),
    "contact.email": N_("Correo electrónico"),
    "contact.phone": N_("Teléfono (opcional)"),
    "reason.code": N_("Motivo de la solicitud"),
    "reason.detail": N_("Si eligió «Otros», escriba el motivo"),
    "terms.accepted": N_("Términos y condiciones"),
}
_NUMBER_LABELS: Final[dict[DocumentType, str]] = {
    DocumentType.DNI: N_("Número de DNI"),
    DocumentType.CE: N_("Número del carnet de extranjería"),
}
_FORM_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_NOT_REGISTERED: Final = "not_registered"


@dataclass(frozen=True, slots=True)
class Choice:
    """On whose behalf, and which document each person has: it decides which fields the form shows."""

    kinship: Kinship | None
    student: DocumentType
    applicant: DocumentType | None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Choice | None":
        """Read the choice from the address or the form; `None` when none, or an impossible one, was made."""
        try:
            student = DocumentType(given.get("student", DocumentType.DNI))
            if given.get("for") == SELF:
                return cls(None, student, None)
            applicant = DocumentType(given.get("applicant", DocumentType.DNI))
            return cls(Kinship(given.get("for", "")), student, applicant)
        except ValueError:
            return None

    @property
    def fields(self) -> dict[str, str]:
        """As the form's hidden fields carry it."""
        chosen = {"for": self.kinship or SELF, "student": self.student, "applicant": self.applicant}
        return {name: value.__str__() for name, value in chosen.items() if value}

    def label(self, name: str) -> str:
        """What a field is called on the page, and so in the summary of what is wrong; else its own name."""
        who, _, place = name.partition(".")
        if place == "document.number":
            return _NUMBER_LABELS[(self.applicant if who == "applicant" else None) or self.student]
        return _LABELS.get(name) or _PERSON_LABELS.get(place, name)


def new_form_token() -> str:
    """Draw what tells one filled form from another: sent twice, it makes one request."""
    return secrets.token_urlsafe(16)


def form_token(fields: Mapping[str, str]) -> str | None:
    """The form's token, if it is one that we could have drawn."""
    token = fields.get(TOKEN, "")
    return token if _FORM_TOKEN.fullmatch(token) else None


def body_of(choice: Choice, fields: Mapping[str, str]) -> dict[str, object]:
    """Make the API's body from the form. What was left empty is left out; what was typed is not judged."""
    return _filled(
        {
            "student": _person(fields, "student", choice.student, is_student=True),
            "applicant": choice.applicant
            and _person(fields, "applicant", choice.applicant, is_student=False)
            | {"kinship": choice.kinship},
            "modality": _typed(fields, "modality"),
            "level": _typed(fields, "level"),
            "contact": _filled(
                {"email": _typed(fields, "contact.email"), "phone": _typed(fields, "contact.phone")}
            ),
            "reason": _filled(
                {"code": _typed(fields, "reason.code"), "detail": _typed(fields, "reason.detail")}
            ),
            "terms": _filled(
                {"accepted": "terms.accepted" in fields, "version": _typed(fields, "terms.version")}
            ),
        }
    )


def _person(
    fields: Mapping[str, str], who: str, document: DocumentType, *, is_student: bool
) -> dict[str, object]:
    person: dict[str, object] = {
        "document": _filled({"type": document, "number": _typed(fields, f"{who}.document.number")})
    }
    if document is DocumentType.DNI:
        return person | {
            "father": _parent(fields, f"{who}.father"),
            "mother": _parent(fields, f"{who}.mother"),
            "domicile": _domicile(_typed(fields, f"{who}.domicile.ubigeo")),
        }
    names = ("given_names", "paternal_surname", "maternal_surname")
    person |= _filled({name: _typed(fields, f"{who}.{name}") for name in names})
    return person | (_filled({"birth_date": _birth_date(fields, f"{who}.birth_date")}) if is_student else {})


def _domicile(code: str | None) -> dict[str, object]:
    """The district chosen, told by its names: the same code may be another place's at RENIEC."""
    place = district_of(code or "")
    if place is None:
        return _filled({"ubigeo": code})
    return {"department": place.department, "province": place.province, "district": place.name}


def _parent(fields: Mapping[str, str], who: str) -> dict[str, object]:
    absent = f"{who}.{_NOT_REGISTERED}" in fields
    return _filled({"given_names": _typed(fields, f"{who}.given_names"), _NOT_REGISTERED: absent or None})


def _birth_date(fields: Mapping[str, str], name: str) -> str | None:
    """Year, month and day as people type them, in the form of ISO 8601; nothing if all three are empty."""
    parts = [_typed(fields, f"{name}-{part}") or "" for part in ("year", "month", "day")]
    return "-".join([parts[0].zfill(4), parts[1].zfill(2), parts[2].zfill(2)]) if any(parts) else None


def _typed(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name, "").strip() or None


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the form came back: what the summary on top says, and what stands at each field."""

    problem: Problem
    at_fields: dict[str, str]

    @classmethod
    def of(cls, error: DomainError) -> "Refusal":
        """Find the field of each error."""
        problem = problem_of(error)
        places = [one.pointer.removeprefix("/").replace("/", ".") for one in problem.errors]
        at_fields = {
            # The version is a hidden field: what people can do about it is to accept the terms in force.
            "terms.accepted" if place == "terms.version" else place: one.detail
            for place, one in zip(places, problem.errors, strict=True)
        }
        return cls(problem, at_fields)


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

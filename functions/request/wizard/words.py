"""What the pages of the six steps call things, and what they say of what is missing or wrong."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from constancia.domain.errors import FieldError, FieldErrorCode
from constancia.domain.messages import N_
from constancia.web.problems import FIELD_PROBLEMS
from request.form import PURPOSE, SELF, place_of
from request.wizard.steps import APPLICANT, Page

_LABELS: Final[dict[str, str]] = {
    PURPOSE: N_("Para quién es la constancia"),
    "document.type": N_("Tipo de documento"),
    "document.number": N_("Número de documento"),
    "father.given_names": N_("Nombres del padre"),
    "mother.given_names": N_("Nombres de la madre"),
    "domicile.ubigeo": N_("Distrito"),
    "given_names": N_("Nombres"),
    "paternal_surname": N_("Primer apellido"),
    "maternal_surname": N_("Segundo apellido (si tiene)"),
    "birth_date": N_("Fecha de nacimiento"),
    "modality": N_("Modalidad"),
    "level": N_("Nivel de estudios"),
    "contact.email": N_("Correo electrónico"),
    "contact.phone": N_("Teléfono (opcional)"),
    "reason.code": N_("Motivo de la solicitud"),
    "reason.detail": N_("¿Cuál es el motivo?"),
    "terms.accepted": N_("Términos y condiciones"),
}
_TITLES: Final[dict[str, tuple[str, str]]] = {
    # Of the one who fills in the form, and of the student that somebody else asks for.
    "purpose": (N_("¿Para quién es la constancia?"),) * 2,
    "document": (N_("Su documento de identidad"), N_("Documento de identidad del estudiante")),
    "parents": (
        N_("Nombres de su padre y de su madre"),
        N_("Nombres del padre y de la madre del estudiante"),
    ),
    "district": (N_("¿Qué distrito figura en su DNI?"), N_("¿Qué distrito figura en el DNI del estudiante?")),
    "name": (N_("Su nombre, como en el carnet"), N_("Nombre del estudiante, como en el carnet")),
    "level": (N_("¿De qué nivel quiere la constancia?"),) * 2,
    "contact": (N_("¿A qué correo enviamos el código?"),) * 2,
    "reason": (N_("¿Para qué la necesita?"),) * 2,
}
_DISTRICT: Final = N_("Elija el distrito de la lista.")
_NAME: Final = N_("Escriba solo letras; también valen espacios, guiones y apóstrofos.")
_DATE: Final = N_("Escriba el día, el mes y el año, por ejemplo 27 3 2010.")
_NUMBER: Final = N_("El DNI tiene 8 dígitos; el carnet de extranjería, de 9 a 12 letras y números. Revíselo.")
_EMAIL: Final = N_("Escriba una dirección completa, como nombre@ejemplo.com.")
_PARENT_BOTH: Final = N_("Escriba los nombres o marque la casilla, pero no ambas cosas.")
_VISIBLE: Final = N_("Quite los emojis y los símbolos invisibles: escriba solo letras, números y signos.")
_FAULTS: Final[dict[tuple[str, FieldErrorCode], str]] = {
    (PURPOSE, FieldErrorCode.NOT_A_CHOICE): N_("Elija para quién es la constancia."),
    ("document.type", FieldErrorCode.MISSING): N_("Elija el tipo de documento."),
    ("document.number", FieldErrorCode.MISSING): N_("Escriba el número de documento."),
    ("document.number", FieldErrorCode.INVALID_FORMAT): _NUMBER,
    ("document.number", FieldErrorCode.TOO_LONG): _NUMBER,
    ("document.number", FieldErrorCode.INVALID_CHECK_CHARACTER): N_(
        "El dígito verificador no corresponde a ese número: revíselo, o escriba solo los 8 primeros dígitos."
    ),
    ("father.given_names", FieldErrorCode.MISSING): N_(
        "Escriba los nombres del padre, o marque que no figura en el RENIEC."
    ),
    ("mother.given_names", FieldErrorCode.MISSING): N_(
        "Escriba los nombres de la madre, o marque que no figura en el RENIEC."
    ),
    ("father.given_names", FieldErrorCode.NOT_APPLICABLE): _PARENT_BOTH,
    ("mother.given_names", FieldErrorCode.NOT_APPLICABLE): _PARENT_BOTH,
    ("father.given_names", FieldErrorCode.INVALID_FORMAT): _NAME,
    ("mother.given_names", FieldErrorCode.INVALID_FORMAT): _NAME,
    ("given_names", FieldErrorCode.MISSING): N_("Escriba los nombres."),
    ("given_names", FieldErrorCode.INVALID_FORMAT): _NAME,
    ("paternal_surname", FieldErrorCode.MISSING): N_("Escriba el primer apellido."),
    ("paternal_surname", FieldErrorCode.INVALID_FORMAT): _NAME,
    ("maternal_surname", FieldErrorCode.INVALID_FORMAT): _NAME,
    ("birth_date", FieldErrorCode.MISSING): _DATE,
    ("birth_date", FieldErrorCode.INVALID_FORMAT): _DATE,
    ("domicile.ubigeo", FieldErrorCode.MISSING): _DISTRICT,
    ("domicile.ubigeo", FieldErrorCode.INVALID_FORMAT): _DISTRICT,
    ("domicile.ubigeo", FieldErrorCode.TOO_LONG): _DISTRICT,
    ("domicile.ubigeo", FieldErrorCode.UNKNOWN_PLACE): _DISTRICT,
    ("modality", FieldErrorCode.MISSING): N_("Elija la modalidad."),
    ("level", FieldErrorCode.MISSING): N_("Elija el nivel de estudios."),
    ("contact.email", FieldErrorCode.MISSING): N_("Escriba un correo electrónico."),
    ("contact.email", FieldErrorCode.INVALID_FORMAT): _EMAIL,
    ("contact.email", FieldErrorCode.TOO_LONG): _EMAIL,
    ("contact.phone", FieldErrorCode.INVALID_FORMAT): N_(
        "Escriba solo números, por ejemplo 987 654 321, o déjelo vacío."
    ),
    ("reason.code", FieldErrorCode.MISSING): N_("Elija el motivo."),
    ("document.number", FieldErrorCode.HIDDEN_CHARACTER): _NUMBER,
    ("reason.detail", FieldErrorCode.MISSING): N_("Escriba el motivo."),
    ("reason.detail", FieldErrorCode.INVALID_FORMAT): _VISIBLE,
    ("reason.detail", FieldErrorCode.HIDDEN_CHARACTER): _VISIBLE,
}
_OF_NOTHING: Final = frozenset({FieldErrorCode.MISSING, FieldErrorCode.NOT_A_CHOICE})
"""Where nothing was answered, the text says what to answer, and so names the field."""


class Fault(NamedTuple):
    """What to say at a field. `limit` is what the text leaves open as `{limit}`."""

    text: str
    limit: int | None = None
    names_field: bool = False
    """Whether the text says itself which field it is about, as `Elija el nivel de estudios.` does."""


TOO_MUCH: Final = Fault(
    N_(
        "Sus respuestas, todas juntas, no caben en lo que su navegador puede guardar, y esta no se guardó. "
        "Escríbala más corta."
    )
)
"""At a field whose answer no cookie can carry any more."""


def label_of(name: str) -> str:
    """What a field is called, whosever it is."""
    return _LABELS.get(name) or _LABELS[name.partition(".")[2]]


def title_of(page: Page, answers: Mapping[str, str]) -> str:
    """The question that a page asks."""
    own, student_s = _TITLES[page.kind]
    return own if page.who == APPLICANT or answers.get(PURPOSE) == SELF else student_s


def fault_in_words(fault: FieldError) -> Fault:
    """What is wrong with a field, and how to mend it."""
    place = place_of(fault.pointer)
    text = _FAULTS.get((place, fault.code)) or _FAULTS.get((place.partition(".")[2], fault.code))
    named = text is not None and (fault.code in _OF_NOTHING or text == _DISTRICT)
    return Fault(text or FIELD_PROBLEMS[fault.code], fault.limit, named)

"""What a person can do about a refusal, beside what its text says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from constancia.domain.errors import ErrorCode
from constancia.domain.identity import DocumentType
from constancia.domain.messages import N_
from request.form import Choice


@dataclass(frozen=True, slots=True)
class Way:
    """Where the page's button leads: to the check of the answers, if no path is named."""

    words: str
    path: str | None = None


CORRECT: Final = Way(N_("Revisar y corregir mis respuestas"))
TRY_AGAIN: Final = Way(N_("Volver a intentar"))
BEGIN_ANEW: Final = Way(N_("Empezar una solicitud nueva"), "/request")
LEAVE: Final = Way(N_("Ir al inicio"), "/")


@dataclass(frozen=True, slots=True)
class Advice:
    """Points that may leave open `{age}`, `{minutes}` and `{since}`, and the way that they lead."""

    points: tuple[str, ...] = ()
    way: Way | None = CORRECT
    """`None` where nothing can be done but wait."""
    instead: bool = False
    """Whether the points say all that the code's own next step says."""


_BY_DNI: Final = (
    N_("Del padre y de la madre escriba solo los nombres, todos y en su orden, sin apellidos."),
    N_("El distrito es el que figura en el DNI, aunque hoy viva en otro lugar."),
    N_("Si el padre o la madre no figura en el RENIEC, marque la casilla y no escriba nombres."),
)
_BY_CARNET: Final = (
    N_(
        "Escriba los nombres y los apellidos como figuran en el carnet de extranjería, cada uno en su "
        "casilla."
    ),
    N_("Revise el número del carnet y, del estudiante, la fecha de nacimiento."),
)
_ASK_OFFICE: Final = {
    DocumentType.DNI: N_(
        "Si todo coincide con el DNI, pida al RENIEC que revise su registro: solo el RENIEC puede corregirlo."
    ),
    DocumentType.CE: N_(
        "Si todo coincide con el carnet, pida a Migraciones que revise su registro: solo Migraciones "
        "puede corregirlo."
    ),
}
_PAUSE: Final = N_(
    "Si los datos vuelven a no coincidir varias veces, habrá una pausa de {minutes} minutos antes de otro "
    "intento."
)
_ANSWERS_STAY: Final = N_(
    "Sus respuestas siguen en este navegador durante una hora: puede volver a intentar sin llenarlas."
)
_NOT_YOURS: Final = N_("No es un error suyo. Su solicitud todavía no se registró.")
_OTHER_PERSON: Final = N_("Revise que el documento sea el del estudiante.")

_ADVICE: Final[dict[ErrorCode, Advice]] = {
    ErrorCode.TOO_MANY_ATTEMPTS: Advice(
        (
            N_("Mientras tanto, tenga a la mano los documentos y compare con ellos lo que escribió."),
            N_("La pausa protege los datos de las personas: nadie puede probar nombres hasta acertar."),
        ),
        way=None,
    ),
    ErrorCode.DAILY_LIMIT_REACHED: Advice(
        (
            N_("Las constancias que ya se emitieron valen igual, aunque hoy no pueda pedir otra."),
            N_(
                "Si solicita desde una conexión que comparten muchas personas, como la de un colegio o una "
                "cabina, puede volver a intentar desde otra."
            ),
        ),
        way=LEAVE,
    ),
    ErrorCode.REGISTRY_UNAVAILABLE: Advice((_NOT_YOURS, _ANSWERS_STAY), TRY_AGAIN, instead=True),
    ErrorCode.REGISTRY_LIMIT_REACHED: Advice((_NOT_YOURS, _ANSWERS_STAY), TRY_AGAIN, instead=True),
    ErrorCode.REGISTRY_INCONSISTENT: Advice(
        (N_("Vuelva a intentar en unos minutos."), _NOT_YOURS, _ANSWERS_STAY), TRY_AGAIN, instead=True
    ),
    ErrorCode.STUDENT_DECEASED: Advice((_OTHER_PERSON,), LEAVE),
    ErrorCode.APPLICANT_DECEASED: Advice(way=BEGIN_ANEW),
    ErrorCode.ADULT_MUST_ASK_IN_PERSON: Advice(way=BEGIN_ANEW),
    ErrorCode.TOO_YOUNG_TO_ASK_ALONE: Advice(
        (N_("Se puede pedir por cuenta propia desde los {age} años."),), BEGIN_ANEW
    ),
    ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR: Advice(
        (
            _OTHER_PERSON,
            N_(
                "Si estudió desde el {since}, pida a su colegio que revise su matrícula en el SIAGIE, el "
                "sistema "
                "donde los colegios registran matrículas y notas."
            ),
        )
    ),
    ErrorCode.LEVEL_NOT_STUDIED: Advice(
        (N_("Si estudió otro nivel, cambie el nivel en la revisión y vuelva a enviar."),)
    ),
    ErrorCode.NO_RESULTS_YET: Advice(way=LEAVE),
    ErrorCode.ACTA_UNDER_REVIEW: Advice(way=LEAVE),
}


def advice_on(code: ErrorCode, answers: Mapping[str, str]) -> Advice:
    """What helps with a refusal of these answers."""
    if code is ErrorCode.IDENTITY_MISMATCH:
        return _on_mismatch(Choice.of(answers))
    return _ADVICE.get(code, Advice())


def _on_mismatch(choice: Choice) -> Advice:
    """For the documents that were shown, and no others: whoever has a carnet was asked for no parents."""
    shown = {choice.student, choice.applicant}
    return Advice(
        (
            N_("Compare cada dato con el documento, letra por letra. Tildes y mayúsculas no importan."),
            *(_BY_DNI if DocumentType.DNI in shown else ()),
            *(_BY_CARNET if DocumentType.CE in shown else ()),
            *(words for document, words in _ASK_OFFICE.items() if document in shown),
            _PAUSE,
        ),
        instead=True,
    )

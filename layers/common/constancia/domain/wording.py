"""Every word of the certificate that is ours, in Spanish, as the paper prints it and verification shows it.

What the registries send is printed as it comes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from constancia.domain.content import CertificateContent
from constancia.domain.identity import DocumentType
from constancia.domain.lima import LIMA, day_in_words
from constancia.domain.school import Level, Modality, Observation, ObservationKind, ResultKind, Scale, School
from constancia.domain.tables import Granularity

LANGUAGE = "es-PE"

STATE = "República del Perú"
MINISTRY = "Ministerio de Educación"
AUTHOR = "Ministerio de Educación del Perú"
TITLE = "CONSTANCIA DE LOGROS DE APRENDIZAJE"
SHORT_TITLE = "Constancia de Logros de Aprendizaje"
SUBJECT = "Resultados de los grados concluidos, según las actas de evaluación"
VIRTUAL_CODE = "CÓDIGO VIRTUAL"

OPENING = "El Ministerio de Educación del Perú deja constancia de que"

YEAR = "Año lectivo"
GRADE = "Grado"
AGE = "Edad"
SCHOOL = "Código modular-anexo"
FINAL_SITUATION = "Situación final"
AREA_MARK = "Calificativo del área"
"""Names the row of an area's own mark, where its competencias have theirs too."""
CONTINUED = "continuación"
"""What a table that goes on says on a further page."""

NOT_STUDIED = "no cursado"
WITHOUT_MARK = "sin calificativo"
WITHOUT_SITUATION = "no indicada"
"""What is read aloud for `-`."""
MARKS_ALOUD = {"AD": "A D, logro destacado", "EXO": "exonerado del área"}

SCHOOLS = "Instituciones educativas"
OBSERVATIONS = "Observaciones"
NO_OBSERVATIONS = "Sin observaciones."

LEGEND = "Cómo leer los calificativos"
VERIFICATION = "Cómo verificar esta constancia"
ISSUE = "Emisión"
ISSUE_AND_SEAL = "Emisión y sello digital"

SEAL = "Sello digital"
SEAL_DEMO = "Sello de demostración: documento sin valor oficial."
DEMO = "DOCUMENTO DE DEMOSTRACIÓN, SIN VALOR OFICIAL"
"""On every page of what a demonstration issues."""

ATTACHMENT_NAME = "constancia.json"
ATTACHMENT_DESCRIPTION = "Contenido de la constancia en datos (JSON)"

_MODALITIES = {
    Modality.EBR: "Educación Básica Regular",
    Modality.EBA: "Educación Básica Alternativa",
    Modality.EBE: "Educación Básica Especial",
}
_LEVELS = {Level.INICIAL: "Inicial", Level.PRIMARIA: "Primaria", Level.SECUNDARIA: "Secundaria"}
_DOCUMENTS = {DocumentType.DNI: "DNI", DocumentType.CE: "carnet de extranjería"}
_GROUPS = {
    ResultKind.AREA: "Áreas curriculares",
    ResultKind.TRANSVERSAL: "Competencias transversales",
    ResultKind.WORKSHOP: "Talleres",
}
_OBSERVATIONS = {
    ObservationKind.WITHDRAWAL: "retiro",
    ObservationKind.TRANSFER: "traslado",
    ObservationKind.PLACEMENT_TEST: "prueba de ubicación",
    ObservationKind.EQUIVALENCE: "convalidación o revalidación",
}
_SCALES = {
    Scale.LITERAL: "AD: logro destacado; A: logro esperado; B: en proceso; C: en inicio.",
    Scale.VIGESIMAL: "00 a 20: escala vigesimal.",
    Scale.EXEMPT: "EXO: exonerado del área.",
}
_ORDINALS = {
    "1": "primer grado",
    "2": "segundo grado",
    "3": "tercer grado",
    "4": "cuarto grado",
    "5": "quinto grado",
    "6": "sexto grado",
}
_NO_MARK = "«-»: sin calificativo, o grado no cursado."


def file_title(number: str) -> str:
    """The title that a reader's window shows. It names nobody."""
    return f"{SHORT_TITLE} N.º {number}"


def modality(value: Modality) -> str:
    """A modality's name."""
    return _MODALITIES[value]


def levels(values: Iterable[Level]) -> str:
    """`Nivel: Primaria`, `Niveles: Inicial, Primaria y Secundaria`."""
    names = [_LEVELS[value] for value in values]
    return f"Nivel: {names[0]}" if len(names) == 1 else f"Niveles: {_listed(names)}"


def level_heading(value: Level) -> str:
    """The heading over a level's tables."""
    return f"Educación {_LEVELS[value]}"


def closing(
    document_type: DocumentType, number: str, of_modality: Modality, of_levels: Sequence[Level]
) -> str:
    """The second half of the sentence, after the holder's name."""
    names = [_LEVELS[value] for value in of_levels]
    where = f"el nivel {names[0]}" if len(names) == 1 else f"los niveles {_listed(names)}"
    return (
        f"con {_DOCUMENTS[document_type]} N.º {number}, registra los calificativos que siguen en {where} "
        f"de la {_MODALITIES[of_modality]}, según las actas de evaluación."
    )


def table_heading(granularity: Granularity, years: Iterable[int]) -> str:
    """What a table shows: `Años 2016 a 2019: un calificativo por área curricular`."""
    unit = {Granularity.AREA: "área curricular", Granularity.COMPETENCIA: "competencia"}[granularity]
    ordered = sorted(set(years))
    span = f"Año {ordered[0]}" if len(ordered) == 1 else f"Años {ordered[0]} a {ordered[-1]}"
    return f"{span}: un calificativo por {unit}"


def table_summary(*, by_competencia: bool) -> str:
    """How a table is built, for those who hear it."""
    rows = "área y competencia" if by_competencia else "área"
    return f"Una columna por grado y una fila por {rows}; la última fila es la situación final."


def grade_heading(level: Level) -> str:
    """What the grades of a level are called: inicial counts by age."""
    return AGE if level is Level.INICIAL else GRADE


def grade(level: Level, label: str) -> str:
    """A column's grade: `3.º`; in inicial the age, `4 años`."""
    if not label.isdecimal():
        return label
    if level is Level.INICIAL:
        return "1 año" if label == "1" else f"{label} años"
    return f"{label}.º"


def grade_aloud(level: Level, label: str) -> str | None:
    """How a column's grade is read, where it differs: `primer grado`."""
    return _ORDINALS.get(label) if level is not Level.INICIAL else None


def school_code_aloud(school: School) -> str:
    """A school's code digit by digit: `0 1 2 3 4 5 6, anexo 0`."""
    return f"{' '.join(school.modular_code)}, anexo {school.annex}"


def code_aloud(code: str) -> str:
    """A virtual code letter by letter: `7 K 3 Q, M 9 X D, 2 T R J`."""
    return ", ".join(" ".join(letters) for letters in code.split("-"))


def aloud(content: CertificateContent, code: str) -> dict[str, str]:
    """Words of the certificate that are read otherwise than they are written."""
    schools = (year.school for record in content.levels for year in record.years)
    return {
        "N.º": "número",
        content.holder.document.number: " ".join(content.holder.document.number),
        code: code_aloud(code),
        **{school.printed_code: school_code_aloud(school) for school in schools},
    }


def group(kind: ResultKind) -> str:
    """The heading of a group of rows."""
    return _GROUPS[kind]


def observation(value: Observation) -> str:
    """One line under the tables: year, resolution, reason, and its kind."""
    return f"{value.year} - {value.resolution} - {value.reason} ({_OBSERVATIONS[value.kind]})"


def legend(scales: Iterable[Scale]) -> list[str]:
    """How to read the marks: the scales that occur, and what every certificate explains, EXO and the dash."""
    told = {*scales, Scale.EXEMPT}
    return [*(text for scale, text in _SCALES.items() if scale in told), _NO_MARK]


def issued(number: str, at: datetime) -> list[str]:
    """The correlative number, and the moment of issue on the clocks of Lima."""
    return [f"Constancia N.º {number}", f"Emitida el {moment(at)}"]


def moment(at: datetime) -> str:
    """`31 de diciembre de 2025 a las 23:59 (hora de Lima)`."""
    lima = at.astimezone(LIMA)
    return f"{day_in_words(lima.date())} a las {lima:%H:%M} (hora de Lima)"


def how_to_verify(address: str) -> list[str]:
    """What whoever receives the certificate can do to trust it."""
    return [
        f"Escanee el código QR de la primera página, o ingrese a {address} y escriba el código virtual, "
        "solo o junto con el número de documento.",
        "Si lo que muestra el sistema difiere de lo que aquí se lee, este documento fue alterado.",
    ]


def qr_alternative(address: str) -> str:
    """What is read instead of the QR."""
    return f"Código QR que abre la verificación de esta constancia en {address}"


def seal(signer: str) -> list[str]:
    """Who seals the file, and what the seal is good for."""
    return [
        f"{seal_label(signer)}.",
        "El sello protege el archivo PDF: si se altera, el lector lo advierte.",
    ]


def seal_label(signer: str) -> str:
    """What readers of PDF call the seal, and screen readers say. A signer may be called a seal itself."""
    return f"{SEAL} de {signer.removeprefix('Sello de ')}"


def seal_reason(*, demo: bool) -> str:
    """Why the file is sealed, as readers of PDF show it with the signature."""
    return SEAL_DEMO if demo else f"Emisión de la {SHORT_TITLE}"


def page_of(page: int, pages: int) -> str:
    """`Página 1 de 2`."""
    return f"Página {page} de {pages}"


def foot(number: str, at: datetime, address: str) -> str:
    """The foot of every page: which certificate it is of, and where to verify it."""
    day = day_in_words(at.astimezone(LIMA).date())
    return f"Constancia N.º {number}, emitida el {day}. Verifíquela en {address}"


def _listed(names: list[str]) -> str:
    """`a, b y c`; `e` before the sound of i."""
    last = names[-1]
    joint = "e" if last.lower().startswith("i") else "y"
    return f"{', '.join(names[:-1])} {joint} {last}"

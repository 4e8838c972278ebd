"""The certificate's own words, as paper and page show them. The paper is Spanish whatever the site speaks."""

from datetime import datetime, timedelta, timezone
from typing import Final

from constancia.domain.identity import DocumentType
from constancia.domain.school import Level, Modality, Observation, ResultKind

PERU_TIME: Final = timezone(timedelta(hours=-5))
"""Peru has one time zone, and no summer time since 1994."""

MODALITIES: Final = {
    Modality.EBR: "Educación Básica Regular",
    Modality.EBA: "Educación Básica Alternativa",
    Modality.EBE: "Educación Básica Especial",
}
LEVELS: Final = {Level.INICIAL: "Inicial", Level.PRIMARIA: "Primaria", Level.SECUNDARIA: "Secundaria"}
GROUPS: Final = {
    ResultKind.AREA: "Áreas curriculares",
    ResultKind.TRANSVERSAL: "Competencias transversales",
    ResultKind.WORKSHOP: "Talleres",
}
DOCUMENTS: Final = {DocumentType.DNI: "DNI", DocumentType.CE: "carnet de extranjería"}

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "setiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def grade_heading(level: Level) -> str:
    """What a column's second header row is called: inicial counts by age."""
    return "Edad" if level is Level.INICIAL else "Grado"


def grade_name(level: Level, grade: str) -> str:
    """`5 años` in inicial, else `3.°`; a label that is no number stays as SIAGIE has it."""
    if not grade.isdecimal():
        return grade
    if level is Level.INICIAL:
        return "1 año" if int(grade) == 1 else f"{int(grade)} años"
    return f"{int(grade)}.°"


def observation_line(observation: Observation) -> str:
    """`2018 - RD 001-2018 - Convalidación de estudios`."""
    return f"{observation.year} - {observation.resolution} - {observation.reason}"


def moment_in_words(moment: datetime) -> str:
    """`22 de noviembre de 2026, 10:30:05`, in Peru's time."""
    local = moment.astimezone(PERU_TIME)
    return f"{local.day} de {_MONTHS[local.month - 1]} de {local.year}, {local:%H:%M:%S}"

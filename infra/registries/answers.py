"""What the registries send: our people in the words and codes of each contract.

Written apart from the clients' own mapping, so that a mistake on one side shows as a difference.
"""

from typing import Any, Final

from constancia.domain.identity import IdentityDocument
from constancia.domain.registries import ForeignRecord
from constancia.domain.school import (
    ActaState,
    Enrolment,
    Kinship,
    Level,
    Modality,
    ObservationKind,
    ResultKind,
    Trajectory,
)
from infra.registries.people import Citizen

_KINSHIPS: Final = {Kinship.MOTHER: "MADRE", Kinship.FATHER: "PADRE", Kinship.GUARDIAN: "APODERADO"}
_MODALITIES: Final = {Modality.EBR: "01", Modality.EBA: "03", Modality.EBE: "04"}
_ACTAS: Final = {
    ActaState.APPROVED: "APROBADA",
    ActaState.UNDER_REVIEW: "EN_REVISION",
    ActaState.UNDER_RECTIFICATION: "EN_RECTIFICACION",
    ActaState.OPEN: "ABIERTA",
}
_KINDS: Final = {ResultKind.AREA: "001", ResultKind.WORKSHOP: "002", ResultKind.TRANSVERSAL: "003"}
_OBSERVATIONS: Final = {
    ObservationKind.WITHDRAWAL: "1",
    ObservationKind.TRANSFER: "2",
    ObservationKind.PLACEMENT_TEST: "3",
    ObservationKind.EQUIVALENCE: "4",
}
_CODE_BEFORE_FIRST_GRADE: Final = {Level.PRIMARIA: 3, Level.SECUNDARIA: 9}
_CUNA: Final = 3


def person(citizen: Citizen) -> dict[str, Any]:
    """RENIEC's answer about a person."""
    record = citizen.record
    return {
        "dni": citizen.dni,
        "prenombres": record.name.given,
        "apellidoPaterno": record.name.paternal,
        "apellidoMaterno": record.name.maternal,
        "fechaNacimiento": record.birth_date.isoformat(),
        "fechaFallecimiento": record.death_date.isoformat() if record.death_date else None,
        "padre": {"prenombres": record.father_given_names, "dni": citizen.father_dni},
        "madre": {"prenombres": record.mother_given_names, "dni": citizen.mother_dni},
        "domicilio": {
            "departamento": record.domicile.names.department,
            "provincia": record.domicile.names.province,
            "distrito": record.domicile.names.district,
            "ubigeo": record.domicile.code,
        },
    }


def kinship(adult: str, minor: str, found: Kinship | None) -> dict[str, Any]:
    """RENIEC's answer about two DNIs."""
    return {"dniAdulto": adult, "dniMenor": minor, "parentesco": _KINSHIPS[found] if found else None}


def foreigner(record: ForeignRecord) -> dict[str, Any]:
    """Migraciones' answer."""
    return {
        "carnetExtranjeria": record.document.number,
        "nombres": record.name.given,
        "primerApellido": record.name.paternal,
        "segundoApellido": record.name.maternal,
    }


def trajectory(found: Trajectory) -> dict[str, Any]:
    """SIAGIE's answer."""
    return {
        "codigoEstudiante": found.student_code,
        "documento": _document(found.document),
        "nombres": found.name.given,
        "apellidoPaterno": found.name.paternal,
        "apellidoMaterno": found.name.maternal,
        "fechaNacimiento": found.birth_date.isoformat(),
        "familiares": [
            {"vinculo": _KINSHIPS[relative.kinship], "documento": _document(relative.document)}
            for relative in found.relatives
        ],
        "matriculas": [_enrolment(enrolment) for enrolment in found.enrolments],
        "observaciones": [
            {
                "anio": observation.year,
                "nivel": _level(observation.level),
                "tipo": _OBSERVATIONS[observation.kind],
                "resolucion": observation.resolution,
                "motivo": observation.reason,
            }
            for observation in found.observations
        ],
    }


def _enrolment(enrolment: Enrolment) -> dict[str, Any]:
    inicial = enrolment.level is Level.INICIAL
    grade = int(enrolment.grade)
    return {
        "anio": enrolment.year,
        "modalidad": _MODALITIES[enrolment.modality],
        "nivel": _level(enrolment.level, grade),
        "grado": None if inicial else f"{_CODE_BEFORE_FIRST_GRADE[enrolment.level] + grade:02d}",
        "edad": grade if inicial else None,
        "institucion": {
            "codigoModular": enrolment.school.modular_code,
            "anexo": enrolment.school.annex,
            "nombre": enrolment.school.name,
            "ubigeo": enrolment.school.district,
        },
        "estadoActa": _ACTAS[enrolment.acta],
        "situacionFinal": enrolment.final_situation,
        "calificativos": [
            {
                "tipoArea": _KINDS[result.kind],
                "area": result.area,
                "competencia": result.competencia,
                "calificativo": result.mark,
            }
            for result in enrolment.results
        ],
    }


def _level(level: Level, age: int = _CUNA) -> str:
    if level is Level.INICIAL:
        return "A1" if age < _CUNA else "A2"
    return "B0" if level is Level.PRIMARIA else "F0"


def _document(document: IdentityDocument) -> dict[str, str]:
    return {"tipo": document.type.value, "numero": document.number}

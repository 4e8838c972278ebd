"""Answers of the registries, valid by their contracts, for tests to spoil."""

import json
from copy import deepcopy
from typing import Any

from constancia.domain.identity import DocumentType, IdentityDocument

DNI = IdentityDocument(DocumentType.DNI, "99000001")
ADULT = IdentityDocument(DocumentType.DNI, "99000002")
CE = IdentityDocument(DocumentType.CE, "990000001")


def a_person(**changes: Any) -> dict[str, Any]:
    person: dict[str, Any] = {
        "dni": DNI.number,
        "prenombres": "ANA LUCÍA",
        "apellidoPaterno": "QUISPE",
        "apellidoMaterno": "ÑAHUI",
        "fechaNacimiento": "2004-09-14",
        "fechaFallecimiento": None,
        "padre": {"prenombres": "JULIO CÉSAR", "dni": None},
        "madre": {"prenombres": "ROSA", "dni": ADULT.number},
        "domicilio": {
            "departamento": "CUSCO",
            "provincia": "CUSCO",
            "distrito": "WANCHAQ",
            "ubigeo": "070108",
        },
    }
    return {**deepcopy(person), **changes}


def a_kinship(**changes: Any) -> dict[str, Any]:
    return {"dniAdulto": ADULT.number, "dniMenor": DNI.number, "parentesco": "MADRE", **changes}


def a_foreigner(**changes: Any) -> dict[str, Any]:
    return {
        "carnetExtranjeria": CE.number,
        "nombres": "CAMILA",
        "primerApellido": "ROJAS",
        "segundoApellido": None,
        **changes,
    }


def an_enrolment(**changes: Any) -> dict[str, Any]:
    return {
        "anio": 2019,
        "modalidad": "01",
        "nivel": "F0",
        "grado": "10",
        "edad": None,
        "institucion": {"codigoModular": "0123456", "anexo": "0", "nombre": "IE 00001", "ubigeo": "080108"},
        "estadoActa": "APROBADA",
        "situacionFinal": "APROBADO",
        "calificativos": [
            {"tipoArea": "001", "area": "Matemática", "competencia": None, "calificativo": "09"},
        ],
        **changes,
    }


def a_trajectory(**changes: Any) -> dict[str, Any]:
    return {
        "codigoEstudiante": "00000099000001",
        "documento": {"tipo": "DNI", "numero": DNI.number},
        "nombres": "ANA LUCÍA",
        "apellidoPaterno": "QUISPE",
        "apellidoMaterno": None,
        "fechaNacimiento": "2004-09-14",
        "familiares": [{"vinculo": "APODERADO", "documento": {"tipo": "CE", "numero": CE.number}}],
        "matriculas": [an_enrolment()],
        "observaciones": [
            {
                "anio": 2019,
                "nivel": "F0",
                "tipo": "4",
                "resolucion": "RD 001-2019",
                "motivo": "Convalidación",
            }
        ],
        **changes,
    }


def copied(answer: dict[str, Any]) -> dict[str, Any]:
    """A copy that shares nothing."""
    copy: dict[str, Any] = json.loads(json.dumps(answer))
    return copy

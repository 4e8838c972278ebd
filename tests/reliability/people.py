"""Who asks: a mother for her daughter, and the father for the same one."""

from typing import Any

from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.builders import TERMS


def mother(email: str = "madre@correo.example") -> dict[str, Any]:
    """What the mother asks."""
    body = scenario("minor-mother", today_in_lima()).application(TERMS)
    body["contact"]["email"] = email
    return body


def father() -> dict[str, Any]:
    """What the father asks, of the same student."""
    people = scenario("minor-mother", today_in_lima()).people
    body = mother("padre@correo.example")
    child = people.citizen(body["student"]["document"]["number"])
    assert child is not None
    assert child.father_dni is not None
    record = people.citizens[child.father_dni].record
    body["applicant"] |= {
        "kinship": "FATHER",
        "document": {"type": "DNI", "number": child.father_dni},
        "father": {"given_names": record.father_given_names},
        "mother": {"given_names": record.mother_given_names},
        "domicile": {
            "department": record.domicile.names.department,
            "province": record.domicile.names.province,
            "district": record.domicile.names.district,
        },
    }
    return body

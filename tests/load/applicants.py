"""Adults of the sandbox's population who may have a certificate, and what each of them asks."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from constancia.domain.errors import DomainError
from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.school import Level
from infra.registries.people import Citizen
from infra.registries.population import DEFAULT_PEOPLE, Population
from request.schemas import parse_application
from tests.people import content_on


class TooFewApplicantsError(Exception):
    """The population has fewer people who may have a certificate than were asked for."""


def applications(
    number: int, terms_version: str, today: date, people: int = DEFAULT_PEOPLE
) -> list[dict[str, Any]]:
    """Bodies for `POST /api/v1/requests`, each another person's and sure to be accepted on that day.

    `people` is how many the sandbox has; by default as many as the local platform's.

    Raises:
        TooFewApplicantsError: fewer of them may have a certificate.
    """
    found = list(islice(_accepted(terms_version, today, people), number))
    if len(found) < number:
        raise TooFewApplicantsError(f"of {people} people {len(found)} may have one, not {number}")
    return found


def _accepted(terms_version: str, today: date, people: int) -> Iterator[dict[str, Any]]:
    population = Population(today, people)
    for document in population.documents:
        citizen = population.citizen(document.number) if document.type is DocumentType.DNI else None
        trajectory = population.trajectory(document) if citizen else None
        if citizen is None or trajectory is None:
            continue
        for level in sorted({enrolment.level for enrolment in trajectory.enrolments}):
            body = _body(document, citizen, level, terms_version)
            try:
                content_on(population, parse_application(body), today)
            except DomainError:
                continue
            yield body
            break


def _body(document: IdentityDocument, citizen: Citizen, level: Level, terms_version: str) -> dict[str, Any]:
    record = citizen.record
    domicile = record.domicile.names
    return {
        "student": {
            "document": {"type": document.type, "number": document.number},
            "father": _parent(record.father_given_names),
            "mother": _parent(record.mother_given_names),
            "domicile": {
                "department": domicile.department,
                "province": domicile.province,
                "district": domicile.district,
            },
        },
        "applicant": None,
        "modality": "EBR",
        "level": level,
        "contact": {"email": f"load-{document.number}@correo.example", "phone": None},
        "reason": {"code": "SCHOLARSHIP", "detail": None},
        "terms": {"accepted": True, "version": terms_version},
    }


def _parent(given_names: str | None) -> dict[str, Any]:
    return {"given_names": given_names} if given_names else {"not_registered": True}

"""Everybody on whom the judges judge: the scenario people whose request is issued, and 200 of the population.

Their certificates come from the real rules (`constancia.domain.eligibility`) over the sandbox's people, as
they are on one fixed day, without HTTP. Codes, tokens and numbers follow from the person's name here, so that
the same people have the same pages on any machine and in any year.
"""

import base64
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from stdnum.iso7064 import mod_37_36

from constancia.domain.application import (
    Application,
    CitizenDeclaration,
    Declaration,
    DeclaredParent,
    ForeignerDeclaration,
)
from constancia.domain.certificate import Certificate, CertificateState, hash_of_token
from constancia.domain.content import CertificateContent
from constancia.domain.eligibility import check_before_asking, decide
from constancia.domain.errors import DomainError
from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.links import verification_url
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import Kinship, Trajectory
from constancia.domain.virtual_code import ALPHABET, LENGTH, VirtualCode
from infra.registries.cast import ISSUED
from infra.registries.people import People, kinship
from infra.registries.population import Population
from infra.registries.scenarios import scenarios
from render.document import draw
from request.registries import Registries
from request.schemas import parse_application
from tests.builders import TERMS, TODAY, a_certificate, a_policy, an_application
from tests.sealing import a_sealer

BASE: Final = "https://micertificado.example"
DRAWN: Final = 200
"""How many of the population."""
_SEED: Final = "judges"
_CROWD: Final = 4000
"""The population that they are drawn from."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a certificate, under a name that test reports and files can bear."""

    name: str
    certificate: Certificate
    address: str
    """What the QR says."""


@cache
def scenario_people() -> tuple[Person, ...]:
    """The scenario people who end ISSUED, by the scenarios' slugs."""
    return tuple(
        _person(one.name, content_on(one.people, parse_application(one.application(TERMS)), TODAY))
        for one in scenarios(TODAY)
        if one.expected == ISSUED
    )


@cache
def drawn_people() -> tuple[Person, ...]:
    """200 of the population, each with one of the levels that the person may have a certificate of."""
    chance = random.Random(_SEED)
    population = Population(TODAY, _CROWD)
    documents = chance.sample(population.documents, _CROWD)
    drawn: list[Person] = []
    for document in documents:
        contents = list(_contents(population, document))
        if contents:
            drawn.append(_person(f"drawn-{len(drawn) + 1:03}", chance.choice(contents)))
        if len(drawn) == DRAWN:
            return tuple(drawn)
    raise AssertionError("too few of the population may have a certificate")


@cache
def everybody() -> tuple[Person, ...]:
    """Scenario people first."""
    return scenario_people() + drawn_people()


@cache
def file_of(person: Person) -> bytes:
    """The person's file as it is handed out, drawn and sealed once in each process."""
    sealer = a_sealer()
    return sealer.seal(draw(person.certificate, person.address, sealer.appearance))


# ---------------------------------------------------------------- asking


@dataclass(frozen=True, slots=True)
class _Registry:
    people: People

    def check(self) -> None:
        return


class _Civil(_Registry):
    def person(self, document: IdentityDocument) -> CivilRecord | None:
        citizen = self.people.citizen(document.number)
        return citizen.record if citizen else None

    def kinship(self, adult: IdentityDocument, minor: IdentityDocument) -> frozenset[Kinship]:
        found = kinship(self.people, adult.number, minor.number)
        return frozenset({found} if found else ())


class _Migration(_Registry):
    def person(self, document: IdentityDocument) -> ForeignRecord | None:
        return self.people.foreigner(document.number)


class _School(_Registry):
    def trajectory(self, document: IdentityDocument) -> Trajectory | None:
        return self.people.trajectory(document)


def content_on(people: People, application: Application, day: date) -> CertificateContent:
    """What the person gets on a day.

    Raises:
        DomainError: the rule that refuses.
    """
    policy = a_policy()
    check_before_asking(application, policy)
    registries = Registries(_Civil(people), _Migration(people), _School(people), seconds=20)
    return decide(application, registries.evidence_for(application), policy, day)


def _contents(people: People, document: IdentityDocument) -> Iterator[CertificateContent]:
    """What somebody of the population may have, a level each: asked for alone, else by a relative."""
    trajectory = people.trajectory(document)
    if trajectory is None:
        return
    student = _declaration(people, document, trajectory)
    asking: list[tuple[Declaration | None, Kinship | None]] = [(None, None)]
    asking += [(_declaration(people, one.document), one.kinship) for one in trajectory.relatives]
    for level in sorted({enrolment.level for enrolment in trajectory.enrolments}):
        for applicant, kin in asking:
            application = an_application(student=student, applicant=applicant, kinship=kin, level=level)
            try:
                yield content_on(people, application, TODAY)
            except DomainError:
                continue
            break


def _declaration(
    people: People, document: IdentityDocument, at_school: Trajectory | None = None
) -> Declaration:
    """What someone declares who knows everything that the registries have."""
    if document.type is DocumentType.CE:
        foreigner = people.foreigner(document.number)
        assert foreigner is not None
        return ForeignerDeclaration(document, foreigner.name, at_school.birth_date if at_school else None)
    citizen = people.citizen(document.number)
    assert citizen is not None
    record = citizen.record
    return CitizenDeclaration(
        document,
        DeclaredParent(record.father_given_names),
        DeclaredParent(record.mother_given_names),
        record.domicile.names,
    )


# ---------------------------------------------------------------- issuing


def _person(name: str, content: CertificateContent) -> Person:
    digest = hashlib.sha256(name.encode()).digest()
    body = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[: LENGTH - 1])
    code = VirtualCode(body + mod_37_36.calc_check_digit(body, ALPHABET))
    token = base64.urlsafe_b64encode(digest[16:]).decode().rstrip("=")
    certificate = a_certificate(
        CertificateState.PENDING,
        code=code,
        number=f"2026-{int.from_bytes(digest[:3]):08}",
        content=content,
        token_hash=hash_of_token(token),
    )
    return Person(name, certificate, verification_url(BASE, code, token))

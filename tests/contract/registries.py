"""The three registries in process, with everything that goes over the wire written down, and our clients."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from constancia.adapters.registries import (
    HttpCivilRegistry,
    HttpMigrationRegistry,
    HttpSchoolSystem,
    Limits,
    RegistryClient,
)
from constancia.domain.application import (
    Application,
    CitizenDeclaration,
    Contact,
    Declaration,
    DeclaredParent,
    ForeignerDeclaration,
    Reason,
    TermsAcceptance,
)
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.places import PlaceNames
from constancia.domain.school import Kinship, Level, Modality
from infra.registries.cast import Registry
from infra.registries.contract import contract
from infra.registries.people import Union
from infra.registries.population import Population
from infra.registries.sandbox import TEST_KEYS, Headers, Registries, Reply, serving
from infra.registries.scenarios import roll_of, scenarios
from tests.fakes import NoBreaker

TODAY = date(2026, 11, 22)
FAST = Limits(connect=0.5, read=1.0, budget=2.0, pause=0.01)


@dataclass
class Exchange:
    """One query and its answer."""

    address: str
    query: bytes
    reply: Reply

    def faults(self) -> list[str]:
        """What breaks the contract on either side."""
        _, registry, *path = self.address.split("/")
        judge, place = contract(Registry(registry)), "/" + "/".join(path)
        answer = json.loads(self.reply.body) if "json" in self.reply.content_type else None
        of_answer = judge.faults_of_answer(place, self.reply.status, self.reply.content_type, answer)
        return judge.faults_of_request(place, json.loads(self.query)) + of_answer


@dataclass(frozen=True, slots=True)
class ObservedRegistries(Registries):
    """Registries that remember every exchange."""

    exchanges: list[Exchange] = field(default_factory=list)

    def reply(self, address: str, headers: Headers, content: bytes) -> Reply:
        reply = Registries.reply(self, address, headers, content)
        self.exchanges.append(Exchange(address, content, reply))
        return reply


@dataclass
class World:
    """Clients on one side, registries on the other."""

    base_url: str
    registries: ObservedRegistries
    population: Population

    def client(self, registry: Registry, key: str | None = None) -> RegistryClient:
        return RegistryClient(
            registry,
            f"{self.base_url}/{registry}",
            lambda: key or TEST_KEYS[registry],
            breaker=NoBreaker(),
            limits=FAST,
        )

    @property
    def reniec(self) -> HttpCivilRegistry:
        return HttpCivilRegistry(self.client(Registry.RENIEC))

    @property
    def migraciones(self) -> HttpMigrationRegistry:
        return HttpMigrationRegistry(self.client(Registry.MIGRACIONES))

    @property
    def siagie(self) -> HttpSchoolSystem:
        return HttpSchoolSystem(self.client(Registry.SIAGIE))

    def faults(self) -> list[str]:
        """What broke a contract so far."""
        return [fault for exchange in self.registries.exchanges for fault in exchange.faults()]


@contextmanager
def world(**settings: Any) -> Iterator[World]:
    """All scenarios and a small population."""
    roll, faults = roll_of(scenarios(TODAY))
    population = Population(TODAY, 200)
    registries = ObservedRegistries(
        Union((roll, population)), faults, TEST_KEYS, **{"slow_seconds": 0.05, **settings}
    )
    with serving(registries) as base_url:
        yield World(base_url, registries, population)


def application_of(body: dict[str, Any]) -> Application:
    """What the body of a request declares."""
    applicant = body["applicant"]
    return Application(
        student=_declaration(body["student"]),
        applicant=_declaration(applicant) if applicant else None,
        kinship=Kinship(applicant["kinship"]) if applicant else None,
        modality=Modality(body["modality"]),
        level=Level(body["level"]),
        contact=Contact(**body["contact"]),
        reason=Reason(body["reason"]["code"]),
        reason_detail=body["reason"]["detail"],
        terms=TermsAcceptance(**body["terms"]),
    )


def _declaration(body: dict[str, Any]) -> Declaration:
    document = IdentityDocument.parse(DocumentType(body["document"]["type"]), body["document"]["number"])
    if document.type is DocumentType.CE:
        name = PersonName(body["given_names"], body["paternal_surname"], body["maternal_surname"])
        born = body.get("birth_date")
        return ForeignerDeclaration(document, name, date.fromisoformat(born) if born else None)
    father, mother = (DeclaredParent(body[one].get("given_names")) for one in ("father", "mother"))
    place = body["domicile"]
    domicile = place.get("ubigeo") or PlaceNames(place["department"], place["province"], place["district"])
    return CitizenDeclaration(document, father, mother, domicile)

"""RENIEC: persons and kinship by DNI (`infra/registries/reniec.openapi.yaml`)."""

from typing import Final, Literal

from constancia.adapters.registries.client import RegistryClient
from constancia.adapters.registries.trouble import Kind, UpstreamError
from constancia.adapters.registries.wire import Answer, Day, Dni, Name, Ubigeo
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.places import PlaceNames, RegisteredDomicile
from constancia.domain.registries import CivilRecord
from constancia.domain.school import Kinship


class _Parent(Answer):
    prenombres: Name | None
    dni: Dni | None


class _Domicile(Answer):
    departamento: Name
    provincia: Name
    distrito: Name
    ubigeo: Ubigeo | None


class _Person(Answer):
    dni: Dni
    prenombres: Name
    apellido_paterno: Name | None
    apellido_materno: Name | None
    fecha_nacimiento: Day
    fecha_fallecimiento: Day | None
    padre: _Parent
    madre: _Parent
    domicilio: _Domicile


class _Kinship(Answer):
    dni_adulto: Dni
    dni_menor: Dni
    parentesco: Literal["MADRE", "PADRE"] | None


_KINSHIPS: Final = {"MADRE": Kinship.MOTHER, "PADRE": Kinship.FATHER}


class HttpCivilRegistry:
    """The port `CivilRegistry` over HTTP."""

    def __init__(self, client: RegistryClient) -> None:
        self._client = client

    def check(self) -> None:
        """Raise at once where asking is known to be in vain."""
        self._client.check()

    def person(self, document: IdentityDocument) -> CivilRecord | None:
        """Look a DNI up."""
        number = _dni_of(document)

        def doubt(one: _Person) -> str | None:
            if one.dni != number:
                return "another person's record"
            if one.fecha_fallecimiento is not None and one.fecha_fallecimiento < one.fecha_nacimiento:
                return "a death before the birth"
            return None

        found = self._client.ask("/personas/consulta", {"dni": number}, _Person, subject=number, doubt=doubt)
        if found is None:
            return None
        return CivilRecord(
            document=document,
            name=PersonName(found.prenombres, found.apellido_paterno, found.apellido_materno),
            birth_date=found.fecha_nacimiento,
            death_date=found.fecha_fallecimiento,
            father_given_names=found.padre.prenombres,
            mother_given_names=found.madre.prenombres,
            domicile=RegisteredDomicile(
                PlaceNames(found.domicilio.departamento, found.domicilio.provincia, found.domicilio.distrito),
                found.domicilio.ubigeo,
            ),
        )

    def kinship(self, adult: IdentityDocument, minor: IdentityDocument) -> frozenset[Kinship]:
        """How the holder of one DNI stands to the holder of another: mother, father, or neither."""
        asked = (_dni_of(adult), _dni_of(minor))
        found = self._client.ask(
            "/parentescos/consulta",
            {"dniAdulto": asked[0], "dniMenor": asked[1]},
            _Kinship,
            subject=minor.number,
            doubt=lambda one: (
                None if (one.dni_adulto, one.dni_menor) == asked else "kinship of other persons"
            ),
        )
        if found is None:  # by contract, who is unknown has no kinship
            raise UpstreamError(Kind.NONSENSE)
        return frozenset() if found.parentesco is None else frozenset({_KINSHIPS[found.parentesco]})


def _dni_of(document: IdentityDocument) -> str:
    if document.type is not DocumentType.DNI:
        raise ValueError("RENIEC knows holders of a DNI alone")
    return document.number

"""Migraciones: names by carnet de extranjería (`infra/registries/migraciones.openapi.yaml`)."""

from constancia.adapters.registries.client import RegistryClient
from constancia.adapters.registries.wire import Answer, CardNumber, Name
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.registries import ForeignRecord


class _Foreigner(Answer):
    carnet_extranjeria: CardNumber
    nombres: Name
    primer_apellido: Name | None
    segundo_apellido: Name | None


class HttpMigrationRegistry:
    """The port `MigrationRegistry` over HTTP."""

    def __init__(self, client: RegistryClient) -> None:
        self._client = client

    def check(self) -> None:
        """Raise at once where asking is known to be in vain."""
        self._client.check()

    def person(self, document: IdentityDocument) -> ForeignRecord | None:
        """Look a carnet de extranjería up."""
        if document.type is not DocumentType.CE:
            raise ValueError("Migraciones knows holders of a carnet de extranjería alone")
        query = {"carnetExtranjeria": document.number}
        found = self._client.ask(
            "/extranjeros/consulta",
            query,
            _Foreigner,
            subject=document.number,
            doubt=lambda one: (
                None if one.carnet_extranjeria == document.number else "another person's record"
            ),
        )
        if found is None:
            return None
        return ForeignRecord(
            document, PersonName(found.nombres, found.primer_apellido, found.segundo_apellido)
        )

"""RENIEC, Migraciones and SIAGIE over HTTP, by the contracts in `infra/registries/*.openapi.yaml`.

A composition root makes one `RegistryClient` for each registry and hands it to its adapter:

    breaker = SharedBreaker(table_name, dynamodb)
    reniec = HttpCivilRegistry(RegistryClient("reniec", url, api_key, breaker=breaker))

Everything here may be used by several threads at once.
"""

from constancia.adapters.registries.breaker import CircuitBreaker, SharedBreaker
from constancia.adapters.registries.client import Limits, RegistryClient
from constancia.adapters.registries.migraciones import HttpMigrationRegistry
from constancia.adapters.registries.reniec import HttpCivilRegistry
from constancia.adapters.registries.siagie import HttpSchoolSystem

__all__ = [
    "CircuitBreaker",
    "HttpCivilRegistry",
    "HttpMigrationRegistry",
    "HttpSchoolSystem",
    "Limits",
    "RegistryClient",
    "SharedBreaker",
]

"""RENIEC, Migraciones and SIAGIE over HTTP, by the contracts in `infra/registries/*.openapi.yaml`.

A composition root makes one `RegistryClient` for each registry and hands it to its adapter:

    breaker = SharedBreaker(table_name, dynamodb, fingerprint)
    reniec = HttpCivilRegistry(RegistryClient("reniec", url, api_key, breaker=breaker))

Everything here may be used by several threads at once.
"""

from constancia.adapters.registries.breaker import CircuitBreaker, Patience, SharedBreaker
from constancia.adapters.registries.client import Limits, Observe, RegistryClient
from constancia.adapters.registries.migraciones import HttpMigrationRegistry
from constancia.adapters.registries.reniec import HttpCivilRegistry
from constancia.adapters.registries.siagie import HttpSchoolSystem
from constancia.adapters.registries.trouble import Kind, UpstreamError

__all__ = [
    "CircuitBreaker",
    "HttpCivilRegistry",
    "HttpMigrationRegistry",
    "HttpSchoolSystem",
    "Kind",
    "Limits",
    "Observe",
    "Patience",
    "RegistryClient",
    "SharedBreaker",
    "UpstreamError",
]

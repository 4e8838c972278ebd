"""Scenario people for whom a registry misbehaves."""

from constancia.domain.errors import ErrorCode
from constancia.domain.school import Level
from infra.registries.cast import (
    SECUNDARIA_2017_2021,
    Cast,
    Fault,
    Registry,
    Scenario,
)


def _troubled(cast: Cast, case: tuple[str, str], registry: Registry, fault: Fault, expected: str) -> Scenario:
    student = cast.citizen("MARCO ANTONIO", "PAREDES", "LEÓN", SECUNDARIA_2017_2021)
    cast.studies(student)
    return cast.asks(case, student, Level.SECUNDARIA, faults={registry: fault}, expected=expected)


def registry_slow(cast: Cast) -> Scenario:
    case = ("registry-slow", "RENIEC tarda unos segundos en responder")
    return _troubled(cast, case, Registry.RENIEC, Fault.SLOW, "ISSUED")


def registry_down(cast: Cast) -> Scenario:
    case = ("registry-down", "RENIEC no está disponible")
    return _troubled(cast, case, Registry.RENIEC, Fault.DOWN, ErrorCode.REGISTRY_UNAVAILABLE.value)


def registry_limit(cast: Cast) -> Scenario:
    case = ("registry-limit", "RENIEC agotó las consultas del día")
    return _troubled(cast, case, Registry.RENIEC, Fault.DAILY_LIMIT, ErrorCode.REGISTRY_LIMIT_REACHED.value)


def registry_nonsense(cast: Cast) -> Scenario:
    case = ("registry-nonsense", "SIAGIE responde algo que no se entiende")
    return _troubled(cast, case, Registry.SIAGIE, Fault.NONSENSE, ErrorCode.REGISTRY_INCONSISTENT.value)


def another_record(cast: Cast) -> Scenario:
    case = ("another-record", "RENIEC responde con los datos de otra persona")
    return _troubled(cast, case, Registry.RENIEC, Fault.ANOTHER_PERSON, ErrorCode.REGISTRY_INCONSISTENT.value)

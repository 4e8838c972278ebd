"""The circuit breaker of a registry: after a run of failures nobody waits for it any more (docs/adr/0020).

Powertools keeps the state in our own table, one item a registry under `breaker#<registry>`, so that all
execution environments learn of an outage; the healthy path costs one small read every few seconds.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from constancia.domain.errors import ErrorCode, RegistryError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class CircuitBreaker(Protocol):
    """Decides whether a call to a registry is made at all."""

    def call[Answer](self, registry: str, exchange: Callable[[], Answer]) -> Answer:
        """Make the call, or raise `RegistryError(REGISTRY_UNAVAILABLE)` at once while the circuit is open.

        A `RegistryError` raised by the call counts as a failure of the registry.
        """


class SharedBreaker:
    """A breaker whose state all execution environments share in DynamoDB."""

    def __init__(
        self,
        table_name: str,
        dynamodb: "DynamoDBClient",
        *,
        failures: int = 5,
        recovery_seconds: int = 30,
        state_cache_seconds: int = 5,
    ) -> None:
        """Open after so many consecutive failures; let one call probe after so many seconds."""
        # Imported here: boto3's and Powertools' parts are only paid for where a breaker is made.
        from aws_lambda_powertools.utilities.circuit_breaker import CircuitBreakerConfig  # noqa: PLC0415
        from aws_lambda_powertools.utilities.circuit_breaker.persistence import (  # noqa: PLC0415
            CircuitBreakerDynamoDBPersistence,
        )

        self._store = CircuitBreakerDynamoDBPersistence(
            table_name=table_name, key_attr="pk", expiry_attr="expires_at", boto3_client=dynamodb
        )
        self._config = CircuitBreakerConfig(
            failure_threshold=failures,
            recovery_timeout=recovery_seconds,
            # One probe decides: Powertools lets only the thread that won the first probe make the next
            # ones, and ours are short-lived, so that more than one would stall until the lease lapses.
            success_threshold=1,
            handled_exceptions=(RegistryError,),
            local_cache_max_age=state_cache_seconds,
        )

    def call[Answer](self, registry: str, exchange: Callable[[], Answer]) -> Answer:
        """Make the call unless the registry's circuit is open."""
        from aws_lambda_powertools.utilities.circuit_breaker import circuit_breaker  # noqa: PLC0415

        guard = circuit_breaker(
            name=f"breaker#{registry}",
            persistence_store=self._store,
            on_circuit_open=_refuse,
            config=self._config,
        )
        answer: Answer = guard(exchange)()
        return answer


def _refuse(**_circuit: Any) -> None:
    raise RegistryError(ErrorCode.REGISTRY_UNAVAILABLE)

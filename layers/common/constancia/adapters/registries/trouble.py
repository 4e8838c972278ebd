"""How a registry can fail to give a usable answer."""

from enum import StrEnum
from typing import Final

from constancia.domain.errors import ErrorCode, RegistryError


class Kind(StrEnum):
    """What went wrong, in a word for logs and metrics."""

    UNREACHABLE = "unreachable"
    """No connection: address, port, TLS."""
    DROPPED = "dropped"
    """A connection that ended before any answer, or with something that is no HTTP."""
    SLOW = "slow"
    FAILED = "failed"
    """A status of 500 or more."""
    TORN = "torn"
    """An answer that ended before it was whole."""
    KEY_REFUSED = "key_refused"
    DAILY_LIMIT = "daily_limit"
    NONSENSE = "nonsense"
    """An answer that breaks the contract."""
    DOUBTFUL = "doubtful"
    """An answer of the right form that can't be true, such as another person's record."""
    LEFT_ALONE = "left_alone"
    """Nobody was asked: the breaker is open."""


_CODES: Final = {
    Kind.TORN: ErrorCode.REGISTRY_INCONSISTENT,
    Kind.NONSENSE: ErrorCode.REGISTRY_INCONSISTENT,
    Kind.DOUBTFUL: ErrorCode.REGISTRY_INCONSISTENT,
    Kind.DAILY_LIMIT: ErrorCode.REGISTRY_LIMIT_REACHED,
}


class UpstreamError(RegistryError):
    """A registry gave no usable answer; says of what kind, and names nobody."""

    def __init__(
        self, kind: Kind, *, code: ErrorCode | None = None, retry_after_seconds: int | None = None
    ) -> None:
        """`code` is the kind's own unless it is given."""
        super().__init__(
            code or _CODES.get(kind, ErrorCode.REGISTRY_UNAVAILABLE), retry_after_seconds=retry_after_seconds
        )
        self.kind = kind

"""What goes wrong between operators and AWS: which of it is whose to mend, and how."""

from enum import IntEnum
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from constancia.domain.operations import NotPossibleError
from constancia.domain.ports import StoreConflictError
from infra.ops.desk import UnknownCodeError
from infra.ops.stage import StageError


class ExitCode(IntEnum):
    """How `constancia ops` ends."""

    DONE = 0
    NOT_POSSIBLE = 1
    """The certificate, or what waits, is not in a state for it."""
    WRONG_USAGE = 2
    """What was typed: a code with a typing error, an option, a case's number."""
    UNKNOWN_CODE = 3
    WRONG_STAGE = 4
    NO_CREDENTIALS = 5
    """None, wrong or expired ones."""
    DENIED = 6
    TROUBLE = 7
    """AWS could not, or could not be reached: try again."""
    FAULTS = 8
    """`check` found what is not as it should be."""


_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_UNKNOWN: Final = frozenset(
    {
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_DENIED: Final = frozenset(
    {"403", "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
)
_SLOW: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_GONE: Final = frozenset(
    {"ResourceNotFoundException", "NoSuchBucket", "AWS.SimpleQueueService.NonExistentQueue"}
)


_OURS: Final[tuple[tuple[tuple[type[Exception], ...], ExitCode, str], ...]] = (
    (
        (UnknownCodeError,),
        ExitCode.UNKNOWN_CODE,
        "there is no certificate under this code on this stage: compare it with the paper, and see --stage",
    ),
    ((NotPossibleError,), ExitCode.NOT_POSSIBLE, "{error}"),
    ((StoreConflictError,), ExitCode.TROUBLE, "{error}; nothing was changed: try again"),
    ((StageError,), ExitCode.WRONG_STAGE, "{error}"),
    ((NoRegionError,), ExitCode.WRONG_USAGE, "no AWS region: give --region, or a --profile that names one"),
    ((ProfileNotFound,), ExitCode.WRONG_USAGE, "{error}: see --profile and ~/.aws/config"),
    (
        (NoCredentialsError, PartialCredentialsError),
        ExitCode.NO_CREDENTIALS,
        "no AWS credentials: give --profile, or sign in first",
    ),
    (
        (SSOError, TokenRetrievalError),
        ExitCode.NO_CREDENTIALS,
        "the sign-in has ended: `aws sso login`, then the same command again",
    ),
    ((BotoCoreError,), ExitCode.TROUBLE, "AWS can't be reached ({kind}): try again in a moment"),
)
"""The first that an error is one of tells."""


def explained(error: Exception) -> tuple[ExitCode, str] | None:
    """The exit code of an error, and what is said of it; None where it is a fault of ours.

    AWS's own messages are not repeated, since they may quote what was sent.
    """
    if isinstance(error, ClientError):
        return _of_aws(error)
    for kinds, code, said in _OURS:
        if isinstance(error, kinds):
            return code, said.format(error=error, kind=type(error).__name__)
    return None


def _of_aws(error: ClientError) -> tuple[ExitCode, str]:
    code = str(error.response.get("Error", {}).get("Code", "ClientError"))
    call = error.operation_name
    if code in _EXPIRED:
        return ExitCode.NO_CREDENTIALS, "the credentials have expired: sign in, then the same command again"
    if code in _UNKNOWN:
        return ExitCode.NO_CREDENTIALS, f"AWS does not know these credentials ({code}): see --profile"
    if code in _DENIED:
        return (
            ExitCode.DENIED,
            f"AWS refuses {call} to this identity: looks take the role of the stack's output OperatorLooks, "
            "acts that of OperatorActs (docs/operations.md)",
        )
    if code in _SLOW:
        return ExitCode.TROUBLE, f"AWS is asked too much at once ({call}: {code}): try again in a minute"
    if code in _GONE:
        return (
            ExitCode.WRONG_STAGE,
            f"what the stack names is not there ({call}: {code}): was it deleted, or is this another region?",
        )
    return ExitCode.TROUBLE, f"AWS could not do {call} ({code}): try again in a moment"

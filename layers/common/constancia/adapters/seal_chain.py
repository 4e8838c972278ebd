"""The sealing key's certificate chain, which the operator keeps in a parameter of Systems Manager."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from constancia.domain.seal import NO_CHAIN

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SSMProvider
    from mypy_boto3_ssm import SSMClient

MAX_AGE_SECONDS: Final = 300


class SealChainParameter:
    """A chain that is called for its PEM, leaf first: `chain()`; None until one is installed.

    The client is made when the chain is first wanted. Powertools keeps the chain for five minutes: a renewed
    one is taken up without a deploy.
    """

    def __init__(self, client: "Callable[[], SSMClient]", name: str) -> None:
        self._client = client
        self._name = name

    def __call__(self) -> str | None:
        """Read the chain, or take it from the cache.

        Raises:
            GetParameterError: the parameter can't be read.
        """
        pem = str(self._provider.get(self._name, max_age=MAX_AGE_SECONDS))
        return None if pem == NO_CHAIN else pem

    @cached_property
    def _provider(self) -> "SSMProvider":
        # Imported late: most invocations of the public functions read no chain.
        from aws_lambda_powertools.utilities.parameters import SSMProvider  # noqa: PLC0415

        return SSMProvider(boto3_client=self._client())

"""Secrets of AWS Secrets Manager, read when they are first needed."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider
    from mypy_boto3_secretsmanager import SecretsManagerClient

MAX_AGE_SECONDS = 900


class Secret:
    """A secret that is called for its value: `api_key()`. The name is an ARN; the value is in no `repr`.

    Powertools keeps the value for fifteen minutes, so that a replaced API key is taken up without a deploy.
    """

    def __init__(self, client: "SecretsManagerClient", name: str) -> None:
        self._client = client
        self._name = name

    def __call__(self) -> str:
        """Read the value, or take it from the cache."""
        return str(_provider(self._client).get(self._name, max_age=MAX_AGE_SECONDS))


@cache
def _provider(client: "SecretsManagerClient") -> "SecretsProvider":
    # Imported late: most invocations read no secret.
    from aws_lambda_powertools.utilities.parameters import SecretsProvider  # noqa: PLC0415

    return SecretsProvider(boto3_client=client)

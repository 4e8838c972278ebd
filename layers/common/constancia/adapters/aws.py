"""Clients of AWS, one of each for the life of the process.

A client costs tens of milliseconds to make and keeps its connections open, so a function makes each once.
Addresses, region and credentials come from Lambda's own environment. botocore makes them, which is all that
boto3 would ask of it: boto3's import, with the file transfers that nobody here makes, is a fifth of the cold
start of validate.
"""

from functools import cache
from typing import TYPE_CHECKING, cast

from botocore.client import BaseClient
from botocore.config import Config
from botocore.session import Session, get_session

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(
    # The default of 60 s would outlive every function: Lambda would end it before it could answer or retry.
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=1,
    read_timeout=3,
    tcp_keepalive=True,
)


@cache
def dynamodb() -> "DynamoDBClient":
    """DynamoDB."""
    return cast("DynamoDBClient", _client("dynamodb"))


@cache
def s3() -> "S3Client":
    """S3, whose presigned links are of signature version 4: KMS-encrypted objects ask for it."""
    return cast("S3Client", _client("s3", CONFIG.merge(Config(signature_version="s3v4"))))


@cache
def sqs() -> "SQSClient":
    """SQS."""
    return cast("SQSClient", _client("sqs"))


@cache
def ses() -> "SESV2Client":
    """SES, second version of its API."""
    return cast("SESV2Client", _client("sesv2"))


@cache
def secrets_manager() -> "SecretsManagerClient":
    """Secrets Manager."""
    return cast("SecretsManagerClient", _client("secretsmanager"))


def _client(service: str, config: Config = CONFIG) -> BaseClient:
    return _session().create_client(service, config=config)


@cache
def _session() -> Session:
    return get_session()

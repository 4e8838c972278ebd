"""Clients of AWS, one of each for the life of the process.

A client costs tens of milliseconds to make and keeps its connections open, so a function makes each once.
Addresses, region and credentials come from Lambda's own environment.
"""

from functools import cache
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

CONFIG = Config(
    # The default of 60 s would outlive every function: Lambda would end it before it could answer or retry.
    # A service that says nothing costs 3 x (1 + 2) s and pauses of up to 1 + 2 s between them: 12 s, after
    # which even validate (15 s, in template.yaml) can still answer.
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=1,
    read_timeout=2,
    tcp_keepalive=True,
)


@cache
def dynamodb() -> "DynamoDBClient":
    """DynamoDB."""
    return _session().client("dynamodb", config=CONFIG)


@cache
def s3() -> "S3Client":
    """S3, with presigned links that hold.

    KMS-encrypted objects ask for signature version 4. The host is the region's own: a new bucket's global one
    redirects to it, which breaks the signature.
    """
    own_host = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    return _session().client("s3", config=CONFIG.merge(own_host))


@cache
def sqs() -> "SQSClient":
    """SQS."""
    return _session().client("sqs", config=CONFIG)


@cache
def ses() -> "SESV2Client":
    """SES, second version of its API."""
    return _session().client("sesv2", config=CONFIG)


@cache
def kms() -> "KMSClient":
    """KMS, for the seal."""
    return _session().client("kms", config=CONFIG)


@cache
def secrets_manager() -> "SecretsManagerClient":
    """Secrets Manager."""
    return _session().client("secretsmanager", config=CONFIG)


def trouble_of(error: BaseException | None) -> str | None:
    """What AWS said, where an error comes of it: `ThrottlingException`; `None` where it does not.

    Powertools raises errors of its own from those of the clients. Messages may quote what was sent: only the
    name is told.
    """
    match error:
        case None:
            return None
        case ClientError():
            return str(error.response.get("Error", {}).get("Code", "ClientError"))
        case BotoCoreError():
            return type(error).__name__
        case _:
            context = None if error.__suppress_context__ else error.__context__
            return trouble_of(error.__cause__ or context)


@cache
def ssm() -> "SSMClient":
    """Systems Manager, for its parameters."""
    return _session().client("ssm", config=CONFIG)


@cache
def _session() -> Session:
    return Session()

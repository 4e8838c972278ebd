"""boto3 clients for moto, each made once: making one costs more than most of the calls that it makes."""

from collections.abc import Callable
from functools import cache
from typing import Any

from infra.local.template import REGION

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
"""What moto takes for credentials: anything."""

type ClientFactory = Callable[[str], Any]
"""Gives the boto3 client of a service."""


def client_factory(endpoint_url: str | None = None) -> ClientFactory:
    """Clients of a moto server, or without an endpoint those of moto in process (within `mock_aws`)."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    session = boto3.Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )
    config = Config(retries={"mode": "standard"}, proxies={})
    # else presigned links are of the old kind that moto can't serve
    s3_config = config.merge(Config(signature_version="s3v4"))

    @cache
    def client(service: str) -> Any:
        return session.client(  # type: ignore[call-overload]
            service, endpoint_url=endpoint_url, config=s3_config if service == "s3" else config
        )

    return client

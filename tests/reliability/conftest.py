"""One stack for all cases of a worker, emptied between them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from moto import mock_aws

from constancia.adapters import aws as clients
from infra.local.clients import ClientFactory
from infra.local.provision import provision
from infra.local.template import REGION, Template
from infra.registries.cast import Registry
from infra.registries.sandbox import TEST_KEYS, sandbox
from infra.seal.demo_ca import DemoRoot
from infra.seal.stack import SealedStack
from tests.conftest import Aws
from tests.reliability.network import Network
from tests.reliability.people import mother
from tests.reliability.world import Memory, World

_SECRETS = {
    Registry.RENIEC: "ReniecApiKey",
    Registry.MIGRACIONES: "MigracionesApiKey",
    Registry.SIAGIE: "SiagieApiKey",
}
_CLIENTS = (
    clients.dynamodb, clients.s3, clients.sqs, clients.ses, clients.kms, clients.ssm, clients.secrets_manager
)  # fmt: skip

_PAUSING = ("botocore.endpoint", "constancia.adapters.table", "constancia.adapters.registries.client")
"""Who waits between attempts."""
_UNPAUSED = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: None})


@pytest.fixture(scope="package")
def running_world(template: Template, aws_clients: ClientFactory) -> Iterator[World]:
    """The stack, and nobody's time lost in pauses between attempts."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(), sandbox(people=0) as registries:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("AWS_REGION", REGION)
        for module in _PAUSING:
            patch.setattr(f"{module}.time", _UNPAUSED)
        # boto3 repeats nothing any more once many calls failed, and here they do.
        patch.setattr("botocore.retries.quota.RetryQuota.acquire", lambda quota, amount: True)
        stack = provision(template, aws_clients)
        sealed = SealedStack.of(stack, aws_clients)
        # Of yesterday, so that it holds for a clock that is late too.
        yesterday = datetime.now(UTC) - timedelta(days=1)
        root = DemoRoot.create(yesterday)
        sealed.install(root.issue(sealed.public_key(), yesterday))
        aws = Aws(stack, aws_clients)
        for registry, secret in _SECRETS.items():
            aws.client("secretsmanager").put_secret_value(
                SecretId=aws.ref(secret), SecretString=TEST_KEYS[registry]
            )
        with Network().installed() as network:
            yield World(aws, network, registries, root.pem, patch)
        for client in _CLIENTS:
            client.cache_clear()


@pytest.fixture
def world(running_world: World) -> World:
    """Nobody asked yet."""
    running_world.reset()
    return running_world


@pytest.fixture
def cold(world: World) -> World:
    """Nobody asked yet, and no execution environment is warm."""
    world.load()
    return world


@pytest.fixture(scope="package")
def accepted(running_world: World) -> tuple[str, Memory]:
    """A mother's request that was accepted: where to look, and what was written."""
    running_world.reset()
    answer = running_world.ask(mother())
    assert answer.status == 202, answer.body
    return answer.headers["Location"], running_world.remembered()


@pytest.fixture
def location(world: World, accepted: tuple[str, Memory]) -> str:
    """A mother's request is accepted, and its message waits: where she looks what became of it."""
    where, memory = accepted
    world.remember(memory, where.rpartition("/")[2])
    return where

"""One stack for all cases of a worker, emptied between them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from constancia.adapters import aws as clients
from infra.local.clients import ClientFactory
from infra.local.template import Template
from infra.registries.sandbox import sandbox
from infra.seal.demo_ca import DemoRoot
from tests.conftest import new_aws
from tests.deployed import give_api_keys
from tests.reliability.network import Network
from tests.reliability.people import mother
from tests.reliability.world import Memory, World

_CLIENTS = (
    clients.dynamodb, clients.s3, clients.sqs, clients.ses, clients.kms, clients.ssm, clients.secrets_manager
)  # fmt: skip

_PAUSING = ("botocore.endpoint", "constancia.adapters.table", "constancia.adapters.registries.client")
"""Who waits between attempts."""
_UNPAUSED = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: None})


@pytest.fixture(scope="package")
def running_world(template: Template, aws_clients: ClientFactory) -> Iterator[World]:
    """The stack, and nobody's time lost in pauses between attempts."""
    with pytest.MonkeyPatch.context() as patch, sandbox(people=0) as registries:
        for module in _PAUSING:
            patch.setattr(f"{module}.time", _UNPAUSED)
        # boto3 repeats nothing any more once many calls failed, and here they do.
        patch.setattr("botocore.retries.quota.RetryQuota.acquire", lambda quota, amount: True)
        with ExitStack() as standing:
            # A seal of yesterday, so that it holds for a clock that is late too.
            with time_machine.travel(datetime.now(UTC) - timedelta(days=1)):
                root = DemoRoot.create()
                aws = standing.enter_context(new_aws(template, aws_clients, root, patch))
            give_api_keys(aws)
            network = standing.enter_context(Network().installed())
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

"""Fixtures that several kinds of tests share."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

import hypothesis
import pytest
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend

from infra.local.clients import ClientFactory, client_factory
from infra.local.provision import provision
from infra.local.stack import Stack
from infra.local.template import REGION, Template, read_template
from infra.seal.demo_ca import DemoRoot
from infra.seal.stack import SealedStack

# A property is about results. A deadline would make it fail on a busy machine, and nowhere else.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

TEMPLATE = Path(__file__).parents[1] / "template.yaml"


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, which some runs do without
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: tests of the site wait for it as long as they compute."""
    return (os.cpu_count() or 1) + 1


class Aws:
    """AWS as template.yaml describes it, in moto within the test's process."""

    def __init__(self, stack: Stack, client: ClientFactory) -> None:
        self.stack = stack
        self._client = client

    def client(self, service: str) -> Any:
        """The boto3 client of a service."""
        return self._client(service)

    def environment(self, function: str) -> dict[str, str]:
        """A function's environment, by its name in the template: `environment("RequestFunction")`."""
        return self.stack.environment(function)

    def ref(self, logical_id: str) -> str:
        """The physical name of a resource: `ref("Table")`, `ref("RenderQueue")`."""
        return self.stack.ref(logical_id)


@pytest.fixture(scope="session")
def template() -> Template:
    """template.yaml, expanded once, under its default parameters."""
    return read_template(TEMPLATE)


@pytest.fixture(scope="session")
def aws_clients() -> ClientFactory:
    """boto3 clients for moto in process."""
    return client_factory()


@pytest.fixture(scope="session")
def demo_root() -> DemoRoot:
    """A demo certificate authority, of the test run alone."""
    return DemoRoot.create()


@pytest.fixture
def one_write_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets threads write as DynamoDB does: in moto another one may come between a condition and its write."""
    lock = RLock()

    def alone(write: Callable[..., Any]) -> Callable[..., Any]:
        def writes(*given: Any, **named: Any) -> Any:
            with lock:
                return write(*given, **named)

        return writes

    for name in ("put_item", "update_item", "transact_write_items"):
        monkeypatch.setattr(DynamoDBBackend, name, alone(getattr(DynamoDBBackend, name)))


@contextmanager
def new_aws(
    template: Template, clients: ClientFactory, root: DemoRoot, environment: pytest.MonkeyPatch
) -> Iterator[Aws]:
    """An AWS made from template.yaml. Its sealing key has a demo chain."""
    with mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("AWS_REGION", REGION)
        stack = provision(template, clients)
        sealed = SealedStack.of(stack, clients)
        sealed.install(root.issue(sealed.public_key(), datetime.now(UTC)))
        yield Aws(stack, clients)


@pytest.fixture
def aws(
    template: Template, aws_clients: ClientFactory, demo_root: DemoRoot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Aws]:
    """An AWS of its own for the test, made from template.yaml: `aws.environment("RequestFunction")`,
    `aws.client("sqs")`, `aws.ref("Table")`. Its sealing key has a demo chain.
    """
    with new_aws(template, aws_clients, demo_root, monkeypatch) as made:
        yield made

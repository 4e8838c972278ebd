"""The real handlers over moto made from template.yaml, and the sandbox registries over HTTP."""

from collections.abc import Iterator

import pytest

from infra.registries.sandbox import sandbox
from tests.conftest import Aws
from tests.deployed import Deployed, deploy


@pytest.fixture(scope="module")
def registries() -> Iterator[str]:
    """The sandbox's address; scenario people alone, and little patience asked of the slow one."""
    with sandbox(people=0, slow_seconds=0.2) as base_url:
        yield base_url


@pytest.fixture
def deployed(aws: Aws, registries: str, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """The functions as they are deployed."""
    return deploy(aws, registries, monkeypatch)

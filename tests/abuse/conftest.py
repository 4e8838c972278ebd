"""What the tests of abuse share: the functions as they are deployed, over moto and the sandbox registries."""

from collections.abc import Iterator

import pytest

from infra.local.clients import ClientFactory
from infra.local.template import Template
from infra.seal.demo_ca import DemoRoot
from tests.abuse.routes import Standing
from tests.conftest import new_aws
from tests.deployed import deploy
from tests.fuzz.conftest import new_site
from tests.integration.request.conftest import deployed, registries

__all__ = ["deployed", "registries"]


@pytest.fixture(scope="module")
def standing(
    template: Template, aws_clients: ClientFactory, demo_root: DemoRoot, registries: str
) -> Iterator[Standing]:
    """One site for a module's tests, none of which changes what another relies on."""
    with (
        pytest.MonkeyPatch.context() as environment,
        new_aws(template, aws_clients, demo_root, environment) as aws,
    ):
        site = new_site(deploy(aws, registries, environment), environment)
        yield Standing.on(site)
        site.close()

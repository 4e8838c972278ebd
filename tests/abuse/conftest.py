"""What the tests of abuse share: the functions as they are deployed, over moto and the sandbox registries."""

from tests.integration.request.conftest import deployed, registries

__all__ = ["deployed", "registries"]

"""What the fuzzers share: the platform in this process."""

from collections.abc import Iterator

import pytest

from tests.deployed import Deployed, fresh
from tests.fuzz.site import Site
from tests.integration.request.conftest import deployed, registries

__all__ = ["deployed", "registries"]

_LIMITS = (
    *("LOCKOUT_ATTEMPTS", "LOCKOUT_ATTEMPTS_PER_ADDRESS"),
    *("DAILY_PER_STUDENT", "DAILY_PER_APPLICANT", "DAILY_PER_ADDRESS"),
    *("GUESSES_PER_CODE", "GUESSES_PER_ADDRESS"),
)
_NO_LIMIT = dict.fromkeys(_LIMITS, "1000000")
"""Tries are limited (tests/abuse/test_limits.py); here each has to get as far as it can."""


@pytest.fixture
def site(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The platform, with room for as many tries as a fuzzer makes."""
    site = new_site(deployed, monkeypatch)
    yield site
    site.close()


def new_site(deployed: Deployed, environment: pytest.MonkeyPatch) -> Site:
    """Load the public functions once more, without limits."""
    for name, value in (deployed.aws.environment("ValidateFunction") | _NO_LIMIT).items():
        environment.setenv(name, value)
    validate = fresh("validate.handler")
    environment.setenv("POWERTOOLS_SERVICE_NAME", "request")
    return Site(Deployed(deployed.aws, fresh("request.handler"), deployed.render), validate)

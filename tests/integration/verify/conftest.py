"""A site with certificates, for all tests of judging."""

from collections.abc import Callable, Iterator

import pytest

from infra.verify.findings import Judgement
from tests.builders import OTHER_TOKEN
from tests.integration.verify.world import Judged, World, a_world, another_certificate, the_certificate


@pytest.fixture(scope="session")
def issued() -> Iterator[tuple[World, bytes]]:
    """A site with two certificates, and the file of the first. Tests leave it as it is."""
    with a_world() as world:
        data = world.issues(the_certificate())
        world.issues(another_certificate(), OTHER_TOKEN)
        yield world, data


@pytest.fixture
def world() -> Iterator[World]:
    """A site of the test's own."""
    with a_world() as world:
        yield world


@pytest.fixture
def judged(issued: tuple[World, bytes]) -> Judged:
    """Judge what a mutation makes of the first certificate's file."""
    world, data = issued

    def of(mutation: Callable[[bytes], bytes]) -> Judgement:
        changed = mutation(data)
        assert changed != data
        return world.judge(changed)

    return of

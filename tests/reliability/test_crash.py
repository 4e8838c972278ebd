"""A certificate's way, stopped or failing at each call that its functions make outside."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.reliability.calls import ASKING, AT_ONCE, LOOKING, RENDERING, SWEEPING
from tests.reliability.network import FAULTS, Fault, Lasting, Way
from tests.reliability.people import mother
from tests.reliability.promises import demand
from tests.reliability.world import SWEEP_AFTER, World

KEY = "0b9c1d5e-the-persons-own"
_CLEAR = {"internal", "registry_inconsistent", "registry_limit_reached", "registry_unavailable"}
"""What a person may be told; 502 is API Gateway's own word when the function is gone."""
_STOPS = {Way.STOPPED_BEFORE, Way.STOPPED_AFTER}


def _faults(*calls: str) -> list[Any]:
    return list(_cases(calls))


def _cases(calls: tuple[str, ...]) -> Iterator[Any]:
    for call in calls:
        for way, lasting in FAULTS:
            if call.startswith("registry.") and lasting is Lasting.ATTEMPT:
                continue  # the first of three is in tests/unit/adapters/registries
            everyday = way in _STOPS and calls == RENDERING
            fault = Fault(call, way, lasting)
            yield pytest.param(fault, id=str(fault), marks=[] if everyday else pytest.mark.slow)


def _of_the_cold(call: str) -> bool:
    """What a warm function remembers for a while, it asks only when it is cold."""
    return "GetSecretValue" in call or "breaker#" in call


def asked(world: World, *, key: str | None = KEY, after: timedelta = timedelta(0)) -> str:
    """Somebody asks until it is accepted; who can't, once it is mended. Answers where to look.

    They come back after a while, and not before they are told to.
    """
    for number in range(4):
        if number == 2:
            world.mend()
        answer = world.ask(mother(), key)
        if answer.status == 202:
            return answer.headers["Location"]
        assert answer.status == 502 or answer.json["code"] in _CLEAR
        world.wait(max(after, timedelta(seconds=int(answer.headers.get("Retry-After", 0)))))
    raise AssertionError("not accepted, though all was well")


# ------------------------------------------------------------------ which calls there are


def test_these_are_all_calls(cold: World) -> None:
    world = cold
    answer = world.ask(mother(), KEY)
    made = world.calls["request"]
    assert {call for call in made if call.partition(" (")[0] not in AT_ONCE} == set(ASKING) - AT_ONCE
    assert {call.partition(" (")[0] for call in made} >= {call.partition(" (")[0] for call in AT_ONCE}
    assert [
        call for call in made if call not in AT_ONCE and "breaker#" not in call and "ApiKey" not in call
    ] == [call for call in ASKING if call not in AT_ONCE]

    world.deliver()
    assert tuple(world.calls["render"]) == RENDERING
    demand(world, answer.headers["Location"])


def test_these_are_all_calls_of_who_looks_and_of_the_sweep(world: World, location: str) -> None:
    world.lose_messages()
    world.wait(timedelta(minutes=2))
    world.progress(location)
    assert tuple(world.calls["request"]) == LOOKING
    world.lose_messages()
    world.wait(SWEEP_AFTER)
    world.sweep()
    assert tuple(world.calls["render"]) == SWEEPING
    world.deliver()
    demand(world, location)


# ------------------------------------------------------------------ one of them goes wrong


@pytest.mark.parametrize("fault", _faults(*ASKING))
def test_asking(world: World, fault: Fault) -> None:
    if _of_the_cold(fault.call):
        world.load()
    world.fault["request"] = fault
    location = asked(world)
    assert world.struck
    world.deliver()
    world.settle()

    demand(world, location)
    assert asked(world) == location  # the key is remembered


@pytest.mark.slow
@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=15)], ids=["at once", "later"])
@pytest.mark.parametrize("key", [KEY, None], ids=["with a key", "without"])
@pytest.mark.parametrize("way", [Way.STOPPED_BEFORE, Way.STOPPED_AFTER, Way.LOST])
@pytest.mark.parametrize("call", [call for call in ASKING if call not in AT_ONCE])
def test_asking_again(world: World, call: str, way: Way, key: str | None, later: timedelta) -> None:
    if _of_the_cold(call):
        world.load()
    world.fault["request"] = Fault(call, way, Lasting.CALL)
    location = asked(world, key=key, after=later)
    world.deliver()
    world.settle()

    # Who comes back after the minutes in which it is the same, and with no key, makes a request of their own.
    demand(world, location, certificates=1 if key or not later else 2)


@pytest.mark.parametrize("fault", _faults(*RENDERING))
def test_rendering(world: World, location: str, fault: Fault) -> None:
    if "ssm" in fault.call:
        world.load()
    world.fault["render"] = fault
    world.deliver()
    assert world.struck
    world.settle()

    demand(world, location)


@pytest.mark.parametrize("fault", _faults(*LOOKING))
def test_looking(world: World, location: str, fault: Fault) -> None:
    world.lose_messages()
    world.wait(timedelta(minutes=2))
    world.fault["request"] = fault
    world.progress(location)
    assert world.struck
    world.settle()

    demand(world, location)


@pytest.mark.parametrize("fault", _faults(*SWEEPING))
def test_sweeping(world: World, location: str, fault: Fault) -> None:
    world.lose_messages()
    world.wait(SWEEP_AFTER)
    world.fault["render"] = fault
    world.sweep()
    assert world.struck
    world.settle()

    demand(world, location)

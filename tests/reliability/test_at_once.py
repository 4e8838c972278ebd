"""Two things at the same moment: one is stopped before each of its calls, and meanwhile the other happens."""

from datetime import timedelta

import pytest

from tests.deployed import Reply
from tests.reliability.calls import ASKING, AT_ONCE, RENDERING
from tests.reliability.people import father, mother
from tests.reliability.promises import demand
from tests.reliability.world import World

pytestmark = [
    pytest.mark.slow,
    # Powertools' metrics are of the process: the function that ends first takes those of the other with it.
    pytest.mark.filterwarnings("ignore:No application metrics to publish"),
]
KEY = "0b9c1d5e-the-persons-own"
_BEFORE_ASKING = [call for call in ASKING if call not in AT_ONCE and "GetSecretValue" not in call]
_BEFORE_RENDERING = [call for call in RENDERING if call != "ssm.GetParameter"]
"""Those that a warm function makes."""


@pytest.mark.parametrize("call", _BEFORE_RENDERING)
def test_a_message_delivered_twice_at_once(world: World, location: str, call: str) -> None:
    (message,) = world.waiting()
    world.before["render"] = (call, lambda: world.elsewhere("render", {"Records": [message]}))
    world.deliver()
    world.settle()

    assert not world.before
    demand(world, location)


def test_a_message_delivered_twice(world: World, location: str) -> None:
    (message,) = world.waiting()
    for _ in range(2):
        assert world.run("render", {"Records": [message]}) == {"batchItemFailures": []}
    world.settle()

    demand(world, location)
    assert len(world.mails()) == 1


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "the later first"])
@pytest.mark.parametrize("call", _BEFORE_ASKING)
def test_mother_and_father_ask_at_once(world: World, call: str, order: int) -> None:
    theirs: list[str] = []
    world.before["request"] = (call, lambda: theirs.append(world.accepted(father())))
    mine = world.accepted(mother(), key=KEY)
    world.deliver(order)
    world.settle()

    demand(world, mine, *theirs, certificates=2)
    assert len(theirs) == 1
    assert len(world.items("CERT#")) == 2


@pytest.mark.parametrize("key", [KEY, None], ids=["with a key", "without"])
@pytest.mark.parametrize("call", _BEFORE_ASKING)
def test_somebody_sends_twice_at_once(world: World, call: str, key: str | None) -> None:
    again: list[str] = []
    world.before["request"] = (call, lambda: again.append(world.accepted(mother(), key=key)))
    if key is None and "IDEM" in call:
        call = "dynamodb.UpdateItem NUMBER"  # without a key nothing is looked up under one
        world.before["request"] = (call, world.before["request"][1])
    first = world.accepted(mother(), key=key)
    world.deliver()
    world.settle()

    demand(world, first, certificates=1)
    assert again == [first]


@pytest.mark.parametrize("call", _BEFORE_ASKING)
def test_one_key_for_two_contents_at_once(world: World, call: str) -> None:
    answers: list[Reply] = []
    world.before["request"] = (call, lambda: answers.append(world.ask_elsewhere(father(), KEY)))
    answers.append(world.ask(mother(), KEY))
    world.deliver()
    world.settle()

    (accepted,) = (one for one in answers if one.status == 202)
    (refused,) = (one for one in answers if one.status != 202)
    assert (refused.status, refused.json["code"]) == (422, "idempotency_key_reused")
    demand(world, accepted.headers["Location"], certificates=1)


@pytest.mark.parametrize("call", _BEFORE_RENDERING)
def test_a_later_request_is_issued_while_the_first_renders(world: World, location: str, call: str) -> None:
    (message,) = world.waiting()
    world.lose_messages()
    later: list[str] = []

    def meanwhile() -> None:
        later.append(world.accepted(mother("otra@correo.example")))
        world.deliver_elsewhere()

    world.before["render"] = (call, meanwhile)
    world.run("render", {"Records": [message]})
    world.settle()

    demand(world, location, *later, certificates=2)
    assert world.progress(later[0]).json["state"] == "ISSUED"


@pytest.mark.parametrize("call", _BEFORE_RENDERING)
def test_a_sweep_comes_while_it_renders(world: World, location: str, call: str) -> None:
    world.wait(timedelta(minutes=11))
    world.before["render"] = (call, world.sweep_elsewhere)
    world.deliver()
    world.settle()

    demand(world, location)


# ------------------------------------------------------------------ clocks


HOUR = timedelta(hours=1)


@pytest.mark.parametrize("asking", [-HOUR, timedelta(0), HOUR], ids=["late", "right", "early"])
@pytest.mark.parametrize("rendering", [-HOUR, timedelta(0), HOUR], ids=["late", "right", "early"])
def test_a_clock_that_is_off(world: World, asking: timedelta, rendering: timedelta) -> None:
    location = world.accepted(mother(), key=KEY, off=asking)
    world.deliver(off=rendering)
    world.settle()

    demand(world, location)


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "the later first"])
@pytest.mark.parametrize("off", [-HOUR, HOUR], ids=["late", "early"])
def test_the_later_request_stands_whatever_the_clock_of_the_first_said(
    world: World, off: timedelta, order: int
) -> None:
    first = world.accepted(mother(), off=off)
    second = world.accepted(mother("otra@correo.example"))
    world.deliver(order)
    world.settle()

    demand(world, first, second, certificates=2)
    assert world.progress(second).json["state"] == "ISSUED"

"""What comes to no end by itself ends all the same: held, forgotten, and nothing left of it."""

from datetime import timedelta

import pytest

from tests.reliability.network import Fault, Lasting, Way
from tests.reliability.world import SWEEP_AFTER, World

DAY = timedelta(days=1)


def test_a_function_that_is_stopped_each_time_is_given_up_with_a_reason(world: World, location: str) -> None:
    _stopped_for_a_day(world)

    told = world.progress(location).json
    assert told["state"] == "HELD"
    assert world.letters() == ["UNFINISHED"]


def test_moved_back_after_mending_it_is_issued(world: World, location: str) -> None:
    _stopped_for_a_day(world)
    world.mend()
    world.move_back()
    world.deliver()

    told = world.progress(location).json
    assert (told["state"], told["mail"]) == ("ISSUED", "SENT")


def test_a_file_that_no_record_names_goes_away_by_itself(world: World, location: str) -> None:
    world.fault["render"] = Fault(
        "dynamodb.TransactWriteItems CERT+REQ+SHA256+HOLDER+AUDIT", Way.DENIED, Lasting.UNTIL_MENDED
    )
    world.deliver()

    assert world.tags() == [{"recorded": "no"}]
    assert world.lifecycle() == [({"recorded": "no"}, 60)]


def test_a_file_that_a_record_names_stays(world: World, location: str) -> None:
    world.deliver()

    assert world.tags() == [{}]


def test_a_late_delivery_marks_no_file_that_is_kept(world: World, location: str) -> None:
    (message,) = world.waiting()
    world.before["render"] = ("s3.PutObject", lambda: world.elsewhere("render", {"Records": [message]}))
    world.deliver()

    assert world.tags() == [{}]


def test_issued_in_its_last_hour_it_is_mailed_all_the_same(world: World, location: str) -> None:
    world.wait(timedelta(days=7) - timedelta(minutes=2))
    world.fault["render"] = Fault("sesv2.SendEmail", Way.STOPPED_BEFORE, Lasting.CALL)
    world.run_once()
    world.wait(timedelta(minutes=5))
    world.settle()

    assert world.progress(location).json["mail"] == "SENT"


def test_of_a_request_that_nobody_mends_nothing_is_left(world: World, location: str) -> None:
    _stopped_for_a_day(world)
    world.wait(timedelta(days=15))

    assert world.items("REQ#") == world.items("CERT#") == []
    assert world.progress(location).status == 404


@pytest.mark.slow
def test_a_long_outage_makes_few_dead_letters(world: World, location: str) -> None:
    world.fault["render"] = Fault("kms.Sign", Way.DENIED, Lasting.UNTIL_MENDED)
    _a_day(world)

    assert 5 < len(world.letters()) < 60
    world.mend()
    while world.move_back():
        world.deliver()
    assert world.progress(location).json["state"] == "ISSUED"


def _stopped_for_a_day(world: World) -> None:
    """Killed at each delivery, as for lack of memory: SQS gives the message up, the sweep sends it again."""
    world.fault["render"] = Fault("kms.Sign", Way.STOPPED_BEFORE, Lasting.UNTIL_MENDED)
    world.deliver()
    world.drop_letters()  # SQS's own, without a reason
    world.wait(DAY + SWEEP_AFTER)
    world.sweep()


def _a_day(world: World) -> None:
    for _ in range(int(DAY / timedelta(minutes=5))):
        world.wait(timedelta(minutes=5))
        world.sweep()
        world.deliver()

"""The breaker opens after a run of failures, for everybody who shares the table, and closes again."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from constancia.adapters.registries import Kind, Patience, SharedBreaker, UpstreamError
from constancia.domain.errors import ErrorCode
from tests.fakes import a_hasher

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "db_micertificado-test"
PATIENCE = Patience(failures=3, limited=2, pause=30, longest=120, probe=20, view=5)


class Clock:
    """In seconds since 1970; stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def _dynamodb() -> Iterator["DynamoDBClient"]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        yield boto3.client("dynamodb", region_name="us-east-1")


@pytest.fixture
def dynamodb(_dynamodb: "DynamoDBClient") -> Iterator["DynamoDBClient"]:
    _dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield _dynamodb
    if TABLE in _dynamodb.list_tables()["TableNames"]:
        _dynamodb.delete_table(TableName=TABLE)


class World:
    """Execution environments that share a table, and a registry that is well or ill."""

    def __init__(self, dynamodb: "DynamoDBClient", clock: Clock) -> None:
        self.dynamodb = dynamodb
        self.clock = clock
        self.asked: Counter[str] = Counter()
        self.ill: Kind | None = None
        self.retry_after: int | None = None
        self.here = self.environment()

    def environment(self) -> SharedBreaker:
        """Another one, which has seen nothing yet."""
        return SharedBreaker(
            TABLE,
            self.dynamodb,
            lambda subject: a_hasher().key("registry-subject", subject),
            patience=PATIENCE,
            clock=self.clock,
        )

    def ask(
        self, subject: str, *, at: SharedBreaker | None = None, registry: str = "reniec"
    ) -> UpstreamError | None:
        """Ask about somebody; what went wrong."""

        def exchange() -> None:
            self.asked[registry] += 1
            if self.ill:
                raise UpstreamError(self.ill, retry_after_seconds=self.retry_after)

        try:
            (at or self.here).call(registry, subject, exchange)
        except UpstreamError as error:
            return error
        return None

    def fall_ill(self, kind: Kind = Kind.FAILED, times: int = PATIENCE.failures) -> None:
        """Fail for as many people as it takes."""
        self.ill = kind
        for number in range(times):
            error = self.ask(f"9900000{number}")
            assert error is not None
            assert error.kind is kind

    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    def item(self) -> dict[str, object]:
        [item] = self.dynamodb.scan(TableName=TABLE)["Items"]
        return dict(item)


@pytest.fixture
def world(dynamodb: "DynamoDBClient", clock: Clock) -> World:
    return World(dynamodb, clock)


def kind_of(error: UpstreamError | None) -> Kind | None:
    return error.kind if error else None


def test_after_a_run_of_failures_nobody_asks_any_more_anywhere(world: World) -> None:
    world.fall_ill()

    assert kind_of(world.ask("99000009")) is Kind.LEFT_ALONE
    assert kind_of(world.ask("99000009", at=world.environment())) is Kind.LEFT_ALONE
    with pytest.raises(UpstreamError) as refused:
        world.environment().check("reniec")
    assert refused.value.code is ErrorCode.REGISTRY_UNAVAILABLE
    assert world.asked["reniec"] == PATIENCE.failures


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.LEFT_ALONE, Kind.UNREACHABLE}])
def test_one_person_s_record_closes_a_registry_for_nobody(world: World, kind: Kind) -> None:
    world.ill = kind
    for _ in range(4 * PATIENCE.failures):
        assert kind_of(world.ask("99000001")) is kind
        assert kind_of(world.ask("99000001", at=world.environment())) is kind

    world.ill = None
    assert world.ask("99000002") is None


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.LEFT_ALONE, Kind.DAILY_LIMIT}])
def test_what_fails_for_everybody_is_left_alone_whatever_it_is(world: World, kind: Kind) -> None:
    world.fall_ill(kind)

    assert kind_of(world.ask("99000009")) is Kind.LEFT_ALONE


def test_no_record_can_keep_a_connection_from_being_made_so_each_call_counts(world: World) -> None:
    world.ill = Kind.UNREACHABLE
    for _ in range(PATIENCE.failures):
        world.ask("99000001")

    assert kind_of(world.ask("99000001")) is Kind.LEFT_ALONE


def test_failures_are_counted_over_all_environments(world: World) -> None:
    world.ill = Kind.SLOW
    for number in range(PATIENCE.failures):
        world.ask(f"9900000{number}", at=world.environment())

    assert kind_of(world.ask("99000009")) is Kind.LEFT_ALONE


def test_a_success_in_between_starts_the_count_anew(world: World) -> None:
    for _ in range(3):
        world.fall_ill(times=PATIENCE.failures - 1)
        world.ill = None
        assert world.ask("99000009") is None


def test_a_success_elsewhere_starts_the_count_anew_too(world: World) -> None:
    world.fall_ill(times=PATIENCE.failures - 1)
    world.ill = None
    assert world.ask("99000009", at=world.environment()) is None

    world.ill = Kind.FAILED
    assert kind_of(world.ask("99000008")) is Kind.FAILED
    assert kind_of(world.ask("99000009")) is Kind.FAILED


def test_after_the_pause_one_finds_out_and_then_all_may_ask(world: World) -> None:
    world.fall_ill()
    world.wait(1.25 * PATIENCE.pause)
    world.ill = None
    asked = world.asked["reniec"]

    assert world.ask("99000009", at=world.environment()) is None
    assert world.asked["reniec"] == asked + 1
    world.wait(PATIENCE.view)  # what the others know is so old at most
    assert world.ask("99000008") is None
    assert set(world.item()) == {"pk", "expires_at"}


def test_one_at_a_time_finds_out(world: World) -> None:
    world.fall_ill()
    world.wait(1.25 * PATIENCE.pause)
    world.ill = None
    others: list[UpstreamError | None] = []

    def meanwhile() -> None:
        world.asked["reniec"] += 1
        others.append(world.ask("99000008"))
        others.append(world.ask("99000008", at=world.environment()))

    world.here.call("reniec", "99000009", meanwhile)

    assert [kind_of(one) for one in others] == [Kind.LEFT_ALONE] * 2
    assert world.asked["reniec"] == PATIENCE.failures + 1


def test_who_finds_it_ill_again_leaves_it_alone_for_longer_each_time_up_to_a_bound(world: World) -> None:
    world.fall_ill()
    waits = []
    for _ in range(5):
        world.wait(2 * PATIENCE.longest)
        assert kind_of(world.ask("99000009")) is Kind.FAILED
        error = world.ask("99000009")
        assert kind_of(error) is Kind.LEFT_ALONE
        left = int(world.item()["left_until"]["N"]) / 1000 - world.clock.now  # type: ignore[index]
        waits.append(left)

    for wait, pause in zip(waits, (60, 120, 120, 120, 120), strict=True):
        assert pause <= wait <= 1.25 * pause + 0.001


def test_who_dies_while_finding_out_is_followed_by_another(world: World) -> None:
    world.fall_ill()
    world.wait(1.25 * PATIENCE.pause)

    class KilledError(BaseException):
        pass

    def killed() -> None:
        raise KilledError

    with pytest.raises(KilledError):
        world.environment().call("reniec", "99000009", killed)
    world.ill = None
    assert kind_of(world.ask("99000009")) is Kind.LEFT_ALONE
    world.wait(PATIENCE.probe)
    assert world.ask("99000009") is None


def test_failures_that_come_late_change_nothing_of_a_pause(world: World) -> None:
    world.fall_ill()
    before = world.item()

    def late() -> None:
        raise UpstreamError(Kind.SLOW)

    stale = world.environment()
    stale._views["reniec"] = (int(world.clock.now * 1000), world.environment()._view("nobody"))
    for number in range(2 * PATIENCE.failures):
        with pytest.raises(UpstreamError):
            stale.call("reniec", f"9900001{number}", late)
        stale._views["reniec"] = (int(world.clock.now * 1000), world.environment()._view("nobody"))

    assert world.item() == before


def test_registries_have_a_circuit_each(world: World) -> None:
    world.fall_ill()
    world.ill = None

    assert world.ask("99000001", registry="siagie") is None


def test_a_daily_limit_is_respected_until_the_moment_that_the_registry_says(world: World) -> None:
    world.retry_after = 7200
    world.fall_ill(Kind.DAILY_LIMIT, PATIENCE.limited)

    for _ in range(3):
        error = world.ask("99000009", at=world.environment())
        assert error is not None
        assert (error.kind, error.code) == (Kind.LEFT_ALONE, ErrorCode.REGISTRY_LIMIT_REACHED)
        world.wait(2300)
    assert world.asked["reniec"] == PATIENCE.limited
    world.wait(300)
    world.ill = None
    assert world.ask("99000009") is None


@pytest.mark.parametrize(("said", "kept"), [(None, 3600), (10**6, 24 * 60 * 60)])
def test_a_daily_limit_without_a_moment_is_asked_about_each_hour_and_none_lasts_longer_than_a_day(
    world: World, said: int | None, kept: int
) -> None:
    world.retry_after = said
    world.fall_ill(Kind.DAILY_LIMIT, PATIENCE.limited)

    world.wait(kept - 1)
    assert kind_of(world.ask("99000009")) is Kind.LEFT_ALONE
    world.wait(1)
    assert kind_of(world.ask("99000009")) is Kind.DAILY_LIMIT


def test_those_who_wait_are_not_told_to_come_back_in_one_moment(world: World) -> None:
    world.fall_ill()
    left = int(world.item()["left_until"]["N"]) / 1000 - world.clock.now  # type: ignore[index]
    waits = []
    for _ in range(200):
        error = world.ask("99000009")
        assert error is not None
        waits.append(error.retry_after_seconds or 0)

    assert min(waits) > left
    assert max(waits) <= left + PATIENCE.pause + 1
    busiest = Counter(waits).most_common(1)[0][1]
    assert busiest < 40  # of 200, over 30 s


def test_a_clock_that_is_wrong_leaves_nobody_alone_for_long(world: World) -> None:
    world.clock.now += 3600
    world.fall_ill()
    world.clock.now -= 3600
    world.ill = None

    assert world.ask("99000009", at=world.environment()) is None


def test_the_state_is_one_small_item_that_expires_and_names_nobody(world: World) -> None:
    world.fall_ill(times=PATIENCE.failures - 1)
    counting = world.item()
    world.ask("99000009")
    resting = world.item()

    assert set(counting) == {"pk", "failed_for", "expires_at"}
    assert set(resting) == {"pk", "left_until", "left_limited", "left_times", "expires_at"}
    for item in (counting, resting):
        assert item["pk"] == {"S": "breaker#reniec"}
        assert "9900000" not in str(item)
        assert int(item["expires_at"]["N"]) > world.clock.now  # type: ignore[index]


def test_a_registry_that_is_well_costs_one_read_in_five_seconds_and_no_write(world: World) -> None:
    operations: Counter[str] = Counter()
    events = world.dynamodb.meta.events

    def count(model: object, **_: object) -> None:
        operations[model.name] += 1  # type: ignore[attr-defined]

    events.register("before-call.dynamodb", count, unique_id="count")
    try:
        for _ in range(50):
            assert world.ask("99000001") is None
            world.wait(0.2)
    finally:
        events.unregister("before-call.dynamodb", count, unique_id="count")

    assert operations == {"GetItem": 2}


def test_a_store_that_fails_lets_everybody_through(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.dynamodb.delete_table(TableName=TABLE)

    world.environment().check("reniec")
    assert world.ask("99000001") is None
    world.ill = Kind.FAILED
    for _ in range(2 * PATIENCE.failures):
        assert kind_of(world.ask("99000001")) is Kind.FAILED
    assert "99000001" not in caplog.text


def test_opening_is_an_operators_matter(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    world.fall_ill()

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.records[0].getMessage().startswith("registry reniec: left alone for 3")


def test_no_herd_reaches_a_registry_that_dies_or_comes_back(world: World) -> None:
    """Fifty at once, as many as ask: of a dead registry, and of one that is being found out about."""
    begun = threading.Barrier(50, timeout=30)
    busy = threading.Lock()
    at_once, most = 0, 0

    def exchange() -> None:
        nonlocal at_once, most
        with busy:
            world.asked["reniec"] += 1
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.01)
        with busy:
            at_once -= 1
        if world.ill:
            raise UpstreamError(world.ill)

    def herd() -> Counter[str]:
        def one(number: int) -> str:
            begun.wait()
            try:
                world.here.call("reniec", f"990000{number:02}", exchange)
            except UpstreamError as error:
                return error.kind.value
            return "answered"

        with ThreadPoolExecutor(50) as threads:
            return Counter(threads.map(one, range(50)))

    world.fall_ill()
    world.asked.clear()
    for _ in range(4):  # two hundred come while it is left alone
        assert herd() == {"left_alone": 50}
    assert world.asked["reniec"] == 0

    world.wait(1.25 * PATIENCE.pause)  # still dead: one finds out
    assert herd() == {"failed": 1, "left_alone": 49}
    assert world.asked["reniec"] == 1

    world.wait(2 * 1.25 * PATIENCE.pause)
    world.ill = None
    most = 0
    found = herd()
    # Who comes after the one who found it well is answered too.
    assert found["answered"] >= 1
    assert found["answered"] + found["left_alone"] == 50
    assert herd() == {"answered": 50}

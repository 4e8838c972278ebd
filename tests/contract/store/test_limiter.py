"""What every `Limiter` does: the fake that unit tests use, and DynamoDB."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from constancia.adapters.limiter import DynamoLimiter
from constancia.domain.certificate import PersonKey
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.ports import Limiter, Reservation
from tests.conftest import Aws
from tests.fakes import FakeClock, InMemoryLimiter

STUDENT, APPLICANT, ADDRESS = PersonKey("aa" * 32), PersonKey("bb" * 32), PersonKey("cc" * 32)
SHARE, WINDOW = 3, timedelta(minutes=30)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def dynamodb_limiter(aws: Aws, clock: FakeClock) -> DynamoLimiter:
    return DynamoLimiter(
        aws.client("dynamodb"),
        aws.ref("Table"),
        clock,
        kind="ATTEMPTS",
        window=lambda at: at + WINDOW,
        refusal=ErrorCode.TOO_MANY_ATTEMPTS,
    )


@pytest.fixture(params=["memory", "dynamodb"])
def limiter(request: pytest.FixtureRequest, clock: FakeClock) -> Limiter:
    if request.param == "memory":
        return InMemoryLimiter(clock, window=lambda at: at + WINDOW)
    limiter: DynamoLimiter = request.getfixturevalue("dynamodb_limiter")
    return limiter


def take(limiter: Limiter, times: int, *subjects: PersonKey) -> Reservation:
    reservation: Reservation = {}
    for _ in range(times):
        reservation = limiter.reserve(dict.fromkeys(subjects or (STUDENT,), SHARE))
    return reservation


def wait_of(limiter: Limiter, *subjects: PersonKey, share: int = SHARE) -> int | None:
    """Seconds to wait, or `None` where all may pass; nothing is counted by asking."""
    try:
        limiter.give_back(limiter.reserve(dict.fromkeys(subjects or (STUDENT,), share)))
    except DomainError as error:
        return error.retry_after_seconds if error.code is ErrorCode.TOO_MANY_ATTEMPTS else -1
    return None


def test_so_many_pass_as_may_and_the_next_waits_for_the_windows_end(
    limiter: Limiter, clock: FakeClock
) -> None:
    take(limiter, SHARE - 1)
    clock.advance(timedelta(minutes=10))
    take(limiter, 1)

    assert wait_of(limiter) == 20 * 60
    clock.advance(timedelta(minutes=20, seconds=-1))
    assert wait_of(limiter) == 1
    clock.advance(timedelta(seconds=1))
    assert wait_of(limiter) is None


def test_a_window_that_ended_begins_with_the_whole_share(limiter: Limiter, clock: FakeClock) -> None:
    take(limiter, SHARE)
    clock.advance(WINDOW)

    take(limiter, SHARE)
    assert wait_of(limiter) == WINDOW.total_seconds()


def test_who_comes_now_and_then_is_never_locked_out(limiter: Limiter, clock: FakeClock) -> None:
    """A shared address always has someone who mistypes: only how often within a window counts."""
    for _ in range(5 * SHARE):
        take(limiter, 1)
        clock.advance(WINDOW / SHARE)


def test_what_is_given_back_may_be_taken_again(limiter: Limiter) -> None:
    for _ in range(2 * SHARE):
        limiter.give_back(take(limiter, 1))
    last = take(limiter, SHARE)

    assert wait_of(limiter) is not None
    limiter.give_back(last)
    assert wait_of(limiter) is None


def test_nothing_is_given_back_to_a_window_that_it_was_not_taken_from(
    limiter: Limiter, clock: FakeClock
) -> None:
    late = take(limiter, 1)
    clock.advance(WINDOW)
    take(limiter, SHARE)

    limiter.give_back(late)

    assert wait_of(limiter) is not None


def test_more_is_never_given_back_than_was_taken(limiter: Limiter) -> None:
    once = take(limiter, 1)
    for _ in range(3):
        limiter.give_back(once)

    take(limiter, SHARE)
    assert wait_of(limiter) is not None


def test_a_refusal_takes_nothing_of_anybody(limiter: Limiter) -> None:
    take(limiter, SHARE, APPLICANT)
    for _ in range(2 * SHARE):
        assert wait_of(limiter, STUDENT, APPLICANT, ADDRESS) is not None

    take(limiter, SHARE, STUDENT, ADDRESS)
    assert wait_of(limiter, STUDENT) is not None


def test_each_subject_has_a_share_of_its_own(limiter: Limiter) -> None:
    for _ in range(SHARE):
        limiter.reserve({STUDENT: SHARE, ADDRESS: SHARE + 1})

    assert wait_of(limiter, STUDENT) is not None
    assert wait_of(limiter, ADDRESS, share=SHARE + 1) is None


def test_of_a_hundred_at_once_no_more_pass_than_may(
    dynamodb_limiter: DynamoLimiter, one_write_at_a_time: None
) -> None:
    def one(_: int) -> bool:
        try:
            dynamodb_limiter.reserve({STUDENT: 5, ADDRESS: 50})
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        passed = sum(threads.map(one, range(100)))

    assert passed == 5
    assert wait_of(dynamodb_limiter, ADDRESS, share=6) is None  # what the refused took is given back


def test_what_is_kept_is_a_key_a_count_and_an_end(aws: Aws, dynamodb_limiter: DynamoLimiter) -> None:
    take(dynamodb_limiter, 2)

    (item,) = aws.client("dynamodb").scan(TableName=aws.ref("Table"))["Items"]
    assert set(item) == {"pk", "taken", "expires_at"}
    assert (item["pk"]["S"], item["taken"]["N"]) == (f"ATTEMPTS#{STUDENT}", "2")

"""What every `AttemptLimiter` does: the fake that unit tests use, and DynamoDB."""

from datetime import timedelta

import pytest

from constancia.adapters.limiter import DynamoAttemptLimiter
from constancia.domain.certificate import PersonKey
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.ports import AttemptLimiter
from tests.conftest import Aws
from tests.fakes import FakeClock, InMemoryLimiter

STUDENT, APPLICANT = PersonKey("aa" * 32), PersonKey("bb" * 32)
LIMIT, WINDOW = 3, timedelta(minutes=30)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", "dynamodb"])
def limiter(request: pytest.FixtureRequest, clock: FakeClock) -> AttemptLimiter:
    if request.param == "memory":
        return InMemoryLimiter(clock, limit=LIMIT, window=WINDOW)
    aws: Aws = request.getfixturevalue("aws")
    return DynamoAttemptLimiter(aws.client("dynamodb"), aws.ref("Table"), clock, limit=LIMIT, window=WINDOW)


def fail(limiter: AttemptLimiter, times: int, *subjects: PersonKey) -> None:
    for _ in range(times):
        limiter.record_failure(subjects or (STUDENT,))


def wait_of(limiter: AttemptLimiter, *subjects: PersonKey) -> int | None:
    """Seconds to wait, or `None` when nobody is locked out."""
    try:
        limiter.check(subjects)
    except DomainError as error:
        return error.retry_after_seconds if error.code is ErrorCode.TOO_MANY_ATTEMPTS else -1
    return None


def test_who_never_failed_passes(limiter: AttemptLimiter) -> None:
    assert wait_of(limiter, STUDENT, APPLICANT) is None
    assert wait_of(limiter) is None


def test_the_limit_locks_out_for_a_window(limiter: AttemptLimiter, clock: FakeClock) -> None:
    fail(limiter, LIMIT - 1)
    assert wait_of(limiter, STUDENT) is None

    fail(limiter, 1)
    assert wait_of(limiter, STUDENT) == 1800

    clock.advance(timedelta(minutes=29))
    assert wait_of(limiter, STUDENT) == 60

    clock.advance(timedelta(minutes=1))
    assert wait_of(limiter, STUDENT) is None


def test_after_a_window_counting_begins_anew(limiter: AttemptLimiter, clock: FakeClock) -> None:
    fail(limiter, LIMIT)
    clock.advance(WINDOW)
    fail(limiter, LIMIT - 1)

    assert wait_of(limiter, STUDENT) is None


def test_each_failure_counts_until_a_window_passes_without_another(
    limiter: AttemptLimiter, clock: FakeClock
) -> None:
    for _ in range(LIMIT):
        fail(limiter, 1)
        clock.advance(WINDOW - timedelta(minutes=1))

    assert wait_of(limiter, STUDENT) == 60


def test_one_locked_subject_is_enough_and_the_longest_wait_is_told(
    limiter: AttemptLimiter, clock: FakeClock
) -> None:
    fail(limiter, LIMIT, STUDENT)
    clock.advance(timedelta(minutes=10))
    fail(limiter, LIMIT, APPLICANT)

    assert wait_of(limiter, STUDENT) == 1200
    assert wait_of(limiter, STUDENT, APPLICANT) == 1800
    assert wait_of(limiter, APPLICANT, STUDENT) == 1800


def test_subjects_are_counted_together_and_apart(limiter: AttemptLimiter) -> None:
    fail(limiter, LIMIT - 1, STUDENT, APPLICANT)
    fail(limiter, 1, APPLICANT)

    assert wait_of(limiter, STUDENT) is None
    assert wait_of(limiter, APPLICANT) == 1800

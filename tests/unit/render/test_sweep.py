from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest

from constancia.domain.certificate import CertificateState, MailState, PersonKey, RequestId, new_request_id
from constancia.domain.virtual_code import new_virtual_code
from render.sweep import LONG_ENOUGH, Sweep, is_due
from tests.builders import FILE_SHA256, NOW, a_certificate, a_request
from tests.fakes import InMemoryQueue, InMemoryStore

EVERY = timedelta(minutes=5)


@dataclass
class Swept:
    """A sweep over a store and a queue in memory, and what it gave up."""

    store: InMemoryStore
    queue: InMemoryQueue
    given_up: list[RequestId] = field(default_factory=list)

    def __call__(self) -> int:
        return Sweep(self.store, self.queue, self.given_up.append, self.store.clock, EVERY)()


@pytest.fixture
def store() -> InMemoryStore:
    return InMemoryStore()


@pytest.fixture
def queue() -> InMemoryQueue:
    return InMemoryQueue()


def asked(store: InMemoryStore, ago: timedelta) -> RequestId:
    certificate = a_certificate(CertificateState.PENDING, code=new_virtual_code())
    request = a_request(id=new_request_id(), code=certificate.code, created_at=NOW - ago)
    store.accept(certificate, request, PersonKey(request.id), NOW)
    return request.id


def test_only_what_has_waited_long_is_sent_again(store: InMemoryStore, queue: InMemoryQueue) -> None:
    old = asked(store, timedelta(minutes=11))
    asked(store, timedelta(minutes=9))

    assert Swept(store, queue)() == 1
    assert queue.sent == [old]


def test_a_certificate_whose_mail_has_no_outcome_is_sent_again(
    store: InMemoryStore, queue: InMemoryQueue
) -> None:
    waiting, done = asked(store, timedelta(hours=1)), asked(store, timedelta(hours=1))
    for number, request_id in enumerate((waiting, done)):
        request = store.requests[request_id]
        store.issue(store.certificates[request.code], request, f"{FILE_SHA256[:-1]}{number}")
    store.record_mail(done, MailState.SENT)

    Swept(store, queue)()

    assert queue.sent == [waiting]


def test_a_sweep_sends_a_bounded_number_the_oldest_first(
    store: InMemoryStore, queue: InMemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("render.sweep.AT_MOST", 2)
    ids = [asked(store, timedelta(minutes=minutes)) for minutes in (11, 19, 15)]

    assert Swept(store, queue)() == 2
    assert queue.sent == [ids[1], ids[2]]


def test_nothing_waiting_sends_nothing(store: InMemoryStore, queue: InMemoryQueue) -> None:
    assert Swept(store, queue)() == 0


def test_what_was_sent_in_vain_for_a_day_is_given_up(store: InMemoryStore, queue: InMemoryQueue) -> None:
    old, young = asked(store, LONG_ENOUGH), asked(store, LONG_ENOUGH - timedelta(minutes=1))
    swept = Swept(store, queue)

    swept()

    assert swept.given_up == [old]
    assert old not in queue.sent
    assert young not in swept.given_up


def test_a_certificate_that_only_lacks_its_mail_is_never_given_up(
    store: InMemoryStore, queue: InMemoryQueue
) -> None:
    old = asked(store, LONG_ENOUGH)
    request = store.requests[old]
    store.issue(store.certificates[request.code], request, FILE_SHA256)
    swept = Swept(store, queue)

    assert swept() == 1
    assert swept.given_up == []


def test_the_older_a_request_the_more_seldom_it_is_sent() -> None:
    sweeps = [EVERY * number for number in range(2, 2 * 24 * 12)]
    sent = [age for age in sweeps if is_due(age, EVERY)]

    pauses = [later - earlier for earlier, later in pairwise(sent)]
    assert sent[0] == 2 * EVERY
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=40)
    assert len([age for age in sent if age < timedelta(days=1)]) < 45

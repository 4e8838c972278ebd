from datetime import timedelta

import pytest

from constancia.domain.certificate import CertificateState, MailState, PersonKey, RequestId, new_request_id
from constancia.domain.virtual_code import new_virtual_code
from render.sweep import sweep
from tests.builders import FILE_SHA256, NOW, a_certificate, a_request
from tests.fakes import InMemoryQueue, InMemoryStore

AGE = timedelta(minutes=10)


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

    assert sweep(store, queue, NOW, AGE) == 1
    assert queue.sent == [old]


def test_a_certificate_whose_mail_has_no_outcome_is_sent_again(
    store: InMemoryStore, queue: InMemoryQueue
) -> None:
    waiting, done = asked(store, timedelta(hours=1)), asked(store, timedelta(hours=1))
    for number, request_id in enumerate((waiting, done)):
        request = store.requests[request_id]
        store.issue(store.certificates[request.code], request, f"{FILE_SHA256[:-1]}{number}")
    store.record_mail(done, MailState.SENT)

    sweep(store, queue, NOW, AGE)

    assert queue.sent == [waiting]


def test_a_sweep_sends_a_bounded_number_the_oldest_first(
    store: InMemoryStore, queue: InMemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("render.sweep.AT_MOST", 2)
    ids = [asked(store, timedelta(minutes=minutes)) for minutes in (20, 40, 30)]

    assert sweep(store, queue, NOW, AGE) == 2
    assert queue.sent == [ids[1], ids[2]]


def test_nothing_waiting_sends_nothing(store: InMemoryStore, queue: InMemoryQueue) -> None:
    assert sweep(store, queue, NOW, AGE) == 0

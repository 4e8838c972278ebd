"""Every change of a certificate's state leaves its entry in the audit trail, in memory and in DynamoDB."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    PersonKey,
    new_request_id,
)
from constancia.domain.failures import FailureReason
from constancia.domain.ports import CertificateStore
from constancia.domain.virtual_code import VirtualCode, new_virtual_code
from tests.builders import NOW, OPERATOR, WRONG_DATA, a_certificate, a_request
from tests.conftest import Aws
from tests.fakes import FakeClock, InMemoryStore
from tests.trail import CORRELATION, a_trail, entries_of
from tests.trail import told as told_of

PENDING = CertificateState.PENDING
UNTIL = NOW + timedelta(minutes=10)
SOURCE = PersonKey("cd" * 32)
REQUESTED, ISSUED = ("request", "requester", "accepted"), ("issue", "platform", "issued")


class Kept:
    """A store, and what its trail tells of a code."""

    def __init__(self, store: CertificateStore, told: Callable[[VirtualCode], list[tuple[str, str, str]]]):
        self.store, self.told = store, told

    def accepted(self, minutes: int = 0, **changes: Any) -> tuple[Certificate, CertificateRequest]:
        certificate = a_certificate(
            PENDING,
            code=new_virtual_code(),
            number=f"2026-{minutes:08d}",
            issued_at=NOW + timedelta(minutes=minutes),
            **changes,
        )
        request = a_request(id=new_request_id(), code=certificate.code)
        self.store.accept(certificate, request, PersonKey(request.id * 2), UNTIL, source=SOURCE)
        return certificate, request


@pytest.fixture(params=["memory", "dynamodb"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "memory":
        store = InMemoryStore(FakeClock())
        entries = store.trail.entries
        return Kept(store, lambda code: [(e.act, e.role, e.outcome) for e in entries if e.code == code])
    aws: Aws = request.getfixturevalue("aws")
    dynamo = DynamoCertificateStore(aws.client("dynamodb"), aws.ref("Table"), FakeClock(), a_trail(aws))
    return Kept(dynamo, lambda code: sorted(told_of(aws, code), key=_ORDER.index))


_ORDER = [
    REQUESTED,
    ("hold", "platform", "oversize"),
    ISSUED,
    ("issue", "platform", "superseded"),
    ("supersede", "platform", "superseded"),
    ("annul", "operator", "annulled"),
]
"""The tests' clock stands still, so entries of one code have no order of their own in DynamoDB."""


def test_a_request_and_its_issue_are_two_entries_however_often_it_is_issued(kept: Kept) -> None:
    certificate, request = kept.accepted()
    for _ in range(3):
        kept.store.issue(certificate, request, "0a" * 32)

    assert kept.told(certificate.code) == [REQUESTED, ISSUED]


def test_superseding_is_told_of_both(kept: Kept) -> None:
    earlier, later = kept.accepted(0), kept.accepted(1)
    kept.store.issue(*earlier, "0a" * 32)
    kept.store.issue(*later, "0b" * 32)

    assert kept.told(earlier[0].code) == [REQUESTED, ISSUED, ("supersede", "platform", "superseded")]
    assert kept.told(later[0].code) == [REQUESTED, ISSUED]


def test_what_is_drawn_late_is_told_as_superseded_and_touches_nobody_else(kept: Kept) -> None:
    earlier, later = kept.accepted(0), kept.accepted(1)
    kept.store.issue(*later, "0b" * 32)
    kept.store.issue(*earlier, "0a" * 32)

    assert kept.told(earlier[0].code) == [REQUESTED, ("issue", "platform", "superseded")]
    assert kept.told(later[0].code) == [REQUESTED, ISSUED]


def test_what_is_held_is_told_with_its_reason(kept: Kept) -> None:
    certificate, request = kept.accepted()

    kept.store.hold(request.id, FailureReason.OVERSIZE, UNTIL)

    assert kept.told(certificate.code) == [REQUESTED, ("hold", "platform", "oversize")]


def test_an_annulment_is_told_once_and_one_of_nothing_not_at_all(kept: Kept) -> None:
    certificate, request = kept.accepted()
    kept.store.issue(certificate, request, "0a" * 32)

    assert kept.store.annul(certificate.code, WRONG_DATA, OPERATOR)
    assert not kept.store.annul(certificate.code, WRONG_DATA, OPERATOR)
    stranger = new_virtual_code()
    assert not kept.store.annul(stranger, WRONG_DATA, OPERATOR)

    assert kept.told(certificate.code) == [REQUESTED, ISSUED, ("annul", "operator", "annulled")]
    assert kept.told(stranger) == []


def test_a_request_that_stands_already_is_no_entry_more(kept: Kept) -> None:
    first, request = kept.accepted()
    other = a_certificate(PENDING, code=new_virtual_code())
    again = a_request(id=new_request_id(), code=other.code)

    kept.store.accept(other, again, PersonKey(request.id * 2), UNTIL, source=SOURCE)

    assert kept.told(first.code) == [REQUESTED]
    assert kept.told(other.code) == []


# ---------------------------------------------------------------------- DynamoDB's own


def test_an_acceptance_carries_source_and_call(aws: Aws) -> None:
    store = DynamoCertificateStore(aws.client("dynamodb"), aws.ref("Table"), FakeClock(), a_trail(aws))
    certificate, _ = Kept(store, lambda _: []).accepted()

    (entry,) = entries_of(aws, certificate.code)
    assert (entry["source_key"], entry["correlation_id"]) == (SOURCE, CORRELATION)


@pytest.mark.parametrize("step", ["accept", "hold", "issue", "annul"])
def test_no_state_changes_without_its_entry(aws: Aws, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The trail's table is gone: whatever depends on it does not happen, not even half."""
    dynamodb, trail = aws.client("dynamodb"), a_trail(aws)
    store = DynamoCertificateStore(dynamodb, aws.ref("Table"), FakeClock(), trail)
    kept = Kept(store, lambda _: [])
    certificate, request = kept.accepted()
    if step == "annul":
        store.issue(certificate, request, "0a" * 32)
    before = dynamodb.scan(TableName=aws.ref("Table"))["Items"]
    monkeypatch.setattr(trail._table, "_name", "no-such-table")

    steps: dict[str, Callable[[], object]] = {
        "accept": kept.accepted,
        "hold": lambda: store.hold(request.id, FailureReason.OVERSIZE, UNTIL),
        "issue": lambda: store.issue(certificate, request, "0a" * 32),
        "annul": lambda: store.annul(certificate.code, WRONG_DATA, OPERATOR),
    }
    with pytest.raises(ClientError):
        steps[step]()

    assert dynamodb.scan(TableName=aws.ref("Table"))["Items"] == before

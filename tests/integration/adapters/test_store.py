"""What the contract can't see: the items themselves, the calls, and races lost to others."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    PersonKey,
    new_request_id,
)
from constancia.domain.ports import StoreConflictError
from constancia.domain.virtual_code import VirtualCode, new_virtual_code
from tests.builders import (
    CODE,
    EMAIL,
    NOW,
    OPERATOR,
    PHONE,
    REQUEST_ID,
    STUDENT_DNI,
    TOKEN,
    WRONG_DATA,
    a_certificate,
    a_request,
)
from tests.conftest import Aws
from tests.fakes import FakeClock
from tests.trail import a_trail

PENDING, ISSUED = CertificateState.PENDING, CertificateState.ISSUED
SUPERSEDED, ANNULLED = CertificateState.SUPERSEDED, CertificateState.ANNULLED
SAME = PersonKey("aa" * 32)
DIGEST, OTHER_DIGEST = "0a" * 32, "0b" * 32


@pytest.fixture
def store(aws: Aws) -> DynamoCertificateStore:
    return DynamoCertificateStore(aws.client("dynamodb"), aws.ref("Table"), FakeClock(), a_trail(aws))


def items(aws: Aws) -> dict[str, dict[str, Any]]:
    found = aws.client("dynamodb").scan(TableName=aws.ref("Table"))["Items"]
    return {item["pk"]["S"]: item for item in found}


def asked(
    store: DynamoCertificateStore, same: PersonKey | None = None, **changes: Any
) -> tuple[Certificate, CertificateRequest]:
    certificate = a_certificate(PENDING, **{"code": new_virtual_code(), **changes})
    request = a_request(id=new_request_id(), code=certificate.code)
    store.accept(certificate, request, same or PersonKey(request.id), NOW + timedelta(minutes=10))
    return certificate, request


def state_of(store: DynamoCertificateStore, code: VirtualCode) -> CertificateState | None:
    certificate = store.certificate(code)
    return None if certificate is None else certificate.state


# ---------------------------------------------------------------------- what is written


def test_what_is_not_issued_lives_as_long_as_its_request_and_no_longer(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    certificate, request = asked(store)
    week_ahead = {"N": str(int((NOW + timedelta(days=7)).timestamp()))}

    assert items(aws)[f"CERT#{certificate.code}"]["expires_at"] == week_ahead
    assert items(aws)[f"REQ#{request.id}"]["expires_at"] == week_ahead

    store.issue(certificate, request, DIGEST)

    assert "expires_at" not in items(aws)[f"CERT#{certificate.code}"]
    assert items(aws)[f"REQ#{request.id}"]["expires_at"] == week_ahead


def test_everything_but_certificates_and_their_indexes_expires(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    certificate, request = asked(store)
    store.next_number(2026)
    store.issue(certificate, request, DIGEST)

    kept = {pk.partition("#")[0] for pk, item in items(aws).items() if "expires_at" not in item}

    assert kept == {"CERT", "HOLDER", "SHA256", "NUMBER"}


def test_after_the_mail_the_table_holds_neither_contact_data_nor_the_token(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    certificate, request = asked(store)
    assert all(secret in str(items(aws)) for secret in (EMAIL, PHONE, TOKEN))

    store.issue(certificate, request, DIGEST)
    store.record_mail(request.id, MailState.SENT)

    assert not [secret for secret in (EMAIL, PHONE, TOKEN) if secret in str(items(aws))]


def test_no_key_names_a_person(aws: Aws, store: DynamoCertificateStore) -> None:
    certificate, request = asked(store)
    store.issue(certificate, request, DIGEST)

    assert STUDENT_DNI.number not in "".join(items(aws))


def test_the_content_is_packed(aws: Aws, store: DynamoCertificateStore) -> None:
    certificate, _ = asked(store)

    packed = items(aws)[f"CERT#{certificate.code}"]["content"]["B"]

    assert STUDENT_DNI.number.encode() not in packed
    assert len(packed) < len(certificate.content.to_json())


# ---------------------------------------------------------------------- how it is asked


@contextmanager
def before_each(aws: Aws, operation: str, react: Callable[..., Any]) -> Iterator[None]:
    """Call `react` before each call of an operation; what it returns is the answer, and no call is made."""
    events, name = aws.client("dynamodb").meta.events, f"before-call.dynamodb.{operation}"
    events.register(name, react)
    try:
        yield
    finally:
        events.unregister(name, react)


def test_verification_takes_one_read(aws: Aws, store: DynamoCertificateStore) -> None:
    certificate, _ = asked(store)
    calls: list[dict[str, Any]] = []

    with before_each(aws, "*", lambda params, **_: calls.append(json.loads(params["body"]))):
        store.certificate(certificate.code)

    assert [call["Key"]["pk"]["S"] for call in calls] == [f"CERT#{certificate.code}"]


class Interloper:
    """Does something just before the first transaction that another caller sends."""

    def __init__(self, deed: Callable[[], object]) -> None:
        self._deed: Callable[[], object] | None = deed

    def __call__(self, **_: object) -> None:
        if deed := self._deed:
            self._deed = None
            deed()


def test_a_race_lost_to_a_later_certificate_ends_superseded(aws: Aws, store: DynamoCertificateStore) -> None:
    mine, my_request = asked(store)
    other, other_request = asked(store, issued_at=NOW + timedelta(seconds=1))
    interloper = Interloper(lambda: store.issue(other, other_request, OTHER_DIGEST))

    with before_each(aws, "TransactWriteItems", interloper):
        outcome = store.issue(mine, my_request, DIGEST)

    assert outcome == replace(mine, state=SUPERSEDED, sha256=DIGEST, superseded_by=other.code)
    assert state_of(store, other.code) is ISSUED


def test_a_race_lost_to_an_earlier_certificate_ends_by_superseding_it(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    mine, my_request = asked(store, issued_at=NOW + timedelta(seconds=1))
    other, other_request = asked(store)
    interloper = Interloper(lambda: store.issue(other, other_request, OTHER_DIGEST))

    with before_each(aws, "TransactWriteItems", interloper):
        outcome = store.issue(mine, my_request, DIGEST)

    assert outcome.state is ISSUED
    assert state_of(store, other.code) is SUPERSEDED


def test_a_race_lost_behind_an_annulled_certificate_leaves_one_issued(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    annulled, annulled_request = asked(store)
    mine, my_request = asked(store, issued_at=NOW + timedelta(days=1))
    other, other_request = asked(store, issued_at=NOW + timedelta(days=2))
    store.issue(annulled, annulled_request, DIGEST)
    store.annul(annulled.code, WRONG_DATA, OPERATOR)
    interloper = Interloper(lambda: store.issue(other, other_request, OTHER_DIGEST))

    with before_each(aws, "TransactWriteItems", interloper):
        store.issue(mine, my_request, "0c" * 32)

    states = [state_of(store, certificate.code) for certificate in (annulled, mine, other)]
    assert states == [ANNULLED, SUPERSEDED, ISSUED]


def test_a_certificate_drawn_late_names_the_latest_as_its_successor(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    late, late_request = asked(store)
    newer, newer_request = asked(store, issued_at=NOW + timedelta(days=1))
    newest, newest_request = asked(store, issued_at=NOW + timedelta(days=2))
    store.issue(newer, newer_request, OTHER_DIGEST)
    interloper = Interloper(lambda: store.issue(newest, newest_request, "0c" * 32))

    with before_each(aws, "TransactWriteItems", interloper):
        outcome = store.issue(late, late_request, DIGEST)

    assert (outcome.state, outcome.superseded_by) == (SUPERSEDED, newest.code)


def test_two_deliveries_issuing_at_once_issue_once(aws: Aws, store: DynamoCertificateStore) -> None:
    certificate, request = asked(store)
    interloper = Interloper(
        lambda: (
            store.issue(certificate, request, DIGEST),
            store.annul(certificate.code, WRONG_DATA, OPERATOR),
        )
    )

    with before_each(aws, "TransactWriteItems", interloper):
        outcome = store.issue(certificate, request, OTHER_DIGEST)

    assert (outcome.state, outcome.sha256) == (ANNULLED, DIGEST)
    assert store.by_digest(OTHER_DIGEST) is None


def test_two_deliveries_of_a_late_certificate_record_one_file(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    late, late_request = asked(store)
    newer, newer_request = asked(store, issued_at=NOW + timedelta(days=1))
    store.issue(newer, newer_request, "0c" * 32)
    interloper = Interloper(lambda: store.issue(late, late_request, DIGEST))

    with before_each(aws, "TransactWriteItems", interloper):
        outcome = store.issue(late, late_request, OTHER_DIGEST)

    assert outcome.sha256 == DIGEST
    assert store.by_digest(OTHER_DIGEST) is None


def test_a_certificate_annulled_while_it_is_superseded_stays_annulled(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    old, old_request = asked(store)
    new, new_request = asked(store, issued_at=NOW + timedelta(days=1))
    store.issue(old, old_request, DIGEST)

    with before_each(
        aws,
        "TransactWriteItems",
        Interloper(lambda: store.annul(old.code, WRONG_DATA, OPERATOR)),
    ):
        store.issue(new, new_request, OTHER_DIGEST)

    assert (state_of(store, old.code), state_of(store, new.code)) == (ANNULLED, ISSUED)


def test_two_who_ask_the_same_at_once_get_one_request(aws: Aws, store: DynamoCertificateStore) -> None:
    others: list[CertificateRequest] = []
    interloper = Interloper(lambda: others.append(asked(store, SAME)[1]))

    with before_each(aws, "TransactWriteItems", interloper):
        outcome = store.accept(a_certificate(PENDING), a_request(), SAME, NOW + timedelta(minutes=10))

    assert (outcome.request_id, outcome.existed) == (others[0].id, True)
    assert store.certificate(CODE) is None


def test_a_request_that_expires_while_it_is_drawn_is_not_issued(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    certificate, request = asked(store)
    key = {"pk": {"S": f"REQ#{request.id}"}}
    erase = Interloper(lambda: aws.client("dynamodb").delete_item(TableName=aws.ref("Table"), Key=key))

    with before_each(aws, "TransactWriteItems", erase), pytest.raises(StoreConflictError):
        store.issue(certificate, request, DIGEST)

    assert state_of(store, certificate.code) is PENDING
    assert f"REQ#{request.id}" not in items(aws)


def test_a_successor_of_an_erased_certificate_is_issued(aws: Aws, store: DynamoCertificateStore) -> None:
    old, old_request = asked(store)
    new, new_request = asked(store, issued_at=NOW + timedelta(days=1))
    store.issue(old, old_request, DIGEST)
    aws.client("dynamodb").delete_item(TableName=aws.ref("Table"), Key={"pk": {"S": f"CERT#{old.code}"}})

    assert store.issue(new, new_request, OTHER_DIGEST).state is ISSUED


def cancelled(reason: str) -> tuple[AWSResponse, dict[str, Any]]:
    """DynamoDB's answer to a transaction that it cancelled, which moto never gives of itself."""
    error = {"Code": "TransactionCanceledException", "Message": f"[None, {reason}]"}
    reasons = [{"Code": "None"}, {"Code": reason}]
    answer = {"Error": error, "CancellationReasons": reasons, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return AWSResponse("https://dynamodb", 400, HTTPHeaders(), None), answer


def test_another_transaction_in_the_way_is_waited_for(aws: Aws, store: DynamoCertificateStore) -> None:
    certificate, request = asked(store)
    answers = [cancelled("TransactionConflict"), cancelled("TransactionConflict")]

    with before_each(aws, "TransactWriteItems", lambda **_: answers.pop() if answers else None):
        outcome = store.issue(certificate, request, DIGEST)

    assert outcome.state is ISSUED
    assert not answers


def test_a_race_that_never_ends_is_given_up(
    aws: Aws, store: DynamoCertificateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("constancia.adapters.table.time.sleep", lambda seconds: None)
    certificate, request = asked(store)

    with (
        before_each(aws, "TransactWriteItems", lambda **_: cancelled("TransactionConflict")),
        pytest.raises(StoreConflictError),
    ):
        store.issue(certificate, request, DIGEST)


def test_a_transaction_refused_for_another_reason_is_not_a_lost_race(
    aws: Aws, store: DynamoCertificateStore
) -> None:
    certificate, request = asked(store)

    with (
        before_each(aws, "TransactWriteItems", lambda **_: cancelled("ValidationError")),
        pytest.raises(ClientError),
    ):
        store.issue(certificate, request, DIGEST)


def test_numbers_taken_at_once_differ(aws: Aws, store: DynamoCertificateStore) -> None:
    others: list[str] = []
    with before_each(aws, "UpdateItem", Interloper(lambda: others.append(store.next_number(2026)))):
        mine = store.next_number(2026)

    assert {mine, *others} == {"2026-00000001", "2026-00000002"}


def test_an_unknown_request_is_read_as_none(store: DynamoCertificateStore) -> None:
    assert store.request(REQUEST_ID) is None

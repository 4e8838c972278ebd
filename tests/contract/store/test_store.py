"""What every `CertificateStore` does: the fake that unit tests use, and DynamoDB."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    PersonKey,
    RequestId,
    new_request_id,
)
from constancia.domain.content import Holder
from constancia.domain.failures import FailureReason
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.ports import CertificateStore, StoreConflictError
from constancia.domain.school import Level
from constancia.domain.virtual_code import VirtualCode, new_virtual_code
from tests.builders import (
    CODE,
    NOW,
    OPERATOR,
    OTHER_CODE,
    REQUEST_ID,
    WRONG_DATA,
    a_certificate,
    a_content,
    a_level_record,
    a_request,
)
from tests.conftest import Aws
from tests.fakes import FakeClock, InMemoryStore, waiting
from tests.trail import a_trail

PENDING, ISSUED = CertificateState.PENDING, CertificateState.ISSUED
SUPERSEDED, ANNULLED = CertificateState.SUPERSEDED, CertificateState.ANNULLED
SAME = PersonKey("aa" * 32)
DIGEST, OTHER_DIGEST = "0a" * 32, "0b" * 32
UNTIL = NOW + timedelta(minutes=10)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: FakeClock) -> CertificateStore:
    if request.param == "memory":
        return InMemoryStore(clock)
    aws: Aws = request.getfixturevalue("aws")
    return DynamoCertificateStore(aws.client("dynamodb"), aws.ref("Table"), clock, a_trail(aws))


def accepted(
    store: CertificateStore, same: PersonKey | None = None, **changes: Any
) -> tuple[Certificate, CertificateRequest]:
    """Accept a certificate with a code, id and request of its own."""
    certificate = a_certificate(PENDING, **{"code": new_virtual_code(), **changes})
    request = a_request(id=new_request_id(), code=certificate.code)
    store.accept(certificate, request, same or PersonKey(request.id * 2), UNTIL)
    return certificate, request


def state_of(store: CertificateStore, code: VirtualCode) -> CertificateState | None:
    certificate = store.certificate(code)
    return None if certificate is None else certificate.state


# ---------------------------------------------------------------------- accepting


def test_what_was_accepted_reads_back_as_it_was(store: CertificateStore) -> None:
    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    assert (outcome.request_id, outcome.existed) == (REQUEST_ID, False)
    assert store.certificate(CODE) == a_certificate(PENDING)
    assert store.request(REQUEST_ID) == a_request()


def test_a_phone_may_be_missing(store: CertificateStore) -> None:
    store.accept(a_certificate(PENDING), a_request(phone=None), SAME, UNTIL)

    assert store.request(REQUEST_ID) == a_request(phone=None)


def test_what_is_not_there_is_none(store: CertificateStore) -> None:
    assert store.certificate(CODE) is None
    assert store.request(REQUEST_ID) is None
    assert store.by_digest(DIGEST) is None


def test_the_same_request_gets_the_one_that_stands(store: CertificateStore) -> None:
    _, first = accepted(store, SAME)

    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    assert (outcome.request_id, outcome.existed) == (first.id, True)
    assert store.certificate(CODE) is None
    assert store.request(REQUEST_ID) is None


def test_accepting_the_very_same_request_again_changes_nothing(store: CertificateStore) -> None:
    store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    assert (outcome.request_id, outcome.existed) == (REQUEST_ID, False)


def test_after_its_time_the_same_request_is_a_new_one(store: CertificateStore, clock: FakeClock) -> None:
    accepted(store, SAME)
    clock.advance(timedelta(minutes=10))

    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, clock() + timedelta(minutes=10))

    assert (outcome.request_id, outcome.existed) == (REQUEST_ID, False)


def test_whose_mail_was_refused_may_ask_again(store: CertificateStore) -> None:
    certificate, first = accepted(store, SAME)
    store.issue(certificate, first, DIGEST)
    store.record_mail(first.id, MailState.REJECTED)

    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    assert (outcome.request_id, outcome.existed) == (REQUEST_ID, False)
    assert store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL).request_id == REQUEST_ID


def test_whose_certificate_was_annulled_may_ask_again(store: CertificateStore) -> None:
    certificate, first = accepted(store, SAME)
    store.issue(certificate, first, DIGEST)
    store.annul(certificate.code, WRONG_DATA, OPERATOR)

    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    assert (outcome.request_id, outcome.existed) == (REQUEST_ID, False)


def test_whose_certificate_was_superseded_may_ask_again(store: CertificateStore) -> None:
    certificate, first = accepted(store, SAME)
    newer, other_request = accepted(store, issued_at=NOW + timedelta(minutes=1))
    store.issue(certificate, first, DIGEST)
    store.issue(newer, other_request, OTHER_DIGEST)

    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    assert (outcome.request_id, outcome.existed) == (REQUEST_ID, False)


def test_whose_certificate_is_issued_has_what_was_asked_for(store: CertificateStore) -> None:
    certificate, first = accepted(store, SAME)
    store.issue(certificate, first, DIGEST)

    assert store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL).request_id == first.id


@pytest.mark.parametrize(("code", "request_id"), [(CODE, RequestId("00" * 16)), (OTHER_CODE, REQUEST_ID)])
def test_a_code_or_an_id_is_never_given_twice(
    store: CertificateStore, code: VirtualCode, request_id: RequestId
) -> None:
    store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    with pytest.raises(StoreConflictError):
        store.accept(
            a_certificate(PENDING, code=code),
            a_request(id=request_id, code=code),
            PersonKey("bb" * 32),
            UNTIL,
        )

    assert store.certificate(CODE) == a_certificate(PENDING)


# ---------------------------------------------------------------------- numbers


def test_numbers_count_by_year(store: CertificateStore) -> None:
    assert [store.next_number(2026), store.next_number(2026), store.next_number(2027)] == [
        "2026-00000001",
        "2026-00000002",
        "2027-00000001",
    ]


# ---------------------------------------------------------------------- issuing


def test_issuing_sets_digest_state_and_index_and_forgets_the_token(store: CertificateStore) -> None:
    store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    outcome = store.issue(a_certificate(PENDING), a_request(), DIGEST)

    assert outcome == a_certificate(ISSUED, sha256=DIGEST)
    assert store.certificate(CODE) == outcome
    assert store.request(REQUEST_ID) == a_request(state=ISSUED, token=None)
    assert store.by_digest(DIGEST) == CODE


def test_issuing_again_changes_nothing_even_with_another_digest(store: CertificateStore) -> None:
    certificate, request = accepted(store)
    first = store.issue(certificate, request, DIGEST)

    assert store.issue(certificate, request, OTHER_DIGEST) == first
    assert store.certificate(certificate.code) == first
    assert store.by_digest(OTHER_DIGEST) is None


def test_a_newer_certificate_supersedes_the_current_one(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    new, new_request = accepted(store, issued_at=NOW + timedelta(days=1))
    store.issue(old, old_request, DIGEST)

    outcome = store.issue(new, new_request, OTHER_DIGEST)

    assert outcome.state is ISSUED
    assert store.certificate(old.code) == replace(
        old, state=SUPERSEDED, sha256=DIGEST, superseded_by=new.code
    )


def test_a_chain_of_certificates_leaves_the_last(store: CertificateStore) -> None:
    chain = [accepted(store, issued_at=NOW + timedelta(days=day)) for day in range(4)]
    for day, (certificate, request) in enumerate(chain):
        store.issue(certificate, request, f"{day:064x}")

    assert [state_of(store, certificate.code) for certificate, _ in chain] == [SUPERSEDED] * 3 + [ISSUED]
    for (certificate, _), (successor, _) in pairwise(chain):
        stored = store.certificate(certificate.code)
        assert stored is not None
        assert stored.superseded_by == successor.code


def test_an_earlier_certificate_drawn_late_is_superseded_at_once(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    new, new_request = accepted(store, issued_at=NOW + timedelta(seconds=1))
    store.issue(new, new_request, OTHER_DIGEST)

    outcome = store.issue(old, old_request, DIGEST)

    assert outcome == replace(old, state=SUPERSEDED, sha256=DIGEST, superseded_by=new.code)
    assert store.certificate(old.code) == outcome
    assert state_of(store, new.code) is ISSUED
    assert store.by_digest(DIGEST) == old.code
    assert store.request(old_request.id) == replace(old_request, state=SUPERSEDED, token=None)


def test_certificates_of_one_second_stand_in_the_order_of_their_numbers(store: CertificateStore) -> None:
    pair = [accepted(store, number=f"2026-0000000{place}") for place in (1, 2)]
    for number, (certificate, request) in enumerate(reversed(pair)):
        store.issue(certificate, request, f"{number:064x}")

    assert [state_of(store, certificate.code) for certificate, _ in pair] == [SUPERSEDED, ISSUED]


OTHER_HOLDER = {
    "holder_key": PersonKey("6f" * 32),
    "content": a_content(
        holder=Holder(PersonName("LUIS", "ROJAS", None), IdentityDocument(DocumentType.DNI, "00000009"))
    ),
}
OTHER_LEVEL = {"content": a_content(levels=(a_level_record(level=Level.PRIMARIA),))}


@pytest.mark.parametrize("changes", [OTHER_HOLDER, OTHER_LEVEL], ids=["another holder", "another level"])
def test_others_are_left_alone(store: CertificateStore, changes: dict[str, Any]) -> None:
    first, first_request = accepted(store)
    other, other_request = accepted(store, issued_at=NOW + timedelta(days=1), **changes)
    store.issue(first, first_request, DIGEST)
    store.issue(other, other_request, OTHER_DIGEST)

    assert (state_of(store, first.code), state_of(store, other.code)) == (ISSUED, ISSUED)


# ---------------------------------------------------------------------- annulling


def test_an_issued_certificate_is_annulled_once_and_stays_so(store: CertificateStore) -> None:
    certificate, request = accepted(store)
    store.issue(certificate, request, DIGEST)

    assert store.annul(certificate.code, WRONG_DATA, OPERATOR)
    assert not store.annul(certificate.code, WRONG_DATA, OPERATOR)
    assert store.issue(certificate, request, DIGEST).state is ANNULLED
    assert state_of(store, certificate.code) is ANNULLED


def test_what_is_not_issued_is_not_annulled(store: CertificateStore) -> None:
    certificate, _ = accepted(store)

    assert not store.annul(certificate.code, WRONG_DATA, OPERATOR)
    assert not store.annul(OTHER_CODE, WRONG_DATA, OPERATOR)
    assert state_of(store, certificate.code) is PENDING
    assert store.certificate(OTHER_CODE) is None


def test_a_superseded_certificate_is_not_issued_again(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    new, new_request = accepted(store, issued_at=NOW + timedelta(days=1))
    store.issue(old, old_request, DIGEST)
    store.issue(new, new_request, OTHER_DIGEST)

    assert store.issue(old, old_request, DIGEST).state is SUPERSEDED
    assert state_of(store, new.code) is ISSUED


def test_an_annulled_certificate_stays_annulled_when_another_follows(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    new, new_request = accepted(store, issued_at=NOW + timedelta(days=1))
    store.issue(old, old_request, DIGEST)
    store.annul(old.code, WRONG_DATA, OPERATOR)
    store.issue(new, new_request, OTHER_DIGEST)

    assert (state_of(store, old.code), state_of(store, new.code)) == (ANNULLED, ISSUED)


def test_annulling_the_current_certificate_brings_no_earlier_one_back(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    new, new_request = accepted(store, issued_at=NOW + timedelta(days=1))
    store.issue(new, new_request, OTHER_DIGEST)
    store.annul(new.code, WRONG_DATA, OPERATOR)

    assert store.issue(old, old_request, DIGEST).state is SUPERSEDED


# ---------------------------------------------------------------------- made anew


def test_what_was_made_anew_supersedes_its_original(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    store.issue(old, old_request, DIGEST)
    new, new_request = accepted(store, issued_at=NOW + timedelta(days=1), replaces=old.code)

    assert store.issue(new, new_request, OTHER_DIGEST).state is ISSUED
    stored = store.certificate(old.code)
    assert stored is not None
    assert (stored.state, stored.superseded_by) == (SUPERSEDED, new.code)


def test_of_what_was_annulled_meanwhile_the_new_one_is_annulled_for_the_same(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    store.issue(old, old_request, DIGEST)
    new, new_request = accepted(store, issued_at=NOW + timedelta(days=1), replaces=old.code)
    store.annul(old.code, WRONG_DATA, OPERATOR)

    outcome = store.issue(new, new_request, OTHER_DIGEST)

    assert (outcome.state, outcome.annulled_for, outcome.superseded_by) == (ANNULLED, WRONG_DATA, None)
    assert store.certificate(new.code) == outcome


def test_what_was_superseded_meanwhile_is_not_brought_back_by_the_new_one(store: CertificateStore) -> None:
    old, old_request = accepted(store)
    store.issue(old, old_request, DIGEST)
    other, other_request = accepted(store, issued_at=NOW + timedelta(days=1))
    new, new_request = accepted(store, issued_at=NOW + timedelta(days=2), replaces=old.code)
    store.issue(other, other_request, "0c" * 32)

    outcome = store.issue(new, new_request, OTHER_DIGEST)

    assert (outcome.state, outcome.superseded_by) == (SUPERSEDED, other.code)
    assert store.certificate(new.code) == outcome
    assert state_of(store, other.code) is ISSUED


# ---------------------------------------------------------------------- mail


@pytest.mark.parametrize("outcome", [MailState.SENT, MailState.REJECTED])
def test_the_outcome_of_the_mail_erases_the_contact_data(store: CertificateStore, outcome: MailState) -> None:
    certificate, request = accepted(store)
    store.issue(certificate, request, DIGEST)

    store.record_mail(request.id, outcome)

    assert store.request(request.id) == replace(
        request, state=ISSUED, token=None, mail=outcome, email=None, phone=None
    )


def test_the_first_outcome_of_the_mail_stays(store: CertificateStore) -> None:
    certificate, request = accepted(store)
    store.issue(certificate, request, DIGEST)
    store.record_mail(request.id, MailState.SENT)
    store.record_mail(request.id, MailState.REJECTED)

    stored = store.request(request.id)

    assert stored is not None
    assert stored.mail is MailState.SENT


def test_the_outcome_of_a_mail_whose_request_is_gone_leaves_no_trace(store: CertificateStore) -> None:
    store.record_mail(REQUEST_ID, MailState.SENT)

    assert store.request(REQUEST_ID) is None


# ---------------------------------------------------------------------- expiry


def test_an_expired_request_is_gone_and_its_unissued_certificate_with_it(
    store: CertificateStore, clock: FakeClock
) -> None:
    certificate, request = accepted(store)
    clock.advance(timedelta(days=7))

    assert store.request(request.id) is None
    assert store.certificate(certificate.code) is None
    with pytest.raises(StoreConflictError):
        store.issue(certificate, request, DIGEST)


def test_an_issued_certificate_outlives_its_request(store: CertificateStore, clock: FakeClock) -> None:
    certificate, request = accepted(store)
    store.issue(certificate, request, DIGEST)
    clock.advance(timedelta(days=3650))

    assert store.request(request.id) is None
    assert state_of(store, certificate.code) is ISSUED
    assert store.by_digest(DIGEST) == certificate.code


# ---------------------------------------------------------------------- what is pending


def test_pending_are_requests_without_outcome_oldest_first(store: CertificateStore) -> None:
    ages = [timedelta(minutes=30), timedelta(minutes=20), timedelta(minutes=25)]
    requests = []
    for age in ages:
        certificate = a_certificate(PENDING, code=new_virtual_code(), holder_key=PersonKey(str(age)))
        request = a_request(id=new_request_id(), code=certificate.code, created_at=NOW - age)
        store.accept(certificate, request, PersonKey(request.id), UNTIL)
        requests.append((certificate, request))
    oldest, middle, between = requests
    store.issue(*between, DIGEST)

    moment = NOW - timedelta(minutes=20)
    assert waiting(store, moment) == [oldest[1].id, between[1].id]

    store.record_mail(between[1].id, MailState.SENT)
    assert waiting(store, moment) == [oldest[1].id]
    assert waiting(store, NOW) == [oldest[1].id, middle[1].id]


def test_a_request_that_waits_is_nudged_once_a_minute_by_one_caller(store: CertificateStore) -> None:
    _, request = accepted(store)
    seconds = (0, 0, 59, 60, 61, 119, 120)

    claimed = [store.claim_nudge(request.id, NOW + timedelta(seconds=one)) for one in seconds]

    assert claimed == [True, False, False, True, False, False, True]
    assert store.request(request.id) == request


def test_what_is_issued_or_gone_is_not_nudged(store: CertificateStore) -> None:
    certificate, request = accepted(store)
    store.issue(certificate, request, DIGEST)

    assert not store.claim_nudge(request.id, NOW)
    assert not store.claim_nudge(REQUEST_ID, NOW)
    assert store.request(REQUEST_ID) is None


def test_more_pending_than_a_page_are_all_told(
    store: CertificateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("constancia.adapters.store._PAGE", 2)
    ids = {accepted(store)[1].id for _ in range(5)}

    assert set(waiting(store, NOW + timedelta(seconds=1))) == ids


# ---------------------------------------------------------------------- what is held


def test_what_is_held_says_why_and_is_sent_again_by_nobody(store: CertificateStore) -> None:
    certificate, request = accepted(store)

    assert store.hold(request.id, FailureReason.OVERSIZE, NOW)

    assert store.request(request.id) == replace(request, held_for="OVERSIZE")
    assert store.certificate(certificate.code) == certificate
    assert waiting(store, NOW + timedelta(seconds=1)) == []
    assert not store.claim_nudge(request.id, NOW)


def test_what_is_held_lives_as_long_as_it_may_be_mended(store: CertificateStore, clock: FakeClock) -> None:
    certificate, request = accepted(store)
    store.hold(request.id, FailureReason.OVERSIZE, NOW + timedelta(days=14))

    clock.advance(timedelta(days=13))
    assert state_of(store, certificate.code) is PENDING
    stored = store.request(request.id)
    assert stored is not None
    assert stored.expires_at == NOW + timedelta(days=14)

    clock.advance(timedelta(days=1))
    assert store.request(request.id) is None
    assert store.certificate(certificate.code) is None


def test_being_held_never_shortens_a_life(store: CertificateStore) -> None:
    _, request = accepted(store)

    store.hold(request.id, FailureReason.OVERSIZE, NOW + timedelta(days=1))

    assert store.request(request.id) == replace(request, held_for="OVERSIZE")


def test_being_held_again_changes_the_reason_alone(store: CertificateStore) -> None:
    _, request = accepted(store)
    store.hold(request.id, FailureReason.OVERSIZE, NOW + timedelta(days=14))

    assert store.hold(request.id, FailureReason.UNEXPECTED, NOW + timedelta(days=28))

    assert store.request(request.id) == replace(
        request, held_for="UNEXPECTED", expires_at=NOW + timedelta(days=14)
    )


def test_what_was_held_and_is_issued_is_held_no_longer_and_waits_for_its_mail(
    store: CertificateStore,
) -> None:
    certificate, request = accepted(store)
    store.hold(request.id, FailureReason.OVERSIZE, NOW)

    assert store.issue(certificate, request, DIGEST).state is ISSUED

    assert store.request(request.id) == replace(request, state=ISSUED, token=None)
    assert waiting(store, NOW + timedelta(seconds=1)) == [request.id]


def test_only_what_waits_is_held(store: CertificateStore, clock: FakeClock) -> None:
    certificate, issued = accepted(store)
    store.issue(certificate, issued, DIGEST)
    _, expired = accepted(store)

    assert not store.hold(issued.id, FailureReason.OVERSIZE, NOW + timedelta(days=14))
    clock.advance(timedelta(days=7))
    assert not store.hold(expired.id, FailureReason.OVERSIZE, NOW + timedelta(days=14))
    assert not store.hold(REQUEST_ID, FailureReason.OVERSIZE, NOW + timedelta(days=14))
    assert store.request(REQUEST_ID) is None


def test_who_asks_again_for_what_is_held_makes_a_new_request(store: CertificateStore) -> None:
    _, held = accepted(store, SAME)
    store.hold(held.id, FailureReason.UNPRINTABLE_TEXT, NOW)

    outcome = store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL)

    assert (outcome.request_id, outcome.existed) == (REQUEST_ID, False)
    assert store.accept(a_certificate(PENDING), a_request(), SAME, UNTIL).request_id == REQUEST_ID


def test_what_was_held_and_asked_for_anew_is_superseded_when_it_is_mended_late(
    store: CertificateStore,
) -> None:
    certificate, held = accepted(store, SAME)
    store.hold(held.id, FailureReason.UNPRINTABLE_TEXT, NOW)
    anew, request = accepted(store, SAME, issued_at=NOW + timedelta(minutes=1))
    store.issue(anew, request, DIGEST)

    assert store.issue(certificate, held, OTHER_DIGEST).state is SUPERSEDED
    assert state_of(store, anew.code) is ISSUED

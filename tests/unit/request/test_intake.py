import dataclasses
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from constancia.domain.application import Application, Contact, DeclaredParent, Reason
from constancia.domain.certificate import CertificateState, MailState, hash_of_token
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.ports import StoreConflictError
from constancia.domain.school import Level
from request.limits import Shares
from tests.builders import (
    ADULT_DNI,
    NOW,
    STUDENT_CE,
    STUDENT_DNI,
    TERMS,
    a_citizen,
    a_civil_record,
    a_foreign_record,
    a_foreigner,
    an_application,
    an_application_by,
)
from tests.fakes import InMemoryQueue, waiting
from tests.unit.request.world import (
    BrokenQueue,
    World,
    a_family_s_world,
    a_foreigner_s_world,
    an_adult_s_world,
)

ADDRESS = "203.0.113.7"
KEY = "5b3a1f0e-2f3f-4a7e-9a57-0d5f1f2f3f4f"


def wrong_application() -> Application:
    return an_application(student=a_citizen(father=DeclaredParent("Otro")))


def refusal(world: World, application: Application, address: str = ADDRESS) -> DomainError:
    with pytest.raises(DomainError) as refused:
        world.intake.accept(application, address, None)
    return refused.value


def test_an_accepted_request_stands_in_the_store_and_waits_in_the_queue() -> None:
    world = an_adult_s_world()

    request_id = world.intake.accept(an_application(), ADDRESS, None)

    request = world.store.requests[request_id]
    certificate = world.store.certificates[request.code]
    assert world.queue == InMemoryQueue([request_id])
    assert (request.state, request.mail) == (CertificateState.PENDING, MailState.PENDING)
    assert (request.created_at, request.expires_at) == (NOW, NOW + timedelta(days=7))
    assert request.email == "persona@correo.example"
    assert certificate.state is CertificateState.PENDING
    assert certificate.number == "2026-00000001"
    assert certificate.issued_at == certificate.terms_accepted_at == NOW
    assert certificate.terms_version == TERMS
    assert certificate.token_hash == hash_of_token(request.token or "")


def test_the_number_counts_within_the_year_of_lima() -> None:
    world = an_adult_s_world()
    world.clock.now = NOW.replace(year=2027, month=1, day=1, hour=4)

    request_id = world.intake.accept(an_application(), ADDRESS, None)

    assert world.store.certificates[world.store.requests[request_id].code].number == "2026-00000001"


def test_ages_are_those_of_the_day_in_lima() -> None:
    world = an_adult_s_world()
    world.registries.civil[STUDENT_DNI] = a_civil_record(birth_date=NOW.date().replace(year=2010))
    world.clock.now = NOW.replace(hour=4)  # in Lima it is still the day before the sixteenth birthday

    assert refusal(world, an_application()).code is ErrorCode.TOO_YOUNG_TO_ASK_ALONE


def test_nothing_of_parents_or_domicile_is_kept() -> None:
    world = a_family_s_world()

    world.intake.accept(an_application_by(), ADDRESS, KEY)

    kept = repr([dataclasses.asdict(one) for one in world.store.requests.values()])
    kept += repr([dataclasses.asdict(one) for one in world.store.certificates.values()])
    kept += repr(world.sendings)
    assert not [word for word in ("Julio", "Rosa", "WANCHAQ", ADULT_DNI.number) if word in kept]


def test_the_reason_is_counted_once_and_kept_nowhere() -> None:
    world = an_adult_s_world()
    application = an_application(reason=Reason.OTHER, reason_detail="Para un trámite de mi tía")

    world.intake.accept(application, ADDRESS, KEY)
    world.intake.accept(application, ADDRESS, KEY)
    world.intake.accept(application, ADDRESS, None)

    assert world.counted == [("RequestsAccepted", "reason", "OTHER")]
    written = f"{world.store}{world.sendings}{world.queue}{world.counted}{world.log.getvalue()}"
    assert "trámite" not in written


def test_all_registries_are_asked_at_the_same_time() -> None:
    world = a_family_s_world()
    world.registries.together = Barrier(4)  # breaks unless all four look-ups are under way at once

    world.intake.accept(an_application_by(), ADDRESS, None)

    assert sorted(world.registries.asked) == ["kinship", "reniec", "reniec", "siagie"]


def test_a_refusal_takes_as_long_and_asks_as_much_as_a_success() -> None:
    world = a_family_s_world()

    refusal(world, an_application_by(student=a_citizen(mother=DeclaredParent("Otra"))))

    assert sorted(world.registries.asked) == ["kinship", "reniec", "reniec", "siagie"]


def test_a_foreigner_is_looked_up_where_foreigners_are_registered() -> None:
    world = a_foreigner_s_world(STUDENT_CE)

    world.intake.accept(an_application(student=a_foreigner()), ADDRESS, None)

    assert sorted(world.registries.asked) == ["migraciones", "siagie"]


def test_kinship_with_a_foreigner_is_not_asked_of_reniec() -> None:
    world = a_family_s_world()
    world.registries.foreign[STUDENT_CE] = a_foreign_record()

    refusal(world, an_application_by(student=a_foreigner()))

    assert "kinship" not in world.registries.asked


@pytest.mark.parametrize("registry", ["reniec", "kinship", "siagie"])
def test_a_registry_that_is_down_stops_everything_and_counts_against_nobody(registry: str) -> None:
    world = a_family_s_world()
    world.registries.down = frozenset({registry})

    for _ in range(5):
        assert refusal(world, an_application_by()).code is ErrorCode.REGISTRY_UNAVAILABLE

    assert not world.store.requests


@pytest.mark.parametrize(
    ("terms", "code"),
    [((False, "2026-11"), ErrorCode.TERMS_NOT_ACCEPTED), ((True, "2020-01"), ErrorCode.TERMS_OUTDATED)],
)
def test_terms_are_checked_before_anybody_is_asked(terms: tuple[bool, str], code: ErrorCode) -> None:
    world = an_adult_s_world()
    application = an_application()
    accepted = dataclasses.replace(application.terms, accepted=terms[0], version=terms[1])

    assert refusal(world, dataclasses.replace(application, terms=accepted)).code is code
    assert world.untouched


def test_nobody_is_asked_about_students_who_stand_as_their_own_parents() -> None:
    world = a_family_s_world()

    refused = refusal(world, an_application_by(applicant=a_citizen(STUDENT_DNI)))

    assert refused.code is ErrorCode.APPLICANT_IS_STUDENT
    assert world.untouched


def test_failed_identity_locks_the_person_out_whatever_the_address() -> None:
    world = an_adult_s_world()
    for number in range(3):
        address = f"198.51.100.{number}"
        assert refusal(world, wrong_application(), address).code is ErrorCode.FATHER_NAME_MISMATCH
    asked = len(world.registries.asked)

    locked = refusal(world, an_application())

    assert locked.code is ErrorCode.TOO_MANY_ATTEMPTS
    assert locked.retry_after_seconds == 15 * 60
    assert len(world.registries.asked) == asked


def test_an_attempt_is_counted_before_anybody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    world = an_adult_s_world()
    taken: list[list[int]] = []
    ask = world.registries.look_up

    def look_up(what: str, find: Callable[[], Any]) -> Any:
        taken.append([count for count, _ in world.attempts.taken.values()])
        return ask(what, find)

    monkeypatch.setattr(world.registries, "look_up", look_up)

    world.intake.accept(an_application(), ADDRESS, None)

    assert taken == [[1, 1], [1, 1]]  # two registries; student and address
    assert [count for count, _ in world.attempts.taken.values()] == [0, 0]


@pytest.mark.parametrize("limit", ["person", "address"])
def test_who_is_refused_a_share_gives_the_others_back(limit: str) -> None:
    world = a_family_s_world(address_limit=4)
    if limit == "person":  # the mother tried three other children; her own child has its share still
        others = [
            an_application_by(student=a_citizen(IdentityDocument(DocumentType.DNI, f"0000001{number}")))
            for number in range(3)
        ]
    else:
        others = [
            an_application(student=a_citizen(IdentityDocument(DocumentType.DNI, f"0000001{number}")))
            for number in range(4)
        ]
    for other in others:
        refusal(world, other)
    before = {subject: count for subject, (count, _) in world.attempts.taken.items()}

    assert refusal(world, an_application_by()).code is ErrorCode.TOO_MANY_ATTEMPTS

    after = {subject: count for subject, (count, _) in world.attempts.taken.items() if count}
    assert after == before


def test_the_pause_ends() -> None:
    world = an_adult_s_world()
    for _ in range(3):
        refusal(world, wrong_application())
    world.clock.advance(timedelta(minutes=16))

    assert world.intake.accept(an_application(), ADDRESS, None)


def test_failures_count_for_the_applicant_too() -> None:
    world = a_family_s_world()
    for number in range(3):
        child = IdentityDocument(DocumentType.DNI, f"0000001{number}")
        refusal(world, an_application_by(student=a_citizen(child)))

    assert refusal(world, an_application_by()).code is ErrorCode.TOO_MANY_ATTEMPTS


@pytest.mark.parametrize(
    ("addresses", "locked"),
    [
        (["203.0.113.7"] * 3, True),
        (["2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"], True),
        (["203.0.113.7", "203.0.113.8", "203.0.113.9"], False),
    ],
)
def test_an_address_that_tries_many_persons_is_locked_out(addresses: list[str], locked: bool) -> None:
    world = an_adult_s_world(address_limit=3)
    for number, address in enumerate(addresses):
        stranger = IdentityDocument(DocumentType.DNI, f"0000002{number}")
        refusal(world, an_application(student=a_citizen(stranger)), address)

    if locked:
        assert refusal(world, an_application(), addresses[-1]).code is ErrorCode.TOO_MANY_ATTEMPTS
    else:
        assert world.intake.accept(an_application(), addresses[-1], None)


def test_refusals_that_are_not_about_identity_count_against_nobody() -> None:
    world = an_adult_s_world()
    world.registries.trajectories.clear()

    for _ in range(50):
        code = refusal(world, an_application()).code
        assert code is ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR


def a_request_each_minute(world: World, application: Application, times: int) -> None:
    """So many certificates for one student: another e-mail each, for the same one makes no second one."""
    for number in range(times):
        contact = Contact(f"persona{number}@correo.example", None)
        world.intake.accept(dataclasses.replace(application, contact=contact), ADDRESS, None)
        world.clock.advance(timedelta(minutes=1))


def test_a_student_has_so_many_certificates_a_day_and_then_waits_for_midnight_in_lima() -> None:
    world = an_adult_s_world()
    a_request_each_minute(world, an_application(), 5)

    refused = refusal(world, an_application())

    # 15:35 UTC is 10:35 in Lima.
    assert (refused.code, refused.retry_after_seconds) == (
        ErrorCode.DAILY_LIMIT_REACHED,
        (13 * 60 + 25) * 60,
    )
    assert len(world.store.requests) == 5
    world.clock.advance(timedelta(seconds=refused.retry_after_seconds or 0))
    assert world.intake.accept(an_application(), ADDRESS, None)


def test_an_applicant_has_so_many_a_day_for_all_students_together() -> None:
    world = a_family_s_world(daily=Shares(student=5, applicant=2, address=200))
    a_request_each_minute(world, an_application_by(), 2)

    assert refusal(world, an_application_by()).code is ErrorCode.DAILY_LIMIT_REACHED


def test_an_address_has_so_many_a_day_for_everybody_together() -> None:
    world = an_adult_s_world(daily=Shares(student=5, applicant=5, address=2))
    a_request_each_minute(world, an_application(), 2)

    assert refusal(world, an_application()).code is ErrorCode.DAILY_LIMIT_REACHED
    assert world.intake.accept(an_application(), "203.0.113.8", None)


def test_who_had_a_share_refused_took_none_of_the_others() -> None:
    world = a_family_s_world(daily=Shares(student=1, applicant=20, address=200))
    world.intake.accept(an_application_by(), ADDRESS, None)
    world.clock.advance(timedelta(minutes=11))
    before = dict(world.certificates.taken)

    refusal(world, an_application_by())

    assert world.certificates.taken == before


def test_the_same_request_answered_again_costs_nothing_even_where_nothing_is_left() -> None:
    world = an_adult_s_world(daily=Shares(student=1, applicant=1, address=1))
    first = world.intake.accept(an_application(), ADDRESS, KEY)
    before = dict(world.certificates.taken)

    assert world.intake.accept(an_application(), ADDRESS, KEY) == first
    assert world.intake.accept(an_application(), ADDRESS, None) == first
    assert world.certificates.taken == before


def test_the_same_request_answered_again_costs_nothing_where_much_is_left() -> None:
    world = an_adult_s_world()
    first = world.intake.accept(an_application(), ADDRESS, None)
    before = dict(world.certificates.taken)

    assert world.intake.accept(an_application(), ADDRESS, None) == first
    assert world.certificates.taken == before


def test_a_request_that_can_not_be_stored_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = an_adult_s_world()

    def broken(*_: object, **__: object) -> None:
        raise StoreConflictError

    monkeypatch.setattr(world.store, "accept", broken)
    with pytest.raises(StoreConflictError):
        world.intake.accept(an_application(), ADDRESS, None)

    assert {count for count, _ in world.certificates.taken.values()} == {0}


@pytest.mark.parametrize(
    "application",
    [wrong_application(), an_application(level=Level.INICIAL)],
    ids=["not proven to be them", "not eligible"],
)
def test_no_day_is_told_to_who_is_not_entitled(application: Application) -> None:
    world = an_adult_s_world(daily=Shares(student=1, applicant=1, address=1))
    world.intake.accept(an_application(), ADDRESS, None)
    world.clock.advance(timedelta(minutes=11))

    assert refusal(world, application).code in {
        ErrorCode.FATHER_NAME_MISMATCH,
        ErrorCode.LEVEL_NOT_STUDIED,
    }


def test_the_same_request_within_minutes_is_one_request() -> None:
    world = an_adult_s_world()
    first = world.intake.accept(an_application(), ADDRESS, None)
    world.clock.advance(timedelta(minutes=9))

    assert world.intake.accept(an_application(), ADDRESS, None) == first
    assert world.queue == InMemoryQueue([first])


def test_who_corrects_the_address_makes_a_new_request() -> None:
    world = an_adult_s_world()
    mistyped = an_application(contact=Contact("persona@coreo.example", None))
    first = world.intake.accept(mistyped, ADDRESS, None)

    assert world.intake.accept(an_application(), ADDRESS, None) != first


def test_the_same_request_later_is_a_new_one() -> None:
    world = an_adult_s_world()
    first = world.intake.accept(an_application(), ADDRESS, None)
    world.clock.advance(timedelta(minutes=11))

    assert world.intake.accept(an_application(), ADDRESS, None) != first


def test_the_same_key_and_content_get_the_same_answer_without_asking_again() -> None:
    world = an_adult_s_world()
    first = world.intake.accept(an_application(), ADDRESS, KEY)
    asked = len(world.registries.asked)
    world.clock.advance(timedelta(hours=2))

    assert world.intake.accept(an_application(), ADDRESS, KEY) == first
    assert len(world.registries.asked) == asked


def test_the_same_key_with_other_content_is_refused() -> None:
    world = an_adult_s_world()
    world.intake.accept(an_application(), ADDRESS, KEY)
    other = an_application(contact=dataclasses.replace(an_application().contact, email="b@correo.example"))

    with pytest.raises(DomainError) as refused:
        world.intake.accept(other, ADDRESS, KEY)

    assert refused.value.code is ErrorCode.IDEMPOTENCY_KEY_REUSED


def test_a_refused_request_leaves_its_key_free() -> None:
    world = an_adult_s_world()
    with pytest.raises(DomainError):
        world.intake.accept(wrong_application(), ADDRESS, KEY)

    assert world.intake.accept(an_application(), ADDRESS, KEY)


def test_what_is_remembered_of_a_sending_names_nobody() -> None:
    world = an_adult_s_world()
    world.intake.accept(an_application(), ADDRESS, KEY)

    remembered = repr(world.sendings)
    assert KEY not in remembered
    assert STUDENT_DNI.number not in remembered
    assert "correo.example" not in remembered


def test_a_queue_out_of_reach_does_not_lose_an_accepted_request() -> None:
    world = an_adult_s_world(queue=BrokenQueue())

    request_id = world.intake.accept(an_application(), ADDRESS, None)

    later = NOW + timedelta(minutes=5)
    assert waiting(world.store, later) == [request_id]
    assert "not queued" in world.log.getvalue()
    assert request_id not in world.log.getvalue()

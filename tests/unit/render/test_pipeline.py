from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from constancia.adapters.mail import MailNotSentError
from constancia.domain.certificate import CertificateState, MailState, RequestId
from constancia.domain.failures import FailureReason
from constancia.domain.ports import Mail, MailOutcome, StoreConflictError
from render.pipeline import LAST_MOMENT, Step
from tests.builders import EMAIL, NOW, TOKEN, a_certificate, a_request
from tests.fakes import waiting
from tests.unit.render.world import BASE_URL, World, draw

ISSUED, SUPERSEDED = CertificateState.ISSUED, CertificateState.SUPERSEDED


@pytest.fixture
def world() -> World:
    return World()


class CrashError(Exception):
    """The function died here."""


@dataclass
class DyingAfter:
    """A port whose method has its effect, whereupon the function dies."""

    port: Any
    method: str

    def __getattr__(self, name: str) -> Callable[..., Any]:
        genuine: Callable[..., Any] = getattr(self.port, name)
        return self._fatal(genuine) if name == self.method else genuine

    @staticmethod
    def _fatal(genuine: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            genuine(*arguments)
            raise CrashError

        return call


def test_an_accepted_request_ends_issued_filed_and_mailed(world: World) -> None:
    request = world.asked()

    assert world.run(request) == [Step.ISSUED, Step.MAILED]

    assert world.certificate(request).state is ISSUED
    assert world.file_of(request)
    assert [mail.to for mail in world.outbox.mails] == [EMAIL]
    assert world.request(request) == a_request(
        id=request.id,
        code=request.code,
        state=ISSUED,
        mail=MailState.SENT,
        token=None,
        email=None,
        phone=None,
    )


def test_the_file_carries_the_address_that_opens_the_whole_content(world: World) -> None:
    request = world.asked()
    world.run(request)

    assert f"{BASE_URL}/validate/{request.code}?t={TOKEN}".encode() in world.file_of(request)


def test_a_second_delivery_finds_nothing_to_do(world: World) -> None:
    request = world.asked()
    world.run(request)
    issued = world.certificate(request)

    assert world.run(request) == []
    assert world.certificate(request) == issued
    assert len(world.files.files) == len(world.outbox.mails) == 1


def test_two_deliveries_at_once_make_one_certificate_of_one_digest(world: World) -> None:
    request = world.asked()
    slow = world.pipeline(draw=lambda *arguments: (world.run(request), draw(*arguments))[1])

    assert next(iter(slow.run(request.id))) is Step.ISSUED

    assert world.certificate(request).state is ISSUED
    assert list(world.files.files) == [(request.code, world.certificate(request).sha256)]


@pytest.mark.parametrize(
    ("port", "method", "mails"),
    [
        ("files", "put", 1),
        ("store", "issue", 1),
        # Nobody knows whether the first mail left, so it is sent again.
        ("mailer", "send", 2),
        ("store", "record_mail", 1),
    ],
)
def test_a_crash_after_any_step_is_mended_by_the_next_run(
    world: World, port: str, method: str, mails: int
) -> None:
    request = world.asked()
    genuine = {"files": world.files, "store": world.store, "mailer": world.outbox}[port]

    with pytest.raises(CrashError):
        world.run(request, **{port: DyingAfter(genuine, method)})
    world.run(request)

    assert world.certificate(request).state is ISSUED
    assert world.file_of(request)
    assert len(world.files.files) == 1
    assert len(world.outbox.mails) == mails
    assert world.request(request).mail is MailState.SENT
    assert world.request(request).email is None


def test_a_drawing_changed_by_a_deploy_between_two_runs_does_no_harm(world: World) -> None:
    request = world.asked()
    with pytest.raises(CrashError):
        world.run(request, files=DyingAfter(world.files, "put"))

    world.run(request, draw=lambda *arguments: draw(*arguments) + b" second layout")

    assert world.file_of(request).endswith(b"second layout")


def test_a_newer_certificate_supersedes_the_earlier_one(world: World) -> None:
    first, second = world.asked(), world.asked(issued_at=NOW + timedelta(hours=1))
    world.run(first)
    world.run(second)

    assert world.certificate(first).state is SUPERSEDED
    assert world.certificate(first).superseded_by == second.code
    assert world.certificate(second).state is ISSUED


def test_an_earlier_certificate_drawn_late_is_superseded_and_its_mail_says_so(world: World) -> None:
    first, second = world.asked(), world.asked(issued_at=NOW + timedelta(hours=1))
    world.run(second)

    assert world.run(first) == [Step.ISSUED, Step.MAILED]

    assert world.certificate(first).state is SUPERSEDED
    assert world.certificate(second).state is ISSUED
    assert "ya no es válida" in world.outbox.mails[-1].subject
    assert world.request(first).email is None


def test_a_request_that_nobody_knows_is_dropped(world: World) -> None:
    assert list(world.pipeline().run(RequestId("00" * 16))) == [Step.DROPPED]


def test_an_expired_request_is_dropped_and_nothing_is_issued(world: World) -> None:
    request = world.asked()
    world.clock.advance(timedelta(days=7))

    assert world.run(request) == [Step.DROPPED]
    assert not world.files.files
    assert not world.outbox.mails


def test_a_request_in_its_last_moment_leaves_no_file_behind(world: World) -> None:
    request = world.asked()
    world.clock.advance(timedelta(days=7) - LAST_MOMENT + timedelta(seconds=1))

    assert world.run(request) == [Step.DROPPED]
    assert not world.files.files


def test_a_request_is_served_until_its_last_moment(world: World) -> None:
    request = world.asked()
    world.clock.advance(timedelta(days=7) - LAST_MOMENT)

    assert world.run(request) == [Step.ISSUED, Step.MAILED]


def test_what_was_held_is_issued_like_any_other(world: World) -> None:
    request = world.asked()
    world.store.hold(request.id, FailureReason.OVERSIZE, NOW + timedelta(days=14))

    assert world.run(request) == [Step.ISSUED, Step.MAILED]

    assert world.request(request).held_for is None


def test_an_address_that_is_refused_shows_and_the_contact_data_is_erased(world: World) -> None:
    request = world.asked()
    world.outbox.refused.add(EMAIL)

    assert world.run(request) == [Step.ISSUED, Step.MAIL_REFUSED]

    stored = world.request(request)
    assert (stored.mail, stored.email, stored.phone) == (MailState.REJECTED, None, None)
    assert world.certificate(request).state is ISSUED


def test_without_an_address_it_is_filed_for_good_and_nobody_is_mailed(world: World) -> None:
    request = world.asked()
    world.store.requests[request.id] = replace(request, email=None, phone=None)

    assert world.run(request) == [Step.ISSUED]

    stored, certificate = world.request(request), world.certificate(request)
    assert (certificate.state, stored.mail, world.outbox.mails) == (ISSUED, MailState.NONE, [])
    assert world.files.kept == {(certificate.code, certificate.sha256)}
    assert waiting(world.store, NOW + timedelta(days=1)) == []


class PausedMailer:
    """SES is not to be had."""

    def send(self, mail: Mail) -> MailOutcome:
        raise MailNotSentError("TooManyRequestsException")


def test_a_mail_that_could_not_be_sent_is_sent_by_the_next_run(world: World) -> None:
    request = world.asked()
    with pytest.raises(MailNotSentError):
        world.run(request, mailer=PausedMailer())

    assert world.certificate(request).state is ISSUED
    assert (world.request(request).mail, world.request(request).email) == (MailState.PENDING, EMAIL)
    assert world.run(request) == [Step.MAILED]
    assert [mail.to for mail in world.outbox.mails] == [EMAIL]


def test_a_drawing_that_fails_leaves_all_as_it_was(world: World) -> None:
    def broken(*_: object) -> bytes:
        raise CrashError

    request = world.asked()
    with pytest.raises(CrashError):
        world.run(request, draw=broken)

    assert world.certificate(request).state is CertificateState.PENDING
    assert world.request(request) == request
    assert not world.files.files


def test_no_qr_is_printed_without_its_token(world: World) -> None:
    world.store.certificates[a_request().code] = a_certificate(CertificateState.PENDING)
    world.store.requests[a_request().id] = a_request(token=None)

    with pytest.raises(StoreConflictError):
        world.run(a_request())

    assert not world.files.files

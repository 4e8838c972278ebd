"""Which failures come again, which are given up, and what is told of them."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError, EndpointConnectionError

from constancia.adapters.mail import MailNotSentError
from constancia.domain.certificate import CertificateRequest
from constancia.domain.failures import FailureReason
from constancia.domain.ports import StoreConflictError
from render.document import OversizeError, UnprintableTextError
from render.failures import Delivery, GivenUp, LastResort, UnreadableMessageError, facts_of
from render.seal import SealError, SealFault
from tests.builders import EMAIL, NOW
from tests.fakes import InMemoryDeadLetters
from tests.unit.render.world import World

LAST = 5


def raised_from(cause: Exception) -> Exception:
    """As Powertools raises an error of its own when a parameter can't be read."""
    try:
        try:
            raise cause
        except ClientError:
            raise GetParameterError(EMAIL)  # noqa: B904 - as Powertools does
    except GetParameterError as error:
        return error


OWN = [
    (UnprintableTextError("\u6f22"), FailureReason.UNPRINTABLE_TEXT),
    (OversizeError(EMAIL), FailureReason.OVERSIZE),
    (UnreadableMessageError(EMAIL), FailureReason.UNREADABLE_MESSAGE),
    *(
        (SealError(fault, "what is wrong"), FailureReason.SEAL_INVALID)
        for fault in SealFault
        if fault not in {SealFault.TIME_STAMP, SealFault.CHAIN_MISSING, SealFault.CHAIN_UNREADABLE}
    ),
]
PASSING = [
    (
        ClientError({"Error": {"Code": "KMSInternalException", "Message": EMAIL}}, "Sign"),
        "KMSInternalException",
    ),
    (
        raised_from(ClientError({"Error": {"Code": "InternalServerError"}}, "Get")),
        "InternalServerError",
    ),
    (EndpointConnectionError(endpoint_url=EMAIL), "EndpointConnectionError"),
    (MailNotSentError("TooManyRequestsException"), "TooManyRequestsException"),
    (StoreConflictError("others kept issuing"), "others kept issuing"),
    (SealError(SealFault.TIME_STAMP, "no answer"), "TIME_STAMP: no answer"),
    (SealError(SealFault.CHAIN_UNREADABLE, "empty"), "CHAIN_UNREADABLE: empty"),
    (SealError(SealFault.CHAIN_MISSING, "none"), "CHAIN_MISSING: none"),
]


@dataclass
class Desk:
    """A last resort over fakes."""

    world: World = field(default_factory=World)
    letters: InMemoryDeadLetters = field(default_factory=InMemoryDeadLetters)

    def take(self, request: CertificateRequest | None, error: Exception, receives: int = 1) -> GivenUp | None:
        resort = LastResort(self.world.store, self.letters, self.world.clock, LAST, timedelta(days=14))
        body = json.dumps({"request_id": request.id}) if request else "?"
        return resort.take(Delivery(body, request.id if request else None, receives), raised(error))


def raised(error: Exception) -> Exception:
    """The error with a traceback, as it is caught."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(("error", "reason"), OWN, ids=str)
def test_what_no_try_mends_is_given_up_at_once(desk: Desk, error: Exception, reason: FailureReason) -> None:
    request = desk.world.asked()

    given_up = desk.take(request, error)

    assert given_up is not None
    assert (given_up.failure.reason, given_up.held) == (reason, True)
    assert desk.letters.letters == [(json.dumps({"request_id": request.id}), given_up.failure)]
    stored = desk.world.request(request)
    assert (stored.held_for, stored.expires_at) == (reason, NOW + timedelta(days=14))


@pytest.mark.parametrize(("error", "_"), PASSING, ids=str)
def test_trouble_that_may_pass_comes_again(desk: Desk, error: Exception, _: str) -> None:
    request = desk.world.asked()

    assert [desk.take(request, error, receives) for receives in range(1, LAST)] == [None] * 4

    assert desk.letters.letters == []
    assert desk.world.request(request) == request


@pytest.mark.parametrize(("error", "code"), PASSING, ids=str)
def test_trouble_that_lasts_is_given_up_with_its_code_and_holds_nothing(
    desk: Desk, error: Exception, code: str
) -> None:
    request = desk.world.asked()

    given_up = desk.take(request, error, LAST)

    assert given_up is not None
    assert (given_up.failure.reason, given_up.held) == (FailureReason.PLATFORM, False)
    assert code in given_up.failure.detail
    assert desk.world.request(request) == request


def test_a_fault_of_our_code_is_given_up_when_it_lasts(desk: Desk) -> None:
    request = desk.world.asked()

    assert desk.take(request, KeyError(EMAIL), LAST - 1) is None
    given_up = desk.take(request, KeyError(EMAIL), LAST)

    assert given_up is not None
    assert (given_up.failure.reason, given_up.held) == (FailureReason.UNEXPECTED, True)
    assert given_up.failure.detail.startswith("KeyError at test_failures.py:")


def test_a_failure_after_the_issue_holds_nothing(desk: Desk) -> None:
    request = desk.world.asked()
    desk.world.run(request)

    given_up = desk.take(request, KeyError("the mail"), LAST)

    assert given_up is not None
    assert not given_up.held
    assert desk.world.request(request).held_for is None


def test_a_message_without_a_request_is_given_up_all_the_same(desk: Desk) -> None:
    given_up = desk.take(None, UnreadableMessageError())

    assert given_up is not None
    assert not given_up.held
    assert [body for body, _ in desk.letters.letters] == ["?"]


@pytest.mark.parametrize("error", [error for error, _ in [*OWN, *PASSING]] + [KeyError(EMAIL)])
def test_no_detail_quotes_what_an_error_says(desk: Desk, error: Exception) -> None:
    given_up = desk.take(desk.world.asked(), error, LAST)

    assert given_up is not None
    assert EMAIL not in given_up.failure.detail
    assert "\u6f22" not in given_up.failure.detail
    assert EMAIL not in str(facts_of(error))


def test_a_character_is_named_by_its_code_point(desk: Desk) -> None:
    given_up: Any = desk.take(desk.world.asked(), UnprintableTextError("\u6f22"))

    assert given_up.failure.detail.startswith(
        "U+6F22 is not in the embedded faces: extend scripts/make-fonts"
    )

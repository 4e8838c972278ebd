"""Which answers of SES end in a refusal of the address, and which in another try."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from constancia.adapters.mail import MailNotSentError, SesMailer
from constancia.domain.ports import Mail, MailOutcome
from tests.builders import EMAIL

MAIL = Mail(EMAIL, "asunto", "texto", "<p>texto</p>")


class Ses:
    """SES's client, answering with one error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def send_email(self, **_: object) -> None:
        raise self._error


def mailer(error: Exception) -> SesMailer:
    client: Any = Ses(error)
    return SesMailer(client, "no-responder@constancia.example", "set")


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"what is wrong with <{EMAIL}>"}}, "SendEmail")


def test_an_address_that_ses_can_not_parse_is_refused_for_good() -> None:
    assert mailer(refusal("BadRequestException")).send(MAIL) is MailOutcome.REJECTED


OURS_TO_MEND = [
    "TooManyRequestsException",
    "LimitExceededException",
    "AccountSuspendedException",
    "SendingPausedException",
    "MessageRejected",
    "MailFromDomainNotVerifiedException",
    "NotFoundException",
    "AccessDeniedException",
    "InternalServiceErrorException",
]


@pytest.mark.parametrize("code", OURS_TO_MEND)
def test_all_else_is_tried_again_and_named_without_the_address(code: str) -> None:
    with pytest.raises(MailNotSentError) as caught:
        mailer(refusal(code)).send(MAIL)

    assert str(caught.value) == code
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "error",
    [EndpointConnectionError(endpoint_url="https://ses"), ReadTimeoutError(endpoint_url="https://ses")],
)
def test_a_lost_connection_is_tried_again(error: Exception) -> None:
    with pytest.raises(MailNotSentError, match=type(error).__name__):
        mailer(error).send(MAIL)

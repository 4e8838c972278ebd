"""Mails over SES."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from constancia.domain.ports import Mail, MailOutcome

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import EmailContentTypeDef

# SES answers these to an address that it can't parse; the second is the name in the first version of its API,
# which moto still gives, and with it the local platform. Nothing else is the person's fault: a paused
# account, an unverified sender, throttling or a lost connection is ours to mend, and the mail goes out
# afterwards.
_ADDRESS_REFUSED = frozenset({"BadRequestException", "InvalidParameterValue"})


class MailNotSentError(Exception):
    """SES did not take the mail, and may take it later. Names SES's reason, never the address."""


class SesMailer:
    """Port `Mailer` over SES v2, from one sender, under one configuration set."""

    def __init__(self, client: "SESV2Client", sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mail: Mail) -> MailOutcome:
        """Hand a mail over, as text and as HTML.

        Raises:
            MailNotSentError: not taken, for a reason that another try may find gone.
        """
        try:
            self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [mail.to]},
                Content=_content(mail),
                ConfigurationSetName=self._configuration_set,
            )
        except ClientError as error:
            reason = error.response["Error"]["Code"]
            if reason in _ADDRESS_REFUSED:
                return MailOutcome.REJECTED
            # SES's own message may quote the address, so it goes no further.
            raise MailNotSentError(reason) from None
        except BotoCoreError as error:
            raise MailNotSentError(type(error).__name__) from None
        return MailOutcome.ACCEPTED


def _content(mail: Mail) -> "EmailContentTypeDef":
    return {
        "Simple": {
            "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
            "Body": {
                "Text": {"Data": mail.text, "Charset": "UTF-8"},
                "Html": {"Data": mail.html, "Charset": "UTF-8"},
            },
            # RFC 3834: out-of-office replies are not wanted.
            "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
        }
    }

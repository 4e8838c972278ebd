"""The adapters over S3, SQS, SES and Secrets Manager, against moto made from template.yaml."""

import base64
import hashlib
import json
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aws_lambda_powertools.utilities.parameters import GetParameterError
from aws_lambda_powertools.utilities.parameters import base as parameters
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from constancia.adapters.files import S3FileStore
from constancia.adapters.hashing import HmacPersonHasher
from constancia.adapters.mail import MailNotSentError, SesMailer
from constancia.adapters.queue import SqsRenderQueue
from constancia.adapters.seal_chain import SealChainParameter
from constancia.adapters.secrets import Secret
from constancia.adapters.signing import KmsSigner
from constancia.domain.ports import Mail, MailOutcome
from constancia.domain.seal import NO_CHAIN
from tests.builders import CODE, EMAIL, REQUEST_ID
from tests.conftest import Aws

PDF = b"%PDF-1.7 bytes"
SHA256 = hashlib.sha256(PDF).hexdigest()
MAIL = Mail(EMAIL, "Código virtual", "texto", "<p>texto</p>")


# ---------------------------------------------------------------------- seal


def test_the_sealing_key_signs_as_its_public_half_says(aws: Aws) -> None:
    sign = KmsSigner(aws.client("kms"), aws.ref("SealKey"))
    public = serialization.load_der_public_key(
        aws.client("kms").get_public_key(KeyId=aws.ref("SealKey"))["PublicKey"]
    )

    signature = sign(b"attributes")

    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(signature, b"attributes", padding.PKCS1v15(), hashes.SHA256())
    assert sign(b"attributes") == signature
    assert sign(b"other attributes") != signature


# ---------------------------------------------------------------------- files


@pytest.fixture
def files(aws: Aws) -> S3FileStore:
    return S3FileStore(aws.client("s3"), aws.ref("Bucket"))


def test_a_file_is_stored_under_code_and_digest_with_its_checksum(aws: Aws, files: S3FileStore) -> None:
    checksums: list[str] = []
    events = aws.client("s3").meta.events

    def keep(params: dict[str, Any], **_: object) -> None:
        checksums.append(params["headers"]["x-amz-checksum-sha256"])

    events.register("before-call.s3.PutObject", keep)
    files.put(CODE, SHA256, PDF)
    files.put(CODE, SHA256, PDF)
    events.unregister("before-call.s3.PutObject", keep)

    stored = aws.client("s3").get_object(Bucket=aws.ref("Bucket"), Key=f"certificates/{CODE}/{SHA256}.pdf")
    assert stored["Body"].read() == PDF
    assert stored["ContentType"] == "application/pdf"
    assert [base64.b64decode(checksum).hex() for checksum in checksums] == [SHA256, SHA256]


def test_a_link_lasts_five_minutes_and_downloads_under_the_name(files: S3FileStore) -> None:
    link = urlsplit(files.download_url(CODE, SHA256, "constancia-99S0-QR6Y-D40R.pdf"))
    query = parse_qs(link.query)

    assert link.path.endswith(f"/certificates/{CODE}/{SHA256}.pdf")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-disposition"] == ['attachment; filename="constancia-99S0-QR6Y-D40R.pdf"']
    assert query["response-content-type"] == ["application/pdf"]
    assert query["response-cache-control"] == ["private, no-store"]


def test_a_name_can_not_break_out_of_its_header(files: S3FileStore) -> None:
    query = parse_qs(urlsplit(files.download_url(CODE, SHA256, 'a"; x=ñ\r\n.pdf')).query)

    assert query["response-content-disposition"] == ['attachment; filename="a___x____.pdf"']


# ---------------------------------------------------------------------- queue


def received(aws: Aws) -> dict[str, Any]:
    answer = aws.client("sqs").receive_message(QueueUrl=aws.ref("RenderQueue"), MessageAttributeNames=["All"])
    message: dict[str, Any] = answer["Messages"][0]
    return message


def test_a_message_names_the_request_and_carries_the_correlation_beside_it(aws: Aws) -> None:
    SqsRenderQueue(aws.client("sqs"), aws.ref("RenderQueue"), lambda: "call-1").send(REQUEST_ID)

    message = received(aws)
    assert json.loads(message["Body"]) == {"request_id": REQUEST_ID}
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "call-1"


def test_a_message_goes_without_a_correlation_too(aws: Aws) -> None:
    SqsRenderQueue(aws.client("sqs"), aws.ref("RenderQueue"), lambda: None).send(REQUEST_ID)

    assert "MessageAttributes" not in received(aws)


# ---------------------------------------------------------------------- mail


def mailer(aws: Aws, sender: str | None = None) -> SesMailer:
    environment = aws.environment("RenderFunction")
    return SesMailer(
        aws.client("sesv2"), sender or environment["MAIL_FROM"], environment["MAIL_CONFIGURATION_SET"]
    )


def test_a_mail_is_handed_over_whole(aws: Aws) -> None:
    sent: list[dict[str, Any]] = []
    events = aws.client("sesv2").meta.events

    def keep(params: dict[str, Any], **_: object) -> None:
        sent.append(params)

    events.register("provide-client-params.sesv2.SendEmail", keep)
    outcome = mailer(aws).send(MAIL)
    events.unregister("provide-client-params.sesv2.SendEmail", keep)

    assert outcome is MailOutcome.ACCEPTED
    environment = aws.environment("RenderFunction")
    assert sent == [
        {
            "FromEmailAddress": environment["MAIL_FROM"],
            "Destination": {"ToAddresses": [EMAIL]},
            "Content": {
                "Simple": {
                    "Subject": {"Data": "Código virtual", "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": "texto", "Charset": "UTF-8"},
                        "Html": {"Data": "<p>texto</p>", "Charset": "UTF-8"},
                    },
                    "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
                }
            },
            "ConfigurationSetName": environment["MAIL_CONFIGURATION_SET"],
        }
    ]


def test_an_address_that_ses_can_not_parse_is_refused_for_good(aws: Aws) -> None:
    assert mailer(aws).send(Mail("no address", "a", "b", "c")) is MailOutcome.REJECTED


def test_a_sender_that_ses_does_not_know_is_ours_to_mend(aws: Aws) -> None:
    with pytest.raises(MailNotSentError, match=r"^MessageRejected$"):
        mailer(aws, "stranger@elsewhere.example").send(MAIL)


# ---------------------------------------------------------------------- secrets


def test_a_secret_is_read_once_and_feeds_the_hasher(aws: Aws) -> None:
    client, name = aws.client("secretsmanager"), aws.ref("PersonHashKey")
    calls: list[object] = []
    client.meta.events.register("before-call.secrets-manager.GetSecretValue", lambda **_: calls.append(1))
    secret = Secret(client, name)
    assert not calls

    keys = {HmacPersonHasher(secret).key("test", "x") for _ in range(3)}

    assert len(keys) == 1
    assert len(calls) == 1
    assert len(secret()) == 64
    assert secret() not in repr(secret)


def test_a_replaced_api_key_is_taken_up_after_fifteen_minutes(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        by = timedelta()

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + cls.by

    monkeypatch.setattr(parameters, "datetime", Later)
    client, name = aws.client("secretsmanager"), aws.ref("SiagieApiKey")
    api_key = Secret(client, name)
    client.put_secret_value(SecretId=name, SecretString="the first key")
    assert api_key() == "the first key"
    client.put_secret_value(SecretId=name, SecretString="the second key")

    Later.by = timedelta(minutes=14)
    assert api_key() == "the first key"
    Later.by = timedelta(minutes=15, seconds=5)
    assert api_key() == "the second key"


def test_a_missing_secret_is_an_error(aws: Aws) -> None:
    with pytest.raises(GetParameterError):
        Secret(aws.client("secretsmanager"), "absent")()


# ---------------------------------------------------------------------- the seal's chain


def test_the_chain_is_read_when_it_is_wanted_and_kept_for_a_while(aws: Aws) -> None:
    asked: list[str] = []

    def client() -> Any:
        asked.append("client")
        return aws.client("ssm")

    chain = SealChainParameter(client, aws.ref("SealChain"))
    assert not asked

    installed = chain()
    aws.client("ssm").put_parameter(Name=aws.ref("SealChain"), Value="renewed", Overwrite=True)

    assert str(installed).startswith("-----BEGIN CERTIFICATE-----")
    assert chain() == installed
    assert SealChainParameter(client, aws.ref("SealChain"))() == "renewed"


def test_until_a_chain_is_installed_there_is_none(aws: Aws) -> None:
    aws.client("ssm").put_parameter(Name=aws.ref("SealChain"), Value=NO_CHAIN, Overwrite=True)

    assert SealChainParameter(lambda: aws.client("ssm"), aws.ref("SealChain"))() is None

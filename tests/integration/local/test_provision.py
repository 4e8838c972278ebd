"""What stands in moto is what template.yaml says."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto import mock_aws

from infra.local.clients import ClientFactory
from infra.local.provision import UnmappedError, provision
from infra.local.template import Resource, Template
from infra.seal.stack import SealedStack
from render.seal.certificates import certificates_in, is_demo
from tests.conftest import Aws


def test_the_table_has_its_index_expiry_recovery_and_encryption(aws: Aws) -> None:
    dynamodb, name = aws.client("dynamodb"), aws.ref("Table")
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert name == "db_micertificado-dev"
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["pending", "certificate"]
    assert table["SSEDescription"]["Status"] == "ENABLED"
    assert table["SSEDescription"]["SSEType"] == "KMS"
    assert table["DeletionProtectionEnabled"] is True
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at")
    recovery = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_the_bucket_is_private_versioned_and_encrypted_with_the_data_key(aws: Aws) -> None:
    s3, name = aws.client("s3"), aws.ref("Bucket")
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
    (rule,) = encryption["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert aws.ref("DataKey") in rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert rule["BucketKeyEnabled"] is True


def test_the_queue_hands_hopeless_messages_to_its_dead_letters(aws: Aws) -> None:
    attributes = aws.client("sqs").get_queue_attributes(
        QueueUrl=aws.ref("RenderQueue"), AttributeNames=["All"]
    )
    redrive = json.loads(attributes["Attributes"]["RedrivePolicy"])
    assert redrive["maxReceiveCount"] == 5
    assert redrive["deadLetterTargetArn"] == aws.stack.attribute("RenderDeadLetters", "Arn")
    assert attributes["Attributes"]["VisibilityTimeout"] == "180"


def test_the_data_key_rotates(aws: Aws) -> None:
    status = aws.client("kms").get_key_rotation_status(KeyId=aws.ref("DataKey"))
    assert status["KeyRotationEnabled"] is True


def test_a_key_is_made_for_what_the_template_wants_it(template: Template, aws_clients: ClientFactory) -> None:
    wanted = {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}
    signer = Resource("Signer", "AWS::KMS::Key", {"KeyPolicy": {}, **wanted})
    with mock_aws():
        stack = provision(replace(template, resources={"Signer": signer}), aws_clients)
        made = aws_clients("kms").describe_key(KeyId=stack.ref("Signer"))["KeyMetadata"]
    assert {key: made[key] for key in wanted} == wanted


def test_the_sealing_key_has_a_demo_chain_in_its_parameter(aws: Aws) -> None:
    sealed = SealedStack.of(aws.stack, aws.client)
    key = aws.client("kms").describe_key(KeyId=sealed.key_id)["KeyMetadata"]
    chain = (sealed.chain() or "").encode()
    leaf = x509.load_pem_x509_certificate(chain)

    assert (key["KeySpec"], key["KeyUsage"]) == ("RSA_2048", "SIGN_VERIFY")
    assert sealed.chain_name == "/constancia/dev/seal-chain"
    assert _der(leaf) == sealed.public_key()
    assert all(map(is_demo, certificates_in(chain)))


def test_before_a_chain_is_installed_its_parameter_says_that_there_is_none(
    template: Template, aws_clients: ClientFactory
) -> None:
    with mock_aws():
        sealed = SealedStack.of(provision(template, aws_clients), aws_clients)

        assert sealed.chain() is None


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_secrets_are_generated_in_their_form(aws: Aws) -> None:
    secret = aws.client("secretsmanager").get_secret_value(SecretId=aws.ref("ReniecApiKey"))["SecretString"]
    assert len(secret) == 32
    assert secret.isalnum()


def test_the_sender_may_send_mail_and_nobody_else(aws: Aws) -> None:
    ses = aws.client("sesv2")

    def send(sender: str) -> Any:
        return ses.send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": ["someone@example.org"]},
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
            ConfigurationSetName=aws.ref("MailConfiguration"),
        )

    assert send("no-responder@constancia.example")["MessageId"]
    with pytest.raises(ses.exceptions.MessageRejected):
        send("someone-else@example.org")


def test_log_groups_forget(aws: Aws) -> None:
    groups = aws.client("logs").describe_log_groups()["logGroups"]
    assert {group["retentionInDays"] for group in groups} == {90}
    assert "/constancia/dev/request" in {group["logGroupName"] for group in groups}
    assert {group["kmsKeyId"] for group in groups} == {aws.stack.attribute("DataKey", "Arn")}


def test_each_function_gets_its_environment(aws: Aws) -> None:
    environment = aws.environment("RequestFunction")
    assert environment["TABLE_NAME"] == aws.ref("Table")
    assert environment["QUEUE_URL"] == aws.ref("RenderQueue")
    assert environment["MINIMUM_OWN_AGE"] == "16"
    assert environment["AWS_REGION"] == "us-east-1"


@pytest.mark.parametrize(
    ("kind", "properties", "named"),
    [
        ("AWS::SQS::Queue", {"FifoThroughputLimit": "perQueue"}, "FifoThroughputLimit"),
        ("AWS::Kinesis::Stream", {}, "AWS::Kinesis::Stream"),
        ("AWS::KMS::Key", {"KeyPolicy": {}, "Origin": "EXTERNAL"}, "Origin"),
    ],
)
def test_what_is_not_mapped_is_refused_by_name(
    template: Template, aws_clients: ClientFactory, kind: str, properties: dict[str, Any], named: str
) -> None:
    odd = replace(template, resources={"Odd": Resource("Odd", kind, properties)})
    with mock_aws(), pytest.raises(UnmappedError, match=named):
        provision(odd, aws_clients)

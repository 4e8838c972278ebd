"""Every call that each part of a certificate's way makes outside, in order.

Held by `test_crash.py`: whoever adds a call adds it here, and with it to every matrix.
"""

from typing import Final

ASKING: Final = (
    "secrets-manager.GetSecretValue PersonHashKey",
    "dynamodb.GetItem IDEM",
    "dynamodb.UpdateItem ATTEMPTS",
    "dynamodb.UpdateItem ATTEMPTS (2)",
    "dynamodb.UpdateItem ATTEMPTS (3)",
    "secrets-manager.GetSecretValue ReniecApiKey",
    "secrets-manager.GetSecretValue SiagieApiKey",
    "dynamodb.GetItem breaker#reniec",
    "dynamodb.GetItem breaker#siagie",
    "registry.POST /reniec/personas/consulta",
    "registry.POST /reniec/personas/consulta (2)",
    "registry.POST /reniec/parentescos/consulta",
    "registry.POST /siagie/trayectorias/consulta",
    "dynamodb.UpdateItem ATTEMPTS (4)",
    "dynamodb.UpdateItem ATTEMPTS (5)",
    "dynamodb.UpdateItem ATTEMPTS (6)",
    "dynamodb.UpdateItem TODAY",
    "dynamodb.UpdateItem TODAY (2)",
    "dynamodb.UpdateItem TODAY (3)",
    "dynamodb.UpdateItem NUMBER",
    "dynamodb.TransactWriteItems CERT+REQ+SAME+AUDIT+IDEM",
    "sqs.SendMessage queue",
)
AT_ONCE: Final = frozenset(
    call for call in ASKING if "breaker#" in call or "ApiKey" in call or "registry." in call
)
"""Made by threads, in any order; those that ask at the same time read a breaker or a key each."""
RENDERING: Final = (
    "dynamodb.GetItem REQ",
    "dynamodb.GetItem CERT",
    "ssm.GetParameter",
    "kms.Sign",
    "s3.PutObject",
    "dynamodb.GetItem CERT (2)",
    "dynamodb.GetItem REQ (2)",
    "dynamodb.GetItem HOLDER",
    "dynamodb.TransactWriteItems CERT+REQ+SHA256+HOLDER+AUDIT",
    "s3.DeleteObjectTagging",
    "sesv2.SendEmail",
    "dynamodb.UpdateItem REQ",
)
LOOKING: Final = (
    "dynamodb.GetItem REQ",
    "dynamodb.GetItem CERT",
    "dynamodb.UpdateItem REQ",
    "sqs.SendMessage queue",
)
SWEEPING: Final = ("dynamodb.Query index pending", "sqs.SendMessage queue")

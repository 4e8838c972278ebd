"""The key that seals. It never leaves KMS."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsSigner:
    """An RSA key of KMS that is called to sign: RSASSA-PKCS1-v1_5 with SHA-256, the same for the same bytes.

    KMS hashes what it gets (`RAW`), which may have 4096 bytes; what a seal signs has a few hundred.
    """

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def __call__(self, message: bytes) -> bytes:
        """The signature over a message."""
        return self._client.sign(
            KeyId=self._key_id,
            Message=message,
            MessageType="RAW",
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
        )["Signature"]

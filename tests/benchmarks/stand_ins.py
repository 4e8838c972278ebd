"""What stands for the database and for KMS: records, and a local key."""

from collections.abc import Callable, Iterator
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from constancia.domain.certificate import Certificate
from tests.benchmarks import reference


def certificates(people: int) -> Iterator[tuple[Certificate, str]]:
    """The reference certificates of so many people, each with the address of its QR."""
    for number in range(people):
        certificate = reference.certificate(number)
        yield certificate, reference.address(certificate, number)


def signing_with(pem: str) -> Callable[[bytes], bytes]:
    """RSASSA-PKCS1-v1_5 with SHA-256 by a local key."""
    key: Any = serialization.load_pem_private_key(pem.encode(), None)
    return lambda message: bytes(key.sign(message, padding.PKCS1v15(), hashes.SHA256()))

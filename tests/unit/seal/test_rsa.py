"""RSA signatures are checked by making their whole encoding anew."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from render.seal.rsa import RsaKey
from tests.sealing import seal_key, signing_with

MESSAGE = b"signed attributes"
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def public_half(key: rsa.RSAPrivateKey) -> RsaKey:
    numbers = key.public_key().public_numbers()
    return RsaKey(numbers.n, numbers.e)


@pytest.fixture
def key() -> RsaKey:
    return public_half(seal_key())


def test_a_signature_verifies_with_its_key_and_message_alone(key: RsaKey) -> None:
    signature = signing_with(seal_key())(MESSAGE)

    assert key.verifies(signature, MESSAGE)
    assert not key.verifies(signature, MESSAGE + b" ")
    assert not key.verifies(signature, MESSAGE, "sha512")
    assert not public_half(seal_key(3072)).verifies(signature, MESSAGE)


@pytest.mark.parametrize(
    ("name", "algorithm"), [("sha384", hashes.SHA384()), ("sha512", hashes.SHA512())], ids=["384", "512"]
)
def test_authorities_may_sign_with_longer_hashes(
    key: RsaKey, name: str, algorithm: hashes.SHA384 | hashes.SHA512
) -> None:
    signature = seal_key().sign(MESSAGE, padding.PKCS1v15(), algorithm)

    assert key.verifies(signature, MESSAGE, name)


def test_a_signature_has_one_form(key: RsaKey) -> None:
    signature = signing_with(seal_key())(MESSAGE)

    assert not key.verifies(b"\0" + signature, MESSAGE)
    assert not key.verifies(signature[:-1], MESSAGE)
    assert not key.verifies(b"", MESSAGE)


def test_a_forgery_that_leaves_the_padding_short_is_seen() -> None:
    """Bleichenbacher's, of 2006: with exponent 3, anyone makes a cube that starts like an encoding."""
    key = public_half(rsa.generate_private_key(public_exponent=3, key_size=2048))
    start = b"\x00\x01" + b"\xff" * 8 + b"\x00" + SHA256 + hashlib.sha256(MESSAGE).digest()
    forged = cube_root(int.from_bytes(start.ljust(key.size, b"\xff")))
    assert pow(forged, 3).to_bytes(key.size).startswith(start)

    assert not key.verifies(forged.to_bytes(key.size), MESSAGE)


def cube_root(number: int) -> int:
    """The largest whole number whose cube is not greater."""
    low, high = 0, 1 << (number.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= number else (low, middle - 1)
    return low

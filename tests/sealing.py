"""A local seal for tests that want a whole, sealed file: a key and a demo chain, made once a process."""

from collections.abc import Callable
from functools import cache
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from constancia.domain.certificate import Certificate
from constancia.domain.links import verification_url
from infra.seal.demo_ca import DemoRoot
from render.document import SealAppearance, draw
from render.seal import SealChain, Sealer
from tests.builders import NOW, TOKEN

BASE_URL: Final = "https://constancia.example"

APPEARANCE: Final = SealAppearance("Sello de DEMOSTRACIÓN, sin valor oficial", demo=True, reserved=3000)
"""For tests of the drawing alone, which need no key."""


@cache
def demo_root() -> DemoRoot:
    """The root that the tests trust."""
    return DemoRoot.create(NOW)


def seal_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """The sealing key of a size."""
    return _key(bits)


@cache
def _key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def signing_with(key: rsa.RSAPrivateKey) -> Callable[[bytes], bytes]:
    """What KMS does: RSASSA-PKCS1-v1_5 with SHA-256."""
    return lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def public_der(key: rsa.RSAPrivateKey) -> bytes:
    """The public key as KMS gives it."""
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def chain_pem(bits: int = 2048) -> str:
    """The demo chain of the sealing key: leaf and root."""
    return _chain_pem(bits)


@cache
def _chain_pem(bits: int) -> str:
    return demo_root().issue(public_der(_key(bits)), NOW)


def a_sealer(bits: int = 2048) -> Sealer:
    """Seals with the local key."""
    return _sealer(bits)


@cache
def _sealer(bits: int) -> Sealer:
    return Sealer(SealChain.parse(_chain_pem(bits)), signing_with(_key(bits)))


def sealed(certificate: Certificate, base_url: str = BASE_URL) -> bytes:
    """The certificate's file, as it is handed out. `TOKEN` is in its QR."""
    url = verification_url(base_url, certificate.code, TOKEN)
    sealer = a_sealer()
    return sealer.seal(draw(certificate, url, sealer.appearance))

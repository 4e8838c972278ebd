"""The same content, key and chain give the same sealed bytes, wherever and whenever they are made."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from constancia.domain.links import verification_url
from render.seal import SealChain
from render.sealing import SealedDrawing
from tests.builders import TOKEN
from tests.school_records import CERTIFICATES
from tests.sealing import BASE_URL, chain_pem, seal_key, signing_with


def digest_of_all(chain: str, key: rsa.RSAPrivateKey) -> str:
    """One digest of the sealed bytes of all certificates."""
    drawing = SealedDrawing(lambda: chain, signing_with(key), None, demo=SealChain.parse(chain).demo)
    every = hashlib.sha256()
    for certificate in CERTIFICATES.values():
        every.update(drawing(certificate, verification_url(BASE_URL, certificate.code, TOKEN)))
    return every.hexdigest()


def main() -> None:
    """Read a key and a chain from standard input, print the digest."""
    text = sys.stdin.read()
    key = serialization.load_pem_private_key(text.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    print(digest_of_all(text[text.index("-----BEGIN CERTIFICATE") :], key))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "zone", "locale"),
    [("1", "Pacific/Kiritimati", "C"), ("4242", "America/Lima", "C.UTF-8"), ("random", "UTC", "es_PE.UTF-8")],
)
def test_sealed_bytes_are_the_same_in_every_process(seed: str, zone: str, locale: str) -> None:
    key = seal_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import main; main()"],
        input=key.decode() + chain_pem(),
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert fresh.stdout.strip() == digest_of_all(chain_pem(), seal_key())

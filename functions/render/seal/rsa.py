"""Checking RSASSA-PKCS1-v1_5 signatures (RFC 8017, 8.2.2). No secret passes through here."""

import hashlib
from dataclasses import dataclass
from typing import Final

_DIGEST_INFO: Final = {
    # How the encoding names each hash (RFC 8017, 9.2, note 1).
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
HASHES: Final = frozenset(_DIGEST_INFO)


@dataclass(frozen=True, slots=True)
class RsaKey:
    """A public key."""

    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        """Bytes of the modulus, and so of every signature."""
        return (self.modulus.bit_length() + 7) // 8

    def verifies(self, signature: bytes, message: bytes, hash_name: str = "sha256") -> bool:
        """Tell whether a signature is of this key and message.

        The whole encoding is made anew and compared. Who takes the padding apart instead can be made to
        accept forgeries.
        """
        if len(signature) != self.size or int.from_bytes(signature) >= self.modulus:
            return False
        info = _DIGEST_INFO[hash_name] + hashlib.new(hash_name, message).digest()
        padding = b"\xff" * (self.size - len(info) - 3)
        encoded = pow(int.from_bytes(signature), self.exponent, self.modulus)
        return encoded.to_bytes(self.size) == b"\x00\x01" + padding + b"\x00" + info

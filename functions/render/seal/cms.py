"""The CMS structure of a seal (RFC 5652, in the profile of ETSI EN 319 142-1, 6.3), built directly.

But for a time stamp, the structures of one chain differ in digest and signature alone, which are always as
long. So their size is known before there is anything to sign, and they are encoded once.
"""

import hashlib
from typing import Any, Final

from asn1crypto import cms, tsp, x509

from render.seal.chain import SealChain

TOKEN_ROOM: Final = 12 * 1024
"""Bytes kept for a time stamp. Tokens with the authority's certificates take 2 to 8 kB."""


class SealForm:
    """The structure of a chain's seals, with blanks for digest and signature."""

    def __init__(self, chain: SealChain) -> None:
        self.chain = chain
        # Stand-ins that occur nowhere else; of SHA-256's and of the key's length.
        digest, signature = b"\xd1" * 32, b"\x51" * chain.key.size
        attributes = _signed_attributes(chain, digest)
        self._attributes = attributes.split(digest)
        self._structure = [
            part.split(digest) for part in _signed_data(chain, attributes, signature).split(signature)
        ]
        self.size = len(self.filled(digest, signature))
        """Bytes of a structure without a time stamp."""

    def attributes(self, digest: bytes) -> bytes:
        """What the sealing key signs, given the SHA-256 of what the seal covers."""
        return digest.join(self._attributes)

    def filled(self, digest: bytes, signature: bytes, token: bytes | None = None) -> bytes:
        """The structure, DER-encoded, with the whole chain and, at level B-T, a time stamp token."""
        if token is not None:
            return _signed_data(self.chain, self.attributes(digest), signature, token)
        return signature.join(digest.join(part) for part in self._structure)


def _signed_attributes(chain: SealChain, digest: bytes) -> bytes:
    """Kind and digest of the content, and which certificate is meant (RFC 5035).

    There is no signing time among them: PAdES has it in the signature dictionary.
    """
    leaf = chain.leaf
    identity = {
        "cert_hash": hashlib.sha256(leaf.dump()).digest(),
        "issuer_serial": {
            "issuer": [x509.GeneralName("directory_name", leaf.issuer)],
            "serial_number": leaf.serial_number,
        },
    }
    meant = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(identity)]})
    return bytes(
        cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["data"]},
                {"type": "message_digest", "values": [digest]},
                {"type": "signing_certificate_v2", "values": [meant]},
            ]
        ).dump()
    )


def _signed_data(chain: SealChain, attributes: bytes, signature: bytes, token: bytes | None = None) -> bytes:
    leaf = chain.leaf
    signer: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number", {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": cms.CMSAttributes.load(attributes),
        "signature_algorithm": {"algorithm": "sha256_rsa"},
        "signature": signature,
    }
    if token is not None:
        stamp = {"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}
        signer["unsigned_attrs"] = [stamp]
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": list(chain.certificates),
        "signer_infos": [signer],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump())

"""The CMS structure of a seal (RFC 5652, in the profile of ETSI EN 319 142-1, 6.3), built directly.

It is a function of chain, digest, signature and time stamp, and without a time stamp its size is known
before there is a signature: RSA signatures are as long as the key.
"""

import hashlib
from typing import Any, Final

from asn1crypto import cms, tsp, x509  # type: ignore[import-untyped]

from render.seal.chain import SealChain

TOKEN_ROOM: Final = 12 * 1024
"""Bytes kept for a time stamp. Tokens with the authority's certificates take 2 to 8 kB."""


def signed_attributes(chain: SealChain, digest: bytes) -> bytes:
    """What the sealing key signs: kind and digest of the content, and which certificate is meant (RFC 5035).

    `digest` is the SHA-256 of what the signature covers. There is no signing time: PAdES has it in `/M`.
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


def signed_data(chain: SealChain, attributes: bytes, signature: bytes, token: bytes | None = None) -> bytes:
    """The structure, DER-encoded, with the whole chain and, at level B-T, a time stamp token."""
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


def size_of(chain: SealChain) -> int:
    """How many bytes the structure takes without a time stamp."""
    return len(signed_data(chain, signed_attributes(chain, bytes(32)), bytes(chain.key.size)))

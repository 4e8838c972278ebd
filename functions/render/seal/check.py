"""Reading a finished file anew: it holds one seal, of the chain, over all of it.

This is about files as `render` writes them, byte for byte: what another program made of one, even by adding
something that a reader of PDF would accept, does not pass.
"""

import hashlib
import re
from typing import Any, Final, NoReturn

from asn1crypto import cms as asn1  # type: ignore[import-untyped]

from render.seal import cms
from render.seal.chain import SealChain
from render.seal.errors import SealError, SealFault
from render.seal.timestamp import require_stamp_of

_SIGNATURE: Final = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\] */Contents (<[0-9a-f]+>)")


def check(data: bytes, chain: SealChain, *, time_stamped: bool = False) -> None:
    """See to it that a file is sealed by a chain, whole and untouched.

    Raises:
        SealError: FILE_NOT_COVERED, FILE_ALTERED, KEY_MISMATCH or TIME_STAMP.
    """
    before, contents, after = _parts(data)
    attributes = cms.signed_attributes(chain, hashlib.sha256(before + after).digest())
    signer = _signer(contents)
    signature = signer["signature"].native
    if signer["signed_attrs"].untag().dump() != attributes:
        _refuse(SealFault.FILE_ALTERED, "what was signed is not this file")
    if not chain.key.verifies(signature, attributes):
        _refuse(SealFault.KEY_MISMATCH, "the signature does not verify with the sealing certificate")
    token = _token(signer) if time_stamped else None
    if token is not None:
        require_stamp_of(token, signature)
    # All the rest: certificates, algorithms, and nothing beside them but the zeros of unused room.
    expected = cms.signed_data(chain, attributes, signature, token)
    if contents != expected.ljust(len(contents), b"\0"):
        _refuse(SealFault.FILE_ALTERED, "the signature's structure is not the one that was made")


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the value of `/Contents`, that value, and what stands after it."""
    if data.count(b"/ByteRange") != 1 or not (found := _SIGNATURE.search(data)):
        _refuse(SealFault.FILE_NOT_COVERED, "the file has not exactly one signature of ours")
    start, end = found.span(4)
    if tuple(map(int, found.groups()[:3])) != (start, end, len(data) - end):
        _refuse(SealFault.FILE_NOT_COVERED, "the signature does not cover the whole file")
    try:
        return data[:start], bytes.fromhex(found[4][1:-1].decode()), data[end:]
    except ValueError as error:
        raise SealError(SealFault.FILE_ALTERED, "the signature is not in hexadecimal digits") from error


def _signer(contents: bytes) -> Any:
    try:
        (signer,) = asn1.ContentInfo.load(contents)["content"]["signer_infos"]
        signer.native  # noqa: B018 - parsed lazily; what is broken inside shows here
    except (ValueError, TypeError, KeyError) as error:
        raise SealError(SealFault.FILE_ALTERED, "the signature's structure can't be read") from error
    return signer


def _token(signer: Any) -> bytes:
    try:
        (attribute,) = signer["unsigned_attrs"]
        (token,) = attribute["values"]
    except (ValueError, TypeError) as error:
        raise SealError(SealFault.TIME_STAMP, "the signature has no time stamp") from error
    return bytes(token.dump())


def _refuse(reason: SealFault, detail: str) -> NoReturn:
    raise SealError(reason, detail)

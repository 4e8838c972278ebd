"""Reading a finished file anew: it holds one seal, of the chain, over all of it.

This is about files as `render` writes them, byte for byte: what another program made of one, even by adding
something that a reader of PDF would accept, does not pass.
"""

import hashlib
import re
from typing import Any, Final, NoReturn

from asn1crypto import cms

from render.seal.cms import SealForm
from render.seal.errors import UNREADABLE, SealError, SealFault
from render.seal.stamp import require_stamp_of

_SIGNATURE: Final = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\] */Contents (<[0-9a-f]+>)")
_END: Final = b"%%EOF\n"


def check(data: bytes, form: SealForm, *, time_stamped: bool = False) -> None:
    """See to it that a file is sealed by the form's chain, whole and untouched.

    Raises:
        SealError: FILE_NOT_COVERED, FILE_ALTERED, KEY_MISMATCH or TIME_STAMP.
    """
    before, contents, after = _parts(data)
    signer = _signer(contents)
    signature = signer["signature"].native
    token = _token(signer) if time_stamped else None
    digest = hashlib.sha256(before + after).digest()
    # What a seal of this file, signature and stamp has to be, whole; unused room is zeros.
    if contents != form.filled(digest, signature, token).ljust(len(contents), b"\0"):
        _refuse(SealFault.FILE_ALTERED, "the seal is not the one of this file")
    if not form.chain.key.verifies(signature, form.attributes(digest)):
        _refuse(
            SealFault.KEY_MISMATCH,
            "the signature does not verify with the sealing certificate; install the chain of this key",
        )
    if token is not None:
        require_stamp_of(token, signature)


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the value of `/Contents`, that value, and what stands after it."""
    if data.count(b"/ByteRange") != 1 or not (found := _SIGNATURE.search(data)):
        _refuse(SealFault.FILE_NOT_COVERED, "the file has not exactly one signature of ours")
    start, end = found.span(4)
    if tuple(map(int, found.groups()[:3])) != (start, end, len(data) - end) or not data.endswith(_END):
        _refuse(SealFault.FILE_NOT_COVERED, "the signature does not cover the whole file")
    digits = found[4][1:-1].decode()
    if len(digits) % 2:
        _refuse(SealFault.FILE_ALTERED, "the seal is not in whole bytes")
    return data[:start], bytes.fromhex(digits), data[end:]


def _signer(contents: bytes) -> Any:
    try:
        (signer,) = cms.ContentInfo.load(contents)["content"]["signer_infos"]
        signer["signature"].native  # noqa: B018 - parsed lazily; what is broken inside shows here
    except UNREADABLE as error:
        raise SealError(SealFault.FILE_ALTERED, "the seal's structure can't be read") from error
    return signer


def _token(signer: Any) -> bytes:
    try:
        (attribute,) = signer["unsigned_attrs"]
        (token,) = attribute["values"]
    except UNREADABLE as error:
        raise SealError(SealFault.TIME_STAMP, "the seal has no time stamp") from error
    return bytes(token.dump())


def _refuse(reason: SealFault, detail: str) -> NoReturn:
    raise SealError(reason, detail)

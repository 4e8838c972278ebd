"""Making a seal: what the drawing has to know beforehand, and the sealed file."""

import hashlib
from collections.abc import Callable
from typing import Final

from render.document.draft import Draft, SealAppearance
from render.seal.chain import SealChain
from render.seal.check import check
from render.seal.cms import TOKEN_ROOM, SealForm
from render.seal.errors import SealError, SealFault

type Sign = Callable[[bytes], bytes]
"""RSASSA-PKCS1-v1_5 with SHA-256 over the bytes that it gets, by the key of the chain's first certificate."""
type TimeStamp = Callable[[bytes], bytes]
"""A time stamp token (RFC 3161) over the bytes that it gets."""


class Sealer:
    """Seals drafts. The same draft, key and chain give the same bytes, unless a time stamp is asked for."""

    def __init__(self, chain: SealChain, sign: Sign, time_stamp: TimeStamp | None = None) -> None:
        self._form = SealForm(chain)
        self._sign = sign
        self._time_stamp = time_stamp
        room = self._form.size + (TOKEN_ROOM if time_stamp else 0)
        self.appearance: Final = SealAppearance(chain.signer, chain.demo, room)
        """What `render.document.draw` needs."""

    def seal(self, draft: Draft) -> bytes:
        """The sealed file, read anew and found to hold.

        What `sign` raises passes.

        Raises:
            SealError: the file can't be sealed, or does not hold; it must not be issued.
        """
        self._form.chain.require_valid(draft.sealed_at)
        digest = hashlib.sha256()
        for part in draft.signed_parts:
            digest.update(part)
        signature = self._sign(self._form.attributes(digest.digest()))
        if len(signature) != self._form.chain.key.size:
            raise SealError(
                SealFault.KEY_MISMATCH,
                f"the key signs {len(signature)} bytes, that of the sealing certificate "
                f"{self._form.chain.key.size}; install the chain of this key",
            )
        token = self._time_stamp(signature) if self._time_stamp else None
        structure = self._form.filled(digest.digest(), signature, token)
        if len(structure) > draft.reserved:
            raise SealError(
                SealFault.OVERSIZE, f"the seal takes {len(structure)} bytes, {draft.reserved} were reserved"
            )
        sealed = draft.sealed_with(structure)
        check(sealed, self._form, time_stamped=token is not None)
        return sealed

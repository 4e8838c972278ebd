"""A request being filled in. Nothing of it is stored here: the browser carries it, encrypted and signed.

Each draft has a cookie of its own whose path is the draft's, so that two tabs for two children never mix.
"""

import base64
import hashlib
import secrets
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from constancia.domain.certificate import RequestId
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.ports import Clock

if TYPE_CHECKING:
    from nacl.secret import SecretBox

COOKIE: Final = "draft"
LASTS: Final = timedelta(hours=1)
"""From the last answer on: whoever leaves a shared phone leaves nothing for long."""
MOST_CHARACTERS: Final = 3800
"""Of a cookie's value: browsers keep 4096 bytes with its name and path (RFC 6265, 6.1)."""


class DraftError(DomainError):
    """There is no draft to go on with, or it can't be carried any further."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the answers were refused when they were sent. It is shown by a page that can be loaded again."""

    code: ErrorCode
    """The public one: what only our log may know does not travel."""
    since: int | None
    """The first year that counts, where the code speaks of years."""
    until: int | None
    """When another try makes sense, in seconds since 1970; `None` where waiting does not help."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far, by the names of their fields; or, once it was sent, the request that came of it."""

    id: str
    """128 random bits. It is the idempotency key of the sending too."""
    answers: dict[str, str] = field(default_factory=dict)
    sent: RequestId | None = None
    refused: Refused | None = None

    @classmethod
    def new(cls) -> "Draft":
        """A draft without answers."""
        return cls(secrets.token_urlsafe(16))

    def answered(self, names: Iterable[str], given: Mapping[str, str]) -> "Draft":
        """The draft with the fields of one page as they were given now; an empty one is no answer."""
        answers = dict(self.answers)
        for name in names:
            value = given.get(name, "").strip()
            if value:
                answers[name] = value
            else:
                answers.pop(name, None)
        return replace(self, answers=answers, refused=None)

    def refused_for(self, refused: Refused) -> "Draft":
        """The draft as it was, with what its sending met."""
        return replace(self, refused=refused)

    def sent_as(self, request_id: RequestId) -> "Draft":
        """What is left of a draft that was sent: no answer, only where it led to."""
        return Draft(self.id, sent=request_id)


class _Sealed(msgspec.Struct, array_like=True):
    """What is encrypted: the draft, and when, in seconds since 1970."""

    written: int
    draft: Draft


class DraftCodec:
    """Drafts as cookies hold them: NaCl's secret box (XSalsa20, Poly1305), with the time of the last answer.

    The secret may hold several keys, parted by spaces: the first one encrypts, all of them are read, so that
    a new key can be put before the old one and nobody loses what is being filled in.
    """

    def __init__(self, secret: Callable[[], str], clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def encode(self, draft: Draft) -> str:
        """Encrypt and sign.

        Raises:
            DraftError: DRAFT_TOO_LARGE, when no cookie could hold it.
        """
        packed = zlib.compress(msgspec.json.encode(_Sealed(self._seconds(), draft)), 9)
        value = base64.urlsafe_b64encode(_boxes(self._secret())[0].encrypt(packed)).decode().rstrip("=")
        if len(value) > MOST_CHARACTERS:
            raise DraftError(ErrorCode.DRAFT_TOO_LARGE)
        return value

    def decode(self, value: str | None, draft_id: str) -> Draft:
        """Read the draft of an id.

        Raises:
            DraftError: DRAFT_MISSING where there is none; DRAFT_UNREADABLE where it is not ours, was altered,
                is another draft's or of an earlier form; DRAFT_EXPIRED.
        """
        if not value:
            raise DraftError(ErrorCode.DRAFT_MISSING)
        sealed = self._read(value) if len(value) <= MOST_CHARACTERS else None
        if sealed is None or sealed.draft.id != draft_id:
            raise DraftError(ErrorCode.DRAFT_UNREADABLE)
        if self._seconds() - sealed.written > LASTS.total_seconds():
            raise DraftError(ErrorCode.DRAFT_EXPIRED)
        return sealed.draft

    def _read(self, value: str) -> _Sealed | None:
        from nacl.exceptions import CryptoError  # noqa: PLC0415 - only who fills in a form pays for it

        try:
            encrypted = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        except ValueError:
            return None
        for box in _boxes(self._secret()):
            try:
                packed = box.decrypt(encrypted)
            except (CryptoError, ValueError):  # another key's, altered, or too short for any
                continue
            return _unpacked(packed)
        return None

    def _seconds(self) -> int:
        return int(self._clock().timestamp())


def _unpacked(packed: bytes) -> _Sealed | None:
    """What we packed ourselves; nothing, if that was before a deploy that changed how drafts look."""
    try:
        return msgspec.json.decode(zlib.decompress(packed), type=_Sealed)
    except (zlib.error, msgspec.DecodeError):
        return None


@cache
def _boxes(secret: str) -> "tuple[SecretBox, ...]":
    from nacl.secret import SecretBox  # noqa: PLC0415 - see above

    return tuple(SecretBox(hashlib.sha256(b"draft " + key.encode()).digest()) for key in secret.split())

"""The time of an authority over a signature (RFC 3161, over HTTP): what level B-T adds to B-B."""

import secrets
import time
from http import HTTPStatus
from typing import Final, NoReturn

import urllib3
from asn1crypto import cms, core, tsp

from render.seal.errors import UNREADABLE, SealError, SealFault
from render.seal.stamp import imprint_of, require_stamp_of

SECONDS: Final = 4.0
"""How long an authority is waited for until it answers, and at most as long again for the rest of its answer.

What failed comes again with its message.
"""
MOST_BYTES: Final = 64 * 1024
_CHUNK: Final = 16 * 1024


class _Answer(core.Sequence):  # type: ignore[misc]
    """`TimeStampResp`; who is refused gets no token (RFC 3161, 2.4.2)."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]  # noqa: RUF012


class TimeStampAuthority:
    """An authority under an address. Nothing of a certificate goes there but the digest of its signature."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        self._url = url
        self._seconds = seconds
        self._pool = urllib3.PoolManager(retries=False)

    def __call__(self, message: bytes) -> bytes:
        """The token over a message, with the authority's certificates in it.

        Raises:
            SealError: TIME_STAMP.
        """
        nonce = secrets.randbits(64)
        request = tsp.TimeStampReq(
            {"version": "v1", "message_imprint": imprint_of(message), "nonce": nonce, "cert_req": True}
        )
        try:
            answer = _Answer.load(self._exchange(request.dump()), strict=True)
            status = answer["status"]["status"].native
            token = answer["time_stamp_token"]
            answer.native  # noqa: B018 - parsed lazily; what is broken inside shows here
        except UNREADABLE as error:
            raise SealError(SealFault.TIME_STAMP, "the authority's answer can't be read") from error
        if status not in {"granted", "granted_with_mods"}:
            _refuse(f"the authority answers {status!r}")
        found = bytes(token.dump())
        require_stamp_of(found, message, nonce)
        return found

    def _exchange(self, body: bytes) -> bytes:
        """One try, bounded in time and size."""
        end = time.monotonic() + self._seconds
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            response = self._pool.request(
                "POST",
                self._url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(total=self._seconds),
                redirect=False,
                preload_content=False,
            )
            try:
                if response.status != HTTPStatus.OK:
                    _refuse(f"the authority answers with status {response.status}")
                answer = b""
                while chunk := response.read1(_CHUNK):
                    answer += chunk
                    if len(answer) > MOST_BYTES or time.monotonic() > end:
                        _refuse("the authority's answer is too long or too slow")
            finally:
                response.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise SealError(
                SealFault.TIME_STAMP, f"the authority can't be reached: {type(error).__name__}"
            ) from error
        return answer


def _refuse(detail: str) -> NoReturn:
    raise SealError(SealFault.TIME_STAMP, detail)

"""What became of a request, for whoever has its id."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from constancia.domain.access import grant_download
from constancia.domain.audit import Act, Role, Witness
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    RequestId,
    RequestState,
)
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.ports import NUDGE_INTERVAL, CertificateStore, Clock
from constancia.domain.virtual_code import VirtualCode
from request.dispatch import Dispatch

_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Progress:
    """A request as its owner sees it. `grant` opens the file for ten minutes."""

    id: RequestId
    state: RequestState
    mail: MailState
    created_at: datetime
    expires_at: datetime
    code: VirtualCode | None
    grant: str | None
    masked_email: str | None


@dataclass(frozen=True, slots=True)
class Tracker:
    """The use case behind `GET /api/v1/requests/{id}` and the progress page."""

    store: CertificateStore
    dispatch: Dispatch
    witness: Witness
    clock: Clock

    def progress_of(self, request_id: str, source_address: str) -> Progress:
        """Look a request up; one that has waited for a minute goes to render's queue once more.

        Who is shown a code and a right to download stands in the audit trail before they are shown.

        Raises:
            DomainError: REQUEST_NOT_FOUND.
        """
        request = self.store.request(RequestId(request_id)) if _ID.fullmatch(request_id) else None
        if request is None:
            raise DomainError(ErrorCode.REQUEST_NOT_FOUND)
        certificate = self.store.certificate(request.code)
        state = _state_of(request, certificate)
        if state is RequestState.PENDING:
            self._nudge(request)
        shows_code = state not in {RequestState.PENDING, RequestState.HELD}
        if shows_code:
            self.witness.saw(request.code, Act.FOLLOW, Role.REQUESTER, state.lower(), source_address)
        issued = certificate is not None and state is RequestState.ISSUED
        return Progress(
            id=request.id,
            state=state,
            mail=request.mail,
            created_at=request.created_at,
            expires_at=request.expires_at,
            code=request.code if shows_code else None,
            grant=grant_download(certificate, self.clock()) if certificate and issued else None,
            masked_email=request.masked_email,
        )

    def _nudge(self, request: CertificateRequest) -> None:
        """Queue a request again, once a minute; render does it once. Whoever asks sooner costs no write."""
        now = self.clock()
        if now - request.created_at >= NUDGE_INTERVAL and self.store.claim_nudge(request.id, now):
            self.dispatch.send(request.id)


def _state_of(request: CertificateRequest, certificate: Certificate | None) -> RequestState:
    state = certificate.state if certificate else request.state
    held = state is CertificateState.PENDING and request.held_for
    return RequestState.HELD if held else RequestState(state)

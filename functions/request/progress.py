"""What became of a request, for whoever has its id."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aws_lambda_powertools import Logger

from constancia.domain.access import grant_download
from constancia.domain.certificate import CertificateState, MailState, RequestId, log_name
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.ports import CertificateStore, Clock, RenderQueue
from constancia.domain.virtual_code import VirtualCode

_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PATIENCE: Final = timedelta(minutes=1)
_REMEMBERED: Final = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """A request as its owner sees it. `grant` opens the file for ten minutes."""

    id: RequestId
    state: CertificateState
    mail: MailState
    created_at: datetime
    expires_at: datetime
    code: VirtualCode | None
    grant: str | None


@dataclass(slots=True)
class Follow:
    """The use case behind `GET /api/v1/requests/{id}` and the progress page."""

    store: CertificateStore
    queue: RenderQueue
    clock: Clock
    logger: Logger
    _nudged: OrderedDict[RequestId, datetime] = field(default_factory=OrderedDict)

    def progress_of(self, request_id: str) -> Progress:
        """Look a request up; one that has waited for a minute goes to render's queue once more.

        Raises:
            DomainError: REQUEST_NOT_FOUND.
        """
        request = self.store.request(RequestId(request_id)) if _ID.fullmatch(request_id) else None
        if request is None:
            raise DomainError(ErrorCode.REQUEST_NOT_FOUND)
        certificate = self.store.certificate(request.code)
        state = certificate.state if certificate else request.state
        if state is CertificateState.PENDING:
            self._nudge(request.id, request.created_at)
        issued = certificate is not None and state is CertificateState.ISSUED
        return Progress(
            id=request.id,
            state=state,
            mail=request.mail,
            created_at=request.created_at,
            expires_at=request.expires_at,
            code=request.code if state is not CertificateState.PENDING else None,
            grant=grant_download(certificate, self.clock()) if certificate and issued else None,
        )

    def _nudge(self, request_id: RequestId, created_at: datetime) -> None:
        """Queue a request again, at most once a minute in each execution environment; render does it once."""
        now = self.clock()
        if now - self._nudged.get(request_id, created_at) < _PATIENCE:
            return
        self._nudged[request_id] = now
        if len(self._nudged) > _REMEMBERED:
            self._nudged.popitem(last=False)
        try:
            self.queue.send(request_id)
        except Exception as error:  # noqa: BLE001 - the sweep will do it
            self.logger.warning("not queued", request=log_name(request_id), error=type(error).__name__)

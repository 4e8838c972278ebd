"""The desk of one operator: what they see and do, and the trail that it leaves.

A look is recorded before anything of it is shown. An act is recorded in the transaction that does it; what
was refused or only previewed, before that is said. So nothing is told or done without its entry (ADR 0170).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from constancia.adapters.audit import DynamoAuditReader, Recorded
from constancia.adapters.operations import OperationsStore
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.audit import Act, AuditTrail, Entry, Role
from constancia.domain.certificate import Certificate, CertificateRequest, CertificateState, RequestId
from constancia.domain.operations import NotPossibleError, require_annullable
from constancia.domain.operator import Operator
from constancia.domain.ports import Clock
from constancia.domain.virtual_code import VirtualCode
from infra.ops.stage import Stage


class UnknownCodeError(Exception):
    """There is no certificate under the code."""


class Waits(StrEnum):
    """What a request waits for."""

    RENDER = "to be issued"
    MAIL = "for its mail"
    OPERATORS = "held"


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate, and the requests of it that are not forgotten yet."""

    certificate: Certificate
    requests: tuple[CertificateRequest, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that is not finished."""

    request_id: RequestId
    code: VirtualCode
    waits: Waits
    since: datetime
    held_for: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases of operators. `operator` is who works here, and in which case."""

    store: OperationsStore
    trail: AuditTrail
    entries: DynamoAuditReader
    operator: Operator
    clock: Clock

    @classmethod
    def at(cls, stage: Stage, operator: Operator, clock: Clock) -> "Desk":
        """A desk of a stage."""
        return cls(stage.store(clock), stage.trail(), stage.trail_reader(), operator, clock)

    # ------------------------------------------------------------------ looks

    def show(self, code: VirtualCode, *, content: bool = False) -> Shown:
        """See a certificate and its requests; `content`: all that is printed, which the trail tells apart.

        Raises:
            UnknownCodeError: there is none.
        """
        certificate = self.store.certificate(code)
        requests = self.store.requests_of(code) if certificate else []
        self._looked(Act.OPEN if content else Act.SHOW, code, certificate)
        if certificate is None:
            raise UnknownCodeError
        return Shown(certificate, tuple(requests))

    def pending(self) -> list[Waiting]:
        """See every request that is not finished, oldest first, those that are held last."""
        now = self.clock() + timedelta(seconds=1)
        found = [*self.store.pending_since(now), *self.store.held_since(now)]
        requests = [self.store.request(one.request_id) for one in found]
        waiting = [_waiting(request) for request in requests if request is not None]
        self._record(Act.LIST, None, "pending", look=True)
        return waiting

    def trail_of(self, code: VirtualCode, *, looks: bool = False) -> Iterator[Recorded]:
        """See who came to a certificate; `looks`: which operators looked, under the role that acts.

        Raises:
            UnknownCodeError: there is no certificate, and nobody ever asked for it.
        """
        certificate = self.store.certificate(code)
        entries = self.entries.entries(code, looks=looks)
        first = next(entries, None)
        self._looked(Act.READ_TRAIL, code, certificate, look=not looks)
        if certificate is None and first is None:
            raise UnknownCodeError
        if first is not None:
            yield first
        yield from entries

    # ------------------------------------------------------------------ acts

    def annul(self, code: VirtualCode, reason: AnnulmentReason, *, do: bool) -> Certificate:
        """Annul a certificate for good, or see what that would be; answers it as it stood.

        Raises:
            UnknownCodeError: there is none.
            NotPossibleError: it does not stand.
        """
        certificate = self._certificate_for(Act.ANNUL, code)
        with self._refusing(Act.ANNUL, code, reason):
            require_annullable(certificate)
            if do and not self.store.annul(code, reason, self.operator):
                require_annullable(self._certificate_for(Act.ANNUL, code))
        if not do:
            self._record(Act.ANNUL, code, "previewed", grounds=reason)
        return certificate

    # ------------------------------------------------------------------ the trail

    def _certificate_for(self, act: Act, code: VirtualCode) -> Certificate:
        certificate = self.store.certificate(code)
        if certificate is None:
            self._record(act, code, "unknown", known=False)
            raise UnknownCodeError
        return certificate

    @contextmanager
    def _refusing(self, act: Act, code: VirtualCode, grounds: str | None = None) -> Iterator[None]:
        """Record it where an act is not possible."""
        try:
            yield
        except NotPossibleError:
            self._record(act, code, "refused", grounds=grounds)
            raise

    def _looked(
        self, act: Act, code: VirtualCode, certificate: Certificate | None, *, look: bool = True
    ) -> None:
        outcome = certificate.state.lower() if certificate else "unknown"
        self._record(act, code, outcome, known=certificate is not None, look=look)

    def _record(
        self,
        act: Act,
        code: VirtualCode | None,
        outcome: str,
        *,
        known: bool = True,
        grounds: str | None = None,
        look: bool = False,
    ) -> None:
        self.trail.record(
            Entry(
                code=code,
                at=self.clock(),
                role=Role.OPERATOR,
                act=act,
                outcome=outcome,
                known=known,
                operator=self.operator,
                grounds=grounds.lower() if grounds else None,
                look=look,
            )
        )


def _waiting(request: CertificateRequest) -> Waiting:
    if request.state is not CertificateState.PENDING:
        waits = Waits.MAIL
    else:
        waits = Waits.OPERATORS if request.held_for else Waits.RENDER
    return Waiting(request.id, request.code, waits, request.created_at, request.held_for)

"""The desk of one operator: what they see and do, and the trail that it leaves.

A look is recorded before anything of it is shown. An act is recorded in the transaction that does it; what
was refused or only previewed, before that is said. So nothing is told or done without its entry (ADR 0170).
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from constancia.adapters.audit import DynamoAuditReader, Recorded
from constancia.adapters.operations import OperationsStore
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.application import masked
from constancia.domain.audit import Act, AuditTrail, Entry, Role
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    RequestId,
)
from constancia.domain.lima import date_in_lima
from constancia.domain.operations import (
    NotPossibleError,
    reissue_of,
    require_annullable,
    require_mailable,
    require_reissuable,
    resending_of,
)
from constancia.domain.operator import Operator
from constancia.domain.ports import Clock, RenderQueue, StoreConflictError
from constancia.domain.virtual_code import VirtualCode
from infra.ops.integrity import Fault, Inspection, Progress
from infra.ops.letters import DeadLetterBox, Letter, all_of
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
class Reissued:
    """A certificate as it stood, and the code of the one that takes its place; None: it was not done."""

    original: Certificate
    code: VirtualCode | None = None
    existed: bool = False
    """It was under way already."""
    queued: bool = True


@dataclass(frozen=True, slots=True)
class Resent:
    """A certificate, and where its code goes; `queued` is None where it was not done."""

    certificate: Certificate
    masked_email: str
    queued: bool | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases of operators. `operator` is who works here, and in which case."""

    stage: Stage
    store: OperationsStore
    trail: AuditTrail
    entries: DynamoAuditReader
    queue: RenderQueue
    box: DeadLetterBox
    operator: Operator
    clock: Clock

    @classmethod
    def at(cls, stage: Stage, operator: Operator, clock: Clock) -> "Desk":
        """A desk of a stage. One id leads from the trail through the queue to render's log."""
        run = f"ops-{uuid4()}"
        trail = stage.trail(run)
        return cls(
            stage=stage,
            store=stage.store(clock, trail),
            trail=trail,
            entries=stage.trail_reader(),
            queue=stage.queue(run),
            box=stage.dead_letters(),
            operator=operator,
            clock=clock,
        )

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

    def reissue(self, code: VirtualCode, email: str | None, *, do: bool) -> Reissued:
        """Have a certificate made anew under another code and QR, which supersedes it; or see that.

        One that is under way already is answered, not a second one. Without an address nobody is mailed.

        Raises:
            UnknownCodeError: there is none.
            NotPossibleError: it does not stand.
        """
        original = self._certificate_for(Act.REISSUE, code)
        with self._refusing(Act.REISSUE, code):
            require_reissuable(original)
            if not do:
                self._record(Act.REISSUE, code, "previewed")
                return Reissued(original)
            number = self.store.next_number(date_in_lima(self.clock()).year)
            kept = timedelta(days=self.stage.request_days)
            certificate, request = reissue_of(original, number, email, self.clock(), kept)
            accepted = self.store.reissue(certificate, request, self.operator)
            if accepted is None:
                require_reissuable(self._certificate_for(Act.REISSUE, code))
                raise StoreConflictError("others kept changing the certificate")
        code_now = certificate.code
        if accepted.existed and (standing := self.store.request(accepted.request_id)):
            code_now = standing.code
        queued = self._queued(accepted.request_id)
        return Reissued(original, code_now, existed=accepted.existed, queued=queued)

    def resend(self, code: VirtualCode, email: str, *, do: bool) -> Resent:
        """Mail a certificate's code to an address, which is confirmed (ADR 0172); or see that.

        Raises:
            UnknownCodeError: there is none.
            NotPossibleError: it does not stand, or a mail is under way already.
        """
        certificate = self._certificate_for(Act.RESEND, code)
        with self._refusing(Act.RESEND, code):
            require_mailable(certificate)
            for request in self.store.requests_of(code):
                if request.mail is MailState.PENDING:
                    raise NotPossibleError(
                        f"Its code is not mailed: a mail to {request.masked_email} is under way since "
                        f"{request.created_at:%Y-%m-%d %H:%M} UTC"
                    )
            if not do:
                self._record(Act.RESEND, code, "previewed")
                return Resent(certificate, masked(email))
            kept = timedelta(days=self.stage.request_days)
            request = resending_of(certificate, email, self.clock(), kept)
            if not self.store.resend(request, self.operator):
                require_mailable(self._certificate_for(Act.RESEND, code))
                raise StoreConflictError("others kept changing the certificate")
        return Resent(certificate, masked(email), queued=self._queued(request.id))

    def redrive(
        self, wanted: Callable[[Letter], bool], *, per_second: float, do: bool
    ) -> Iterator[tuple[Letter, VirtualCode | None]]:
        """Move dead letters back to render, so many a second; or see which that would be.

        Each has its entry before it is moved: of its certificate, where its request is not forgotten.
        """
        if not do:
            found = all_of(self.box, wanted)
            self._record(Act.REDRIVE, None, "previewed")
            for letter in found:
                yield letter, self._code_of(letter)
            return
        with closing(self.box.letters()) as letters:  # type: ignore[type-var]
            recorded = (self._to_be_moved(letter) for letter in letters if wanted(letter))
            for letter in self.box.move(recorded, per_second):
                yield letter, self._code_of(letter)

    def dead_letters(self) -> list[tuple[Letter, VirtualCode | None]]:
        """See the dead letters, and whose they are, where the request is not forgotten."""
        found = [(letter, self._code_of(letter)) for letter in all_of(self.box, lambda _: True)]
        self._record(Act.LIST, None, "dead_letters", look=True)
        return found

    def inspect(self, inspection: Inspection, progress: Progress) -> Iterator[tuple[Fault, str]]:
        """Hold every file against its record and seal, and every record against its file."""
        self._record(Act.CHECK, None, "begun", look=True)
        yield from inspection.run(progress)
        self._record(Act.CHECK, None, "faults" if progress.faults else "sound", look=True)

    def _to_be_moved(self, letter: Letter) -> Letter:
        self._record(Act.REDRIVE, self._code_of(letter), "moved", grounds=letter.reason or None)
        return letter

    def _code_of(self, letter: Letter) -> VirtualCode | None:
        request = self.store.request(letter.request_id) if letter.request_id else None
        return request.code if request else None

    def _queued(self, request_id: RequestId) -> bool:
        """Send a request to render; where the queue does not take it, the sweep does within minutes."""
        try:
            self.queue.send(request_id)
        except (ClientError, BotoCoreError):
            return False
        return True

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

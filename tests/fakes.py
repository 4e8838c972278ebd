"""The domain's ports in memory. `tests/contract` holds them to what the adapters over AWS do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from constancia.adapters.hashing import HmacPersonHasher
from constancia.adapters.store import MAILABLE
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.audit import Act, Entry, Role, Witness
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    PersonKey,
    RequestId,
)
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.failures import Failure, FailureReason
from constancia.domain.operator import Operator
from constancia.domain.ports import (
    NUDGE_INTERVAL,
    Accepted,
    CertificateStore,
    Clock,
    Mail,
    MailOutcome,
    Reservation,
    Sending,
    SendingKey,
    StoreConflictError,
    Unfinished,
)
from constancia.domain.school import Level, Modality
from constancia.domain.virtual_code import VirtualCode
from tests.builders import NOW


class FakeClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


def a_hasher() -> HmacPersonHasher:
    return HmacPersonHasher(lambda: "a key for tests")


@dataclass
class InMemoryTrail:
    """Port `AuditTrail`. Fails where it is told to."""

    entries: list[Entry] = field(default_factory=list)
    broken: bool = False

    def record(self, entry: Entry) -> None:
        if self.broken:
            raise TimeoutError("the trail can't be reached")
        self.entries.append(entry)

    def told(self) -> list[tuple[Act, Role, str]]:
        """What, in which role, and what came of it."""
        return [(entry.act, entry.role, entry.outcome) for entry in self.entries]


def a_witness(trail: InMemoryTrail, clock: Clock) -> Witness:
    return Witness(trail, a_hasher(), clock)


type _Slot = tuple[PersonKey, Modality, tuple[Level, ...]]


@dataclass
class InMemoryStore:
    """Port `CertificateStore`."""

    clock: FakeClock = field(default_factory=FakeClock)
    certificates: dict[VirtualCode, Certificate] = field(default_factory=dict)
    requests: dict[RequestId, CertificateRequest] = field(default_factory=dict)
    trail: InMemoryTrail = field(default_factory=InMemoryTrail)
    sendings: dict[PersonKey, Sending] = field(default_factory=dict)
    _same: dict[PersonKey, tuple[RequestId, datetime]] = field(default_factory=dict)
    _unissued_until: dict[VirtualCode, datetime] = field(default_factory=dict)
    _current: dict[_Slot, VirtualCode] = field(default_factory=dict)
    _digests: dict[str, VirtualCode] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)
    _nudged_at: dict[RequestId, datetime] = field(default_factory=dict)

    def next_number(self, year: int) -> str:
        self._numbers[year] = self._numbers.get(year, 0) + 1
        return f"{year}-{self._numbers[year]:08d}"

    def accept(
        self,
        certificate: Certificate,
        request: CertificateRequest,
        same_request: PersonKey,
        until: datetime,
        *,
        sent: SendingKey | None = None,
        source: PersonKey | None = None,
    ) -> Accepted:
        if sent and (earlier := self.sendings.get(sent.key)):
            if earlier.fingerprint != sent.fingerprint:
                raise DomainError(ErrorCode.IDEMPOTENCY_KEY_REUSED)
            return Accepted(earlier.request_id, existed=earlier.request_id != request.id)
        named, named_until = self._same.get(same_request, (None, self.clock()))
        standing = self.request(named) if named and named_until > self.clock() else None
        if standing is not None and self._stands(standing):
            return Accepted(standing.id, existed=standing.id != request.id)
        if certificate.code in self.certificates or request.id in self.requests:
            raise StoreConflictError
        self._record(certificate.code, Act.REQUEST, "accepted", Role.REQUESTER, source)
        self.certificates[certificate.code] = certificate
        self._unissued_until[certificate.code] = request.expires_at
        self.requests[request.id] = request
        self._same[same_request] = (request.id, until)
        if sent:
            self.sendings[sent.key] = Sending(sent.fingerprint, request.id)
        return Accepted(request.id, existed=False)

    def standing(self, same_request: PersonKey) -> RequestId | None:
        named, until = self._same.get(same_request, (None, self.clock()))
        request = self.request(named) if named and until > self.clock() else None
        return request.id if request and self._stands(request) else None

    def certificate(self, code: VirtualCode) -> Certificate | None:
        until = self._unissued_until.get(code)
        return None if until is not None and until <= self.clock() else self.certificates.get(code)

    def request(self, request_id: RequestId) -> CertificateRequest | None:
        request = self.requests.get(request_id)
        return None if request is None or request.expires_at <= self.clock() else request

    def by_digest(self, sha256: str) -> VirtualCode | None:
        return self._digests.get(sha256)

    def issue(self, certificate: Certificate, request: CertificateRequest, sha256: str) -> Certificate:
        stored = self.certificate(certificate.code)
        if stored is None or self.request(request.id) is None:
            raise StoreConflictError
        if stored.state is not CertificateState.PENDING:
            return stored
        slot = (
            stored.holder_key,
            stored.content.modality,
            tuple(record.level for record in stored.content.levels),
        )
        current = self.certificates.get(self._current.get(slot, VirtualCode("")))
        original = self.certificates.get(stored.replaces or VirtualCode(""))
        if original and original.state is not CertificateState.ISSUED:
            outcome = replace(
                stored,
                sha256=sha256,
                state=original.state,
                superseded_by=original.superseded_by,
                annulled_for=original.annulled_for,
            )
        elif current and (current.number, current.issued_at) > (stored.number, stored.issued_at):
            outcome = replace(
                stored, state=CertificateState.SUPERSEDED, sha256=sha256, superseded_by=current.code
            )
        else:
            outcome = replace(stored, state=CertificateState.ISSUED, sha256=sha256)
            self._current[slot] = stored.code
            if current and current.state is CertificateState.ISSUED:
                self._record(current.code, Act.SUPERSEDE, CertificateState.SUPERSEDED)
                self.certificates[current.code] = replace(
                    current, state=CertificateState.SUPERSEDED, superseded_by=stored.code
                )
        self._record(stored.code, Act.ISSUE, outcome.state)
        self.certificates[stored.code] = outcome
        self._unissued_until.pop(stored.code)
        self.requests[request.id] = replace(
            self.requests[request.id],
            state=outcome.state,
            token=None,
            held_for=None,
            expires_at=max(request.expires_at, self.clock() + MAILABLE),
        )
        self._digests[sha256] = stored.code
        return outcome

    def hold(self, request_id: RequestId, reason: FailureReason, until: datetime) -> bool:
        request = self.request(request_id)
        if request is None or request.state is not CertificateState.PENDING:
            return False
        expires_at = request.expires_at if request.held_for else max(request.expires_at, until)
        self._record(request.code, Act.HOLD, reason)
        self.requests[request_id] = replace(request, held_for=reason, expires_at=expires_at)
        self._unissued_until[request.code] = expires_at
        return True

    def annul(self, code: VirtualCode, reason: AnnulmentReason, by: Operator) -> bool:
        certificate = self.certificates.get(code)
        if certificate is None or certificate.state is not CertificateState.ISSUED:
            return False
        outcome = CertificateState.ANNULLED.lower()
        entry = Entry(
            code, self.clock(), Role.OPERATOR, Act.ANNUL, outcome, operator=by, grounds=reason.lower()
        )
        self.trail.record(entry)
        self.certificates[code] = replace(certificate, state=CertificateState.ANNULLED, annulled_for=reason)
        return True

    def record_mail(self, request_id: RequestId, outcome: MailState) -> None:
        request = self.requests.get(request_id)
        if request and request.mail is MailState.PENDING:
            self.requests[request_id] = replace(request, mail=outcome, email=None, phone=None)

    def claim_nudge(self, request_id: RequestId, now: datetime) -> bool:
        request = self.requests.get(request_id)
        nudged_at = self._nudged_at.get(request_id)
        if request is None or request.state is not CertificateState.PENDING or request.held_for:
            return False
        if nudged_at is not None and now - nudged_at < NUDGE_INTERVAL:
            return False
        self._nudged_at[request_id] = now
        return True

    def _record(
        self,
        code: VirtualCode,
        act: Act,
        outcome: str,
        role: Role = Role.PLATFORM,
        source: PersonKey | None = None,
    ) -> None:
        self.trail.record(Entry(code, self.clock(), role, act, outcome.lower(), source))

    def _stands(self, request: CertificateRequest) -> bool:
        certificate = self.certificate(request.code)
        if certificate is None or request.mail is MailState.REJECTED or request.held_for:
            return False
        return certificate.state.stands

    def pending_since(self, moment: datetime) -> Iterator[Unfinished]:
        pending = [
            request
            for request in self.requests.values()
            if request.mail is MailState.PENDING and not request.held_for
        ]
        for request in sorted(pending, key=lambda request: request.created_at):
            if request.created_at < moment:
                yield Unfinished(request.id, request.created_at)


class InMemoryLimiter:
    """Port `Limiter`."""

    def __init__(
        self,
        clock: Clock,
        *,
        window: Callable[[datetime], datetime],
        refusal: ErrorCode = ErrorCode.TOO_MANY_ATTEMPTS,
    ) -> None:
        self._clock = clock
        self._window = window
        self._refusal = refusal
        self.taken: dict[PersonKey, tuple[int, int]] = {}
        """How many, and until when."""

    def reserve(self, shares: Mapping[PersonKey, int]) -> Reservation:
        reserved: dict[PersonKey, int] = {}
        for subject, share in shares.items():
            now = self._clock()
            taken, until = self.taken.get(subject, (0, 0))
            if until <= now.timestamp():
                taken, until = 0, int(self._window(now).timestamp())
            elif taken >= share:
                self.give_back(reserved)
                raise DomainError(self._refusal, retry_after_seconds=until - int(now.timestamp()))
            self.taken[subject] = (taken + 1, until)
            reserved[subject] = until
        return reserved

    def give_back(self, reservation: Reservation) -> None:
        for subject, until in reservation.items():
            taken, runs_until = self.taken[subject]
            if runs_until == until and taken:
                self.taken[subject] = (taken - 1, until)


def waiting(store: CertificateStore, moment: datetime) -> list[RequestId]:
    """The requests made before a moment that are not finished, oldest first."""
    return [one.request_id for one in store.pending_since(moment)]


class NoBreaker:
    """A registry's `CircuitBreaker` that makes every call."""

    def check(self, registry: str) -> None:
        return

    def call[Answer](self, registry: str, subject: str, exchange: Callable[[], Answer]) -> Answer:
        return exchange()


@dataclass
class InMemoryFiles:
    """Port `FileStore`."""

    files: dict[tuple[VirtualCode, str], bytes] = field(default_factory=dict)
    kept: set[tuple[VirtualCode, str]] = field(default_factory=set)

    def put(self, code: VirtualCode, sha256: str, pdf: bytes) -> None:
        self.files.setdefault((code, sha256), pdf)

    def keep(self, code: VirtualCode, sha256: str) -> None:
        self.kept.add((code, sha256))

    def download_url(self, code: VirtualCode, sha256: str, filename: str) -> str:
        return f"https://files.example/{code}/{sha256}/{filename}"


@dataclass
class InMemoryQueue:
    """Port `RenderQueue`."""

    sent: list[RequestId] = field(default_factory=list)

    def send(self, request_id: RequestId) -> None:
        self.sent.append(request_id)


@dataclass
class InMemoryDeadLetters:
    """Port `DeadLetters`."""

    letters: list[tuple[str, Failure]] = field(default_factory=list)

    def put(self, message: str, failure: Failure, at: datetime) -> None:
        self.letters.append((message, failure))


@dataclass
class Outbox:
    """Port `Mailer`. Refuses the addresses that it is told to."""

    mails: list[Mail] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def send(self, mail: Mail) -> MailOutcome:
        if mail.to in self.refused:
            return MailOutcome.REJECTED
        self.mails.append(mail)
        return MailOutcome.ACCEPTED

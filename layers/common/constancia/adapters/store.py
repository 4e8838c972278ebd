"""The data bank `db_micertificado` in DynamoDB. `constancia.adapters.items` knows how its items look."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from constancia.adapters.audit import DynamoAuditTrail
from constancia.adapters.idempotency import NOT_SENT, DynamoSendings, sending_item
from constancia.adapters.items import (
    HELD,
    PENDING,
    absent_certificate,
    certificate_item,
    certificate_key,
    digest_key,
    holder_key,
    instant,
    number_key,
    read_certificate,
    read_locked,
    read_request,
    request_id_of,
    request_item,
    request_key,
    same_request_key,
)
from constancia.adapters.table import NEW, Table, Value, Write, attempts, epoch, marshal
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.audit import Act, Entry, Role
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    LockedCertificate,
    MailState,
    PersonKey,
    RequestId,
)
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.failures import FailureReason
from constancia.domain.operator import Operator
from constancia.domain.ports import (
    NUDGE_INTERVAL,
    Accepted,
    Clock,
    SendingKey,
    StoreConflictError,
    Unfinished,
)
from constancia.domain.virtual_code import VirtualCode

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAILABLE: Final = timedelta(days=1)
"""How long a request lives at least once it is issued, so that its mail can go out."""
_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Current:
    """The certificate that a holder's pointer names."""

    code: VirtualCode
    issued_at: datetime
    number: str
    state: CertificateState | None
    """`None` where the certificate was erased; what comes later still comes later."""


class DynamoCertificateStore:
    """Port `CertificateStore` over one DynamoDB table.

    Writes that touch several items are transactions whose conditions say what they were decided on; one that
    finds a condition broken reads again and decides again, a few times. A change of state is one with its
    entry in the audit trail: neither is without the other.
    """

    def __init__(self, client: "DynamoDBClient", table: str, clock: Clock, trail: DynamoAuditTrail) -> None:
        self._table = Table(client, table)
        self._sendings = DynamoSendings(client, table, clock)
        self._clock = clock
        self._trail = trail

    @cached_property
    def _absent(self) -> bytes:
        return absent_certificate()

    def next_number(self, year: int) -> str:
        """Count one on. A number taken by a request that fails afterwards is a gap."""
        counted = self._table.update(number_key(year), "ADD taken :one", {":one": 1}) or {}
        return f"{year}-{counted['taken']:08d}"

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
        """Write certificate and request, or answer the request that stands under the same key."""
        fallen: RequestId | None = None
        for _ in attempts():
            writes = [*self._acceptance(certificate, request, same_request, until, fallen)]
            writes.append(self._entry(certificate.code, Act.REQUEST, "accepted", Role.REQUESTER, source))
            if sent:
                now = self._clock()
                item = sending_item(sent, request.id, now)
                writes.append(self._table.put(item, NOT_SENT, {":now": epoch(now)}))
            if self._table.transact(writes):
                return Accepted(request.id, existed=False)
            if sent and (earlier := self._sendings.find(sent.key)):
                if earlier.fingerprint != sent.fingerprint:
                    raise DomainError(ErrorCode.IDEMPOTENCY_KEY_REUSED)
                return Accepted(earlier.request_id, existed=earlier.request_id != request.id)
            named = self._same_request(same_request)
            if named is not None and self._stands(named):
                return Accepted(named, existed=named != request.id)
            if self.request(request.id) or self.certificate(certificate.code):
                raise StoreConflictError("the code or the request's id is taken")
            fallen = named
        raise StoreConflictError("others kept asking for the same")

    def standing(self, same_request: PersonKey) -> RequestId | None:
        """Read the key, and the request that it names."""
        named = self._same_request(same_request)
        return named if named is not None and self._stands(named) else None

    def certificate(self, code: VirtualCode) -> Certificate | None:
        """Read a certificate's item, and no other."""
        values = self._read(certificate_key(code))
        return None if values is None else read_certificate(values)

    def locked(self, code: VirtualCode) -> LockedCertificate | None:
        """Read a certificate's item, and leave its content packed; one that is not there takes as long."""
        values = self._table.get_as_if_there(certificate_key(code), self._absent)
        locked = read_locked(values)
        return None if self._has_ended(values) else locked

    def request(self, request_id: RequestId) -> CertificateRequest | None:
        """Read a request's item."""
        values = self._read(request_key(request_id))
        return None if values is None else read_request(values)

    def by_digest(self, sha256: str) -> VirtualCode | None:
        """Look a digest up among those that `issue` wrote."""
        values = self._read(digest_key(sha256))
        return None if values is None else VirtualCode(values["code"])

    def issue(self, certificate: Certificate, request: CertificateRequest, sha256: str) -> Certificate:
        """Issue, or find that a later certificate was issued already, or that nothing is left to do."""
        for _ in attempts():
            stored = self.certificate(certificate.code)
            if stored is None or self.request(request.id) is None:
                raise StoreConflictError("the request is gone")
            if stored.state is not CertificateState.PENDING:
                return stored
            current = self._current(stored)
            original = self.certificate(stored.replaces) if stored.replaces else None
            # By number first: it is counted in one place, and no clock that is off decides.
            if stored.replaces and (original is None or original.state is not CertificateState.ISSUED):
                # Made anew from what stands no longer. That is final, so no condition has to hold it.
                outcome = _ended_like(original, stored, sha256)
                others: Iterator[Write] = iter(())
            elif current and (current.number, current.issued_at) > (stored.number, stored.issued_at):
                late = CertificateState.SUPERSEDED
                outcome = replace(stored, state=late, sha256=sha256, superseded_by=current.code)
                others = self._leave_current(stored, current)
            else:
                outcome = replace(stored, state=CertificateState.ISSUED, sha256=sha256)
                others = self._become_current(stored, current)
            entries = self._entries_of_issue(outcome, current)
            if self._table.transact([*self._outcome(outcome, request, sha256), *others, *entries]):
                return outcome
        raise StoreConflictError("others kept issuing for the same holder")

    def hold(self, request_id: RequestId, reason: FailureReason, until: datetime) -> bool:
        """Write down why, move the request within the index `pending`, and let both live until then."""
        for _ in attempts():
            request = self.request(request_id)
            if request is None or request.state is not CertificateState.PENDING:
                return False
            expires_at = request.expires_at if request.held_for else max(request.expires_at, until)
            entry = self._entry(request.code, Act.HOLD, reason)
            if self._table.transact([*self._holding(request, reason, expires_at), entry]):
                return True
        raise StoreConflictError("others kept changing the request")

    def annul(self, code: VirtualCode, reason: AnnulmentReason, by: Operator) -> bool:
        """Turn ISSUED into ANNULLED."""
        for _ in attempts():
            if self._state(code) is not CertificateState.ISSUED:
                return False
            annulment = self._table.change(
                certificate_key(code),
                "SET certificate_state = :annulled, annulled_for = :reason",
                "certificate_state = :issued",
                {
                    ":annulled": CertificateState.ANNULLED,
                    ":issued": CertificateState.ISSUED,
                    ":reason": reason,
                },
            )
            entry = self._by(by, code, Act.ANNUL, CertificateState.ANNULLED, reason)
            if self._table.transact([annulment, entry]):
                return True
        raise StoreConflictError("others kept changing the certificate")

    def record_mail(self, request_id: RequestId, outcome: MailState) -> None:
        """Keep the outcome, erase the contact data, and take the request out of the index `pending`."""
        # Where the condition fails another delivery was faster, or the request is gone: nothing to erase.
        self._table.update(
            request_key(request_id),
            "SET mail = :outcome REMOVE email, phone, pending",
            {":outcome": outcome, ":none_yet": MailState.PENDING},
            condition="mail = :none_yet",
        )

    def claim_nudge(self, request_id: RequestId, now: datetime) -> bool:
        """Write down that a request goes to the queue now; the condition lets one caller a minute do it."""
        changed = self._table.update(
            request_key(request_id),
            "SET nudged_at = :now",
            {
                ":now": instant(now),
                ":before": instant(now - NUDGE_INTERVAL),
                ":pending": CertificateState.PENDING,
            },
            condition="certificate_state = :pending"
            " AND attribute_not_exists(held_for)"
            " AND (attribute_not_exists(nudged_at) OR nudged_at <= :before)",
        )
        return changed is not None

    def pending_since(self, moment: datetime) -> Iterator[Unfinished]:
        """Read the sparse index `pending`, oldest first."""
        return self._waiting(PENDING, moment)

    def _waiting(self, kind: str, moment: datetime) -> Iterator[Unfinished]:
        values = {":pending": kind, ":moment": instant(moment)}
        condition = "pending = :pending AND created_at < :moment"
        for item in self._table.query("pending", condition, values, _PAGE):
            yield Unfinished(request_id_of(item["pk"]), datetime.fromisoformat(item["created_at"]))

    # ------------------------------------------------------------------ reading

    def _read(self, pk: str) -> dict[str, Any] | None:
        values = self._table.get(pk)
        return None if values is None or self._has_ended(values) else values

    def _has_ended(self, values: dict[str, Any]) -> bool:
        # Time to live removes items up to days late, so an expired one is none.
        ends: float = values.get("expires_at", float("inf"))
        return ends <= epoch(self._clock())

    def _same_request(self, key: PersonKey) -> RequestId | None:
        values = self._read(same_request_key(key))
        return None if values is None else RequestId(values["request_id"])

    def _stands(self, request_id: RequestId) -> bool:
        request = self.request(request_id)
        if request is None or request.mail is MailState.REJECTED or request.held_for:
            return False
        state = self._state(request.code)
        return state is not None and state.stands

    def _current(self, certificate: Certificate) -> _Current | None:
        pointer = self._read(holder_key(certificate))
        if pointer is None:
            return None
        code = VirtualCode(pointer["code"])
        issued_at = datetime.fromisoformat(pointer["issued_at"])
        return _Current(code, issued_at, pointer["number"], self._state(code))

    def _state(self, code: VirtualCode) -> CertificateState | None:
        values = self._table.get(certificate_key(code), "certificate_state")
        return CertificateState(values["certificate_state"]) if values else None

    # ------------------------------------------------------------------ parts of transactions

    def _entry(
        self,
        code: VirtualCode,
        act: Act,
        outcome: str,
        role: Role = Role.PLATFORM,
        source: PersonKey | None = None,
    ) -> Write:
        return self._trail.part(Entry(code, self._clock(), role, act, outcome.lower(), source))

    def _by(self, operator: Operator, code: VirtualCode, act: Act, outcome: str, grounds: str = "") -> Write:
        return self._trail.part(
            Entry(
                code=code,
                at=self._clock(),
                role=Role.OPERATOR,
                act=act,
                outcome=outcome.lower(),
                operator=operator,
                grounds=grounds.lower() or None,
            )
        )

    def _entries_of_issue(self, outcome: Certificate, current: _Current | None) -> Iterator[Write]:
        """Of the certificate itself, and of the one that it supersedes."""
        yield self._entry(outcome.code, Act.ISSUE, outcome.state)
        supersedes = current and outcome.state is current.state is CertificateState.ISSUED
        if current and supersedes:
            yield self._entry(current.code, Act.SUPERSEDE, CertificateState.SUPERSEDED)

    def _acceptance(
        self,
        certificate: Certificate,
        request: CertificateRequest,
        same_request: PersonKey,
        until: datetime,
        fallen: RequestId | None,
    ) -> Iterator[Write]:
        yield self._table.put(certificate_item(certificate, request.expires_at), NEW)
        yield self._table.put(request_item(request), NEW)
        yield self._table.put(
            marshal(
                {
                    "pk": same_request_key(same_request),
                    "request_id": request.id,
                    "expires_at": epoch(until),
                }
            ),
            f"{NEW} OR expires_at <= :now OR request_id = :fallen",
            {":now": epoch(self._clock()), ":fallen": fallen or "none"},
        )

    def _holding(
        self, request: CertificateRequest, reason: FailureReason, expires_at: datetime
    ) -> Iterator[Write]:
        condition = "certificate_state = :pending"
        values: dict[str, Value] = {":pending": CertificateState.PENDING, ":expires_at": epoch(expires_at)}
        yield self._table.change(
            request_key(request.id),
            "SET held_for = :reason, expires_at = :expires_at, pending = :held",
            condition,
            values | {":reason": reason, ":held": HELD},
        )
        yield self._table.change(
            certificate_key(request.code), "SET expires_at = :expires_at", condition, values
        )

    def _outcome(self, outcome: Certificate, request: CertificateRequest, sha256: str) -> Iterator[Write]:
        """The certificate, its request and its digest; the certificate is kept for good from here on."""
        states = {":outcome": outcome.state, ":pending": CertificateState.PENDING}
        successor = ", superseded_by = :successor" if outcome.superseded_by else ""
        annulled = ", annulled_for = :reason" if outcome.annulled_for else ""
        yield self._table.change(
            certificate_key(outcome.code),
            f"SET certificate_state = :outcome, sha256 = :sha256{successor}{annulled} REMOVE expires_at",
            "certificate_state = :pending",
            states
            | {":sha256": sha256, ":successor": outcome.superseded_by, ":reason": outcome.annulled_for},
        )
        yield self._table.change(
            request_key(request.id),
            # The mail is still to go out, so what was held is in the index again.
            "SET certificate_state = :outcome, pending = :unfinished, expires_at = :expires_at"
            " REMOVE qr_token, held_for",
            "certificate_state = :pending",
            states | {":unfinished": PENDING, ":expires_at": epoch(self._mailable_until(request))},
        )
        yield self._table.put(marshal({"pk": digest_key(sha256), "code": outcome.code}))

    def _mailable_until(self, request: CertificateRequest) -> datetime:
        return max(request.expires_at, self._clock() + MAILABLE)

    def _become_current(self, certificate: Certificate, current: _Current | None) -> Iterator[Write]:
        """Move the holder's pointer, and supersede the certificate that it named."""
        pointer = marshal(
            {
                "pk": holder_key(certificate),
                "code": certificate.code,
                "issued_at": instant(certificate.issued_at),
                "number": certificate.number,
            }
        )
        if current is None:
            yield self._table.put(pointer, NEW)
            return
        yield self._table.put(pointer, "code = :current", {":current": current.code})
        if current.state is CertificateState.ISSUED:
            yield self._table.change(
                certificate_key(current.code),
                "SET certificate_state = :superseded, superseded_by = :successor",
                "certificate_state = :issued",
                {
                    ":superseded": CertificateState.SUPERSEDED,
                    ":successor": certificate.code,
                    ":issued": CertificateState.ISSUED,
                },
            )

    def _leave_current(self, certificate: Certificate, current: _Current) -> Iterator[Write]:
        """Leave the holder's pointer where it was read."""
        yield self._table.demand(holder_key(certificate), "code = :current", {":current": current.code})


def _ended_like(original: Certificate | None, stored: Certificate, sha256: str) -> Certificate:
    """A certificate that was made anew, with the end of its original; of one that was erased, annulled."""
    if original is None:
        return replace(stored, state=CertificateState.ANNULLED, sha256=sha256)
    return replace(
        stored,
        state=original.state,
        sha256=sha256,
        superseded_by=original.superseded_by,
        annulled_for=original.annulled_for,
    )

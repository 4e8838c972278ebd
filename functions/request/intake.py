"""Taking a request: from what a person declares to an accepted request that waits to be drawn."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from constancia.domain.application import Application, masked
from constancia.domain.audit import source_of
from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    PersonKey,
    RequestId,
    hash_of_token,
    new_request_id,
    new_token,
)
from constancia.domain.content import CertificateContent
from constancia.domain.eligibility import Policy, check_before_asking, decide
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.lima import date_in_lima
from constancia.domain.ports import (
    Accepted,
    CertificateStore,
    Clock,
    PersonHasher,
    Sending,
    SendingKey,
    Sendings,
)
from constancia.domain.virtual_code import new_virtual_code
from constancia.web.journal import Count
from request.dispatch import Dispatch
from request.limits import Limits
from request.registries import Registries


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things hold."""

    request_kept: timedelta
    """Until a request and its contact data are forgotten."""
    same_request: timedelta
    """While the same request gets the same answer."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The use case behind `POST /api/v1/requests` and the page's form."""

    registries: Registries
    store: CertificateStore
    sendings: Sendings
    limits: Limits
    dispatch: Dispatch
    hasher: PersonHasher
    policy: Policy
    periods: Periods
    clock: Clock
    count: Count

    def accept(self, application: Application, source_address: str, idempotency_key: str | None) -> RequestId:
        """Check the application against the rules and the registries, accept it and send it to render.

        The same key with the same content answers the same request, without asking anybody again.

        Raises:
            DomainError: the rule, limit or registry that stood in the way; nothing is stored then but the
                counts of failed attempts.
        """
        check_before_asking(application, self.policy)
        sent = _sending_key(self.hasher, idempotency_key, application) if idempotency_key else None
        if sent and (earlier := self.sendings.find(sent.key)):
            if earlier.fingerprint != sent.fingerprint:
                raise DomainError(ErrorCode.IDEMPOTENCY_KEY_REUSED)
            return earlier.request_id
        content = self._eligible_content(application, source_address)
        accepted = self._accepted(application, content, source_address, sent)
        if sent and accepted.existed:
            # A new request keeps its key itself; this one was there before, under another key or none.
            self.sendings.keep(sent.key, Sending(sent.fingerprint, accepted.request_id))
        return accepted.request_id

    def sent_under(self, idempotency_key: str) -> RequestId | None:
        """The request that was accepted under a key, while the key is remembered."""
        earlier = self.sendings.find(_key(self.hasher, idempotency_key))
        return earlier.request_id if earlier else None

    def _eligible_content(self, application: Application, source_address: str) -> CertificateContent:
        with self.limits.attempt(application, source_address):
            evidence = self.registries.evidence_for(application)
            return decide(application, evidence, self.policy, date_in_lima(self.clock()))

    def _accepted(
        self,
        application: Application,
        content: CertificateContent,
        source_address: str,
        sent: SendingKey | None,
    ) -> Accepted:
        """Accept what may be issued, if nobody had as many certificates today as a day allows."""
        same = _same_request(self.hasher, application)
        try:
            counted = self.limits.take_certificate(application, source_address)
        except DomainError:
            # The same request, answered again, is no certificate more.
            if standing := self.store.standing(same):
                return Accepted(standing, existed=True)
            raise
        try:
            accepted = self._store(application, content, same, sent, source_address)
        except Exception:
            self.limits.give_certificate_back(counted)
            raise
        if accepted.existed:
            self.limits.give_certificate_back(counted)
        return accepted

    def _store(
        self,
        application: Application,
        content: CertificateContent,
        same: PersonKey,
        sent: SendingKey | None,
        source_address: str,
    ) -> Accepted:
        now = self.clock().replace(microsecond=0)
        token = new_token()
        certificate = Certificate(
            code=new_virtual_code(),
            number=self.store.next_number(date_in_lima(now).year),
            state=CertificateState.PENDING,
            content=content,
            issued_at=now,
            holder_key=self.hasher.person(application.student.document),
            token_hash=hash_of_token(token),
            terms_version=application.terms.version,
            terms_accepted_at=now,
        )
        request = CertificateRequest(
            id=new_request_id(),
            code=certificate.code,
            state=CertificateState.PENDING,
            created_at=now,
            expires_at=now + self.periods.request_kept,
            mail=MailState.PENDING,
            token=token,
            email=application.contact.email,
            phone=application.contact.phone,
            masked_email=masked(application.contact.email),
        )
        accepted = self.store.accept(
            certificate,
            request,
            same,
            now + self.periods.same_request,
            sent=sent,
            source=source_of(self.hasher, source_address, now),
        )
        if not accepted.existed:
            self.dispatch.send(accepted.request_id)
            # All that is ever kept of a reason, and its detail goes nowhere.
            self.count("RequestsAccepted", "reason", application.reason)
        return accepted


def _sending_key(hasher: PersonHasher, idempotency_key: str, application: Application) -> SendingKey:
    content = msgspec.json.encode(application, order="sorted").decode()
    return SendingKey(_key(hasher, idempotency_key), hasher.key("idempotency-body", content))


def _key(hasher: PersonHasher, idempotency_key: str) -> PersonKey:
    return hasher.key("idempotency-key", idempotency_key)


def _same_request(hasher: PersonHasher, application: Application) -> PersonKey:
    """Stands for applicant, student, modality, level and e-mail.

    Who corrects a mistyped address makes a new request: its certificate supersedes the one of the first.
    """
    student, applicant = application.student.document, application.applicant
    asking = (applicant.document.type, applicant.document.number) if applicant else ("", "")
    asked = (student.type, student.number, application.modality, application.level)
    email = application.contact.email.casefold()
    return hasher.key("same-request", *asking, *asked, email)

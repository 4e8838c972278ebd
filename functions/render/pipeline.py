"""From an accepted request to a mailed code, in steps that may be repeated.

The stored state decides what is still to do, so a message may come twice, or again after a crash between any
two steps: what was decided before the queue (code, content, time of issue) makes the same file again, the
transaction that issues happens once, and a mail whose outcome was never recorded is sent again.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    MailState,
    RequestId,
)
from constancia.domain.links import verification_url
from constancia.domain.ports import (
    CertificateStore,
    Clock,
    FileStore,
    Mailer,
    MailOutcome,
    StoreConflictError,
)
from render.mails import compose

type Draw = Callable[[Certificate, str], bytes]
"""Draws a certificate with the address of its QR; the same arguments give the same bytes."""

LAST_MOMENT: Final = timedelta(minutes=1)
"""A request so close to its end is not begun: it could expire between file and record (ADR 0081)."""


class Step(StrEnum):
    """What a run did. The names are those of the metrics."""

    DROPPED = "RequestsDropped"
    """The request expired, or is about to, or was erased."""
    ISSUED = "CertificatesIssued"
    MAILED = "MailsSent"
    MAIL_REFUSED = "MailsRefused"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The work of render, over its ports."""

    store: CertificateStore
    files: FileStore
    mailer: Mailer
    draw: Draw
    clock: Clock
    base_url: str
    contact_email: str
    """Where the mails tell people to write."""
    demo: bool
    """Whether the mails say that this is a demonstration."""

    def run(self, request_id: RequestId) -> Iterator[Step]:
        """Do what is still to do for a request, and tell each step that is done and recorded.

        Whatever a port raises leaves the rest for another run.
        """
        request = self.store.request(request_id)
        certificate = self.store.certificate(request.code) if request else None
        if request is None or certificate is None:
            yield Step.DROPPED
            return
        if certificate.state is CertificateState.PENDING:
            if request.expires_at - self.clock() < LAST_MOMENT:
                yield Step.DROPPED
                return
            certificate = self._issue(certificate, request)
            yield Step.ISSUED
        # Before the mail, so that a request whose mail went out has a file that stays.
        if request.mail is MailState.PENDING and certificate.sha256 is not None:
            self.files.keep(certificate.code, certificate.sha256)
        if request.mail is MailState.PENDING:
            if request.email is None:
                self.store.record_mail(request.id, MailState.NONE)
            else:
                yield self._mail(certificate, request, request.email)

    def _issue(self, certificate: Certificate, request: CertificateRequest) -> Certificate:
        if request.token is None:
            # Token and state change together; a QR without its token must never be printed.
            raise StoreConflictError("a pending request lacks its token")
        pdf = self.draw(certificate, verification_url(self.base_url, certificate.code, request.token))
        sha256 = hashlib.sha256(pdf).hexdigest()
        self.files.put(certificate.code, sha256, pdf)
        return self.store.issue(certificate, request, sha256)

    def _mail(self, certificate: Certificate, request: CertificateRequest, email: str) -> Step:
        mail = compose(certificate, email, self.base_url, self.contact_email, demo=self.demo)
        outcome = self.mailer.send(mail)
        if outcome is MailOutcome.REJECTED:
            self.store.record_mail(request.id, MailState.REJECTED)
            return Step.MAIL_REFUSED
        self.store.record_mail(request.id, MailState.SENT)
        return Step.MAILED

"""What operators alone do with the data bank. No function loads it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from constancia.adapters.items import HELD, certificate_key, request_id_of, request_item
from constancia.adapters.store import DynamoCertificateStore
from constancia.adapters.table import NEW, attempts
from constancia.domain.audit import Act
from constancia.domain.certificate import Certificate, CertificateRequest, CertificateState, PersonKey
from constancia.domain.operator import Operator
from constancia.domain.ports import Accepted, StoreConflictError, Unfinished
from constancia.domain.virtual_code import VirtualCode

_PAGE = 100


class OperationsStore(DynamoCertificateStore):
    """The data bank with what only operators do and see. Every change is one with its entry in the trail."""

    def reissue(self, certificate: Certificate, request: CertificateRequest, by: Operator) -> Accepted | None:
        """Accept a certificate that is to take its original's place (`Certificate.replaces`).

        The original is superseded when this is issued, in the same transaction. One that is under way already
        is answered instead of a second one; `None`: the original stands no longer.

        Raises:
            StoreConflictError: others kept changing it, or there is nothing that it replaces.
        """
        original = certificate.replaces
        if original is None:
            raise StoreConflictError("it replaces nothing")
        same, fallen = PersonKey(f"reissue-{original}"), None
        for _ in attempts():
            writes = [
                *self._acceptance(certificate, request, same, request.expires_at, fallen),
                self._demand_issued(original),
                self._by(by, certificate.code, Act.REQUEST, "accepted"),
                self._by(by, original, Act.REISSUE, "accepted"),
            ]
            if self._table.transact(writes):
                return Accepted(request.id, existed=False)
            if self._state(original) is not CertificateState.ISSUED:
                return None
            named = self._same_request(same)
            if named is not None and self._stands(named):
                return Accepted(named, existed=named != request.id)
            fallen = named
        raise StoreConflictError("others kept changing the certificate")

    def resend(self, request: CertificateRequest, by: Operator) -> bool:
        """Write a request of which only the mail is left; false where its certificate does not stand.

        Raises:
            StoreConflictError: others kept changing it.
        """
        for _ in attempts():
            writes = [
                self._table.put(request_item(request), NEW),
                self._demand_issued(request.code),
                self._by(by, request.code, Act.RESEND, "accepted"),
            ]
            if self._table.transact(writes) or self.request(request.id):
                return True
            if self._state(request.code) is not CertificateState.ISSUED:
                return False
        raise StoreConflictError("others kept changing the certificate")

    def requests_of(self, code: VirtualCode) -> list[CertificateRequest]:
        """The requests of a certificate that are not forgotten yet, oldest first.

        By the index `certificate`, which a request is in a moment after it was written.
        """
        found = self._table.query("certificate", "certificate = :code", {":code": code}, _PAGE)
        requests = (self.request(request_id_of(item["pk"])) for item in found)
        return [request for request in requests if request is not None]

    def held_since(self, moment: datetime) -> Iterator[Unfinished]:
        """Held requests made before a moment, oldest first. Read page by page as they are taken."""
        return self._waiting(HELD, moment)

    def _demand_issued(self, code: VirtualCode) -> Any:
        issued = {":issued": CertificateState.ISSUED}
        return self._table.demand(certificate_key(code), "certificate_state = :issued", issued)

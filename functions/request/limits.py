"""How often anybody may fail to prove an identity, and how many certificates anybody may have on a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from constancia.domain.application import Application
from constancia.domain.certificate import PersonKey
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.network import household
from constancia.domain.ports import Limiter, PersonHasher, Reservation

_FAILED_IDENTITY: Final = frozenset(
    {ErrorCode.IDENTITY_MISMATCH, ErrorCode.KINSHIP_NOT_REGISTERED, ErrorCode.GUARDIAN_NOT_REGISTERED}
)


@dataclass(frozen=True, slots=True)
class Shares:
    """How many each may have; an address is shared by a school, or by half a district."""

    student: int
    applicant: int
    address: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts attempts and certificates by student, applicant and source address (docs/adr/0135, 0136)."""

    attempts: Limiter
    attempts_each: Shares
    certificates: Limiter
    certificates_each: Shares
    hasher: PersonHasher

    @contextmanager
    def attempt(self, application: Application, source_address: str) -> Iterator[None]:
        """One attempt at the identity of those named: it stays counted only where it failed for that.

        It is counted before anybody is asked. A process that ends within leaves it counted, until its window
        ends.

        Raises:
            DomainError: TOO_MANY_ATTEMPTS; or whatever is raised within.
        """
        student, applicant = application.student.document, application.applicant
        shares = {self.hasher.person(student): self.attempts_each.student}
        if applicant:
            shares[self.hasher.person(applicant.document)] = self.attempts_each.applicant
        shares[self._address(source_address)] = self.attempts_each.address
        reservation = self.attempts.reserve(shares)
        try:
            yield
        except Exception as error:
            if not (isinstance(error, DomainError) and error.code.public in _FAILED_IDENTITY):
                self.attempts.give_back(reservation)
            raise
        self.attempts.give_back(reservation)

    def take_certificate(self, application: Application, source_address: str) -> Reservation:
        """Count one certificate of today. Only for those who are shown to be who they say.

        Else a stranger would learn here how many certificates somebody had.

        Raises:
            DomainError: DAILY_LIMIT_REACHED.
        """
        student, applicant = application.student.document, application.applicant
        shares = {
            self.hasher.key("certificates-of", student.type, student.number): self.certificates_each.student
        }
        if applicant:
            document = applicant.document
            asked_by = self.hasher.key("certificates-asked-by", document.type, document.number)
            shares[asked_by] = self.certificates_each.applicant
        shares[self._address(source_address)] = self.certificates_each.address
        return self.certificates.reserve(shares)

    def give_certificate_back(self, reservation: Reservation) -> None:
        """Nothing came of it."""
        self.certificates.give_back(reservation)

    def _address(self, source_address: str) -> PersonKey:
        return self.hasher.key("source-address", household(source_address))

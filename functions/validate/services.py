"""What validate does, over the ports it is given (`validate.wiring` gives the real ones)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from constancia.domain.audit import Act, Role, Witness
from constancia.domain.certificate import LockedCertificate
from constancia.domain.emblems import DEFAULT_EMBLEM
from constancia.domain.errors import DomainError
from constancia.domain.identity import IdentityDocument
from constancia.domain.ports import Clock, FileLinks
from constancia.domain.verification import (
    FileReader,
    FileVerification,
    Grant,
    QrToken,
    Verification,
    downloadable,
    verify,
    verify_file,
)
from constancia.domain.virtual_code import VirtualCode, grouped
from constancia.web.journal import Journal
from validate.guesses import Guesses
from validate.reading import Question

_ROLES: Final = {"code": Role.PUBLIC, "document": Role.DOCUMENT, "token": Role.TOKEN}
"""By what was shown (`Question.shown`)."""


@dataclass(slots=True)
class _Look:
    """One look into the store, and whether a certificate is there: for the audit trail, for no answer."""

    store: FileReader
    found: bool = False

    def locked(self, code: VirtualCode) -> LockedCertificate | None:
        certificate = self.store.locked(code)
        self.found = certificate is not None
        return certificate

    def by_digest(self, sha256: str) -> VirtualCode | None:
        return self.store.by_digest(sha256)


@dataclass(frozen=True, slots=True)
class Services:
    """Store, files, the seal's chain and clock, with what is asked of them.

    The clients of files and chain wait for the first who asks.
    """

    store: FileReader
    files: Callable[[], FileLinks]
    seal_chain: Callable[[], str | None]
    """The certificates of the seal as PEM, leaf first; None until they are installed."""
    guesses: Guesses
    witness: Witness
    clock: Clock
    journal: Journal
    demo: bool
    """Whether this site is a demonstration."""
    emblem: str = DEFAULT_EMBLEM
    """The name of the emblem that pages show."""

    def verify(self, question: Question, source_address: str) -> Verification:
        """Answer a question. The log says what was shown and found, never of which certificate.

        That is the audit trail's to say: there is no answer without its entry.

        Raises:
            DomainError: TOO_MANY_ATTEMPTS, where documents were guessed (`validate.guesses`).
        """

        def ask() -> Verification:
            look = _Look(self.store)
            answer = verify(look, question.code, question.proof, self.clock())
            act = Act.OPEN if question.proof else Act.VERIFY
            role = _ROLES[question.shown]
            self.witness.saw(question.code, act, role, answer.verdict, source_address, known=look.found)
            return answer

        guessable = isinstance(question.proof, IdentityDocument)
        answer = self.guesses.watch(question.code, source_address, ask) if guessable else ask()
        self.journal.logger.info("verified", shown=question.shown, verdict=answer.verdict.value)
        return answer

    def verify_file(self, sha256: str, source_address: str) -> FileVerification:
        """Answer whether a file is one that was issued. The log says what was found, never of which file.

        The audit trail has an entry for the certificate whose file it is; a file of nobody's is no access.
        """
        answer = verify_file(self.store, sha256, self.clock())
        if answer.certificate:
            code = answer.certificate.code
            self.witness.saw(code, Act.CHECK_FILE, Role.FILE, answer.verdict, source_address)
        self.journal.logger.info("verified", shown="file", verdict=answer.verdict.value)
        return answer

    def download_url(self, code: VirtualCode, right: Grant | QrToken, source_address: str) -> str:
        """A presigned link to a certificate's file. The audit trail tells that it was given, or why not.

        Raises:
            DomainError: as `constancia.domain.verification.downloadable`.
        """
        look = _Look(self.store)
        role = Role.GRANT if isinstance(right, Grant) else Role.TOKEN

        def saw(outcome: str) -> None:
            self.witness.saw(code, Act.DOWNLOAD, role, outcome, source_address, known=look.found)

        try:
            file = downloadable(look, code, right, self.clock())
        except DomainError as refusal:
            saw(refusal.code)
            raise
        saw("given")
        filename = f"constancia-{grouped(file.code)}.pdf"
        return self.files().download_url(file.code, file.sha256, filename)

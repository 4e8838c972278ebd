"""What validate does, over the ports it is given (`validate.wiring` gives the real ones)."""

from collections.abc import Callable
from dataclasses import dataclass

from constancia.domain.emblems import DEFAULT_EMBLEM
from constancia.domain.identity import IdentityDocument
from constancia.domain.ports import Clock, FileStore
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


@dataclass(frozen=True, slots=True)
class Services:
    """Store, files, the seal's chain and clock, with what is asked of them.

    The clients of files and chain wait for the first who asks.
    """

    store: FileReader
    files: Callable[[], FileStore]
    seal_chain: Callable[[], str | None]
    """The certificates of the seal as PEM, leaf first; None until they are installed."""
    guesses: Guesses
    clock: Clock
    journal: Journal
    demo: bool
    """Whether this site is a demonstration."""
    emblem: str = DEFAULT_EMBLEM
    """The name of the emblem that pages show."""

    def verify(self, question: Question, source_address: str) -> Verification:
        """Answer a question. The log says what was shown and found, never of which certificate.

        Raises:
            DomainError: TOO_MANY_ATTEMPTS, where documents were guessed (`validate.guesses`).
        """

        def ask() -> Verification:
            return verify(self.store, question.code, question.proof, self.clock())

        guessable = isinstance(question.proof, IdentityDocument)
        answer = self.guesses.watch(question.code, source_address, ask) if guessable else ask()
        self.journal.logger.info("verified", shown=question.shown, verdict=answer.verdict.value)
        return answer

    def verify_file(self, sha256: str) -> FileVerification:
        """Answer whether a file is one that was issued. The log says what was found, never of which file."""
        answer = verify_file(self.store, sha256, self.clock())
        self.journal.logger.info("verified", shown="file", verdict=answer.verdict.value)
        return answer

    def download_url(self, code: VirtualCode, right: Grant | QrToken) -> str:
        """A presigned link to a certificate's file.

        Raises:
            DomainError: as `constancia.domain.verification.downloadable`.
        """
        file = downloadable(self.store, code, right, self.clock())
        filename = f"constancia-{grouped(file.code)}.pdf"
        return self.files().download_url(file.code, file.sha256, filename)

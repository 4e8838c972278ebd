"""Bounds how often the number of a document may be guessed.

A virtual code is on every copy of a certificate, and a DNI has eight digits, fewer where year and school are
known. The QR's token has 128 random bits: it needs no count, nor does the code alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from constancia.domain.messages import N_
from constancia.domain.network import household
from constancia.domain.ports import Limiter, PersonHasher
from constancia.domain.verification import Verdict, Verification
from constancia.domain.virtual_code import VirtualCode
from constancia.web.problems import ProblemText

PAUSE: Final = ProblemText(
    HTTPStatus.TOO_MANY_REQUESTS,
    N_("Demasiados números de documento equivocados"),
    N_(
        "Con ese código virtual, o desde esta conexión a internet, se probaron varios números de documento "
        "que no abren ninguna constancia. Por seguridad hicimos una pausa. No dice nada de la constancia "
        "que usted tiene."
    ),
    N_(
        "Verifique con el código QR de la constancia, que no espera, o solo con el código virtual. Con el "
        "número de documento, vuelva a intentar cuando termine la pausa."
    ),
    retry_after=3600,
)
"""What TOO_MANY_ATTEMPTS says here."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """Counts wrong documents by virtual code and by source address (docs/adr/0137)."""

    limiter: Limiter
    hasher: PersonHasher
    per_code: int
    per_address: int

    def watch(self, code: VirtualCode, source_address: str, ask: Callable[[], Verification]) -> Verification:
        """Ask what a code and a document tell; that it was asked stays counted where nothing was opened.

        It is counted before anything is read, and for every code alike, be there a certificate or not.

        Raises:
            DomainError: TOO_MANY_ATTEMPTS.
        """
        reservation = self.limiter.reserve(
            {
                self.hasher.key("guessed-code", code): self.per_code,
                self.hasher.key("source-address", household(source_address)): self.per_address,
            }
        )
        try:
            answer = ask()
        except Exception:
            self.limiter.give_back(reservation)
            raise
        if answer.verdict is not Verdict.UNKNOWN:
            self.limiter.give_back(reservation)
        return answer

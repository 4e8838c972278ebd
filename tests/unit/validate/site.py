"""Validate's routes over stores in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from io import StringIO
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from constancia.domain.certificate import Certificate, LockedCertificate
from constancia.domain.virtual_code import VirtualCode
from constancia.web.journal import Journal
from tests.builders import NOW
from tests.fakes import InMemoryLimiter, InMemoryTrail, a_hasher, a_witness
from validate.guesses import Guesses
from validate.services import Services
from validate.wiring import new_app

FILE_URL = "https://files.example/signed"


@dataclass
class Files:
    """Gives one link for all files, and keeps what was asked."""

    asked: list[tuple[VirtualCode, str, str]] = field(default_factory=list)

    def download_url(self, code: VirtualCode, sha256: str, filename: str) -> str:
        self.asked.append((code, sha256, filename))
        return FILE_URL


@dataclass
class Site:
    """Answers events; counts reads; keeps the log."""

    certificates: tuple[Certificate, ...] = ()
    now: datetime = NOW
    seal_chain: str | None = None
    demo: bool = False
    reads: int = 0
    guesses_per_code: int = 1000
    guesses_per_address: int = 1000
    files: Files = field(default_factory=Files)
    trail: InMemoryTrail = field(default_factory=InMemoryTrail)
    log: StringIO = field(default_factory=StringIO)
    counted: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.limiter = InMemoryLimiter(lambda: self.now, window=lambda at: at + timedelta(hours=1))

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        return self._app.resolve(event, None)  # type: ignore[arg-type]

    def locked(self, code: VirtualCode) -> LockedCertificate | None:
        self.reads += 1
        return next((LockedCertificate.of(found) for found in self.certificates if found.code == code), None)

    def by_digest(self, sha256: str) -> VirtualCode | None:
        self.reads += 1
        return next((found.code for found in self.certificates if found.sha256 == sha256), None)

    def _count(self, metric: str, dimension: str, value: str) -> None:
        self.counted.append((metric, dimension, value))

    @cached_property
    def _app(self) -> APIGatewayRestResolver:
        # A logger of its own for each site: Powertools keeps the first stream of a name.
        logger = Logger(service=f"validate-{uuid4()}", stream=self.log)
        services = Services(
            store=self,
            files=lambda: self.files,
            seal_chain=lambda: self.seal_chain,
            guesses=Guesses(self.limiter, a_hasher(), self.guesses_per_code, self.guesses_per_address),
            witness=a_witness(self.trail, lambda: self.now),
            clock=lambda: self.now,
            journal=Journal(logger, self._count),
            demo=self.demo,
        )
        return new_app(services)

"""Validate's own wiring, with a clock that is set."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger

from constancia.web.journal import Journal
from tests.builders import NOW
from tests.fakes import a_hasher
from validate.settings import Settings
from validate.wiring import new_app, wire


@dataclass
class Validate:
    """Answers events of API Gateway over the boto3 clients that there are."""

    settings: Settings
    now: datetime = NOW
    log: StringIO = field(default_factory=StringIO)

    def __post_init__(self) -> None:
        # Of a name of its own: Powertools keeps the first stream of a name.
        logger = Logger(service=f"validate-{uuid4()}", stream=self.log)
        services = wire(self.settings, logger, lambda: self.now)
        self.services = replace(
            services,
            journal=Journal(logger, lambda *_: None),
            guesses=replace(services.guesses, hasher=a_hasher()),
            witness=replace(services.witness, hasher=a_hasher()),
        )
        self._app = new_app(self.services)

    def answer(self, call: dict[str, Any]) -> dict[str, Any]:
        return self._app.resolve(call, None)  # type: ignore[arg-type]

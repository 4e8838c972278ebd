"""Sending requests to render."""

from dataclasses import dataclass

from aws_lambda_powertools import Logger

from constancia.domain.certificate import RequestId, log_name
from constancia.domain.ports import RenderQueue


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The way to render's queue that may fail: a request stands in the store, and the sweep finds it."""

    queue: RenderQueue
    logger: Logger

    def send(self, request_id: RequestId) -> None:
        """Queue a request, or log that it was not."""
        try:
            self.queue.send(request_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the request is accepted
            self.logger.warning("not queued", request=log_name(request_id), error=type(error).__name__)

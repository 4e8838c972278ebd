"""What a public function tells those who run it: lines of the log, and counts. Neither names anybody."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit

from constancia.domain.errors import DomainError

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

_one_line_at_a_time: Final = threading.Lock()

type Count = Callable[[str, str, str], None]
"""Counts one of a metric, under a dimension and its value."""


def count_in_cloudwatch(metric: str, dimension: str, value: str) -> None:
    """Count one in CloudWatch's embedded metric format, in a line of the log that is written at once.

    Each has a dimension of its own, so there is nothing to gather and flush at the end of an invocation.
    """
    with single_metric(name=metric, unit=MetricUnit.Count, value=1) as one:
        one.add_dimension(dimension, value)


def count_upstream(registry: str, trouble: str | None, milliseconds: float | None) -> None:
    """Tell CloudWatch how long a registry took, where it was asked, and what went wrong, if anything did.

    `UpstreamMillis` by registry, `UpstreamErrors` by registry and kind. For several threads at once.
    """
    with _one_line_at_a_time:
        if milliseconds is not None:
            with single_metric(
                name="UpstreamMillis", unit=MetricUnit.Milliseconds, value=milliseconds
            ) as one:
                one.add_dimension("registry", registry)
        if trouble is not None:
            with single_metric(name="UpstreamErrors", unit=MetricUnit.Count, value=1) as one:
                one.add_dimension("registry", registry)
                one.add_dimension("kind", trouble)


@dataclass(frozen=True, slots=True)
class Journal:
    """Log and counts of a function. Codes and choices may be counted, never what a person typed."""

    logger: "Logger"
    count: Count = count_in_cloudwatch

    def refused(self, error: DomainError) -> None:
        """A refusal, by its precise code, which the public does not see."""
        self.logger.info("refused", code=error.code.value)
        self.count("Refusals", "code", error.code.value)

"""Entry point of render: messages of accepted requests, and the schedule that sweeps."""

import traceback
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from constancia.adapters.queue import CORRELATION_ATTRIBUTE, RenderMessage
from constancia.domain.certificate import log_name
from constancia.settings import read_settings
from render.settings import Settings
from render.wiring import wire

logger = Logger()
metrics = Metrics()
services = wire(read_settings(Settings), logger)
# A batch in which all failed is answered like any other: raising would log messages that may quote data.
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


class RenderFailedError(Exception):
    """Stands for whatever went wrong with a message; carries nothing of it."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Render a batch of messages and answer which are to come again, or sweep when the schedule calls."""
    if "Records" in event:
        return dict(process_partial_response(event, _render, processor, context))
    logger.set_correlation_id(event["id"])
    swept = services.sweep()
    metrics.add_metric("RequestsSwept", MetricUnit.Count, swept)
    logger.info("swept", requests=swept)
    return {}


def _render(record: SQSRecord) -> None:
    attribute = record.message_attributes[CORRELATION_ATTRIBUTE]
    logger.set_correlation_id((attribute and attribute.string_value) or record.message_id)
    metrics.add_metric("MessagesReceived", MetricUnit.Count, 1)
    try:
        message = RenderMessage.parse(record.body)
        request = log_name(message.request_id)
        for step in services.render(message.request_id):
            metrics.add_metric(step, MetricUnit.Count, 1)
            logger.info(step.name.lower(), request=request)
    except Exception as error:  # noqa: BLE001 - nothing may pass on with its message
        metrics.add_metric("RendersFailed", MetricUnit.Count, 1)
        logger.error("failed", **_facts(error))  # noqa: TRY400 - a traceback ends in the message
        raise RenderFailedError from None


def _facts(error: Exception) -> dict[str, Any]:
    """What may be logged of an exception: its type and its places. Its message may quote personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "where": [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames],
    }

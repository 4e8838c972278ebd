"""Entry point of render: messages of accepted requests, and the schedule that sweeps."""

from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from constancia.adapters.queue import CORRELATION_ATTRIBUTE, RenderMessage
from constancia.domain.certificate import RequestId, log_name
from constancia.settings import read_settings
from render.failures import Delivery, OutOfTimeError, UnreadableMessageError, facts_of
from render.settings import Settings
from render.wiring import wire

logger = Logger()
metrics = Metrics()
services = wire(read_settings(Settings), logger)
# A batch in which all failed is answered like any other: raising would log messages that may quote data.
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)

LEAST_MILLIS: Final = 15_000
"""No message is begun with less of the 30 s left: waiting for AWS or a time stamp, it could be cut off
between file and record (docs/adr/0071)."""


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


def _render(record: SQSRecord, lambda_context: LambdaContext) -> None:
    attribute = record.message_attributes[CORRELATION_ATTRIBUTE]
    logger.set_correlation_id((attribute and attribute.string_value) or record.message_id)
    metrics.add_metric("MessagesReceived", MetricUnit.Count, 1)
    receives = int(record.attributes.approximate_receive_count)
    try:
        request_id = _read(record.body)
    except UnreadableMessageError as error:
        _fail(Delivery(record.body, None, receives), error)
        return
    if lambda_context.get_remaining_time_in_millis() < LEAST_MILLIS:
        _fail(Delivery(record.body, request_id, receives), OutOfTimeError())
        return
    try:
        for step in services.render(request_id):
            metrics.add_metric(step, MetricUnit.Count, 1)
            logger.info(step.name.lower(), request=log_name(request_id))
    except Exception as error:  # noqa: BLE001 - nothing may pass on with its message
        _fail(Delivery(record.body, request_id, receives), error)


def _read(body: str) -> RequestId:
    try:
        return RenderMessage.parse(body).request_id
    except ValueError:
        raise UnreadableMessageError from None


def _fail(delivery: Delivery, error: Exception) -> None:
    """Give a message up with its reason, or let it come again.

    Raises:
        RenderFailedError: it comes again.
    """
    request = log_name(delivery.request_id) if delivery.request_id else None
    metrics.add_metric("RendersFailed", MetricUnit.Count, 1)
    logger.error("failed", request=request, **facts_of(error))
    try:
        given_up = services.give_up(delivery, error)
    except Exception as second:  # noqa: BLE001 - nothing may pass on with its message
        logger.error("not given up", request=request, **facts_of(second))  # noqa: TRY400 - as above
        raise RenderFailedError from None
    if given_up is None:
        raise RenderFailedError from None
    reason = given_up.failure.reason
    logger.error("given up", request=request, reason=reason, held=given_up.held)
    with single_metric(name="MessagesGivenUp", unit=MetricUnit.Count, value=1) as one:
        one.add_dimension("reason", reason)

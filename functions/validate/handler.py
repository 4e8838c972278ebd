"""Entry point of validate: whoever verifies a certificate, by page or by API."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from constancia.settings import read_settings
from validate.settings import Settings
from validate.wiring import new_app, wire

logger = Logger()
app = new_app(wire(read_settings(Settings), logger))


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of API Gateway."""
    return app.resolve(event, context)

"""template.yaml and the code agree on routes and settings."""

from dataclasses import fields

from constancia.settings import read_settings
from infra.openapi import Route, request_routes, validate_routes
from request.settings import Settings
from tests.conftest import Aws

_READ_BY_LIBRARIES = {"LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME"}
_FOR_EVERY_FUNCTION = {"STAGE", "TABLE_NAME", "BUCKET_NAME"}


def routes(aws: Aws, function: str) -> set[Route]:
    return {(one.method, one.path) for one in aws.stack.api.routes if one.function == function}


def test_the_template_s_events_are_the_routes_of_the_code(aws: Aws) -> None:
    assert routes(aws, "RequestFunction") == request_routes()
    assert routes(aws, "ValidateFunction") == validate_routes()


def test_the_settings_are_what_the_template_sets(aws: Aws) -> None:
    environment = {
        name: value
        for name, value in aws.environment("RequestFunction").items()
        if not name.startswith("AWS_")  # Lambda's own
    }
    names = {field.name.upper() for field in fields(Settings)}

    assert names <= set(environment)
    assert set(environment) - names <= _READ_BY_LIBRARIES | _FOR_EVERY_FUNCTION
    assert read_settings(Settings, environment).terms_version == "2026-11"

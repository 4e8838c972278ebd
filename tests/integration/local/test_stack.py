"""Functions, routes, event sources and outputs as the platform reads them from template.yaml."""

from pathlib import Path

from infra.local.stack import Route
from tests.conftest import TEMPLATE, Aws


def test_functions_have_their_handler_timeout_and_folder(aws: Aws) -> None:
    functions = {function.logical_id: function for function in aws.stack.functions}
    request = functions["RequestFunction"]
    assert request.handler == "request.handler.handler"
    assert request.timeout == 29
    assert request.folder == Path(TEMPLATE.parent / "functions")
    assert request.name == "constancia-RequestFunction"
    assert request.log_format == "JSON"


def test_every_route_of_the_template_leads_to_its_function(aws: Aws) -> None:
    routes = aws.stack.api.routes
    assert Route("POST", "/api/v1/requests", "RequestFunction") in routes
    assert Route("HEAD", "/validate/{code}", "ValidateFunction") in routes
    assert len(routes) == len(set(routes))


def test_the_stage_throttles_and_the_gateway_answers_in_spanish(aws: Aws) -> None:
    api = aws.stack.api
    (everything,) = (throttle for throttle in api.throttles if throttle.path == "/*")
    assert (everything.method, everything.rate, everything.burst) == ("*", 200, 400)
    assert api.responses["MISSING_AUTHENTICATION_TOKEN"].status == 404
    assert "no existe" in api.responses["MISSING_AUTHENTICATION_TOKEN"].templates["application/problem+json"]


def test_answers_are_compressed_and_addresses_of_nobody_lead_to_a_page(aws: Aws) -> None:
    assert aws.stack.api.compressed_from == 1024
    assert Route("GET", "/{proxy+}", "RequestFunction") in aws.stack.api.routes


def test_render_takes_the_queue_and_sweeps(aws: Aws) -> None:
    (source,) = aws.stack.queue_sources
    assert (source.function, source.batch_size, source.partial_failures) == ("RenderFunction", 5, True)
    assert source.queue_arn == aws.stack.attribute("RenderQueue", "Arn")
    (schedule,) = aws.stack.schedules
    assert (schedule.function, schedule.seconds) == ("RenderFunction", 300)


def test_outputs_name_what_stands(aws: Aws) -> None:
    assert aws.stack.outputs["TableName"] == aws.ref("Table")
    assert aws.stack.outputs["Url"].startswith("https://")

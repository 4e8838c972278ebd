"""What stands after provisioning: names, functions, routes, event sources, outputs, from the template."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.template import REGION, Lookup, Resource, Template, TemplateError

PLAYED = frozenset(
    {
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::Events::Rule",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
    }
)
"""Types that the local platform plays itself: nothing is made of them in moto."""

_IGNORED: Mapping[str, frozenset[str]] = {
    "AWS::Lambda::Function": frozenset(
        # where and as whom Lambda runs a function; locally it runs in the development environment
        {
            "Architectures",
            "Description",
            "KmsKeyArn",
            "Layers",
            "RecursiveLoop",
            "Role",
            "Runtime",
            "Tags",
            "TracingConfig",
        }
    ),
    # how many batches Lambda takes at once; locally one a poller
    "AWS::Lambda::EventSourceMapping": frozenset({"ScalingConfig", "Tags"}),
    "AWS::Events::Rule": frozenset({"Description", "Name"}),
    "AWS::ApiGateway::RestApi": frozenset(
        {"Description", "EndpointConfiguration", "FailOnWarnings", "Name", "Parameters", "Tags"}
    ),
    "AWS::ApiGateway::Stage": frozenset(
        {"DeploymentId", "Description", "RestApiId", "Tags", "TracingEnabled"}
    ),
}
"""Properties without an effect on what functions and citizens see; others that are not read are refused."""

_COLONS_OF_AN_ALIAS = 7  # arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS


@dataclass(frozen=True)
class Function:
    """A function as Lambda would run it. Times in seconds, memory in MB."""

    logical_id: str
    name: str
    arn: str
    handler: str
    timeout: float
    memory: int
    environment: Mapping[str, str]
    folder: Path
    log_format: str
    log_group: str


@dataclass(frozen=True)
class Route:
    """A method of the public API and the function (logical id) that answers it."""

    method: str
    path: str
    function: str


@dataclass(frozen=True)
class GatewayResponse:
    """What the gateway itself answers in a certain case; None and empty where the default stands."""

    status: int | None
    headers: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True)
class Throttle:
    """A rate in requests a second and the burst over it, for the methods that a setting names (`*`: all)."""

    method: str
    path: str
    rate: float
    burst: int


@dataclass(frozen=True)
class Api:
    """The REST API with its one stage."""

    id: str
    stage: str
    routes: tuple[Route, ...]
    binary_types: tuple[str, ...]
    responses: Mapping[str, GatewayResponse]
    throttles: tuple[Throttle, ...]
    access_log_format: str | None
    compressed_from: int | None = None
    """Bytes from which a body is compressed for callers who take it so; None: never."""


@dataclass(frozen=True)
class QueueSource:
    """A queue whose messages a function takes in batches."""

    function: str
    queue_arn: str
    batch_size: int
    partial_failures: bool


@dataclass(frozen=True)
class Schedule:
    """A rule that calls a function at a rate, in seconds."""

    function: str
    name: str
    rule_arn: str
    seconds: float


class Stack:
    """A provisioned template."""

    def __init__(self, template: Template, lookup: Lookup) -> None:
        self.template = template
        self._lookup = lookup

    def ref(self, logical_id: str) -> str:
        """The physical name of a resource: a table's name, a queue's URL, a key's id, ..."""
        return str(self._lookup(logical_id, None))

    def attribute(self, logical_id: str, name: str) -> str:
        """What GetAtt gives for a resource, such as its `Arn`."""
        return str(self._lookup(logical_id, name))

    @property
    def outputs(self) -> dict[str, str]:
        """The template's outputs by name."""
        return {name: str(self._resolve(value)) for name, value in self.template.outputs.items()}

    def environment(self, function: str) -> dict[str, str]:
        """The environment of a function, by logical id: the template's variables and the region."""
        variables = self.function(function).environment
        return {**variables, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}

    def function(self, logical_id: str) -> Function:
        """A function by logical id."""
        resource = self.template.resources.get(logical_id)
        if resource is None or resource.type != "AWS::Lambda::Function":
            raise TemplateError(f"{logical_id} is no function of the template")
        properties = self._properties(
            resource,
            (
                "Code", "Environment", "FunctionName", "Handler", "LoggingConfig", "MemorySize", "Timeout",
            ),
        )  # fmt: skip
        name, logging = self.ref(logical_id), properties.get("LoggingConfig", {})
        return Function(
            logical_id=logical_id,
            name=name,
            arn=self.attribute(logical_id, "Arn"),
            handler=properties["Handler"],
            timeout=float(properties.get("Timeout", 3)),
            memory=int(properties.get("MemorySize", 128)),
            environment={
                name: str(value)
                for name, value in properties.get("Environment", {}).get("Variables", {}).items()
            },
            folder=self.template.code_folder(properties["Code"]),
            log_format=logging.get("LogFormat", "Text"),
            log_group=logging.get("LogGroup", f"/aws/lambda/{name}"),
        )

    @property
    def functions(self) -> tuple[Function, ...]:
        """All functions."""
        return tuple(
            self.function(resource.logical_id) for resource in self.template.of_type("AWS::Lambda::Function")
        )

    @property
    def queue_sources(self) -> tuple[QueueSource, ...]:
        """The queues that functions are fed from."""
        return tuple(map(self._queue_source, self.template.of_type("AWS::Lambda::EventSourceMapping")))

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The schedules that call functions, those that are disabled left out."""
        return tuple(
            schedule
            for rule in self.template.of_type("AWS::Events::Rule")
            for schedule in self._schedules(rule)
        )

    @property
    def api(self) -> Api:
        """The REST API."""
        (rest_api,) = self.template.of_type("AWS::ApiGateway::RestApi")
        (stage,) = self.template.of_type("AWS::ApiGateway::Stage")
        properties = self._properties(rest_api, ("BinaryMediaTypes", "Body", "MinimumCompressionSize"))
        stage_properties = self._properties(stage, ("AccessLogSetting", "MethodSettings", "StageName"))
        body = properties["Body"]
        return Api(
            id=self.ref(rest_api.logical_id),
            stage=stage_properties["StageName"],
            routes=tuple(self._routes(body.get("paths", {}))),
            binary_types=(
                *properties.get("BinaryMediaTypes", ()),
                *body.get("x-amazon-apigateway-binary-media-types", ()),
            ),
            responses={
                kind: _gateway_response(response)
                for kind, response in body.get("x-amazon-apigateway-gateway-responses", {}).items()
            },
            throttles=tuple(_throttles(stage_properties.get("MethodSettings", ()))),
            access_log_format=stage_properties.get("AccessLogSetting", {}).get("Format"),
            compressed_from=_size(properties.get("MinimumCompressionSize")),
        )

    def _resolve(self, value: Any) -> Any:
        return self.template.resolve(value, self._lookup)

    def _properties(self, resource: Resource, understood: Iterable[str]) -> dict[str, Any]:
        """The resolved properties that are understood; refuses any other that is not known to be harmless."""
        ignored = _IGNORED.get(resource.type, frozenset())
        _refuse_unknown(
            f"{resource.type} {resource.logical_id}", resource.properties, {*understood, *ignored}
        )
        return dict(
            self._resolve({key: value for key, value in resource.properties.items() if key not in ignored})
        )

    def _function_of(self, arn_or_name: str) -> str:
        """The function that a name, an ARN, or an alias's ARN leads to."""
        if arn_or_name.count(":") == _COLONS_OF_AN_ALIAS:
            arn_or_name = arn_or_name.rpartition(":")[0]
        for resource in self.template.of_type("AWS::Lambda::Function"):
            if arn_or_name in {self.ref(resource.logical_id), self.attribute(resource.logical_id, "Arn")}:
                return resource.logical_id
        raise TemplateError(f"{arn_or_name} is no function of the template")

    def _queue_source(self, resource: Resource) -> QueueSource:
        properties = self._properties(
            resource,
            ("BatchSize", "EventSourceArn", "FunctionName", "FunctionResponseTypes"),
        )
        arn = properties["EventSourceArn"]
        if not arn.startswith("arn:aws:sqs:"):
            raise TemplateError(f"{resource.logical_id}: only queues can be event sources locally, not {arn}")
        return QueueSource(
            function=self._function_of(properties["FunctionName"]),
            queue_arn=arn,
            batch_size=int(properties.get("BatchSize", 10)),
            partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", ()),
        )

    def _schedules(self, rule: Resource) -> Iterable[Schedule]:
        properties = self._properties(rule, ("ScheduleExpression", "State", "Targets"))
        if properties.get("State") == "DISABLED":
            return
        seconds = _rate_seconds(rule.logical_id, properties["ScheduleExpression"])
        for target in properties["Targets"]:
            _refuse_unknown(f"target of {rule.logical_id}", target, {"Arn", "Id"})
            arn = self.attribute(rule.logical_id, "Arn")
            yield Schedule(self._function_of(target["Arn"]), self.ref(rule.logical_id), arn, seconds)

    def _routes(self, paths: Mapping[str, Any]) -> Iterable[Route]:
        for path, methods in paths.items():
            for method, operation in methods.items():
                _refuse_unknown(
                    f"{method} {path}", operation, {"responses", "x-amazon-apigateway-integration"}
                )
                integration = operation["x-amazon-apigateway-integration"]
                _refuse_unknown(f"integration of {method} {path}", integration, {"httpMethod", "type", "uri"})
                if integration["type"] != "aws_proxy":
                    raise TemplateError(f"{method} {path}: only Lambda proxy integrations run locally")
                arn = integration["uri"].partition("/functions/")[2].removesuffix("/invocations")
                name = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
                yield Route(name, path, self._function_of(arn))


def _size(bytes_: object) -> int | None:
    return None if bytes_ is None else int(str(bytes_))


def _refuse_unknown(what: str, value: Mapping[str, Any], known: set[str]) -> None:
    if unknown := set(value) - known:
        raise TemplateError(f"{what}: {sorted(unknown)} is not supported locally ({__name__})")


def _gateway_response(response: Mapping[str, Any]) -> GatewayResponse:
    prefix = "gatewayresponse.header."
    parameters = response.get("responseParameters", {})
    if other := [name for name in parameters if not name.startswith(prefix)]:
        raise TemplateError(f"gateway response parameters {other} are not supported locally")
    status = response.get("statusCode")
    return GatewayResponse(
        status=int(status) if status else None,
        headers={name.removeprefix(prefix): value.strip("'") for name, value in parameters.items()},
        templates=response.get("responseTemplates", {}),
    )


def _throttles(settings: Iterable[Mapping[str, Any]]) -> Iterable[Throttle]:
    observed = {"DataTraceEnabled", "LoggingLevel", "MetricsEnabled"}
    limits = {"ThrottlingBurstLimit", "ThrottlingRateLimit"}
    for setting in settings:
        _refuse_unknown("MethodSettings", setting, {"HttpMethod", "ResourcePath"} | observed | limits)
        if limits & set(setting):
            # AWS's own default limits stand where a setting names only one of them
            rate, burst = (
                setting.get("ThrottlingRateLimit", 10_000),
                setting.get("ThrottlingBurstLimit", 5_000),
            )
            # a slash, then the path with its own slashes as ~1
            path = setting["ResourcePath"]
            path = path if path in {"/", "/*"} else path[1:].replace("~1", "/")
            yield Throttle(setting["HttpMethod"], path, float(rate), int(burst))


def _rate_seconds(name: str, expression: str) -> float:
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if not found:
        raise TemplateError(f"{name}: schedule {expression!r} is not supported locally; only rate(...) is")
    return int(found[1]) * {"minute": 60.0, "hour": 3600.0, "day": 86400.0}[found[2]]

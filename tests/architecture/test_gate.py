"""The gate before the functions: throttles by route, the firewall, usage plans (docs/reliability.md)."""

import json
import re
from typing import Any

import pytest

from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.problems import problem_of
from infra.local.clients import ClientFactory
from infra.local.gateway import Gateway, Request
from infra.local.runtime import Outcome
from infra.local.stack import Route
from infra.local.template import ACCOUNT, REGION, Template, read_template
from request.schemas import ApplicationSchema
from tests.architecture.firewall import PASSED, Call, Met, meet
from tests.conftest import TEMPLATE, Aws

FIREWALL = TEMPLATE.parent / "infra/firewall.yaml"
STAGE = f"arn:aws:apigateway:{REGION}::/restapis/api/stages/dev"
COMMON_BODY = 8 * 1024
"""Bytes that the common rule set lets a body have (SizeRestrictions_BODY)."""
INSPECTED = 16 * 1024
"""Bytes of a body that WAF reads before a regional API."""

ON_A_LIST = ("awswaf:managed:aws:anonymous-ip-list:HostingProviderIPList",)
REPUTED = ("awswaf:managed:aws:amazon-ip-list:AWSManagedIPReputationList",)


@pytest.fixture(scope="module")
def firewall() -> Template:
    return read_template(
        FIREWALL, {"Stage": "dev", "StageArn": STAGE, "LogKeyArn": "arn:aws:kms:key", "LogDays": "90"}
    )


def properties(template: Template, logical_id: str) -> Any:
    """A resource's properties, references to other resources as their logical ids."""
    return template.resolve(
        template.resources[logical_id].properties,
        lambda name, attribute: f"{name}.{attribute}" if attribute else name,
    )


@pytest.fixture(scope="module")
def acl(firewall: Template) -> Any:
    return properties(firewall, "Firewall")


# ------------------------------------------------------------------ throttles by route

DEAR = {
    ("POST", "/request"),
    ("POST", "/request/draft/{draft}/{page}"),
    ("POST", "/api/v1/requests"),
    ("POST", "/validate"),
    ("POST", "/validate/file"),
    ("POST", "/api/v1/validations"),
    ("POST", "/api/v1/files"),
    ("GET", "/api/v1/certificates/{code}/pdf"),
}


def test_every_throttle_names_a_route_that_there_is(aws: Aws) -> None:
    api = aws.stack.api
    routes = {(route.method, route.path) for route in api.routes}

    assert {(one.method, one.path) for one in api.throttles} - {("*", "/*")} <= routes


def test_dear_routes_have_less_than_pages_and_files_more(aws: Aws) -> None:
    rates = {(one.method, one.path): one.rate for one in aws.stack.api.throttles}
    everything = rates.pop(("*", "/*"))

    assert {route for route, rate in rates.items() if rate < everything} == DEAR
    assert rates["GET", "/static/{name}"] > everything
    assert rates["POST", "/api/v1/requests"] == min(rates.values())


@pytest.mark.parametrize("path", ["/request", "/api/v1/requests", "/validate"])
def test_a_flood_of_posts_is_refused_and_pages_go_on(aws: Aws, path: str) -> None:
    def answer(_function: str, _event: object) -> Outcome:
        return Outcome(b'{"statusCode": 200, "body": ""}', None)

    gateway = Gateway(aws.stack.api, answer, lambda _line: None)
    (burst,) = (one.burst for one in aws.stack.api.throttles if (one.method, one.path) == ("POST", path))

    def status(method: str, path: str) -> int:
        return gateway.answer(Request(method, path, [], b"", "192.0.2.1")).status

    statuses = [status("POST", path) for _ in range(2 * burst)]
    pages = [status("GET", page) for page in ("/", "/request", "/validate", "/static/site.css")]
    gateway.close()

    assert statuses[:burst] == [200] * burst
    assert 429 in statuses
    assert pages == [200] * 4


# ------------------------------------------------------------------ the firewall's rules

FORMS = [
    ("GET", "/request"),
    ("POST", "/request"),
    ("GET", "/request/draft/{draft}/{page}"),
    ("POST", "/request/draft/{draft}/{page}"),
]
LOWER = {
    ("POST", "/request"): 900,
    ("POST", "/request/draft/{draft}/{page}"): 900,
    ("POST", "/api/v1/requests"): 150,
    ("GET", "/validate"): 300,
    ("POST", "/validate"): 300,
    ("GET", "/validate/file"): 300,
    ("POST", "/validate/file"): 300,
    ("GET", "/validate/{code}"): 300,
    ("HEAD", "/validate/{code}"): 300,
    ("POST", "/api/v1/validations"): 300,
    ("POST", "/api/v1/files"): 300,
    ("GET", "/api/v1/certificates/{code}/pdf"): 300,
}
EVERYTHING = 3000


def routes(aws: Aws) -> list[Route]:
    return [route for route in aws.stack.api.routes if "{proxy+}" not in route.path]


def address(route: Route | str, before: str = "/dev") -> str:
    path = route if isinstance(route, str) else route.path
    return before + re.sub(r"\{\w+\}", "x7", path)


@pytest.mark.parametrize("before", ["", "/dev", "/a/base"], ids=["own domain", "stage", "base path"])
def test_every_route_has_its_rate_by_address_whatever_stands_before_its_path(
    aws: Aws, acl: Any, before: str
) -> None:
    for route in routes(aws):
        limit = LOWER.get((route.method, route.path), EVERYTHING)
        path = address(route, before)
        below, above = Call(route.method, path, rate=limit), Call(route.method, path, rate=limit + 1)

        assert meet(acl, above).action == "Block", route
        assert meet(acl, below).action != "Block", route


def test_another_spelling_of_a_path_has_the_same_rate(acl: Any) -> None:
    for path in ("/dev/validat%65", "/dev/validate/", "/dev//validate", "/dev/x/../validate"):
        assert meet(acl, Call("POST", path, rate=301)) == Met("Verifications", "Block"), path


@pytest.mark.parametrize("labels", [ON_A_LIST, REPUTED], ids=["hides where it is", "did harm before"])
def test_only_the_requests_forms_are_challenged_and_only_on_suspicion(
    aws: Aws, acl: Any, labels: tuple[str, ...]
) -> None:
    for route in routes(aws):
        form = (route.method, route.path) in FORMS
        suspect = Call(route.method, address(route), labels=labels)

        assert meet(acl, suspect) == (Met("SuspectAddress", "Challenge") if form else PASSED), route
        assert meet(acl, Call(route.method, address(route))) == PASSED, route


def test_an_address_that_sends_more_than_a_class_is_challenged_at_the_forms_alone(aws: Aws, acl: Any) -> None:
    challenged = {
        (route.method, route.path)
        for route in routes(aws)
        if meet(acl, Call(route.method, address(route), rate=601)).action == "Challenge"
    }

    assert challenged == set(FORMS)
    assert meet(acl, Call("POST", "/dev/request", rate=600)) == PASSED


def test_no_client_of_the_api_is_ever_challenged(aws: Aws, acl: Any) -> None:
    for route in routes(aws):
        if route.path.startswith("/api/"):
            for rate in (1, 140, 601, 10_000):
                call = Call(route.method, address(route), rate, labels=ON_A_LIST + REPUTED)
                assert meet(acl, call).action != "Challenge", route


def test_awss_lists_of_attacks_block_and_its_lists_of_addresses_only_label(
    acl: Any,
) -> None:
    groups = {
        rule["Statement"]["ManagedRuleGroupStatement"]["Name"]: rule
        for rule in acl["Rules"]
        if "ManagedRuleGroupStatement" in rule["Statement"]
    }

    assert {name: list(rule["OverrideAction"]) for name, rule in groups.items()} == {
        "AWSManagedRulesAmazonIpReputationList": ["Count"],
        "AWSManagedRulesAnonymousIpList": ["Count"],
        "AWSManagedRulesCommonRuleSet": ["None"],
        "AWSManagedRulesKnownBadInputsRuleSet": ["None"],
    }


def test_the_one_exception_to_the_common_rule_set_is_the_size_that_an_application_can_have(acl: Any) -> None:
    """Every field as long as the schema lets it be, in the costliest spelling of a letter."""
    schema = ApplicationSchema.model_json_schema()
    longest = _longest(schema, schema["$defs"])

    spelt = json.dumps(longest)
    assert spelt.count("\\u00d1") > 1000
    assert COMMON_BODY < len(spelt) < INSPECTED
    (common,) = (rule for rule in acl["Rules"] if rule["Name"] == "Common")
    assert common["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"] == [
        {"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}
    ]


def _longest(schema: dict[str, Any], known: dict[str, Any]) -> Any:  # noqa: PLR0911 - one line a kind
    """The instance of a JSON Schema that takes most bytes."""
    match schema:
        case {"$ref": name}:
            return _longest(known[name.rpartition("/")[2]], known)
        case {"anyOf": choices} | {"oneOf": choices}:
            return max((_longest(choice, known) for choice in choices), key=lambda one: len(json.dumps(one)))
        case {"properties": parts}:
            return {name: _longest(part, known) for name, part in parts.items()}
        case {"enum": values}:
            return max(values, key=len)
        case {"maxLength": length}:
            return "Ñ" * length
        case {"type": "boolean"}:
            return False
        case {"type": "null"}:
            return None
        case {"type": "string"}:  # a date, or digits by a pattern
            return "2026-11-23"
    raise NotImplementedError(f"a schema that is not played: {schema}")


def test_what_a_rate_refuses_is_told_in_the_words_of_its_code(acl: Any) -> None:
    problem = problem_of(DomainError(ErrorCode.TOO_MANY_REQUESTS))
    bodies = acl["CustomResponseBodies"]

    assert json.loads(bodies["Problem"]["Content"]) == json.loads(problem.to_json())
    for text in (problem.text.title, problem.text.detail, problem.text.next_step):
        assert text in bodies["Page"]["Content"]
    for rule in acl["Rules"]:
        if "Block" in rule.get("Action", {}):
            answer = rule["Action"]["Block"]["CustomResponse"]
            assert answer["ResponseCode"] == problem.text.status
            assert answer["ResponseHeaders"] == [{"Name": "Retry-After", "Value": str(problem.retry_after)}]
            assert answer["CustomResponseBodyKey"] == ("Problem" if "Api" in rule["Name"] else "Page")


def test_no_sample_and_no_log_of_the_firewall_holds_what_opens_a_certificate(
    firewall: Template, acl: Any
) -> None:
    seen = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in acl["Rules"])]
    assert {view["SampledRequestsEnabled"] for view in seen} == {False}

    logging = properties(firewall, "Logging")
    hidden = {json.dumps(field) for field in logging["RedactedFields"]}
    headers = ("authorization", "cookie", "referer", "x-api-key", "idempotency-key")
    assert hidden >= {
        json.dumps({"UriPath": {}}),
        json.dumps({"QueryString": {}}),
        *(json.dumps({"SingleHeader": {"Name": name}}) for name in headers),
    }
    assert logging["LoggingFilter"]["DefaultBehavior"] == "DROP"
    log = properties(firewall, "Log")
    assert log["LogGroupName"].startswith("aws-waf-logs-")
    assert log["RetentionInDays"] == "90"
    assert log["KmsKeyId"] == "arn:aws:kms:key"


# ------------------------------------------------------------------ that it stands before the API


def test_the_firewall_is_taken_by_aws_and_stands_before_the_stage(
    aws: Aws, aws_clients: ClientFactory, firewall: Template, acl: Any
) -> None:
    """moto takes what botocore's own model of WAFv2 lets through, and knows the stage of a REST API."""
    waf, gateway = aws_clients("wafv2"), aws_clients("apigateway")
    api = gateway.create_rest_api(name="constancia")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="dev")

    made = waf.create_web_acl(Name="constancia", **_as_the_api_spells(acl))["Summary"]["ARN"]
    association = properties(firewall, "BeforeTheApi")
    assert association == {"WebACLArn": "Firewall.Arn", "ResourceArn": STAGE}
    waf.associate_web_acl(WebACLArn=made, ResourceArn=STAGE.replace("/api/", f"/{api}/"))
    logging = properties(firewall, "Logging")
    waf.put_logging_configuration(LoggingConfiguration=logging | {"ResourceArn": made})

    assert gateway.get_stage(restApiId=api, stageName="dev")["webAclArn"] == made


def _as_the_api_spells(acl: Any) -> Any:
    """CloudFormation takes text where the API takes bytes; else both are alike."""
    if isinstance(acl, list):
        return [_as_the_api_spells(item) for item in acl]
    if isinstance(acl, dict):
        return {
            key: value.encode() if key == "SearchString" else _as_the_api_spells(value)
            for key, value in acl.items()
        }
    return acl


def test_the_stack_brings_the_firewall_to_its_own_stage(aws: Aws) -> None:
    (nested,) = aws.stack.template.of_type("AWS::CloudFormation::Stack")
    given = aws.stack.template.resolve(
        nested.properties["Parameters"], lambda name, attribute: aws.stack.attribute(name, attribute)
        if attribute
        else aws.ref(name)
    )  # fmt: skip

    assert (TEMPLATE.parent / nested.properties["TemplateURL"]) == FIREWALL
    assert given["StageArn"] == f"arn:aws:apigateway:{REGION}::/restapis/{aws.ref('Api')}/stages/dev"
    assert given["LogKeyArn"] == aws.stack.attribute("DataKey", "Arn")
    assert f":{ACCOUNT}:" in given["LogKeyArn"]


# ------------------------------------------------------------------ institutions


def test_institutions_have_plans_by_class_on_the_stage_and_the_public_needs_no_key(aws: Aws) -> None:
    plans = {
        plan.logical_id: plan.properties for plan in aws.stack.template.of_type("AWS::ApiGateway::UsagePlan")
    }
    small, large = plans["SmallInstitutions"], plans["LargeInstitutions"]

    for plan in (small, large):
        (stage,) = plan["ApiStages"]
        assert aws.stack.template.resolve(stage, lambda name, _: aws.ref(name)) == {
            "ApiId": aws.ref("Api"),
            "Stage": "dev",
        }
        assert plan["Quota"]["Period"] == "MONTH"
        assert plan["Throttle"]["BurstLimit"] >= plan["Throttle"]["RateLimit"] > 0
    assert small["Quota"]["Limit"] < large["Quota"]["Limit"]
    assert small["Throttle"]["RateLimit"] < large["Throttle"]["RateLimit"]
    assert not aws.stack.template.of_type("AWS::ApiGateway::ApiKey")  # operators make them
    (api,) = aws.stack.template.of_type("AWS::ApiGateway::RestApi")
    assert "apiKeyRequired" not in json.dumps(api.properties)

"""template.yaml holds to the house's rules."""

import json
import re

import pytest

from constancia.domain.emblems import emblem_names
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.seal import NO_CHAIN
from constancia.web.problems import MEDIA_TYPE, problem_of
from infra.local.platform import TEMPLATE
from infra.local.template import Template
from tests.conftest import Aws


def test_every_queue_is_consumed_or_keeps_what_was_given_up(aws: Aws) -> None:
    queues = aws.stack.template.of_type("AWS::SQS::Queue")
    dead_letters = {
        queue.properties["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for queue in queues
        if "RedrivePolicy" in queue.properties
    }
    consumed = {source.queue_arn for source in aws.stack.queue_sources}

    work = {queue.logical_id: queue for queue in queues if queue.logical_id not in dead_letters}
    assert work
    assert [name for name in work if aws.stack.attribute(name, "Arn") not in consumed] == []
    assert [name for name, queue in work.items() if "RedrivePolicy" not in queue.properties] == []


def test_every_function_has_a_log_group_that_forgets(aws: Aws) -> None:
    logs = aws.client("logs").describe_log_groups()["logGroups"]
    retention = {group["logGroupName"]: group.get("retentionInDays") for group in logs}

    assert all(retention.get(function.log_group) for function in aws.stack.functions), retention


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", ErrorCode.ROUTE_NOT_FOUND),
        ("THROTTLED", ErrorCode.TOO_MANY_REQUESTS),
        ("REQUEST_TOO_LARGE", ErrorCode.BODY_TOO_LARGE),
        ("WAF_FILTERED", ErrorCode.REFUSED_AT_THE_GATE),
        ("DEFAULT_5XX", ErrorCode.INTERNAL),
    ],
)
def test_what_the_gateway_answers_itself_is_the_problem_of_the_code(
    aws: Aws, kind: str, code: ErrorCode
) -> None:
    problem = problem_of(DomainError(code))
    answer = aws.stack.api.responses[kind]

    assert {media: json.loads(body) for media, body in answer.templates.items()} == {
        MEDIA_TYPE: json.loads(problem.to_json())
    }
    assert answer.status == problem.text.status
    retry_after = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    kept_by_nobody = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    assert dict(answer.headers) == kept_by_nobody | retry_after


def test_nobody_runs_a_demonstration_unmarked(template: Template) -> None:
    assert template.parameters["SealDemo"] == "true"


def test_the_emblems_that_may_be_chosen_are_those_that_there_are() -> None:
    [listed] = re.findall(r"\n  Emblem:\n.*?AllowedValues: \[(.+?)\]", TEMPLATE.read_text("utf-8"), re.DOTALL)
    assert tuple(listed.split(", ")) == emblem_names()


def test_the_chains_parameter_is_as_it_was_deployed(template: Template) -> None:
    """Another property, and the next deploy writes `none` over every installed chain (docs/seal.md)."""
    (chain,) = template.of_type("AWS::SSM::Parameter")

    assert chain.logical_id == "SealChain"
    assert chain.properties == {
        "Name": {"Fn::Sub": "/constancia/${Stage}/seal-chain"},
        "Description": "Certificate chain of the sealing key (PEM); constancia seal install puts it here",
        "Type": "String",
        "Tier": "Advanced",
        "Value": NO_CHAIN,
    }


def test_what_can_not_be_made_again_outlives_the_stack() -> None:
    kept = re.findall(
        r"\n  (\w+):\n    Type: .+"
        r"\n    DeletionPolicy: RetainExceptOnCreate\n    UpdateReplacePolicy: Retain\n",
        TEMPLATE.read_text("utf-8"),
    )

    assert set(kept) == {"Table", "Audit", "Bucket", "DataKey", "SealKey", "SealChain", "PersonHashKey"}

"""template.yaml holds to the house's rules."""

from collections.abc import Iterator
from typing import Any

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

    assert all(retention.get(f"/aws/lambda/{function.name}") for function in aws.stack.functions), retention


def test_no_role_may_do_everything_or_touch_anything(template: Template) -> None:
    statements = list(_role_statements(template))

    assert len(statements) >= len(template.of_type("AWS::Lambda::Function"))
    assert [each for each in statements if any("*" in action for action in _listed(each["Action"]))] == []
    assert [each for each in statements if "*" in _listed(each["Resource"])] == []


def _role_statements(template: Template) -> Iterator[dict[str, Any]]:
    for role in template.of_type("AWS::IAM::Role"):
        for policy in role.properties.get("Policies", ()):
            yield from _listed(policy["PolicyDocument"]["Statement"])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

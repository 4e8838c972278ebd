"""Every function may do what it does, and nothing else (docs/reliability.md, Least privilege)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws

from constancia.adapters.files import UNRECORDED
from infra.local.clients import ClientFactory
from infra.local.provision import provision
from infra.local.stack import Stack
from infra.local.template import ACCOUNT, REGION, Template, read_template
from infra.registries.sandbox import sandbox
from infra.seal.demo_ca import DemoRoot
from infra.seal.stack import SealedStack
from tests.architecture.calls import SECURE, Calls, needs_of
from tests.architecture.every_path import every_path
from tests.architecture.operators import ACTS, LOOKS, OPERATORS, every_verb
from tests.architecture.rights import (
    Need,
    document_of,
    listed,
    missing,
    resource_statements,
    rights_of,
    unused,
    wildcards,
    with_changed,
)
from tests.conftest import TEMPLATE, Aws

FUNCTIONS = ("RequestFunction", "ValidateFunction", "RenderFunction")


class Walked:
    """The stack, and the calls of each function on every path."""

    def __init__(self, stack: Stack, calls: Calls) -> None:
        self.stack, self.calls = stack, calls

    def needs(self, function: str) -> list[Need]:
        return needs_of(self.stack, function, self.calls)

    def found(self, function: str, template: Template | None = None) -> list[str]:
        """What is wrong with a function's rights, under this template or a changed one."""
        stack = Stack(template, self.stack._lookup) if template else self.stack
        rights, needs = rights_of(stack, function), self.needs(function)
        return [*missing(rights, needs), *unused(rights, needs), *wildcards(rights)]


@pytest.fixture(scope="module")
def walked(
    template: Template,
    aws_clients: ClientFactory,
    demo_root: DemoRoot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Walked:
    with (
        pytest.MonkeyPatch.context() as patch,
        mock_aws(),
        sandbox(people=0, slow_seconds=0.2) as registries,
    ):
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        stack = provision(template, aws_clients)
        sealed = SealedStack.of(stack, aws_clients)
        sealed.install(demo_root.issue(sealed.public_key(), datetime.now(UTC)))
        with every_path(Aws(stack, aws_clients), registries, patch) as paths:
            paths.go()
        every_verb(stack, paths.calls, tmp_path_factory.mktemp("check"))
    return Walked(stack, paths.calls)


@pytest.mark.parametrize("function", [*FUNCTIONS, *OPERATORS])
def test_a_function_may_do_what_it_does_and_nothing_else(walked: Walked, function: str) -> None:
    rights, needs = rights_of(walked.stack, function), walked.needs(function)
    print(f"{function}: {len(walked.calls.made[function])} calls,", len({n.action for n in needs}), "actions")

    assert missing(rights, needs) == []
    assert unused(rights, needs) == []
    assert wildcards(rights) == []


def test_there_are_no_other_functions(walked: Walked) -> None:
    assert {one.logical_id for one in walked.stack.functions} == set(FUNCTIONS)


# ------------------------------------------------------------------ that the test would tell: mutants

type Change = Callable[[dict[str, Any]], object]
"""Changes a statement in place."""


def gives(action: str) -> Change:
    return lambda one: one.update(Action=[*listed(one["Action"]), action])


def takes(action: str) -> Change:
    return lambda one: one["Action"].remove(action)


def says(**given: Any) -> Change:
    return lambda one: one.update(given)


def loses_its_last(name: str) -> Change:
    return lambda one: one[name].pop()


def opens(kind: str) -> Change:
    """Items of one more kind."""
    return lambda one: _condition(one, "dynamodb:LeadingKeys").append(kind)


def closes(kind: str) -> Change:
    return lambda one: _condition(one, "dynamodb:LeadingKeys").remove(kind)


def through(*services: str) -> Change:
    return says(
        Condition={"StringEquals": {"kms:ViaService": [f"{one}.us-east-1.amazonaws.com" for one in services]}}
    )


def goes(one: dict[str, Any]) -> None:
    one.update(Effect="Deny")


def _condition(one: dict[str, Any], key: str) -> list[str]:
    (values,) = (keys[key] for keys in one["Condition"].values())
    wanted: list[str] = values
    return wanted


@dataclass(frozen=True)
class Mutant:
    """A statement that was changed, the function that it is about, and what is to be said of it."""

    function: str
    statement: str
    change: Change
    said: str


VALIDATE, REQUEST, RENDER = "ValidateFunction", "RequestFunction", "RenderFunction"
MUTANTS = [
    Mutant(VALIDATE, "ValidatePolicy.ReadsItems", gives("dynamodb:*"), "dynamodb:*"),
    Mutant(VALIDATE, "ValidatePolicy.ReadsItems", gives("dynamodb:Scan"), "dynamodb:Scan on"),
    Mutant(VALIDATE, "ValidatePolicy.ReadsItems", opens("REQ#*"), "LeadingKeys REQ#*"),
    Mutant(VALIDATE, "ValidatePolicy.ReadsItems", closes("SHA256#*"), "dynamodb:GetItem on"),
    Mutant(VALIDATE, "ValidatePolicy.HandsFilesOut", gives("s3:PutObject"), "s3:PutObject on"),
    Mutant(VALIDATE, "ValidatePolicy.HandsFilesOut", goes, "s3:GetObject on"),
    Mutant(VALIDATE, "ValidatePolicy.ReadsTheChain", says(Resource="*"), "ReadsTheChain: *"),
    Mutant(VALIDATE, "ValidatePolicy.Traces", says(Action="xray:*"), "xray:*"),
    Mutant(VALIDATE, "ValidatePolicy.Logs", says(Resource="*"), "Logs: *"),
    Mutant(REQUEST, "RequestPolicy.WritesItems", opens("HOLDER#*"), "LeadingKeys HOLDER#*"),
    Mutant(REQUEST, "RequestPolicy.WritesItems", closes("NUMBER#*"), "dynamodb:UpdateItem on"),
    Mutant(REQUEST, "RequestPolicy.WritesItems", closes("breaker#*"), "dynamodb:UpdateItem on"),
    Mutant(REQUEST, "RequestPolicy.WritesItems", gives("dynamodb:DeleteItem"), "dynamodb:DeleteItem on"),
    Mutant(REQUEST, "RequestPolicy.ReadsItems", closes("IDEM#*"), "dynamodb:GetItem on"),
    Mutant(REQUEST, "RequestPolicy.ReadsSecrets", loses_its_last("Resource"), "GetSecretValue on"),
    Mutant(REQUEST, "RequestPolicy.AsksForRendering", gives("sqs:ReceiveMessage"), "sqs:ReceiveMessage on"),
    Mutant(RENDER, "RenderPolicy.WritesItems", takes("dynamodb:ConditionCheckItem"), "ConditionCheckItem on"),
    Mutant(RENDER, "RenderPolicy.TakesMessages", takes("sqs:DeleteMessage"), "sqs:DeleteMessage on"),
    Mutant(RENDER, "RenderPolicy.SendsMessages", loses_its_last("Resource"), "sqs:SendMessage on"),
    Mutant(RENDER, "RenderPolicy.StoresFiles", gives("s3:GetObject"), "s3:GetObject on"),
    Mutant(RENDER, "RenderPolicy.SendsMail", loses_its_last("Resource"), "ses:SendEmail on"),
    Mutant(VALIDATE, "ValidatePolicy.AddsToTheTrail", goes, "dynamodb:PutItem on"),
    Mutant(VALIDATE, "ValidatePolicy.AddsToTheTrail", gives("dynamodb:Query"), "dynamodb:Query on"),
    Mutant(REQUEST, "RequestPolicy.AddsToTheTrail", gives("dynamodb:UpdateItem"), "dynamodb:UpdateItem on"),
    Mutant(RENDER, "Audit.OnlyTheseAdd", says(Condition={}), "dynamodb:PutItem on"),
    Mutant(LOOKS, "OperatorLooksPolicy.ReadsItems", opens("HOLDER#*"), "LeadingKeys HOLDER#*"),
    Mutant(LOOKS, "OperatorLooksPolicy.AddsLooks", goes, "dynamodb:PutItem on"),
    Mutant(LOOKS, "Audit.WhoLooksAddsLooksAlone", says(Condition={}), "dynamodb:PutItem on"),
    Mutant(ACTS, "OperatorActsPolicy.WritesItems", gives("dynamodb:DeleteItem"), "dynamodb:DeleteItem on"),
    Mutant(ACTS, "OperatorActsPolicy.AddsToTheTrail", goes, "dynamodb:PutItem on"),
    Mutant(ACTS, "Audit.WhoActsReadsLooksAlone", says(Condition={}), "dynamodb:Query on"),
    Mutant(VALIDATE, "DataKey.ValidateReads", goes, "kms:Decrypt on"),
    Mutant(VALIDATE, "DataKey.ValidateReads", gives("kms:Encrypt"), "kms:Encrypt on"),
    Mutant(RENDER, "DataKey.RenderStoresFiles", says(Action="kms:*"), "kms:*"),
    Mutant(REQUEST, "DataKey.RequestReads", through("dynamodb", "secretsmanager", "s3"), "ViaService s3"),
    Mutant(REQUEST, "DataKey.RequestReads", through("dynamodb"), "kms:Decrypt on"),
    Mutant(RENDER, "SealKey.RenderSeals", goes, "kms:Sign on"),
    Mutant(RENDER, "SealKey.RenderSeals", gives("kms:Verify"), "kms:Verify on"),
    Mutant(RENDER, "SealKey.NobodyElseSeals", says(Condition={}), "kms:Sign on"),
    Mutant(RENDER, "QueuePolicy.OnlyOverTls", says(Condition={}), "sqs:SendMessage on"),
    Mutant(RENDER, "BucketPolicy.NoOtherKey", says(Condition={}), "s3:PutObject on"),
]


def test_the_overview_counts_the_mutants() -> None:
    assert f"{len(MUTANTS)} mutants" in (TEMPLATE.parent / "docs/reliability.md").read_text("utf-8")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.statement}-{one.said}")
def test_a_right_too_many_or_too_few_is_found(walked: Walked, mutant: Mutant) -> None:
    resource, _, sid = mutant.statement.partition(".")
    properties = deepcopy(dict(walked.stack.template.resources[resource].properties))
    (name,) = {"KeyPolicy", "PolicyDocument", "ResourcePolicy"} & set(properties)
    policy = document_of(properties[name])
    (statement,) = (one for one in policy["Statement"] if one.get("Sid") == sid)
    mutant.change(statement)

    found = walked.found(mutant.function, with_changed(walked.stack.template, resource, properties))

    assert any(mutant.said in one for one in found), found


@pytest.mark.parametrize(
    ("function", "call", "said"),
    [
        ("ValidateFunction", ("dynamodb", "UpdateItem", "CERT#A"), "dynamodb:UpdateItem"),
        ("ValidateFunction", ("dynamodb", "GetItem", "REQ#A"), "dynamodb:GetItem"),
        ("RequestFunction", ("dynamodb", "GetItem", "SHA256#A"), "dynamodb:GetItem"),
        ("RenderFunction", ("dynamodb", "UpdateItem", "ATTEMPTS#A"), "dynamodb:UpdateItem"),
    ],
)
def test_a_new_call_without_its_right_is_found(
    walked: Walked, function: str, call: tuple[str, str, str], said: str
) -> None:
    service, operation, key = call
    more = Calls()
    params = {"TableName": walked.stack.ref("Table"), "Key": {"pk": {"S": key}}}
    more.made[function] = [*walked.calls.made[function], (service, operation, params)]

    (found,) = missing(rights_of(walked.stack, function), needs_of(walked.stack, function, more))

    assert said in found
    assert key in found


def test_a_call_of_a_kind_that_nobody_translated_is_found(walked: Walked) -> None:
    more = Calls()
    more.made["RenderFunction"] = [("dynamodb", "BatchGetItem", {})]

    with pytest.raises(KeyError, match="BatchGetItem"):
        needs_of(walked.stack, "RenderFunction", more)


def test_two_functions_with_one_role_are_found(walked: Walked) -> None:
    template = walked.stack.template
    properties = dict(template.resources["ValidateFunction"].properties)
    changed = with_changed(
        template, "ValidateFunction", properties | {"Role": {"Fn::GetAtt": ["RenderRole", "Arn"]}}
    )

    with pytest.raises(AssertionError, match="one role a function"):
        walked.found("RenderFunction", changed)


# ------------------------------------------------------------------ what no role's policy says


def refused(stack: Stack, need: Need) -> list[str]:
    """The Deny statements of keys, bucket and queues that meet a call."""
    return [one.where for one in resource_statements(stack) if one.effect == "Deny" and one.covers(need)]


def on_bucket(walked: Walked, action: str = "s3:GetObject", **context: str) -> list[str]:
    named = {key.replace("__", ":").replace("_", "-"): (value,) for key, value in context.items()}
    arn = walked.stack.attribute("Bucket", "Arn")
    return refused(walked.stack, Need(action, f"{arn}/certificates/A/b.pdf", {**SECURE, **named}))


def test_the_bucket_refuses_plain_http_old_tls_other_accounts_and_the_public(walked: Walked) -> None:
    assert on_bucket(walked) == []
    assert on_bucket(walked, aws__SecureTransport="false") == ["BucketPolicy.OnlyOverTls"]
    assert on_bucket(walked, s3__TlsVersion="1.1") == ["BucketPolicy.NoTlsBefore12"]
    assert on_bucket(walked, aws__PrincipalAccount="999999999999") == ["BucketPolicy.OnlyThisAccount"]
    anonymous = {key: value for key, value in SECURE.items() if key != "aws:PrincipalAccount"}
    arn = walked.stack.attribute("Bucket", "Arn")
    assert refused(walked.stack, Need("s3:GetObject", f"{arn}/x", anonymous)) == [
        "BucketPolicy.OnlyThisAccount"
    ]


def test_the_bucket_takes_no_file_under_another_key(walked: Walked) -> None:
    key, kind = "s3__x_amz_server_side_encryption_aws_kms_key_id", "s3__x_amz_server_side_encryption"
    own = walked.stack.attribute("DataKey", "Arn")

    def put(**context: str) -> list[str]:
        return on_bucket(walked, "s3:PutObject", **context)

    assert put() == put(**{kind: "aws:kms", key: own}) == []
    assert put(**{kind: "AES256"}) == ["BucketPolicy.NoOtherEncryption"]
    assert put(**{kind: "aws:kms", key: own.replace(ACCOUNT, "9" * 12)}) == ["BucketPolicy.NoOtherKey"]
    customers = {"s3__x_amz_server_side_encryption_customer_algorithm": "AES256"}
    assert put(**customers) == ["BucketPolicy.NoKeyOfTheCaller"]


def test_no_rule_ever_deletes_the_file_that_stands_or_the_last_one(template: Template) -> None:
    (bucket,) = template.of_type("AWS::S3::Bucket")
    of_all = [one for one in bucket.properties["LifecycleConfiguration"]["Rules"] if "TagFilters" not in one]

    (rule,) = of_all
    assert set(rule) == {"Id", "Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
    assert rule["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] >= 1


def test_what_no_record_names_is_deleted_long_after_its_request_ended(template: Template) -> None:
    (bucket,) = template.of_type("AWS::S3::Bucket")
    (rule,) = (one for one in bucket.properties["LifecycleConfiguration"]["Rules"] if "TagFilters" in one)
    lives = int(template.parameters["RequestDays"]) + int(template.parameters["HeldDays"])

    assert "=".join(rule["TagFilters"][0].values()) == UNRECORDED
    assert rule["ExpirationInDays"] > 2 * lives


@pytest.mark.parametrize("queue", ["RenderQueue", "RenderDeadLetters"])
def test_the_queues_refuse_plain_http(walked: Walked, queue: str) -> None:
    arn = walked.stack.attribute(queue, "Arn")

    assert refused(walked.stack, Need("sqs:SendMessage", arn, SECURE)) == []
    plain = Need("sqs:SendMessage", arn, {**SECURE, "aws:SecureTransport": ("false",)})
    assert refused(walked.stack, plain) == ["QueuePolicy.OnlyOverTls"]


def on_trail(
    walked: Walked, action: str, who: str, *, service: bool = False, key: str | None = "CERT#A"
) -> list[str]:
    context = {
        **({"dynamodb:LeadingKeys": (key,)} if key else {}),
        "aws:PrincipalArn": (f"arn:aws:iam::{ACCOUNT}:role/{who}",),
        "aws:PrincipalIsAWSService": (str(service).lower(),),
    }
    need = Need(f"dynamodb:{action}", walked.stack.attribute("Audit", "Arn"), {**SECURE, **context})
    return refused(walked.stack, need)


ROLES = ("constancia-RequestRole", "constancia-ValidateRole", "constancia-RenderRole")
CHANGES = ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete")
READS = ("GetItem", "BatchGetItem", "ConditionCheckItem", "Query", "Scan", "PartiQLSelect")


@pytest.mark.parametrize(
    "who", [*ROLES, "constancia-OperatorLooksRole", "constancia-OperatorActsRole", "Admin"]
)
@pytest.mark.parametrize("action", CHANGES)
def test_nobody_changes_or_deletes_an_entry_of_the_trail_whatever_else_allowed_it(
    walked: Walked, who: str, action: str
) -> None:
    assert on_trail(walked, action, who) == ["Audit.NobodyChangesOrDeletes"]


@pytest.mark.parametrize("who", ROLES)
def test_a_function_adds_to_the_trail_and_can_not_read_it(walked: Walked, who: str) -> None:
    assert on_trail(walked, "PutItem", who) == []
    for action in (*READS, "ExportTableToPointInTime"):
        assert "Audit.FunctionsDoNotRead" in on_trail(walked, action, who), action


@pytest.mark.parametrize(
    ("who", "reads", "adds"),
    [("OperatorLooksRole", "CERT#A", "LOOK#A"), ("OperatorActsRole", "LOOK#A", "CERT#A")],
)
def test_an_operator_reads_what_the_other_role_adds_and_can_not_write_over_what_was_read(
    walked: Walked, who: str, reads: str, adds: str
) -> None:
    role = f"constancia-{who}"

    assert on_trail(walked, "Query", role, key=reads) == on_trail(walked, "PutItem", role, key=adds) == []
    assert on_trail(walked, "Query", role, key=adds) != []
    assert on_trail(walked, "PutItem", role, key=reads) != []
    for action in READS:
        if action != "Query":
            assert on_trail(walked, action, role, key=reads) == ["Audit.NobodyReadsOtherwise"], action


def test_nobody_but_operators_reads_the_trail_and_nobody_else_adds_to_it(walked: Walked) -> None:
    assert [action for action in READS if not on_trail(walked, action, "Admin")] == []
    assert on_trail(walked, "PutItem", "Admin") == ["Audit.OnlyTheseAdd"]


def test_time_to_live_may_end_entries(walked: Walked) -> None:
    assert on_trail(walked, "DeleteItem", "aws-service-role", service=True) == []


@pytest.mark.parametrize("table", ["Table", "Audit"])
def test_a_table_is_not_deleted_by_mistake_and_comes_back_to_any_second(
    template: Template, table: str
) -> None:
    resource = template.resources[table]

    assert resource.properties["DeletionProtectionEnabled"] is True
    assert resource.properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert resource.properties["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["DataKey", "Arn"]}


@pytest.mark.parametrize(
    "who", ["role/Admin", "role/constancia-RequestRole", "role/constancia-ValidateRole", "root"]
)
@pytest.mark.parametrize("action", ["kms:Sign", "kms:CreateGrant"])
def test_nobody_but_render_seals_whatever_else_allowed_it(walked: Walked, who: str, action: str) -> None:
    key = walked.stack.attribute("SealKey", "Arn")
    caller = {"aws:PrincipalArn": (f"arn:aws:iam::{ACCOUNT}:{who}",)}

    assert refused(walked.stack, Need(action, key, caller)) == ["SealKey.NobodyElseSeals"]


@pytest.mark.parametrize("key", ["SealKey", "DataKey"])
def test_the_account_administers_a_key_and_uses_it_through_services_alone(walked: Walked, key: str) -> None:
    root, arn = f"arn:aws:iam::{ACCOUNT}:root", walked.stack.attribute(key, "Arn")
    granted = [
        one
        for one in resource_statements(walked.stack)
        if one.resources == (arn,) and one.effect == "Allow" and one.is_about(root)
    ]
    bare = {action for one in granted if not one.conditions for action in one.actions}

    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DescribeKey"} <= bare
    used = ("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "Sign", "Verify", "CreateGrant", "*")
    assert [action for action in bare if action.removeprefix("kms:").startswith(used)] == []
    for one in granted:
        if one.conditions:
            assert "kms:ViaService" in one.conditions["StringEquals"], one


@pytest.mark.parametrize("key", ["SealKey", "DataKey"])
def test_a_deletion_of_a_key_waits_for_a_month(walked: Walked, key: str) -> None:
    def schedule(days: str) -> list[str]:
        waits = {"kms:ScheduleKeyDeletionPendingWindowInDays": (days,)}
        need = Need("kms:ScheduleKeyDeletion", walked.stack.attribute(key, "Arn"), waits)
        return refused(walked.stack, need)

    assert schedule("7") == [f"{key}.NoHastyDeletion"]
    assert schedule("30") == []


def test_the_logs_service_uses_the_key_for_the_stacks_own_logs_alone(walked: Walked) -> None:
    (logs,) = (one for one in resource_statements(walked.stack) if one.where == "DataKey.Logs")
    named = {
        f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{walked.stack.ref(group.logical_id)}"
        for group in walked.stack.template.of_type("AWS::Logs::LogGroup")
    }

    def may(group: str) -> bool:
        context = {"kms:EncryptionContext:aws:logs:arn": (group,)}
        return logs.covers(Need("kms:Encrypt", walked.stack.attribute("DataKey", "Arn"), context))

    assert len(named) >= len(FUNCTIONS) + 1
    assert [group for group in named if not may(group)] == []
    assert may(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:aws-waf-logs-constancia-dev")
    assert not may(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/another")
    assert not may(f"arn:aws:logs:{REGION}:999999999999:log-group:/constancia/dev/request")


def test_no_service_calls_a_function_but_for_this_api_and_this_schedule(template: Template) -> None:
    permissions = [one.properties for one in template.of_type("AWS::Lambda::Permission")]

    assert {one["Principal"] for one in permissions} == {"apigateway.amazonaws.com", "events.amazonaws.com"}
    assert [one for one in permissions if "SourceArn" not in one] == []


def test_everything_that_is_kept_is_encrypted_by_the_stacks_own_key(template: Template) -> None:
    """But for the queues, whose messages name nobody (docs/adr/0142)."""
    own = {"Fn::GetAtt": ["DataKey", "Arn"]}
    for kind, name in (
        ("AWS::Logs::LogGroup", "KmsKeyId"),
        ("AWS::Lambda::Function", "KmsKeyArn"),
        ("AWS::SecretsManager::Secret", "KmsKeyId"),
    ):
        kept = template.of_type(kind)
        assert kept
        assert [one.logical_id for one in kept if one.properties.get(name) != own] == []
    for queue in template.of_type("AWS::SQS::Queue"):
        assert queue.properties["SqsManagedSseEnabled"] is True


def test_an_operator_who_asks_for_a_chain_may_sign_only_while_the_parameter_names_them(
    aws_clients: ClientFactory,
) -> None:
    operator = f"arn:aws:iam::{ACCOUNT}:role/Seals"
    with mock_aws():
        named = provision(read_template(TEMPLATE, {"SealOperator": operator}), aws_clients)
        call = Need("kms:Sign", named.attribute("SealKey", "Arn"), {"aws:PrincipalArn": (operator,)})

        assert refused(named, call) == []
        assert [one.where for one in resource_statements(named) if operator in one.principals] == [
            "SealKey.OperatorAsksForAChain"
        ]

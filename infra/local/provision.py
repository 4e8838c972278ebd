"""Making the stateful resources of a template in moto, each by its ordinary API call.

moto's own CloudFormation drops what it does not know (TTL, encryption, public access block, ...) without a
word. Here every property is mapped, or the platform refuses to start: a local run never differs from the
template in silence. It is the same for moto in process (`mock_aws`) and for a moto server: only the clients
differ.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.clients import ClientFactory
from infra.local.stack import PLAYED, Stack
from infra.local.template import ACCOUNT, REGION, Resource, Template, TemplateError

NOT_MADE: Mapping[str, str] = {
    "AWS::ApiGateway::UsagePlan": "the local gateway knows no keys; no route of the public asks for one",
    "AWS::CloudWatch::Alarm": "nothing measures locally; what would be measured is in the logs",
    "AWS::CodeDeploy::Application": "locally every call goes to the code that is there",
    "AWS::CodeDeploy::DeploymentGroup": "locally every call goes to the code that is there",
    "AWS::CloudFormation::Stack": "the firewall stands before an API that moto does not have",
    "AWS::IAM::Role": "moto enforces no policies",
    "AWS::IAM::RolePolicy": "moto enforces no policies",
    "AWS::Lambda::Alias": "a function has one version here, which every name of it reaches",
    "AWS::Lambda::EventInvokeConfig": "the local schedule calls once, and its failures are in the log",
    "AWS::Lambda::Permission": "the local gateway and queue need no permission to call",
    "AWS::Lambda::LayerVersion": "the development environment holds what the layers hold",
    "AWS::Lambda::Version": "a function has one version here, which every name of it reaches",
    "AWS::SNS::Subscription": "there are no alarms to hear of",
    "AWS::SNS::Topic": "there are no alarms to hear of",
    "AWS::SQS::QueuePolicy": "moto enforces no policies",
    "AWS::S3::BucketPolicy": "moto ignores the condition of a TLS-only policy, and would deny everything",
}
"""Types that are deliberately not made, and why."""


class UnmappedError(TemplateError):
    """A type or property that the local platform would drop in silence; names it and where to map it."""


@dataclass(frozen=True)
class Made:
    """A resource that stands in moto: its answer to Ref and to GetAtt."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)


type Maker = Callable[[ClientFactory, str, dict[str, Any]], Made]
"""Makes a resource of a logical id; takes out of the properties whatever it maps."""


def provision(template: Template, client: ClientFactory) -> Stack:
    """Make every stateful resource of the template.

    Raises:
        UnmappedError: a resource has a type or a property that is not mapped.
    """
    provisioner = _Provisioner(template, client)
    for resource in template.resources.values():
        if resource.type not in PLAYED and resource.type not in NOT_MADE:
            provisioner.made(resource)
    return Stack(template, provisioner.lookup)


class _Provisioner:
    """Makes each resource once, those that it refers to first."""

    def __init__(self, template: Template, client: ClientFactory) -> None:
        self._template = template
        self._client = client
        self._made: dict[str, Made] = {}
        self._under_way: list[str] = []

    def lookup(self, logical_id: str, attribute: str | None) -> Any:
        resource = self._template.resources[logical_id]
        made = self.made(resource)
        if attribute is None:
            return made.ref
        if attribute not in made.attributes:
            raise UnmappedError(
                f"{resource.type} {logical_id}: attribute {attribute} is not mapped ({__name__})"
            )
        return made.attributes[attribute]

    def made(self, resource: Resource) -> Made:
        logical_id = resource.logical_id
        if logical_id not in self._made:
            if logical_id in self._under_way:
                raise TemplateError(f"resources that need each other: {self._under_way}")
            self._under_way.append(logical_id)
            self._made[logical_id] = self._make(resource)
            self._under_way.pop()
        return self._made[logical_id]

    def _make(self, resource: Resource) -> Made:
        kind, logical_id = resource.type, resource.logical_id
        if kind in PLAYED or kind in NOT_MADE:
            return _name_of_played(self._template, resource, self.lookup)
        if kind not in _MAKERS:
            raise UnmappedError(
                f"{logical_id}: type {kind} has no maker; add one to {__name__}, or to NOT_MADE with a reason"
            )
        properties = self._template.resolve(resource.properties, self.lookup)
        made = _MAKERS[kind](self._client, logical_id, properties)
        if properties:
            raise UnmappedError(
                f"{logical_id}: {kind} has properties that are not mapped: {sorted(properties)}; "
                f"map them in {__name__}"
            )
        return made


def _name_of_played(template: Template, resource: Resource, lookup: Callable[[str, str | None], Any]) -> Made:
    """What functions, roles, APIs, ... are called: they run in the platform or not at all."""
    given = template.resolve(
        {
            key: resource.properties[key]
            for key in ("FunctionName", "StageName", "Name")
            if key in resource.properties
        },
        lookup,
    )
    if resource.type == "AWS::Lambda::Alias":
        return Made(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{given['FunctionName']}:{given['Name']}")
    name = given.get("FunctionName") or given.get("StageName") or f"constancia-{resource.logical_id}"
    arns = {
        "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "AWS::Events::Rule": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}",
    }
    return Made(name, {"Arn": arns[resource.type]} if resource.type in arns else {})


def _table(client: ClientFactory, logical_id: str, properties: dict[str, Any]) -> Made:
    dynamodb = client("dynamodb")
    name = properties.pop("TableName", f"constancia-{logical_id}")
    time_to_live = properties.pop("TimeToLiveSpecification", None)
    recovery = properties.pop("PointInTimeRecoverySpecification", None)
    policy = properties.pop("ResourcePolicy", None)
    direct = (
        "AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "GlobalSecondaryIndexes",
        "KeySchema",
    )  # fmt: skip
    request = {key: properties.pop(key) for key in direct if key in properties}
    if encryption := properties.pop("SSESpecification", None):
        request["SSESpecification"] = {
            "Enabled": encryption.pop("SSEEnabled"),
            **encryption,
        }
    table = dynamodb.create_table(TableName=name, **request)["TableDescription"]
    if time_to_live:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live)
    if recovery:
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    if policy:
        document = json.dumps(policy.pop("PolicyDocument"))
        dynamodb.put_resource_policy(ResourceArn=table["TableArn"], Policy=document, **policy)
    return Made(name, {"Arn": table["TableArn"]})


def _bucket(client: ClientFactory, logical_id: str, properties: dict[str, Any]) -> Made:
    s3 = client("s3")
    name = properties.pop("BucketName", f"constancia-{logical_id.lower()}-{ACCOUNT}")
    s3.create_bucket(Bucket=name)
    if ownership := properties.pop("OwnershipControls", None):
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=ownership)
    if block := properties.pop("PublicAccessBlockConfiguration", None):
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    if versioning := properties.pop("VersioningConfiguration", None):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    if encryption := properties.pop("BucketEncryption", None):
        rules = [
            {"ApplyServerSideEncryptionByDefault": rule.pop("ServerSideEncryptionByDefault"), **rule}
            for rule in encryption["ServerSideEncryptionConfiguration"]
        ]
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
    if lifecycle := properties.pop("LifecycleConfiguration", None):
        rules = [_lifecycle_rule(rule) for rule in lifecycle["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    return Made(name, {"Arn": f"arn:aws:s3:::{name}", "DomainName": f"{name}.s3.amazonaws.com"})


def _lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's form of a rule into the API's; botocore refuses whatever is left of the former."""
    tags = rule.pop("TagFilters", [])
    if len(tags) > 1:
        raise TemplateError("a rule of a bucket's lifecycle has one tag here")
    wanted = {"Tag": tags[0]} if tags else {"Prefix": rule.pop("Prefix", "")}
    request: dict[str, Any] = {"Filter": wanted}
    if "Id" in rule:
        request["ID"] = rule.pop("Id")
    if "ExpirationInDays" in rule:
        request["Expiration"] = {"Days": rule.pop("ExpirationInDays")}
    return {**request, **rule}


def _queue(client: ClientFactory, logical_id: str, properties: dict[str, Any]) -> Made:
    sqs = client("sqs")
    name = properties.pop("QueueName", f"constancia-{logical_id}")
    known = (
        "MessageRetentionPeriod", "RedrivePolicy", "SqsManagedSseEnabled", "VisibilityTimeout",
    )  # fmt: skip
    attributes = {key: _attribute_text(properties.pop(key)) for key in known if key in properties}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return Made(url, {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", "QueueName": name, "QueueUrl": url})


def _attribute_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _key(client: ClientFactory, _logical_id: str, properties: dict[str, Any]) -> Made:
    kms = client("kms")
    rotation = properties.pop("EnableKeyRotation", False)
    properties.pop("PendingWindowInDays", None)  # of a deletion, which nothing here asks for
    direct = ("Description", "KeySpec", "KeyUsage")
    request = {key: properties.pop(key) for key in direct if key in properties}
    policy = json.dumps(properties.pop("KeyPolicy"))
    key = kms.create_key(Policy=policy, **request)["KeyMetadata"]
    if rotation:
        kms.enable_key_rotation(KeyId=key["KeyId"])
    return Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})


def _alias(client: ClientFactory, _logical_id: str, properties: dict[str, Any]) -> Made:
    name = properties.pop("AliasName")
    client("kms").create_alias(AliasName=name, TargetKeyId=properties.pop("TargetKeyId"))
    return Made(name)


def _secret(client: ClientFactory, logical_id: str, properties: dict[str, Any]) -> Made:
    secrets = client("secretsmanager")
    name = properties.pop("Name", f"constancia-{logical_id}")
    value = secrets.get_random_password(**properties.pop("GenerateSecretString"))["RandomPassword"]
    direct = ("Description", "KmsKeyId")
    request = {key: properties.pop(key) for key in direct if key in properties}
    arn = secrets.create_secret(Name=name, SecretString=value, **request)["ARN"]
    return Made(arn, {"Id": arn})


def _parameter(client: ClientFactory, logical_id: str, properties: dict[str, Any]) -> Made:
    name = properties.pop("Name", f"constancia-{logical_id}")
    direct = ("Description", "Tier", "Type", "Value")
    request = {key: properties.pop(key) for key in direct if key in properties}
    client("ssm").put_parameter(Name=name, **request)
    return Made(name)


def _mail_identity(client: ClientFactory, _logical_id: str, properties: dict[str, Any]) -> Made:
    name = properties.pop("EmailIdentity")
    # On AWS its owner then proves it, by mail or DNS; moto takes it as proved.
    client("sesv2").create_email_identity(EmailIdentity=name)
    return Made(name)


def _mail_configuration(client: ClientFactory, logical_id: str, properties: dict[str, Any]) -> Made:
    name = properties.pop("Name", f"constancia-{logical_id}")
    direct = ("DeliveryOptions", "ReputationOptions")
    request = {key: properties.pop(key) for key in direct if key in properties}
    client("sesv2").create_configuration_set(ConfigurationSetName=name, **request)
    return Made(name)


def _log_group(client: ClientFactory, logical_id: str, properties: dict[str, Any]) -> Made:
    logs = client("logs")
    name = properties.pop("LogGroupName", f"constancia-{logical_id}")
    encryption = {"kmsKeyId": properties.pop("KmsKeyId")} if "KmsKeyId" in properties else {}
    logs.create_log_group(logGroupName=name, **encryption)
    if retention := properties.pop("RetentionInDays", None):
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(retention))
    return Made(name, {"Arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"})


_MAKERS: Mapping[str, Maker] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::KMS::Alias": _alias,
    "AWS::KMS::Key": _key,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    "AWS::SES::ConfigurationSet": _mail_configuration,
    "AWS::SES::EmailIdentity": _mail_identity,
    "AWS::SQS::Queue": _queue,
    "AWS::SSM::Parameter": _parameter,
    "AWS::SecretsManager::Secret": _secret,
}

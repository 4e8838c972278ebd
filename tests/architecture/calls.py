"""The calls that a function makes, as botocore is about to send them, and the rights that AWS asks for each.

A call that is not translated here fails loudly: whoever writes a new one says which right it takes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from boto3.session import Session

from infra.local.stack import Stack
from infra.local.template import ACCOUNT, REGION
from tests.architecture.rights import Context, Need

SECURE: Context = {
    "aws:SecureTransport": ("true",),
    "s3:TlsVersion": ("1.3",),
    "aws:PrincipalAccount": (ACCOUNT,),
    "aws:PrincipalIsAWSService": ("false",),
}
"""What holds of every call of a function: botocore speaks TLS, and the functions are this account's."""


class Calls:
    """Notes the calls of whatever function is being run."""

    def __init__(self) -> None:
        self.made: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
        self._function: str | None = None

    def listen(self, session: Session) -> None:
        """Hear of every call of the clients that the session makes from now on, presigned ones too."""
        session.events.register("before-parameter-build", self._note)

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        """What is called within is the function's."""
        self._function = function
        try:
            yield
        finally:
            self._function = None

    def _note(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        assert self._function, f"{model.name} outside of any function"
        service = model.service_model.service_name
        self.made.setdefault(self._function, []).append((service, model.name, dict(params)))


def role_of(stack: Stack, who: str) -> str:
    """The role (logical id) of a function, or of operators: their role itself."""
    resource = stack.template.resources[who]
    return who if resource.type == "AWS::IAM::Role" else str(resource.properties["Role"]["Fn::GetAtt"][0])


def needs_of(stack: Stack, function: str, calls: Calls) -> list[Need]:
    """The rights that a function's calls take, and those of what AWS does in its name."""
    names = {stack.ref(one.logical_id): one.logical_id for one in stack.template.resources.values()}
    role = role_of(stack, function)
    always = {**SECURE, "aws:PrincipalArn": (stack.attribute(role, "Arn"),)}
    asked = [
        need
        for service, operation, params in calls.made[function]
        for need in _RIGHTS[service, operation](stack, names, params)
    ]
    return [
        Need(need.action, need.resource, {**always, **need.context})
        for need in (*asked, *_on_behalf(stack, function))
    ]


def _on_behalf(stack: Stack, function: str) -> Iterator[Need]:
    """What Lambda does as the function's role without a line of ours; operators find their stack."""
    if stack.template.resources[function].type == "AWS::IAM::Role":
        yield Need("cloudformation:DescribeStacks", stack.template.resolve({"Ref": "AWS::StackId"}, _nothing))
        return
    log = stack.attribute(f"{function.removesuffix('Function')}Logs", "Arn").removesuffix(":*")
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html; the group is the template's
    yield Need("logs:CreateLogStream", f"{log}:log-stream:2026")
    yield Need("logs:PutLogEvents", f"{log}:log-stream:2026")
    # https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
    yield Need("xray:PutTraceSegments", "*")
    yield Need("xray:PutTelemetryRecords", "*")
    # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    for source in stack.queue_sources:
        if source.function == function:
            for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
                yield Need(f"sqs:{action}", source.queue_arn)


def _nothing(name: str, _: str | None) -> str:
    raise KeyError(name)


def _through(stack: Stack, action: str, service: str) -> Need:
    """A use of the encrypting key that a service makes in the caller's name."""
    return Need(
        f"kms:{action}",
        stack.attribute("DataKey", "Arn"),
        {"kms:ViaService": (f"{service}.{REGION}.amazonaws.com",)},
    )


type _Translator = Callable[[Stack, Mapping[str, str], Mapping[str, Any]], Iterable[Need]]


def _item(action: str) -> _Translator:
    def translate(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
        key = (params.get("Key") or params["Item"])["pk"]["S"]
        yield from _on_table(stack, names, params["TableName"], action, key)

    return translate


def _on_table(
    stack: Stack, names: Mapping[str, str], table: str, action: str, *keys: str, index: str = ""
) -> Iterator[Need]:
    arn = stack.attribute(names[table], "Arn") + (f"/index/{index}" if index else "")
    yield Need(f"dynamodb:{action}", arn, {"dynamodb:LeadingKeys": keys})
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html: the table's
    # key is decrypted in the name of whoever uses the table; it was generated when the table was made
    yield _through(stack, "Decrypt", "dynamodb")


def _transaction(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html

    Each part takes the right of its own action. Whether AWS judges it with its own key or with those of the
    whole transaction is not written anywhere: both must be allowed.
    """
    actions = {"Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}
    parts = [(actions[kind], part) for write in params["TransactItems"] for kind, part in write.items()]
    keys = [(part.get("Key") or part["Item"])["pk"]["S"] for _, part in parts]
    for (action, part), key in zip(parts, keys, strict=True):
        yield from _on_table(stack, names, part["TableName"], action, key)
        yield from _on_table(stack, names, part["TableName"], action, *keys)


def _query(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    values = params["ExpressionAttributeValues"]
    (value,) = (values[name]["S"] for name in (":pending", ":code", ":pk") if name in values)
    index = params.get("IndexName", "")
    yield from _on_table(stack, names, params["TableName"], "Query", value, index=index)


def _scan(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    yield from _on_table(stack, names, params["TableName"], "Scan")


def _put_file(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    # A data key for what is stored: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    given = {
        f"s3:x-amz-server-side-encryption{suffix}": (str(params[name]),)
        for name, suffix in (
            ("ServerSideEncryption", ""),
            ("SSEKMSKeyId", "-aws-kms-key-id"),
            ("SSECustomerAlgorithm", "-customer-algorithm"),
        )
        if name in params
    }
    file = f"{stack.attribute(names[params['Bucket']], 'Arn')}/{params['Key']}"
    yield Need("s3:PutObject", file, given)
    if "Tagging" in params:
        yield Need("s3:PutObjectTagging", file)
    yield _through(stack, "GenerateDataKey", "s3")


def _file(action: str) -> _Translator:
    def translate(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
        yield Need(f"s3:{action}", f"{stack.attribute(names[params['Bucket']], 'Arn')}/{params['Key']}")

    return translate


def _get_file(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    """A presigned link is used with the rights of whoever signed it; S3 decrypts in the same name."""
    yield Need("s3:GetObject", f"{stack.attribute(names[params['Bucket']], 'Arn')}/{params['Key']}")
    yield _through(stack, "Decrypt", "s3")


def _list_files(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    bucket = stack.attribute(names[params["Bucket"]], "Arn")
    yield Need("s3:ListBucket", bucket, {"s3:prefix": (params["Prefix"],)})


def _on_queue(action: str) -> _Translator:
    """A batch takes the right of its single action (Amazon SQS API permissions)."""

    def translate(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
        yield Need(f"sqs:{action}", stack.attribute(names[params["QueueUrl"]], "Arn"))

    return translate


def _secret(stack: Stack, _names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    """https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"""
    yield Need("secretsmanager:GetSecretValue", params["SecretId"])
    yield _through(stack, "Decrypt", "secretsmanager")


def _parameter(_stack: Stack, _names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    yield Need("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{params['Name']}")


def _sign(stack: Stack, names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    key = stack.attribute(names[params["KeyId"]], "Arn")
    yield Need("kms:Sign", key, {"kms:SigningAlgorithm": (params["SigningAlgorithm"],)})


def _mail(_stack: Stack, _names: Mapping[str, str], params: Mapping[str, Any]) -> Iterator[Need]:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html"""
    begin = f"arn:aws:ses:{REGION}:{ACCOUNT}"
    yield Need("ses:SendEmail", f"{begin}:identity/{params['FromEmailAddress']}")
    yield Need("ses:SendEmail", f"{begin}:configuration-set/{params['ConfigurationSetName']}")


_RIGHTS: Mapping[tuple[str, str], _Translator] = {
    ("dynamodb", "GetItem"): _item("GetItem"),
    ("dynamodb", "PutItem"): _item("PutItem"),
    ("dynamodb", "UpdateItem"): _item("UpdateItem"),
    ("dynamodb", "TransactWriteItems"): _transaction,
    ("dynamodb", "Query"): _query,
    ("dynamodb", "Scan"): _scan,
    ("kms", "Sign"): _sign,
    ("s3", "DeleteObjectTagging"): _file("DeleteObjectTagging"),
    ("s3", "GetObject"): _get_file,
    ("s3", "GetObjectTagging"): _file("GetObjectTagging"),
    ("s3", "HeadObject"): _get_file,
    ("s3", "ListObjectsV2"): _list_files,
    ("s3", "PutObject"): _put_file,
    ("secretsmanager", "GetSecretValue"): _secret,
    ("sesv2", "SendEmail"): _mail,
    ("sqs", "ChangeMessageVisibilityBatch"): _on_queue("ChangeMessageVisibility"),
    ("sqs", "DeleteMessage"): _on_queue("DeleteMessage"),
    ("sqs", "GetQueueAttributes"): _on_queue("GetQueueAttributes"),
    ("sqs", "ReceiveMessage"): _on_queue("ReceiveMessage"),
    ("sqs", "SendMessage"): _on_queue("SendMessage"),
    ("ssm", "GetParameter"): _parameter,
}

"""What is typed at `constancia ops`, and what is said where it can't be done."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    TokenRetrievalError,
)

from infra.cli import ops
from infra.cli.main import INTERRUPTED, main
from infra.ops.stage import Stage, StageError
from infra.ops.trouble import ExitCode, explained

CODE = "99S0-QR6Y-D40R"


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["ops", *arguments])
    assert ended.value.code == ExitCode.WRONG_USAGE
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["show", "99S0-QR6Y-D40S"], "the code has a typing error"),
        (["show", "99S0"], "12 letters and digits"),
        (["annul", CODE, "--reason", "no-idea"], "wrong_data, holder_asked, not_entitled, legal_order"),
        (["annul", CODE], "--reason"),
        (["annul", CODE, "--reason", "wrong-data", "--ticket", "Rosa Quispe"], "no spaces"),
        (["annul", CODE, "--reason", "wrong-data", "--ticket", "DNI-12345678"], "may be somebody's DNI"),
        ([], "VERB|verb"),
    ],
)
def test_what_is_mistyped_is_told_with_how_to_mend_it(
    capsys: pytest.CaptureFixture[str], typed: list[str], said: str
) -> None:
    error = refused(capsys, *typed)

    assert any(one in error for one in said.split("|"))


def test_an_act_without_a_case_is_refused_before_anybody_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ops, "_stage", lambda _: pytest.fail("nobody is to be asked"))

    assert main(["ops", "annul", CODE, "--reason", "wrong-data", "--yes"]) == ExitCode.WRONG_USAGE
    assert "--ticket" in capsys.readouterr().err


def a_client_error(code: str, call: str = "GetItem") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "rosa@correo.example"}}, call)


TROUBLES: list[tuple[Exception, ExitCode, str]] = [
    (a_client_error("ExpiredTokenException"), ExitCode.NO_CREDENTIALS, "expired: sign in"),
    (a_client_error("ExpiredToken"), ExitCode.NO_CREDENTIALS, "expired: sign in"),
    (
        a_client_error("UnrecognizedClientException"),
        ExitCode.NO_CREDENTIALS,
        "does not know these credentials",
    ),
    (a_client_error("AccessDeniedException", "PutItem"), ExitCode.DENIED, "refuses PutItem to this identity"),
    (a_client_error("AccessDenied", "DescribeStacks"), ExitCode.DENIED, "OperatorLooks"),
    (a_client_error("ThrottlingException"), ExitCode.TROUBLE, "try again in a minute"),
    (a_client_error("ProvisionedThroughputExceededException"), ExitCode.TROUBLE, "try again in a minute"),
    (a_client_error("ResourceNotFoundException"), ExitCode.WRONG_STAGE, "what the stack names is not there"),
    (a_client_error("InternalServerError"), ExitCode.TROUBLE, "could not do GetItem"),
    (NoCredentialsError(), ExitCode.NO_CREDENTIALS, "give --profile, or sign in"),
    (
        TokenRetrievalError(provider="sso", error_msg="expired"),
        ExitCode.NO_CREDENTIALS,
        "aws sso login",
    ),
    (ProfileNotFound(profile="operators"), ExitCode.WRONG_USAGE, "operators"),
    (NoRegionError(), ExitCode.WRONG_USAGE, "--region"),
    (ConnectTimeoutError(endpoint_url="https://dynamodb.example"), ExitCode.TROUBLE, "can't be reached"),
]


@pytest.mark.parametrize(("error", "code", "said"), TROUBLES, ids=lambda one: getattr(one, "name", None))
def test_trouble_with_aws_is_told_without_a_traceback_and_without_its_own_words(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: ExitCode,
    said: str,
) -> None:
    def fails(_: object) -> Stage:
        raise error

    monkeypatch.setattr(ops, "_stage", fails)

    assert main(["ops", "show", CODE]) == code
    told = capsys.readouterr()
    assert said in told.err
    assert "rosa@" not in told.err
    assert told.out == ""


def test_a_fault_of_ours_is_not_told_as_somebody_elses() -> None:
    assert explained(ZeroDivisionError()) is None


def test_ctrl_c_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> Stage:
        raise KeyboardInterrupt

    monkeypatch.setattr(ops, "_stage", interrupted)

    assert main(["ops", "pending"]) == INTERRUPTED


OUTPUTS = {
    "TableName": "table",
    "AuditTable": "audit",
    "BucketName": "bucket",
    "QueueUrl": "https://queue",
    "DeadLettersUrl": "https://dead",
    "SealChainName": "/chain",
}
PARAMETERS = {"Stage": "prod", "AuditYears": "5", "AuditUnknownDays": "90", "RequestDays": "7"}


class CloudFormation:
    """Has one stack."""

    def __init__(self, outputs: dict[str, str], parameters: dict[str, str]) -> None:
        self.outputs, self.parameters = outputs, parameters

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        if StackName != "constancia-prod":
            raise a_client_error("ValidationError", "DescribeStacks")
        stack = {
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs.items()],
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()
            ],
        }
        return {"Stacks": [stack]}


def found(name: str, stack: str, outputs: dict[str, str] = OUTPUTS) -> Stage:
    return Stage.find(name, stack, lambda _: CloudFormation(outputs, PARAMETERS))


def test_a_stage_is_what_its_stack_says() -> None:
    stage = found("prod", "constancia-prod")

    assert (stage.table_name, stage.audit_table, stage.bucket_name) == ("table", "audit", "bucket")
    assert (stage.audit_years, stage.audit_unknown_days, stage.request_days) == (5, 90, 7)


@pytest.mark.parametrize(
    ("name", "stack", "outputs", "said"),
    [
        ("staging", "constancia-staging", OUTPUTS, "there is no stack constancia-staging"),
        ("dev", "constancia-prod", OUTPUTS, "is of the stage prod, not of dev"),
        ("prod", "constancia-prod", {}, "says nothing of 'TableName'"),
    ],
)
def test_a_stage_that_is_not_what_was_meant_is_told(
    name: str, stack: str, outputs: dict[str, str], said: str
) -> None:
    with pytest.raises(StageError, match=said):
        found(name, stack, outputs)


def test_without_a_local_platform_it_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    assert main(["ops", "pending", "--local", str(tmp_path)]) == ExitCode.WRONG_STAGE
    assert "make run" in capsys.readouterr().err

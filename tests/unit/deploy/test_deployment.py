"""A deploy that does not work is undone, and what stood stands again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.deployment import (
    DeployError,
    RolledBackError,
    Sam,
    Stage,
    Standing,
    deploy,
    marked,
)
from infra.deploy.smoke import SmokeError
from infra.local.template import read_template

ROOT = Path(__file__).parents[3]
STAGE = Stage("dev", "constancia-dev", {"Stage": "dev"})
OLD = {
    "Resources": {
        "F": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": "s3://b/old", "Description": "F"},
        },
        "Firewall": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "http://b/nested"}},
    }
}


class CloudFormation:
    """A stack that stands, or none."""

    def __init__(self, *, stands: bool) -> None:
        self.stands = stands

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        from botocore.exceptions import ClientError  # noqa: PLC0415

        if not self.stands:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": ""}}, "DescribeStacks")
        given = {"Stage": "dev", "ContactEmail": "old@constancia.example", "TsaUrl": ""}
        pairs = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
        return {"Stacks": [{"Parameters": pairs}]}

    def describe_stack_resource(self, **_: str) -> dict[str, Any]:
        return {"StackResourceDetail": {"PhysicalResourceId": "nested"}}

    def get_template(self, StackName: str, TemplateStage: str) -> dict[str, Any]:  # noqa: N803
        assert TemplateStage == "Original"
        return {"TemplateBody": "Resources: {Nested: {}}" if StackName == "nested" else OLD}


@dataclass
class Deployed:
    template: dict[str, Any]
    nested: str | None
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class FakeSam(Sam):
    done: list[Deployed] = field(default_factory=list)

    def deploy(self, stage: Stage, template: Path, parameters: Mapping[str, str]) -> None:
        nested = template.parent / "Firewall.template"
        self.done.append(
            Deployed(
                json.loads(template.read_text("utf-8")),
                nested.read_text("utf-8") if nested.exists() else None,
                dict(parameters),
            )
        )


@pytest.fixture
def sam(tmp_path: Path) -> FakeSam:
    return FakeSam(tmp_path, {}, tmp_path)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: F, Description: F}}}"
    )
    return path


def smokes(*outcomes: bool) -> Callable[[], None]:
    left = list(outcomes)

    def smoke() -> None:
        if not left.pop(0):
            raise SmokeError("GET / answered 502")

    return smoke


def run(
    template: Path, sam: Sam, smoke: Callable[[], None] | None, *, stands: bool = True, **given: str
) -> None:
    cloudformation = CloudFormation(stands=stands)
    deploy(STAGE, template, sam, lambda _: cloudformation, smoke, lambda _: None, given)


def test_what_works_stays_and_parameters_that_are_not_named_keep_what_they_are(
    template: Path, sam: FakeSam
) -> None:
    run(template, sam, smokes(True), MailFrom="new@constancia.example")

    (done,) = sam.done
    assert done.parameters == {
        "Stage": "dev",
        "ContactEmail": "old@constancia.example",
        "TsaUrl": "",
        "MailFrom": "new@constancia.example",
    }


def test_what_does_not_work_is_replaced_by_what_stood(template: Path, sam: FakeSam) -> None:
    with pytest.raises(RolledBackError, match=r"as it was before: GET / answered 502"):
        run(template, sam, smokes(False, True), ContactEmail="bad@constancia.example")

    bad, back = sam.done
    assert bad.parameters["ContactEmail"] == "bad@constancia.example"
    assert back.parameters["ContactEmail"] == "old@constancia.example"
    assert back.template["Resources"]["F"] == OLD["Resources"]["F"]
    assert back.template["Resources"]["Firewall"]["Properties"]["TemplateURL"] == "Firewall.template"
    assert back.nested == "Resources: {Nested: {}}"


def test_that_going_back_did_not_help_is_told_apart(template: Path, sam: FakeSam) -> None:
    with pytest.raises(DeployError, match="was put back, and does not work") as failure:
        run(template, sam, smokes(False, False))

    assert not isinstance(failure.value, RolledBackError)


def test_a_first_deploy_has_nothing_to_go_back_to(template: Path, sam: FakeSam) -> None:
    with pytest.raises(DeployError, match="the first deploy of constancia-dev does not work"):
        run(template, sam, smokes(False), stands=False)

    assert len(sam.done) == 1


def test_before_its_first_keys_a_stage_is_not_tried(template: Path, sam: FakeSam) -> None:
    run(template, sam, None, stands=False)

    assert len(sam.done) == 1


def test_a_stage_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(DeployError, match=r"no stage qa in samconfig\.toml.+dev.+staging.+prod"):
        Stage.of("qa", ROOT / "samconfig.toml")


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_the_parameters_of_a_stage_are_the_templates(name: str) -> None:
    stage = Stage.of(name, ROOT / "samconfig.toml")
    read = read_template(ROOT / "template.yaml", stage.parameters)

    assert stage.stack == f"constancia-{name}"
    assert read.parameters["Stage"] == name
    assert (read.parameters["SealDemo"] == "false") == (name == "prod")


def test_another_value_of_a_parameter_publishes_other_versions(tmp_path: Path) -> None:
    def versions(parameters: Mapping[str, str]) -> set[str]:
        copy = tmp_path / "template.yaml"
        copy.write_text((ROOT / "template.yaml").read_text("utf-8"), "utf-8")
        read = read_template(marked(copy, parameters), parameters)
        return {each.logical_id for each in read.of_type("AWS::Lambda::Version")}

    one = versions({"ContactEmail": "one@constancia.example"})
    assert len(one) == 3
    assert versions({"ContactEmail": "one@constancia.example"}) == one
    assert versions({"ContactEmail": "two@constancia.example"}).isdisjoint(one)


@pytest.mark.parametrize(("what", "other"), [("ContentUri: layers/", "ContentUri: layers/x")])
def test_another_layer_publishes_other_versions(tmp_path: Path, what: str, other: str) -> None:
    text = (ROOT / "template.yaml").read_text("utf-8")
    versions = []
    for each in (text, text.replace(what, other)):
        path = tmp_path / "template.yaml"
        path.write_text(each, "utf-8")
        read = read_template(path)
        versions.append({one.logical_id for one in read.of_type("AWS::Lambda::Version")})

    assert len(versions[0]) == 3
    assert versions[0].isdisjoint(versions[1])


@pytest.mark.parametrize("value", ["", "plain", "two words", 'a "quoted" one', "back\\slash", "a=b,c"])
def test_sam_gets_a_parameter_whole(tmp_path: Path, value: str) -> None:
    program = tmp_path / "sam"
    program.write_text('#!/bin/sh\nfor each; do last=$each; done; printf %s "$last" > "$OUT"\n')
    program.chmod(0o755)
    sam = Sam(program, {"OUT": str(tmp_path / "out"), "PATH": "/usr/bin:/bin"}, tmp_path / "samconfig.toml")

    sam.deploy(STAGE, tmp_path / "template.yaml", {"Name": value})

    name, _, quoted = (tmp_path / "out").read_text("utf-8").partition("=")
    assert name == "Name"
    assert json.loads(quoted) == value


def test_what_sam_said_last_is_told_where_it_fails(tmp_path: Path) -> None:
    program = tmp_path / "sam"
    program.write_text("#!/bin/sh\necho 'Error: no such role' >&2; exit 1\n")
    program.chmod(0o755)

    with pytest.raises(DeployError, match="Error: no such role"):
        Sam(program, {}, tmp_path).deploy(STAGE, tmp_path / "template.yaml", {})


def test_a_stack_that_is_not_there_has_stood_for_nothing() -> None:
    assert Standing.of("constancia-dev", lambda _: CloudFormation(stands=False)) is None

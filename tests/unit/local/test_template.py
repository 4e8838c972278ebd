"""Expansion, parameters and intrinsic functions of templates."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.template import Template, TemplateError, read_template

HEADER = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev, AllowedPattern: "[a-z]+"}
  Level: {Type: String, Default: INFO, AllowedValues: [INFO, DEBUG]}
  Minutes: {Type: Number, Default: 5, MinValue: 2}
Conditions:
  IsQuiet: !Not [!Equals [!Ref Level, DEBUG]]
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Queue: {Type: AWS::SQS::Queue}
  OnlyInProd: {Type: AWS::SQS::Queue, Condition: IsProd}
Outputs:
  Value: {Value: VALUE}
"""


def read(tmp_path: Path, value: str = "x", **parameters: Any) -> Template:
    path = tmp_path / "template.yaml"
    path.write_text(HEADER.replace("VALUE", value))
    return read_template(path, parameters)


def resolved(tmp_path: Path, value: str, **parameters: Any) -> Any:
    template = read(tmp_path, value, **parameters)

    def lookup(logical_id: str, attribute: str | None) -> str:
        return logical_id if attribute is None else f"{logical_id}:{attribute}"

    return template.resolve(template.outputs["Value"], lookup)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("!Ref Stage", "dev"),
        ("!Ref AWS::Region", "us-east-1"),
        ("!Ref Queue", "Queue"),
        ("!GetAtt Queue.Arn", "Queue:Arn"),
        ("{'Fn::GetAtt': [Queue, Arn]}", "Queue:Arn"),
        ("!Sub '${Stage}-${Queue}-${Queue.Arn}-${!Kept}'", "dev-Queue-Queue:Arn-${Kept}"),
        ("!Sub ['${Own}/${Stage}', {Own: !Ref Minutes}]", "5/dev"),
        ("!Join ['-', [a, !Ref Stage]]", "a-dev"),
        ("!If [IsQuiet, yes it is, !Ref Stage]", "yes it is"),
        ("{a: !If [IsProd, 1, !Ref AWS::NoValue], b: [1, !Ref AWS::NoValue]}", {"b": [1]}),
    ],
)
def test_intrinsic_functions_resolve(tmp_path: Path, value: str, expected: Any) -> None:
    assert resolved(tmp_path, value) == expected


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("!Ref Nothing", "Nothing"),
        ("!GetAtt Nothing.Arn", "Nothing"),
        ("!Sub '${Nothing.Arn}'", "Nothing"),
        ("!If [Unknown, 1, 2]", "Unknown"),
        ("!ImportValue other", "Fn::ImportValue"),
        ("!Select [0, [a]]", "Fn::Select"),
    ],
)
def test_what_can_not_be_resolved_is_named(tmp_path: Path, value: str, named: str) -> None:
    with pytest.raises(TemplateError, match=named):
        resolved(tmp_path, value)


def test_a_resource_stands_only_where_its_condition_holds(tmp_path: Path) -> None:
    assert "OnlyInProd" not in read(tmp_path).resources
    assert "OnlyInProd" in read(tmp_path, Stage="prod").resources


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"Stage": "Dev1"}, "Stage"),
        ({"Level": "LOUD"}, "Level"),
        ({"Minutes": "soon"}, "Minutes"),
        ({"Minutes": 1}, "Minutes"),
        ({"Unheard": "of"}, "Unheard"),
    ],
)
def test_a_parameter_that_its_rules_refuse_is_named(
    tmp_path: Path, parameters: dict[str, Any], named: str
) -> None:
    with pytest.raises(TemplateError, match=named):
        read(tmp_path, **parameters)


def test_the_real_template_needs_no_parameters(template: Template) -> None:
    assert template.parameters["Stage"] == "dev"
    assert {resource.logical_id for resource in template.of_type("AWS::Lambda::Function")} >= {
        "RequestFunction",
        "ValidateFunction",
        "RenderFunction",
    }

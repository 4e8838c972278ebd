"""The operator's page is as true as the template."""

import re
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/deploy.md").read_text("utf-8")
TEMPLATE: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))


def test_the_table_of_parameters_is_the_templates() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S[^|]*?) \| (.+) \|$", PAGE, re.MULTILINE)
    told = {name: (default, text) for name, default, text in rows if name in TEMPLATE["Parameters"]}

    assert told == {
        name: (
            f"`{rules['Default']}`" if str(rules["Default"]) else "empty",
            " ".join(rules["Description"].split()),
        )
        for name, rules in TEMPLATE["Parameters"].items()
    }
    table = PAGE.split("## Parameters")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(TEMPLATE["Parameters"])


@pytest.mark.parametrize(
    "output", ["ReniecSecret", "MigracionesSecret", "SiagieSecret", "RestApi", "Url", "AlarmTopic"]
)
def test_the_outputs_that_operators_need_are_there(output: str) -> None:
    assert output in TEMPLATE["Outputs"]


@pytest.mark.parametrize("file", ["account", "domain", "deployer"])
def test_each_stack_that_is_made_once_is_told_with_its_parameters(file: str) -> None:
    once = yaml_parse((ROOT / f"infra/{file}.yaml").read_text("utf-8"))

    assert f"-t infra/{file}.yaml" in PAGE
    assert [name for name in once.get("Parameters", {}) if f"{name}=" not in PAGE] == []


def test_every_alarm_of_a_deploy_is_told_and_takes_a_deploy_back() -> None:
    alarms = {
        logical_id: resource["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("constancia-${Stage}")
        for logical_id, resource in TEMPLATE["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }
    functions = [
        resource["Properties"]
        for resource in TEMPLATE["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    heeded = {alarm["Ref"] for function in functions for alarm in function["DeploymentPreference"]["Alarms"]}

    assert len(functions) == 3
    assert heeded <= set(alarms)
    assert [name for name in heeded if f"{alarms[name]}`" not in PAGE] == []
    assert all(function["AutoPublishAliasAllProperties"] for function in functions)
    assert TEMPLATE["Globals"]["Function"]["AutoPublishAlias"] == "live"

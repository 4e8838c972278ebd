"""What goes to ministack is what goes to AWS, but for what is told."""

from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from infra.deploy.emulated import NOT_THERE, OTHER_DEFAULT, OTHER_TYPE, emulated

ROOT = Path(__file__).parents[3]
TEMPLATES = ["template.yaml", "infra/firewall.yaml", "infra/domain.yaml"]


def template(path: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml_parse((ROOT / path).read_text("utf-8"))
    return read


@pytest.mark.parametrize("path", TEMPLATES)
def test_all_but_the_types_that_are_told_goes_as_it_is(path: str) -> None:
    original = template(path)
    changed = emulated(original)

    told = {**OTHER_TYPE, **NOT_THERE}
    same = {name for name, each in original["Resources"].items() if each["Type"] not in told}
    assert same
    assert {name: changed["Resources"][name] for name in same} == {
        name: original["Resources"][name] for name in same
    }
    other_default = {
        name: {**original["Parameters"][name], "Default": value}
        for name, value in OTHER_DEFAULT.items()
        if name in original["Parameters"]
    }
    assert changed["Parameters"] == {**original["Parameters"], **other_default}
    rest = {key: value for key, value in original.items() if key not in {"Resources", "Parameters"}}
    assert {key: changed[key] for key in changed.keys() - {"Resources", "Parameters"}} == rest


def test_functions_and_operators_have_the_policies_that_they_have_on_aws() -> None:
    original = template("template.yaml")["Resources"]
    changed = emulated({"Resources": original})["Resources"]

    policies = [name for name, each in original.items() if each["Type"] == "AWS::IAM::RolePolicy"]
    assert len(policies) == 3 + 2
    for name in policies:
        before, after = original[name]["Properties"], changed[name]["Properties"]
        assert changed[name]["Type"] == "AWS::IAM::Policy"
        assert after["Roles"] == [before["RoleName"]]
        assert after["PolicyDocument"] == before["PolicyDocument"]


@pytest.mark.parametrize("kind", [*OTHER_TYPE, *NOT_THERE])
def test_what_is_told_is_needed(kind: str) -> None:
    used = {each["Type"] for path in TEMPLATES for each in template(path)["Resources"].values()}

    assert kind in used


def test_the_parameters_with_another_default_are_there() -> None:
    declared = template("template.yaml")["Parameters"]

    for name, value in OTHER_DEFAULT.items():
        assert value in declared[name]["AllowedValues"]
        assert value != declared[name]["Default"]


def test_the_docs_tell_of_each_type() -> None:
    page = (ROOT / "docs/deploy.md").read_text("utf-8")

    assert [name for name in (*OTHER_TYPE, *OTHER_DEFAULT, *NOT_THERE) if f"`{name}`" not in page] == []

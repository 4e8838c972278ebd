"""What of a built template ministack can't make, and what stands for it there (docs/deploy.md tells it).

Nothing else is touched: a test holds that all the other resources go to ministack as they go to AWS.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

OTHER_TYPE: Mapping[str, str] = {
    "AWS::IAM::RolePolicy": "AWS::IAM::Policy",  # the same policy, attached by a list of roles
}
"""Types that ministack does not know, and what makes the same there."""

NOT_THERE: Mapping[str, str] = {
    "AWS::WAFv2::WebACLAssociation": "it makes the firewall, and can't put it before an API",
    "AWS::WAFv2::LoggingConfiguration": "it makes the firewall, and logs nothing of it",
}
"""Types that it has nothing for, and why nothing of the demo goes through them."""

OTHER_DEFAULT: Mapping[str, str] = {
    "Gradual": "false",  # it has no CodeDeploy, and expands SAM's templates under their defaults alone
}
"""Parameters that have another default there; AWS takes the same value by `--parameter-overrides`."""


def emulated(template: Mapping[str, Any]) -> dict[str, Any]:
    """A template as ministack takes it."""
    resources = {
        logical_id: _emulated(resource)
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] not in NOT_THERE
    }
    parameters = {
        name: {**rules, "Default": OTHER_DEFAULT[name]}
        for name, rules in template.get("Parameters", {}).items()
        if name in OTHER_DEFAULT
    }
    return {
        **template,
        "Parameters": {**template.get("Parameters", {}), **parameters},
        "Resources": resources,
    }


def _emulated(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    if resource["Type"] != "AWS::IAM::RolePolicy":
        return resource
    properties = dict(resource["Properties"])
    properties["Roles"] = [properties.pop("RoleName")]
    return {**resource, "Type": OTHER_TYPE[resource["Type"]], "Properties": properties}


def write_emulated(build: Path) -> Path:
    """Write the templates of a build folder as ministack takes them; the path of the main one."""
    main = build / "template.yaml"
    template = emulated(yaml_parse(main.read_text("utf-8")))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            _write(build / resource["Properties"]["TemplateURL"])
    path = build / "emulated.json"
    path.write_text(json.dumps(template, indent=1), "utf-8")
    return path


def _write(nested: Path) -> None:
    template = emulated(yaml_parse(nested.read_text("utf-8")))
    nested.write_text(json.dumps(template, indent=1), "utf-8")

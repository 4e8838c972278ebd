"""Reading template.yaml: SAM's own translator expands it, and intrinsic functions are resolved here.

Nothing else describes the platform: what is made in moto, the functions, their environment, the routes and
the event sources all come from the expansion (`infra.local.stack`).
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "123456789012"  # moto's default account
REGION = "us-east-1"
_CODE_BUCKET = "code"  # stands for the folder of the template in the S3 addresses that SAM asks for

_PSEUDO_PARAMETERS: Mapping[str, Any] = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/constancia/local",
    "AWS::StackName": "constancia",
    "AWS::URLSuffix": "amazonaws.com",
}
_SECTIONS = {
    "AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Metadata", "Outputs", "Parameters",
    "Resources", "Transform",
}  # fmt: skip
_MANAGED_POLICIES = {  # SAM names them in the roles that it writes; roles are not made locally
    name: f"arn:aws:iam::aws:policy/service-role/{name}"
    for name in ("AWSLambdaBasicExecutionRole", "AWSLambdaSQSQueueExecutionRole", "AWSXRayDaemonWriteAccess")
}
_NO_VALUE = object()  # what `Ref: AWS::NoValue` leaves, until it is dropped

type Lookup = Callable[[str, str | None], Any]
"""Gives what a resource, by logical id, answers to Ref (attribute None) or to GetAtt."""


class TemplateError(Exception):
    """The template, or a parameter given for it, holds what the local platform does not understand."""


@dataclass(frozen=True)
class Resource:
    """A resource of the expanded template, its intrinsic functions not yet resolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """An expanded template: the resources and outputs whose conditions hold, under given parameters."""

    folder: Path
    parameters: Mapping[str, Any]
    resources: Mapping[str, Resource]
    outputs: Mapping[str, Any]
    conditions: Mapping[str, bool]

    def of_type(self, kind: str) -> list[Resource]:
        """All resources of a type such as `AWS::SQS::Queue`."""
        return [resource for resource in self.resources.values() if resource.type == kind]

    def code_folder(self, code: Mapping[str, Any]) -> Path:
        """The folder that a function's resolved `Code` stands for (its CodeUri)."""
        if code.get("S3Bucket") != _CODE_BUCKET:
            raise TemplateError(
                f"Code {dict(code)}: the local platform runs functions from a folder (CodeUri)"
            )
        return self.folder / str(code["S3Key"])

    def resolve(self, value: Any, lookup: Lookup) -> Any:
        """Replace every intrinsic function in a value.

        Raises:
            TemplateError: an unknown function, parameter, condition or resource.
        """
        names = {**_PSEUDO_PARAMETERS, **self.parameters}
        return _Resolver(names, self.resources, self.conditions, lookup).resolve(value)


def read_template(
    path: Path, parameters: Mapping[str, Any] | None = None, defaults: Mapping[str, Any] | None = None
) -> Template:
    """Expand a template under the given parameters, the others by their defaults.

    `defaults` stand in for the template's own, for those of the parameters that it has.

    Raises:
        TemplateError: an unknown or missing parameter, a value that its rules refuse, or a template that SAM
            or the local platform does not understand.
    """
    from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped] # noqa: PLC0415

    document = yaml_parse(path.read_text(encoding="utf-8"))
    if unknown := set(document) - _SECTIONS:
        raise TemplateError(f"{path.name}: unknown sections {sorted(unknown)}")
    declared = document.get("Parameters", {})
    own_defaults = {name: value for name, value in (defaults or {}).items() if name in declared}
    values = _parameter_values(declared, {**own_defaults, **(parameters or {})})
    expanded = _expand(document, values)
    conditions = _conditions(expanded.get("Conditions", {}), {**_PSEUDO_PARAMETERS, **values})
    resources = {
        logical_id: Resource(logical_id, resource["Type"], resource.get("Properties", {}))
        for logical_id, resource in expanded["Resources"].items()
        if conditions.get(resource.get("Condition", ""), True)
    }
    outputs = {
        name: output["Value"]
        for name, output in expanded.get("Outputs", {}).items()
        if conditions.get(output.get("Condition", ""), True)
    }
    return Template(path.parent, values, resources, outputs, conditions)


def _parameter_values(declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(given) - set(declared):
        raise TemplateError(f"unknown parameters {sorted(unknown)}; there are {sorted(declared)}")
    values = {}
    for name, rules in declared.items():
        if name not in given and "Default" not in rules:
            raise TemplateError(f"parameter {name} has no default and was not given")
        values[name] = _checked(name, rules, str(given.get(name, rules.get("Default"))))
    return values


def _checked(name: str, rules: Mapping[str, Any], value: str) -> str:
    allowed = [str(choice) for choice in rules.get("AllowedValues", [])]
    if allowed and value not in allowed:
        raise TemplateError(f"parameter {name}: {value!r} is not one of {allowed}")
    if "AllowedPattern" in rules and not re.fullmatch(rules["AllowedPattern"], value):
        raise TemplateError(f"parameter {name}: {value!r} does not match {rules['AllowedPattern']}")
    match rules.get("Type", "String"):
        case "String":
            return value
        case "Number":
            try:
                number = float(value)
            except ValueError:
                raise TemplateError(f"parameter {name}: {value!r} is not a number") from None
            if not float(rules.get("MinValue", number)) <= number <= float(rules.get("MaxValue", number)):
                raise TemplateError(f"parameter {name}: {value} is out of its bounds")
            return value
        case kind:
            raise TemplateError(f"parameter {name}: type {kind} is not supported locally")


def _expand(document: dict[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    import boto3  # noqa: PLC0415
    from samtranslator.parser.parser import Parser  # type: ignore[import-untyped] # noqa: PLC0415
    from samtranslator.public.exceptions import InvalidDocumentException  # type: ignore[import-untyped] # noqa: PLC0415
    from samtranslator.translator.translator import Translator  # type: ignore[import-untyped] # noqa: PLC0415

    logging.getLogger("samtranslator.feature_toggle.feature_toggle").setLevel(logging.ERROR)
    _point_code_at_its_folder(document)
    translator = Translator(_MANAGED_POLICIES, Parser(), boto_session=boto3.Session(region_name=REGION))
    try:
        expanded: dict[str, Any] = translator.translate(document, dict(parameters))
    except InvalidDocumentException as error:
        raise TemplateError("; ".join(cause.message for cause in error.causes)) from None
    return expanded


def _point_code_at_its_folder(document: dict[str, Any]) -> None:
    """SAM expands code only at S3 addresses: `functions/` becomes `s3://code/functions/`."""
    sections = [resource.get("Properties", {}) for resource in document["Resources"].values()]
    sections += document.get("Globals", {}).values()
    for properties in sections:
        for key in ("CodeUri", "ContentUri"):
            if isinstance(properties.get(key), str):
                properties[key] = f"s3://{_CODE_BUCKET}/{properties[key]}"


def _conditions(declared: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, bool]:
    def no_resource(logical_id: str, _: str | None) -> Any:
        raise TemplateError(f"conditions can't refer to the resource {logical_id}")

    resolver = _Resolver(names, {}, {}, no_resource)
    return {name: resolver.truth(value) for name, value in declared.items()}


@dataclass(frozen=True)
class _Resolver:
    """CloudFormation's intrinsic functions."""

    names: Mapping[str, Any]
    resources: Mapping[str, Resource]
    conditions: Mapping[str, bool]
    lookup: Lookup

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            items = (self.resolve(item) for item in value)
            return [item for item in items if item is not _NO_VALUE]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            (key,) = value
            if key == "Ref" or key.startswith("Fn::"):
                return self._call(key, value[key])
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not _NO_VALUE}

    def truth(self, value: Any) -> bool:
        """The value of a condition."""
        match value:
            case {"Fn::Equals": [left, right]}:
                return str(self.resolve(left)) == str(self.resolve(right))
            case {"Fn::Not": [inner]}:
                return not self.truth(inner)
        raise TemplateError(f"condition {value} is not supported locally (infra/local/template.py)")

    def _call(self, function: str, argument: Any) -> Any:  # noqa: PLR0911 - one line for each function
        match function, argument:
            case "Ref", str(name):
                return self._ref(name)
            case "Fn::GetAtt", [str(name), attribute]:
                return self._attribute(name, str(self.resolve(attribute)))
            case "Fn::GetAtt", str(path):
                name, _, attribute = path.partition(".")
                return self._attribute(name, attribute)
            case "Fn::Sub", str(text):
                return self._substitute(text, {})
            case "Fn::Sub", [str(text), dict(variables)]:
                return self._substitute(text, self.resolve(variables))
            case "Fn::Join", [str(separator), items]:
                return separator.join(str(item) for item in self.resolve(items))
            case "Fn::If", [str(name), then, otherwise]:
                return self.resolve(then if self._condition(name) else otherwise)
        raise TemplateError(f"{function} of {argument!r} is not supported locally (infra/local/template.py)")

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in self.names:
            return self.names[name]
        if name in self.resources:
            return self.lookup(name, None)
        raise TemplateError(f"Ref to {name}, which is neither a parameter nor a resource")

    def _attribute(self, name: str, attribute: str) -> Any:
        if name not in self.resources:
            raise TemplateError(f"GetAtt of {name}, which is no resource")
        return self.lookup(name, attribute)

    def _condition(self, name: str) -> bool:
        if name not in self.conditions:
            raise TemplateError(f"unknown condition {name}")
        return self.conditions[name]

    def _substitute(self, text: str, variables: Mapping[str, Any]) -> str:
        def replacement(found: re.Match[str]) -> str:
            name = found[1].strip()
            if name.startswith("!"):  # ${!literal}
                return "${" + name[1:] + "}"
            if name in variables:
                return str(variables[name])
            if "." in name:
                return str(self._attribute(*name.split(".", 1)))
            return str(self._ref(name))

        return re.sub(r"\$\{([^}]*)\}", replacement, text)

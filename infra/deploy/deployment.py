"""One deploy of a stage: SAM, the smoke test, and the way back where it fails.

CloudFormation itself undoes an update that it can't make. That the new code does not work is for the
smoke test to see, and then the stack gets the template and the parameters that it had before.
"""

import copy
import hashlib
import json
import subprocess
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from infra.deploy.smoke import SmokeError
from infra.local.clients import ClientFactory

type Tell = Callable[[str], None]


class DeployError(Exception):
    """The stage is not what it was to become; says why, and what stands now."""


class RolledBackError(DeployError):
    """The update was bad; the stage is as it was before."""


@dataclass(frozen=True)
class Stage:
    """A stage as samconfig.toml has it."""

    name: str
    stack: str
    parameters: Mapping[str, str]

    @classmethod
    def of(cls, name: str, config: Path) -> Self:
        """Read a stage's settings.

        Raises:
            DeployError: samconfig.toml has no such stage.
        """
        stages = tomllib.loads(config.read_text("utf-8"))
        try:
            given = stages[name]["deploy"]["parameters"]
        except KeyError:
            known = [key for key, value in stages.items() if isinstance(value, dict) and "deploy" in value]
            raise DeployError(f"there is no stage {name} in {config.name}; there are {known}") from None
        pairs = (pair.partition("=") for pair in given.get("parameter_overrides", ()))
        return cls(name, given["stack_name"], {key: value for key, _, value in pairs})


@dataclass(frozen=True)
class Sam:
    """`sam deploy`, with whom it calls: the program, its environment, the file of settings."""

    program: Path
    environment: Mapping[str, str]
    config: Path
    role: str | None = None
    """As whom CloudFormation works; None - as the caller."""

    def deploy(self, stage: Stage, template: Path, parameters: Mapping[str, str]) -> None:
        """Deploy a template; CloudFormation undoes what it can't make.

        Raises:
            DeployError: it was not made; with SAM's last words.
        """
        overrides = [f"{key}={_quoted(value)}" for key, value in parameters.items()]
        done = subprocess.run(  # noqa: S603 - our own program
            [
                str(self.program), "deploy", "--config-env", stage.name, "--config-file", str(self.config),
                "--template-file", str(template), "--no-confirm-changeset", "--no-fail-on-empty-changeset",
                *(["--role-arn", self.role] if self.role else []),
                *(["--parameter-overrides", *overrides] if overrides else []),
            ],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            words = (done.stdout + done.stderr).strip().splitlines()
            raise DeployError("sam deploy failed:\n" + "\n".join(words[-15:]))


def _quoted(value: str) -> str:
    """A parameter as SAM takes it whatever is in it: nothing, blanks, quotation marks."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True)
class Standing:
    """What a stack was made of: its templates, its parameters. The code stays where SAM put it."""

    template: Mapping[str, Any]
    nested: Mapping[str, str]
    """The templates of the stacks within it, by logical id."""
    parameters: Mapping[str, str]

    @classmethod
    def of(cls, stack: str, client: ClientFactory) -> Self | None:
        """Read it; None where there is no such stack."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        cloudformation = client("cloudformation")
        try:
            (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return None
        template = yaml_parse(_template_of(stack, cloudformation))
        nested = {
            logical_id: _template_of(
                cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)[
                    "StackResourceDetail"
                ]["PhysicalResourceId"],
                cloudformation,
            )
            for logical_id, resource in template["Resources"].items()
            if resource["Type"] == "AWS::CloudFormation::Stack"
        }
        given = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())}
        return cls(template, nested, given)

    def write(self, folder: Path) -> Path:
        """Write the templates as SAM takes them; the path of the stack's own."""
        document = copy.deepcopy(dict(self.template))
        for logical_id, text in self.nested.items():
            name = f"{logical_id}.template"
            (folder / name).write_text(text, "utf-8")
            document["Resources"][logical_id]["Properties"]["TemplateURL"] = name
        path = folder / "before.json"
        path.write_text(json.dumps(document), "utf-8")
        return path


def _template_of(stack: str, cloudformation: Any) -> str:
    body = cloudformation.get_template(StackName=stack, TemplateStage="Original")["TemplateBody"]
    return body if isinstance(body, str) else json.dumps(body)


def deploy(
    stage: Stage,
    template: Path,
    sam: Sam,
    client: ClientFactory,
    smoke: Callable[[], None] | None,
    tell: Tell,
    parameters: Mapping[str, str] | None = None,
) -> None:
    """Deploy a built template to a stage and try it; where it does not work, put back what stood.

    `parameters` stand before those of samconfig.toml, and these before what the stack has. Without `smoke`
    nothing is tried: before its first keys and its first chain a stage can't work.

    Raises:
        RolledBackError: the smoke test failed, and what stood before stands again and works.
        DeployError: CloudFormation did not make the update and undid it; or the smoke test failed and there
            is nothing to go back to, or going back failed.
    """
    before = Standing.of(stage.stack, client)
    all_parameters = {**(before.parameters if before else {}), **stage.parameters, **(parameters or {})}
    sam.deploy(stage, marked(template, all_parameters), all_parameters)
    tell(f"{stage.stack}: deployed")
    if smoke is None:
        return
    try:
        smoke()
    except SmokeError as error:
        tell(f"{stage.stack}: the smoke test failed: {error}")
        if before is None:
            raise DeployError(f"the first deploy of {stage.stack} does not work: {error}") from None
        _put_back(stage, before, sam)
        try:
            smoke()
        except SmokeError as again:
            raise DeployError(f"{stage.stack} was put back, and does not work: {again}") from None
        raise RolledBackError(f"{stage.stack} is as it was before: {error}") from None
    tell(f"{stage.stack}: smoke test passed")


def marked(template: Path, parameters: Mapping[str, str]) -> Path:
    """A copy of a built template whose functions say under which parameters they were deployed.

    A function's version is published when something of the function changes in the template. A parameter's
    new value changes nothing there: what it is for would reach `$LATEST`, and nobody calls that.
    """
    document = yaml_parse(template.read_text("utf-8"))
    mark = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()[:12]
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Description"] += f" ({mark})"
    path = template.with_name("marked.json")
    path.write_text(json.dumps(document, indent=1), "utf-8")
    return path


def _put_back(stage: Stage, before: Standing, sam: Sam) -> None:
    with TemporaryDirectory() as folder:
        sam.deploy(stage, before.write(Path(folder)), before.parameters)

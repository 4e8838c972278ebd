"""One deploy of a stage: SAM, the smoke test, and the way back where it fails.

CloudFormation itself undoes an update that it can't make. That the new code does not work is for the
smoke test to see, and then the stack gets the template and the parameters that it had before.
"""

import json
import subprocess
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

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

    def deploy(self, stage: Stage, template: Path, parameters: Mapping[str, str]) -> None:
        """Deploy a template; CloudFormation undoes what it can't make.

        Raises:
            DeployError: it was not made; with SAM's last words.
        """
        overrides = [f"{key}={value}" for key, value in parameters.items()]
        done = subprocess.run(  # noqa: S603 - our own program
            [
                str(self.program), "deploy", "--config-env", stage.name, "--config-file", str(self.config),
                "--template-file", str(template), "--no-confirm-changeset", "--no-fail-on-empty-changeset",
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


@dataclass(frozen=True)
class Standing:
    """What a stack was made of: its template, its parameters."""

    template: str
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
        body = cloudformation.get_template(StackName=stack, TemplateStage="Original")["TemplateBody"]
        return cls(
            body if isinstance(body, str) else json.dumps(body),
            {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())},
        )


def deploy(
    stage: Stage,
    template: Path,
    sam: Sam,
    client: ClientFactory,
    smoke: Callable[[], None],
    tell: Tell,
    parameters: Mapping[str, str] | None = None,
) -> None:
    """Deploy a built template to a stage and try it; where it does not work, put back what stood.

    `parameters` stand before those of samconfig.toml.

    Raises:
        RolledBackError: the smoke test failed, and what stood before stands again and works.
        DeployError: CloudFormation did not make the update and undid it; or the smoke test failed and there
            is nothing to go back to, or going back failed.
    """
    before = Standing.of(stage.stack, client)
    sam.deploy(stage, template, {**stage.parameters, **(parameters or {})})
    tell(f"{stage.stack}: deployed")
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


def _put_back(stage: Stage, before: Standing, sam: Sam) -> None:
    with TemporaryDirectory() as folder:
        template = Path(folder) / "before.yaml"
        template.write_text(before.template, "utf-8")
        sam.deploy(stage, template, before.parameters)

"""`python -m infra.deploy STAGE [NAME=VALUE...]`: what `scripts/deploy` does once everything is built."""

import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from infra.deploy.deployment import DeployError, Sam, Stage, Standing, deploy
from infra.deploy.smoke import render_of, site, smoke
from infra.local.platform import ROOT

AFTER_THE_FIRST = """{stack} stands, and does not work yet. What is still to do, once (docs/deploy.md):
  - the registries' API keys, into the secrets of the outputs
  - the mail sender, confirmed in SES
  - the certificate chain: constancia seal ... --stack {stack}
Then deploy again: the smoke test says whether it works."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy a built stage; 0 when it works (or stands for the first time), 1 when not, 2 for wrong input."""
    name, *given = sys.argv[1:] if arguments is None else arguments
    pairs = [each.partition("=") for each in given]
    if wrong := [key for key, sign, _ in pairs if not sign]:
        print(f"deploy: {wrong} are no parameters: NAME=VALUE", file=sys.stderr)
        return 2
    parameters = {key: value for key, _, value in pairs}
    try:
        stage = Stage.of(name, ROOT / "samconfig.toml")
        first = Standing.of(stage.stack, _client) is None
        sam = Sam(
            Path(os.environ["SAM"]),
            os.environ,
            ROOT / "samconfig.toml",
            role=os.environ.get("WORK_ROLE") or None,
        )

        def attempt() -> None:
            smoke(site(_url(stage.stack)), render_of(stage.stack, _client))

        template = ROOT / ".aws-sam" / "build" / "template.yaml"
        deploy(stage, template, sam, _client, None if first else attempt, _tell, parameters)
    except DeployError as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    if first:
        _tell(AFTER_THE_FIRST.format(stack=stage.stack))
    return 0


@cache
def _client(service: str) -> Any:
    import boto3  # noqa: PLC0415

    return boto3.client(service)  # type: ignore[call-overload]


def _url(stack: str) -> str:
    (found,) = _client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {each["OutputKey"]: str(each["OutputValue"]) for each in found["Outputs"]}
    return outputs["Url"]


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())

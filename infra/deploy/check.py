"""`make deploy-check`: what is in this tree can be built, deployed, used, updated, undone (docs/deploy.md).

It deploys to ministack by the operator's own commands. Nothing of it needs Docker, an account or the network.
"""

import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final
from urllib.parse import urljoin

import urllib3

from infra.deploy.artefacts import built, faults
from infra.deploy.deployment import DeployError, RolledBackError, Sam, Stage, Standing, deploy
from infra.deploy.edge import edge, outbox
from infra.deploy.emulated import write_emulated
from infra.deploy.ministack import Ministack, as_json, environment
from infra.deploy.smoke import SmokeError, render_of, site, smoke
from infra.local.platform import ROOT, free_port
from infra.local.processes import Child, Logs, StartError
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario

RUNTIME: Final = "3.13"
"""The Python of the functions (Runtime in template.yaml)."""
HERE: Final = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
OWN_PYTHON: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
"""ministack runs the functions with its own Python, which is ours."""
DOMAIN: Final = "constancia.example"
FUNCTIONS: Final = ("RequestFunction", "ValidateFunction", "RenderFunction")
PEOPLE: Final = ("adult", "minor-mother")


class CheckError(Exception):
    """A step did not hold; says which and why."""


@dataclass
class Check:
    """One run: a folder for everything, and the steps with their times."""

    folder: Path
    log: Path
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step and tell when it holds."""
        start = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - start
        print(f"  ok  {name} ({self.seconds[name]:.1f} s)", flush=True)

    def call(self, *command: str, env: Mapping[str, str] | None = None) -> str:
        """Run one of the house's own commands.

        Raises:
            CheckError: it failed; with its last words.
        """
        done = subprocess.run(  # noqa: S603 - our own commands
            command, cwd=ROOT, env=dict(env) if env else None, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        with self.log.open("a") as words:
            words.write(f"$ {' '.join(command)}\n{done.stdout}\n")
        if done.returncode:
            last = "\n".join(done.stdout.strip().splitlines()[-20:])
            raise CheckError(f"{' '.join(command)} ended with {done.returncode}:\n{last}")
        return done.stdout

    def build(self, architecture: str, python: str) -> Path:
        """Build for a processor and a Python; what was built is looked at file by file."""
        folder = self.folder / f"build-{architecture}"
        with self.step(f"sam build for {architecture}, Python {python}, without containers"):
            said = self.call(
                "scripts/build", architecture, "--build-dir", str(folder),
                env={**os.environ, "PYTHON_VERSION": python},
            )  # fmt: skip
        compiler = None if "no bytecode" in said else python
        if wrong := faults(folder, architecture, compiler):
            raise CheckError("\n".join(wrong[:20]))
        sizes = ", ".join(f"{each.name} {each.megabytes:.1f}" for each in built(folder))
        print(f"        MB: {sizes}" + ("" if compiler else "; NO BYTECODE: no such Python here"), flush=True)
        return folder


def main() -> int:
    """Take every step; 0 when all held, 1 when one did not, with the reason."""
    tools = {name: Path(path) for name, path in (each.split("=", 1) for each in sys.argv[1:])}
    log = ROOT / "build" / "deploy-check.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text("", "utf-8")
    start = time.monotonic()
    try:
        _check(Check(Path(mkdtemp(prefix="constancia-deploy-")), log), tools)
    except (CheckError, DeployError, SmokeError, StartError) as error:
        print(f"  --  {error}\nwhat was said is in {log.relative_to(ROOT)}", file=sys.stderr)
        return 1
    print(f"deploy-check: all held, in {time.monotonic() - start:.0f} s")
    return 0


def _check(check: Check, tools: Mapping[str, Path]) -> None:
    with ExitStack() as running:
        # First of all: however this process ends, what guards ministack takes the folder away.
        aws = running.enter_context(Ministack(tools["ministack"], check.folder))
        with check.step("sam validate --lint"):
            check.call("scripts/sam", "validate", "--lint")
        check.build("x86_64" if HERE == "arm64" else "arm64", RUNTIME)
        build = check.build(HERE, OWN_PYTHON)
        stage = _Running(check, aws, tools["sam"], running)
        stage.first_deploy(write_emulated(build))
        stage.demo()
        with check.step("every certificate verifies, and its file is the one that was downloaded"):
            stage.verify()
        stage.update(build)
        stage.bad_update(build)
        stage.impossible_update(build)


@dataclass
class _Running:
    """The stage dev on ministack."""

    check: Check
    aws: Ministack
    sam_programs: Path
    running: ExitStack

    def __post_init__(self) -> None:
        self.client = self.aws.clients()
        self.env = environment(self.aws.endpoint_url)
        self.sam = Sam(
            self.sam_programs / "sam", {**self.env, "SAM_CLI_TELEMETRY": "0"}, ROOT / "samconfig.toml"
        )
        self.stage = Stage.of("dev", ROOT / "samconfig.toml")
        self.edge_port = free_port()
        self.url = f"http://127.0.0.1:{self.edge_port}/{self.stage.parameters['Stage']}"
        self.mails = self.running.enter_context(outbox(lambda: as_json(self.aws.mails())))
        self.http = urllib3.PoolManager(timeout=35)
        self.documents: dict[str, dict[str, str]] = {}
        """Of the holders, by the code of their certificate."""
        self.keys = {name: secrets.token_urlsafe(24) for name in ("RENIEC", "MIGRACIONES", "SIAGIE")}
        registries = self._registries()
        self.parameters = {
            "Architecture": HERE,
            "Gradual": "false",  # ministack has no CodeDeploy
            "PublicBaseUrl": self.url,
            **{f"{name.capitalize()}Url": f"{registries}/{name.lower()}" for name in self.keys},
        }

    def _registries(self) -> str:
        logs = Logs(self.check.folder / "registries", verbose=False)
        child = Child(
            "registries", ["infra.registries.sandbox"], logs,
            environment={f"{name}_API_KEY": key for name, key in self.keys.items()},
        )  # fmt: skip
        self.running.callback(child.stop)
        return child.addresses(30)[0]

    def deploy(self, template: Path, *, tried: bool = True, **parameters: str) -> None:
        """The operator's deploy; with the smoke test, once the stage has its keys and its chain."""
        deploy(
            self.stage,
            template,
            self.sam,
            self.client,
            self.smoke if tried else None,
            lambda line: print(f"        {line}", flush=True),
            {**self.parameters, **parameters},
        )

    def smoke(self) -> None:
        """The smoke test, which must hold at once here."""
        smoke(site(self.url), render_of(self.stage.stack, self.client), patience=0)

    def first_deploy(self, template: Path) -> None:
        """From nothing to a stage that issues, as docs/deploy.md tells."""
        with self.check.step("sam deploy to ministack"):
            self.deploy(template, tried=False)
        outputs = self.outputs()
        with self.check.step("domain and certificate deployed, leading to the API"):
            self.check.call(
                str(self.sam.program), "deploy", "--template-file", "infra/domain.yaml", "--stack-name",
                "constancia-dev-domain", "--resolve-s3", "--no-confirm-changeset", "--parameter-overrides",
                f"DomainName={DOMAIN}", f"RestApi={outputs['RestApi']}", "Stage=dev",
                env=self.sam.environment,
            )  # fmt: skip
            with edge(0, self.aws.endpoint_url, DOMAIN) as named:
                if site(named)("GET", "/api/v1/terms", None).status != 200:
                    raise CheckError(f"{DOMAIN} does not lead to the API")
        for name, key in self.keys.items():
            self.client("secretsmanager").put_secret_value(
                SecretId=outputs[f"{name.capitalize()}Secret"], SecretString=key
            )
        api_host = f"{outputs['RestApi']}.execute-api.localhost"
        self.running.enter_context(edge(self.edge_port, self.aws.endpoint_url, api_host))
        with self.check.step("constancia seal demo, constancia seal status"):
            for step in ("demo", "status"):
                self.constancia(
                    "seal", step, "--stack", self.stage.stack, "--endpoint-url", self.aws.endpoint_url
                )
        with self.check.step("smoke test of the first deploy"):
            self.smoke()

    def demo(self) -> None:
        """Certificates from request to download, by the operator's command."""
        for person in PEOPLE:
            with self.check.step(
                f"constancia demo --endpoint: {person} asks, is issued, mailed, verified, downloads"
            ):
                self.issue(person)

    def issue(self, person: str) -> None:
        """A certificate from request to download, by the operator's command."""
        said = self.constancia(
            "demo", "--endpoint", self.url, "--outbox", self.mails, "--person", person,
            "--out", str(self.check.folder / "issued"), "--json",
        )  # fmt: skip
        code = json.loads(said.splitlines()[-1])["code"]
        body = scenario(person, today_in_lima()).application("")
        self.documents[code] = body["student"]["document"]

    def verify(self) -> None:
        """Every issued certificate, by its code and by its file, must be what it was when it was issued."""
        for file in sorted((self.check.folder / "issued").glob("*.pdf")):
            self.same_bytes(file)

    def same_bytes(self, file: Path) -> None:
        """Verify by code and document and download anew: the very bytes of the first time."""
        document = self.documents[file.stem]
        verdict = _json(
            self.http.request(
                "POST", f"{self.url}/api/v1/validations", json={"code": file.stem, "document": document}
            )
        )
        if verdict.get("verdict") != "authentic" or not verdict.get("content"):
            raise CheckError(f"{file.stem}: the verdict is {verdict.get('verdict')}")
        link = urljoin(self.url, verdict["download"]["url"])
        again = self.http.request("GET", link).data
        if again != file.read_bytes():
            raise CheckError(f"{file.stem}: the file is another than the one downloaded before")

    def update(self, build: Path) -> None:
        """A changed version: other code in each function, and another parameter."""
        changed = self.changed(build, "changed", "RELEASE = 'changed'\n")
        before = self.versions()
        with self.check.step("update to a changed version and another parameter, smoke test"):
            self.deploy(changed, ContactEmail="otra@constancia.example")
        after = self.versions()
        if any(after[name] == version for name, version in before.items()):
            raise CheckError(f"no new version went live: {before} -> {after}")
        if b"otra@constancia.example" not in self.http.request("GET", f"{self.url}/privacy").data:
            raise CheckError("the new parameter did not reach the functions")
        with self.check.step("after the update: same verdicts, same bytes; and a further certificate"):
            self.verify()
            self.issue("sixteen")

    def bad_update(self, build: Path) -> None:
        """Functions that fail at their import: the smoke test sees it, and the former version comes back."""
        bad = self.changed(build, "bad", "raise RuntimeError('a bad update')\n")
        before = self.code()
        with self.check.step("an update whose functions fail at import is rolled back by the smoke test"):
            try:
                self.deploy(bad, ContactEmail="mala@constancia.example")
            except RolledBackError as error:
                if "answered 5" not in str(error):
                    raise CheckError(f"it was rolled back for another reason: {error}") from None
            else:
                raise CheckError("a bad update passed")
        if self.code() != before:
            raise CheckError(f"other code than before: {before} -> {self.code()}")
        with self.check.step("after the roll-back: same verdicts, same bytes, same parameters"):
            self.verify()
            if b"otra@constancia.example" not in self.http.request("GET", f"{self.url}/privacy").data:
                raise CheckError("the parameters are others than before the bad update")

    def impossible_update(self, build: Path) -> None:
        """A template that can't be made: CloudFormation itself puts the stack back."""
        changed = self.changed(build, "impossible", "RELEASE = 'impossible'\n")
        template = json.loads(changed.read_text("utf-8"))
        template["Resources"]["Impossible"] = {
            "Type": "AWS::SSM::Parameter",
            "DependsOn": [f"{each}Aliaslive" for each in FUNCTIONS],
            "Properties": {"Type": "SecureString", "Value": "CloudFormation makes none of these"},
        }
        changed.write_text(json.dumps(template), "utf-8")
        before = self.code()
        with self.check.step("an update that can't be made is undone by CloudFormation"):
            try:
                self.deploy(changed)
            except RolledBackError:
                raise CheckError("the smoke test undid it, not CloudFormation") from None
            except DeployError as error:
                print(f"        {str(error).splitlines()[-1]}", flush=True)
            else:
                raise CheckError("a template that can't be made was made")
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.stage.stack)["Stacks"]
        if stack["StackStatus"] != "UPDATE_ROLLBACK_COMPLETE" or self.code() != before:
            raise CheckError(f"the stack is {stack['StackStatus']}: {before} -> {self.code()}")
        with self.check.step("after that: same verdicts, same bytes"):
            self.verify()

    def changed(self, build: Path, name: str, line: str) -> Path:
        """A copy of the build with a line more at the start of each function's handler."""
        copy = self.check.folder / name
        standing = Standing.of(self.stage.stack, self.client)
        template = json.loads((build / "emulated.json").read_text("utf-8"))
        for logical_id, resource in template["Resources"].items():
            if standing and resource["Type"] == "AWS::Serverless::LayerVersion":  # as it was uploaded
                resource["Properties"] = standing.template["Resources"][logical_id]["Properties"]
            elif resource["Type"] in {"AWS::Serverless::Function", "AWS::CloudFormation::Stack"}:
                shutil.copytree(build / logical_id, copy / logical_id)
        (copy / "emulated.json").write_text(json.dumps(template), "utf-8")
        for package in ("request", "validate", "render"):
            folder = copy / f"{package.capitalize()}Function" / package
            handler = folder / "handler.py"
            text = handler.read_text("utf-8")
            handler.write_text(text.replace("\nfrom ", f"\n{line}from ", 1), "utf-8")
            for compiled in folder.glob("__pycache__/handler.*.pyc"):
                compiled.unlink()  # else it would run in place of its source
        return copy / "emulated.json"

    def versions(self) -> dict[str, str]:
        """The version of each function that `live` names."""
        aliases = self.client("lambda")
        return {
            each: aliases.get_alias(FunctionName=self.physical(each), Name="live")["FunctionVersion"]
            for each in FUNCTIONS
        }

    def code(self) -> dict[str, str]:
        """The digest of the code that `live` runs, function by function."""
        functions = self.client("lambda")
        return {
            each: functions.get_function_configuration(FunctionName=self.physical(each), Qualifier="live")[
                "CodeSha256"
            ]
            for each in FUNCTIONS
        }

    def physical(self, logical_id: str) -> str:
        """What a resource of the stack is called."""
        detail = self.client("cloudformation").describe_stack_resource(
            StackName=self.stage.stack, LogicalResourceId=logical_id
        )
        name: str = detail["StackResourceDetail"]["PhysicalResourceId"]
        return name

    def constancia(self, *arguments: str) -> str:
        """Run the command line as an operator of this AWS does."""
        return self.check.call(str(Path(sys.executable).with_name("constancia")), *arguments, env=self.env)

    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.stage.stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def _json(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    try:
        read: dict[str, Any] = answer.json()
    except ValueError:
        raise CheckError(f"answered {answer.status} without JSON") from None
    return read


if __name__ == "__main__":
    sys.exit(main())

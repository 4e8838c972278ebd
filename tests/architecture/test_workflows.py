"""The workflow does what people do: it runs their commands, and holds no key."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.deploy.deployment import Stage

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return read


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job.get("steps", ()) if "run" in step]


def test_ci_is_the_one_that_people_run() -> None:
    check = workflow("deploy.yml")["jobs"]["check"]

    assert commands(check)[1:] == [".ci/run"]


def test_the_stages_are_those_of_samconfig_one_after_the_other_and_behind_ci() -> None:
    jobs = workflow("deploy.yml")["jobs"]
    names = list(jobs)

    assert names == ["check", "dev", "staging", "prod"]
    assert [jobs[name]["needs"] for name in names[1:]] == names[:-1]
    assert jobs["dev"]["if"] == "github.event_name == 'push'"
    for name in names[1:]:
        assert jobs[name]["with"] == {"stage": name}
        assert Stage.of(name, ROOT / "samconfig.toml").parameters["Stage"] == name


def test_a_stage_is_deployed_in_its_environment_by_the_operators_command() -> None:
    job = workflow("stage.yml")["jobs"]["deploy"]

    assert job["environment"] == "${{ inputs.stage }}"
    assert commands(job)[1:] == [
        "make setup",
        ".venv/bin/python -m infra.deploy.github",
        'make deploy STAGE="$STAGE"',
    ]


def test_each_command_is_there_and_told_to_people() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = "".join((ROOT / page).read_text("utf-8") for page in ("README.md", "docs/deploy.md"))
    ran = " ".join(
        line for path in FILES for job in workflow(path.name)["jobs"].values() for line in commands(job)
    )

    targets = set(re.findall(r"make ([a-z-]+)", ran.replace("git make python3", "")))
    assert targets == {"setup", "deploy"}
    for target in targets - {"setup"}:  # which every other target begins with
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        assert f"make {target}" in told
    assert (ROOT / ".ci/run").exists()
    assert ".ci/run" in told


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_others_wrote_is_pinned_by_its_commit(path: Path) -> None:
    used = re.findall(r"uses: (\S+)", path.read_text("utf-8"))

    assert used
    assert [each for each in used if not re.fullmatch(r"\./.+|[\w/-]+@[0-9a-f]{40}", each)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_key_is_kept_at_github(path: Path) -> None:
    text = path.read_text("utf-8")

    assert "secrets." not in text
    assert not re.search(r"aws_(secret_)?access_key", text, re.IGNORECASE)


def test_only_jobs_that_deploy_may_ask_for_a_token() -> None:
    jobs = workflow("deploy.yml")["jobs"]

    assert workflow("deploy.yml")["permissions"] == {"contents": "read"}
    assert workflow("stage.yml")["permissions"] == {}
    assert "permissions" not in jobs["check"]


def test_the_role_is_for_the_stages_own_environment() -> None:
    text = (ROOT / "infra/deployer.yaml").read_text("utf-8")

    assert '"token.actions.githubusercontent.com:sub": !Sub "repo:${Repository}:environment:${Stage}"' in text
    assert '"token.actions.githubusercontent.com:aud": sts.amazonaws.com' in text


def test_what_the_stage_reads_of_its_environment_is_told() -> None:
    variables = set(re.findall(r"vars\.(\w+)", (FOLDER / "stage.yml").read_text("utf-8")))
    page = (ROOT / "docs/deploy.md").read_text("utf-8")

    assert variables == {"AWS_REGION", "DEPLOY_ROLE", "WORK_ROLE"}
    assert [name for name in variables if f"`{name}`" not in page] == []

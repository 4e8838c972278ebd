"""What the README promises in tables is what the code holds."""

import re
from pathlib import Path

from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenarios

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_its_people_are_those_of_the_sandbox() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \| (\w+) \|$", README, re.MULTILINE)
    people = {(person.name, person.title, person.expected) for person in scenarios(today_in_lima())}

    assert len(rows) >= 10
    assert set(rows) <= people


def test_its_commands_are_targets_of_the_makefile() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE))

    assert {"run", "test", "demo", "build"} <= named <= targets

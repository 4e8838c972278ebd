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


def test_its_rooms_are_folders_and_those_of_infra_are_all_told() -> None:
    root = Path(__file__).parents[2]
    rows = dict(re.findall(r"^\| `([a-z/]+/|template.yaml)` \| (.+) \|$", README, re.MULTILINE))
    packages = {f"{file.parent.name}/" for file in (root / "infra").glob("*/__init__.py")}

    assert {"functions/request/", "functions/validate/", "functions/render/", "infra/"} <= rows.keys()
    assert [room for room in rows if not (root / room).exists()] == []
    assert set(re.findall(r"`([a-z_]+/)`", rows["infra/"])) == packages


def test_nothing_is_stored_unsealed_in_its_picture_and_its_rooms() -> None:
    assert re.search(r"render ──> PDF ──> seal \(KMS\) ──> S3", README)
    assert re.search(r"^\| `functions/render/` \| draws, seals, stores", README, re.MULTILINE)


def test_its_docs_are_all_the_docs() -> None:
    docs = Path(__file__).parents[2] / "docs"

    assert set(re.findall(r"\(docs/([a-z-]+\.md)\)", README)) == {file.name for file in docs.glob("*.md")}

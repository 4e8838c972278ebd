"""What the judges of the templates pass over stands at its resource, with a reason."""

import re
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
TEMPLATES = [ROOT / "template.yaml", *sorted((ROOT / "infra").glob("*.yaml"))]
WORDS = 8
"""The fewest words that can be a reason."""


def wrong(text: str) -> list[str]:
    """The suppressions of a template that are not at a resource, or say no reason."""
    document = yaml_parse(text)
    found = []
    if "Metadata" in document:
        found.append("the whole template passes something over")
    skips: list[Any] = []
    for logical_id, resource in document["Resources"].items():
        metadata = resource.get("Metadata", {})
        for skip in metadata.get("checkov", {}).get("skip", ()):
            skips.append(skip["id"])
            if len(str(skip.get("comment", "")).split()) < WORDS:
                found.append(f"{logical_id}: {skip['id']} without a reason")
        if "cfn-lint" in metadata and len(str(metadata.get("cfn-lint-reason", "")).split()) < WORDS:
            found.append(f"{logical_id}: cfn-lint without a reason")
        found += [f"{logical_id}: {tool}" for tool in ("cfn_nag", "cdk_nag", "guard") if tool in metadata]
    if re.search(r"#\s*(checkov:skip|kics-scan|cfn-lint)", text):
        found.append("a comment that switches a judge off")
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_passed_over_without_a_reason(path: Path) -> None:
    assert wrong(path.read_text("utf-8")) == []


def test_no_file_and_no_argument_switches_a_rule_off_everywhere() -> None:
    script = (ROOT / "scripts/lint-templates").read_text("utf-8")

    assert [path.name for name in (".cfnlintrc*", ".checkov*") for path in ROOT.glob(name)] == []
    for option in ("--skip-check", "--soft-fail", "--check ", "--ignore-checks", "--skip-path", "--baseline"):
        assert option not in script
    assert "template.yaml infra/*.yaml" in script


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{Metadata: {checkov: {skip: [{id: CKV_AWS_18}]}}, Type: X}", "CKV_AWS_18 without a reason"),
        ("{Metadata: {checkov: {skip: [{id: C, comment: not needed}]}}, Type: X}", "C without a reason"),
        ("{Metadata: {cfn-lint: {config: {ignore_checks: [E1]}}}, Type: X}", "cfn-lint without a reason"),
        ("{Type: X} # checkov:skip=CKV_AWS_18", "switches a judge off"),
    ],
)
def test_a_suppression_without_a_reason_is_found(text: str, said: str) -> None:
    (found,) = wrong(f"Resources:\n  Bucket: {text}\n")

    assert said in found

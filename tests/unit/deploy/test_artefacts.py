"""A build is looked at file by file before it is deployed."""

import py_compile
import sys
from pathlib import Path

import pytest

from infra.deploy.artefacts import LIMIT_MB, MAGIC, Artefact, built, faults

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ELF = b"\x7fELF".ljust(18, b"\0")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(
        "Resources:\n"
        "  F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: F, Role: !GetAtt R.Arn}}\n"
        "  L: {Type: 'AWS::Serverless::LayerVersion', Properties: {ContentUri: L}}\n"
        "  R: {Type: 'AWS::IAM::Role', Properties: {}}\n"
    )
    (tmp_path / "F/request").mkdir(parents=True)
    (tmp_path / "L").mkdir()
    (tmp_path / "F/request/handler.py").write_text("X = 1\n")
    (tmp_path / "L/native.so").write_bytes(ELF + (183).to_bytes(2, "little"))
    compiled(tmp_path / "F/request/handler.py")
    return tmp_path


def compiled(source: Path, mode: str = "UNCHECKED_HASH") -> None:
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode[mode])


def test_a_good_build_has_no_faults(build: Path) -> None:
    assert [each.name for each in built(build)] == ["F", "L"]
    assert faults(build, "arm64", PYTHON) == []


def test_native_code_for_another_processor_is_named(build: Path) -> None:
    assert faults(build, "x86_64", PYTHON) == ["L: native.so is not for x86_64"]


def test_a_module_without_bytecode_is_named(build: Path) -> None:
    (build / "F/request/late.py").write_text("Y = 2\n")

    assert faults(build, "arm64", PYTHON) == ["F: request/late.py has no bytecode"]


def test_where_there_is_no_python_to_compile_with_nothing_is_asked_of_bytecode(build: Path) -> None:
    (build / "F/request/late.py").write_text("Y = 2\n")

    assert faults(build, "arm64", None) == []


def test_bytecode_that_would_be_held_against_its_source_does_not_count(build: Path) -> None:
    compiled(build / "F/request/handler.py", "TIMESTAMP")

    assert faults(build, "arm64", PYTHON) == ["F: request/handler.py has no bytecode"]


def test_bytecode_of_another_python_does_not_count(build: Path) -> None:
    other = next(version for version in MAGIC if version != PYTHON)

    assert faults(build, "arm64", other) == ["F: request/handler.py has no bytecode"]


def test_what_lambda_would_not_take_is_told(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Artefact, "megabytes", LIMIT_MB)

    (fault,) = faults(build, "arm64", PYTHON)
    assert fault.startswith("500 MB, more than the 250")

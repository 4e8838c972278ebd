"""What `sam build` made, file by file: for the right processor, with bytecode, within Lambda's limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

LIMIT_MB: Final = 250.0
"""A function with its layers, unzipped (Lambda's quota)."""

MAGIC: Final = {"3.12": 3531, "3.13": 3571, "3.14": 3627}
"""The number that bytecode of a Python starts with (Lib/importlib/_bootstrap_external.py of CPython)."""

_FLAGS_UNCHECKED_HASH: Final = 0b01  # PEP 552: by hash, and never held against its source
_ARCHITECTURES: Final = {"arm64": 183, "x86_64": 62}  # e_machine of ELF


@dataclass(frozen=True)
class Artefact:
    """A built function or layer. Sizes in MB, unzipped."""

    name: str
    folder: Path

    @property
    def megabytes(self) -> float:
        """All files together."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file()) / 1e6

    def uncompiled(self, python: str) -> list[str]:
        """The modules without bytecode that this Python (`3.13`) takes without a look at the source."""
        return [str(each.relative_to(self.folder)) for each in self._sources() if not _fresh(each, python)]

    def foreign(self, architecture: str) -> list[str]:
        """The native modules that are for another processor."""
        wanted = _ARCHITECTURES[architecture]
        return [
            str(each.relative_to(self.folder))
            for each in sorted(self.folder.rglob("*.so*"))
            if int.from_bytes(each.read_bytes()[18:20], "little") != wanted
        ]

    def _sources(self) -> Iterator[Path]:
        return (each for each in sorted(self.folder.rglob("*.py")) if each.stem.isidentifier())


def built(folder: Path) -> list[Artefact]:
    """The functions and layers of a build folder, by its template."""
    template = yaml.load((folder / "template.yaml").read_text("utf-8"), _Loose)  # noqa: S506 - a SafeLoader
    found = []
    for name, resource in template["Resources"].items():
        for key in ("CodeUri", "ContentUri"):
            if key in resource.get("Properties", {}):
                found.append(Artefact(name, folder / resource["Properties"][key]))
    return found


def faults(folder: Path, architecture: str, python: str | None) -> list[str]:
    """What is wrong with a build; `python` is None where there was none of the runtime to compile with."""
    artefacts = built(folder)
    found = [
        f"{each.name}: {file} is not for {architecture}"
        for each in artefacts
        for file in each.foreign(architecture)
    ]
    if python:
        found += [
            f"{each.name}: {file} has no bytecode" for each in artefacts for file in each.uncompiled(python)
        ]
    total = sum(each.megabytes for each in artefacts)
    if total > LIMIT_MB:
        found.append(f"{total:.0f} MB, more than the {LIMIT_MB:.0f} that a function may have with its layers")
    return found


def _fresh(source: Path, python: str) -> bool:
    tag = f"cpython-{python.replace('.', '')}"
    compiled = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
    if not compiled.is_file():
        return False
    head = compiled.read_bytes()[:8]
    magic, flags = int.from_bytes(head[:2], "little"), int.from_bytes(head[4:], "little")
    return magic == MAGIC[python] and flags == _FLAGS_UNCHECKED_HASH


class _Loose(yaml.SafeLoader):
    """Reads a template for its folders: what CloudFormation writes with a tag is passed over."""


_Loose.add_multi_constructor("!", lambda _loader, _suffix, _node: None)

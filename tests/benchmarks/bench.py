"""`make bench`: how long a certificate takes, here and with others who draw the same content.

Every subject has a process of its own. Rounds go round all of them, so that a busy machine is busy for all;
within a round each draws until 0.1 s have passed, each time another person's certificate. Written to
build/bench.json too. The exit code tells whether the bars are met.
"""

import argparse
import base64
import json
import os
import platform
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import packages_distributions
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from tests.benchmarks import reference
from tests.benchmarks.content import content_of, missing_of
from tests.sealing import APPEARANCE, chain_pem, seal_key

ROOT = Path(__file__).parents[2]
OURS = "tests.benchmarks.ours"
PEERS = tuple(f"tests.benchmarks.peers.{name}" for name in ("canvas", "platypus", "typst", "weasyprint"))
PEERS_PYTHON = ROOT / ".tools/bench/bin/python"
BARS = {"tests.benchmarks.peers.canvas": 4, "tests.benchmarks.peers.typst": 6}
"""How many times as long as ours a peer has to take at least."""
PEOPLE = 64
ROUND_MS = 100


class BenchError(RuntimeError):
    """A subject can't be compared; the text says why."""


@dataclass
class Subject:
    """What was measured of one subject."""

    module: str
    starts: list[dict[str, Any]] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    peak_rss_kb: int | None = None
    unwanted: tuple[str, ...] = ()

    @property
    def missing(self) -> str | None:
        """Why it could not be measured."""
        return self.starts[0].get("missing")

    def median(self, of: str) -> float | None:
        """The middle of what its starts took."""
        values = [start[of] for start in self.starts]
        return None if values[0] is None else statistics.median(values)

    def figures(self, ours: "Subject") -> dict[str, Any]:
        """As they are written."""
        if self.missing:
            return {"module": self.module, "missing": self.missing}
        median = statistics.median(self.ms)
        return {
            "module": self.module,
            **{name: self.starts[0][name] for name in ("name", "version", "file")},
            "median_ms": round(median, 3),
            "ratio": round(median / statistics.median(ours.ms), 2),
            "first_ms": round(self.median("first_ms") or 0, 1),
            "import_ms": round(self.median("import_ms") or 0, 1),
            "fpdf2_import_ms": fpdf2 and round(fpdf2, 1)
            if (fpdf2 := self.median("fpdf2_import_ms"))
            else None,
            "peak_rss_mb": self.peak_rss_kb and round(self.peak_rss_kb / 1024, 1),
            "bytes": round(statistics.median(self.sizes)),
            "documents": len(self.ms),
        }


class Worker:
    """The process of one subject."""

    def __init__(self, module: str, setup: dict[str, Any]) -> None:
        python = sys.executable if module == OURS else str(PEERS_PYTHON)
        self._process = subprocess.Popen(
            [python, "-m", "tests.benchmarks.worker", module],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.start = self.ask(json.dumps(setup))

    def ask(self, line: str) -> dict[str, Any]:
        """Send a line and read the answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise BenchError(f"{self._process.args!r} ended with {self._process.wait()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def end(self) -> None:
        """Let it go."""
        self._process.communicate("\n")


def measure(modules: Sequence[str], starts: int, rounds: int) -> list[Subject]:
    """Measure subjects side by side.

    Raises:
        BenchError: what a subject draws is not the content, or not on as many pages as the reference has.
    """
    contents = _contents()
    setups = {module: _setup(module, contents) for module in modules}
    subjects = {module: Subject(module) for module in modules}
    workers: dict[str, Worker] = {}
    for module in filter(
        _available, modules
    ):  # bytecode is written and files are read: what follows is alike
        Worker(module, setups[module]).end()
    for number in range(starts):
        for module, subject in subjects.items():
            if not _available(module):
                subject.starts.append({"missing": f"no environment {PEERS_PYTHON}; run `make bench`"})
                continue
            worker = Worker(module, setups[module])
            subject.starts.append(worker.start)
            if number < starts - 1 or subject.missing:
                worker.end()
            else:
                workers[module] = worker
    for subject in subjects.values():
        if not subject.missing:
            _require_same_content(subject, contents[0])
    people = {module: count() for module in workers}
    for _ in range(rounds):
        for module, worker in workers.items():
            subject = subjects[module]
            least = min(subject.ms, default=subject.starts[0]["first_ms"])
            several = max(1, round(ROUND_MS / least))
            answer = worker.ask(json.dumps([next(people[module]) % PEOPLE for _ in range(several)]))
            subject.ms += answer["ms"]
            subject.sizes += answer["bytes"]
            subject.peak_rss_kb = answer["peak_rss_kb"]
            subject.unwanted = tuple(answer["unwanted"])
    for worker in workers.values():
        worker.end()
    return list(subjects.values())


def _available(module: str) -> bool:
    return module == OURS or PEERS_PYTHON.exists()


def _contents() -> list[dict[str, Any]]:
    made = (reference.certificate(number) for number in range(PEOPLE))
    return [
        content_of(certificate, reference.address(certificate, number), APPEARANCE)
        for number, certificate in enumerate(made)
    ]


def _setup(module: str, contents: list[dict[str, Any]]) -> dict[str, Any]:
    if module != OURS:
        fonts = ROOT / "functions/render/document/fonts"
        return {"hidden": [], "fonts": str(fonts), "contents": contents}
    key = seal_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {"hidden": _not_in_layers(), "people": PEOPLE, "key": key.decode(), "chain": chain_pem()}


def _not_in_layers() -> list[str]:
    """The packages of this environment that Lambda does not have."""
    texts = [path.read_text("utf-8") for path in ROOT.glob("layers/*/requirements.txt")]
    shipped = {name for text in texts for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    shipped |= {"cla-platform", "constancia"}
    return [
        package
        for package, distributions in packages_distributions().items()
        if not shipped & {re.sub(r"[-_.]+", "-", name).lower() for name in distributions}
    ]


def _require_same_content(subject: Subject, content: dict[str, Any]) -> None:
    pages, missing = missing_of(content, base64.b64decode(subject.starts[-1]["data"]))
    if missing or pages != reference.PAGES:
        raise BenchError(f"{subject.module}: {pages} pages, and these texts are missing: {missing}")


# ---------------------------------------------------------------- the table


def report(subjects: Sequence[Subject]) -> dict[str, Any]:
    """All figures, and whether the bars are met."""
    ours = next(subject for subject in subjects if subject.module == OURS)
    figures = [subject.figures(ours) for subject in subjects]
    bars: list[dict[str, Any]] = [
        {
            "bar": f"at most 1/{times} of {figure.get('name', figure['module'])}",
            "ratio": (ratio := figure.get("ratio")),
            "met": ratio is not None and ratio >= times,
        }
        for figure in figures
        if (times := BARS.get(figure["module"]))
    ]
    loaded = f"loads no pyHanko, numpy, endesive, uharfbuzz{': ' if ours.unwanted else ''}"
    bars.append({"bar": loaded + ", ".join(ours.unwanted), "ratio": None, "met": not ours.unwanted})
    return {
        "reference": {"pages": reference.PAGES, "years": reference.YEARS, "marks": reference.MARKS},
        "subjects": figures,
        "bars": bars,
        "machine": {
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        },
    }


_COLUMNS = ("median_ms", "ratio", "first_ms", "import_ms", "peak_rss_mb", "bytes")
_HEADS = ("median ms", "times ours", "first ms", "import ms", "peak RSS MB", "bytes")


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    of, machine = found["reference"], found["machine"]
    lines = [
        f"One certificate: {of['pages']} pages, {of['years']} years, {of['marks']} marks. "
        f"Python {machine['python']}, {machine['cores']} cores, load {machine['load']}, {machine['system']}, "
        f"{machine['at']}",
        "",
        f"{'':20}" + "".join(f"{head:>13}" for head in _HEADS) + "  file",
    ]
    for figure in found["subjects"]:
        if "missing" in figure:
            lines.append(f"{figure['module'].rpartition('.')[2]:20}  missing: {figure['missing']}")
            continue
        cells = "".join(f"{figure[name] if figure[name] is not None else '-':>13}" for name in _COLUMNS)
        lines.append(f"{figure['name']:20}{cells}  {figure['file']}")
        if figure["fpdf2_import_ms"]:
            lines.append(f"{'  of it fpdf2':20}{'':39}{figure['fpdf2_import_ms']:>13}")
    lines.append("")
    for bar in found["bars"]:
        ratio = f" ({1 / bar['ratio']:.3f}, 1/{bar['ratio']:.1f})" if bar["ratio"] else ""
        lines.append(f"{'met    ' if bar['met'] else 'NOT MET'} {bar['bar']}{ratio}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write; 0 if all bars are met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--starts", type=int, default=5, help="fresh processes for import and first document")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench.json")
    arguments = parser.parse_args()
    found = report(measure((OURS, *PEERS), arguments.starts, arguments.rounds))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(table(found))
    return 0 if all(bar["met"] for bar in found["bars"]) else 1


if __name__ == "__main__":
    sys.exit(main())

"""A subject of the benchmark in a process of its own. It answers lines of JSON with lines of JSON.

`python -m tests.benchmarks.worker tests.benchmarks.ours`: the first line is the set-up, and is answered with
what start and first document took; each further line is a list of people, answered with the milliseconds that
each one's document took. An empty line ends it.
"""

import base64
import importlib
import json
import sys
import time
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any


class Hidden(MetaPathFinder):
    """Hides packages that the environment has and Lambda has not."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = frozenset(packages)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in self._packages:
            raise ModuleNotFoundError(f"{name} is in no layer of render", name=name)


def main(name: str) -> None:
    setup = json.loads(sys.stdin.readline())
    hidden = Hidden(setup["hidden"])
    sys.meta_path.insert(0, hidden)
    begin = time.perf_counter()
    try:
        subject: Any = importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: a library of the system is not there
        answer({"missing": " ".join(str(error).split())[:200]})
        return
    import_ms = _since(begin)
    sys.meta_path.remove(hidden)
    getattr(subject, "prepare", lambda _: None)(setup)
    sys.meta_path.insert(0, hidden)
    begin = time.perf_counter()
    draw = subject.start(setup)
    data = draw(0)
    first_ms = _since(begin)
    answer(
        {
            "name": subject.NAME,
            "version": subject.VERSION,
            "file": subject.FILE,
            "import_ms": import_ms,
            "fpdf2_import_ms": getattr(subject, "FPDF_MS", None),
            "first_ms": first_ms,
            "data": base64.b64encode(data).decode(),
        }
    )
    while people := sys.stdin.readline().strip():
        taken, sizes = [], []
        for person in json.loads(people):
            begin = time.perf_counter()
            data = draw(person)
            taken.append(_since(begin))
            sizes.append(len(data))
        unwanted: list[str] = getattr(subject, "unwanted", list)()
        answer({"ms": taken, "bytes": sizes, "peak_rss_kb": peak_rss_kb(), "unwanted": unwanted})


def answer(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


def peak_rss_kb() -> int | None:
    """The most memory that this process held at once; getrusage would also count its parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def _since(begin: float) -> float:
    return 1000 * (time.perf_counter() - begin)


if __name__ == "__main__":
    main(sys.argv[1])

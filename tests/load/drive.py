"""`make load`: the local platform under the load of many, and what locust measured of it.

    .venv/bin/python -m tests.load.drive [--seconds 30] [--users 8]

Starts a platform of its own, has some certificates issued to be verified, then lets locust do one request to
twenty verifications as fast as the platform answers. Prints a table, writes build/load.json, and ends with 1
where a call failed.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from infra.local.platform import ROOT, LocalPlatform
from infra.registries.people import today_in_lima
from tests.browser.site import ONE_ADDRESS, Site
from tests.load.applicants import applications

LOCUST: Final = ROOT / ".tools/load/bin/locust"
REPORT: Final = ROOT / "build/load.json"
_SCENARIO: Final = "adult"


@dataclass(frozen=True, slots=True)
class Row:
    """What locust measured of calls of one name; times in milliseconds."""

    name: str
    calls: int
    failures: int
    per_second: float
    median: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def of(cls, name: str, entries: Sequence[dict[str, Any]]) -> "Row":
        """Of one entry of locust's statistics, or of several together.

        `response_times` counts calls by their rounded milliseconds.
        """
        counted: dict[float, int] = {}
        for entry in entries:
            for millis, calls in entry["response_times"].items():
                counted[float(millis)] = counted.get(float(millis), 0) + calls
        calls = sum(entry["num_requests"] for entry in entries)
        lasted = max(one["last_request_timestamp"] for one in entries) - min(
            one["start_time"] for one in entries
        )
        return cls(
            name,
            calls,
            sum(entry["num_failures"] for entry in entries),
            calls / lasted if lasted > 0 else 0.0,
            *(percentile(counted, part) for part in (0.5, 0.95, 0.99, 1.0)),
        )


def percentile(counted: dict[float, int], part: float) -> float:
    """The value that `part` of all counted ones do not exceed; 0 where there are none."""
    wanted, seen = part * sum(counted.values()), 0
    for value in sorted(counted):
        seen += counted[value]
        if seen >= wanted:
            return value
    return 0.0


def table(rows: Sequence[Row]) -> str:
    """The rows for a reader."""
    width = max(len(row.name) for row in rows)
    heads = ("calls", "failed", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms")
    lines = [" " * width + "".join(f"{head:>9}" for head in heads)]
    for row in rows:
        figures = (row.calls, row.failures, row.per_second, row.median, row.p95, row.p99, row.longest)
        lines.append(f"{row.name:{width}}" + "".join(f"{figure:>9.5g}" for figure in figures))
    return "\n".join(lines)


def main() -> int:
    """Drive, tell, and say whether all calls were answered as they should be."""
    given = _arguments()
    if not LOCUST.exists():
        print("load: locust is not here; `make load` installs it", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, LocalPlatform.start(parameters=ONE_ADDRESS) as running:
        site = Site(running)
        bodies = applications(given.certificates + given.applications, site.terms_version, today_in_lima())
        issued = [certificate_of(site, body) for body in bodies[: given.certificates]]
        written, measured = Path(folder) / "given.json", Path(folder) / "measured"
        written.write_text(json.dumps({"certificates": issued, "applications": bodies[given.certificates :]}))
        failed = _locust(given, site.url, written, measured)
        entries = json.loads(measured.with_suffix(".json").read_text())
    rows = [Row.of(entry["name"], [entry]) for entry in sorted(entries, key=lambda one: str(one["name"]))]
    verified = [entry for entry in entries if entry["name"].startswith("verify")]
    if verified:
        rows.append(Row.of("all verifications", verified))
    print(
        f"{given.users} users for {given.seconds} s, 1 request to 20 verifications. "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n"
    )
    print(table(rows))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return 1 if failed or any(row.failures for row in rows) else 0


def certificate_of(site: Site, body: dict[str, Any]) -> dict[str, Any]:
    """Have a certificate issued, and tell what its verifiers hold in their hands."""
    issued = site.issue_to(body)
    token = parse_qs(urlsplit(issued.qr).query)["t"][0]
    return {
        "code": issued.code,
        "document": body["student"]["document"],
        "token": token,
        "sha256": hashlib.sha256(issued.file).hexdigest(),
    }


def _locust(given: argparse.Namespace, url: str, written: Path, measured: Path) -> bool:
    """Run it; whether it failed itself, or any call did."""
    command = [
        str(LOCUST),
        *("--locustfile", str(Path(__file__).with_name("locustfile.py"))),
        *("--host", url, "--headless", "--only-summary"),
        *("--users", str(given.users), "--spawn-rate", str(given.users)),
        *("--run-time", f"{given.seconds}s", "--stop-timeout", "60"),
        *("--json-file", str(measured)),
    ]
    environment = {**os.environ, "CONSTANCIA_LOAD": str(written)}
    ran = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if ran.returncode:
        print(ran.stderr[-4000:], file=sys.stderr)
    return ran.returncode != 0


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="load", description="The local platform under load")
    parser.add_argument("--seconds", type=_positive, default=30, help="how long (default 30)")
    parser.add_argument("--users", type=_positive, default=8, help="at the same time (default 8)")
    parser.add_argument(
        "--certificates", type=_positive, default=25, help="issued before, to verify (default 25)"
    )
    parser.add_argument(
        "--applications", type=_positive, default=600, help="people at hand who may ask (default 600)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

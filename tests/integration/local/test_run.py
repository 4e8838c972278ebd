"""`constancia run` as a person at a terminal meets it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from infra.local.platform import LocalPlatform, PortTakenError

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent / "sample" / "template.yaml"
RUN = """
import sys
from pathlib import Path
from infra.cli.run import run
sys.exit(run(port=int(sys.argv[2]), outbox_port=0, verbose=False, template=Path(sys.argv[1])))
"""


class Terminal:
    """A `constancia run` of the sample under way."""

    def __init__(self, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(SAMPLE), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> str:
        """What it printed until it was ready."""
        assert self.process.stdout
        printed = ""
        for line in self.process.stdout:
            printed += line
            if line.startswith("Ready in"):
                return printed
        raise AssertionError(self.process.communicate())

    def wait_until_it_starts(self) -> None:
        """Until the first of its processes is there: what came before were imports."""
        while not self.children():
            time.sleep(0.01)

    def children(self) -> set[int]:
        """Its processes, by id."""
        ids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        others = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return {int(number) for path in others for number in path.read_text().split()} | set(
            map(int, ids.split())
        )


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    running = Terminal()
    yield running
    running.process.kill()
    running.process.communicate()


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ended(processes: set[int], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(alive, processes))


def test_it_says_where_it_is_within_ten_seconds(terminal: Terminal) -> None:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import boto3"], check=True)
    yardstick = (
        time.monotonic() - began
    )  # half a second on an idle machine, more on one that runs other tests
    printed = terminal.wait_until_ready()
    seconds = re.search(r"Ready in ([\d.]+) s", printed)
    site = re.search(r"Site +(http\S+)", printed)
    assert seconds
    assert float(seconds[1]) < max(10, 20 * yardstick)
    assert site
    with urlopen(site[1], timeout=5) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_without_a_word_of_error(
    terminal: Terminal, number: signal.Signals
) -> None:
    terminal.wait_until_ready()
    children = terminal.children()
    assert len(children) >= 4
    terminal.process.send_signal(number)
    _, errors = terminal.process.communicate(timeout=10)
    assert (terminal.process.returncode, errors) == (0, "")
    assert ended(children)


@pytest.mark.parametrize("seconds", [0, 0.7, 1.5])
def test_a_signal_while_it_starts_stops_it_too(terminal: Terminal, seconds: float) -> None:
    terminal.wait_until_it_starts()
    time.sleep(seconds)
    children = terminal.children()
    terminal.process.send_signal(signal.SIGINT)
    _, errors = terminal.process.communicate(timeout=10)
    assert errors == ""
    assert ended(children)


def test_nothing_outlives_it_even_when_it_is_killed(terminal: Terminal) -> None:
    terminal.wait_until_ready()
    children = terminal.children()
    os.kill(terminal.process.pid, signal.SIGKILL)
    assert ended(children)


def test_a_taken_port_is_named_and_the_way_out_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = Terminal(port).process
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert f"port {port} is taken" in errors
    assert "--port" in errors
    assert "Traceback" not in errors


def test_a_taken_port_leaves_the_logs_of_whoever_runs_there(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text("of the running platform")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTakenError):
        LocalPlatform.start(site_port=taken.getsockname()[1], template=SAMPLE, log_folder=tmp_path)

    assert log.read_text() == "of the running platform"

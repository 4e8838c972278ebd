"""Whatever runs under the guard ends with whoever started it, and leaves nothing behind."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.deploy import guard

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, {guard!r}, {folder!r}, sys.executable, "-c", {program!r}],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
print(child.stdout.readline(), flush=True)
time.sleep(60)
"""
STARTS_ANOTHER = (
    "import os, subprocess, time; open(os.environ['TMPDIR'] + '/kept', 'w').close(); "
    "print(os.getpid(), subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
)


def runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def soon(held: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if held():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [9, 15])
def test_a_parent_that_is_killed_takes_all_of_it_along(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    script = PARENT.format(guard=guard.__file__, folder=str(folder), program=STARTS_ANOTHER)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        program, other = map(int, parent.stdout.readline().split())
        assert runs(program)
        assert runs(other)
        assert (folder / "kept").exists()
        os.kill(parent.pid, number)

    assert soon(lambda: not runs(program) and not runs(other) and not folder.exists())


def test_a_program_that_ends_by_itself_is_tidied_up_too(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()

    command = [sys.executable, guard.__file__, str(folder), sys.executable, "-c", "raise SystemExit(3)"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as guarded:
        assert guarded.wait(10) == 3

    assert not folder.exists()

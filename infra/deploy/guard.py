"""Runs a program that must leave nothing behind: `python guard.py FOLDER COMMAND...`.

The program has FOLDER for its temporary files. The parent holds the other end of standard input: however it
ends, killed outright or not, that end closes. Then the program ends, whatever it started, and FOLDER goes.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Thread

GRACE_SECONDS = 3.0


def main() -> int:
    """Run the program until it ends or the parent does; the program's exit code, 0 when a signal ended it."""
    folder, *command = sys.argv[1:]
    environment = {**os.environ, "TMPDIR": folder}
    program = subprocess.Popen(  # noqa: S603 - the command is our own
        command, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent says when
    Thread(target=_end_with_parent, args=[program.pid], daemon=True).start()
    try:
        return max(program.wait(), 0)
    finally:
        _signal(program.pid, signal.SIGKILL)  # whatever it started and did not end
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_parent(group: int) -> None:
    while os.read(0, 4096):
        pass
    _signal(group, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


if __name__ == "__main__":
    sys.exit(main())

"""The processes that the platform starts.

Each is in a session of its own, so that Ctrl-C reaches only the platform, and ends with the platform
(`infra.local.child`).
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event, Lock, Thread

READY = "ready "
"""A child prints a line that starts so, followed by its addresses, once it listens."""

_INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR")


class StartError(Exception):
    """A part of the platform did not start; says which, and its last words."""


class Logs:
    """What the functions and servers say: a file for each in a folder, and the console when asked for."""

    def __init__(self, folder: Path, *, verbose: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for last_run in folder.glob("*.log"):
            last_run.unlink()
        self.folder = folder
        self._verbose = verbose
        self._lock = Lock()

    def write(self, name: str, line: str) -> None:
        """Keep one line of a function's or server's log."""
        with self._lock:
            with (self.folder / f"{name}.log").open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            if self._verbose:
                print(f"{name} | {line}", file=sys.stderr, flush=True)


class Child:
    """A Python module running in a process of its own."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        logs: Logs,
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        on_exit: Callable[[int], None] | None = None,
    ) -> None:
        inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        self.name = name
        self._logs = logs
        self._announced = Event()
        self._addresses: tuple[str, ...] = ()
        self._last_words: list[str] = []
        self._on_exit = on_exit
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-m", "infra.local.child", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**inherited, "PYTHONUNBUFFERED": "1", **(environment or {})},
            cwd=folder,
            start_new_session=True,
        )
        self._reader = Thread(target=self._read, name=f"{name} log", daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def addresses(self, timeout: float) -> tuple[str, ...]:
        """Wait until the child listens; what it announced.

        Raises:
            StartError: it ended, or said nothing in time (seconds).
        """
        if not self._announced.wait(timeout):
            self.kill()
            raise StartError(f"{self.name} was not ready within {timeout:g} s")
        if not self._addresses:
            raise StartError(f"{self.name} ended at its start:\n" + "\n".join(self._last_words))
        return self._addresses

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def stop(self, grace: float = 2) -> None:
        """End the process, by force if it does not within some seconds."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(grace)
        if self._process.stdout and not self._reader.is_alive():
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout  # noqa: S101 - always a pipe
        for raw in self._process.stdout:
            line = raw.decode("utf-8", errors="replace").rstrip("\n")
            if line.startswith(READY) and not self._announced.is_set():
                self._addresses = tuple(line.removeprefix(READY).split())
                self._announced.set()
                continue
            self._last_words = [*self._last_words[-20:], line]
            self._logs.write(self.name, line)
        code = self._process.wait()
        self._announced.set()
        if self._on_exit:
            self._on_exit(code)

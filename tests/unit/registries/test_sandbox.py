"""The sandbox as a command: quick to start, quiet, and clean to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3

KEYS = {"RENIEC_API_KEY": "one", "MIGRACIONES_API_KEY": "two", "SIAGIE_API_KEY": "three"}


@contextmanager
def command(*arguments: str, keys: dict[str, str] = KEYS) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if name not in KEYS}
    with subprocess.Popen(
        [sys.executable, "-m", "infra.registries.sandbox", *arguments],
        env={**environment, **keys},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_says_when_it_is_ready_answers_and_stops_at_the_first_signal() -> None:
    start = time.monotonic()
    with command("--port", "0", "--today", "2026-11-22") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        word, base_url = process.stdout.readline().split()
        ready = time.monotonic() - start
        response = urllib3.request(
            "POST",
            f"{base_url}/reniec/personas/consulta",
            json={"dni": "99900101"},
            headers={"X-Api-Key": "one"},
        )
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=5)
        noise = process.stderr.read() + process.stdout.read()

    assert (word, response.status, response.json()["dni"]) == ("ready", 200, "99900101")
    assert base_url.startswith("http://127.0.0.1:")
    assert ready < 5
    assert (status, noise) == (0, "")


def test_it_does_not_start_without_keys() -> None:
    with command(keys={"RENIEC_API_KEY": "one", "SIAGIE_API_KEY": ""}) as process:
        _, complaint = process.communicate(timeout=20)

    assert process.returncode == 1
    assert complaint == "sandbox: set MIGRACIONES_API_KEY, SIAGIE_API_KEY\n"

"""The command `constancia demo`, as a newcomer runs it."""

import json
import subprocess
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pypdfium2
import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def constancia(*arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("constancia")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.mark.parametrize("person", ["adult", "minor-mother"])
def test_a_certificate_goes_from_request_to_verification(person: str, tmp_path: Path) -> None:
    done = constancia("demo", "--out", str(tmp_path), "--person", person, "--json")

    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert set(summary) == {"code", "status", "pdf", "verify_url", "mail_to", "steps_ms"}
    assert summary["status"] == "ISSUED"
    assert summary["code"] in "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(summary["pdf"])
    )
    assert all(step > 0 for step in summary["steps_ms"].values())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--person", "nobody"], "there is no such person"),
        (["--person", "student-deceased"], "ends as student_deceased"),
        (["--outbox", "http://127.0.0.1:9"], "for a running site: name it with --endpoint"),
        (["--mail-to", "somebody@example.org"], "for a running site: name it with --endpoint"),
    ],
)
def test_wrong_input_is_told_and_starts_nothing(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = constancia("demo", "--out", str(tmp_path), *arguments)

    assert done.returncode == 2
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_no_site_of_ours_is_told(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        other = f"http://127.0.0.1:{server.server_port}"
        done = constancia("demo", "--out", str(tmp_path), "--endpoint", other, "--outbox", other)
        server.shutdown()

    assert done.returncode == 1
    assert "is the address right?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_can_not_be_is_told() -> None:
    done = constancia("run", "--port", "99999")

    assert done.returncode == 2
    assert "99999 is no port" in done.stderr


def test_a_site_that_is_not_there_fails_without_a_traceback(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    done = constancia("demo", "--out", str(tmp_path), "--endpoint", nowhere, "--outbox", nowhere)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()

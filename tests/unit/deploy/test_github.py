"""A workflow's job gets credentials for an hour, which the log does not show."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from moto import mock_aws

from infra.deploy import github

ROLE = "arn:aws:iam::123456789012:role/constancia-dev-deploy"
asked: list[tuple[str, str]] = []


class Tokens(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        asked.append((self.path, self.headers["Authorization"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"value": "eyJ.the-token.x"}')


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    later = tmp_path / "env"
    for name, value in {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{server.server_port}/?api-version=2",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "DEPLOY_ROLE": ROLE,
        "GITHUB_ACTOR": "some one",
        "GITHUB_ENV": str(later),
        "GITHUB_RUN_ID": "42",
    }.items():
        monkeypatch.setenv(name, value)
    yield later
    server.shutdown()
    server.server_close()


def test_the_token_is_exchanged_and_every_credential_is_masked(
    job: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mock_aws():
        assert github.main() == 0

    assert asked == [("/?api-version=2&audience=sts.amazonaws.com", "bearer of-the-job")]
    given = dict(line.split("=", 1) for line in job.read_text("utf-8").splitlines())
    assert set(given) == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    said = capsys.readouterr().out.splitlines()
    assert said == [f"::add-mask::{value}" for value in given.values()]


def test_a_job_that_may_not_ask_for_a_token_is_told(
    job: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL")

    assert github.main() == 1
    assert "id-token: write" in capsys.readouterr().err
    assert not job.exists()


def test_who_deploys_is_named_in_a_form_that_aws_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_RUN_ID", "42")
    monkeypatch.setenv("GITHUB_ACTOR", "some one[bot]")

    assert github._session() == "42-some-one-bot-"

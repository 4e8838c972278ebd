"""ministack, an AWS on this machine that takes a real `sam deploy`: started, asked, ended without a trace."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import urllib3

from infra.deploy import guard
from infra.local.clients import ClientFactory
from infra.local.platform import free_port
from infra.local.processes import StartError

REGION = "us-east-1"
START_SECONDS = 30.0
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
"""What ministack takes for credentials: anything. These say account 000000000000."""

_CUSTOM_CA = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
_OF_THE_CALLER = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")


def environment(endpoint_url: str | None = None) -> dict[str, str]:
    """The environment of whoever calls ministack, or is ministack: nothing of the caller's own AWS.

    A list of authorities of one's own would be asked for each call, over plain HTTP too.
    """
    kept = {key: value for key, value in os.environ.items() if key not in (*_CUSTOM_CA, *_OF_THE_CALLER)}
    return (
        kept
        | CREDENTIALS
        | {"AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION, "NO_PROXY": "127.0.0.1,localhost"}
        | ({"AWS_ENDPOINT_URL": endpoint_url} if endpoint_url else {})
    )


class Ministack:
    """A running ministack, on 127.0.0.1 alone."""

    def __init__(self, programs: Path, folder: Path) -> None:
        """Start it: `programs` is the folder of its environment's programs; `folder` goes when it ends.

        Its log is `ministack.log` there, and its temporary files are there too.

        Raises:
            StartError: it did not answer in time; with its last words.
        """
        self.port = free_port()
        self.endpoint_url = f"http://127.0.0.1:{self.port}"
        self._http = urllib3.PoolManager(timeout=10, retries=False)
        log = folder / "ministack.log"
        with log.open("w") as words:
            self._guard = subprocess.Popen(  # noqa: S603 - our own guard and the pinned program
                [sys.executable, guard.__file__, str(folder), str(programs / "ministack")],
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environment()
                | {
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": str(self.port),
                    "IOT_MTLS_ENABLED": "0",  # no ports beside the one
                    "SFTP_ENABLED": "0",
                    "LAMBDA_EXECUTOR": "local",
                },
            )
        try:
            self._wait(log)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it, with its functions and its files."""
        if self._guard.stdin and not self._guard.stdin.closed:
            self._guard.stdin.close()
        self._guard.wait()

    def clients(self) -> ClientFactory:
        """boto3 clients of it."""
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        session = boto3.Session(
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )

        def client(service: str) -> Any:
            return session.client(  # type: ignore[call-overload]
                service, endpoint_url=self.endpoint_url, verify=False, config=Config(proxies={})
            )

        return client

    def mails(self) -> list[dict[str, Any]]:
        """What the functions sent through SES, in the form of the local platform's outbox."""
        answer = self._http.request("GET", f"{self.endpoint_url}/_ministack/ses/messages").json()
        return [
            {"to": mail["To"], "subject": mail["Subject"], "text": mail["BodyText"]}
            for mails in answer["messages"].values()
            for mail in mails
        ]

    def _wait(self, log: Path) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._guard.poll() is None:
            with suppress(urllib3.exceptions.HTTPError):
                if self._http.request("GET", f"{self.endpoint_url}/_ministack/health").status == 200:
                    return
            time.sleep(0.1)
        raise StartError("ministack did not start:\n" + "\n".join(log.read_text("utf-8").splitlines()[-20:]))


def as_json(mails: list[dict[str, Any]]) -> bytes:
    """The outbox's answer at `/outbox.json`."""
    return json.dumps(mails).encode()

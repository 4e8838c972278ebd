"""The address before the deployed API hands calls on as they come, and answers as they go."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import urllib3

from infra.deploy.edge import edge, outbox

HTTP = urllib3.PoolManager(retries=False)


class Echo(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = {
            "method": self.command,
            "path": self.path,
            "host": self.headers["Host"],
            "cookie": self.headers["Cookie"],
            "body": body.decode(),
        }
        self.send_response(303)
        self.send_header("Location", "/elsewhere")
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(json.dumps(seen).encode())

    do_GET = do_HEAD = do_POST  # noqa: N815


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    with edge(0, f"http://127.0.0.1:{server.server_port}", "api.example") as url:
        yield url
    server.shutdown()
    server.server_close()


def test_a_call_comes_through_whole_for_the_host(site: str) -> None:
    answer = HTTP.request(
        "POST", f"{site}/a%2Fb?t=1&t=2", body=b"x=1", headers={"Cookie": "c=3"}, redirect=False
    )

    assert answer.json() == {
        "method": "POST",
        "path": "/a%2Fb?t=1&t=2",
        "host": "api.example",
        "cookie": "c=3",
        "body": "x=1",
    }


def test_an_answer_comes_back_as_it_is(site: str) -> None:
    answer = HTTP.request("GET", site + "/", redirect=False)

    assert answer.status == 303
    assert answer.headers["Location"] == "/elsewhere"
    assert answer.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_an_answer_without_a_body_has_none(site: str) -> None:
    assert HTTP.request("HEAD", site + "/", redirect=False).data == b""


def test_the_outbox_shows_what_was_sent() -> None:
    with outbox(lambda: b'[{"to": ["a@b.example"]}]') as url:
        assert HTTP.request("GET", f"{url}/outbox.json").json() == [{"to": ["a@b.example"]}]
        assert HTTP.request("GET", f"{url}/other").status == 404

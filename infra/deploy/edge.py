"""What a domain name is on AWS: one address before the deployed API, known before the API is.

It hands every call on as it came, and only says for which host it is. Beside it stands the outbox of the
deployed stack's mails, as the local platform has one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import urllib3

_OF_A_CONNECTION = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


@contextmanager
def edge(port: int, endpoint_url: str, host: str) -> Iterator[str]:
    """Stand at a port of 127.0.0.1 for `host` at an endpoint; gives the address."""
    http = urllib3.PoolManager(timeout=60, retries=False)

    def pass_on(handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        answer = http.request(
            handler.command,
            endpoint_url + handler.path,
            body=handler.rfile.read(length) if length else None,
            headers=_passed(handler.headers.items()) | {"Host": host},
            redirect=False,
            decode_content=False,
        )
        _answer(handler, answer.status, answer.headers.items(), answer.data)

    with _serving(port, pass_on) as url:
        yield url


@contextmanager
def outbox(read: Callable[[], bytes]) -> Iterator[str]:
    """Serve what was sent by mail as `/outbox.json`; gives the address without it."""

    def show(handler: BaseHTTPRequestHandler) -> None:
        if handler.path != "/outbox.json":
            _answer(handler, 404, (), b"")
        else:
            _answer(handler, 200, [("Content-Type", "application/json")], read())

    with _serving(0, show) as url:
        yield url


def _passed(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers if name.lower() not in _OF_A_CONNECTION}


def _answer(handler: BaseHTTPRequestHandler, status: int, headers: Any, body: bytes) -> None:
    handler.send_response_only(status)
    for name, value in headers:
        if name.lower() not in _OF_A_CONNECTION:
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


@contextmanager
def _serving(port: int, serve: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

        def do_GET(self) -> None:
            serve(self)

        do_HEAD = do_POST = do_GET  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads, server.block_on_close = True, False
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

"""A real HTTP server that answers by script, well or badly: one step for each connection or query."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

type Step = Callable[[socket.socket], None]


@dataclass
class Script:
    """What the server did, and where it is."""

    base_url: str = ""
    queries: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Request line, headers in lower case, body."""


@contextmanager
def scripted(*steps: Step) -> Iterator[Script]:
    """Serve the steps in their order, the last one again and again."""
    script = Script()
    left = list(steps)
    lock = threading.Lock()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def converse(connection: socket.socket) -> None:
            with connection:
                try:
                    query = _read_query(connection)
                    with lock:
                        script.queries.append(query)
                        step = left.pop(0) if len(left) > 1 else left[0]
                    step(connection)
                except OSError:
                    return

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield script
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def answer(
    body: Any, status: int = 200, content_type: str = "application/json", headers: tuple[str, ...] = ()
) -> Step:
    """A whole answer; `body` as JSON unless it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda connection: connection.sendall(_head(status, content_type, len(content), headers) + content)


def problem(status: int, code: str, *headers: str) -> Step:
    """A problem of the contract."""
    return answer(problem_body(status, code), status, "application/problem+json", headers)


def problem_body(status: int, code: str) -> dict[str, Any]:
    """What a problem says."""
    return {"type": "about:blank", "title": "-", "status": status, "code": code}


def half(body: Any) -> Step:
    """Half of the promised bytes, then the end."""
    content = json.dumps(body).encode()
    head = _head(200, "application/json", len(content), ())
    return lambda connection: connection.sendall(head + content[: len(content) // 2])


def late(seconds: float, step: Step) -> Step:
    """A step after some time."""

    def wait(connection: socket.socket) -> None:
        time.sleep(seconds)
        step(connection)

    return wait


def drip(seconds: float) -> Step:
    """An answer that never ends: some bytes at a time, each well before any read timeout."""

    def send(connection: socket.socket) -> None:
        connection.sendall(_head(200, "application/json", 1_000_000, ()))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.sendall(b" ")
            time.sleep(0.02)

    return send


def reset(connection: socket.socket) -> None:
    """No answer but a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _head(status: int, content_type: str, length: int, headers: tuple[str, ...]) -> bytes:
    lines = (
        f"HTTP/1.1 {status} -",
        f"Content-Type: {content_type}",
        f"Content-Length: {length}",
        "Connection: close",
        *headers,
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def _read_query(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    stream = connection.makefile("rb")
    line = stream.readline().decode().strip()
    headers = {}
    while field_line := stream.readline().decode().strip():
        name, _, value = field_line.partition(":")
        headers[name.lower()] = value.strip()
    return line, headers, stream.read(int(headers["content-length"]))

"""The sandbox registries: RENIEC, Migraciones and SIAGIE over HTTP, for invented people.

    python -m infra.registries.sandbox --port 8081

serves `/reniec`, `/migraciones` and `/siagie` by their contracts, prints `ready http://127.0.0.1:8081` when
it listens, and stops on SIGTERM or Ctrl-C. The API keys come from RENIEC_API_KEY, MIGRACIONES_API_KEY and
SIAGIE_API_KEY. Tests run it in their own process: `with sandbox(today) as base_url`.
"""

import argparse
import hmac
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NoReturn

from constancia.domain.identity import DocumentType, IdentityDocument
from infra.registries import answers
from infra.registries.cast import Fault, Faults, Registry
from infra.registries.contract import contract
from infra.registries.people import People, Union, kinship, today_in_lima
from infra.registries.population import DEFAULT_PEOPLE, Population
from infra.registries.scenarios import roll_of, scenarios

TEST_KEYS: Final = {registry: f"test-key-{registry}" for registry in Registry}
"""Keys for tests in process; the command takes its keys from the environment alone."""
SLOW_SECONDS: Final = 3.0
_LARGEST_QUERY: Final = 4096


type Headers = Mapping[str, str] | Message
"""Of a query, by name."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over the wire."""

    status: HTTPStatus
    body: bytes
    content_type: str = "application/json"
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Registries:
    """The three registries, without their HTTP."""

    people: People
    faults: Faults
    keys: Mapping[Registry, str]
    slow_seconds: float = SLOW_SECONDS

    def reply(self, address: str, headers: Headers, content: bytes) -> Reply:
        """Answer a query by the registry's contract, or misbehave as the scenario wants."""
        registry_name, _, path = address.removeprefix("/").partition("/")
        path = f"/{path}"
        if registry_name not in list(Registry) or path not in contract(Registry(registry_name)).paths:
            return Reply(HTTPStatus.NOT_FOUND, b"no such address", "text/plain")
        registry = Registry(registry_name)
        key = headers.get(contract(registry).key_header)
        if key is None or not hmac.compare_digest(key.encode(), self.keys[registry].encode()):
            return _problem(HTTPStatus.UNAUTHORIZED, "unauthorised")
        try:
            query = json.loads(content)
        except ValueError:
            return _problem(HTTPStatus.BAD_REQUEST, "invalid_query")
        if contract(registry).faults_of_request(path, query):
            return _problem(HTTPStatus.BAD_REQUEST, "invalid_query")
        return self._misbehave(registry, path, query) or self._answer(path, query)

    def _misbehave(self, registry: Registry, path: str, query: dict[str, Any]) -> Reply | None:
        match self.faults.get((registry, _subject(path, query))):
            case Fault.SLOW:
                time.sleep(self.slow_seconds)
            case Fault.DOWN:
                return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
            case Fault.DAILY_LIMIT:
                return _problem(HTTPStatus.TOO_MANY_REQUESTS, "daily_limit_reached", retry_after=3600)
            case Fault.NONSENSE:
                return Reply(HTTPStatus.OK, b"<html><body>Mantenimiento</body></html>", "text/html")
            case Fault.ANOTHER_PERSON:
                answer = self._answer(path, query)
                number = _subject(path, query).encode()
                # The last digit differs, so that it is a document of the same form.
                other = number[:-1] + (b"0" if number[-1:] != b"0" else b"1")
                return Reply(answer.status, answer.body.replace(number, other))
        return None

    def _answer(self, path: str, query: dict[str, Any]) -> Reply:
        body = _LOOKUPS[path](self.people, query)
        if body is None:
            return _problem(HTTPStatus.NOT_FOUND, "not_found")
        return Reply(HTTPStatus.OK, json.dumps(body, ensure_ascii=False).encode())


@contextmanager
def sandbox(
    today: date | None = None,
    *,
    people: int = DEFAULT_PEOPLE,
    port: int = 0,
    keys: Mapping[Registry, str] | None = None,
    slow_seconds: float = SLOW_SECONDS,
) -> Iterator[str]:
    """Serve the registries while the context lasts; gives the base address, without a final slash."""
    present = today or today_in_lima()
    roll, faults = roll_of(scenarios(present))
    registries = Registries(
        Union((roll, Population(present, people))), faults, keys or TEST_KEYS, slow_seconds=slow_seconds
    )
    with serving(registries, port) as base_url:
        yield base_url


@contextmanager
def serving(registries: Registries, port: int = 0) -> Iterator[str]:
    """Serve on 127.0.0.1, at any free port when none is given."""
    server = _Server(("127.0.0.1", port), _handler(registries))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Kept connections have a waiting thread each: those are not waited for at the end.
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event; everything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler(registries: Registries) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        timeout = 60

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            media = self.headers.get_content_type()
            if not length.isdecimal() or int(length) > _LARGEST_QUERY or media != "application/json":
                self.close_connection = True
                self._send(_problem(HTTPStatus.BAD_REQUEST, "invalid_query"))
                return
            content = self.rfile.read(int(length))
            self._send(registries.reply(self.path, self.headers, content))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            if reply.retry_after is not None:
                self.send_header("Retry-After", str(reply.retry_after))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Keep quiet: registries that log every query would fill the platform's screen."""

    return Handler


def _person(people: People, query: dict[str, Any]) -> dict[str, Any] | None:
    found = people.citizen(query["dni"])
    return answers.person(found) if found else None


def _kinship(people: People, query: dict[str, Any]) -> dict[str, Any]:
    adult, minor = query["dniAdulto"], query["dniMenor"]
    return answers.kinship(adult, minor, kinship(people, adult, minor))


def _foreigner(people: People, query: dict[str, Any]) -> dict[str, Any] | None:
    found = people.foreigner(query["carnetExtranjeria"])
    return answers.foreigner(found) if found else None


def _trajectory(people: People, query: dict[str, Any]) -> dict[str, Any] | None:
    document = IdentityDocument(DocumentType(query["documento"]["tipo"]), query["documento"]["numero"])
    found = people.trajectory(document)
    return answers.trajectory(found) if found else None


_LOOKUPS: Final[Mapping[str, Callable[[People, dict[str, Any]], dict[str, Any] | None]]] = {
    "/personas/consulta": _person,
    "/parentescos/consulta": _kinship,
    "/extranjeros/consulta": _foreigner,
    "/trayectorias/consulta": _trajectory,
}


def _subject(path: str, query: dict[str, Any]) -> str:
    """The number of the document that a query is about."""
    match path:
        case "/personas/consulta":
            number = query["dni"]
        case "/parentescos/consulta":
            number = query["dniMenor"]
        case "/extranjeros/consulta":
            number = query["carnetExtranjeria"]
        case _:
            number = query["documento"]["numero"]
    return str(number)


def _problem(status: HTTPStatus, code: str, *, retry_after: int | None = None) -> Reply:
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "code": code}
    return Reply(status, json.dumps(problem).encode(), "application/problem+json", retry_after)


def _keys_of_environment() -> dict[Registry, str]:
    names = {registry: f"{registry.name}_API_KEY" for registry in Registry}
    missing = [name for name in names.values() if not os.environ.get(name)]
    if missing:
        sys.exit(f"sandbox: set {', '.join(missing)}")
    return {registry: os.environ[name] for registry, name in names.items()}


def _stop(*_signal: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.registries.sandbox", description="Sandbox registries"
    )
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--people", type=int, default=DEFAULT_PEOPLE, help="size of the population")
    parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    options = parser.parse_args()
    keys = _keys_of_environment()
    signal.signal(signal.SIGTERM, _stop)
    with (
        suppress(KeyboardInterrupt),
        sandbox(options.today, people=options.people, port=options.port, keys=keys) as base_url,
    ):
        print(f"ready {base_url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()

"""The embedded AWS as a process: moto's server, and the outbox of its SES beside it.

Prints `ready <moto's address> <outbox's address>`.
"""

import argparse
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from infra.local.dead_letters import dead_letters
from infra.local.outbox import Outbox, pages, recording
from infra.local.processes import READY


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _server(application: WSGIApplication, port: int) -> BaseWSGIServer:
    return make_server("127.0.0.1", port, application, threaded=True, request_handler=_Handler)


def main() -> None:
    """Serve until the parent ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--outbox-port", type=int, default=0)
    arguments = parser.parse_args()
    outbox = Outbox()
    aws = _server(recording(DomainDispatcherApplication(create_backend_app), outbox), 0)
    console = _server(pages(outbox, dead_letters), arguments.outbox_port)
    Thread(target=console.serve_forever, daemon=True).start()
    addresses = [f"http://127.0.0.1:{server.server_port}" for server in (aws, console)]
    print(READY + " ".join(addresses), flush=True)
    aws.serve_forever()


if __name__ == "__main__":
    main()

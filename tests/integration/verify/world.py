"""A site on this machine, over validate's own routes, and certificates that it issued."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from constancia.domain.certificate import Certificate, CertificateState, hash_of_token
from constancia.domain.links import verification_url
from constancia.domain.virtual_code import VirtualCode
from infra.verify.findings import Check, Finding, Judgement
from infra.verify.judge import judge
from infra.verify.seals import Sealers
from infra.verify.site import Site
from infra.verify.trust import Trust
from render.document import draw
from tests.builders import OTHER_CODE, OTHER_TOKEN, TOKEN
from tests.school_records import CERTIFICATES, eleven_years
from tests.sealing import a_sealer, chain_pem, demo_root
from tests.unit.validate.site import Files
from tests.unit.validate.site import Site as Routes
from tests.unit.web.events import event, json_event

type Judged = Callable[[Callable[[bytes], bytes]], Judgement]
"""Judges what a mutation makes of a certificate's file."""

FIELD = (
    "Educación Secundaria, 2.º (2020), Ciencias Sociales - Gestiona responsablemente los recursos económicos"
)
"""A mark of `the_certificate`, which is a B."""
TABLES = 1
"""The page with that table."""
NTH = 2
"""Which B of the page that field has."""

TRUSTED_ROOT = Sealers.of_root(demo_root().pem.encode())


@dataclass
class _Stored(Files):
    """Gives links to the site's own file server."""

    base: str = ""

    def download_url(self, code: VirtualCode, sha256: str, filename: str) -> str:
        return f"{self.base}/files/{sha256}"


@dataclass
class World:
    """The site, what it was asked, and its files."""

    base: str
    routes: Routes
    stored: _Stored
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def site(self) -> Site:
        return Site.at(self.base)

    @property
    def trust(self) -> Trust:
        """Trusts the site, and whom it names."""
        return Trust(self.site)

    def issues(self, certificate: Certificate, token: str = TOKEN) -> bytes:
        """Issue a certificate; gives its file."""
        url = verification_url(self.base, certificate.code, token)
        data = a_sealer().seal(draw(certificate, url, a_sealer().appearance))
        digest = sha256(data).hexdigest()
        self.files[digest] = data
        record = replace(certificate, sha256=digest, token_hash=hash_of_token(token))
        self.routes.certificates = (*self.routes.certificates, record)
        return data

    def becomes(self, state: CertificateState) -> None:
        """Let the first certificate be replaced or annulled."""
        first, *others = self.routes.certificates
        self.routes.certificates = (replace(first, state=state), *others)

    def forgets(self) -> None:
        """Lose all records."""
        self.routes.certificates = ()

    def judge(self, data: bytes, **trust: Any) -> Judgement:
        return judge(data, replace(self.trust, **trust))


@contextmanager
def a_world() -> Iterator[World]:
    """Start the site on a free port."""
    routes, stored = Routes(seal_chain=chain_pem(), demo=True), _Stored()
    routes.files = stored

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            world.asked.append(f"GET {parts.path}")
            if parts.path.startswith("/files/"):
                self._answer(200, world.files[parts.path.removeprefix("/files/")])
            else:
                self._resolve(event("GET", parts.path, query=dict(parse_qsl(parts.query))))

        def do_POST(self) -> None:
            world.asked.append(f"POST {self.path}")
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._resolve(json_event("POST", self.path, body))

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def _resolve(self, call: dict[str, Any]) -> None:
            answer = routes.answer(call)
            location = answer["multiValueHeaders"].get("Location", [None])[0]
            self._answer(answer["statusCode"], answer["body"].encode(), location)

        def _answer(self, status: int, body: bytes, location: str | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        world = World(f"http://127.0.0.1:{server.server_port}", routes, stored)
        stored.base = world.base
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield world
        finally:
            server.shutdown()


def finding(judgement: Judgement, check: Check) -> Finding:
    (found,) = (each for each in judgement.findings if each.check is check)
    return found


def the_certificate() -> Certificate:
    """Eleven years of school: two levels, both eras."""
    return CERTIFICATES["eleven_years"]


def another_certificate() -> Certificate:
    """Somebody else's."""
    return replace(CERTIFICATES["repeated_grades"], code=OTHER_CODE, number="2026-00009999")


__all__ = ["OTHER_TOKEN", "TOKEN", "TRUSTED_ROOT", "World", "a_world", "eleven_years", "finding"]

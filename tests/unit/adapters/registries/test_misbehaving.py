"""Registries that misbehave on the wire: whatever they send, it ends in time and is refused."""

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import repeat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from constancia.adapters.registries import HttpCivilRegistry, Kind, Limits, RegistryClient, UpstreamError
from tests.fakes import NoBreaker
from tests.unit.adapters.registries.answers import DNI, a_person
from tests.unit.adapters.registries.scripted import Step, answer, drip, half, late, problem, scripted

IMPATIENT = Limits(connect=0.3, read=0.3, budget=0.6, pause=0.01)
PATIENT = Limits(connect=60, read=60, budget=120, pause=0.01)
OK = b"HTTP/1.1 200 OK\r\n"


def reniec(base_url: str, limits: Limits) -> HttpCivilRegistry:
    return HttpCivilRegistry(
        RegistryClient("reniec", base_url, lambda: "the-api-key", breaker=NoBreaker(), limits=limits)
    )


def refused(base_url: str, limits: Limits) -> UpstreamError:
    with pytest.raises(UpstreamError) as error:
        reniec(base_url, limits).person(DNI)
    return error.value


def dripping(begin: bytes, piece: bytes, *, pause: float = 0.05) -> Step:
    """Bytes that never end, each well before any socket's timeout."""

    def send(connection: socket.socket) -> None:
        connection.sendall(begin)
        for one in repeat(piece):
            connection.sendall(one)
            time.sleep(pause)

    return send


def silent(connection: socket.socket) -> None:
    while connection.recv(4096):  # until the other side goes
        continue


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(silent, id="says nothing"),
        pytest.param(late(0.8, answer(a_person())), id="late"),
        pytest.param(drip(10), id="body"),
        pytest.param(dripping(b"", b"H"), id="status line"),
        pytest.param(dripping(OK + b"X-Slow: ", b"a"), id="a header line"),
        pytest.param(dripping(OK, b"X: y\r\n"), id="header lines"),
        pytest.param(dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="100 Continue for ever"),
        pytest.param(
            dripping(OK + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
            id="the length of a chunk",
        ),
        pytest.param(
            dripping(
                OK + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"
            ),
            id="chunks",
        ),
        pytest.param(dripping(OK + b"Content-Type: application/json\r\n\r\n", b" "), id="a body without end"),
    ],
)
def test_it_ends_in_time_however_slowly_it_comes(step: Step) -> None:
    threads = threading.active_count()
    with scripted(step) as script:
        start = time.monotonic()
        error = refused(script.base_url, IMPATIENT)
        took = time.monotonic() - start

        assert error.kind is Kind.SLOW
        assert took < IMPATIENT.budget + 1.5  # the rest is for a busy machine
        assert len(script.queries) == 1
    assert threading.active_count() <= threads + 2  # those of the server go a moment later


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        pytest.param(
            lambda connection: connection.sendall(OK + b"X: y\r\n" * 100_000), Kind.DROPPED, id="header lines"
        ),
        pytest.param(
            lambda connection: connection.sendall(OK + b"X: " + b"y" * 200_000), Kind.DROPPED, id="one header"
        ),
        pytest.param(answer(b" " * 3_000_000), Kind.NONSENSE, id="a body that is too large"),
        pytest.param(half(a_person()), Kind.TORN, id="half"),
        pytest.param(
            answer(gzip.compress(b" " * 50_000_000), headers=("Content-Encoding: gzip",)),
            Kind.NONSENSE,
            id="a compressed body",
        ),
        pytest.param(
            answer(json.dumps(a_person()).encode("utf-16"), content_type="application/json; charset=utf-16"),
            Kind.NONSENSE,
            id="UTF-16",
        ),
        pytest.param(
            answer(a_person(), content_type="application/json; charset=iso-8859-1"),
            Kind.NONSENSE,
            id="another charset",
        ),
        pytest.param(answer(a_person(), content_type="text/plain"), Kind.NONSENSE, id="another type"),
        pytest.param(answer(b"\xef\xbb\xbf" + json.dumps(a_person()).encode()), Kind.NONSENSE, id="BOM"),
        pytest.param(
            answer(json.dumps(a_person()).replace("{", '{"dni": "99000009", ', 1).encode()),
            Kind.NONSENSE,
            id="a name twice",
        ),
        pytest.param(answer(json.dumps(a_person()).encode() + b"{}"), Kind.NONSENSE, id="more after it"),
        pytest.param(problem(500, "unavailable"), Kind.FAILED, id="500"),
        pytest.param(problem(403, "unauthorised"), Kind.KEY_REFUSED, id="403"),
        pytest.param(problem(429, "daily_limit_reached"), Kind.DAILY_LIMIT, id="429"),
        pytest.param(answer(a_person(dni="99000009")), Kind.DOUBTFUL, id="another person"),
    ],
)
def test_what_is_wrong_is_told_by_kind(step: Step, kind: Kind) -> None:
    with scripted(step) as script:
        assert refused(script.base_url, PATIENT).kind is kind


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(status: int) -> None:
    with scripted(answer(a_person())) as elsewhere:
        away = answer(b"", status, "text/html", (f"Location: {elsewhere.base_url}/personas/consulta",))
        with scripted(away) as script:
            assert refused(script.base_url, PATIENT).kind is Kind.NONSENSE
        assert elsewhere.queries == []


@pytest.mark.parametrize(
    "address", ["http://registry.example", "ftp://127.0.0.1", "//127.0.0.1", "http://127.0.0.1.example"]
)
def test_the_key_leaves_this_machine_by_https_alone(address: str) -> None:
    with pytest.raises(ValueError, match="HTTPS"):
        reniec(address, PATIENT)


def test_a_connection_is_used_again_and_a_closed_one_made_anew() -> None:
    connections = []

    def twice(connection: socket.socket) -> None:
        connections.append(connection)
        content = json.dumps(a_person()).encode()
        head = OK + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
        connection.sendall(head + content)
        stream = connection.makefile("rb")
        while stream.readline().strip():
            pass
        stream.read(len(b'{"dni": "99000001"}'))
        connection.sendall(head + content)

    with scripted(twice) as script:
        registry = reniec(script.base_url, PATIENT)
        for _ in range(4):
            assert registry.person(DNI) is not None

    assert len(connections) == 2


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "registry of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def listening(converse: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of bare connections; its address by HTTPS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        converse(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def over_tls(certificate: Path, content: Callable[[ssl.SSLSocket], None]) -> Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def converse(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            received = b""
            while b'{"dni": "99000001"}' not in received:
                received += secure.recv(4096)
            content(secure)

    return converse


def test_whoever_is_not_known_to_be_the_registry_gets_nothing(certificate: Path) -> None:
    asked = []
    with listening(over_tls(certificate, lambda _: asked.append(1))) as base_url:
        assert refused(base_url, PATIENT).kind is Kind.UNREACHABLE
    assert asked == []


def test_a_known_registry_is_believed(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(over_tls(certificate, answer(a_person()))) as base_url:
        assert reniec(base_url, PATIENT).person(DNI) is not None


def test_not_under_another_name(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(over_tls(certificate, answer(a_person()))) as base_url:
        elsewhere = base_url.replace("127.0.0.1", "localhost")
        assert refused(elsewhere, PATIENT).kind is Kind.UNREACHABLE


@pytest.mark.parametrize("begin", [b"", b"\x16\x03\x03\x40\x00"], ids=["nothing", "a record byte by byte"])
def test_a_handshake_that_never_ends_does(begin: bytes) -> None:
    step = silent if not begin else dripping(begin, b"\x02")
    with listening(step) as base_url:
        start = time.monotonic()
        assert refused(base_url, IMPATIENT).kind in {Kind.SLOW, Kind.UNREACHABLE}
        assert time.monotonic() - start < IMPATIENT.budget + 1.5


def test_a_body_that_drips_over_tls_ends_too(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    begin = OK + b"Content-Type: application/json\r\nX-Slow: "
    with listening(over_tls(certificate, dripping(begin, b"a"))) as base_url:
        assert refused(base_url, IMPATIENT).kind is Kind.SLOW

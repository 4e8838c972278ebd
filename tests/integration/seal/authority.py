"""A time stamp authority over HTTP, as pyHanko makes one, and authorities that fail."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from asn1crypto import keys, pem, tsp, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.timestamps import DummyTimeStamper

from tests.unit.seal.certificates import Authority, Key, an_rsa_key

TSA_ROOT = Authority("Raíz de la hora", key_name="time root")

type Answer = Callable[[bytes], tuple[int, bytes]]
"""From the body of a request to status and body of the answer."""


def granted(at: datetime, key: rsa.RSAPrivateKey | None = None, *, time_stamping: bool = True) -> Answer:
    """What an authority answers at a moment."""

    def answer(body: bytes) -> tuple[int, bytes]:
        request = tsp.TimeStampReq.load(body)
        assert request["cert_req"].native
        signs = key or an_rsa_key("time")
        stamper = DummyTimeStamper(certificate_of(signs, time_stamping), _info(signs), fixed_dt=at)
        return 200, stamper.request_tsa_response(request).dump()

    return answer


@contextmanager
def authority(answer: Answer, pause: float = 0) -> Iterator[str]:
    """An authority that answers so; its address. With a pause, in seconds, after each hundred bytes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            with suppress(ConnectionError):  # who asked may have gone by now
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for start in range(0, len(body), 100):
                    time.sleep(pause)
                    self.wfile.write(body[start : start + 100])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@cache
def certificate_of(key: Key, time_stamping: bool = True) -> x509.Certificate:
    """The authority's certificate of a key."""
    text = TSA_ROOT.certify("Autoridad de la hora", key, time_stamping=time_stamping)
    return x509.Certificate.load(pem.unarmor(text.encode())[2])


def _info(key: rsa.RSAPrivateKey) -> keys.PrivateKeyInfo:
    secret = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return keys.PrivateKeyInfo.load(secret)

"""Render in memory: its pipeline over fakes, and people who asked."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from constancia.domain.certificate import (
    Certificate,
    CertificateRequest,
    CertificateState,
    PersonKey,
    new_request_id,
)
from constancia.domain.virtual_code import new_virtual_code
from render.pipeline import Pipeline, Step
from tests.builders import CONTACT, NOW, a_certificate, a_request
from tests.fakes import FakeClock, InMemoryFiles, InMemoryStore, Outbox

BASE_URL = "https://constancia.example"


def draw(certificate: Certificate, verify_url: str) -> bytes:
    """Stands for the drawing: bytes that depend on what is printed."""
    return f"%PDF {certificate.code} {certificate.number} {verify_url}".encode()


@dataclass
class World:
    clock: FakeClock = field(default_factory=FakeClock)
    store: InMemoryStore = field(init=False)
    files: InMemoryFiles = field(default_factory=InMemoryFiles)
    outbox: Outbox = field(default_factory=Outbox)

    def __post_init__(self) -> None:
        self.store = InMemoryStore(self.clock)

    def asked(self, **changes: Any) -> CertificateRequest:
        """Somebody asked, and was accepted."""
        certificate = a_certificate(CertificateState.PENDING, code=new_virtual_code(), **changes)
        request = a_request(id=new_request_id(), code=certificate.code)
        self.store.accept(certificate, request, PersonKey(request.id), NOW)
        return request

    def pipeline(self, **ports: Any) -> Pipeline:
        """The pipeline over the fakes, or over others in their place."""
        fakes: dict[str, Any] = {
            "store": self.store,
            "files": self.files,
            "mailer": self.outbox,
            "draw": draw,
            "clock": self.clock,
        }
        return Pipeline(**{**fakes, **ports}, base_url=BASE_URL, contact_email=CONTACT, demo=False)

    def run(self, request: CertificateRequest, **ports: Any) -> list[Step]:
        return list(self.pipeline(**ports).run(request.id))

    def certificate(self, request: CertificateRequest) -> Certificate:
        certificate = self.store.certificate(request.code)
        assert certificate is not None
        return certificate

    def request(self, request: CertificateRequest) -> CertificateRequest:
        stored = self.store.request(request.id)
        assert stored is not None
        return stored

    def file_of(self, request: CertificateRequest) -> bytes:
        """The file that is handed out; its digest is what the certificate says."""
        sha256 = self.certificate(request).sha256
        assert sha256 is not None
        file = self.files.files[request.code, sha256]
        assert hashlib.sha256(file).hexdigest() == sha256
        return file

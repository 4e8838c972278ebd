"""The site that whoever checks trusts: what it says of a certificate, its file, and who seals for it.

Only that site is ever spoken to. The QR in a file may lead anywhere.
"""

import hashlib
import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

import msgspec
import urllib3

from constancia.domain.content import CertificateContent
from constancia.domain.verification import QrToken
from constancia.domain.virtual_code import VirtualCode, parse_virtual_code
from infra.verify.findings import Standing
from validate.schemas import ValidationAnswer

_TIMEOUT = urllib3.Timeout(connect=5, read=20)
_LARGEST_ANSWER = 4_000_000
LARGEST_FILE = 64_000_000
"""A certificate has some hundred kilobytes."""


class SiteError(Exception):
    """The site gave no answer that can be used; says what happened, and names nobody."""


@dataclass(frozen=True, slots=True)
class Question:
    """A code, with what opens the whole certificate: the QR's token, the holder's document, or nothing."""

    code: VirtualCode
    token: str | None = field(default=None, repr=False)
    document: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """What the site says of a certificate."""

    code: VirtualCode
    standing: Standing
    issued_at: datetime | None = None
    number: str | None = None
    content: CertificateContent | None = field(default=None, repr=False)
    sha256: str | None = None
    """Of the file as it was issued, where a proof opened the record."""
    file_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Address:
    """What an address in a QR says."""

    code: VirtualCode
    token: str | None = field(repr=False)


@dataclass(frozen=True)
class Site:
    """A site under a base address, `https://host/prefix`."""

    base: str
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(timeout=_TIMEOUT, retries=False), repr=False
    )

    @classmethod
    def at(cls, address: str) -> "Site":
        """Read the address that somebody typed.

        Raises:
            ValueError: it is none, or one whose answers others could forge: without TLS, not on this machine.
        """
        parts = urlsplit(address)
        if not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError("not the address of a site, such as https://cla.example")
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts)):
            raise ValueError("not an https address: without TLS anybody on the way could answer")
        return cls(address.rstrip("/"))

    def owns(self, text: str) -> bool:
        """Whether an address is one of this site's verification pages."""
        try:
            parts, base = urlsplit(text), urlsplit(self.base)
            same = _origin(parts) == _origin(base)
        except ValueError:
            return False
        return same and parts.path.startswith(f"{base.path}/validate/")

    @staticmethod
    def any_address_in(text: str) -> Address | None:
        """The code and token in an address that has the form of a verification page, on whatever site."""
        try:
            parts = urlsplit(text)
            head, _, code = parts.path.rpartition("/")
            if not head.endswith("/validate"):
                return None
            found = parse_virtual_code(code)
            token = dict(parse_qsl(parts.query)).get("t")
        except ValueError:
            return None
        try:
            return Address(found, QrToken.parse(token or "").value)
        except ValueError:
            return Address(found, None)

    def ask(self, question: Question) -> Record:
        """Ask for a certificate.

        Raises:
            SiteError: no answer that can be used.
        """
        body: dict[str, str] = {"code": question.code}
        if question.token is not None:
            body["token"] = question.token
        elif question.document is not None:
            body["document"] = question.document
        status, data, _ = self._call("POST", f"{self.base}/api/v1/validations", body)
        if status == 422:
            raise SiteError("the site says that the document number has not the form of one")
        if status != 200:
            raise SiteError(f"the site answered {status}")
        try:
            answer = msgspec.json.decode(data, type=ValidationAnswer)
        except (ValueError, RecursionError):
            raise SiteError("the answer is not that of a site of ours") from None
        link = answer.download
        return Record(
            question.code,
            Standing(answer.verdict.value),
            answer.issued_at,
            answer.number,
            answer.content,
            answer.sha256,
            urljoin(f"{self.base}/", link.url) if link else None,
        )

    def file_of(self, record: Record) -> bytes | None:
        """The genuine file, held against its digest; nothing where it can't be downloaded any more.

        Raises:
            SiteError: the download failed, or gave another file than the record says.
        """
        if record.file_url is None:
            return None
        status, _, location = self._call("GET", record.file_url)
        if status != 303 or location is None:
            raise SiteError(f"the download answered {status}")
        parts = urlsplit(location)
        if parts.scheme != "https" and not _is_this_machine(parts):
            raise SiteError("the download leads to an address without TLS")
        status, data, _ = self._call("GET", location, most=LARGEST_FILE)
        if status != 200:
            raise SiteError(f"the download answered {status}")
        if hashlib.sha256(data).hexdigest() != record.sha256:
            raise SiteError("the file that the site gives is not the one that its record names")
        return data

    def chain(self) -> bytes | None:
        """The chain of the key that seals for the site; nothing where it publishes none.

        Raises:
            SiteError: no answer.
        """
        status, data, _ = self._call("GET", f"{self.base}/api/v1/seal.pem")
        return data if status == 200 else None

    def _call(
        self, method: str, url: str, body: dict[str, str] | None = None, most: int = _LARGEST_ANSWER
    ) -> tuple[int, bytes, str | None]:
        """Make a call; gives status, body and where it leads. Redirects are never followed by themselves."""
        try:
            answer = self.http.request(
                method, url, json=body, redirect=False, preload_content=False, decode_content=False
            )
            try:
                data = answer.read(most + 1, decode_content=False)
            finally:
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise SiteError(f"the site can't be reached ({type(error).__name__})") from None
        if len(data) > most:
            raise SiteError("the answer is larger than any of a site of ours")
        return answer.status, data, answer.headers.get("Location")


def _is_this_machine(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    """Scheme, host and port. This machine is one host, whatever it is called."""
    host = "localhost" if _is_this_machine(parts) else parts.hostname or ""
    return parts.scheme.lower(), host, parts.port

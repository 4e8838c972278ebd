"""`constancia demo`: one certificate through the running code, as a person and a verifier would go.

Everything goes over HTTP, so the same run proves the local platform and a deployed stack.
"""

import argparse
import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import urllib3

from infra.registries.cast import Scenario
from infra.registries.people import today_in_lima

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.1


class DemoError(Exception):
    """A step did not hold; says which and why."""


@dataclass(slots=True)
class Demo:
    """One run. Each step keeps what the next ones need, and how long it took."""

    site_url: str
    outbox_url: str | None
    """None where no program reads the mails: whoever runs it then looks."""
    scenario: Scenario
    out: Path
    tell: Callable[[str], None]
    mail_to: str | None = None
    """Who gets the mail, instead of the invented person."""
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(timeout=30, retries=False))
    steps_ms: dict[str, int] = field(default_factory=dict)

    def run(self) -> dict[str, Any]:
        """Take every step in order and give the summary.

        Raises:
            DemoError: a step did not hold.
        """
        body = self.scenario.application(self.terms_version())
        if self.mail_to is not None:
            body["contact"]["email"] = self.mail_to
        with self.step("request", "request accepted"):
            location = self.request(body)
        with self.step("issue", "certificate issued"):
            status = self.until_issued(location)
        code = self.mailed_code(body["contact"]["email"], status["code"])
        with self.step("verify_code", "code alone: authentic, name masked"):
            self.verify_by_code(code)
        with self.step("verify_document", "code and document: the whole content"):
            opened = self.verify_by_document(code, body["student"]["document"])
        with self.step("download", "file downloaded, digest as stored"):
            pdf = self.download(opened)
        with self.step("verify_qr", "QR read back from the printed page: the whole content"):
            verify_url = self.verify_by_qr(pdf, opened)
        with self.step("judge", "file judged as `constancia verify` does: ours and untouched"):
            self.judge(pdf)
        return {
            "code": code,
            "status": status["state"],
            "pdf": str(pdf),
            "verify_url": verify_url,
            "mail_to": body["contact"]["email"],
            "steps_ms": self.steps_ms,
        }

    @contextmanager
    def step(self, name: str, done: str) -> Iterator[None]:
        """Time a step and tell when it holds."""
        start = time.perf_counter()
        yield
        self.steps_ms[name] = round((time.perf_counter() - start) * 1000)
        self.tell(f"  ok  {done} ({self.steps_ms[name]} ms)")

    def terms_version(self) -> str:
        """The version of the terms in force, which the person reads and accepts."""
        version: str = self.read(f"{self.site_url}/api/v1/terms")["version"]
        return version

    def request(self, body: dict[str, Any]) -> str:
        """Ask for the certificate; gives the address of the request."""
        answer = self.post("/api/v1/requests", body)
        if answer.status != 202:
            raise DemoError(f"POST /api/v1/requests answered {answer.status}: {_problem(answer)}")
        return urljoin(f"{self.site_url}/", answer.headers["Location"])

    def until_issued(self, location: str) -> dict[str, Any]:
        """Ask for the request's state until it is issued."""
        for _ in _patiently():
            status: dict[str, Any] = self.read(location)
            if status["state"] == "ISSUED":
                return status
        raise DemoError(f"not issued within {PATIENCE_SECONDS:.0f} s")

    def mailed_code(self, address: str, issued: str) -> str:
        """The code as the mail has it, or as it was issued where no program reads the mails."""
        if self.outbox_url is None:
            self.tell(f"  --  a mail with the code {issued} is on its way to {address}: look yourself")
            return issued
        with self.step("mail", "mail with the code read from the outbox"):
            return self.code_from_mail(address, issued)

    def code_from_mail(self, address: str, issued: str) -> str:
        """Read the code from the mail as its reader would, and hold it against the issued one."""
        for _ in _patiently():
            mails = self.read(f"{self.outbox_url}/outbox.json")
            texts = [mail["text"] for mail in mails if address in mail["to"]]
            codes: list[str] = re.findall(r"\b(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}\b", "\n".join(texts))
            if codes:
                same = (code for code in codes if code.replace("-", "") == issued.replace("-", ""))
                return _expect(next(same, None), "the mail carries another code than the one issued")
        raise DemoError(f"no mail within {PATIENCE_SECONDS:.0f} s")

    def verify_by_code(self, code: str) -> None:
        """Anyone who was given the code alone."""
        answer = self.validate({"code": code})
        _expect("***" in answer["name"], "the code alone shows the whole name")
        _expect(answer.get("content") is None, "the code alone shows the content")

    def verify_by_document(self, code: str, document: dict[str, str]) -> dict[str, Any]:
        """Anyone who was given code and document."""
        answer = self.validate({"code": code, "document": document})
        _expect(answer.get("content"), "code and document do not show the content")
        return answer

    def download(self, opened: dict[str, Any]) -> Path:
        """Follow the download link and hold the file against its stored digest."""
        redirect = self.get(urljoin(f"{self.site_url}/", opened["download"]["url"]), redirect=False)
        _expect(redirect.status == 303, f"the download answered {redirect.status}")
        pdf = self.get(redirect.headers["Location"]).data
        _expect(pdf.startswith(b"%PDF-"), "what was downloaded is no PDF")
        _expect(
            hashlib.sha256(pdf).hexdigest() == opened["download"]["sha256"],
            "the file's digest is not the stored one",
        )
        self.out.mkdir(parents=True, exist_ok=True)
        path = self.out / f"{opened['code']}.pdf"
        path.write_bytes(pdf)
        return path

    def verify_by_qr(self, pdf: Path, opened: dict[str, Any]) -> str:
        """Scan the first page as a phone would and open what the QR says."""
        verify_url = read_qr(pdf)
        _expect(verify_url.startswith(f"{self.site_url}/validate/"), "the QR points elsewhere")
        page = self.get(verify_url)
        _expect(page.status == 200, f"the QR's page answered {page.status}")
        token = parse_qs(urlsplit(verify_url).query)["t"][0]
        answer = self.validate({"code": opened["code"], "token": token})
        _expect(answer.get("content") == opened["content"], "QR and document show different contents")
        return verify_url

    def judge(self, pdf: Path) -> None:
        """Judge the file as whoever receives it would, and the same file with a byte more."""
        from infra.verify.findings import ExitCode  # noqa: PLC0415 - what judges is heavy
        from infra.verify.judge import judge  # noqa: PLC0415
        from infra.verify.site import Site  # noqa: PLC0415
        from infra.verify.trust import Trust  # noqa: PLC0415

        trust = Trust(Site.at(self.site_url))
        judgement = judge(pdf.read_bytes(), trust)
        _expect(judgement.exit_code == ExitCode.UNTOUCHED_AND_STANDS, judgement.headline)
        altered = judge(pdf.read_bytes() + b"\n", trust)
        _expect(altered.exit_code == ExitCode.ALTERED, "a byte after the end of the file goes unnoticed")

    def validate(self, question: dict[str, Any]) -> dict[str, Any]:
        """Ask for a verdict, which must be 'authentic'."""
        answer = self.post("/api/v1/validations", question)
        _expect(answer.status == 200, f"POST /api/v1/validations answered {answer.status}")
        verdict: dict[str, Any] = answer.json()
        _expect(verdict["verdict"] == "authentic", f"the verdict is {verdict['verdict']}")
        return verdict

    def read(self, url: str) -> Any:
        """The JSON at an address; anything else there is no site or outbox of ours."""
        answer = self.get(url)
        _expect(answer.status == 200, f"{url} answered {answer.status}: is the address right?")
        try:
            return answer.json()
        except ValueError:
            raise DemoError(f"{url} does not answer with JSON: is the address right?") from None

    def get(self, url: str, redirect: bool = True) -> urllib3.BaseHTTPResponse:
        """A GET of any address."""
        return self.http.request("GET", url, redirect=redirect)

    def post(self, path: str, body: dict[str, Any]) -> urllib3.BaseHTTPResponse:
        """A POST of JSON to the site."""
        return self.http.request("POST", self.site_url + path, json=body)


def read_qr(pdf: Path | bytes, dpi: int = 150) -> str:
    """Read the QR on a PDF's first page from its raster; the PDF is a file or its bytes.

    Raises:
        DemoError: there is no readable QR.
    """
    import pypdfium2  # noqa: PLC0415 - both are heavy, and wanted here alone
    import zxingcpp  # noqa: PLC0415

    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=dpi / 72).to_pil()
    finally:
        document.close()
    codes = zxingcpp.read_barcodes(image)
    return _expect(next((code.text for code in codes), None), "no QR can be read from the first page")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `constancia demo`."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the PDF")
    parser.add_argument("--person", default="adult", metavar="NAME", help="who asks; see `constancia people`")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--endpoint", metavar="URL", help="a running site, instead of a platform of its own")
    parser.add_argument("--outbox", metavar="URL", help="the outbox of its mails, if it has one")
    parser.add_argument("--mail-to", metavar="ADDRESS", help="who gets the mail, where mails are really sent")


def run(arguments: argparse.Namespace) -> int:
    """Run the demo; 0 when every step held, 1 when one did not, 2 for wrong input."""
    from infra.registries.scenarios import scenario  # noqa: PLC0415 - the other commands need no people

    try:
        person = scenario(arguments.person, today_in_lima())
    except KeyError:
        return _refuse(f"--person {arguments.person}: there is no such person; see `constancia people`")
    if person.expected != "ISSUED":
        return _refuse(f"--person {person.name}: ends as {person.expected}, not issued")
    if arguments.endpoint is None and (arguments.outbox or arguments.mail_to):
        return _refuse("--outbox and --mail-to are for a running site: name it with --endpoint")
    try:
        with _addresses(arguments) as (site_url, outbox_url):
            _tell(f"{person.title}, on {site_url}")
            summary = Demo(site_url, outbox_url, person, arguments.out, _tell, arguments.mail_to).run()
    except (DemoError, urllib3.exceptions.HTTPError, OSError) as failure:
        print(f"  --  {failure}", file=sys.stderr)
        return 1
    _tell(f"  the certificate: {summary['pdf']}")
    if arguments.json:
        _tell(json.dumps(summary, ensure_ascii=False))
    return 0


def _refuse(why: str) -> int:
    print(f"constancia demo: {why}", file=sys.stderr)
    return 2


def outbox_at(address: str) -> str:
    """The outbox's base address, from that or from the one of its page, which `make run` prints."""
    return address.rstrip("/").removesuffix("/outbox")


@contextmanager
def _addresses(arguments: argparse.Namespace) -> Iterator[tuple[str, str | None]]:
    if arguments.endpoint is not None:
        outbox = outbox_at(arguments.outbox) if arguments.outbox else None
        yield arguments.endpoint.rstrip("/"), outbox
        return
    from infra.local.platform import LocalPlatform  # noqa: PLC0415 - not needed against a deployed stack

    with LocalPlatform.start() as platform:
        yield platform.site_url, platform.outbox_url


def _tell(line: str) -> None:
    print(line, flush=True)


def _patiently() -> Iterator[None]:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        yield
        time.sleep(POLL_SECONDS)


def _expect[Value](value: Value | None, otherwise: str) -> Value:
    if not value:
        raise DemoError(otherwise)
    return value


def _problem(answer: urllib3.BaseHTTPResponse) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return "no problem document"
    return json.dumps(problem, ensure_ascii=False)

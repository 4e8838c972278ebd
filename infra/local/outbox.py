"""The outbox: what the functions sent by mail, for people to read and for machines at `/outbox.json`.

moto keeps only one form of a mail that has HTML and text. So the calls to SES are taken down on their way to
moto, whole, once it accepted them.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from constancia.domain.seal import DEMO_NOTICE, DEMO_TITLE
from infra.local.dead_letters import DeadLetter

_PAGES = Path(__file__).with_name("outbox_pages")
_SEND_PATH = "/v2/email/outbound-emails"  # of SES v2, SendEmail


@dataclass(frozen=True)
class SentMail:
    """A mail that SES accepted."""

    id: str
    number: int
    sent_at: str
    sender: str
    to: list[str]
    subject: str
    text: str
    html: str
    configuration_set: str | None


class Outbox:
    """The mails sent, oldest first."""

    def __init__(self) -> None:
        self._mails: list[SentMail] = []
        self._lock = Lock()

    @property
    def mails(self) -> list[SentMail]:
        """All mails so far."""
        with self._lock:
            return list(self._mails)

    def add(self, request: dict[str, Any], message_id: str) -> None:
        """Take down a call to SendEmail that was accepted."""
        subject, text, html = _parts(request["Content"])
        with self._lock:
            self._mails.append(
                SentMail(
                    id=message_id,
                    number=len(self._mails) + 1,
                    sent_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    sender=request.get("FromEmailAddress", ""),
                    to=[
                        address
                        for addresses in request.get("Destination", {}).values()
                        for address in addresses
                    ],
                    subject=subject,
                    text=text,
                    html=html,
                    configuration_set=request.get("ConfigurationSetName"),
                )
            )


def _parts(content: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail in SES's simple or raw form."""
    if "Simple" in content:
        body = content["Simple"]["Body"]
        return (
            content["Simple"]["Subject"]["Data"],
            body.get("Text", {}).get("Data", ""),
            body.get("Html", {}).get("Data", ""),
        )
    message = message_from_bytes(base64.b64decode(content["Raw"]["Data"]), policy=policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return (
        str(message["Subject"] or ""),
        text.get_content() if text else "",
        html.get_content() if html else "",
    )


def recording(application: WSGIApplication, outbox: Outbox) -> WSGIApplication:
    """Put the outbox between callers and moto."""

    def recorder(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != _SEND_PATH or environ["REQUEST_METHOD"] != "POST":
            return application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        statuses: list[str] = []

        def started(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            statuses.append(status)
            return start_response(status, headers, exc_info)

        answer = b"".join(application(environ, started))
        if statuses[-1].startswith("200"):
            outbox.add(json.loads(body), json.loads(answer)["MessageId"])
        return [answer]

    return recorder


def pages(outbox: Outbox, dead_letters: Callable[[], list[DeadLetter]]) -> WSGIApplication:
    """The outbox's pages: `/outbox`, `/outbox/1`, `/outbox/1/html` and `/outbox.json`.

    Below the mails stands what was given up, so that whoever runs the platform sees why no mail came.
    """
    templates = Environment(loader=FileSystemLoader(_PAGES), autoescape=True)
    templates.filters["linked"] = _linked
    # The local platform is always one: it has no other chain than the demo authority's.
    templates.globals.update(demo_title=DEMO_TITLE, demo_notice=DEMO_NOTICE)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        mails = outbox.mails
        path = environ["PATH_INFO"].rstrip("/")
        found = re.fullmatch(r"/outbox/(\d{1,9})(/html)?", path)
        mail = mails[int(found[1]) - 1] if found and 0 < int(found[1]) <= len(mails) else None
        status, kind, policy_ = "200 OK", "text/html; charset=utf-8", _PAGE_POLICY
        if path == "/outbox.json":
            kind, body = "application/json", json.dumps([asdict(sent) for sent in mails], ensure_ascii=False)
        elif path in {"", "/outbox"}:
            body = templates.get_template("list.html").render(mails=mails, dead_letters=dead_letters())
        elif mail and found and found[2]:
            policy_, body = _MAIL_POLICY, mail.html
        elif mail:
            body = templates.get_template("mail.html").render(mail=mail)
        else:
            status, body = "404 Not Found", templates.get_template("nothing.html").render()
        content = body.encode()
        start_response(
            status,
            [
                ("Content-Type", kind),
                ("Content-Length", str(len(content))),
                ("Cache-Control", "no-store"),
                ("Content-Security-Policy", policy_),
                ("Referrer-Policy", "no-referrer"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [content]

    return application


_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
# A mail's own HTML runs no scripts, loads nothing, and can't reach the page around it.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"


def _linked(text: str) -> Markup:
    """Escaped text in which web addresses can be followed."""
    parts = re.split(r"(https?://[^\s<>\"']+)", text)
    return Markup("").join(
        Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(part)
        if number % 2
        else escape(part)
        for number, part in enumerate(parts)
    )

"""All scenario people through the real handlers, verified in every way, and all that was written."""

import contextlib
import http.client
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest
from lxml.html import document_fromstring
from moto import mock_aws

from constancia.domain import links
from constancia.domain.verification import Verdict
from constancia.domain.virtual_code import new_virtual_code
from infra.local.clients import ClientFactory
from infra.local.provision import provision
from infra.local.template import REGION, read_template
from infra.registries import cast
from infra.registries.cast import Scenario
from infra.registries.people import today_in_lima
from infra.registries.sandbox import sandbox
from infra.registries.scenarios import scenarios
from infra.seal.demo_ca import DemoRoot
from infra.seal.stack import SealedStack
from tests.architecture.every_path import EveryPath, every_path
from tests.builders import OTHER_TOKEN, TERMS
from tests.conftest import TEMPLATE, Aws
from tests.integration.render.function import Context
from tests.privacy.facts import Fact, Needles, add_facts
from tests.privacy.places import Place, Written
from tests.unit.request.visitor import Visitor
from tests.unit.request.world import Answer
from tests.unit.web.events import event, form_event, json_event

PLACES_OF_ITEMS: Final = {
    "CERT": Place.CERTIFICATE,
    "SAME": Place.POINTER,
    "IDEM": Place.POINTER,
    "HOLDER": Place.POINTER,
    "SHA256": Place.POINTER,
    "NUMBER": Place.COUNT,
    "ATTEMPTS": Place.COUNT,
    "GUESSES": Place.COUNT,
    "TODAY": Place.COUNT,
    "breaker": Place.COUNT,
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate, and what opens it."""

    owner: str
    request_id: str
    code: str
    token: str
    number: str


@dataclass
class Walk:
    """What was done, and all that was written."""

    paths: EveryPath
    log: io.StringIO
    needles: Needles = field(default_factory=Needles)
    written: list[Written] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    """By scenario: its state or refusal."""
    answered: int = 0
    _noted: set[tuple[Place, str | bytes, str | None]] = field(default_factory=set)

    # ------------------------------------------------------------------ people

    def asks(self, number: int, scenario: Scenario) -> Issued | None:
        """One scenario from request to answer, with a contact, a reason and a source address of its own."""
        name = scenario.name
        body = scenario.application(TERMS)
        body["contact"] = {"email": f"{name}@correo.example", "phone": f"9876{number:05d}"}
        body["reason"] = {"code": "OTHER", "detail": f"motivo{number:04d} confidencial"}
        key, source = f"key-of-{name}-{number:016d}", f"198.51.100.{number}"
        add_facts(self.needles, scenario, body)
        self.needles.add(Fact.KEY, name, key)
        self.needles.add(Fact.SOURCE, name, source)
        asked = json_event("POST", "/api/v1/requests", body, {"Idempotency-Key": key})
        answer = self.tells(name, asked, source)
        if answer["statusCode"] != 202:
            self.outcomes[name] = json.loads(answer["body"])["code"]
            self.note(Place.REFUSAL, name, answer["body"], name)
            return None
        request_id = json.loads(answer["body"])["id"]
        item = self.item(f"REQ#{request_id}")
        code, token = item["code"]["S"], item["qr_token"]["S"]
        for fact, value in ((Fact.REQUEST, request_id), (Fact.CODE, code), (Fact.TOKEN, token)):
            self.needles.add(fact, name, value)
        self.note(Place.PROGRESS, f"{name}, accepted", answer["body"], name)
        self.note(Place.WAITING, name, _plain(item), name)
        self.follows(name, request_id, source)
        assert self.paths.draws(self.paths.messages()) == []
        self.outcomes[name] = self.follows(name, request_id, source)
        if self.outcomes[name] != "ISSUED":
            self.note(Place.WAITING, f"{name}, held", _plain(self.item(f"REQ#{request_id}")), name)
            return None
        return Issued(name, request_id, code, token, scenario.student.number)

    def follows(self, name: str, request_id: str, source: str) -> str:
        """Look at a request, by page and API."""
        page, answer = (
            self.tells(name, event("GET", path), source)["body"]
            for path in (f"/request/{request_id}", f"/api/v1/requests/{request_id}")
        )
        self.note(Place.PROGRESS, f"{name}, page", page, name)
        self.note(Place.PROGRESS, f"{name}, API", answer, name)
        state: str = json.loads(answer)["state"]
        return state

    def asks_by_page(self, contact: str = "por.pagina@correo.example") -> str:
        """The first scenario again, by the six steps; the id of the request.

        What a page shows to whoever typed it is not searched; its addresses and cookies are.
        """
        body = scenarios(today_in_lima())[0].application(TERMS)["student"]
        fields = {
            "for": "SELF",
            "student.document.type": "DNI",
            "student.document.number": body["document"]["number"],
            "student.father.given_names": body["father"]["given_names"],
            "student.mother.given_names": body["mother"]["given_names"],
            "student.domicile.ubigeo": cast.WANCHAQ,
            "level": "SECUNDARIA",
            "contact.email": contact,
            "contact.phone": "",
            "reason.code": "SCHOLARSHIP",
            "reason.detail": "",
            "terms.accepted": "on",
        }
        self.needles.add(Fact.EMAIL, "adult", contact)
        answer = Visitor(self).walk(fields)  # type: ignore[arg-type]
        assert answer.status == 303, answer.body
        request_id = answer.headers["Location"].rpartition("/")[2]
        item = self.item(f"REQ#{request_id}")
        for fact, name in ((Fact.REQUEST, "pk"), (Fact.CODE, "code"), (Fact.TOKEN, "qr_token")):
            self.needles.add(fact, "adult", item[name]["S"].removeprefix("REQ#"))
        return request_id

    def call(self, sent: dict[str, Any]) -> Answer:
        """What a visitor's browser sends."""
        answer = self.tells("adult", sent, "198.51.100.200")
        headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        return Answer(int(answer["statusCode"]), headers, answer["body"], answer["multiValueHeaders"])

    def is_verified(self, one: Issued) -> None:
        """In every way there is."""
        file = f"/api/v1/certificates/{one.code}/pdf"
        opened = self.verifies(one, Place.OPENED, _by_api(one.code, document=one.number))
        download = json.loads(opened["body"])["download"]
        grant, sha256 = download["url"].partition("?g=")[2], download["sha256"]
        for place, call, status in (
            (Place.VERDICT, _by_api(one.code), 200),
            (Place.VERDICT, _by_api(one.code, document="00000009"), 200),
            (Place.VERDICT, _by_api(one.code, token=OTHER_TOKEN), 200),
            (Place.VERDICT, _by_api(new_virtual_code(), document=one.number), 200),
            (Place.OPENED, _by_api(one.code, token=one.token), 200),
            (Place.VERDICT, event("GET", f"/validate/{one.code}"), 200),
            (Place.OPENED, event("GET", f"/validate/{one.code}", query={"t": one.token}), 200),
            (Place.OPENED, event("HEAD", f"/validate/{one.code}", query={"t": one.token}), 200),
            (Place.VERDICT, event("GET", f"/validate/{one.code}", query={"t": OTHER_TOKEN}), 200),
            (Place.VERDICT, form_event("/validate", {"code": one.code}), 200),
            (Place.OPENED, form_event("/validate", {"code": one.code, "document": one.number}), 200),
            (Place.VERDICT, json_event("POST", "/api/v1/files", {"sha256": sha256}), 200),
            (Place.VERDICT, form_event("/validate/file", {"sha256": sha256}), 200),
            (Place.VERDICT, event("GET", file, query={"g": grant}), 303),
            (Place.VERDICT, event("GET", file, query={"t": one.token}), 303),
            (Place.REFUSAL, event("GET", file, query={"g": "1." + "0" * 32}), 404),
            (Place.REFUSAL, event("GET", file, query={"t": OTHER_TOKEN}), 404),
            (Place.REFUSAL, event("GET", file, query={"t": one.token + "%"}), 404),
        ):
            answer = self.verifies(one, place, call)
            assert answer["statusCode"] in {status, 422}, (call["path"], answer)

    def verifies(self, one: Issued, place: Place, call: dict[str, Any]) -> dict[str, Any]:
        """One question to validate."""
        answer = self.paths.verifies(call)
        self.takes(one.owner, answer)
        if place is Place.OPENED and call["httpMethod"] != "HEAD":
            assert one.number in answer["body"], call
        where = f"{one.owner}, {call['httpMethod']} {call['resource'][:16]}"
        self.note(place, where, answer["body"], one.owner)
        return answer

    def fails(self, scenario: Scenario, patch: pytest.MonkeyPatch) -> None:
        """Everything that may go wrong on the way says what it was about, and nobody writes it down."""

        def quoting(*_: object, **__: object) -> None:
            body = scenario.application(TERMS)
            raise ValueError(f"can't go on with {body} for {scenario.name}@correo.example")

        asked = json_event("POST", "/api/v1/requests", scenario.application(TERMS))
        with patch.context() as broken:
            broken.setattr("request.intake.decide", quoting)
            answer = self.tells(scenario.name, asked, "198.51.100.250")
            assert answer["statusCode"] == 500
            self.note(Place.REFUSAL, "request broke", answer["body"], scenario.name)
        with patch.context() as broken:
            broken.setattr("validate.services.verify", quoting)
            answer = self.paths.verifies(_by_api(new_virtual_code()))
            assert answer["statusCode"] == 500
            self.note(Place.REFUSAL, "validate broke", answer["body"], scenario.name)
        self.paths.forgets("SAME#")
        self.paths.forgets("TODAY#")
        assert self.tells(scenario.name, asked, "198.51.100.251")["statusCode"] == 202
        with patch.context() as broken:
            broken.setattr("render.pipeline.verification_url", quoting)
            assert len(self.paths.draws(self.paths.messages())) == 1

    # ------------------------------------------------------------------ what is written

    def note(self, place: Place, where: str, data: str | bytes, owner: str | None = None) -> None:
        """Keep it, unless the very same stood in such a place before."""
        if (place, data, owner) not in self._noted:
            self._noted.add((place, data, owner))
            self.written.append(Written(place, where, data, owner))

    def tells(self, owner: str, call: dict[str, Any], source: str) -> dict[str, Any]:
        """Ask request, from an address."""
        call["requestContext"]["identity"]["sourceIp"] = source
        with self.paths.calls.of("RequestFunction"):
            answer: dict[str, Any] = self.paths.deployed.request.handler(call, _context())
        self.takes(owner, answer)
        return answer

    def takes(self, owner: str, answer: dict[str, Any]) -> None:
        """Addresses and cookies of an answer."""
        self.answered += 1
        for name, values in answer["multiValueHeaders"].items():
            for value in values:
                place = Place.COOKIE if name == "Set-Cookie" else Place.LINK
                self.note(place, f"{owner}, {name}", value, owner)
        for link in _links_in(answer):
            self.note(Place.LINK, f"{owner}, link", link, owner)

    def item(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.paths.table.get_item(
            TableName=self.paths.aws.ref("Table"), Key={"pk": {"S": key}}
        )["Item"]
        return found

    def gathers_what_is_kept(self) -> None:
        """Every item of every table, every file, every message and mail, the log and the metrics."""
        for item in _scan(self.paths, "Table"):
            kind = item["pk"]["S"].partition("#")[0]
            place = PLACES_OF_ITEMS.get(kind) or (Place.MAILED if _is_mailed(item) else Place.WAITING)
            self.note(place, kind, _plain(item))
            if "expires_at" not in item and kind != "NUMBER":
                self.note(Place.FOR_GOOD, kind, _plain(item))
        for item in _scan(self.paths, "Audit"):
            self.note(Place.AUDIT, item["act"]["S"], _plain(item))
        self._files()
        for calls in self.paths.calls.made.values():
            for service, operation, params in calls:
                self._call(service, operation, params)
        self._log()

    def _files(self) -> None:
        s3, bucket = self.paths.aws.client("s3"), self.paths.aws.ref("Bucket")
        for version in s3.list_object_versions(Bucket=bucket)["Versions"]:
            key = version["Key"]
            found = s3.get_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])
            pdf = found.pop("Body").read()
            tags = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
            about = {name: value for name, value in found.items() if name not in {"LastModified", "ETag"}}
            self.note(Place.OBJECT, "file", json.dumps([key, about, tags], default=str))
            text, data = read_file(pdf)
            self.note(Place.FILE_TEXT, "file", text)
            self.note(Place.FILE_DATA, "file", data)

    def _call(self, service: str, operation: str, params: Any) -> None:
        if operation == "SendMessage":
            dead = params["QueueUrl"] == self.paths.aws.ref("RenderDeadLetters")
            self.note(Place.DEAD_LETTER if dead else Place.MESSAGE, "message", json.dumps(dict(params)))
        elif operation == "SendEmail":
            mail = dict(params)
            self.note(Place.MAIL_ADDRESS, "mail", json.dumps(mail.pop("Destination")))
            self.note(Place.MAIL, "mail", json.dumps(mail))
            for body in mail["Content"]["Simple"]["Body"].values():
                for link in _links_in({"body": body["Data"], "multiValueHeaders": {}}):
                    self.note(Place.LINK, "link of a mail", link)
        elif operation == "PutObject":
            about = {name: str(value) for name, value in params.items() if name != "Body"}
            self.note(Place.OBJECT, "put", json.dumps(about))

    def _log(self) -> None:
        for line in self.log.getvalue().splitlines():
            self.note(Place.METRIC if '"_aws"' in line else Place.LOG, "line", line)


def read_file(pdf: bytes) -> tuple[str, bytes]:
    """What a file says: the text of its pages with all its metadata, and its attachments."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    with pikepdf.open(io.BytesIO(pdf)) as file:
        texts += [f"{name} {value}" for name, value in file.docinfo.items()]
        if "/Metadata" in file.Root:
            texts.append(file.Root.Metadata.read_bytes().decode())
        attached = [part.get_file().read_bytes() for part in file.attachments.values()]
        # Also what is drawn for nobody's eyes: texts read aloud, names of fields.
        for thing in file.objects:
            if isinstance(thing, pikepdf.Dictionary):
                texts += [
                    str(thing[name])
                    for name in ("/ActualText", "/Alt", "/E", "/T", "/TU", "/Contents")
                    if isinstance(thing.get(name), pikepdf.String) and thing.get("/Type") != "/Sig"
                ]
    return "\n".join(texts), b"\n".join(attached)


@contextlib.contextmanager
def walking(clients: ClientFactory, root: DemoRoot, patch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """The platform at log level DEBUG, whose every word is heard; nobody has come yet."""
    log = io.StringIO()
    heard = logging.StreamHandler(log)
    template = read_template(TEMPLATE, {"LogLevel": "DEBUG"})
    # Schools stand elsewhere than people live, so that a school's district is told from a domicile.
    patch.setattr(cast, "LINCE", "150122")
    with mock_aws(), sandbox(people=0, slow_seconds=0.1) as registries:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("AWS_REGION", REGION)
        stack = provision(template, clients)
        sealed = SealedStack.of(stack, clients)
        sealed.install(root.issue(sealed.public_key(), datetime.now(UTC)))
        with every_path(Aws(stack, clients), registries, patch, failures=1000) as paths:
            walk = Walk(paths, log)
            modules = (paths.deployed.request, paths.deployed.render, paths.validate)
            for module in modules:
                module.logger.registered_handler.setStream(log)
            # Lambda's own handler of whatever libraries log, at the level that Lambda sets.
            logging.getLogger().addHandler(heard)
            _listen_to_registries(walk, registries, patch)
            _listen_to_the_qr(walk, patch)
            try:
                with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
                    yield walk
            finally:
                logging.getLogger().removeHandler(heard)


def everybody(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    """Let everybody come."""
    people = scenarios(today_in_lima())
    issued: list[Issued] = []
    for number, scenario in enumerate(people, start=1):
        if one := walk.asks(number, scenario):
            issued.append(one)
    for one in issued:
        walk.is_verified(one)
    # The first one again, so that one certificate is superseded.
    walk.paths.forgets("SAME#")
    again = walk.asks(len(people) + 1, people[0])
    assert again is not None
    walk.verifies(issued[0], Place.VERDICT, _by_api(issued[0].code))
    assert json.loads(walk.paths.verifies(_by_api(issued[0].code))["body"])["verdict"] == Verdict.REPLACED
    walk.paths.forgets("SAME#")
    walk.asks_by_page()
    assert walk.paths.draws(walk.paths.messages()) == []
    walk.fails(people[1], patch)
    walk.gathers_what_is_kept()


def _listen_to_registries(walk: Walk, base: str, patch: pytest.MonkeyPatch) -> None:
    """Addresses and bodies of every call to a registry, as they go over the wire."""
    host = base.partition("://")[2]
    port = int(host.rpartition(":")[2])
    putrequest = http.client.HTTPConnection.putrequest
    transmit = http.client.HTTPConnection.send

    def noting_request(
        self: http.client.HTTPConnection, method: str, url: str, *given: Any, **named: Any
    ) -> Any:
        if self.port == port:
            walk.note(Place.LINK, f"registry, {method}", url)
        return putrequest(self, method, url, *given, **named)

    def noting_bytes(self: http.client.HTTPConnection, data: Any) -> Any:
        if self.port == port and isinstance(data, bytes):
            walk.note(Place.REGISTRY, "sent", data)
        return transmit(self, data)

    patch.setattr(http.client.HTTPConnection, "putrequest", noting_request)
    patch.setattr(http.client.HTTPConnection, "send", noting_bytes)


def _listen_to_the_qr(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    make = links.verification_url

    def noting(*given: Any) -> str:
        url = make(*given)
        walk.note(Place.QR, "drawn", url)
        return url

    patch.setattr("render.pipeline.verification_url", noting)


def _links_in(answer: dict[str, Any]) -> Iterator[str]:
    """Every address in a page, an API's answer or a mail."""
    body = answer["body"] or ""
    if body.lstrip().startswith("<"):
        page: Any = document_fromstring(body)
        yield from (link for _, _, link, _ in page.iterlinks())
        for found in page.xpath("//@formaction | //@*[starts-with(name(), 'data-')] | //meta/@content"):
            yield str(found)
    else:
        yield from (word for word in body.split('"') if word.startswith(("/", "http")))
        yield from (word for word in body.split() if word.startswith("http"))


def _by_api(code: str, **proof: str) -> dict[str, Any]:
    return json_event("POST", "/api/v1/validations", {"code": code, **proof})


def _context() -> Any:
    return Context()


def _scan(paths: EveryPath, table: str) -> Iterator[dict[str, Any]]:
    for page in paths.table.get_paginator("scan").paginate(TableName=paths.aws.ref(table)):
        yield from page["Items"]


def _is_mailed(item: dict[str, Any]) -> bool:
    state: str = item["mail"]["S"]
    return state != "PENDING"


def _plain(item: dict[str, Any]) -> str:
    """An item as text; bytes in hexadecimal, which the search reads."""
    return json.dumps(
        {
            name: value.hex() if isinstance(value, bytes) else str(value)
            for name, typed in item.items()
            for value in typed.values()
        }
    )

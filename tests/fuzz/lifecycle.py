"""One platform over time: people ask, render draws, mails and sweeps, operators annul and move messages back.

`Lifecycle` does what hypothesis chooses, against the deployed handlers; `Model` says what must have become
of it. Messages are lost, come twice and come late; time runs in leaps; what is due is asked after every step.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final

import requests
import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from constancia.adapters import secrets
from constancia.adapters.store import MAILABLE, DynamoCertificateStore
from constancia.adapters.table import unmarshal
from constancia.domain.virtual_code import VirtualCode
from infra.local.template import ACCOUNT, REGION
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from render.document import OversizeError
from render.sweep import LONG_ENOUGH
from tests.builders import OPERATOR, TERMS, WRONG_DATA
from tests.deployed import Reply, context, record
from tests.fuzz.site import Site
from tests.trail import a_trail
from tests.unit.web.events import event, json_event

KEPT: Final = timedelta(days=7)
SAME: Final = timedelta(minutes=10)
KEY_KEPT: Final = timedelta(days=1)
HELD: Final = timedelta(days=14)
LAST_MOMENT: Final = timedelta(minutes=1)
PEOPLE: Final = ("adult", "adult", "adult", "minor-mother", "unprintable-area")
UNPRINTABLE: Final = "unprintable-area"
REFUSED: Final = "refused@correo.example"
"""The mail service will never deliver to this address."""
ADDRESSES: Final = ("first@correo.example", "second@correo.example", REFUSED)
KEYS: Final = (None, None, "first-key-of-a-program", "second-key-of-a-program")
# No sum of few of them comes near one of the terms above.
LEAPS: Final = tuple(timedelta(seconds=seconds) for seconds in (70, 420, 10_813, 93_607, 691_217, 1_296_011))


@dataclass
class Asked:
    """A request as it must be."""

    id: str
    person: str
    email: str
    at: datetime
    expires_at: datetime
    code: str = ""
    number: str = ""
    state: str = "PENDING"
    mail: str = "PENDING"
    held: bool = False
    digest: str = ""


@dataclass
class Model:
    """What must have become of everything."""

    asked: dict[str, Asked] = field(default_factory=dict)
    current: dict[str, Asked] = field(default_factory=dict)
    """By person (each asks for one level): the latest that was drawn."""
    same: dict[tuple[str, str], tuple[Asked, datetime]] = field(default_factory=dict)
    keys: dict[str, tuple[tuple[str, str], Asked, datetime]] = field(default_factory=dict)

    def answer_to(self, person: str, email: str, key: str | None, now: datetime) -> Asked | str | None:
        """An earlier request, a refusal, or nothing: a new request."""
        if key and key in self.keys:
            content, earlier, until = self.keys[key]
            if now < until:
                return earlier if content == (person, email) else "idempotency_key_reused"
        if (person, email) in self.same:
            earlier, until = self.same[person, email]
            stands = (
                earlier.state in {"PENDING", "ISSUED"} and not earlier.held and earlier.mail != "REJECTED"
            )
            if now < until and now < earlier.expires_at and stands:
                return earlier
        return None

    def rendered(self, one: Asked, now: datetime, *, broken: bool) -> None:
        """A message came."""
        if now >= one.expires_at:
            return
        if one.state == "PENDING":
            if one.expires_at - now < LAST_MOMENT:
                return
            if broken or one.person == UNPRINTABLE:
                if not one.held:
                    one.held, one.expires_at = True, max(one.expires_at, now + HELD)
                return
            self._issued(one)
            one.expires_at = max(one.expires_at, now + MAILABLE)
        if one.mail == "PENDING":
            one.mail = "REJECTED" if one.email == REFUSED else "SENT"

    def swept(self, now: datetime) -> None:
        """The schedule came: what was sent in vain for a day is held."""
        for one in self.asked.values():
            vain = now - one.at >= LONG_ENOUGH and now < one.expires_at
            if one.state == "PENDING" and vain and not one.held:
                one.held, one.expires_at = True, max(one.expires_at, now + HELD)

    def _issued(self, one: Asked) -> None:
        one.held = False
        latest = self.current.get(one.person)
        if latest and (latest.number, latest.at) > (one.number, one.at):
            one.state = "SUPERSEDED"
            return
        one.state = "ISSUED"
        if latest and latest.state == "ISSUED":
            latest.state = "SUPERSEDED"
        self.current[one.person] = one


VERDICTS: Final = {
    "PENDING": "unknown",
    "ISSUED": "authentic",
    "SUPERSEDED": "replaced",
    "ANNULLED": "annulled",
}


class Lifecycle(RuleBasedStateMachine):
    """The platform, and what must be true of it."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site, self.deployed = site, site.deployed
        self.model = Model()
        self.broken = False
        self.asked_about: dict[str, tuple[object, ...]] = {}
        """How each request stood when it was last asked about."""
        self.start = self.now = datetime.now(UTC).replace(microsecond=0)
        _emptied(site)

    def teardown(self) -> None:
        """Nothing stays as it is for ever: what is mended is finished by the sweep alone; nobody looks."""
        try:
            self.asked_about.clear()
            self.each_request_says_what_became_of_it()
            self._everything_ends()
        finally:
            super().teardown()

    # ---------------------------------------------------------------- what happens

    @rule(person=st.sampled_from(PEOPLE), email=st.sampled_from(ADDRESSES), key=st.sampled_from(KEYS))
    def somebody_asks(self, person: str, email: str, key: str | None) -> None:
        """By the API, maybe with a key, maybe once more."""
        body = scenario(person, today_in_lima()).application(TERMS)
        body["contact"] = {"email": email, "phone": "900000001"}
        expected = self.model.answer_to(person, email, key, self.now)
        headers = {"Idempotency-Key": key} if key else {}
        with self._its_time():
            reply = self.deployed.send(json_event("POST", "/api/v1/requests", body, headers))
        if isinstance(expected, str):
            assert (reply.status, reply.json["code"]) == (422, expected)
            return
        assert reply.status == 202, reply.body
        request_id = reply.json["id"]
        if expected is None:
            assert request_id not in self.model.asked
            expected = self._accepted(request_id, person, email)
        assert request_id == expected.id
        if key and not (key in self.model.keys and self.now < self.model.keys[key][2]):
            self.model.keys[key] = ((person, email), expected, self.now + KEY_KEPT)

    @rule(person=st.sampled_from(PEOPLE), email=st.sampled_from(ADDRESSES))
    def somebody_asks_and_is_served(self, person: str, email: str) -> None:
        """As it goes nearly always: whoever asked for the same lately has it already."""
        self.somebody_asks(person, email, None)
        self._deliver(10, twice=False, acknowledged=True)

    @rule(twice=st.booleans(), acknowledged=st.booleans(), most=st.sampled_from([1, 10]))
    def messages_come(self, twice: bool, acknowledged: bool, most: int) -> None:
        """To render, in whatever order SQS likes; and come again where their end was not told."""
        self._deliver(most, twice=twice, acknowledged=acknowledged)

    @rule()
    def messages_are_lost(self) -> None:
        """All that wait, but those of operators: what was held has no messenger but its dead letter."""
        queue = _queue(self.site, "RenderQueue")
        queue._messages = [message for message in queue._messages if self._is_held(message)]

    @rule()
    def the_schedule_comes(self) -> None:
        """And sweeps."""
        self._sweep()

    @rule(leap=st.sampled_from(LEAPS))
    def time_passes(self, leap: timedelta) -> None:
        """A minute, or a fortnight."""
        self.now += leap

    @rule()
    def what_expired_is_taken_away(self) -> None:
        """By DynamoDB, days later or at once."""
        table: Any = dynamodb_backends[ACCOUNT][REGION].tables[self.deployed.aws.ref("Table")]
        now = self.now.timestamp()
        for key, item in list(table.items.items()):
            expires_at = item.attrs.get("expires_at")
            if expires_at is not None and float(expires_at.value) <= now:
                del table.items[key]

    @rule(broken=st.booleans())
    def drawing_breaks_or_is_mended(self, broken: bool) -> None:
        """Something in it fits no page."""
        self.broken = broken

    @precondition(lambda self: any(one.state == "ISSUED" for one in self.model.asked.values()))
    @rule(data=st.data())
    def a_certificate_is_annulled(self, data: st.DataObject) -> None:
        """By operators."""
        issued = [one for one in self.model.asked.values() if one.state == "ISSUED"]
        one = data.draw(st.sampled_from(issued))
        assert self.store.annul(VirtualCode(one.code), WRONG_DATA, OPERATOR)
        assert not self.store.annul(VirtualCode(one.code), WRONG_DATA, OPERATOR)
        one.state = "ANNULLED"

    @rule()
    def dead_letters_are_moved_back(self) -> None:
        """As SQS's redrive does it: the message as it is."""
        self._redrive()

    # ---------------------------------------------------------------- what must hold

    @invariant()
    def each_request_says_what_became_of_it(self) -> None:
        """On its page, and so do verification and download; asked after each change, of all at the end."""
        with self._its_time():
            for one in self.model.asked.values():
                expired = self.now >= one.expires_at
                stands = (one.state, one.mail, one.held, expired)
                if self.asked_about.get(one.id) == stands:
                    continue
                self.asked_about[one.id] = stands
                reply = self.deployed.get(f"/api/v1/requests/{one.id}")
                if expired:
                    assert reply.status == 404
                else:
                    state = "HELD" if one.held else one.state
                    told = reply.json
                    assert (told["state"], told["mail"]) == (state, one.mail), one
                    assert told["code"] == (None if state in {"PENDING", "HELD"} else one.code)
                    assert ("pdf" in told["links"]) == (state == "ISSUED")
                self._verified(one)

    @invariant()
    def what_is_written_is_as_it_must_be(self) -> None:
        """One certificate at most that stands, numbers of their own, contact data for as long as needed."""
        items = {item["pk"]: item for item in map(unmarshal, self.deployed.items())}
        certificates = [item for pk, item in items.items() if pk.startswith("CERT#")]
        issued = [item["holder_key"] for item in certificates if item["certificate_state"] == "ISSUED"]
        assert len(issued) == len(set(issued))
        numbers = [item["number"] for item in certificates]
        assert len(numbers) == len(set(numbers))
        for one in self.model.asked.values():
            written = items.get(f"CERT#{one.code}")
            # What was issued is there for good.
            assert written or one.state == "PENDING"
            assert not written or written["certificate_state"] == one.state
        for pk, item in items.items():
            if pk.startswith("REQ#") and item["mail"] != "PENDING":
                assert not {"email", "phone"} & item.keys()
            if not pk.startswith("REQ#"):
                assert not any(address in str(item) for address in ADDRESSES)

    def _verified(self, one: Asked) -> None:
        gone = one.state == "PENDING" and self.now >= one.expires_at
        document = scenario(one.person, today_in_lima()).application(TERMS)["student"]["document"]
        alone = self._validate({"code": one.code})
        opened = self._validate({"code": one.code, "document": document})
        assert alone["verdict"] == opened["verdict"] == ("unknown" if gone else VERDICTS[one.state])
        assert (opened["download"] is not None) == (one.state == "ISSUED")
        if one.state in {"ISSUED", "SUPERSEDED"}:
            one.digest = one.digest or opened["sha256"]
            assert opened["sha256"] == one.digest
            assert opened["number"] == one.number
        if one.state == "ISSUED":
            path, _, grant = opened["download"]["url"].partition("?g=")
            link = self._validator(event("GET", path, query={"g": grant}))
            assert link.status == 303
            file = requests.get(link.headers["Location"], timeout=10).content
            assert hashlib.sha256(file).hexdigest() == one.digest
        elif one.digest:
            path = f"/api/v1/certificates/{one.code}/pdf"
            # A grant of before: whoever kept it gets nothing more.
            assert self._validator(event("GET", path, query={"g": "1.0"})).status in {404, 410}

    def _everything_ends(self) -> None:
        self.broken = False
        self.messages_are_lost()
        for _ in range(16):  # an hour and more: the older a request the more seldom it is sent
            self.now += timedelta(minutes=5)
            self._sweep()
            self._redrive()
            while self._deliver(10, twice=False, acknowledged=True):
                pass
            if not self._waiting():
                break
        with self._its_time():
            for one in self.model.asked.values():
                stored = self.store.request(one.id)  # type: ignore[arg-type]
                if stored is None:
                    assert self.now >= one.expires_at - LAST_MOMENT
                    continue
                assert (
                    stored.held_for or stored.mail != "PENDING" or stored.expires_at - self.now < LAST_MOMENT
                )
                assert bool(stored.held_for) == (one.person == UNPRINTABLE), (
                    one,
                    stored.state,
                    stored.held_for,
                )

    # ---------------------------------------------------------------- the platform

    @cached_property
    def store(self) -> DynamoCertificateStore:
        """What operators change."""
        aws = self.deployed.aws
        return DynamoCertificateStore(
            aws.client("dynamodb"), aws.ref("Table"), lambda: datetime.now(UTC), a_trail(aws)
        )

    @contextmanager
    def _its_time(self) -> Iterator[None]:
        with time_machine.travel(self.now, tick=True):
            yield

    def _accepted(self, request_id: str, person: str, email: str) -> Asked:
        with self._its_time():
            stored = self.store.request(request_id)  # type: ignore[arg-type]
            assert stored is not None
            certificate = self.store.certificate(stored.code)
        assert certificate is not None
        # The later of two numbers belongs to the later request.
        assert certificate.number > max((one.number for one in self.model.asked.values()), default="")
        one = Asked(
            request_id,
            person,
            email,
            certificate.issued_at,
            certificate.issued_at + KEPT,
            certificate.code,
            certificate.number,
        )
        self.model.asked[request_id] = one
        self.model.same[person, email] = (one, certificate.issued_at + SAME)
        return one

    def _deliver(self, most: int, *, twice: bool, acknowledged: bool) -> int:
        sqs, url = self.deployed.aws.client("sqs"), self.deployed.aws.ref("RenderQueue")
        with self._its_time():
            received = sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=most,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            ).get("Messages", [])
            for _ in range(2 if twice else 1):
                if received:
                    self._render(received)
            if acknowledged:
                for message in received:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return len(received)

    def _render(self, messages: list[dict[str, Any]]) -> None:
        self.site.breaks = OversizeError("too tall") if self.broken else None
        outcome = self.deployed.render.handler(
            {"Records": [record(message) for message in messages]}, context("render")
        )
        assert outcome == {"batchItemFailures": []}
        for message in messages:
            asked = self.model.asked.get(json.loads(message["Body"])["request_id"])
            if asked:
                self.model.rendered(asked, self.now, broken=self.broken)

    def _is_held(self, message: Any) -> bool:
        asked = self.model.asked.get(json.loads(message.body)["request_id"])
        return asked is not None and asked.held

    def _sweep(self) -> None:
        with self._its_time():
            self.deployed.render.handler({"id": "sweep", "source": "aws.events"}, context("render"))
        self.model.swept(self.now)

    def _waiting(self) -> bool:
        with self._its_time():
            return any(self.store.pending_since(self.now + timedelta(days=1)))

    def _redrive(self) -> None:
        sqs, dead = self.deployed.aws.client("sqs"), self.deployed.aws.ref("RenderDeadLetters")
        with self._its_time():
            while messages := sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages", []):
                for message in messages:
                    sqs.send_message(
                        QueueUrl=self.deployed.aws.ref("RenderQueue"), MessageBody=message["Body"]
                    )
                    sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])

    def _validate(self, body: dict[str, Any]) -> Any:
        reply = self._validator(json_event("POST", "/api/v1/validations", body))
        assert reply.status == 200, reply.body
        return reply.json

    def _validator(self, sent: dict[str, Any]) -> Reply:
        answer = self.site.validate.handler(sent, context("validate"))
        return Reply.of(answer)


def _emptied(site: Site) -> None:
    """Nobody has asked yet."""
    aws = site.deployed.aws
    dynamodb_backends[ACCOUNT][REGION].tables[aws.ref("Table")].items.clear()
    s3_backends[ACCOUNT]["aws"].buckets[aws.ref("Bucket")].keys.clear()
    ses_backends[ACCOUNT][REGION].sent_messages.clear()
    for name in ("RenderQueue", "RenderDeadLetters"):
        queue = _queue(site, name)
        queue._messages, queue._pending_messages = [], set()
    secrets._provider.cache_clear()


def _queue(site: Site, name: str) -> Any:
    """A queue as moto keeps it."""
    return sqs_backends[ACCOUNT][REGION].queues[site.deployed.aws.ref(name).rpartition("/")[2]]

"""Nothing that is asked tells more than it should: equal answers, after equal calls, in equal time."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import StringIO
from typing import Any, Final

import msgspec
import pytest
import urllib3

from constancia.adapters import aws as clients
from constancia.adapters.store import DynamoCertificateStore
from constancia.domain.access import grant_download
from constancia.domain.certificate import Certificate, CertificateState, LockedCertificate, hash_of_token
from constancia.domain.virtual_code import VirtualCode
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from tests.abuse.timing import differences
from tests.abuse.validating import Validate
from tests.abuse.wire import NOTHING, Wire, answer_of, wired
from tests.builders import (
    ADULT_DNI,
    CODE,
    NOW,
    OTHER_TOKEN,
    STUDENT_DNI,
    TERMS,
    TOKEN,
    a_certificate,
    a_content,
    a_level_record,
    a_result,
    a_school_year,
)
from tests.deployed import Deployed, Reply
from tests.unit.web.events import event, form_event, json_event
from validate.settings import Settings

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
FILE: Final = f"/api/v1/certificates/{CODE}/pdf"


def of_years(years: int, state: CertificateState = ISSUED, **changes: Any) -> Certificate:
    """A certificate of so many school years, with twelve marks each, that packs as a real one does."""
    taken = []
    for number in range(years):
        areas = (sha256(f"{number} {area}".encode()).hexdigest()[:12] for area in range(12))
        results = tuple(a_result(area, "15") for area in areas)
        taken.append(replace(a_school_year(2013 + number, str(number + 1)), results=results))
    return a_certificate(state, content=a_content(levels=(a_level_record(years=tuple(taken)),)), **changes)


FORGED_GRANT: Final = grant_download(replace(a_certificate(), token_hash=hash_of_token(OTHER_TOKEN)), NOW)
ASKED: Final[dict[str, dict[str, Any]]] = {
    "document": json_event("POST", "/api/v1/validations", {"code": CODE, "document": ADULT_DNI.number}),
    "token": json_event("POST", "/api/v1/validations", {"code": CODE, "token": OTHER_TOKEN}),
    "page by document": form_event("/validate", {"code": CODE, "document": ADULT_DNI.number}),
    "page by QR": event("GET", f"/validate/{CODE}", query={"t": OTHER_TOKEN}),
    "file by token": event("GET", FILE, query={"t": OTHER_TOKEN}),
    "file by grant": event("GET", FILE, query={"g": FORGED_GRANT}),
}
"""Each with a proof that is not the certificate's."""
SETTINGS: Final = Settings(
    table_name="table",
    audit_table="audit",
    audit_years=5,
    audit_unknown_days=90,
    seal_demo=False,
    bucket_name="bucket",
    emblem="sun-and-book",
    seal_chain="chain",
    person_hash_secret="arn",
    guesses_per_code=10,
    guesses_per_address=200,
    guess_minutes=60,
)
FOUND: Final[dict[str, bytes]] = {
    "one year": answer_of(of_years(1)),
    "eleven years": answer_of(of_years(11)),
    "replaced": answer_of(of_years(5, SUPERSEDED)),
    "annulled": answer_of(of_years(5, ANNULLED)),
    "not issued yet": answer_of(of_years(5, PENDING)),
}
"""What lies under the code; against nothing at all."""


@dataclass
class OverWire:
    """Validate at the end of a wire, which finds what it is told to."""

    function: Validate
    wire: Wire

    def answer(self, call: dict[str, Any], item: bytes = NOTHING) -> dict[str, Any]:
        self.wire.item = item
        return self.function.answer(call)

    @property
    def log(self) -> StringIO:
        return self.function.log


@pytest.fixture
def validate(monkeypatch: pytest.MonkeyPatch) -> Iterator[OverWire]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    clients.dynamodb.cache_clear()
    with wired(clients.dynamodb()) as wire:
        yield OverWire(Validate(SETTINGS), wire)
    clients.dynamodb.cache_clear()


# ---------------------------------------------------------------------- what validate tells


@pytest.mark.parametrize("name", ASKED)
def test_what_a_proof_does_not_open_is_answered_and_asked_for_as_what_is_not_there(
    validate: OverWire, name: str
) -> None:
    unknown = validate.answer(ASKED[name])
    calls, log = list(validate.wire.calls), _without_time(validate.log)

    for kind, item in FOUND.items():
        validate.wire.calls.clear()
        validate.log.truncate(validate.log.seek(0))
        assert validate.answer(ASKED[name], item) == unknown, kind
        assert _without_time(validate.log) == log, kind
        assert _without_moments(validate.wire.calls) == _without_moments(calls), kind

    counted = ["UpdateItem", "UpdateItem"] if "document" in name else []
    assert [operation for operation, _ in calls] == [*counted, "GetItem", "PutItem"]


@pytest.mark.parametrize(
    "proof", [{"document": STUDENT_DNI.number}, {"token": TOKEN}], ids=["document", "token"]
)
def test_a_certificate_that_is_not_issued_yet_is_as_none_even_to_its_holder(
    validate: OverWire, proof: dict[str, str]
) -> None:
    call = json_event("POST", "/api/v1/validations", {"code": CODE, **proof})
    unknown, calls = validate.answer(call), list(validate.wire.calls)
    validate.wire.calls.clear()

    assert validate.answer(call, answer_of(of_years(5, PENDING))) == unknown
    assert _without_moments(validate.wire.calls) == _without_moments(calls)


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
def test_what_a_proof_does_not_open_takes_as_long_as_what_is_not_there(validate: OverWire, name: str) -> None:
    def asked(item: bytes) -> Callable[[], object]:
        return lambda: validate.answer(ASKED[name], item)

    kinds = {kind: asked(FOUND[kind]) for kind in ("one year", "eleven years", "not issued yet")}

    assert differences(asked(NOTHING), {"nothing again": asked(NOTHING), **kinds}) == []


@pytest.mark.slow
def test_the_measure_sees_a_store_that_unpacks_what_is_there(
    validate: OverWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was before: what is there was parsed and unpacked, what is not was neither (docs/adr/0138)."""

    def unpacking(self: DynamoCertificateStore, code: VirtualCode) -> LockedCertificate | None:
        certificate = self.certificate(code)
        return LockedCertificate.of(certificate) if certificate else None

    def asked(item: bytes) -> Callable[[], object]:
        return lambda: validate.answer(ASKED["token"], item)

    monkeypatch.setattr(DynamoCertificateStore, "locked", unpacking)

    seen = differences(asked(NOTHING), {"eleven years": asked(FOUND["eleven years"])})

    assert [one.kind for one in seen] == ["eleven years"]


# ---------------------------------------------------------------------- what request tells


@contextmanager
def outside_calls(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Every operation of AWS and every exchange with a registry; registries are asked at once, in any order.

    But not the reads of the breakers' state, which is the same for everybody and read anew every few seconds.
    """
    seen: Counter[str] = Counter()
    urlopen = urllib3.PoolManager.urlopen

    def exchange(self: urllib3.PoolManager, method: str, url: str, *given: Any, **named: Any) -> Any:
        seen[f"{method} {url.partition('://')[2].partition('/')[2]}"] += 1
        return urlopen(self, method, url, *given, **named)

    def operation(model: Any, params: dict[str, Any], **_: Any) -> None:
        if b'"breaker#' not in params["body"]:
            seen[model.name] += 1

    used = (clients.dynamodb(), clients.sqs(), clients.secrets_manager())
    for client in used:
        client.meta.events.register("before-call", operation)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(urllib3.PoolManager, "urlopen", exchange)
            yield seen
    finally:
        for client in used:
            client.meta.events.unregister("before-call", operation)


def body_of(name: str, **changes: Any) -> dict[str, Any]:
    return scenario(name, today_in_lima()).application(TERMS) | changes


def declared(name: str, who: str = "student", **changes: Any) -> dict[str, Any]:
    """A scenario's application in which one person is declared otherwise."""
    body = body_of(name)
    return body | {who: body[who] | changes}


WRONG_MOTHER: Final[dict[str, Any]] = {"mother": {"given_names": "Nadie Quien"}}
UNKNOWN: Final[dict[str, Any]] = {"document": {"type": "DNI", "number": "00009999"}}
STRANGERS: Final = {
    "in person": {
        "nobody has the document": declared("adult", **UNKNOWN),
        "another father": declared("adult", father={"given_names": "Nadie Quien"}),
        "another mother": declared("adult", **WRONG_MOTHER),
        "a mother who is registered, denied": declared("adult", mother={"not_registered": True}),
        "another domicile": declared("adult", domicile={"ubigeo": "150101"}),
        "nothing right": declared("adult", father={"given_names": "A"}, **WRONG_MOTHER),
        "never enrolled, another mother": declared("never-enrolled", **WRONG_MOTHER),
        "enrolled before 2013, another mother": declared("before-2013", **WRONG_MOTHER),
        "a level not studied, another mother": declared("adult", **WRONG_MOTHER) | {"level": "INICIAL"},
        "acta under review, another mother": declared("acta-under-review", **WRONG_MOTHER),
        "too young, another mother": declared("fifteen-alone", **WRONG_MOTHER),
    },
    "for another": {
        "nobody has the student's document": declared("minor-mother", **UNKNOWN),
        "nobody has the applicant's document": declared("minor-mother", "applicant", **UNKNOWN),
        "another mother of the student": declared("minor-mother", **WRONG_MOTHER),
        "another mother of the applicant": declared("minor-mother", "applicant", **WRONG_MOTHER),
        "no kin, and another mother of the student": declared("wrong-kinship", **WRONG_MOTHER),
        "the student died, another mother": declared("student-deceased", **WRONG_MOTHER),
        "the applicant died, another mother of the student": declared("applicant-deceased", **WRONG_MOTHER),
        "grown up, another mother": declared("adult-asked-by-parent", **WRONG_MOTHER),
    },
    "a foreigner": {
        "nobody has the carnet": declared("foreign-adult", document={"type": "CE", "number": "999999999"}),
        "another name": declared("foreign-adult", given_names="Nadie Quien"),
        "another surname": declared("foreign-adult", paternal_surname="Nadie"),
        "another birth date": declared("foreign-adult", birth_date="1990-01-01"),
    },
}


@pytest.mark.parametrize("way", STRANGERS)
def test_whoever_is_not_shown_to_be_somebody_learns_nothing_of_them(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for person in ("sixteen", "foreign-adult"):  # secrets are read once for all
        deployed.post(body_of(person))
    told: dict[str, tuple[Reply, Counter[str]]] = {}
    for kind, body in STRANGERS[way].items():
        _forget_attempts(deployed)
        with outside_calls(deployed, monkeypatch) as seen:
            told[kind] = deployed.post(body), seen

    answer, calls = next(iter(told.values()))
    assert (answer.status, answer.json["code"]) == (422, "identity_mismatch")
    for kind, (other, asked) in told.items():
        assert other == answer, kind
        assert asked == calls, kind
    assert calls["UpdateItem"] == (3 if way == "for another" else 2)


def test_a_lock_out_tells_nothing_of_whose_number_it_is(deployed: Deployed) -> None:
    told = []
    for body in (declared("adult", **WRONG_MOTHER), declared("adult", **UNKNOWN)):
        _forget_attempts(deployed)
        told.append([deployed.post(body).body for _ in range(6)])

    assert told[0] == told[1]
    assert "too_many_attempts" in told[0][-1]


@pytest.mark.parametrize("path", ["/api/v1/requests/{}", "/request/{}"])
def test_a_request_that_is_not_there_is_told_as_what_is_no_id(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    real = deployed.post(body_of("adult")).json["id"]
    almost = real[:-1] + ("0" if real[-1] != "0" else "1")

    unknown = deployed.get(path.format("0" * 32))

    assert unknown.status == 404
    for wrong in (almost, real.upper(), real[:-1], real + "0", "zz", "9" * 500):
        answer = deployed.get(path.format(wrong))
        assert (answer.status, answer.headers) == (404, unknown.headers)
        assert answer.body.replace(f"/{wrong}", "/" + "0" * 32) == unknown.body
    for wrong in ("0" * 32, almost):
        with outside_calls(deployed, monkeypatch) as seen:
            deployed.get(path.format(wrong))
        assert seen == {"GetItem": 1}


def test_who_guesses_anothers_idempotency_key_gets_neither_the_request_nor_a_word_of_it(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"Idempotency-Key": "5b3a1f0e-2f3f-4a7e-9a57-0d5f1f2f3f4f"}
    request_id = deployed.post(body_of("adult"), key).json["id"]
    told = []
    for body in (declared("adult", **WRONG_MOTHER), body_of("sixteen"), declared("adult", **UNKNOWN)):
        with outside_calls(deployed, monkeypatch) as seen:
            told.append((deployed.post(body, key), seen))

    assert [reply.json["code"] for reply, _ in told] == ["idempotency_key_reused"] * 3
    assert all(one == told[0] for one in told)
    assert told[0][1] == {"GetItem": 1}
    assert request_id not in told[0][0].body


def _forget_attempts(deployed: Deployed) -> None:
    for item in deployed.items():
        if item["pk"]["S"].startswith("ATTEMPTS#"):
            deployed.aws.client("dynamodb").delete_item(
                TableName=deployed.aws.ref("Table"), Key={"pk": item["pk"]}
            )


def _without_time(log: StringIO) -> list[dict[str, Any]]:
    lines = [msgspec.json.decode(line) for line in log.getvalue().splitlines()]
    return [{key: line[key] for key in line if key != "timestamp"} for line in lines]


def _without_moments(calls: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """The counts' windows begin when they begin. Of an entry of the audit trail, its moment and its end.

    The end is sooner where there is no certificate, and as long in writing.
    """
    moments = ("moment", "expires_at")

    def without(call: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in call.items() if key != "ExpressionAttributeValues"}
        if "Item" in rest:
            item = rest["Item"]
            assert [len(str(item[name])) for name in moments] == [66, 19]
            rest["Item"] = {key: value for key, value in item.items() if key not in moments}
        return rest

    return [(operation, without(call)) for operation, call in calls]

"""Whoever comes to a certificate stands in the audit trail before anything is answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from constancia.domain.access import grant_download
from constancia.domain.audit import Act, Role, source_of
from constancia.domain.certificate import CertificateState
from tests.builders import (
    ADULT_DNI,
    CODE,
    FILE_SHA256,
    NOW,
    OTHER_CODE,
    OTHER_TOKEN,
    STUDENT_DNI,
    TOKEN,
    a_certificate,
)
from tests.fakes import InMemoryTrail, a_hasher
from tests.unit.validate.site import Site
from tests.unit.web.events import event, form_event, json_event

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
FILE = f"/api/v1/certificates/{CODE}/pdf"
GRANT = grant_download(a_certificate(), NOW)
STALE = grant_download(a_certificate(), NOW - timedelta(hours=1))


def by_api(**proof: str) -> dict[str, Any]:
    return json_event("POST", "/api/v1/validations", {"code": CODE, **proof})


ASKED: dict[str, tuple[dict[str, Any], tuple[Act, Role, str]]] = {
    "code": (by_api(), (Act.VERIFY, Role.PUBLIC, "authentic")),
    "document": (by_api(document=STUDENT_DNI.number), (Act.OPEN, Role.DOCUMENT, "authentic")),
    "wrong document": (by_api(document=ADULT_DNI.number), (Act.OPEN, Role.DOCUMENT, "unknown")),
    "token": (by_api(token=TOKEN), (Act.OPEN, Role.TOKEN, "authentic")),
    "wrong token": (by_api(token=OTHER_TOKEN), (Act.OPEN, Role.TOKEN, "unknown")),
    "page by code": (event("GET", f"/validate/{CODE}"), (Act.VERIFY, Role.PUBLIC, "authentic")),
    "page by QR": (
        event("GET", f"/validate/{CODE}", query={"t": TOKEN}),
        (Act.OPEN, Role.TOKEN, "authentic"),
    ),
    "a look before the page": (
        event("HEAD", f"/validate/{CODE}", query={"t": TOKEN}),
        (Act.OPEN, Role.TOKEN, "authentic"),
    ),
    "form": (
        form_event("/validate", {"code": CODE, "document": STUDENT_DNI.number}),
        (Act.OPEN, Role.DOCUMENT, "authentic"),
    ),
    "file by API": (
        json_event("POST", "/api/v1/files", {"sha256": FILE_SHA256}),
        (Act.CHECK_FILE, Role.FILE, "authentic"),
    ),
    "file by page": (
        form_event("/validate/file", {"sha256": FILE_SHA256}),
        (Act.CHECK_FILE, Role.FILE, "authentic"),
    ),
    "download by grant": (event("GET", FILE, query={"g": GRANT}), (Act.DOWNLOAD, Role.GRANT, "given")),
    "download by token": (event("GET", FILE, query={"t": TOKEN}), (Act.DOWNLOAD, Role.TOKEN, "given")),
    "download too late": (event("GET", FILE, query={"g": STALE}), (Act.DOWNLOAD, Role.GRANT, "not_entitled")),
    "download by a forged grant": (
        event("GET", FILE, query={"g": "1.ff"}),
        (Act.DOWNLOAD, Role.GRANT, "certificate_not_found"),
    ),
}


@pytest.mark.parametrize(("call", "told"), ASKED.values(), ids=ASKED)
def test_every_way_to_a_certificate_leaves_one_entry(
    call: dict[str, Any], told: tuple[Act, Role, str]
) -> None:
    site = Site((a_certificate(),))

    site.answer(call)

    (entry,) = site.trail.entries
    assert (entry.act, entry.role, entry.outcome) == told
    assert (entry.code, entry.at, entry.known) == (CODE, NOW, True)
    assert entry.source == source_of(a_hasher(), call["requestContext"]["identity"]["sourceIp"], NOW)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(PENDING, "unknown"), (ISSUED, "authentic"), (SUPERSEDED, "replaced"), (ANNULLED, "annulled")],
)
def test_an_entry_says_how_the_certificate_stood(state: CertificateState, outcome: str) -> None:
    site = Site((a_certificate(state),))

    site.answer(by_api(token=TOKEN))

    assert site.trail.told() == [(Act.OPEN, Role.TOKEN, outcome)]
    assert site.trail.entries[0].known


@pytest.mark.parametrize("name", [name for name in ASKED if not name.startswith("file")])
def test_a_code_that_is_no_certificates_leaves_an_entry_that_says_so(name: str) -> None:
    site = Site((a_certificate(code=OTHER_CODE),))

    site.answer(ASKED[name][0])

    (entry,) = site.trail.entries
    assert (entry.code, entry.known) == (CODE, False)
    assert entry.outcome in {"unknown", "certificate_not_found"}


@pytest.mark.parametrize(
    "call",
    [
        json_event("POST", "/api/v1/files", {"sha256": "00" * 32}),
        by_api(document="x"),
        json_event("POST", "/api/v1/validations", {"code": "99S0-QR6Y-D40A"}),
        event("GET", "/api/v1/certificates/99S0QR6YD40A/pdf", query={"t": TOKEN}),
        event("GET", "/validate"),
        event("GET", "/api/v1/seal.pem"),
    ],
    ids=lambda call: call["path"],
)
def test_what_is_no_way_to_a_certificate_leaves_none(call: dict[str, Any]) -> None:
    site = Site((a_certificate(),), seal_chain="-----")

    site.answer(call)

    assert site.trail.entries == []


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_given_whose_entry_can_not_be_written(name: str) -> None:
    call, _ = ASKED[name]
    site = Site((a_certificate(),), trail=InMemoryTrail(broken=True))

    answer = site.answer(call)

    assert answer["statusCode"] == 500
    assert site.files.asked == []
    assert "Location" not in answer["multiValueHeaders"]
    for told in ("QUISPE", "A*** L***", "authentic", "auténtica", FILE_SHA256, "2026-00001234"):
        assert told not in answer["body"]
    if call["httpMethod"] != "HEAD":
        assert "Vuelva a intentar en unos minutos" in answer["body"]


@pytest.mark.parametrize("name", ["code", "document", "token", "download by token"])
def test_while_the_trail_is_out_of_reach_nobody_learns_whether_there_is_a_certificate(name: str) -> None:
    def answer(*codes: Any) -> dict[str, Any]:
        site = Site(tuple(a_certificate(code=code) for code in codes), trail=InMemoryTrail(broken=True))
        return site.answer(ASKED[name][0])

    assert answer(CODE) == answer(OTHER_CODE) == answer()


def test_a_guess_that_could_not_be_recorded_is_not_counted_and_told_nothing() -> None:
    site = Site((a_certificate(),), guesses_per_code=2, trail=InMemoryTrail(broken=True))
    wrong = by_api(document=ADULT_DNI.number)

    assert {site.answer(wrong)["statusCode"] for _ in range(5)} == {500}

    site.trail.broken = False
    assert msgspec.json.decode(site.answer(wrong)["body"])["verdict"] == "unknown"
    assert [entry.outcome for entry in site.trail.entries] == ["unknown"]


def test_a_pause_reads_nothing_and_so_leaves_no_entry() -> None:
    site = Site((a_certificate(),), guesses_per_code=1)
    wrong = by_api(document=ADULT_DNI.number)

    statuses = [site.answer(wrong)["statusCode"] for _ in range(3)]

    assert statuses == [200, 429, 429]
    assert len(site.trail.entries) == site.reads == 1


def test_the_entry_is_written_before_the_file_is_signed_for() -> None:
    site = Site((a_certificate(),))
    order: list[str] = []
    noting(site.trail, "record", order)
    noting(site.files, "download_url", order)

    site.answer(ASKED["download by grant"][0])

    assert order == ["record", "download_url"]


def noting(target: Any, name: str, order: list[str]) -> None:
    """Let a method of an object note that it was called."""
    real: Callable[..., Any] = getattr(target, name)

    def noted(*given: Any) -> Any:
        order.append(name)
        return real(*given)

    setattr(target, name, noted)

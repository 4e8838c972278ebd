from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.certificate import CertificateState
from tests.builders import CODE, FILE_SHA256, NOW, OTHER_CODE, OTHER_TOKEN, STUDENT_DNI, TOKEN, a_certificate
from tests.unit.validate.site import FILE_URL, Site
from tests.unit.web.events import event, json_event

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
PDF = f"/api/v1/certificates/{CODE}/pdf"


def asked(site: Site, body: object, status: int = 200) -> dict[str, Any]:
    answer = site.answer(json_event("POST", "/api/v1/validations", body))
    assert answer["statusCode"] == status, answer["body"]
    read: dict[str, Any] = msgspec.json.decode(answer["body"])
    return read


def fetched(site: Site, query: dict[str, str] | None, path: str = PDF, accept: str = "*/*") -> dict[str, Any]:
    return site.answer(event("GET", path, query=query, headers={"Accept": accept}))


def granted(site: Site) -> dict[str, str]:
    link = asked(site, {"code": CODE, "document": STUDENT_DNI.number})["download"]["url"]
    return dict(parse_qsl(urlsplit(link).query))


def test_the_code_alone_answers_the_verdict_and_a_masked_name() -> None:
    assert asked(Site((a_certificate(),)), {"code": "99s0-qr6y-d40r"}) == {
        "verdict": "authentic",
        "code": "99S0-QR6Y-D40R",
        "checked_at": "2026-11-22T15:30:00Z",
        "demo": False,
        "issued_at": "2026-11-22T15:30:00Z",
        "levels": ["SECUNDARIA"],
        "name": "A*** L*** Q*** Ñ***",
        "number": None,
        "content": None,
        "sha256": None,
        "tables": None,
        "download": None,
        "annulled_for": None,
    }


@pytest.mark.parametrize("reason", AnnulmentReason)
def test_of_what_was_annulled_it_is_told_why(reason: AnnulmentReason) -> None:
    annulled = a_certificate(ANNULLED, annulled_for=reason)

    answer = asked(Site((annulled,)), {"code": CODE})

    assert (answer["verdict"], answer["annulled_for"]) == ("annulled", reason)


@pytest.mark.parametrize("proof", [{"document": "00000001"}, {"token": TOKEN}])
def test_a_proof_opens_content_tables_and_download(proof: dict[str, str]) -> None:
    answer = asked(Site((a_certificate(),)), {"code": CODE} | proof)

    assert answer["name"] == "ANA LUCÍA QUISPE ÑAHUI"
    assert answer["number"] == "2026-00001234"
    assert answer["content"] == msgspec.json.decode(a_certificate().content.to_json())
    assert answer["tables"][0]["columns"][0] == {"grade": "1", "year": 2017, "school": "0123456-0"}
    assert answer["tables"][0]["groups"][0]["rows"][0]["marks"] == ["15", "-", "-", "-", "-"]
    assert answer["sha256"] == answer["download"]["sha256"] == FILE_SHA256
    assert answer["download"]["expires_at"] == "2026-11-22T15:40:00Z"


@pytest.mark.parametrize(
    ("state", "verdict"), [(PENDING, "unknown"), (SUPERSEDED, "replaced"), (ANNULLED, "annulled")]
)
def test_states_show_as_verdicts_without_a_file(state: CertificateState, verdict: str) -> None:
    answer = asked(Site((a_certificate(state),)), {"code": CODE, "token": TOKEN})

    assert (answer["verdict"], answer["download"]) == (verdict, None)


def test_whoever_holds_the_file_of_a_replaced_certificate_can_still_compare_it() -> None:
    answer = asked(Site((a_certificate(SUPERSEDED),)), {"code": CODE, "token": TOKEN})

    assert (answer["sha256"], answer["download"]) == (FILE_SHA256, None)


@pytest.mark.parametrize("body", [{"code": CODE}, {"code": CODE, "token": OTHER_TOKEN}])
def test_the_digest_is_told_to_nobody_without_the_right_proof(body: dict[str, str]) -> None:
    assert asked(Site((a_certificate(SUPERSEDED),)), body)["sha256"] is None
    assert asked(Site((a_certificate(ANNULLED),)), body | {"token": TOKEN})["sha256"] is None


@pytest.mark.parametrize("proof", [{"document": "00000002"}, {"token": OTHER_TOKEN}])
def test_a_wrong_proof_and_an_unknown_code_answer_the_same_bytes(proof: dict[str, str]) -> None:
    known, unknown = Site((a_certificate(),)), Site()
    call = json_event("POST", "/api/v1/validations", {"code": CODE} | proof)

    assert known.answer(call) == unknown.answer(call)
    assert known.reads == unknown.reads == 1
    assert _without_names(known) == _without_names(unknown)


def _without_names(site: Site) -> list[dict[str, Any]]:
    lines = [msgspec.json.decode(line) for line in site.log.getvalue().splitlines()]
    return [{key: line[key] for key in line if key not in {"timestamp", "service"}} for line in lines]


def test_the_link_holds_under_a_stages_prefix() -> None:
    call = json_event("POST", "/api/v1/validations", {"code": CODE, "token": TOKEN})
    call["requestContext"]["path"] = "/prod/api/v1/validations"

    answer = msgspec.json.decode(Site((a_certificate(),)).answer(call)["body"])

    assert answer["download"]["url"].startswith(f"/prod{PDF}?g=")


def test_wrong_fields_are_named_without_a_read() -> None:
    site = Site((a_certificate(),))

    problem = asked(site, {"code": CODE[:-1] + "S", "document": "1", "extra": 1}, 422)

    assert problem["code"] == "invalid_input"
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == {
        "/code": "invalid_check_character",
        "/document": "invalid_format",
        "/extra": "unknown_field",
    }
    assert site.reads == 0


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 400),
        ('{"code": "\\ud800"}', "application/json", 400),
        ('{"code": NaN}', "application/json", 400),
        ("[" * 60_000, "application/json", 400),
        ("x" * 70_000, "application/json", 413),
        ("code=1", "application/x-www-form-urlencoded", 415),
        ("{}", "text/plain", 415),
    ],
)
def test_a_body_that_is_none_is_refused_as_such(body: str, content_type: str, status: int) -> None:
    call = json_event("POST", "/api/v1/validations", body, {"Content-Type": content_type})

    assert Site().answer(call)["statusCode"] == status


def test_a_grant_leads_to_the_file_under_a_speaking_name() -> None:
    site = Site((a_certificate(),))

    answer = fetched(site, granted(site))

    assert answer["statusCode"] == 303
    assert answer["multiValueHeaders"]["Location"] == [FILE_URL]
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    assert answer["multiValueHeaders"]["Referrer-Policy"] == ["no-referrer"]
    assert site.files.asked == [(CODE, FILE_SHA256, "constancia-99S0-QR6Y-D40R.pdf")]


def test_the_qrs_token_leads_to_the_file() -> None:
    assert fetched(Site((a_certificate(),)), {"t": TOKEN})["statusCode"] == 303


def refusal(site: Site, query: dict[str, str] | None, path: str = PDF) -> tuple[int, str]:
    answer = fetched(site, query, path)
    problem = msgspec.json.decode(answer["body"])
    assert not site.files.asked
    return answer["statusCode"], problem["code"]


def test_without_a_right_nothing_is_read() -> None:
    site = Site((a_certificate(),))

    assert refusal(site, None) == (403, "not_entitled")
    assert site.reads == 0


def test_a_grant_expires() -> None:
    site = Site((a_certificate(),))
    query = granted(site)
    site.now = NOW + timedelta(minutes=10)

    assert refusal(site, query) == (403, "not_entitled")


def test_a_grant_does_not_open_another_certificate() -> None:
    site = Site((a_certificate(), a_certificate(code=OTHER_CODE)))

    assert refusal(site, granted(site), PDF.replace(CODE, OTHER_CODE)) == (404, "certificate_not_found")


@pytest.mark.parametrize("query", [{"t": OTHER_TOKEN}, {"g": "9999999999." + "0" * 32}, {"g": "\ud800"}])
def test_a_wrong_right_and_an_unknown_code_are_refused_alike(query: dict[str, str]) -> None:
    assert fetched(Site((a_certificate(),)), query) == fetched(Site(), query)
    assert refusal(Site(), query) == (404, "certificate_not_found")


@pytest.mark.parametrize("state", [SUPERSEDED, ANNULLED])
def test_a_file_that_is_no_longer_valid_is_gone_even_with_an_older_grant(state: CertificateState) -> None:
    site = Site((a_certificate(),))
    query = granted(site)
    site.certificates = (a_certificate(state),)

    assert refusal(site, query) == (410, "no_longer_valid")
    assert refusal(site, {"t": TOKEN}) == (410, "no_longer_valid")


def test_a_person_who_follows_an_old_link_gets_a_page() -> None:
    answer = fetched(Site(), None, accept="text/html,application/xhtml+xml,*/*;q=0.8")

    assert answer["statusCode"] == 403
    assert answer["multiValueHeaders"]["Content-Type"] == ["text/html; charset=utf-8"]
    assert "<h1" in answer["body"]


@pytest.mark.parametrize("code", ["..%2f..%2fetc", "....//", "🦙", "<b>", "%00", "A" * 10_000, "'; DROP"])
def test_path_tricks_find_nothing(code: str) -> None:
    site = Site((a_certificate(),))

    assert fetched(site, {"t": TOKEN}, f"/api/v1/certificates/{code}/pdf")["statusCode"] == 404
    assert site.reads == 0


def test_the_seal_s_certificates_are_everybody_s() -> None:
    site = Site(seal_chain="-----BEGIN CERTIFICATE-----")

    answer = fetched(site, None, "/api/v1/seal.pem")

    assert (answer["statusCode"], answer["body"]) == (200, site.seal_chain)
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    assert headers["Content-Type"] == "application/pem-certificate-chain"
    assert headers["Cache-Control"] == "public, max-age=300"
    assert headers["Content-Disposition"] == 'attachment; filename="sello-constancia.pem"'


@pytest.mark.parametrize(
    ("accept", "kind"), [("*/*", "application/problem+json"), ("text/html", "text/html")]
)
def test_before_there_is_a_chain_that_is_what_is_said(accept: str, kind: str) -> None:
    answer = fetched(Site(), None, "/api/v1/seal.pem", accept)

    assert answer["statusCode"] == 404
    assert answer["multiValueHeaders"]["Content-Type"][0].startswith(kind)
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    assert "seal_chain_not_installed" in answer["body"]


def of_file(site: Site, body: object, status: int = 200) -> dict[str, Any]:
    answer = site.answer(json_event("POST", "/api/v1/files", body))
    assert answer["statusCode"] == status, answer["body"]
    read: dict[str, Any] = msgspec.json.decode(answer["body"])
    return read


@pytest.mark.parametrize(
    ("state", "verdict"), [(ISSUED, "authentic"), (SUPERSEDED, "replaced"), (ANNULLED, "annulled")]
)
def test_a_file_that_was_issued_answers_what_its_code_alone_does(
    state: CertificateState, verdict: str
) -> None:
    assert of_file(Site((a_certificate(state),)), {"sha256": FILE_SHA256.upper()}) == {
        "verdict": verdict,
        "sha256": FILE_SHA256,
        "checked_at": "2026-11-22T15:30:00Z",
        "demo": False,
        "code": "99S0-QR6Y-D40R",
        "issued_at": "2026-11-22T15:30:00Z",
        "levels": ["SECUNDARIA"],
        "name": "A*** L*** Q*** Ñ***",
    }


@pytest.mark.parametrize("state", CertificateState)
def test_a_file_that_was_not_issued_is_unknown(state: CertificateState) -> None:
    answer = of_file(Site((a_certificate(state),)), {"sha256": "ab" * 32})

    assert (answer["verdict"], answer["code"], answer["name"]) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"/sha256": "missing"}),
        ({"sha256": " "}, {"/sha256": "missing"}),
        ({"sha256": 1}, {"/sha256": "wrong_type"}),
        ({"sha256": "0" * 65}, {"/sha256": "too_long"}),
        ({"sha256": "0" * 63}, {"/sha256": "invalid_format"}),
        ({"sha256": "g" * 64}, {"/sha256": "invalid_format"}),
        ({"sha256": FILE_SHA256, "code": CODE}, {"/code": "unknown_field"}),
        ([], {"": "wrong_type"}),
    ],
)
def test_what_is_no_digest_is_named(body: Any, errors: dict[str, str]) -> None:
    problem = of_file(Site(), body, 422)

    assert {error["pointer"]: error["code"] for error in problem["errors"]} == errors

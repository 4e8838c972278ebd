"""Which terms were accepted, and when, is kept with the certificate, whatever becomes of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.clients import ClientFactory
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenario
from infra.seal.demo_ca import DemoRoot
from tests.builders import OPERATOR, TERMS, WRONG_DATA
from tests.privacy.walk import Walk, walking
from tests.unit.web.events import json_event


@pytest.fixture(scope="module")
def walk(aws_clients: ClientFactory, demo_root: DemoRoot) -> Iterator[Walk]:
    with pytest.MonkeyPatch.context() as patch, walking(aws_clients, demo_root, patch) as walk:
        yield walk


def by_api(walk: Walk) -> str:
    body = scenario("adult", today_in_lima()).application(TERMS)
    answer = walk.tells("adult", json_event("POST", "/api/v1/requests", body), "198.51.100.9")
    assert answer["statusCode"] == 202
    return str(json.loads(answer["body"])["id"])


def certificate_of(walk: Walk, request_id: str) -> dict[str, str]:
    code = walk.item(f"REQ#{request_id}")["code"]["S"]
    return {name: next(iter(value.values())) for name, value in walk.item(f"CERT#{code}").items()}


def consent_in(item: dict[str, str]) -> tuple[str, datetime]:
    return item["terms_version"], datetime.fromisoformat(item["terms_accepted_at"])


def test_it_stands_there_from_the_request_on_by_page_and_api_and_when_superseded_and_annulled(
    walk: Walk,
) -> None:
    accepted: dict[str, tuple[str, datetime]] = {}
    for way in (by_api, Walk.asks_by_page, by_api):
        walk.paths.forgets("SAME#")
        before = datetime.now(UTC) - timedelta(seconds=1)
        request_id = way(walk)
        pending = certificate_of(walk, request_id)
        version, at = consent_in(pending)
        assert pending["certificate_state"] == "PENDING"
        assert version == TERMS == walk.paths.aws.environment("RequestFunction")["TERMS_VERSION"]
        assert before <= at <= datetime.now(UTC)
        accepted[request_id] = (version, at)
        walk.paths.draws(walk.paths.messages())

    stored = [certificate_of(walk, request_id) for request_id in accepted]
    assert [one["certificate_state"] for one in stored] == ["SUPERSEDED", "SUPERSEDED", "ISSUED"]
    assert walk.paths.render.store.annul(stored[2]["code"], WRONG_DATA, OPERATOR)  # type: ignore[arg-type]
    for request_id, given in accepted.items():
        kept = certificate_of(walk, request_id)
        assert consent_in(kept) == given
        assert "expires_at" not in kept, "kept as long as the certificate"


@pytest.mark.parametrize(
    "terms",
    [{"accepted": False, "version": TERMS}, {"accepted": True, "version": "2026-11"}, {"version": TERMS}],
    ids=["not accepted", "others", "not said"],
)
def test_without_it_nothing_is_kept(walk: Walk, terms: dict[str, Any]) -> None:
    before = walk.paths.table.scan(TableName=walk.paths.aws.ref("Table"))["Count"]
    body = scenario("sixteen", today_in_lima()).application(TERMS) | {"terms": terms}

    answer = walk.tells("sixteen", json_event("POST", "/api/v1/requests", body), "198.51.100.9")

    assert answer["statusCode"] in {409, 422}
    assert walk.paths.table.scan(TableName=walk.paths.aws.ref("Table"))["Count"] == before

"""Who asks, and who follows a request to its code, stands in the audit trail."""

from dataclasses import replace

import pytest

from constancia.domain.audit import Act, Role, source_of
from constancia.domain.certificate import CertificateState, RequestId
from constancia.domain.failures import FailureReason
from tests.builders import FILE_SHA256, NOW
from tests.fakes import a_hasher
from tests.unit.request.world import World, a_body, an_adult_s_world
from tests.unit.web.events import event, json_event

PAGES = ("/request/{}", "/api/v1/requests/{}")
REQUESTED = (Act.REQUEST, Role.REQUESTER, "accepted")


def asked(world: World) -> RequestId:
    answer = world.call(json_event("POST", "/api/v1/requests", a_body()))
    return RequestId(answer.json["id"])


def issued(world: World) -> RequestId:
    request = world.store.requests[asked(world)]
    world.store.issue(world.store.certificates[request.code], request, FILE_SHA256)
    return request.id


def test_who_asks_for_a_certificate_is_recorded_with_its_acceptance() -> None:
    world = an_adult_s_world()

    request_id = asked(world)

    (entry,) = world.store.trail.entries
    assert (entry.act, entry.role, entry.outcome) == REQUESTED
    assert entry.code == world.store.requests[request_id].code
    assert entry.source == source_of(a_hasher(), "203.0.113.7", NOW)


def test_the_same_request_again_is_no_entry_more() -> None:
    world = an_adult_s_world()

    assert asked(world) == asked(world)

    assert world.store.trail.told() == [REQUESTED]


@pytest.mark.parametrize("page", PAGES)
def test_who_waits_is_shown_nothing_of_the_certificate_and_leaves_no_entry(page: str) -> None:
    world = an_adult_s_world()
    request_id = asked(world)
    world.call(event("GET", page.format(request_id)))
    world.store.hold(request_id, FailureReason.OVERSIZE, world.store.requests[request_id].expires_at)
    world.call(event("GET", page.format(request_id)))

    assert world.store.trail.told() == [REQUESTED, (Act.HOLD, Role.PLATFORM, "oversize")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("state", [CertificateState.ISSUED, CertificateState.SUPERSEDED])
def test_who_is_shown_code_and_file_is_recorded_first(page: str, state: CertificateState) -> None:
    world = an_adult_s_world()
    request_id = issued(world)
    code = world.store.requests[request_id].code
    world.store.certificates[code] = replace(world.store.certificates[code], state=state)

    answer = world.call(event("GET", page.format(request_id)))

    assert answer.status == 200
    assert world.store.trail.told()[-1] == (Act.FOLLOW, Role.REQUESTER, state.lower())
    assert world.store.trail.entries[-1].source == source_of(a_hasher(), "203.0.113.7", NOW)


@pytest.mark.parametrize("page", PAGES)
def test_neither_code_nor_file_is_shown_without_an_entry(page: str) -> None:
    world = an_adult_s_world()
    request_id = issued(world)
    code = world.store.requests[request_id].code
    world.store.trail.broken = True

    answer = world.call(event("GET", page.format(request_id)))

    assert answer.status == 500
    assert "Vuelva a intentar en unos minutos" in answer.body
    assert code not in answer.body.replace("-", "")
    assert "pdf" not in answer.body


@pytest.mark.parametrize("page", PAGES)
def test_who_has_no_request_leaves_no_entry(page: str) -> None:
    world = an_adult_s_world()

    assert world.call(event("GET", page.format("0" * 32))).status == 404
    assert world.store.trail.entries == []

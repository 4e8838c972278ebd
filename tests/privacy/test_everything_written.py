"""Everybody comes, and then all that was written is searched (docs/reliability.md, Personal data)."""

import base64
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from constancia.adapters import audit as audit_adapter
from constancia.adapters import files as files_adapter
from constancia.adapters import queue as queue_adapter
from constancia.adapters import store as store_adapter
from constancia.domain.audit import Entry
from constancia.web import headers
from constancia.web.journal import Journal
from infra.local.clients import ClientFactory
from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenarios
from infra.seal.demo_ca import DemoRoot
from tests.conftest import TEMPLATE
from tests.privacy.facts import Fact
from tests.privacy.places import MAY_STAND, Place, Written, facts_in, findings
from tests.privacy.walk import Walk, everybody, walking

DOCS = TEMPLATE.parent / "docs/reliability.md"


@pytest.fixture(scope="module")
def walk(aws_clients: ClientFactory, demo_root: DemoRoot) -> Walk:
    with pytest.MonkeyPatch.context() as patch, walking(aws_clients, demo_root, patch) as walk:
        everybody(walk, patch)
    return walk


def test_every_scenario_person_came_and_ended_as_the_name_says(walk: Walk) -> None:
    assert walk.outcomes == {one.name: one.expected for one in scenarios(today_in_lima())}
    counts = (len(walk.outcomes), walk.answered, len(walk.written), len(walk.needles))
    print("{} people, {} answers, {} texts, {} facts".format(*counts))


@pytest.mark.parametrize("place", Place, ids=lambda one: one.name)
def test_nothing_stands_where_it_may_not(walk: Walk, place: Place) -> None:
    searched = [one for one in walk.written if one.place is place]

    found = Counter(finding for one in searched for finding in findings(walk.needles, one))

    assert searched, "nothing of the kind was written, so nothing was searched"
    assert found == {}


@pytest.mark.parametrize("place", Place, ids=lambda one: one.name)
def test_what_the_table_lets_stand_does_stand_there(walk: Walk, place: Place) -> None:
    """Or else the search would be blind there, or the table too wide."""
    searched = [one for one in walk.written if one.place is place]

    met = {needle.fact for one in searched for needle in facts_in(walk.needles, one)}

    assert met >= MAY_STAND[place]


def test_every_kind_of_fact_was_searched_for(walk: Walk) -> None:
    assert walk.needles.facts() == set(Fact)


# ---------------------------------------------------------------------- canaries


WRAPPED: dict[str, Callable[[str], str | bytes]] = {
    "plain": lambda fact: json.dumps({"message": fact}, ensure_ascii=False),
    "escaped": lambda fact: json.dumps({"message": fact.upper()}),
    "base 64": lambda fact: base64.urlsafe_b64encode(fact.encode()).decode(),
    "hexadecimal": lambda fact: fact.encode().hex(),
    "packed": lambda fact: gzip.compress(fact.encode()),
}


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("place", Place, ids=lambda one: one.name)
def test_a_fact_that_is_planted_in_a_place_is_found(
    walk: Walk, place: Place, wrap: Callable[[str], str | bytes]
) -> None:
    """One of each kind that may not stand there, as it is spelt in a registry or by a person."""
    for fact in set(Fact) - MAY_STAND[place]:
        needle = walk.needles.one_of(fact)
        planted = Written(place, "canary", wrap(needle.words.strip()), needle.owner)

        assert any(str(fact) in finding for finding in findings(walk.needles, planted)), fact


def test_what_is_somebody_elses_is_found_where_ones_own_may_stand(walk: Walk) -> None:
    for place in (Place.OPENED, Place.PROGRESS):
        for fact in MAY_STAND[place] & {Fact.HOLDER_DOCUMENT, Fact.CODE, Fact.REQUEST}:
            needle = walk.needles.one_of(fact)
            own = Written(place, "canary", needle.words, needle.owner)
            others = replace(own, owner="somebody else")

            assert findings(walk.needles, own) == []
            assert len(findings(walk.needles, others)) == 1


@pytest.fixture(scope="module")
def leaking(aws_clients: ClientFactory, demo_root: DemoRoot) -> Walk:
    """The functions with a leak in each of the lines that write somewhere; two people come."""
    with pytest.MonkeyPatch.context() as patch, walking(aws_clients, demo_root, patch) as walk:
        _leak(patch)
        for number, scenario in enumerate(scenarios(today_in_lima())[:2], start=1):
            one = walk.asks(number, scenario)
            assert one is not None
            walk.is_verified(one)
        walk.fails(scenarios(today_in_lima())[1], patch)
        walk.gathers_what_is_kept()
    return walk


MOTHER, EMAIL = "Rosa María", "adult@correo.example"
LEAKS = {
    Place.LOG: Fact.PARENT,
    Place.METRIC: Fact.PARENT,
    Place.CERTIFICATE: Fact.PARENT,
    Place.MAILED: Fact.EMAIL,
    Place.AUDIT: Fact.PARENT,
    Place.MESSAGE: Fact.PARENT,
    Place.OBJECT: Fact.PARENT,
    Place.LINK: Fact.PARENT,
    Place.COOKIE: Fact.PARENT,
    Place.MAIL: Fact.PARENT,
    Place.REFUSAL: Fact.PARENT,
    Place.VERDICT: Fact.PARENT,
}


def _leak(patch: pytest.MonkeyPatch) -> None:
    """Each mutant writes what it must not, where the code itself writes."""

    def wraps(owner: Any, name: str, change: Callable[..., Any]) -> None:
        real = getattr(owner, name)
        patch.setattr(owner, name, lambda *given, **named: change(real, *given, **named))

    def refused(real: Any, self: Journal, error: Any) -> None:
        self.logger.info("refused", mother=MOTHER)
        self.count("Refusals", "mother", MOTHER)
        real(self, error)

    wraps(Journal, "refused", refused)

    def certificate_item(real: Any, *given: Any) -> Any:
        return {**real(*given), "mother": {"B": gzip.compress(MOTHER.encode())}}

    wraps(store_adapter, "certificate_item", certificate_item)

    def record_mail(_real: Any, self: Any, request_id: Any, outcome: Any) -> None:
        """Forgets to erase."""
        self._table.update(f"REQ#{request_id}", "SET mail = :outcome", {":outcome": outcome})

    wraps(store_adapter.DynamoCertificateStore, "record_mail", record_mail)

    def item(real: Any, self: Any, entry: Entry) -> Any:
        return real(self, replace(entry, outcome=MOTHER))

    wraps(audit_adapter.DynamoAuditTrail, "_item", item)

    def attributes(real: Any, values: Any) -> Any:
        return real({**values, "mother": base64.b64encode(MOTHER.encode()).decode()})

    wraps(queue_adapter, "_attributes", attributes)
    patch.setattr(files_adapter, "_MEDIA_TYPE", "application/pdf; mother=Rosa%20Mar%C3%ADa")

    def api_headers(real: Any) -> dict[str, str]:
        return {
            **real(),
            "Link": f"</x?m={MOTHER.encode().hex()}>",
            "Set-Cookie": f"m={base64.urlsafe_b64encode(MOTHER.encode()).decode()}",
        }

    for module in ("constancia.web.resolver", "request.api", "validate.api"):
        patch.setattr(f"{module}.api_headers", lambda: api_headers(headers.api_headers))

    def problem(real: Any, self: Any) -> str:
        return json.dumps({**json.loads(real(self)), "detail": MOTHER})

    wraps(__import__("constancia.web.problems", fromlist=["Problem"]).Problem, "to_json", problem)

    def compose(real: Any, *given: Any, **named: Any) -> Any:
        mail = real(*given, **named)
        return replace(mail, subject=f"{mail.subject} de {MOTHER}")

    wraps(__import__("render.pipeline", fromlist=["compose"]), "compose", compose)

    def answer_to(real: Any, *given: Any, **named: Any) -> Any:
        answer = real(*given, **named)
        return replace(answer, name=MOTHER)

    wraps(__import__("validate.api", fromlist=["answer_to"]), "answer_to", answer_to)


@pytest.mark.parametrize("place", LEAKS, ids=lambda one: one.name)
def test_a_leak_in_the_code_itself_is_found(leaking: Walk, place: Place) -> None:
    found = [
        finding for one in leaking.written if one.place is place for finding in findings(leaking.needles, one)
    ]

    assert any(LEAKS[place] in finding for finding in found)


# ---------------------------------------------------------------------- the overview


def test_the_overview_is_this_table() -> None:
    section = DOCS.read_text("utf-8").partition("## Personal data")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    shown = {place: allowed for place, allowed in rows if place in set(Place)}

    assert shown == {
        place: ", ".join(fact for fact in Fact if fact in allowed) or "none"
        for place, allowed in MAY_STAND.items()
    }

"""Annulling: dry by default, once, with its reason, and nobody gets the file afterwards."""

import json

import pytest

from constancia.domain.virtual_code import grouped, new_virtual_code
from tests.deployed import context, fresh
from tests.integration.ops.conftest import Office
from tests.unit.web.events import event, json_event

ANNUL = ("--reason", "wrong-data", "--ticket", "CASE-2026-0012")


def state_of(office: Office, code: str) -> str:
    state: str = office.item(f"CERT#{code}")["certificate_state"]["S"]
    return state


def test_without_yes_nothing_changes_and_it_is_said_what_would(office: Office) -> None:
    code = office.issued()

    said = office.ops("annul", code, *ANNUL)

    assert said.code == 0
    assert said.out.startswith(f"Would annul {grouped(code)} for WRONG_DATA")
    assert state_of(office, code) == "ISSUED"
    assert office.by_operators(code) == [("annul", "previewed", "CASE-2026-0012", "wrong_data")]


def test_what_is_annulled_verifies_so_and_a_link_to_its_file_opens_no_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in office.aws.environment("ValidateFunction").items():
        monkeypatch.setenv(name, value)
    validate = fresh("validate.handler")

    def asks(sent: object) -> dict[str, object]:
        answer: dict[str, object] = validate.handler(sent, context("validate"))
        return answer

    request_id, code = office.asked()
    office.deployed.render_all()
    content = json.loads(office.ops("show", code, "--content", "--ticket", "CASE-1").out.splitlines()[-1])
    question = {"code": code, "document": content["holder"]["document"]["number"]}
    opened = json.loads(str(asks(json_event("POST", "/api/v1/validations", question))["body"]))
    path, _, grant = opened["download"]["url"].partition("?g=")
    assert asks(event("GET", path, query={"g": grant}))["statusCode"] == 303

    assert office.ops("annul", code, *ANNUL, "--yes").code == 0

    answer = json.loads(str(asks(json_event("POST", "/api/v1/validations", question))["body"]))
    assert (answer["verdict"], answer.get("download"), answer.get("content")) == ("annulled", None, None)
    assert asks(event("GET", path, query={"g": grant}))["statusCode"] == 410
    progress = office.deployed.get(f"/api/v1/requests/{request_id}").json
    assert (progress["state"], progress.get("download")) == ("ANNULLED", None)
    assert "ANNULLED" in office.ops("show", code).out
    assert office.by_operators(code) == [("annul", "annulled", "CASE-2026-0012", "wrong_data")]
    assert office.item(f"CERT#{code}")["annulled_for"]["S"] == "WRONG_DATA"


def test_what_is_annulled_stays_so_and_a_second_time_is_refused(office: Office) -> None:
    code = office.issued()
    office.ops("annul", code, *ANNUL, "--yes")

    said = office.ops("annul", code, *ANNUL, "--yes")

    assert (said.code, said.out) == (1, "")
    assert "it is annulled, for good" in said.err
    assert [one[1] for one in office.by_operators(code)] == ["annulled", "refused"]


def test_what_was_superseded_or_is_not_issued_is_not_annulled(office: Office) -> None:
    old = office.issued()
    _, young = office.asked()
    refused = office.ops("annul", young, *ANNUL, "--yes")
    office.deployed.render_all()
    late = office.ops("annul", old, *ANNUL, "--yes")

    assert (refused.code, late.code) == (1, 1)
    assert "it is not issued yet" in refused.err
    assert f"it was superseded by {grouped(young)}" in late.err
    assert (state_of(office, old), state_of(office, young)) == ("SUPERSEDED", "ISSUED")


def test_a_code_of_nobody_is_told(office: Office) -> None:
    code = new_virtual_code()

    assert office.ops("annul", code, *ANNUL, "--yes").code == 3
    assert office.by_operators(code) == [("annul", "unknown", "CASE-2026-0012", "")]


def test_somebody_else_may_be_faster(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Annulled by another operator between the look and the write: told, and recorded once as done."""
    code = office.issued()
    from constancia.adapters.operations import OperationsStore  # noqa: PLC0415

    annul = OperationsStore.annul

    def later(self: OperationsStore, *given: object) -> bool:
        assert annul(self, *given)  # type: ignore[arg-type]
        return annul(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(OperationsStore, "annul", later)

    said = office.ops("annul", code, *ANNUL, "--yes")

    assert said.code == 1
    assert [one[1] for one in office.by_operators(code)] == ["annulled", "refused"]

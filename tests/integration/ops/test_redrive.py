"""The dead letters: seen without being taken, moved back as they came, so many a second, none lost."""

import json
from dataclasses import replace
from typing import Any

import pytest

from constancia.domain.virtual_code import VirtualCode, grouped
from infra.ops.letters import DeadLetterBox, Letter
from tests.integration.ops.conftest import Office

CASE = ("--ticket", "CASE-2026-0012")


def lie(office: Office, queue: str = "RenderDeadLetters") -> int:
    """How many lie in a queue, to be had by anybody."""
    attributes = office.aws.client("sqs").get_queue_attributes(
        QueueUrl=office.aws.ref(queue), AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


@pytest.fixture
def held(office: Office) -> VirtualCode:
    """A certificate that can't be made, and a message that is none of ours; nothing else lies there."""
    office.empty("RenderDeadLetters", "RenderQueue")
    _, code = office.asked("unprintable-area")
    office.aws.client("sqs").send_message(QueueUrl=office.aws.ref("RenderQueue"), MessageBody="hola")
    office.deployed.render_all()
    assert lie(office) == 2
    return code


def test_they_are_listed_with_their_reasons_and_lie_there_afterwards(
    office: Office, held: VirtualCode
) -> None:
    for _ in range(2):
        said = office.ops("redrive")

        assert said.code == 0
        assert f"UNPRINTABLE_TEXT  {grouped(held)}  U+" in said.out
        assert "UNREADABLE_MESSAGE  not ours" in said.out
        assert said.out.endswith("2 dead letters\n")
        assert lie(office) == 2
    assert office.by_operators("ALL", looks=True)[-1][:2] == ("list", "dead_letters")


def test_what_would_be_moved_is_shown_first(office: Office, held: VirtualCode) -> None:
    said = office.ops("redrive", "--all", *CASE)

    assert said.code == 0
    assert "2 dead letters would be moved back; --yes does it" in said.out
    assert (lie(office), lie(office, "RenderQueue")) == (2, 0)
    assert office.by_operators(held) == []


def test_mended_it_is_moved_back_and_issued(office: Office, held: VirtualCode) -> None:
    said = office.ops("redrive", "--with-reason", "unprintable-text", *CASE, "--yes")
    assert said.out.endswith("1 dead letter moved back\n")
    assert (lie(office), lie(office, "RenderQueue")) == (1, 1)
    assert office.by_operators(held) == [("redrive", "moved", "CASE-2026-0012", "unprintable_text")]

    services = office.deployed.render.services
    pipeline = services.render.__self__
    office.deployed.render.services = replace(  # type: ignore[attr-defined]
        services, render=replace(pipeline, draw=lambda *_: b"%PDF- mended").run
    )
    try:
        office.deployed.render_all()
    finally:
        office.deployed.render.services = services  # type: ignore[attr-defined]

    assert office.item(f"CERT#{held}")["certificate_state"]["S"] == "ISSUED"


def test_one_is_moved_by_its_id_and_no_other(office: Office, held: VirtualCode) -> None:
    row = next(line for line in office.ops("redrive").out.splitlines() if grouped(held) in line)

    said = office.ops("redrive", "--message", row.split()[0], *CASE, "--yes")

    assert said.out.endswith("1 dead letter moved back\n")
    (message,) = office.aws.client("sqs").receive_message(QueueUrl=office.aws.ref("RenderQueue"))["Messages"]
    assert set(json.loads(message["Body"])) == {"request_id"}


def test_what_is_not_there_is_told(office: Office, held: VirtualCode) -> None:
    said = office.ops("redrive", "--message", "nobody's", *CASE, "--yes")

    assert (said.code, said.out) == (1, "")
    assert "no dead letter is so" in said.err
    assert lie(office) == 2


def test_an_empty_queue_is_no_error(office: Office) -> None:
    office.empty("RenderDeadLetters")

    assert office.ops("redrive").out == "0 dead letters\n"
    assert office.ops("redrive", "--all", *CASE, "--yes").out == "0 dead letters moved back\n"


def test_so_many_go_back_a_second_and_a_stop_loses_none(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs = office.aws.client("sqs")
    office.empty("RenderDeadLetters", "RenderQueue")
    for number in range(25):
        sqs.send_message(
            QueueUrl=office.aws.ref("RenderDeadLetters"),
            MessageBody=json.dumps({"request_id": f"{number:032x}"}),
        )
    pauses: list[float] = []

    def stop_at_the_fifth(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 5:
            raise KeyboardInterrupt

    init: Any = DeadLetterBox.__init__
    monkeypatch.setattr(
        DeadLetterBox, "__init__", lambda self, *given: init(self, *given, sleep=stop_at_the_fifth)
    )

    assert office.ops("redrive", "--all", *CASE, "--yes", "--per-second", "4").code == 130
    assert pauses == [0.25] * 5
    assert (lie(office), lie(office, "RenderQueue")) == (20, 5)

    assert office.ops("redrive", "--all", *CASE, "--yes").out.endswith("20 dead letters moved back\n")
    assert (lie(office), lie(office, "RenderQueue")) == (0, 25)
    office.empty("RenderQueue")


def test_those_that_come_again_in_a_long_run_hide_none_of_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when looking through them takes longer than they are hidden: each is seen, and seen once."""
    office.empty("RenderDeadLetters", "RenderQueue")
    sqs = office.aws.client("sqs")
    for number in range(25):
        sqs.send_message(QueueUrl=office.aws.ref("RenderDeadLetters"), MessageBody=f"letter {number}")
    box = DeadLetterBox(sqs, office.aws.ref("RenderDeadLetters"), office.aws.ref("RenderQueue"))
    received = box._received
    batches: list[list[Letter]] = []

    def first_again(so_far: int) -> list[Letter]:
        batches.append(batches[0] if len(batches) == 1 else received(so_far))
        return batches[-1]

    monkeypatch.setattr(box, "_received", first_again)

    bodies = [letter.body for letter in box.letters()]

    assert len(bodies) == len(set(bodies)) == 25
    office.empty("RenderDeadLetters")

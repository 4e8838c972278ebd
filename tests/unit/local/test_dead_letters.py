"""Whoever runs the local platform sees what was given up, and why."""

from typing import Any
from wsgiref.util import setup_testing_defaults

from constancia.adapters.queue import SqsDeadLetters
from constancia.domain.failures import Failure, FailureReason
from infra.local.dead_letters import DeadLetter, dead_letters
from infra.local.outbox import Outbox, pages
from tests.builders import NOW
from tests.conftest import Aws
from tests.unit.web.html import elements, parse, text_of

LETTER = DeadLetter("2026-11-22T15:30:00+00:00", "OVERSIZE", "fits <no> page")


def listed(letters: list[DeadLetter]) -> str:
    environ: dict[str, Any] = {"PATH_INFO": "/outbox"}
    setup_testing_defaults(environ)
    answer = pages(Outbox(), lambda: letters)(environ, lambda *_: lambda _: None)
    return text_of(elements(parse(b"".join(answer).decode()), "//body")[0])


def test_what_was_given_up_stands_below_the_mails() -> None:
    said = listed([LETTER])

    assert "Mensajes que no se pudieron atender" in said
    for word in (LETTER.failed_at, LETTER.reason, LETTER.detail):
        assert word in said


def test_a_message_without_a_reason_is_listed_all_the_same() -> None:
    assert "(sin motivo)" in listed([DeadLetter("", "", "")])


def test_nothing_is_said_where_nothing_was_given_up() -> None:
    assert "no se pudieron atender" not in listed([])


def test_dead_letters_are_read_where_they_lie(aws: Aws) -> None:
    queue = SqsDeadLetters(aws.client("sqs"), aws.ref("RenderDeadLetters"), lambda: None)
    queue.put("{}", Failure(FailureReason.OVERSIZE, LETTER.detail), NOW)
    aws.client("sqs").send_message(QueueUrl=aws.ref("RenderQueue"), MessageBody="not given up")

    assert dead_letters() == dead_letters() == [LETTER]

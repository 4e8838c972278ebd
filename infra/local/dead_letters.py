"""What functions gave up: the messages in the dead-letter queues of moto, read where they lie."""

from dataclasses import dataclass

from moto.sqs.models import Message, sqs_backends

from infra.local.template import ACCOUNT, REGION


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up. What a function did not say of it is empty (docs/dead-letters.md)."""

    failed_at: str
    reason: str
    detail: str


def dead_letters() -> list[DeadLetter]:
    """All of them, oldest first. Reading takes nothing away."""
    sources = list(sqs_backends[ACCOUNT][REGION].queues.values())
    dead = {queue.name: queue for source in sources if (queue := source.dead_letter_queue)}
    return sorted(
        (_read(message) for queue in dead.values() for message in queue.messages),
        key=lambda letter: letter.failed_at,
    )


def _read(message: Message) -> DeadLetter:
    def said(name: str) -> str:
        return str(message.message_attributes.get(name, {}).get("StringValue", ""))

    return DeadLetter(said("failed_at"), said("reason"), said("detail"))

"""Finding the requests that did not reach their end, and sending them to the queue again.

A request is written before its message is sent, so a crash between the two, or a message that was given up,
leaves it without a messenger. Sending one too many does no harm: render does only what is still to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final

from constancia.domain.certificate import CertificateState, RequestId
from constancia.domain.ports import CertificateStore, Clock, RenderQueue, Unfinished

AT_MOST: Final = 500
"""Requests looked at in one sweep: some seconds of SQS calls. What is left over is older at the next."""
LONGEST_PAUSE: Final = timedelta(hours=1)
LONG_ENOUGH: Final = timedelta(days=1)
"""A request that is not issued by then is given up (docs/adr/0131): trouble of AWS does not last so long."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What the schedule starts."""

    store: CertificateStore
    queue: RenderQueue
    give_up: Callable[[RequestId], None]
    clock: Clock
    every: timedelta
    """How often the schedule starts it."""

    def __call__(self) -> int:
        """Send what has been pending for longer than two sweeps, oldest first; answer how many were sent.

        What is younger has a message under way, or the one that the request's page sent.
        """
        now = self.clock()
        swept = 0
        for one in islice(self.store.pending_since(now - 2 * self.every), AT_MOST):
            age = now - one.created_at
            if age >= LONG_ENOUGH and self._waits(one):
                self.give_up(one.request_id)
            elif is_due(age, self.every):
                self.queue.send(one.request_id)
                swept += 1
        return swept

    def _waits(self, one: Unfinished) -> bool:
        request = self.store.request(one.request_id)
        return request is not None and request.state is CertificateState.PENDING


def is_due(age: timedelta, every: timedelta) -> bool:
    """Whether a request of an age is sent by this one of the sweeps: the older it is, the more seldom.

    So a long outage of AWS does not fill the dead letters with hundreds of messages for each request.
    """
    pause = every
    while 4 * pause <= age and 2 * pause <= LONGEST_PAUSE:
        pause *= 2
    return age // pause > (age - every) // pause

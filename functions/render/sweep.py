"""Finding the requests that did not reach their end, and sending them to the queue again.

A request is written before its message is sent, so a crash between the two, or a message that was given up,
leaves it without a messenger. Sending one too many does no harm: render does only what is still to do.
"""

from datetime import datetime, timedelta
from itertools import islice

from constancia.domain.ports import CertificateStore, RenderQueue

AT_MOST = 500
"""Requests sent in one sweep: some seconds of SQS calls. What is left over is older at the next."""


def sweep(store: CertificateStore, queue: RenderQueue, now: datetime, age: timedelta) -> int:
    """Send what has been pending for longer than `age` to the queue, oldest first; answer how many."""
    swept = 0
    for request_id in islice(store.pending_since(now - age), AT_MOST):
        queue.send(request_id)
        swept += 1
    return swept

"""Judging in a process of its own, with bounds on its time and memory.

A file may be made to exhaust or to crash what reads it. The process that talks to the person only ever reads
JSON from the other.
"""

import logging
import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

import msgspec

from infra.verify.findings import Check, Finding, Judgement, Standing, Status, Verdict
from infra.verify.headline import headline_of

SECONDS = 120
MEMORY_BYTES = 3_000_000_000


def judged_apart(
    work: Callable[[], Judgement], seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES
) -> Judgement:
    """Do the work in a forked process. What it can't finish within its bounds can't be told."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(work, sender, seconds, memory_bytes), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            return _unfinished(f"reading it took longer than {seconds:g} s")
        return msgspec.json.decode(receiver.recv_bytes(50_000_000), type=Judgement)
    except (EOFError, OSError, ValueError):
        return _unfinished("reading it broke the program, or took more memory than a certificate can")
    finally:
        receiver.close()
        child.kill()
        child.join()


def _work(work: Callable[[], Judgement], sender: Connection, seconds: float, memory_bytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    logging.disable()  # what libraries have to say of a hostile file
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        judgement = work()
    except MemoryError:
        judgement = _unfinished("reading it takes more memory than a certificate can")
    except Exception as error:  # noqa: BLE001 - hostile files find what nobody thought of; its text stays here
        judgement = _unfinished(f"reading it failed ({type(error).__name__})")
    sender.send_bytes(msgspec.json.encode(judgement))
    sender.close()


def _unfinished(why: str) -> Judgement:
    verdict, standing = Verdict.CANNOT_TELL, Standing.NOT_ASKED
    return Judgement(
        verdict,
        standing,
        headline_of(verdict, standing, None, f"{why}.", demonstration=False),
        demonstration=False,
        code=None,
        findings=(Finding(Check.FILE, Status.INVALID, why),),
        messages=("A certificate is read in seconds: this file was made to do harm, or is damaged.",),
    )

"""The steps of `constancia seal`, on a stack that was found."""

import argparse
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from infra.seal.demo_ca import CERTIFICATE, FOLDER, DemoRoot
from infra.seal.install import install, usable_chain
from infra.seal.request import Subject, certificate_request
from infra.seal.stack import SealedStack
from render.seal import SealChain, SealError

RENEW_WITHIN: Final = timedelta(days=60)


def take(arguments: argparse.Namespace, stack: SealedStack, now: datetime) -> int:
    """Take a step; 0 when it is done (status: when the stack can seal), 1 when not, with the reason.

    Raises:
        DemoRootError: the demo root can't be used.
        OSError: a file can't be read or written.
    """
    try:
        match arguments.step:
            case "status":
                return _status(stack, now)
            case "request":
                return _request(stack, arguments)
            case "install":
                chain = install(stack, arguments.chain.read_text("utf-8", errors="replace"), now)
            case _:
                if not stack.demo:
                    return refuse("this stack is no demonstration (SealDemo is false): it gets no demo chain")
                chain = install(stack, DemoRoot.kept().issue(stack.public_key(), now), now)
                print(f"To trust it in a PDF reader, import {FOLDER / CERTIFICATE} there, once.")
    except SealError as error:
        return refuse(error.detail)
    print("Installed; render takes it up within five minutes.")
    print("\n".join(_told(chain, now)))
    return 0


def _status(stack: SealedStack, now: datetime) -> int:
    print(f"key    {stack.key_id}")
    print(f"stack  {'a demonstration' if stack.demo else 'no demonstration'}")
    text = stack.chain()
    if text is None:
        return refuse("no chain is installed: this stack can't seal, and issues nothing")
    try:
        chain = usable_chain(stack, text, now)
    except SealError as error:
        return refuse(f"the chain that is installed can't seal: {error.detail}")
    print("\n".join(_told(chain, now)))
    print("The chain is of the key: this stack can seal.")
    return 0


def _request(stack: SealedStack, arguments: argparse.Namespace) -> int:
    subject = Subject(arguments.common_name, arguments.organization, arguments.organization_id)
    arguments.out.write_text(certificate_request(stack.public_key(), subject, stack.sign), "ascii")
    print(f"{arguments.out}: give it to the certification authority.")
    return 0


def _told(chain: SealChain, now: datetime) -> Iterable[str]:
    yield f"chain  {'of a demonstration, without official value' if chain.demo else 'no demonstration'}"
    for certificate in chain.certificates:
        since, until = certificate.not_valid_before, certificate.not_valid_after
        yield f"  {since:%Y-%m-%d} to {until:%Y-%m-%d}  {certificate.subject.human_friendly}"
    ends = min(certificate.not_valid_after for certificate in chain.certificates)
    if ends - now < RENEW_WITHIN:
        yield f"Renew it: it ends in {(ends - now).days} days."


def refuse(why: str) -> int:
    """Say why a step is not taken; the exit code."""
    print(f"constancia seal: {why}", file=sys.stderr)
    return 1

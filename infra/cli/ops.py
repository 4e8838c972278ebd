"""`constancia ops`: what operators see and do, on a stage, in their own name (docs/operations.md)."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.failures import FailureReason
from constancia.domain.operations import parse_address, parse_ticket
from constancia.domain.typed import bare_code
from constancia.domain.virtual_code import (
    CheckCharacterError,
    MalformedCodeError,
    VirtualCode,
    parse_virtual_code,
)
from infra.verify.report import safe

if TYPE_CHECKING:
    from infra.ops.desk import Desk
    from infra.ops.letters import Letter
    from infra.ops.stage import Clients, Stage

_PROMPT: Final = "prompt"
_LOGS: Final = Path(__file__).parents[2] / "build/run"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verbs of `constancia ops`, and how each finds its stage."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--stage", default="dev", metavar="NAME", help="dev (default), staging, prod, ...")
    where.add_argument("--stack", metavar="NAME", help="its stack, where it is not constancia-<stage>")
    where.add_argument(
        "--profile", metavar="NAME", help="profile of the AWS credentials, with an operator's role"
    )
    where.add_argument("--region", metavar="REGION", help="AWS region, unless the profile names it")
    where.add_argument(
        "--local",
        nargs="?",
        type=Path,
        const=_LOGS,
        metavar="LOGS",
        help="the platform that `make run` started here",
    )
    where.add_argument(
        "--ticket", type=_ticket, metavar="CASE", help="number of the case that it is for, as CASE-2026-0012"
    )
    act = argparse.ArgumentParser(add_help=False, parents=[where])
    act.add_argument("--yes", action="store_true", help="do it; without, it is only said what would be done")
    certificate = argparse.ArgumentParser(add_help=False)
    certificate.add_argument("code", type=_code, metavar="CODE", help="the virtual code, as 99S0-QR6Y-D40R")
    verbs = parser.add_subparsers(dest="verb", required=True)

    show = verbs.add_parser(
        "show", parents=[where, certificate], help="a certificate and its requests, masked"
    )
    show.add_argument("--content", action="store_true", help="all that is printed; asks for --ticket")
    verbs.add_parser(
        "pending", parents=[where], help="what is not issued, not mailed, or held, and for how long"
    )
    trail = verbs.add_parser("trail", parents=[where, certificate], help="who came to it, when, as what")
    trail.add_argument("--csv", action="store_true", help="CSV instead of lines of JSON")
    trail.add_argument("--looks", action="store_true", help="which operators looked (role that acts)")

    annul = verbs.add_parser("annul", parents=[act, certificate], help="annul it, for good")
    annul.add_argument(
        "--reason",
        required=True,
        type=_reason,
        metavar="REASON",
        help=", ".join(one.lower() for one in AnnulmentReason),
    )

    reissue = verbs.add_parser("reissue", parents=[act, certificate], help="make it anew: new code and QR")
    resend = verbs.add_parser("resend", parents=[act, certificate], help="mail its code once more")
    for parser_, needed in ((reissue, False), (resend, True)):
        parser_.add_argument(
            "--to",
            nargs="?",
            const=_PROMPT,
            required=needed,
            metavar="ADDRESS",
            help="the confirmed address, typed twice; without ADDRESS both are asked for",
        )
    redrive = verbs.add_parser(
        "redrive", parents=[act], help="the dead letters; with a choice, move them back"
    )
    choice = redrive.add_mutually_exclusive_group()
    choice.add_argument("--all", action="store_true", help="all of them")
    choice.add_argument("--with-reason", type=_failure, metavar="REASON", help="those of one reason")
    choice.add_argument("--message", metavar="ID", help="one of them")
    redrive.add_argument("--per-second", type=_rate, default=5.0, metavar="N", help="at most (default 5)")
    check = verbs.add_parser("check", parents=[where], help="every file against its digest, seal and record")
    check.add_argument("--progress", type=Path, metavar="FILE", help="where it is kept how far it came")
    check.add_argument("--without-seals", action="store_true", help="digests and records alone")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and tell; gives the exit code (`infra.ops.trouble.ExitCode`)."""
    # boto3 and what it brings along: wanted by this command alone
    from infra.ops.trouble import ExitCode, explained  # noqa: PLC0415

    if _asks_for_ticket(arguments) and arguments.ticket is None:
        _refuse("--ticket: the number of the case that it is for, as CASE-2026-0012, is asked for")
        return ExitCode.WRONG_USAGE
    try:
        if arguments.verb in {"reissue", "resend"}:
            arguments.to = _confirmed(arguments.to)
    except ValueError as error:
        _refuse(f"--to: {error}")
        return ExitCode.WRONG_USAGE
    try:
        return _VERBS[arguments.verb](_desk(arguments), arguments)
    except BrokenPipeError:
        # `constancia ops trail ... | head` closes the pipe early; what is left goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        code, why = told
        _refuse(why)
        return code


def _asks_for_ticket(arguments: argparse.Namespace) -> bool:
    if arguments.verb == "redrive":
        return _chosen(arguments)
    return "yes" in arguments or (arguments.verb == "show" and arguments.content)


def _chosen(arguments: argparse.Namespace) -> bool:
    return bool(arguments.all or arguments.with_reason or arguments.message)


def _refuse(why: str) -> None:
    print(f"constancia ops: {safe(why, len(why))}", file=sys.stderr)


def _desk(arguments: argparse.Namespace) -> "Desk":
    from constancia.domain.operator import Operator  # noqa: PLC0415
    from infra.ops.desk import Desk  # noqa: PLC0415

    stage = _stage(arguments)
    identity = stage.client("sts").get_caller_identity()["Arn"]
    return Desk.at(stage, Operator(identity, arguments.ticket), _now)


def _stage(arguments: argparse.Namespace) -> "Stage":
    from infra.ops.stage import Stage  # noqa: PLC0415

    if arguments.local:
        return Stage.local(arguments.local)
    stack = arguments.stack or f"constancia-{arguments.stage}"
    return Stage.find(arguments.stage, stack, _clients(arguments))


def _clients(arguments: argparse.Namespace) -> "Clients":
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    session = boto3.Session(profile_name=arguments.profile, region_name=arguments.region)
    config = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=30)

    @cache
    def client(service: str) -> Any:
        return session.client(service, config=config)  # type: ignore[call-overload]

    return client


def _now() -> datetime:
    return datetime.now(UTC)


# ---------------------------------------------------------------------- verbs


def _show(desk: "Desk", arguments: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415

    return _tell(
        printing.shown(desk.show(arguments.code, content=arguments.content), content=arguments.content)
    )


def _pending(desk: "Desk", _: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415

    return _tell(printing.waiting(desk.pending(), desk.clock()))


def _trail(desk: "Desk", arguments: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415

    entries = desk.trail_of(arguments.code, looks=arguments.looks)
    return _tell(printing.exported(entries, arguments.code, as_csv=arguments.csv))


def _annul(desk: "Desk", arguments: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415

    certificate = desk.annul(arguments.code, arguments.reason, do=arguments.yes)
    return _tell(printing.annulling(certificate, arguments.reason, done=arguments.yes))


def _reissue(desk: "Desk", arguments: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415

    return _tell(
        printing.reissuing(desk.reissue(arguments.code, arguments.to, do=arguments.yes), arguments.to)
    )


def _resend(desk: "Desk", arguments: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415

    return _tell(printing.resending(desk.resend(arguments.code, arguments.to, do=arguments.yes)))


def _redrive(desk: "Desk", arguments: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415
    from infra.ops.trouble import ExitCode  # noqa: PLC0415

    if not _chosen(arguments):
        return _tell(printing.letters(desk.dead_letters()))

    def wanted(letter: "Letter") -> bool:
        if arguments.message:
            return letter.id == str(arguments.message)
        return bool(arguments.all) or letter.reason == str(arguments.with_reason)

    moved = desk.redrive(wanted, per_second=arguments.per_second, do=arguments.yes)
    first = next(moved, None)
    if first is None and not arguments.all:
        _refuse("no dead letter is so: see them all with `redrive`")
        return ExitCode.NOT_POSSIBLE
    found = chain((first,), moved) if first else iter(())
    _tell(printing.letters(found, " moved back" if arguments.yes else " would be moved back; --yes does it"))
    return ExitCode.DONE


def _check(desk: "Desk", arguments: argparse.Namespace) -> int:
    from infra.ops import printing  # noqa: PLC0415
    from infra.ops.integrity import Progress, judge_of  # noqa: PLC0415
    from infra.ops.trouble import ExitCode  # noqa: PLC0415

    path = arguments.progress or Path(f"constancia-check-{desk.stage.name}.json")
    try:
        progress = Progress.kept(path, desk.stage.name)
    except ValueError as error:
        _refuse(f"--progress: {error}")
        return ExitCode.WRONG_USAGE
    judge = None if arguments.without_seals else judge_of(desk.stage)
    if judge is None and not arguments.without_seals:
        _refuse(
            "no chain is installed, so no seal can be judged: `constancia seal status`, or --without-seals"
        )
        return ExitCode.NOT_POSSIBLE
    if progress.after or progress.phase != "files":
        print(f"Going on after {progress.files} files and {progress.records} records, as {path} says.")
    try:
        _tell(f"FAULT {fault}: {what}" for fault, what in _again_and_new(desk, progress, judge, path))
    except KeyboardInterrupt:
        _refuse(
            f"stopped after {progress.files} files and {progress.records} records; the same command goes on"
        )
        raise
    _tell(printing.inspected(progress, seals=judge is not None))
    return ExitCode.FAULTS if progress.faults else ExitCode.DONE


def _again_and_new(desk: "Desk", progress: Any, judge: Any, path: Path) -> Iterable[tuple[str, str]]:
    """The faults of earlier runs first."""
    from infra.ops.integrity import Inspection  # noqa: PLC0415

    yield from list(progress.faults)
    yield from desk.inspect(Inspection(desk.stage, desk.store, judge, path), progress)


_VERBS: Final[dict[str, "Callable[[Desk, argparse.Namespace], int]"]] = {
    "show": _show,
    "pending": _pending,
    "trail": _trail,
    "annul": _annul,
    "reissue": _reissue,
    "resend": _resend,
    "redrive": _redrive,
    "check": _check,
}


def _tell(lines: Iterable[str]) -> int:
    for line in lines:
        print(safe(line, len(line)))
    sys.stdout.flush()
    return 0


# ---------------------------------------------------------------------- what is typed


def _code(text: str) -> VirtualCode:
    try:
        return parse_virtual_code(bare_code(text))
    except CheckCharacterError:
        raise argparse.ArgumentTypeError(
            "the code has a typing error: its check character does not fit; compare it with the paper"
        ) from None
    except MalformedCodeError:
        raise argparse.ArgumentTypeError(
            "a virtual code has 12 letters and digits, as 99S0-QR6Y-D40R"
        ) from None


def _ticket(text: str) -> str:
    try:
        return parse_ticket(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _confirmed(given: str | None) -> str | None:
    """The address, typed twice. What was typed is never repeated.

    Raises:
        ValueError: it is none, or the two differ; says what to do.
    """
    if given is None:
        return None
    try:
        address = parse_address(input("Address: ") if given == _PROMPT else given)
        again = parse_address(input("The same again: "))
    except EOFError:
        raise ValueError("there is nobody to type the address again; a pipe gives it as a line") from None
    if address != again:
        raise ValueError("the two are not the same; ask the person, and type it again")
    return address


def _failure(text: str) -> FailureReason:
    try:
        return FailureReason(text.strip().upper().replace("-", "_"))
    except ValueError:
        listed = ", ".join(one.lower() for one in FailureReason)
        raise argparse.ArgumentTypeError(f"a reason is one of {listed}") from None


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0
    if not 0.1 <= rate <= 50:
        raise argparse.ArgumentTypeError("so many a second: 0.1 to 50")
    return rate


def _reason(text: str) -> AnnulmentReason:
    try:
        return AnnulmentReason(text.strip().upper().replace("-", "_"))
    except ValueError:
        listed = ", ".join(one.lower() for one in AnnulmentReason)
        raise argparse.ArgumentTypeError(f"a reason is one of {listed}") from None

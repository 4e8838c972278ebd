"""The command `constancia`."""

import argparse
from collections.abc import Sequence

from infra.cli import demo, ops, seal, verify

INTERRUPTED = 130
"""What shells make of a program that Ctrl-C ended: 128 and the signal's number."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        return _run(given)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(given: argparse.Namespace) -> int:
    match given.command:
        case "run":
            from infra.cli.run import run  # noqa: PLC0415 - each command imports what it needs

            return run(port=given.port, outbox_port=given.outbox_port, verbose=given.verbose)
        case "demo":
            return demo.run(given)
        case "ops":
            return ops.run(given)
        case "seal":
            return seal.run(given)
        case "verify":
            return verify.run(given)
        case _:
            from infra.cli import people  # noqa: PLC0415

            return people.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="constancia", description="Constancia de Logros de Aprendizaje")
    commands = parser.add_subparsers(dest="command", required=True)

    run_parser = commands.add_parser("run", help="start the whole platform on this machine")
    run_parser.add_argument("--port", type=_port, default=8080, help="of the site (0: any; default 8080)")
    run_parser.add_argument("--outbox-port", type=_port, default=8081, help="of the outbox (default 8081)")
    run_parser.add_argument("--verbose", action="store_true", help="show the functions' logs")

    demo_parser = commands.add_parser("demo", help="one certificate from request to verification")
    demo.add_arguments(demo_parser)

    seal_parser = commands.add_parser("seal", help="key and certificate chain of a deployed stack's seal")
    seal.add_arguments(seal_parser)

    ops_parser = commands.add_parser("ops", help="what operators see and do")
    ops.add_arguments(ops_parser)

    verify_parser = commands.add_parser("verify", help="judge a PDF: untouched, altered, or not ours")
    verify.add_arguments(verify_parser)

    commands.add_parser("people", help="the people of the sandbox registries, and how each ends")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is no port: 0 to 65535")
    return port

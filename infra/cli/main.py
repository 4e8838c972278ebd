"""The command `constancia`."""

import argparse
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; returns the exit code."""
    parser = argparse.ArgumentParser(prog="constancia", description="Constancia de Logros de Aprendizaje")
    commands = parser.add_subparsers(dest="command", required=True)

    run_parser = commands.add_parser("run", help="start the whole platform on this machine")
    run_parser.add_argument("--port", type=int, default=8080, help="of the site (0: any; default 8080)")
    run_parser.add_argument("--outbox-port", type=int, default=8081, help="of the outbox (default 8081)")
    run_parser.add_argument("--verbose", action="store_true", help="show the functions' logs")

    given = parser.parse_args(arguments)
    match given.command:
        case "run":
            from infra.cli.run import run  # noqa: PLC0415 - each command imports what it needs

            return run(port=given.port, outbox_port=given.outbox_port, verbose=given.verbose)
    return 2

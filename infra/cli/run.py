"""`constancia run`: the whole platform on this machine, until Ctrl-C."""

import signal
import sys
import time
from typing import NoReturn

from infra.cli.people import people_table
from infra.local.platform import ROOT, LocalPlatform, PortTakenError
from infra.local.processes import StartError
from infra.local.template import TemplateError

DEFAULT_PORT = 8080
DEFAULT_OUTBOX_PORT = 8081
LOG_FOLDER = ROOT / "build" / "run"


def run(*, port: int = DEFAULT_PORT, outbox_port: int = DEFAULT_OUTBOX_PORT, verbose: bool = False) -> int:
    """Start the platform, say where it is and whom to try, and wait for Ctrl-C or SIGTERM.

    Returns the exit code: 0 after a clean stop, 1 if something did not start, 2 if a port is taken.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    started = time.monotonic()
    try:
        with LocalPlatform.start(
            site_port=port, outbox_port=outbox_port, log_folder=LOG_FOLDER, verbose=verbose
        ) as platform:
            print(_welcome(platform, time.monotonic() - started), flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except PortTakenError as error:
        print(f"{error}; choose others with --port and --outbox-port", file=sys.stderr)
        return 2
    except (StartError, TemplateError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _interrupt(*_: object) -> NoReturn:
    """Stop once: further signals wait until everything has ended."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _welcome(platform: LocalPlatform, seconds: float) -> str:
    lines = [
        f"Ready in {seconds:.1f} s. Ctrl-C stops it.",
        "",
        f"  Site    {platform.site_url}/",
        f"  API     {platform.site_url}/api/v1/openapi.json",
        f"  Outbox  {platform.outbox_url}/outbox",
        f"  AWS     {platform.endpoint_url} (moto)",
        f"  Logs    {platform.log_folder}",
    ]
    return "\n".join([*lines, "", "People to try:", "", people_table()])

"""`constancia run`: the whole platform on this machine, until Ctrl-C."""

import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from infra.local.platform import ROOT, TEMPLATE, LocalPlatform, PortTakenError
from infra.local.processes import StartError
from infra.local.template import TemplateError

LOG_FOLDER = ROOT / "build" / "run"


def run(*, port: int, outbox_port: int, verbose: bool, template: Path = TEMPLATE) -> int:
    """Start the platform, say whom to try and where, and wait for Ctrl-C or SIGTERM. Port 0 takes a free one.

    Returns the exit code: 0 after a clean stop, 1 if something did not start, 2 if a port is taken.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    started = time.monotonic()
    try:
        with LocalPlatform.start(
            site_port=port, outbox_port=outbox_port, template=template, log_folder=LOG_FOLDER, verbose=verbose
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
    """Stop once: further signals change nothing while everything ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _welcome(platform: LocalPlatform, seconds: float) -> str:
    lines = [
        "",
        f"  Site    {platform.site_url}/",
        f"  API     {platform.site_url}/api/v1/openapi.json",
        f"  Outbox  {platform.outbox_url}/outbox",
        f"  AWS     {platform.endpoint_url} (moto)",
        f"  Logs    {platform.log_folder}",
        "",
        f"Ready in {seconds:.1f} s. Ctrl-C stops it.",
    ]
    if platform.demo_root:
        lines.insert(-2, f"  Seal    {platform.demo_root} (trust it once in your PDF reader)")
    if platform.registries_url:
        from infra.cli.people import people_table  # noqa: PLC0415 - only where there are registries

        lines = ["People of the sandbox registries, to try:", "", people_table(), *lines]
    return "\n".join(lines)

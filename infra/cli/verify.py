"""`constancia verify FILE`: ours and untouched, ours and altered (with what differs), or not ours."""

import argparse
import getpass
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.virtual_code import VirtualCode, parse_virtual_code
from infra.verify.findings import ExitCode
from infra.verify.report import as_json, in_words, safe
from infra.verify.site import LARGEST_FILE, Site

if TYPE_CHECKING:
    from infra.verify.seals import Sealers
    from infra.verify.trust import Trust

ENDPOINT = "CONSTANCIA_ENDPOINT"
"""The environment variable that names the trusted site."""
_PROMPT = "prompt"
_DEMO_ROOT = Path(__file__).parents[2] / ".demo-ca" / "root.pem"


class UsageError(Exception):
    """What was asked can't be done; says what to change."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `constancia verify`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to judge, of whatever kind")
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        default=os.environ.get(ENDPOINT),
        help=f"the site that you trust (default: the environment's {ENDPOINT}); no other is spoken to",
    )
    trusted = parser.add_mutually_exclusive_group()
    trusted.add_argument(
        "--chain", type=Path, metavar="PEM", help="the certificate chain of who seals, the root last"
    )
    trusted.add_argument(
        "--root", type=Path, metavar="PEM", help="a root that certifies nothing but our sealing keys"
    )
    parser.add_argument("--code", metavar="CODE", help="the virtual code, where the file's can't be read")
    parser.add_argument(
        "--document",
        nargs="?",
        const=_PROMPT,
        metavar="NUMBER",
        help="the number of the holder's document; without NUMBER it is asked for and not shown",
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of words")


def run(arguments: argparse.Namespace) -> int:
    """Judge the file and tell; gives the exit code (docs/verify.md)."""
    # All of it is heavy, and wanted by this command alone.
    from infra.verify.confined import judged_apart  # noqa: PLC0415
    from infra.verify.judge import judge  # noqa: PLC0415

    try:
        data = _read(arguments.file, LARGEST_FILE + 1)
        trust = _trust(arguments)
    except UsageError as error:
        print(f"constancia verify: {safe(str(error))}", file=sys.stderr)
        return ExitCode.WRONG_USAGE
    judgement = judged_apart(lambda: judge(data, trust))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # whatever the terminal's character set
    _tell(as_json(judgement) if arguments.json else in_words(judgement))
    return judgement.exit_code


def _tell(text: str) -> None:
    """Write it, to whoever still listens: `constancia verify ... | head -1` closes the pipe early."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Python flushes once more at its end; what is left goes nowhere instead of to a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _trust(arguments: argparse.Namespace) -> "Trust":
    from infra.verify.trust import Trust  # noqa: PLC0415

    site = _site(arguments.endpoint)
    return Trust(site, _sealers(arguments, site), _code(arguments.code), _document(arguments.document))


def _site(address: str | None) -> Site | None:
    if not address:
        return None
    try:
        return Site.at(address)
    except ValueError as error:
        raise UsageError(f"--endpoint {address}: {error}") from None


def _sealers(arguments: argparse.Namespace, site: Site | None) -> "Sealers | None":
    """Whose seals are ours, as named; without, the site says; without a site, this checkout's demo CA."""
    from infra.verify.seals import ChainError, Sealers  # noqa: PLC0415

    try:
        if arguments.chain is not None:
            return Sealers.of_chain(_read(arguments.chain))
        if arguments.root is not None:
            return Sealers.of_root(_read(arguments.root))
    except ChainError as error:
        raise UsageError(f"{arguments.chain or arguments.root}: {error}") from None
    return Sealers.of_root(_read(_DEMO_ROOT)) if site is None and _DEMO_ROOT.exists() else None


def _code(text: str | None) -> VirtualCode | None:
    try:
        return None if text is None else parse_virtual_code(text)
    except ValueError:
        raise UsageError("--code: a virtual code has 12 letters and digits, as 99S0-QR6Y-D40R") from None


def _document(text: str | None) -> str | None:
    """The number as the site takes it. What was typed is never repeated."""
    if text is None:
        return None
    try:
        number = getpass.getpass("Number of the holder's document: ") if text == _PROMPT else text
    except EOFError:
        raise UsageError("--document: there is nobody to ask; give the number as --document NUMBER") from None
    for kind in DocumentType:
        try:
            return IdentityDocument.parse(kind, number).number
        except ValueError:
            continue
    raise UsageError("--document: a DNI has 8 digits, a carnet de extranjería 9 to 12 letters and digits")


def _read(path: Path, most: int = -1) -> bytes:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # of a pipe there is no end to wait for
            raise UsageError(f"{path}: it is no file")
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None

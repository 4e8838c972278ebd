"""This project: from the certificate's record to the sealed file, as render does it."""

import sys
import time
from collections.abc import Callable
from typing import Any

_begin = time.perf_counter()
import fpdf  # noqa: E402 - how long it takes is shown apart

FPDF_MS = 1000 * (time.perf_counter() - _begin)

from render.document import draw  # noqa: E402
from render.seal import SealChain, Sealer  # noqa: E402

NAME, VERSION = "this project", f"fpdf2 {fpdf.__version__}"
FILE = "PDF/A-3a and PDF/UA-1, tagged, with attachment, sealed (PAdES-B-B)"
UNWANTED = frozenset({"pyhanko", "numpy", "endesive", "uharfbuzz"})
"""What render must not load."""

_certificates: list[Any] = []
_sign: list[Callable[[bytes], bytes]] = []


def prepare(setup: dict[str, Any]) -> None:
    """Make what stands for the database and for KMS, which is not measured."""
    from tests.benchmarks import stand_ins  # noqa: PLC0415 - imported aside, for the same reason

    _certificates.extend(stand_ins.certificates(setup["people"]))
    _sign.append(stand_ins.signing_with(setup["key"]))


def start(setup: dict[str, Any]) -> Callable[[int], bytes]:
    """Read the chain and give what draws and seals."""
    sealer = Sealer(SealChain.parse(setup["chain"]), _sign[0])

    def sealed(number: int) -> bytes:
        certificate, address = _certificates[number]
        return sealer.seal(draw(certificate, address, sealer.appearance))

    return sealed


def unwanted() -> list[str]:
    """What is loaded and should not be."""
    return sorted(UNWANTED & {name.partition(".")[0] for name in sys.modules})

"""The QR code as vectors: a square that every reader can take from a screen, a print or a bad photocopy."""

from dataclasses import dataclass
from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

QUIET_ZONE = 4
"""Modules of white on each side, as ISO/IEC 18004 wants."""
_SMALLEST_VERSION = 4
# Trying all eight masks takes most of the package's time. Our addresses end in random characters, so no mask
# can be known to suit them better than another.
_MASK = 3
_BYTES: Final = 4  # the mode for any text, as ISO/IEC 18004 numbers them


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code: the modules of one side without its quiet zone, and the path that fills the dark ones."""

    modules: int
    path: str
    """PDF operators; a module is a unit, the origin the quiet zone's upper left corner, y runs downwards."""

    @property
    def side(self) -> int:
        """Modules of one side with the quiet zone."""
        return self.modules + 2 * QUIET_ZONE


def symbol_of(address: str) -> Symbol:
    """The symbol of an address: error correction M (15 %), the smallest version from 4 on that holds it."""
    code = QRCode(version=_SMALLEST_VERSION, error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    code.add_data(QRData(address.encode("ascii"), _BYTES))
    code.make(fit=True)
    matrix = code.get_matrix()
    return Symbol(len(matrix), _path(matrix))


def _path(matrix: list[list[bool]]) -> str:
    """One path of horizontal runs: within a single path no reader leaves seams between neighbours."""
    runs: list[str] = []
    for row, modules in enumerate(matrix):
        column = 0
        while column < len(modules):
            end = column
            while end < len(modules) and modules[end]:
                end += 1
            if end > column:
                runs.append(f"{column + QUIET_ZONE} {row + QUIET_ZONE} {end - column} 1 re")
            column = end + 1
    return "0 g " + " ".join(runs) + " f"

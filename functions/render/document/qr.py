"""The QR code as vectors: a square that every reader can take from a screen, a print or a bad photocopy.

Symbols of one version and mask differ in the modules of their codewords alone. So the package `qrcode` draws
each version once, without data, and the codewords of an address are made and put in their places here, four
times as fast (ISO/IEC 18004, 7.4 to 7.7). Tests hold the symbols to those of the package.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, cycle, islice, zip_longest
from typing import Final

from qrcode.base import Polynomial, gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_ZONE = 4
"""Modules of white on each side, as ISO/IEC 18004 wants."""
_VERSIONS: Final = range(4, 41)
# Trying all eight masks takes most of the package's time. Our addresses end in random characters, so no mask
# can be known to suit them better than another.
_MASK: Final = 3
_BYTES: Final = 0b0100  # the mode for any text
_PADDING: Final = (0xEC, 0x11)
_TIMING: Final = 6


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
    """The symbol of an address: error correction M (15 %), the smallest version from 4 on that holds it.

    Raises:
        ValueError: no version holds it, or it is not ASCII.
    """
    data = address.encode("ascii")
    version = next((version for version in _VERSIONS if len(data) <= _room(version)), None)
    if version is None:
        raise ValueError(f"an address of {len(data)} characters is too long for a QR code")
    blank = _blank(version)
    modules = bytearray(blank.modules)
    bits = f"{int.from_bytes(_codewords(data, version)):0{len(blank.places)}b}"
    for place, bit in zip(blank.places, bits, strict=True):
        if bit == "1":
            modules[place] ^= 1
    return Symbol(blank.side, _path(bytes(modules), blank.side))


def _path(modules: bytes, side: int) -> str:
    """One path of horizontal runs: within a single path no reader leaves seams between neighbours."""
    runs: list[str] = []
    for row in range(side):
        line = modules[row * side : (row + 1) * side] + b"\0"  # a light module ends every run
        start = line.find(1)
        while start >= 0:
            end = line.find(0, start)
            runs.append(f"{start + QUIET_ZONE} {row + QUIET_ZONE} {end - start} 1 re")
            start = line.find(1, end)
    return "0 g " + " ".join(runs) + " f"


# ---------------------------------------------------------------- a version's symbol without data


@dataclass(frozen=True, slots=True)
class _Blank:
    side: int
    modules: bytes
    """Row by row, a byte each; 1 is dark. All codewords are zero."""
    places: tuple[int, ...]
    """Which module each bit of the codewords turns over."""


@cache
def _blank(version: int) -> _Blank:
    count = sum(block.total_count for block in rs_blocks(version, ERROR_CORRECT_M))
    modules, side = _drawn(version, bytes(count)), 4 * version + 17
    turned = _drawn(version, b"\xff" * count)
    places = (row * side + column for row, column in _upwards_and_downwards(side))
    return _Blank(side, modules, tuple(place for place in places if modules[place] != turned[place]))


def _upwards_and_downwards(side: int) -> Iterator[tuple[int, int]]:
    """The way of the codewords through a symbol: two columns up, two columns down, from the right on."""
    upwards = True
    for right in range(side - 1, 0, -2):
        column = right if right > _TIMING else right - 1  # the timing pattern's column is passed over
        for row in range(side - 1, -1, -1) if upwards else range(side):
            yield row, column
            yield row, column - 1
        upwards = not upwards


def _drawn(version: int, codewords: bytes) -> bytes:
    """The modules of a symbol, as the package draws it."""
    code = QRCode(version=version, error_correction=ERROR_CORRECT_M, mask_pattern=_MASK)
    code.data_cache = list(codewords)
    code.makeImpl(False, _MASK)
    return bytes(bool(module) for row in code.modules for module in row)


# ---------------------------------------------------------------- codewords


def _length_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _room(version: int) -> int:
    """How many bytes a version holds: what mode and length leave over."""
    data = sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))
    return (8 * data - 4 - _length_bits(version)) // 8


def _codewords(data: bytes, version: int) -> bytes:
    """Data and error correction, block by block, interleaved."""
    head = _BYTES << _length_bits(version) | len(data)
    # Mode, length and the terminator's four zeros are whole bytes together.
    bits = (head << 8 * len(data) | int.from_bytes(data)) << 4
    said = bits.to_bytes(len(data) + 1 + _length_bits(version) // 8)
    rest = chain(said, cycle(_PADDING))
    blocks = rs_blocks(version, ERROR_CORRECT_M)
    parts = [bytes(islice(rest, block.data_count)) for block in blocks]
    checks = [
        _check(part, block.total_count - block.data_count) for part, block in zip(parts, blocks, strict=True)
    ]
    return bytes(
        byte
        for column in chain(zip_longest(*parts), zip(*checks, strict=True))
        for byte in column
        if byte is not None
    )


def _check(data: bytes, count: int) -> bytes:
    """The Reed-Solomon code of a block: what is left of it, divided by the generator polynomial."""
    multiples, first = _multiples(count), 8 * (count - 1)
    rest, others = 0, (1 << first) - 1
    for byte in data:
        rest = (rest & others) << 8 ^ multiples[byte ^ rest >> first]
    return rest.to_bytes(count)


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """The generator polynomial of so many bytes without its first term, times each byte; as numbers."""
    generator = Polynomial([1], 0)
    for power in range(count):
        generator *= Polynomial([1, gexp(power)], 0)
    logarithms = [glog(term) for term in generator][1:]
    return (
        0,
        *(
            int.from_bytes(gexp(term + glog(byte)) for term in logarithms)
            for byte in range(1, 256)
        ),
    )  # fmt: skip

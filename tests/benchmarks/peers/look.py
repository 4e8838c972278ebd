"""What the peers share: the certificate's measures in points and its colours, the QR, the faces.

The measures are those of `render.document.style`, written down anew: this runs where our code is not.
"""

from collections.abc import Iterator
from typing import Any, Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 42.5, 552.76, 34.0, 810.7
BAND, SPACE, PADDING = 25.5, 8.5, 3.2
AREA, COLUMN = 75.0, 45.0
PANEL: Final = (147.4, 175.8, 187.1)
CODE_WIDTH, EMBLEM, MODULE, QUIET = 119.0, 42.5, 1.984, 4

INK, QUIET_INK, ACCENT = "#1c212b", "#5e6370", "#8b1725"
HAIRLINE, AREA_LINE, PAPER, WARNING = "#ccc9c4", "#8c8a87", "#f6f4f0", "#facc59"


def rectangles(address: str) -> tuple[int, Iterator[tuple[int, int, int]]]:
    """The QR's modules a side, and its dark runs: column, row, length. A fixed mask saves 10 ms."""
    code = QRCode(version=4, error_correction=ERROR_CORRECT_M, mask_pattern=3, border=0)
    code.add_data(address)
    code.make(fit=True)
    matrix = code.get_matrix()
    return len(matrix), _runs(matrix)


def _runs(matrix: list[list[bool]]) -> Iterator[tuple[int, int, int]]:
    for row, modules in enumerate(matrix):
        start = None
        for column, dark in enumerate([*modules, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                yield start, row, column - start
                start = None


def symbol_svg(address: str) -> str:
    """The QR as a drawing."""
    side, runs = rectangles(address)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>'


def frieze_svg(frieze: dict[str, Any]) -> str:
    """The frieze as a drawing."""
    shapes: list[str] = []
    numbers: list[str] = []
    colour = ""
    for word in frieze["path"].split():
        if word == "rg":
            colour, numbers = "#" + "".join(f"{round(float(part) * 255):02x}" for part in numbers), []
        elif word == "re":
            x, y, width, height = numbers
            shapes.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>')
            numbers = []
        elif word != "f":
            numbers.append(word)
    box = f"0 0 {frieze['width']} {frieze['height']}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(shapes)}</svg>'

"""The look of the certificate: page grid, type scale, colours. Measures are points; `MM` is a millimetre."""

from typing import Final

from constancia.domain.tables import Granularity
from render.document.sheet import Colour, Type
from render.document.typeface import bold, regular

MM: Final = 72 / 25.4

# ---------------------------------------------------------------- page grid (A4)

PAGE_WIDTH: Final = 210 * MM
PAGE_HEIGHT: Final = 297 * MM
LEFT: Final = 15 * MM
RIGHT: Final = PAGE_WIDTH - 15 * MM
TOP: Final = 12 * MM
BOTTOM: Final = PAGE_HEIGHT - 11 * MM
WIDTH: Final = RIGHT - LEFT
SPACE: Final = 3 * MM
"""What parts one thing from the next."""
ITEM_SPACE: Final = 0.5 * MM
"""What parts one item of a list from the next."""
LEGEND_WIDTH: Final = 58 * MM
"""How to read the marks, beside how to verify."""
TITLE_WIDTH: Final = 90 * MM
CODE_WIDTH: Final = 42 * MM
"""The upper right corner: virtual code and QR."""

EMBLEM_SIDE: Final = 15 * MM
QR_MODULE: Final = 0.7 * MM
QR_MODULE_SMALLEST: Final = 0.6 * MM
QR_SIDE: Final = 30 * MM
"""Symbols of more modules are printed with smaller ones, down to the smallest."""

# ---------------------------------------------------------------- colours

INK: Final[Colour] = (0.11, 0.13, 0.17)
QUIET: Final[Colour] = (0.37, 0.39, 0.44)
ACCENT: Final[Colour] = (0.545, 0.09, 0.145)
"""Of `emblem` too, with a gold of its own."""
WHITE: Final[Colour] = (1, 1, 1)
HAIRLINE: Final[Colour] = (0.8, 0.79, 0.77)
PAPER: Final[Colour] = (0.965, 0.957, 0.941)
"""The tint of what groups and frames."""

# ---------------------------------------------------------------- type scale

MINISTRY: Final = Type(bold(), 11.5, 14, INK)
STATE: Final = Type(regular(), 9, 12, QUIET)
CODE_LABEL: Final = Type(regular(), 7, 9, QUIET)
CODE: Final = Type(bold(), 13, 16, ACCENT)
TITLE: Final = Type(bold(), 19, 23, ACCENT)
SUBTITLE: Final = Type(regular(), 10.5, 14, INK)
BODY: Final = Type(regular(), 9.5, 13, INK)
NAME: Final = Type(bold(), 15, 19, INK)
HEADING: Final = Type(bold(), 11, 14, ACCENT)
SUBHEADING: Final = Type(bold(), 8, 11, INK)
NOTE: Final = Type(regular(), 7.6, 10.2, INK)
FOOT: Final = Type(regular(), 6.8, 9, QUIET)
RUNNING_TITLE: Final = Type(bold(), 7.6, 10.2, ACCENT)
RUNNING_CODE: Final = Type(bold(), 9.5, 12, ACCENT)

CELL: Final = Type(regular(), 7.2, 8.8, INK)
CELL_STRONG: Final = Type(bold(), 7.2, 8.8, INK)
CELL_EMPTY: Final = Type(regular(), 7.2, 8.8, QUIET)
FINAL: Final = Type(regular(), 6.2, 7.6, INK)
FINAL_LEAST: Final = 4.8
"""Final situations are printed smaller, down to this size, before one of their words is broken."""
COLUMN_HEAD: Final = Type(bold(), 8, 9.6, WHITE)
COLUMN_NOTE: Final = Type(regular(), 6.4, 8, INK)

# ---------------------------------------------------------------- tables

CELL_PADDING_X: Final = 3.2
CELL_PADDING_Y: Final = 1.7
RULE: Final = 0.5
STRONG_RULE: Final = 0.9
AREA_WIDTH: Final = 27 * MM
LABEL_WIDTH: Final = 62 * MM
"""The least that names of areas and competencias get."""
COLUMN_WIDTH: Final = {Granularity.AREA: 21 * MM, Granularity.COMPETENCIA: 16 * MM}
"""The most that a grade gets: names of competencias are long, names of areas are short."""
COLUMN_WIDTH_EMPTY: Final = {Granularity.AREA: 13 * MM, Granularity.COMPETENCIA: 10.5 * MM}
"""What a grade gets that was not studied in these years."""
COLUMNS: Final = 8
"""The most grades side by side; more of them stand in a further table."""

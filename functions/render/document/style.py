"""The look of the certificate: page grid, type scale, colours. Measures are points; `MM` is a millimetre."""

from dataclasses import dataclass
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
ITEM_SPACE: Final = 0.8 * MM
"""What parts one item of a list, or one paragraph of the closing panel, from the next."""
LIST_INDENT: Final = 46 * MM
"""Where the items of a list stand, beside its heading."""
SEAL_WIDTH: Final = 99 * MM
"""Issue and seal: the second of the closing panel's two columns."""
VERIFICATION_WIDTH: Final = WIDTH - SEAL_WIDTH
PANEL_PADDING: Final = 2.6 * MM
SEAL_MARK: Final = 12 * MM
"""The emblem at the seal's right end."""
PAGE_NUMBER_WIDTH: Final = 24 * MM
"""The right end of the foot."""
DIVIDER: Final = 0.4
"""Half the height of the line between two texts on one line, in sizes of their type."""
DEMO_BAND: Final = 9 * MM
"""From the page's upper edge down, with what a demonstration says of itself."""
TITLE_WIDTH: Final = 90 * MM
CODE_WIDTH: Final = 42 * MM
"""The upper right corner: virtual code and QR."""

EMBLEM_SIDE: Final = 15 * MM
QR_MODULE: Final = 0.7 * MM
QR_MODULE_SMALLEST: Final = 0.6 * MM
QR_SIDE: Final = 30 * MM
"""Symbols of more modules are printed with smaller ones, down to the smallest."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How close lines and parts are set, in points."""

    row: float
    """Over and under the text of a table's cell."""
    gap: float
    """What parts a table or a list from what stands above."""


USUAL: Final = Setting(row=1.5, gap=3 * MM)
CLOSE: Final = Setting(row=0.65, gap=2 * MM)
"""Where it spares a last page that would be nearly empty."""
NEARLY_EMPTY: Final = 1 / 5
"""A last page that is less full, without the closing panel, is spared, or shares what the one before has."""
LEFT_TO_LAST_PAGE: Final = 50 * MM
"""What the page before leaves it then."""

# ---------------------------------------------------------------- colours

INK: Final[Colour] = (0.11, 0.13, 0.17)
QUIET: Final[Colour] = (0.37, 0.39, 0.44)
ACCENT: Final[Colour] = (0.545, 0.09, 0.145)
"""Of `emblem` too, with a gold of its own."""
WHITE: Final[Colour] = (1, 1, 1)
HAIRLINE: Final[Colour] = (0.8, 0.79, 0.77)
AREA_LINE: Final[Colour] = (0.55, 0.54, 0.53)
"""Between areas, stronger than between the competencias of one."""
PAPER: Final[Colour] = (0.965, 0.957, 0.941)
"""The tint of what groups and frames."""
WARNING: Final[Colour] = (0.98, 0.8, 0.35)

# ---------------------------------------------------------------- type scale

# Noto Sans has tall small letters: 7 points of it are as high as 8 of most faces, and survive a photocopy.
# Marks and names of areas are larger; only final situations, whose words are long, are smaller: they come in
# capitals, and those are as tall as the small letters of marks.

MINISTRY: Final = Type(bold(), 11.5, 14, INK)
STATE: Final = Type(regular(), 9, 12, QUIET)
CODE_LABEL: Final = Type(regular(), 7.4, 9, QUIET)
CODE: Final = Type(bold(), 13, 16, ACCENT)
TITLE: Final = Type(bold(), 19, 22.5, ACCENT)
SUBTITLE: Final = Type(regular(), 10.5, 14, INK)
BODY: Final = Type(regular(), 9.6, 13, INK)
NAME: Final = Type(bold(), 15, 20, INK)
HEADING: Final = Type(bold(), 11.5, 14, ACCENT)
SUBHEADING: Final = Type(bold(), 8.4, 11, INK)
CONTINUED: Final = Type(regular(), 8.4, 11, QUIET)
NOTE: Final = Type(regular(), 8, 10.6, INK)
NOTE_STRONG: Final = Type(bold(), 8, 10.6, ACCENT)
PANEL: Final = Type(regular(), 7.6, 9.8, INK)
PANEL_STRONG: Final = Type(bold(), 7.6, 9.8, ACCENT)
DEMO: Final = Type(bold(), 9, 11, INK)
FOOT: Final = Type(regular(), 7.2, 9.2, QUIET)
RUNNING_TITLE: Final = Type(bold(), 8, 10.2, ACCENT)
RUNNING_LEVEL: Final = Type(bold(), 8, 10.2, INK)
RUNNING_CODE: Final = Type(bold(), 9.5, 12, ACCENT)

CELL: Final = Type(regular(), 7.6, 9.2, INK)
CELL_STRONG: Final = Type(bold(), 7.6, 9.2, INK)
MARK: Final = Type(regular(), 8.2, 9.2, INK)
MARK_EMPTY: Final = Type(regular(), 8.2, 9.2, QUIET)
FINAL: Final = Type(regular(), 6.2, 7.8, INK)
FINAL_LEAST: Final = 5.4
"""Final situations are printed smaller, down to this size, before one of their words is broken."""
COLUMN_HEAD: Final = Type(bold(), 8.4, 10, WHITE)
COLUMN_NOTE: Final = Type(regular(), 7, 8.4, INK)

# ---------------------------------------------------------------- tables

CELL_PADDING_X: Final = 3.2
FINAL_PADDING_X: Final = 6.4
"""Between a final situation and the lines on both sides of it."""
RULE: Final = 0.5
STRONG_RULE: Final = 0.9
AREA_WIDTH: Final = 26.5 * MM
LABEL_WIDTH: Final = {Granularity.AREA: 62 * MM, Granularity.COMPETENCIA: 108 * MM}
"""What names of areas and competencias get before grades share the rest alike."""
LABEL_WIDTH_LEAST: Final = 56 * MM
"""What names get where many grades were studied."""
COLUMN_WIDTH: Final = 15 * MM
"""What a grade gets at least, if it was studied; more where the words of its final situation need it."""
COLUMN_WIDTH_MOST: Final = {Granularity.AREA: 40 * MM, Granularity.COMPETENCIA: 20 * MM}
"""What a grade gets at most, where few share the width: marks stay near the names of their rows."""
COLUMN_WIDTH_EMPTY: Final = 9.2 * MM
"""What a grade gets that was not studied in these years, where there is no room for columns alike."""

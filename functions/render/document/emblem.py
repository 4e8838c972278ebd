"""The project's emblem, a sun that rises over an open book, and the frieze that ends the first page's head.

Neutral, not the coat of arms, and replaceable: put another drawing in the place of `EMBLEM`, and its
description in the place of `wording.EMBLEM_TEXT`, which is read to those who can't see it. Drawings are PDF
path operators, y downwards.
"""

from math import cos, pi, sin

SIDE = 100
"""The emblem's square."""


def _ray(degrees: float) -> str:
    """A wedge that points away from the sun's centre."""
    angle, spread = degrees * pi / 180, 5.2 * pi / 180
    corners = ((20, angle - spread), (38, angle), (20, angle + spread))
    points = [f"{50 + radius * cos(turn):.2f} {55 - radius * sin(turn):.2f}" for radius, turn in corners]
    return f"{points[0]} m {points[1]} l {points[2]} l h"


_RAYS = " ".join(_ray(degrees) for degrees in range(0, 181, 20))

EMBLEM = (
    # ring
    "0.545 0.09 0.145 RG 3.2 w "
    "50 3 m 75.96 3 97 24.04 97 50 c 97 75.96 75.96 97 50 97 c "
    "24.04 97 3 75.96 3 50 c 3 24.04 24.04 3 50 3 c h S "
    # sun: half a disc and its rays
    f"0.835 0.600 0.180 rg {_RAYS} f "
    "34 55 m 34 46.16 41.16 39 50 39 c 58.84 39 66 46.16 66 55 c h f "
    # book: two pages that meet in the middle
    "0.545 0.09 0.145 rg "
    "50 63 m 43 56.5 31 54.5 17 56.5 c 17 80.5 l 31 78.5 43 80.5 50 87 c "
    "57 80.5 69 78.5 83 80.5 c 83 56.5 l 69 54.5 57 56.5 50 63 c h f "
    "1 1 1 RG 1.6 w 50 63 m 50 86 l S "
    "1 1 1 RG 1.3 w 22 63 m 31 62 39 63.5 45 67.5 c S 22 70 m 31 69 39 70.5 45 74.5 c S "
    "78 63 m 69 62 61 63.5 55 67.5 c S 78 70 m 69 69 61 70.5 55 74.5 c S"
)

_STEPS = 56
FRIEZE_WIDTH = 6 * _STEPS
FRIEZE_HEIGHT = 4
FRIEZE = (
    # Stepped pyramids, as Andean weavers have drawn them for three thousand years, gold ones hanging between.
    "0.545 0.09 0.145 rg "
    + " ".join(
        f"{6 * step} 2 5 1 re {6 * step + 1} 1 3 1 re {6 * step + 2} 0 1 1 re" for step in range(_STEPS)
    )
    + f" 0 3 {FRIEZE_WIDTH} 1 re f 0.835 0.6 0.18 rg "
    + " ".join(f"{6 * step + 5} 0 1 1 re" for step in range(_STEPS))
    + " f"
)

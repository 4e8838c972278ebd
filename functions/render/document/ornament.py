"""The frieze that ends the first page's head: stepped pyramids, as Andean weavers have drawn them for three
thousand years, gold ones hanging between.
"""

from typing import Final

from render.document.svg import Drawing

_STEPS: Final = 56

FRIEZE: Final = Drawing(
    6 * _STEPS,
    4,
    "0.545 0.09 0.145 rg "
    + " ".join(
        f"{6 * step} 2 5 1 re {6 * step + 1} 1 3 1 re {6 * step + 2} 0 1 1 re" for step in range(_STEPS)
    )
    + f" 0 3 {6 * _STEPS} 1 re f 0.835 0.6 0.18 rg "
    + " ".join(f"{6 * step + 5} 0 1 1 re" for step in range(_STEPS))
    + " f",
    "",
)

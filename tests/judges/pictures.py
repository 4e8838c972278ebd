"""Reference pictures: how every page of every scenario person looked when somebody last looked at it.

`make pictures` writes them anew; look at what changed before you commit it. pdfium draws them, 72 dots an
inch and each colour in 16 steps, so that they are small.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageChops

from tests.people import file_of, scenario_people

FOLDER: Final = Path(__file__).parents[1] / "data" / "pictures"
_STEP: Final = 17
TOLERANCE: Final = 2 * _STEP
"""How much of 255 a pixel may differ in any colour: what rounding makes of it on another kind of machine."""


def pages(data: bytes) -> Iterator[Image.Image]:
    """Every page of a file as a picture."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            picture = page.render(scale=1).to_pil().convert("RGB")
            yield picture.point([(value + _STEP // 2) // _STEP * _STEP for value in range(256)] * 3)


def gallery() -> Iterator[tuple[Path, Image.Image]]:
    """Every page of every scenario person as it looks now, and where its reference picture is kept."""
    for person in scenario_people():
        for number, picture in enumerate(pages(file_of(person)), start=1):
            yield FOLDER / f"{person.name}-{number}.png", picture


def kept(path: Path) -> Image.Image | None:
    """A reference picture."""
    if not path.exists():
        return None
    with Image.open(path) as picture:
        return picture.convert("RGB")


def difference(seen: Image.Image, before: Image.Image | None) -> Image.Image | None:
    """As it was, as it is, and what differs, side by side; nothing where both are the same to the eye."""
    if before is None:
        return seen
    if before.size == seen.size:
        apart = ImageChops.difference(seen, before)
        if max(apart.tobytes()) <= TOLERANCE:
            return None
    else:
        apart = Image.new("RGB", seen.size, "white")
    pair = (before, seen, ImageChops.invert(apart))
    sheet = Image.new("RGB", (sum(one.width for one in pair), max(one.height for one in pair)), "white")
    for number, picture in enumerate(pair):
        sheet.paste(picture, (sum(one.width for one in pair[:number]), 0))
    return sheet


def main() -> None:
    """Write the pictures of pages that look otherwise; remove those of nobody."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    others = set(FOLDER.glob("*.png"))
    for path, picture in gallery():
        if difference(picture, kept(path)) is not None:
            picture.quantize(256).save(path, optimize=True)
            print(f"written: {path.name}")
        others.discard(path)
    for path in others:
        path.unlink()
        print(f"gone: {path.name}")


if __name__ == "__main__":
    main()

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


def path_of(name: str, number: int) -> Path:
    """Where a person's picture of a page, counted from 1, is kept."""
    return FOLDER / f"{name}-{number}.png"


def difference(seen: Image.Image, kept: Image.Image) -> Image.Image | None:
    """Both pictures and what differs, side by side; nothing where they are the same to the eye."""
    if seen.size == kept.size:
        apart = ImageChops.difference(seen, kept)
        if max(apart.tobytes()) <= TOLERANCE:
            return None
    else:
        apart = Image.new("RGB", kept.size, "red")
    sheet = Image.new("RGB", (seen.width + kept.width + apart.width, max(seen.height, kept.height)), "white")
    for picture, left in ((kept, 0), (seen, kept.width), (ImageChops.invert(apart), kept.width + seen.width)):
        sheet.paste(picture, (left, 0))
    return sheet


def main() -> None:
    """Write all pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    before = set(FOLDER.glob("*.png"))
    for person in scenario_people():
        for number, picture in enumerate(pages(file_of(person)), start=1):
            path = path_of(person.name, number)
            before.discard(path)
            if path.exists():
                with Image.open(path) as kept:
                    if difference(picture, kept.convert("RGB")) is None:
                        continue
            picture.quantize(256).save(path, optimize=True)
            print(f"written: {path.name}")
    for path in before:
        path.unlink()
        print(f"gone: {path.name}")


if __name__ == "__main__":
    main()

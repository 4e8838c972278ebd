"""What two files show, page by page: words by their places, and pixels with annotations drawn.

The genuine file tells which field stands where (`infra.verify.structure`); a letter of the other file counts
for the field that it stands at. What has the same letters and other pixels has something drawn over it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from statistics import StatisticsError, linear_regression, median

from PIL import Image, ImageChops

from infra.verify.findings import Difference, Source
from infra.verify.pages import DPI, Annotation, Box, Letter, Page, View, said, squeezed
from infra.verify.structure import names_of_places

MOST_PAGES = 100
_REACH = (24.0, 5.0)
"""How far beside and above a text, in points, a letter may stand that takes its place."""
_FAINT = 60
"""Grey levels of 255 that may differ: anti-aliasing."""
_ALIKE = 0.5
"""The part of a page's words that makes it the same page."""
_PIXEL = 72 / DPI


@dataclass(frozen=True, slots=True)
class Place:
    """A line of text, or a figure, of the genuine file: where it is and which field it belongs to."""

    field: str
    box: Box


@dataclass(slots=True)
class Comparison:
    """What differs between a genuine file and another, as they are seen."""

    differences: list[Difference] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    """What was laid over pages, seen or not."""
    pages: list[str] = field(default_factory=list)
    """Pages that are missing, strange, or in another order."""
    limits: list[str] = field(default_factory=list)
    """Why something was not compared."""
    alike: float = 1.0
    """The part of the genuine file's words that the other has, 0 to 1."""
    pictures: bool = False
    """The other shows pages without a single letter: a scan, whose words can't be read here."""


def compare(issued: View, view: View, facts: Mapping[str, str], *, pixels: bool = True) -> Comparison:
    """Hold the pages of a file against those of the genuine one; without pixels, their letters alone."""
    places = _places(issued, facts)
    found = Comparison()
    issued_pages, pages = issued.pages(MOST_PAGES), view.pages(MOST_PAGES)
    issued_letters = [page.letters() for page in issued_pages]
    letters = [page.letters() if page.drawable else [] for page in pages]
    found.pictures = not any(letters)
    found.alike = _overlap(_words(chain(*issued_letters)), _words(chain(*letters)))
    if found.pictures:
        return found
    partners = _partners(issued_letters, letters)
    for number, page in enumerate(pages):
        partner = partners[number]
        if partner is None:
            found.pages.append(f"page {number + 1} of the file is no page of the certificate")
            continue
        if partner != number:
            found.pages.append(f"page {number + 1} of the file shows page {partner + 1} of the certificate")
        sheets = _Sheets(issued_pages[partner], page, places[partner], found)
        sheets.compare(issued_letters[partner], letters[number], pixels=pixels)
    missing = set(range(len(issued_pages))) - set(partners)
    found.pages += [f"page {number + 1} of the certificate is missing" for number in sorted(missing)]
    if view.page_count > len(pages):
        found.limits.append(f"{view.page_count - len(pages)} further pages were not looked at")
    return found


def _places(issued: View, facts: Mapping[str, str]) -> list[list[Place]]:
    """The places of each page; what no element owns (heads and feet that every page repeats) by its words."""
    pages = issued.pages(MOST_PAGES)
    drawn = [page.pieces() for page in pages]
    texts: dict[tuple[int, int], list[str]] = defaultdict(list)
    for number, pieces in enumerate(drawn):
        for piece in pieces:
            if piece.mark >= 0:
                texts[number, piece.mark].append(piece.text)
    names = names_of_places(issued.data, lambda mark: " ".join(texts.get(mark, ())), facts)
    return [
        [
            Place(
                names.get((number, piece.mark)) or f"page {number + 1}, «{_short(piece.text)}»",
                piece.box,
            )
            for piece in pieces
            if piece.text.strip() or (number, piece.mark) in names
        ]
        for number, pieces in enumerate(drawn)
    ]


# ---------------------------------------------------------------- which page is which


def _words(letters: Iterable[Letter]) -> Counter[str]:
    return Counter(said(letters).split())


def _overlap(issued: Counter[str], found: Counter[str]) -> float:
    return (issued & found).total() / max(1, issued.total())


def _partners(issued: Sequence[Sequence[Letter]], found: Sequence[Sequence[Letter]]) -> list[int | None]:
    """For each page of the file the page of the certificate that it shows, each at most once."""
    issued_words, found_words = [_words(page) for page in issued], [_words(page) for page in found]
    pairs = sorted(
        (
            (-_overlap(one, other), abs(at - number), number, at)
            for number, other in enumerate(found_words)
            for at, one in enumerate(issued_words)
        ),
    )
    partners: list[int | None] = [None] * len(found)
    taken: set[int] = set()
    for alike, _, number, at in pairs:
        if partners[number] is None and at not in taken and (-alike >= _ALIKE or number == at):
            partners[number] = at
            taken.add(at)
    return partners


# ---------------------------------------------------------------- one page


class _Sheets:
    """A page of the certificate, and the page of the file that shows it."""

    def __init__(self, issued: Page, page: Page, places: Sequence[Place], found: Comparison) -> None:
        self._issued = issued
        self._page = page
        self._places = places
        self._found = found
        self._name = f"page {page.index + 1}"

    def compare(self, issued: Sequence[Letter], letters: Sequence[Letter], *, pixels: bool) -> None:
        """Add what differs."""
        annotations = self._new_annotations()
        same_size = all(abs(a - b) < 1 for a, b in zip(self._issued.size, self._page.size, strict=True))
        if not same_size:
            self._found.limits.append(f"{self._name} has another size")
        moved = _moved(issued, letters)
        if moved is not None:
            self._found.limits.append(f"{self._name} is scaled or moved; its pixels were not compared")
            letters = moved
        mask = self._mask() if pixels and same_size and moved is None else None
        told = self._letters(issued, letters, mask)
        if mask is not None:
            for letter in told:
                _blank(mask, _grown(letter.box, 2, 2))
            self._pixels(mask)
        for annotation in annotations:
            self._found.annotations.append(self._told(annotation))

    # ------------------------------------------------------------ letters

    def _letters(
        self, issued: Sequence[Letter], letters: Sequence[Letter], mask: Image.Image | None
    ) -> list[Letter]:
        """Tell the fields whose letters differ; gives all letters that were or are there."""
        if len(issued) == len(letters) and all(map(Letter.same_as, issued, letters)):
            return []
        before, after = self._by_field(issued), self._by_field(letters)
        told = []
        for name in dict.fromkeys([*before, *after]):
            was, now = before.get(name, []), after.get(name, [])
            if squeezed(was) != squeezed(now) and squeezed(_by_place(was)) != squeezed(_by_place(now)):
                told += [*was, *now]
                self._found.differences.append(self._difference(name, was, now, mask))
        return told

    def _difference(
        self, name: str, was: Sequence[Letter], now: Sequence[Letter], mask: Image.Image | None
    ) -> Difference:
        record, file, note = said(was) or None, said(now) or None, None
        extra = _laid_over(was, now)
        if extra is not None and mask is not None:
            visible = any(_crop(mask, letter.box).getbbox() for letter in (*extra, *was))
            file, note = said(extra), "written over it" if visible else "written there, but not to be seen"
        return Difference(Source.PRINT, name, record, file, note)

    def _by_field(self, letters: Iterable[Letter]) -> dict[str, list[Letter]]:
        fields: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            fields[self._field_at(letter.middle) or f"{self._name}, where nothing stands"].append(letter)
        return fields

    def _field_at(self, point: tuple[float, float]) -> str | None:
        return self._nearest((point[0], point[1], point[0], point[1]), *_REACH)

    def _nearest(self, box: Box, across: float, upright: float) -> str | None:
        """The field of the nearest place within a distance."""

        def distance(place: Place) -> float:
            x, y = _apart(place.box, box)
            return x + 4 * y if x <= across and y <= upright else float("inf")

        nearest = min(self._places, key=distance, default=None)
        return None if nearest is None or distance(nearest) == float("inf") else nearest.field

    # ------------------------------------------------------------ pixels

    def _mask(self) -> Image.Image | None:
        """White where the pages look different."""
        if not self._page.drawable:
            return None
        one, other = self._issued.image(), self._page.image()
        if one.size != other.size:
            return None
        return ImageChops.difference(one, other).point(lambda grey: 255 if grey > _FAINT else 0)

    def _pixels(self, mask: Image.Image) -> None:
        """Tell where it looks different though the letters are the same."""
        if mask.getbbox() is None:
            return
        places = [place for place in self._places if _crop(mask, place.box).getbbox()]
        for name in dict.fromkeys(place.field for place in places):
            self._found.differences.append(
                Difference(Source.PRINT, name, "as issued", "looks different", "drawn over")
            )
        for place in places:
            _blank(mask, _grown(place.box, *_REACH))
        rest = mask.getbbox()
        if rest is not None:
            height = mask.size[1]
            left, top, right, bottom = (side * _PIXEL for side in rest)
            paper = height * _PIXEL
            box = (left, paper - bottom, right, paper - top)
            self._found.differences.append(
                Difference(Source.PRINT, self._beside(box), "as issued", "looks different", "drawn beside it")
            )

    def _beside(self, box: Box) -> str:
        name = self._nearest(box, float("inf"), float("inf"))
        where = f"{self._name}, {box[0]:.0f} to {box[2]:.0f} by {box[1]:.0f} to {box[3]:.0f} points"
        return f"{where}, near {name}" if name else where

    # ------------------------------------------------------------ annotations

    def _new_annotations(self) -> list[Annotation]:
        known = Counter((each.kind, *map(round, each.box)) for each in self._issued.annotations())
        fresh = []
        for each in self._page.annotations():
            key = (each.kind, *map(round, each.box))
            if known[key]:
                known[key] -= 1
            else:
                fresh.append(each)
        return fresh

    def _told(self, annotation: Annotation) -> str:
        over = self._nearest(annotation.box, *_REACH)
        text = f" that says «{_short(annotation.text)}»" if annotation.text else ""
        place = f", over {over}" if over else ""
        return f"{self._name} has an annotation ({annotation.kind}){text}{place}"


# ---------------------------------------------------------------- geometry


def _apart(one: Box, other: Box) -> tuple[float, float]:
    """How far two boxes are apart, across and upright; 0 where they overlap."""
    return (
        max(0.0, one[0] - other[2], other[0] - one[2]),
        max(0.0, one[1] - other[3], other[1] - one[3]),
    )


def _grown(box: Box, across: float, upright: float) -> Box:
    return box[0] - across, box[1] - upright, box[2] + across, box[3] + upright


def _in_pixels(mask: Image.Image, box: Box) -> tuple[int, int, int, int]:
    left, bottom, right, top = (side / _PIXEL for side in _grown(box, 1, 1))
    width, height = mask.size
    return (
        max(0, min(width, int(left))),
        max(0, min(height, int(height - top))),
        max(0, min(width, int(right) + 1)),
        max(0, min(height, int(height - bottom) + 1)),
    )


def _crop(mask: Image.Image, box: Box) -> Image.Image:
    return mask.crop(_in_pixels(mask, box))


def _blank(mask: Image.Image, box: Box) -> None:
    mask.paste(0, _in_pixels(mask, box))


def _by_place(letters: Iterable[Letter]) -> list[Letter]:
    """Letters from left to right, line by line: another program may have drawn them in another order."""
    return sorted(letters, key=lambda letter: (-round(letter.box[1] / 3), letter.box[0]))


def _laid_over(was: Sequence[Letter], now: Sequence[Letter]) -> list[Letter] | None:
    """What was written in addition, where all that was there is there still."""
    if not was or len(now) <= len(was):
        return None
    rest = list(now)
    for letter in was:
        same = next((each for each in rest if each.same_as(letter)), None)
        if same is None:
            return None
        rest.remove(same)
    return rest


def _moved(issued: Sequence[Letter], letters: Sequence[Letter]) -> list[Letter] | None:
    """The letters moved back to where they stand in the certificate, if the page was scaled or moved.

    Printing to a file scales pages. The first letters of the words that stand once on either page tell how.
    """
    one, other = _unique_words(issued), _unique_words(letters)
    pairs = [(other[word], one[word]) for word in one.keys() & other.keys()]
    if len(pairs) < 6:
        return None
    try:
        across = linear_regression([new[0] for new, _ in pairs], [old[0] for _, old in pairs])
        upright = linear_regression([new[1] for new, _ in pairs], [old[1] for _, old in pairs])
    except StatisticsError:
        return None
    shift = median(abs(new[0] - old[0]) + abs(new[1] - old[1]) for new, old in pairs)
    if shift < 2:
        return None

    def back(box: Box) -> Box:
        (slope_x, base_x), (slope_y, base_y) = across, upright
        return (
            slope_x * box[0] + base_x,
            slope_y * box[1] + base_y,
            slope_x * box[2] + base_x,
            slope_y * box[3] + base_y,
        )

    return [replace(letter, box=back(letter.box)) for letter in letters]


def _short(text: str) -> str:
    return " ".join(text.split())[:60]


def _unique_words(letters: Sequence[Letter]) -> dict[str, tuple[float, float]]:
    """Where the words stand that a page has once."""
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    start = 0
    text = said(letters)
    for word in text.split():
        if len(word) > 4:
            places[word].append((letters[start].box[0], letters[start].box[1]))
        start += len(word)
    return {word: found[0] for word, found in places.items() if len(found) == 1}

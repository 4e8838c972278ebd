"""The structure tree as PDF objects (ISO 32000-1, 14.7): the elements, and how marks lead back to them.

A certificate has some six hundred elements, nine tenths of all its objects. So they are written in one pass:
an element's number is its place in the order of reading.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from render.document.objects import text_string
from render.document.sheet import Copy, Element, Field, Mark, Sheet


class Tree:
    """A structure tree whose objects are numbered from `first` on: root, parent tree, elements."""

    def __init__(self, first: int, pages: Sequence[str], field: str) -> None:
        """Pages and the signature's widget are given by the references of their objects: `3 0 R`."""
        self._first = first
        self._elements = Elements(first + 2, tuple(pages), field)

    def objects(self, document: Element, sheets: Sequence[Sheet]) -> list[str]:
        """Each object, whole. `document` is the root element."""
        written = self._elements
        top = written.add(document, f"{self._first} 0 R")
        parents = f"{self._first + 1} 0 R"
        return [
            _object(self._first, f"/Type /StructTreeRoot /K {top} /ParentTree {parents}"),
            _object(self._first + 1, _parent_tree(sheets, written.numbers)),
            *written.objects,
        ]


class Elements:
    """Elements as they are written, numbered from `first` on."""

    def __init__(self, first: int, pages: tuple[str, ...], field: str) -> None:
        self.objects: list[str] = []
        self.numbers: dict[Element | Field, int] = {}
        self.blanks: list[tuple[int, int]] = []
        """Of a form: the place among the objects of each cell that is filled in, and its filling's number."""
        self._first, self._pages, self._field = first, pages, field

    def add(self, element: Element, parent: str) -> str:
        """Write an element and what is below it, and tell its reference."""
        place = len(self.objects)
        self.objects.append("")
        number = self.numbers[element] = self._first + place
        reference = f"{number} 0 R"
        page: int | None = None  # that of the first mark; marks on another one say so themselves
        kids: list[str] = []
        for kid in element.kids:
            if isinstance(kid, Mark):
                page = kid.page if page is None else page
                if kid.page == page:
                    kids.append(str(kid.number))
                else:
                    kids.append(f"<</Type /MCR /Pg {self._pages[kid.page]} /MCID {kid.number}>>")
            elif isinstance(kid, Element):
                kids.append(self.add(kid, reference))
            elif isinstance(kid, Copy):
                kids.append(self._copy(kid, reference))
            else:
                kids.append(f"<</Type /OBJR /Obj {self._field} /Pg {self._pages[kid.page]}>>")
                self.numbers[kid] = number
        if element.blank is not None:
            self.blanks.append((place, element.blank))
        on_page = "" if page is None else f" /Pg {self._pages[page]}"
        self.objects[place] = _object(
            number,
            f"/S /{element.role} /P {parent} /K [{' '.join(kids)}]{on_page}"
            f"{_attributes(element)}{_spoken(element)}",
        )
        return reference

    def _copy(self, copy: Copy, parent: str) -> str:
        number = self._first + len(self.objects)
        form = _form(copy.element, number, parent, self._pages[copy.page :])
        objects = list(form.objects)
        for place, blank in form.blanks:
            if aloud := copy.fillings[blank].aloud:
                objects[place] = f"{objects[place].removesuffix(_END)} /E {text_string(aloud)}{_END}"
        self.objects += objects
        self.numbers |= form.numbers
        return f"{number} 0 R"


@lru_cache(64)
def _form(element: Element, number: int, parent: str, pages: tuple[str, ...]) -> Elements:
    """A form's elements, with nothing filled in."""
    written = Elements(number, pages, "")
    written.add(element, parent)
    return written


_END: Final = ">>\nendobj"


def _object(number: int, entries: str) -> str:
    return f"{number} 0 obj\n<<{entries}{_END}"


def _parent_tree(sheets: Sequence[Sheet], numbers: dict[Element | Field, int]) -> str:
    """From each page's marks to their elements; the field's number comes after those of the pages."""
    pages = [
        f"{sheet.index} [{' '.join([f'{numbers[owner]} 0 R' for owner in sheet.owners])}]" for sheet in sheets
    ]
    form = next(number for owner, number in numbers.items() if isinstance(owner, Field))
    return f"/Nums [{' '.join(pages)} {len(sheets)} {form} 0 R]"


def _attributes(element: Element) -> str:
    if element.attributes:
        return f" /A <</O /Table {element.attributes}>>"
    if element.summary is not None:
        return f" /A <</O /Table /Summary {text_string(element.summary)}>>"
    if element.box is not None:
        return f" /A <</O /Layout /BBox [{' '.join(f'{value:.2f}' for value in element.box)}]>>"
    return ""


def _spoken(element: Element) -> str:
    said = ""
    if element.alternative is not None:
        said += f" /Alt {text_string(element.alternative)}"
    if element.expansion is not None:
        said += f" /E {text_string(element.expansion)}"
    if element.replacement is not None:
        said += f" /ActualText {text_string(element.replacement)}"
    if element.language is not None:
        said += f" /Lang {text_string(element.language)}"
    return said

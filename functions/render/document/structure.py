"""The structure tree as PDF objects (ISO 32000-1, 14.7): the elements, and how marks lead back to them.

A certificate has some six hundred elements, nine tenths of all its objects. So they are written in one pass:
an element's number is its place in the order of reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from render.document.sheet import Element, Field, Mark, Sheet


@dataclass(frozen=True, slots=True)
class Tree:
    """A structure tree whose objects are numbered from `first` on: root, parent tree, elements."""

    first: int
    pages: Sequence[str]
    """The reference of each page's object: `3 0 R`."""
    field: str
    """That of the signature's widget."""

    def objects(self, document: Element, sheets: Sequence[Sheet]) -> list[str]:
        """What stands within each object. `document` is the root element."""
        numbers: dict[Element | Field, int] = {}
        elements: list[str] = []
        self._write(document, f"{self.first} 0 R", elements, numbers)
        root, parents = f"{numbers[document]} 0 R", f"{self.first + 1} 0 R"
        return [
            f"<</Type /StructTreeRoot /K {root} /ParentTree {parents}>>",
            _parent_tree(sheets, numbers),
            *elements,
        ]

    def _write(
        self, element: Element, parent: str, elements: list[str], numbers: dict[Element | Field, int]
    ) -> str:
        """Write an element and what is below it, and tell its reference."""
        place = len(elements)
        elements.append("")
        number = numbers[element] = self.first + 2 + place
        reference = f"{number} 0 R"
        page: int | None = None  # that of the first mark; marks on another one say so themselves
        kids: list[str] = []
        for kid in element.kids:
            if isinstance(kid, Mark):
                page = kid.page if page is None else page
                if kid.page == page:
                    kids.append(str(kid.number))
                else:
                    kids.append(f"<</Type /MCR /Pg {self.pages[kid.page]} /MCID {kid.number}>>")
            elif isinstance(kid, Element):
                kids.append(self._write(kid, reference, elements, numbers))
            else:
                kids.append(f"<</Type /OBJR /Obj {self.field} /Pg {self.pages[kid.page]}>>")
                numbers[kid] = number
        on_page = "" if page is None else f" /Pg {self.pages[page]}"
        elements[place] = (
            f"<</Type /StructElem /S /{element.role} /P {parent} /K [{' '.join(kids)}]{on_page}"
            f"{_attributes(element)}{_spoken(element)}>>"
        )
        return reference


def _parent_tree(sheets: Sequence[Sheet], numbers: dict[Element | Field, int]) -> str:
    """From each page's marks to their elements; the field's number comes after those of the pages."""
    pages = [
        f"{sheet.index} [{' '.join([f'{numbers[owner]} 0 R' for owner in sheet.owners])}]" for sheet in sheets
    ]
    form = next(number for owner, number in numbers.items() if isinstance(owner, Field))
    return f"<</Nums [{' '.join(pages)} {len(sheets)} {form} 0 R]>>"


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


def text_string(text: str) -> str:
    """A text as PDF holds it outside of pages (ISO 32000-1, 7.9.2.2): ASCII, or UTF-16 with its mark."""
    if text.isascii():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<feff{text.encode('utf-16-be').hex()}>"

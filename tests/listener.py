"""Hears a PDF as a screen reader tells it: the structure tree in its order, through pdfium.

Of each element its replacement, its expansion or its alternative text is heard, in this order, else what
stands on the page.
"""

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Heard:
    """An element with what it says itself and what its children say."""

    role: str
    text: str
    language: str
    """Where it is not the document's."""
    attributes: frozenset[str] = frozenset()
    children: "tuple[Heard, ...]" = field(default=(), repr=False)

    @property
    def said(self) -> str:
        """All of it, as it is heard."""
        return " ".join(self.text.split())

    def all(self, role: str) -> "list[Heard]":
        """The elements of a role within this one, in order."""
        return [one for one in self.walk() if one.role == role]

    def walk(self) -> "Iterator[Heard]":
        """This element and all within it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def listen(data: bytes) -> list[Heard]:
    """The `Document` of each page: what is heard of it on that page."""
    with pypdfium2.PdfDocument(data) as document:
        return [_page(page) for page in document]


def _page(page: pypdfium2.PdfPage) -> Heard:
    texts = _texts(page)
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    try:
        assert raw.FPDF_StructTree_CountChildren(tree) == 1
        return _heard(raw.FPDF_StructTree_GetChildAtIndex(tree, 0), texts)
    finally:
        raw.FPDF_StructTree_Close(tree)


def _texts(page: pypdfium2.PdfPage) -> dict[int, str]:
    """What stands in each marked piece of the page."""
    words = page.get_textpage()
    texts: dict[int, str] = defaultdict(str)
    for item in page.get_objects():
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            mark = raw.FPDFPageObj_GetMarkedContentID(item.raw)
            texts[mark] += _string(raw.FPDFTextObj_GetText, item.raw, words.raw)
    return texts


def _heard(element: Any, texts: dict[int, str]) -> Heard:
    children, pieces = [], []
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            heard = _heard(child, texts)
            children.append(heard)
            pieces.append(heard.text if heard.role == "Span" else f" {heard.text} ")
        else:
            mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            pieces.append(texts.get(mark, "") if mark >= 0 else "")
    instead = (
        _string(ask, element)
        for ask in (
            raw.FPDF_StructElement_GetActualText,
            raw.FPDF_StructElement_GetExpansion,
            raw.FPDF_StructElement_GetAltText,
        )
    )
    return Heard(
        role=_string(raw.FPDF_StructElement_GetType, element),
        text=next(filter(None, instead), "".join(pieces)),
        language=_string(raw.FPDF_StructElement_GetLang, element),
        attributes=frozenset(_attributes(element)),
        children=tuple(children),
    )


def _attributes(element: Any) -> Iterator[str]:
    for index in range(raw.FPDF_StructElement_GetAttributeCount(element)):
        attribute = raw.FPDF_StructElement_GetAttributeAtIndex(element, index)
        for number in range(raw.FPDF_StructElement_Attr_GetCount(attribute)):
            size = ctypes.c_ulong()
            raw.FPDF_StructElement_Attr_GetName(attribute, number, None, 0, size)
            name = ctypes.create_string_buffer(size.value)
            raw.FPDF_StructElement_Attr_GetName(attribute, number, name, size.value, size)
            yield name.value.decode()


def _string(ask: Callable[..., int], *of: Any) -> str:
    """What pdfium answers in UTF-16, asked for its length first."""
    size = ask(*of, None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * ((size + 1) // 2))()
    ask(*of, buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")

"""The PDF-level work: from drawn pages to the bytes of a file, with fpdf2 as the container.

All that reaches into fpdf2's inner parts is in this module, and fpdf2 is pinned. fpdf2 does pages, metadata,
attachment, colour profile and cross-reference table. Ours are the faces, which are embedded as they are
(fpdf2 would parse, subset and write them anew for every document), and the structure tree, which fpdf2 has
for figures alone. The same document always gives the same bytes: nothing here asks for the time, and the
file's identifier is a digest of its content.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from xml.sax.saxutils import escape

from fpdf import FPDF
from fpdf.output import OutputProducer, PDFPage
from fpdf.prefs import ViewerPreferences
from fpdf.syntax import Name, PDFObject, PDFString

from render.document.sheet import Element, Mark, Sheet
from render.document.typeface import Face, bold, regular


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the file: the data that the document shows."""

    name: str
    media_type: str
    description: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """All that a file is made of."""

    title: str
    author: str
    subject: str
    language: str
    created_at: datetime
    sheets: tuple[Sheet, ...]
    structure: Element
    """The root, `Document`."""
    attachment: Attachment


def write(document: Document) -> bytes:
    """The file: PDF 1.7 with sRGB output intent, tags, XMP metadata and the attachment as associated file."""
    pdf = FPDF(unit="pt", format="A4", enforce_compliance="PDF/A-3U")
    pdf.allow_images_transparency = False  # nothing is transparent, so no page needs a blending group
    pdf.single_resources_object = True
    pdf.creation_date = document.created_at
    pdf.set_lang(document.language)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_xmp_metadata(_metadata(document))
    pdf.embed_file(
        bytes=document.attachment.data,
        basename=document.attachment.name,
        mime_type=document.attachment.media_type,
        desc=document.attachment.description,
        modification_date=document.created_at,
        associated_file_relationship="Data",
        compress=True,
    )
    for sheet in document.sheets:
        pdf.add_page()
        page = pdf.pages[sheet.index + 1]
        page.contents = bytearray(sheet.content)
        page.struct_parents = sheet.index
        page.tabs = Name("S")  # type: ignore[attr-defined]  # keyboard order follows the structure
    return bytes(pdf.output(output_producer_class=_producer_of(document)))


_STREAM_END = "\nendstream\nendobj"


def _producer_of(document: Document) -> type[OutputProducer]:
    class Producer(OutputProducer):
        """fpdf2's writer with our faces and our structure tree."""

        def _out(self, data: bytes | bytearray | str) -> None:
            # The line feed before `endstream` would join a carriage return that ends the data to one end of
            # line, and the stream would seem a byte short. A line end of two bytes leaves no doubt.
            if isinstance(data, str) and data.endswith("\r" + _STREAM_END):
                data = data.removesuffix(_STREAM_END) + "\r" + _STREAM_END
            super()._out(data)

        def _add_fonts(self, *_: object) -> dict[int, PDFObject]:  # type: ignore[override]
            return {1: self._embed(regular()), 2: self._embed(bold())}

        def _embed(self, face: Face) -> PDFObject:
            parts = _font_parts(face)
            file, unicode_map = _Written(parts.file), _Written(parts.unicode_map)
            descriptor = _Written(lambda: parts.descriptor.replace("@file", file.ref))
            descendant = _Written(lambda: parts.descendant.replace("@descriptor", descriptor.ref))
            font = _Written(
                lambda: parts.font.replace("@descendant", descendant.ref).replace("@unicode", unicode_map.ref)
            )
            for part in (font, descendant, descriptor, unicode_map, file):
                self._add_pdf_obj(part, "fonts")
            return font

        def _add_structure_tree(self) -> PDFObject:
            objects = _structure(document, [self.fpdf.pages[sheet.index + 1] for sheet in document.sheets])
            for item in objects:
                self._add_pdf_obj(item, "structure_tree")
            return objects[0]

    return Producer


class _Written(PDFObject):
    """An object whose text is ours. A function gives it once all objects have their numbers."""

    def __init__(self, body: str | Callable[[], str]) -> None:
        super().__init__()
        self._body = body

    def serialize(self, *_: object, **__: object) -> str:
        body = self._body if isinstance(self._body, str) else self._body()
        return f"{self.id} 0 obj\n{body}\nendobj"


# ---------------------------------------------------------------- structure tree


def _structure(document: Document, pages: list[PDFPage]) -> list[PDFObject]:
    """The tree's root, the map from marks to elements, and every element, in reading order."""
    elements = list(_walk(document.structure, None))
    written: dict[int, _Written] = {}
    root = _Written(
        lambda: f"<</Type /StructTreeRoot /K {written[id(document.structure)].ref} /ParentTree {map_.ref}>>"
    )
    map_ = _Written(
        lambda: (
            "<</Nums ["
            + " ".join(
                f"{sheet.index} [{' '.join(written[id(owner)].ref for owner in sheet.owners)}]"
                for sheet in document.sheets
            )
            + "]>>"
        )
    )

    def body(element: Element, parent: Element | None) -> str:
        above = root if parent is None else written[id(parent)]
        first = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
        kids = " ".join(
            written[id(kid)].ref
            if isinstance(kid, Element)
            else str(kid.number)
            if kid.page == first
            else f"<</Type /MCR /Pg {pages[kid.page].ref} /MCID {kid.number}>>"
            for kid in element.kids
        )
        entries = [f"/Type /StructElem /S /{element.role} /P {above.ref} /K [{kids}]"]
        if first is not None:
            entries.append(f"/Pg {pages[first].ref}")
        if element.attributes:
            entries.append(f"/A <</O /Table {element.attributes}>>")
        if element.alternative is not None:
            entries.append(f"/Alt {PDFString(element.alternative).serialize()}")
        return f"<<{' '.join(entries)}>>"

    for element, parent in elements:
        written[id(element)] = _Written(lambda element=element, parent=parent: body(element, parent))  # type: ignore[misc]
    return [root, map_, *(written[id(element)] for element, _ in elements)]


def _walk(element: Element, parent: Element | None) -> Iterator[tuple[Element, Element | None]]:
    yield element, parent
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _walk(kid, element)


# ---------------------------------------------------------------- faces


@dataclass(frozen=True, slots=True)
class _FontParts:
    """The five objects of an embedded face. `@` marks the places of references."""

    font: str
    descendant: str
    descriptor: str
    unicode_map: str
    file: str


@cache
def _font_parts(face: Face) -> _FontParts:
    """A composite font whose character codes are the face's own glyph numbers (Identity-H)."""
    name = f"CLANOT+{face.name}"
    widths = " ".join(map(str, face.glyph_widths))
    box = " ".join(map(str, face.box))
    return _FontParts(
        font=f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        "/DescendantFonts [@descendant] /ToUnicode @unicode>>",
        descendant=f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /FontDescriptor @descriptor "
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /CIDToGIDMap /Identity "
        f"/DW {face.glyph_widths[0]} /W [0 [{widths}]]>>",
        descriptor=f"<</Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {face.ascent} /Descent {face.descent} /CapHeight {face.cap_height} "
        f"/StemV {face.weight // 5} /FontFile2 @file>>",
        unicode_map=_stream(_unicode_map(face)),
        file=_stream(face.data, f"/Length1 {len(face.data)}"),
    )


def _unicode_map(face: Face) -> bytes:
    """The CMap from glyph numbers back to characters: search, copy and screen readers live on it."""
    pairs = {glyph: letter for letter, glyph in sorted(face.glyph_of.items(), reverse=True)}
    lines = [
        f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for glyph, letter in sorted(pairs.items())
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")


def _stream(data: bytes, entries: str = "") -> str:
    packed = zlib.compress(data, 9)
    head = f"<</Length {len(packed)} /Filter /FlateDecode {entries}>>"
    return f"{head}\nstream\n{packed.decode('latin-1')}\nendstream"


# ---------------------------------------------------------------- metadata

_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{created}</xmp:ModifyDate>
<pdf:Producer>fpdf2</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>"""


def _metadata(document: Document) -> str:
    return _XMP.format(
        title=escape(document.title),
        subject=escape(document.subject),
        author=escape(document.author),
        language=escape(document.language),
        created=f"{document.created_at:%Y-%m-%dT%H:%M:%S}Z",
    )

"""The PDF-level work: from drawn pages to the bytes of a file, with fpdf2 as the container.

All that reaches into fpdf2's inner parts is in this module, and fpdf2 is pinned. fpdf2 does pages, metadata,
attachment, colour profile and cross-reference table. Ours are the faces, which are embedded as they are
(fpdf2 would parse, subset and write them anew for every document), the structure tree, which fpdf2 has for
figures alone, and the signature field, which is part of the document from the start: what a seal adds later
fills a space that is already there. The same document always gives the same bytes: nothing here asks for
the time, and the file's identifier is a digest of its content.
"""

import hashlib
import zlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import accumulate, islice
from typing import Any
from xml.sax.saxutils import escape

from fpdf import FPDF
from fpdf.enums import OutputIntentSubType
from fpdf.output import ContentWithoutID, OutputProducer, PDFCatalog, PDFICCProfile, PDFPage
from fpdf.prefs import ViewerPreferences
from fpdf.syntax import Name, PDFArray, PDFContentStream, PDFObject
from fpdf.util import builtin_srgb2014_bytes

from constancia.domain.lima import LIMA
from render.document.draft import Draft
from render.document.sheet import Element, Field, Sheet
from render.document.structure import Tree, text_string
from render.document.typeface import Face, bold, regular


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the file: the data that the document shows."""

    name: str
    media_type: str
    description: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """The field of a seal that is still to be made, and what readers show of it."""

    field: Field
    """Where it stands: a kid of a `Form` element of the structure."""
    label: str
    signer: str
    reason: str
    reserved: int
    """How many bytes its CMS structure takes at most."""


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
    signature: Signature


def write(document: Document) -> Draft:
    """The file: PDF 1.7 with sRGB output intent, tags, XMP metadata, the attachment as associated file, and a
    signature field that waits for its value.
    """
    pages = [sheet.content for sheet in document.sheets]
    pdf = _Container(_identifier(document, pages))
    pdf.allow_images_transparency = False  # nothing is transparent, so no page needs a blending group
    pdf.single_resources_object = True
    pdf.creation_date = document.created_at
    pdf.set_lang(document.language)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_xmp_metadata(_metadata(document))
    pdf.add_output_intent(
        OutputIntentSubType.PDFA,
        output_condition_identifier="sRGB",
        output_condition="IEC 61966-2-1:1999",
        registry_name="http://www.color.org",
        dest_output_profile=copy(_colour_profile()),
        info="sRGB2014 (v2)",
    )
    pdf.embed_file(
        bytes=document.attachment.data,
        basename=document.attachment.name,
        mime_type=document.attachment.media_type,
        desc=document.attachment.description,
        modification_date=document.created_at,
        associated_file_relationship="Data",
        compress=True,
    )
    for sheet, content in zip(document.sheets, pages, strict=True):
        pdf.add_page()
        page = pdf.pages[sheet.index + 1]
        page.contents = bytearray(content)
        page.struct_parents = sheet.index
        page.tabs = Name("S")  # type: ignore[attr-defined]  # keyboard order follows the structure
    producer: Any = partial(_Producer, document)
    data = bytes(pdf.output(output_producer_class=producer))
    return _with_byte_range(data, document.created_at)


class _Container(FPDF):
    """fpdf2, with an identifier that is given to it: its own digest would take the whole file."""

    def __init__(self, identifier: str) -> None:
        super().__init__(unit="pt", format="A4", enforce_compliance="PDF/A-3U")
        self._identifier = identifier

    def file_id(self) -> str:
        return f"<{self._identifier}><{self._identifier}>"


def _identifier(document: Document, pages: list[bytes]) -> str:
    """A digest of what files differ in (ISO 32000-1, 14.4): the pages, the data, the time and the seal."""
    digest = hashlib.sha256(f"{document.title} {document.created_at} {document.signature.signer}".encode())
    for part in (*pages, document.attachment.data):
        digest.update(part)
    return digest.hexdigest()[:32].upper()


@cache
def _colour_profile() -> PDFICCProfile:
    """sRGB, packed once. fpdf2 numbers its objects, so each document takes a copy."""
    return PDFICCProfile(builtin_srgb2014_bytes(), n=3, alternate="DeviceRGB")


# Of zlib, for pages and attachment. Its default, 6, takes a millisecond more for 4 % of the file.
PDFContentStream._COMPRESSION_LEVEL = 1

_STREAM_END = "\nendstream\nendobj"


class _Producer(OutputProducer):
    """fpdf2's writer with our faces, our structure tree and our signature field."""

    def __init__(self, document: Document, fpdf: FPDF) -> None:
        super().__init__(fpdf)
        self._document = document

    def _out(self, data: bytes | bytearray | str) -> None:
        # The line feed before `endstream` would join a carriage return that ends the data to one end of
        # line, and the stream would seem a byte short. A line end of two bytes leaves no doubt.
        if isinstance(data, str) and data.endswith("\r" + _STREAM_END):
            data = data.removesuffix(_STREAM_END) + "\r" + _STREAM_END
        super()._out(data)

    def _add_fonts(self, *_: object) -> dict[int, PDFObject]:  # type: ignore[override]
        return {face.number: self._embed(face) for face in (regular(), bold())}

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

    def _add_annotations_as_objects(self) -> None:
        field = self._document.signature.field
        page = self.fpdf.pages[field.page + 1]
        self.widget = _Widget(self._document, page)
        page.annots = PDFArray([self.widget])
        for item in (self.widget, self.widget.value, self.widget.appearance):
            self._add_pdf_obj(item, "signature")

    def _add_structure_tree(self) -> PDFObject:
        sheets = self._document.sheets
        pages = [self.fpdf.pages[sheet.index + 1].ref for sheet in sheets]
        tree = Tree(self.obj_id + 1, pages, self.widget.ref)
        block = _Block(self, tree.objects(self._document.structure, sheets))
        self.pdf_objs.append(block)
        self.obj_id += len(block.objects)
        return block.root

    def _finalize_catalog(self, catalog_obj: PDFCatalog, *args: Any, **kwargs: Any) -> None:
        super()._finalize_catalog(catalog_obj, *args, **kwargs)
        widget = self.widget
        # Flags 3: there is a signature, and changes may only be appended (ISO 32000-1, table 219).
        catalog_obj.acro_form = f"<</Fields [{widget.ref}] /SigFlags 3>>"  # type: ignore[assignment]
        catalog_obj.perms = f"<</DocMDP {widget.value.ref}>>"  # type: ignore[attr-defined]


class _Written(PDFObject):
    """An object whose text is ours. A function gives it once all objects have their numbers."""

    def __init__(self, body: str | Callable[[], str]) -> None:
        super().__init__()
        self._body = body

    def serialize(self, *_: object, **__: object) -> str:
        body = self._body if isinstance(self._body, str) else self._body()
        return f"{self.id} 0 obj\n{body}\nendobj"


class _Block(ContentWithoutID):
    """Many objects whose texts are ours, numbered one after the other. fpdf2 takes them as one piece."""

    def __init__(self, producer: OutputProducer, objects: list[str]) -> None:
        self._producer = producer
        self.objects = objects
        self.root = PDFObject()
        """Stands for the first of them, where fpdf2 wants to refer to it."""
        self.root.id = producer.obj_id + 1

    def serialize(self, *_: object, **__: object) -> str:
        lengths = [len(item) + len("\n") for item in self.objects]
        places = accumulate(lengths, initial=len(self._producer.buffer))
        self._producer.offsets.update(enumerate(islice(places, len(lengths)), self.root.id))
        return "\n".join(self.objects)


# ---------------------------------------------------------------- signature field

_BYTE_RANGE = f"/ByteRange [{' '.join(['0', *['0' * 10] * 3])}]"
"""A place for the numbers, which are known when the file has its length."""
_CONTENTS = f"{_BYTE_RANGE} /Contents "


class _Widget(_Written):
    """The signature field and its annotation in one (ISO 32000-1, 12.5.6.19), with value and appearance.

    What is seen is the page's own content, which is tagged; the appearance over it is empty.
    """

    dest = a = None
    """What fpdf2 asks of an annotation: it leads nowhere, and does nothing."""

    def __init__(self, document: Document, page: PDFPage) -> None:
        field, signature = document.signature.field, document.signature
        sheet = document.sheets[field.page]
        bottom = sheet.height - field.top - field.height
        box = f"{field.left:.2f} {bottom:.2f} {field.left + field.width:.2f} {bottom + field.height:.2f}"
        self.value = _Written(_signature(signature, document.created_at))
        self.appearance = _Written(
            f"<</Type /XObject /Subtype /Form /BBox [0 0 {field.width:.2f} {field.height:.2f}] "
            "/Resources <<>> /Length 0>>\nstream\n\nendstream"
        )
        super().__init__(
            # Flag 4: it is printed (table 165).
            lambda: (
                f"<</Type /Annot /Subtype /Widget /FT /Sig /T (sello) "
                f"/TU {text_string(signature.label)} /F 4 "
                f"/Rect [{box}] /P {page.ref} /V {self.value.ref} /AP <</N {self.appearance.ref}>> "
                f"/StructParent {len(document.sheets)}>>"
            )
        )


def _signature(signature: Signature, at: datetime) -> str:
    """The signature dictionary (ISO 32000-1, table 252; ETSI EN 319 142-1, 5.3 and 6.3).

    As a certification signature it permits no change whatever (12.8.2.2, `/P 1`).
    """
    lima = at.astimezone(LIMA)
    offset = f"{lima:%z}"
    return (
        "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
        f"{_CONTENTS}<{'00' * signature.reserved}> "
        f"/M (D:{lima:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}') "
        f"/Name {text_string(signature.signer)} /Reason {text_string(signature.reason)} "
        "/Reference [<</Type /SigRef /TransformMethod /DocMDP "
        "/TransformParams <</Type /TransformParams /P 1 /V /1.2>>>>]>>"
    )


def _with_byte_range(data: bytes, sealed_at: datetime) -> Draft:
    """The file with the ranges that its seal covers: all but the value of `/Contents`."""
    place = data.index(_CONTENTS.encode())
    start = place + len(_CONTENTS)
    end = data.index(b">", start) + 1
    numbers = f"/ByteRange [0 {start} {end} {len(data) - end}]".ljust(len(_BYTE_RANGE)).encode()
    return Draft(data[:place] + numbers + data[place + len(numbers) :], (start, end), sealed_at)


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
    # Both faces are subsets of Noto Sans (scripts/make-fonts), each with its own tag (ISO 32000-1, 9.6.4).
    name = f"CLA{face.name.partition('-')[2][:3].upper()}+{face.name}"
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

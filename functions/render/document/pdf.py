"""The file: the objects of a certificate, put into the container that fpdf2 wrote.

Ours are the pages' contents, the structure tree, which fpdf2 has for figures alone, the metadata, the
attached data and the signature field, which is part of the document from the start: what a seal adds later
fills a space that is already there. The same document always gives the same bytes: nothing here asks for the
time, and the file's identifier is a digest of its content.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final
from xml.sax.saxutils import escape

from constancia.domain.lima import LIMA
from render.document.container import Container, Kind, container_of
from render.document.draft import Draft
from render.document.objects import indirect, packed_stream, reference, stream, text_string
from render.document.sheet import Element, Field, Sheet
from render.document.structure import Tree


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
    sheets, attachment, signature = document.sheets, document.attachment, document.signature
    container = container_of(
        Kind(
            pages=len(sheets),
            signed_page=signature.field.page,
            language=document.language,
            attachment=attachment.name,
            media_type=attachment.media_type,
            description=attachment.description,
        )
    )
    contents = [sheet.content for sheet in sheets]
    objects = list(container.objects)

    def fill(number: int, body: str) -> None:
        objects[number - 1] = indirect(number, body)

    for number, content in zip(container.contents, contents, strict=True):
        fill(number, packed_stream(content))
    fill(container.attachment, _embedded(attachment, document.created_at))
    fill(container.metadata, stream(_metadata(document).encode(), "/Type /Metadata /Subtype /XML"))
    for number, body in enumerate(_signature_objects(document, container), container.widget):
        fill(number, body)
    pages = [reference(number) for number in container.pages]
    tree = Tree(container.structure, pages, reference(container.widget))
    objects += tree.objects(document.structure, sheets)
    return _draft(container, objects, _identifier(document, contents), document.created_at)


def _embedded(attachment: Attachment, at: datetime) -> str:
    """The attached file (ISO 32000-1, 7.11.4)."""
    subtype = attachment.media_type.replace("/", "#2F")
    return packed_stream(
        attachment.data,
        f"/Type /EmbeddedFile /Subtype /{subtype} "
        f"/Params <</Size {len(attachment.data)} /ModDate (D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z)>>",
    )


def _identifier(document: Document, pages: list[bytes]) -> str:
    """A digest of what files differ in (ISO 32000-1, 14.4): the pages, the data, the time and the seal."""
    at = document.created_at.astimezone(UTC)
    digest = hashlib.sha256(f"{document.title} {at} {document.signature.signer}".encode())
    for part in (*pages, document.attachment.data):
        digest.update(part)
    return digest.hexdigest()[:32].upper()


_BYTE_RANGE: Final = f"/ByteRange [{' '.join(['0', *['0' * 10] * 3])}]"
"""A place for the numbers, which are known when the file has its length."""
_CONTENTS: Final = f"{_BYTE_RANGE} /Contents "


def _draft(container: Container, objects: list[str], identifier: str, sealed_at: datetime) -> Draft:
    """The file, with cross-reference table and trailer (ISO 32000-1, 7.5), and the ranges that its seal
    covers: all but the value of `/Contents`.
    """
    body = "\n".join([container.header, *objects, ""])
    offsets = accumulate((len(item) + 1 for item in objects), initial=len(container.header) + 1)
    table = "".join([f"{offset:010} 00000 n \n" for offset, _ in zip(offsets, objects, strict=False)])
    size = len(objects) + 1
    file = (
        f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {size} /Root {reference(container.catalog)} "
        f"/ID [<{identifier}> <{identifier}>]>>\n"
        f"startxref\n{len(body)}\n%%EOF\n"
    )
    place = file.index(_CONTENTS)
    start = place + len(_CONTENTS)
    end = file.index(">", start) + 1
    numbers = f"/ByteRange [0 {start} {end} {len(file) - end}]".ljust(len(_BYTE_RANGE))
    data = f"{file[:place]}{numbers}{file[place + len(numbers) :]}".encode("latin-1")
    return Draft(data, (start, end), sealed_at)


# ---------------------------------------------------------------- signature field


def _signature_objects(document: Document, container: Container) -> tuple[str, str, str]:
    """The signature field and its annotation in one (ISO 32000-1, 12.5.6.19), its value and its appearance.

    What is seen is the page's own content, which is tagged; the appearance over it is empty.
    """
    signature, field = document.signature, document.signature.field
    bottom = document.sheets[field.page].height - field.top - field.height
    box = f"{field.left:.2f} {bottom:.2f} {field.left + field.width:.2f} {bottom + field.height:.2f}"
    page, value = reference(container.pages[field.page]), reference(container.widget + 1)
    appearance = reference(container.widget + 2)
    return (
        # Flag 4: it is printed (table 165).
        f"<</Type /Annot /Subtype /Widget /FT /Sig /T (sello) /TU {text_string(signature.label)} /F 4 "
        f"/Rect [{box}] /P {page} /V {value} /AP <</N {appearance}>> "
        f"/StructParent {len(document.sheets)}>>",
        _signature(signature, document.created_at),
        stream(
            b"",
            f"/Type /XObject /Subtype /Form /BBox [0 0 {field.width:.2f} {field.height:.2f}] /Resources <<>>",
        ),
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
        created=f"{document.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z",
    )

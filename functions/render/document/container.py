"""What all files of one build have in common, as fpdf2 writes it: pages, faces, profile, catalogue.

All that reaches into fpdf2's inner parts is in this module, and fpdf2 is pinned. Two certificates with as
many pages differ in the pages' contents, the data, the metadata, the seal and the structure, not in what
holds these together. So fpdf2 writes that once, with empty places, and it is kept; `render.document.pdf`
fills the places. What is kept names nobody.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from fpdf import FPDF
from fpdf.enums import OutputIntentSubType
from fpdf.output import OutputProducer, PDFCatalog, PDFICCProfile
from fpdf.prefs import ViewerPreferences
from fpdf.syntax import Name, PDFArray, PDFObject
from fpdf.util import builtin_srgb2014_bytes

from render.document.embedding import font_parts
from render.document.objects import indirect
from render.document.typeface import Face, bold, regular

KINDS: Final = 32
"""How many containers are kept, those used last: one for each number of pages. Each takes some 50 kB."""


class Kind(NamedTuple):
    """What a container is made from."""

    pages: int
    signed_page: int
    """The page of the signature field, from 0."""
    language: str
    attachment: str
    """The name of the attached file."""
    media_type: str
    description: str


@dataclass(frozen=True, slots=True)
class Container:
    """The objects of a file, numbered from 1, and the numbers of those that are to be filled in."""

    header: str
    objects: tuple[str, ...]
    catalog: int
    pages: tuple[int, ...]
    contents: tuple[int, ...]
    """The content stream of each page."""
    attachment: int
    """The stream of the attached file, an `EmbeddedFile`."""
    metadata: int
    widget: int
    """The signature field; its value and its appearance have the next two numbers."""

    @property
    def structure(self) -> int:
        """The number of the structure tree's root, after which all numbers are free."""
        return len(self.objects) + 1


@lru_cache(KINDS)
def container_of(kind: Kind) -> Container:
    """PDF 1.7 with sRGB output intent, both faces, an associated file, and a certification signature."""
    pdf = FPDF(unit="pt", format="A4", enforce_compliance="PDF/A-3U")
    pdf.allow_images_transparency = False  # nothing is transparent, so no page needs a blending group
    pdf.single_resources_object = True
    pdf.set_lang(kind.language)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_xmp_metadata("")
    pdf.add_output_intent(
        OutputIntentSubType.PDFA,
        output_condition_identifier="sRGB",
        output_condition="IEC 61966-2-1:1999",
        registry_name="http://www.color.org",
        dest_output_profile=copy(_colour_profile()),
        info="sRGB2014 (v2)",
    )
    pdf.embed_file(
        bytes=b"-",  # fpdf2 takes none that is empty
        basename=kind.attachment,
        mime_type=kind.media_type,
        desc=kind.description,
        associated_file_relationship="Data",
    )
    for index in range(kind.pages):
        pdf.add_page()
        page = pdf.pages[index + 1]
        page.contents = bytearray()
        page.struct_parents = index
        page.tabs = Name("S")  # type: ignore[attr-defined]  # keyboard order follows the structure
    return _Producer(pdf, kind).container()


@cache
def _colour_profile() -> PDFICCProfile:
    """sRGB, packed once. fpdf2 numbers its objects, so each container takes a copy."""
    return PDFICCProfile(builtin_srgb2014_bytes(), n=3, alternate="DeviceRGB")


class _Producer(OutputProducer):
    """fpdf2's writer with our faces, and room for our structure tree and our signature field."""

    def __init__(self, fpdf: FPDF, kind: Kind) -> None:
        super().__init__(fpdf)
        self._kind = kind
        self._signature = [_Written(""), _Written(""), _Written("")]

    def container(self) -> Container:
        file = bytes(self.bufferize()).decode("latin-1")
        last = len(self.offsets)
        ends = [*(self.offsets[number] for number in range(2, last + 1)), file.index("xref\n")]
        objects = [file[self.offsets[number] : end - 1] for number, end in enumerate(ends, 1)]
        pages = [self.fpdf.pages[index + 1] for index in range(self._kind.pages)]
        contents: list[Any] = [page.contents for page in pages]
        (attached,) = self.fpdf.embedded_files
        return Container(
            header=file[: self.offsets[1] - 1],
            objects=tuple(objects),
            catalog=self._catalog.id,
            pages=tuple(page.id for page in pages),
            contents=tuple(content.id for content in contents),
            attachment=attached.id,
            metadata=self._metadata.id,
            widget=self._signature[0].id,
        )

    def _add_fonts(self, *_: object) -> dict[int, PDFObject]:  # type: ignore[override]
        return {face.number: self._embed(face) for face in (regular(), bold())}

    def _embed(self, face: Face) -> PDFObject:
        parts = font_parts(face)
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
        page = self.fpdf.pages[self._kind.signed_page + 1]
        page.annots = PDFArray(self._signature[:1])
        for part in self._signature:
            self._add_pdf_obj(part, "signature")

    def _add_structure_tree(self) -> PDFObject:
        """What stands for the tree's root. It comes after fpdf2's last object, the metadata."""
        root = PDFObject()
        root.id = self.obj_id + 2
        return root

    def _add_xmp_metadata(self) -> Any:
        self._metadata: PDFObject = _Written("")
        self._add_pdf_obj(self._metadata)
        return self._metadata

    def _finalize_catalog(self, catalog_obj: PDFCatalog, *args: Any, **kwargs: Any) -> None:
        super()._finalize_catalog(catalog_obj, *args, **kwargs)
        self._catalog = catalog_obj
        widget, value, _ = self._signature
        # Flags 3: there is a signature, and changes may only be appended (ISO 32000-1, table 219).
        catalog_obj.acro_form = f"<</Fields [{widget.ref}] /SigFlags 3>>"  # type: ignore[assignment]
        catalog_obj.perms = f"<</DocMDP {value.ref}>>"  # type: ignore[attr-defined]


class _Written(PDFObject):
    """An object whose text is ours. A function gives it once all objects have their numbers."""

    dest = a = None
    """What fpdf2 asks of an annotation: it leads nowhere, and does nothing."""

    def __init__(self, body: str | Callable[[], str]) -> None:
        super().__init__()
        self._body = body

    def serialize(self, *_: object, **__: object) -> str:
        return indirect(self.id, self._body if isinstance(self._body, str) else self._body())

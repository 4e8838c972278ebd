"""The pages of a PDF as a reader's program shows them: letters with their places, pixels, QR, attachments.

Read with pdfium, which is made for hostile files. Annotations are taken as drawn.
"""

import ctypes
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image
from pypdfium2 import raw

type Box = tuple[float, float, float, float]
"""Left, bottom, right, top; points from the lower left corner of the page."""

DPI = 100
_LARGEST_SIDE = 2_000
"""Points. Larger pages are neither drawn nor scanned: A4 has 842."""
_MOST_LETTERS = 100_000
"""On one page. A full page of a certificate has about 5,000."""
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LARGEST_ATTACHMENT = 8_000_000


class UnreadableFileError(Exception):
    """No program that shows PDF could show this; says why."""


class EncryptedFileError(UnreadableFileError):
    """It asks for a password."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A character that is no white space, and its box."""

    text: str
    box: Box
    begins: bool = False
    """Whether white space stands before it."""

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of its box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    def same_as(self, other: "Letter") -> bool:
        """Whether it is the same character in the same place, but for rounding."""
        return self.text == other.text and all(
            abs(mine - yours) < 0.5 for mine, yours in zip(self.box, other.box, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Something drawn at once, a line of text or a path, with its number as marked content (-1: none)."""

    text: str
    box: Box
    mark: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation: its subtype, its text, where it is."""

    kind: str
    text: str
    box: Box


class Page:
    """One page of an open file."""

    def __init__(self, pdf: pypdfium2.PdfDocument, flat: pypdfium2.PdfDocument, index: int) -> None:
        """`flat` is the same file opened once more, to be changed while it is read."""
        self._pdf = pdf
        self._flat = flat
        self.index = index

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        with self._opened() as page:
            width, height = page.get_size()
        return width, height

    @property
    def drawable(self) -> bool:
        """Whether it has a size that paper has."""
        return all(0 < side <= _LARGEST_SIDE for side in self.size)

    def letters(self) -> list[Letter]:
        """All that can be read, annotations included, in the order of drawing."""
        with self._opened(self._flat) as page:
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)  # annotations become content
        with self._opened(self._flat) as page:
            words = page.get_textpage()
            count = min(words.count_chars(), _MOST_LETTERS)
            letters, begins = [], True
            for index in range(count):
                text = _character(raw.FPDFText_GetUnicode(words, index))
                if text.strip():
                    letters.append(Letter(text, words.get_charbox(index), begins))
                begins = not text.strip()
            return letters

    def pieces(self) -> list[Piece]:
        """What is drawn, in the order of drawing. Of use where the file is known to be genuine."""
        with self._opened() as page:
            words = page.get_textpage()
            return [
                Piece(
                    item.extract() if isinstance(item, pypdfium2.PdfTextObj) else "",
                    item.get_bounds(),
                    raw.FPDFPageObj_GetMarkedContentID(item),
                )
                for item in page.get_objects(textpage=words)
            ]

    def annotations(self) -> list[Annotation]:
        """Annotations, the invisible ones included."""
        with self._opened() as page:
            count = min(raw.FPDFPage_GetAnnotCount(page), 1_000)
            return [_annotation(page, index) for index in range(count)]

    def image(self, dpi: int = DPI) -> Image.Image:
        """The page in grey, with annotations and form fields drawn."""
        with self._opened() as page:
            picture: Image.Image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        return picture.convert("L")

    @contextmanager
    def _opened(self, pdf: pypdfium2.PdfDocument | None = None) -> Iterator[pypdfium2.PdfPage]:
        try:
            page = (pdf or self._pdf)[self.index]
        except pypdfium2.PdfiumError as error:
            raise UnreadableFileError(f"page {self.index + 1} can't be opened") from error
        try:
            yield page
        finally:
            page.close()


class View:
    """A PDF that is looked at."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            EncryptedFileError: it wants a password.
            UnreadableFileError: it can't be opened, or has no page.
        """
        try:
            self._pdf = pypdfium2.PdfDocument(data)
            self.page_count = len(self._pdf)
            if self.page_count:
                self._pdf[0].close()
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
                raise EncryptedFileError("it is encrypted") from error
            raise UnreadableFileError("no program could open it: it is damaged, or no PDF") from error
        if not self.page_count:
            raise UnreadableFileError("it has no pages")
        self._pdf.init_forms()
        self._flat = pypdfium2.PdfDocument(data)
        self.data: Final = data

    def pages(self, most: int) -> list[Page]:
        """The first pages."""
        return [Page(self._pdf, self._flat, index) for index in range(min(self.page_count, most))]

    def qr_texts(self, most_pages: int = 6) -> list[str]:
        """What the QR symbols say on the first page that has any; it may be tried in two sizes."""
        found = (
            [code.text for code in zxingcpp.read_barcodes(page.image(dpi), formats=_QR)]
            for page in self.pages(most_pages)
            if page.drawable
            for dpi in (150, 250)
        )
        return next(filter(None, found), [])

    def attachments(self) -> list[tuple[str, bytes]]:
        """Names and contents of the files within the file; the content of one too large is left empty."""
        found = []
        for index in range(min(self._pdf.count_attachments(), 20)):
            try:
                attachment = self._pdf.get_attachment(index)
            except pypdfium2.PdfiumError:  # it is counted, and is not there
                continue
            try:
                data = bytes(attachment.get_data())
            except pypdfium2.PdfiumError:
                data = b""
            found.append((_told(attachment.get_name), data if len(data) <= _LARGEST_ATTACHMENT else b""))
        return found

    def metadata(self) -> dict[str, str]:
        """The entries of the document information dictionary."""
        return {key: _told(self._pdf.get_metadata_value, key) for key in self._pdf.METADATA_KEYS}


def view_of(data: bytes) -> View | None:
    """The pages of a file; nothing where no program could show them."""
    try:
        return View(data)
    except UnreadableFileError:
        return None


def mend(data: bytes) -> bytes | None:
    """A damaged file as qpdf puts it together again, if it can."""
    if b" obj" not in data:
        return None
    out = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.save(out)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return None
    return out.getvalue()


def said(letters: Iterable[Letter]) -> str:
    """What letters say, with the spaces between them."""
    return "".join(f" {letter.text}" if letter.begins else letter.text for letter in letters).strip()


def squeezed(letters: Iterable[Letter]) -> str:
    """What letters say without any space, to compare."""
    return "".join(letter.text for letter in letters)


def _told(read: Callable[..., str], *of: str) -> str:
    """A text of the file's; one that is none reads as the sign for it."""
    try:
        return read(*of)
    except UnicodeDecodeError:
        return "\ufffd"


def _character(code: int) -> str:
    # pdfium marks a hyphen at the end of a line as one that may be dropped
    if code in {0xFFFE, 0x2}:
        return "-"
    if 0xD800 <= code <= 0xDFFF:  # half of a pair
        return "\ufffd"
    return chr(code) if 0 < code <= 0x10FFFF else ""


_SUBTYPES = {
    getattr(raw, name): name.removeprefix("FPDF_ANNOT_").title().replace("text", "Text")
    for name in dir(raw)
    if name.startswith("FPDF_ANNOT_") and isinstance(getattr(raw, name), int)
}


def _annotation(page: pypdfium2.PdfPage, index: int) -> Annotation:
    item = raw.FPDFPage_GetAnnot(page, index)
    try:
        rectangle = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(item, rectangle)
        kind = _SUBTYPES.get(raw.FPDFAnnot_GetSubtype(item), "annotation")
        box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        return Annotation(kind, _annotation_text(item), box)
    finally:
        raw.FPDFPage_CloseAnnot(item)


def _annotation_text(item: raw.FPDF_ANNOTATION) -> str:
    size = min(raw.FPDFAnnot_GetStringValue(item, b"Contents", None, 0), 10_000)
    buffer = ctypes.create_string_buffer(size + 2)
    raw.FPDFAnnot_GetStringValue(item, b"Contents", ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace").rstrip("\0")

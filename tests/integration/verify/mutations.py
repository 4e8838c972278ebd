"""What people do to a certificate's file, by the libraries that they would use."""

# mypy: allow-untyped-calls

import io
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
import pypdfium2
from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from infra.seal.demo_ca import DemoRoot
from infra.verify.pages import Box, View
from render.document.qr import symbol_of
from render.document.typeface import bold, regular
from tests.builders import NOW
from tests.sealing import public_der, seal_key

type Change = Callable[[pikepdf.Pdf], None]
type Revision = Callable[[IncrementalPdfFileWriter], None]


def saved_again(data: bytes, change: Change = lambda _: None) -> bytes:
    """Opened and saved by another program, with a change."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def revised(data: bytes, revision: Revision) -> bytes:
    """With a revision appended, the bytes before left as they are."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    revision(writer)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(data)
    return out.getvalue()


def glyphs(text: str) -> bytes:
    """A text as the content streams have it. Both faces number their glyphs alike."""
    assert regular().encoded(text) == bold().encoded(text)
    return regular().encoded(text).encode()


def with_word(data: bytes, page: int, old: str, new: str, nth: int = 0) -> bytes:
    """The content stream of a page with one word for another, the `nth` that stands there."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        content = pdf.pages[page].Contents.read_bytes()
    found = list(re.finditer(rb"<%b((?:%b)?)>" % (glyphs(old), glyphs(" ")), content))[nth]
    return content[: found.start()] + b"<%b%b>" % (glyphs(new), found[1]) + content[found.end() :]


def word_changed(page: int, old: str, new: str, nth: int = 0) -> Callable[[bytes], bytes]:
    """In the content stream, the file saved again."""

    def change(data: bytes) -> bytes:
        content = with_word(data, page, old, new, nth)

        def put(pdf: pikepdf.Pdf) -> None:
            pdf.pages[page].Contents = pdf.make_stream(content)

        return saved_again(data, put)

    return change


def word_revised(page: int, old: str, new: str, nth: int = 0) -> Callable[[bytes], bytes]:
    """In the content stream, by a revision that is appended."""

    def change(data: bytes) -> bytes:
        content = with_word(data, page, old, new, nth)

        def put(writer: IncrementalPdfFileWriter) -> None:
            leaf = page_of(writer, page)
            leaf["/Contents"] = writer.add_object(generic.StreamObject(stream_data=content))
            writer.update_container(leaf)

        return revised(data, put)

    return change


def signature_respelt(page: int, old: str, new: str) -> Callable[[bytes], bytes]:
    """A revision with another word, in which the seal's value is a literal string, padded with zeros.

    Its range of bytes and its digest stay as they were. Who holds the length of the value alone against that
    of the file, as pyHanko 0.38 does, takes the seal for one over the whole file.
    """

    def change(data: bytes) -> bytes:
        revision = word_revised(page, old, new)(data)
        found = re.search(
            rb"(\d+) 0 obj\n<<(?:(?!endobj).)*?/Contents <([0-9a-f]+)>.*?endobj", data, re.DOTALL
        )
        assert found is not None
        value = bytes.fromhex(found[2].decode())
        covered = len(data) - 2 * len(value) - 2
        end = int(re.findall(rb"startxref\s+(\d+)", revision)[-1])
        trailer = re.sub(rb"/Prev \d+", b"/Prev %d" % end, revision[revision.rindex(b"trailer") :])
        trailer = trailer[: trailer.rindex(b"startxref")]

        def built(length: int, filling: int) -> bytes:
            escaped = re.sub(rb"([\\()])", rb"\\\1", value.ljust(length, b"\0")).replace(b"\r", b"\\r")
            body = revision + found[0].replace(b"<%b>" % found[2], b"(%b)" % escaped) + b"\n"
            body += b"%" + b" " * filling + b"\n"
            entry = b"xref\n%b 1\n%010d 00000 n \n" % (found[1], len(revision))
            return body + entry + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)

        length = len(value)
        while len(built(length, 0)) > covered + 2 * length + 2:
            length += 500
        return built(length, covered + 2 * length + 2 - len(built(length, 0)))

    return change


def page_of(writer: BasePdfFileWriter, page: int) -> Any:
    return writer.find_page_for_modification(page)[0].get_object()


def annotated(
    page: int, box: Box, text: str, *, hidden: bool = False, drawn: bool = True
) -> Callable[[bytes], bytes]:
    """A note laid over a place by a revision, on white ground."""

    def put(writer: IncrementalPdfFileWriter) -> None:
        left, bottom, right, top = box
        size = 9
        look = (
            f"1 1 1 rg 0 0 {right - left} {top - bottom} re f "
            f"BT 0 0 0 rg /Helv {size} Tf 2 2 Td ({text}) Tj ET"
        )
        helvetica = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        font = generic.DictionaryObject(
            {generic.pdf_name(key): generic.pdf_name(value) for key, value in helvetica.items()}
        )
        stream = generic.StreamObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/XObject"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
                generic.pdf_name("/BBox"): numbers(0, 0, right - left, top - bottom),
                generic.pdf_name("/Resources"): generic.DictionaryObject(
                    {generic.pdf_name("/Font"): generic.DictionaryObject({generic.pdf_name("/Helv"): font})}
                ),
            },
            stream_data=look.encode(),
        )
        note = generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
                generic.pdf_name("/Rect"): numbers(*box),
                generic.pdf_name("/F"): generic.NumberObject(2 if hidden else 4),
                generic.pdf_name("/Contents"): generic.pdf_string(text),
                generic.pdf_name("/DA"): generic.pdf_string("/Helv 9 Tf 0 g"),
            }
        )
        if drawn:
            note[generic.pdf_name("/AP")] = generic.DictionaryObject(
                {generic.pdf_name("/N"): writer.add_object(stream)}
            )
        leaf = page_of(writer, page)
        notes = generic.ArrayObject([*leaf.get("/Annots", ()), writer.add_object(note)])
        leaf["/Annots"] = notes
        writer.update_container(leaf)

    return lambda data: revised(data, put)


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(value) for value in values)


def place_of(data: bytes, page: int, text: str, nth: int = 0) -> Box:
    """Where a line of text stands."""
    pieces = [piece for piece in View(data).pages(99)[page].pieces() if piece.text.strip() == text]
    return pieces[nth].box


def printed_to_file(data: bytes, scale: float = 1.0) -> bytes:
    """Pages alone, in a new file: no tags, no attachment, no seal."""
    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    for index, page in enumerate(source):
        width, height = page.get_size()
        sheet = target.new_page(width, height)
        inner = source.page_as_xobject(index, target).as_pageobject()
        margin = (1 - scale) / 2
        inner.transform(pypdfium2.PdfMatrix(scale, 0, 0, scale, width * margin, height * margin))
        sheet.insert_obj(inner)
        sheet.gen_content()
    out = io.BytesIO()
    target.save(out)
    return out.getvalue()


def scanned(data: bytes) -> bytes:
    """Pictures of the pages."""
    pictures = [page.render(scale=150 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(data)]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
    return out.getvalue()


def attachment_replaced(new: bytes) -> Callable[[bytes], bytes]:
    """The attached data of the certificate, by a revision."""

    def put(writer: IncrementalPdfFileWriter) -> None:
        names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
        file = names[1]["/EF"].raw_get("/F")
        stream = file.get_object()
        fresh = generic.StreamObject(
            {key: value for key, value in stream.items() if key not in {"/Filter", "/Length"}},
            stream_data=new,
        )
        writer.objects[(0, file.idnum)] = fresh

    return lambda data: revised(data, put)


def drawn_over(page: int, operators: bytes) -> Callable[[bytes], bytes]:
    """Ink on top of a page, the file saved again."""

    def put(pdf: pikepdf.Pdf) -> None:
        pdf.pages[page].contents_add(operators)

    return lambda data: saved_again(data, put)


def qr_replaced(text: str) -> Callable[[bytes], bytes]:
    """Another QR laid over the one on the first page."""
    symbol = symbol_of(text)

    def change(data: bytes) -> bytes:
        page = View(data).pages(1)[0]
        height = page.size[1]
        left, top, side = 440.0, 45.0, 110.0
        scale = side / symbol.side
        ink = (
            f"q 1 1 1 rg {left - 10} {height - top - side - 10} {side + 20} {side + 20} re f Q "
            f"q 0 0 0 rg {scale} 0 0 {-scale} {left} {height - top} cm {symbol.path} Q"
        )
        return drawn_over(0, ink.encode())(data)

    return change


def retitled(title: str) -> Callable[[bytes], bytes]:
    """Another title in the document's information, by a revision."""

    def put(writer: IncrementalPdfFileWriter) -> None:
        writer.set_info(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string(title)}))

    return lambda data: revised(data, put)


def add_page(pdf: pikepdf.Pdf) -> None:
    """One more, with words that are not the certificate's."""
    pdf.add_blank_page(page_size=(595, 842))


def signed_again(data: bytes) -> bytes:
    """By somebody else, in a revision of their own."""
    key = seal_key(3072)
    chain = [
        x509.Certificate.load(der) for _, _, der in pem.unarmor(_somebodys_chain().encode(), multiple=True)
    ]
    signer = signers.SimpleSigner(
        signing_cert=chain[0],
        signing_key=keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ),
        cert_registry=SimpleCertificateStore.from_certs(chain),
    )
    out = io.BytesIO()
    _Heedless(signers.PdfSignatureMetadata(field_name="Otra firma"), signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)), output=out
    )
    return out.getvalue()


class _Heedless(signers.PdfSigner):
    """Signs what the first seal says that nobody may change."""

    def _enforce_certification_constraints(self, reader: object) -> None:
        """Go on."""


@cache
def _somebodys_chain() -> str:
    return DemoRoot.create(NOW).issue(public_der(seal_key(3072)), NOW)


def a_letter_with_qr(text: str) -> bytes:
    """Somebody's letter, which shows the QR of a certificate."""
    symbol = symbol_of(text)
    words = "BT /F 12 Tf 60 700 Td (A letter of recommendation, with words of its own, and a QR) Tj ET"
    ink = f"{words} q 0 0 0 rg 3 0 0 -3 300 600 cm {symbol.path} Q"

    def put(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.Contents = pdf.make_stream(ink.encode())
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))

    return saved_again(a_blank_pdf(), put)


@cache
def a_blank_pdf() -> bytes:
    """Somebody else's."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()

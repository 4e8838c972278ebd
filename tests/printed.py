"""Certificates as they are printed: the pages of `school_records`, each drawn once, and their words."""

import re
from functools import cache

import pypdfium2

from constancia.domain.certificate import Certificate
from constancia.domain.links import verification_url
from render.document import draw
from render.document.typeface import composed
from tests.builders import TOKEN
from tests.school_records import CERTIFICATES
from tests.sealing import APPEARANCE

BASE = "https://micertificado.example"


def url_of(certificate: Certificate, base: str = BASE) -> str:
    """What its QR says."""
    return verification_url(base, certificate.code, TOKEN)


def file_of(certificate: Certificate, url: str) -> bytes:
    """Its file, not sealed yet."""
    return draw(certificate, url, APPEARANCE).data


@cache
def drawn(name: str) -> pypdfium2.PdfDocument:
    """One of `CERTIFICATES`."""
    certificate = CERTIFICATES[name]
    return pypdfium2.PdfDocument(file_of(certificate, url_of(certificate)))


@cache
def pages_of(name: str) -> tuple[str, ...]:
    """The text of each page, its words parted by single spaces."""
    # pdfium marks a hyphen at the end of a line as one that may be dropped
    texts_of = (page.get_textpage().get_text_range().replace("\ufffe", "-") for page in drawn(name))
    return tuple(" ".join(text.split()) for text in texts_of)


def text_of(name: str) -> str:
    """The text of all pages."""
    return " ".join(pages_of(name))


def squeezed(text: str) -> str:
    """Without white space: a long name may be broken between lines."""
    return re.sub(r"\s", "", composed(text))

"""The certificate as a PDF: a pure function of the record and the address in its QR."""

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from render.document import pdf
from render.document.flow import OversizeError
from render.document.layout import lay_out
from render.document.typeface import UnprintableTextError

__all__ = ["OversizeError", "UnprintableTextError", "draw"]


def draw(certificate: Certificate, verify_url: str) -> bytes:
    """Draw a certificate. Equal arguments give equal bytes, whenever and wherever.

    `verify_url` is the address in the QR, with code and token; what is printed beside is the address without
    them, up to `/validate`.

    Raises:
        UnprintableTextError: the content has a character that the embedded faces lack.
        OversizeError: the content has something that can't be divided and is taller than a page.
    """
    sheets, structure = lay_out(certificate, verify_url)
    return pdf.write(
        pdf.Document(
            title=texts.file_title(certificate.number),
            author=texts.AUTHOR,
            subject=texts.SUBJECT,
            language=texts.LANGUAGE,
            created_at=certificate.issued_at,
            sheets=sheets,
            structure=structure,
            attachment=pdf.Attachment(
                texts.ATTACHMENT_NAME,
                "application/json",
                texts.ATTACHMENT_DESCRIPTION,
                certificate.content.to_json(),
            ),
        )
    )

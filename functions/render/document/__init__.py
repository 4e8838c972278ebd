"""The certificate as a PDF: a pure function of the record, the address in its QR, and its seal's looks."""

from functools import cache

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from constancia.domain.emblems import DEFAULT_EMBLEM, emblem_svg
from render.document import pdf
from render.document.draft import Draft, SealAppearance
from render.document.flow import OversizeError
from render.document.layout import lay_out
from render.document.svg import Drawing, drawing_of
from render.document.typeface import UnprintableTextError

__all__ = ["Draft", "OversizeError", "SealAppearance", "UnprintableTextError", "draw", "emblem_of"]


@cache
def emblem_of(name: str) -> Drawing:
    """The emblem of a name, read once.

    Raises:
        UnknownEmblemError: there is none of that name.
        UnsupportedDrawingError: its drawing has something that can't be printed.
    """
    return drawing_of(emblem_svg(name))


def draw(
    certificate: Certificate, verify_url: str, appearance: SealAppearance, emblem: str = DEFAULT_EMBLEM
) -> Draft:
    """Draw a certificate, with its seal still to be put in. Equal arguments give equal bytes, wherever.

    `verify_url` is the address in the QR, with code and token; what is printed beside is the address without
    them, up to `/validate`. `emblem` is the name of one of `constancia.domain.emblems`.

    Raises:
        UnknownEmblemError: there is no emblem of that name.
        UnsupportedDrawingError: the emblem's drawing has something that can't be printed.
        UnprintableTextError: the content has a character that the embedded faces lack.
        OversizeError: the content has something that can't be divided and is taller than a page.
    """
    laid_out = lay_out(certificate, verify_url, appearance, emblem_of(emblem))
    return pdf.write(
        pdf.Document(
            title=texts.file_title(certificate.number),
            author=texts.AUTHOR,
            subject=texts.SUBJECT,
            language=texts.LANGUAGE,
            created_at=certificate.issued_at,
            sheets=laid_out.sheets,
            structure=laid_out.structure,
            attachment=pdf.Attachment(
                texts.ATTACHMENT_NAME,
                "application/json",
                texts.ATTACHMENT_DESCRIPTION,
                certificate.content.to_json(),
            ),
            signature=pdf.Signature(
                field=laid_out.seal,
                label=texts.seal_label(appearance.signer),
                signer=appearance.signer,
                reason=texts.seal_reason(demo=appearance.demo),
                reserved=appearance.reserved,
            ),
        )
    )

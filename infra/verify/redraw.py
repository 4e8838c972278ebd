"""A certificate drawn anew from its record, to compare with, where its file can't be had any more."""

from constancia.domain.certificate import Certificate, CertificateState, PersonKey
from infra.verify.site import Record


def drawn_from(record: Record, verify_url: str, signer: str, demo: bool) -> bytes | None:
    """The pages that this version of the code draws for a record; nothing where it doesn't tell enough."""
    # Drawing loads fpdf2 and the faces; most files are judged without.
    from render.document import SealAppearance, draw  # noqa: PLC0415

    if record.content is None or record.issued_at is None or record.number is None:
        return None
    certificate = Certificate(
        code=record.code,
        number=record.number,
        state=CertificateState.SUPERSEDED,
        content=record.content,
        issued_at=record.issued_at,
        holder_key=PersonKey(""),
        token_hash="",
        terms_version="",
        terms_accepted_at=record.issued_at,
    )
    return draw(certificate, verify_url, SealAppearance(signer, demo, 0)).data

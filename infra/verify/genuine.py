"""The genuine file to compare with: from the site, from within the file itself, or drawn anew."""

import hashlib
from dataclasses import dataclass

from constancia.domain.links import verification_url
from infra.verify.codes import Codes
from infra.verify.pages import View, view_of
from infra.verify.redraw import drawn_from
from infra.verify.sealed import Sealed
from infra.verify.seals import sealed_parts
from infra.verify.site import Record, Site, SiteError
from infra.verify.trust import Named

_REDRAWN = (
    "The site no longer gives the genuine file: the words were compared with those that this version of the "
    "program prints for the record, pictures and drawings with nothing."
)


@dataclass(frozen=True, slots=True)
class Genuine:
    """A file to compare with, if one could be had."""

    view: View | None = None
    redrawn: bool = False
    """Whether it was drawn anew: its letters count then, not its bytes or pixels."""
    messages: tuple[str, ...] = ()


def genuine_for(
    data: bytes, sealed: Sealed, record: Record | None, site: Site | None, codes: Codes, named: Named
) -> Genuine:
    """The genuine file of an altered one. What the record names comes first, then what a seal vouches for."""
    of_record = _of_record_within(data, record)
    messages: tuple[str, ...] = ()
    if of_record is None and record is not None and site is not None:
        try:
            of_record = site.file_of(record)
        except SiteError as error:
            messages = (f"The genuine file could not be had: {error}.",)
    found = of_record or sealed.part
    if found is not None:
        return Genuine(view_of(found), messages=messages)
    drawn = _drawn(sealed, record, site, codes, named)
    return Genuine(drawn, drawn is not None, messages if drawn is None else (*messages, _REDRAWN))


def _of_record_within(data: bytes, record: Record | None) -> bytes | None:
    """The file that the record names, where the data are that file and more."""
    if record is None or record.sha256 is None:
        return None
    parts = (data[start:end] for start, end in sealed_parts(data))
    return next((part for part in parts if hashlib.sha256(part).hexdigest() == record.sha256), None)


def _drawn(
    sealed: Sealed, record: Record | None, site: Site | None, codes: Codes, named: Named
) -> View | None:
    sealers = named.sealers
    signer = sealed.seal.signer if sealed.seal.ours else sealers.name if sealers else None
    if record is None or site is None or signer is None:
        return None
    token = codes.from_qr.get(record.code)
    if token is None:
        return None
    drawn = drawn_from(record, verification_url(site.base, record.code, token), signer, named.demonstration)
    return None if drawn is None else view_of(drawn)

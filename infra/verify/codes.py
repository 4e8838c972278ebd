"""Which certificate a file says that it is: by its QR, and by the code that is printed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from constancia.domain.virtual_code import VirtualCode, parse_virtual_code
from infra.verify.pages import UnreadableFileError, View, said
from infra.verify.site import Question, Site

_PRINTED = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_MOST_CODES = 3


@dataclass(frozen=True, slots=True)
class Codes:
    """What was read from the pages."""

    from_qr: Mapping[VirtualCode, str | None] = field(default_factory=dict)
    """The codes in QR symbols that have the form of a verification address, with their tokens."""
    printed: tuple[VirtualCode, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Where other QR symbols lead: host, or the beginning of what they say."""

    @property
    def all(self) -> list[VirtualCode]:
        """Each code once, those of QR symbols first."""
        return list(dict.fromkeys([*self.from_qr, *self.printed]))

    @property
    def contradict(self) -> bool:
        """Whether QR and print name different certificates."""
        return bool(self.from_qr and self.printed) and set(self.from_qr) != set(self.printed)


def codes_of(view: View, site: Site | None) -> Codes:
    """Read QR symbols and printed codes of the first pages."""
    from_qr: dict[VirtualCode, str | None] = {}
    elsewhere: list[str] = []
    for text in view.qr_texts():
        address = Site.any_address_in(text)
        if address:
            from_qr.setdefault(address.code, address.token)
        if site is None or address is None or not site.owns(text):
            elsewhere.append(_host(text))
    printed = list(dict.fromkeys(_printed(view)))[:_MOST_CODES]
    return Codes(from_qr, tuple(printed), tuple(dict.fromkeys(elsewhere)))


def questions(codes: Sequence[Codes], document: str | None, typed: VirtualCode | None) -> list[Question]:
    """What to ask the site, the most telling first. A code that was typed counts where none can be read."""
    tokens = {code: token for each in codes for code, token in each.from_qr.items()}
    read = list(dict.fromkeys(code for each in codes for code in each.all))[:_MOST_CODES]
    known = read or ([typed] if typed else [])
    by_token = [Question(code, token=tokens[code]) for code in known if tokens.get(code)]
    by_document = [Question(code, document=document) for code in known if document]
    return [*by_token, *by_document, *(Question(code) for code in known)]


def _printed(view: View) -> Iterator[VirtualCode]:
    for page in view.pages(6):
        try:
            text = said(page.letters()) if page.drawable else ""
        except UnreadableFileError:
            continue
        for word in _PRINTED.findall(text):
            try:
                yield parse_virtual_code(word)
            except ValueError:
                continue


def _host(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        return text[:60]
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else text[:60]

"""Opening a file, or what can be mended of it."""

from dataclasses import dataclass

from infra.verify.findings import Check, Finding, Status
from infra.verify.pages import EncryptedFileError, UnreadableFileError, View, mend, view_of
from infra.verify.site import LARGEST_FILE
from infra.verify.verdicts import Reading


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it came, and its pages where they can be seen."""

    data: bytes
    """Of a file that is too large the beginning."""
    too_large: bool
    reading: Reading
    finding: Finding
    view: View | None = None
    messages: tuple[str, ...] = ()


def opened(data: bytes) -> Opened:
    """Open a file of whatever kind."""
    if len(data) > LARGEST_FILE:
        reason = f"it is larger than {LARGEST_FILE:,} bytes"
        return Opened(data[:LARGEST_FILE], True, Reading.DAMAGED, _invalid(reason))
    try:
        view = View(data)
    except EncryptedFileError as error:
        ask = "Certificates are never encrypted: ask for the file as it was issued."
        return Opened(data, False, Reading.DAMAGED, _invalid(str(error)), messages=(ask,))
    except UnreadableFileError as error:
        return _damaged(data, str(error))
    pages = "1 page" if view.page_count == 1 else f"{view.page_count:,} pages"
    return Opened(data, False, Reading.WHOLE, Finding(Check.FILE, Status.VALID, f"a PDF of {pages}"), view)


def _damaged(data: bytes, reason: str) -> Opened:
    """Look at what can be mended: a single byte may keep programs from opening a file."""
    mended = mend(data)
    view = view_of(mended) if mended else None
    if view is not None:
        reason = "it is damaged, and was mended to look at it"
    elif b"%PDF-" not in data:
        return Opened(data, False, Reading.NO_PDF, _invalid("it is no PDF" if data else "it is empty"))
    return Opened(data, False, Reading.DAMAGED, _invalid(reason), view)


def _invalid(reason: str) -> Finding:
    return Finding(Check.FILE, Status.INVALID, reason)

"""What was done to a file of ours, where that can be told from its bytes and its make-up."""

from itertools import pairwise

from infra.verify.pages import View

_MOST_NAMES = 16
_LEAST_START = 1_000
"""Bytes. Shorter beginnings are those of any PDF file."""


def byte_changes(data: bytes, genuine: bytes, *, cut: bool = False) -> list[str]:
    """How the bytes differ from those of the genuine file, where they are plainly made of them.

    `cut`: the file goes on after these bytes.
    """
    if data == genuine:
        return []
    at = data.find(genuine)
    if at >= 0:
        before, after = data[:at], data[at + len(genuine) :]
        told = [f"{_bytes(before)} put before the certificate"] if before else []
        return told + ([("more than " if cut else "") + _tail(after)] if after else [])
    if genuine.startswith(data) and len(data) >= _LEAST_START:
        return [f"the file was cut off after {len(data):,} of {len(genuine):,} bytes"]
    if len(data) == len(genuine):
        places = [at for at, pair in enumerate(zip(data, genuine, strict=True)) if pair[0] != pair[1]]
        runs = 1 + sum(later - earlier > 1 for earlier, later in pairwise(places))
        plural = "s" if len(places) > 1 else ""
        return [
            f"{len(places):,} byte{plural} changed, in {runs:,} place{'s' if runs > 1 else ''}, "
            f"the first at {places[0]:,}"
        ]
    return []


def makeup_changes(view: View, genuine: View) -> list[str]:
    """What differs beside the pages: files within, information about the document, number of pages."""
    told = []
    names = [name for name, _ in view.attachments()]
    issued_names = [name for name, _ in genuine.attachments()]
    if names != issued_names:
        told.append(f"the files within are {_listed(names)}, not {_listed(issued_names)}")
    metadata, issued_metadata = view.metadata(), genuine.metadata()
    told += [
        f"{name} in the information about the document is «{metadata.get(name, '')}», "
        f"not «{issued_metadata.get(name, '')}»"
        for name in dict.fromkeys([*issued_metadata, *metadata])
        if metadata.get(name, "") != issued_metadata.get(name, "")
    ]
    if view.page_count != genuine.page_count:
        told.append(f"it has {view.page_count} pages, not {genuine.page_count}")
    return told


def _tail(data: bytes) -> str:
    size = f"{_bytes(data)} after its end"
    if b"%PDF-" in data:
        return f"{size}: another PDF file"
    if b"startxref" in data or b" obj" in data:
        return f"{size}: a revision that was appended"
    return f"{size}: junk"


def _bytes(data: bytes) -> str:
    return f"{len(data):,} byte{'s' if len(data) > 1 else ''}"


def _listed(names: list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names[:_MOST_NAMES]) or "none"

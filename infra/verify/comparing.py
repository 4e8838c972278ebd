"""A file held against the genuine one: its attached data, its bytes, and what its pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constancia.domain import wording
from constancia.domain.content import CertificateContent
from constancia.domain.virtual_code import VirtualCode, grouped
from infra.verify import prints
from infra.verify.changes import byte_changes, makeup_changes
from infra.verify.content import content_differences, read_content
from infra.verify.findings import Check, Difference, Finding, Status
from infra.verify.genuine import Genuine
from infra.verify.opening import Opened
from infra.verify.pages import UnreadableFileError, View
from infra.verify.site import Record
from infra.verify.verdicts import OF_OUR_MAKE, Reading
from render.document.typeface import composed


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs."""

    finding: Finding
    differences: tuple[Difference, ...] = ()
    changes: tuple[str, ...] = ()
    """What was done to the pages; what was laid over them comes first."""
    traces: tuple[str, ...] = ()
    """What that did to the file: its bytes, its make-up, and what could not be compared for it."""
    likeness: float | None = None
    """The part of the certificate's words that the file shows; `None` where they were not compared."""
    made_of_bytes: bool = False
    """Whether it is plainly made of the bytes of the genuine file."""


def attached_to(view: View | None) -> bytes | None:
    """The data that are attached to a certificate."""
    files = view.attachments() if view is not None else []
    return next((data for name, data in files if name == wording.ATTACHMENT_NAME), None)


def expected_content(record: Record | None, genuine: View | None) -> CertificateContent | None:
    """What a certificate has to say: by the record, else by the genuine file."""
    if record is not None and record.content is not None:
        return record.content
    attached = attached_to(genuine)
    return read_content(attached) if attached else None


def compared_data(view: View | None, expected: CertificateContent | None) -> Compared:
    """The attached data against what they have to say, field by field."""
    name = wording.ATTACHMENT_NAME
    if view is None or expected is None:
        return Compared(Finding(Check.DATA, Status.SKIPPED, "there is nothing to compare with"))
    found = attached_to(view)
    if found == expected.to_json():
        return Compared(Finding(Check.DATA, Status.VALID, f"{name} says what the record says"))
    content = read_content(found) if found is not None else None
    differences = content_differences(expected, content) if content else []
    if found is None:
        reason = f"no {name} is attached"
    elif content is None:
        reason = f"the attached {name} is not the content of a certificate"
    elif differences:
        reason = f"the attached {name} differs from the record"
    else:
        reason = f"the attached {name} is written in another way"
    return Compared(Finding(Check.DATA, Status.INVALID, reason), tuple(differences))


def known_facts(
    expected: CertificateContent | None, record: Record | None, codes: Sequence[VirtualCode]
) -> dict[str, str]:
    """Names of what is known to be printed, by its text."""
    facts: dict[str, str] = {}
    if expected is not None:
        facts[composed(expected.holder.name.full)] = "holder's name"
        facts[expected.holder.document.number] = "holder's document"
    facts |= {grouped(code): "virtual code" for code in codes}
    if record is not None and record.number:
        facts[record.number] = "number of the certificate"
    return facts


def compared_print(file: Opened, genuine: Genuine, facts: Mapping[str, str], *, of_ours: bool) -> Compared:
    """Bytes and pages against the genuine file's. `of_ours`: its seal tells that it is made of ours."""
    issued, view = genuine.view, file.view
    if issued is None:
        return Compared(_told(Status.SKIPPED, "there is nothing to compare with"))
    bytewise = byte_changes(file.data, issued.data, cut=file.too_large)
    others = ["its bytes are not those issued, and not made of them: as if another program had saved it"]
    traces, made_of_bytes = tuple(bytewise or others * (file.reading is Reading.WHOLE)), bool(bytewise)

    def only(status: Status, reason: str, likeness: float | None = None) -> Compared:
        return Compared(_told(status, reason), traces=traces, likeness=likeness, made_of_bytes=made_of_bytes)

    if view is None:
        return only(Status.SKIPPED, "there is nothing to compare with")
    try:
        seen = prints.compare(issued, view, facts, pixels=not genuine.redrawn)
        makeup = makeup_changes(view, issued)
    except UnreadableFileError as error:
        return only(Status.INVALID, f"it can't be shown whole: {error}")
    if seen.pictures:
        return only(Status.SKIPPED, "its pages are pictures, without letters to compare")
    if seen.alike < OF_OUR_MAKE and not of_ours:
        return only(Status.INVALID, "it does not look like the certificate at all", seen.alike)
    return Compared(
        _told_of(seen),
        tuple(seen.differences),
        (*seen.annotations, *seen.pages),
        (*traces, *makeup, *seen.limits),
        seen.alike,
        made_of_bytes,
    )


def _told_of(seen: prints.Comparison) -> Finding:
    if seen.differences:
        return _told(Status.INVALID, f"fields that look different: {len(seen.differences)}")
    if seen.annotations or seen.pages or seen.limits:
        return _told(Status.INVALID, "the words are the certificate's, the pages are not")
    return _told(Status.VALID, "it shows what the certificate shows")


def _told(status: Status, reason: str) -> Finding:
    return Finding(Check.PRINT, status, reason)

"""Which certificate a file says that it is, and what the trusted site says of that one."""

import hashlib
from dataclasses import dataclass

from infra.verify.codes import Codes, codes_of, questions
from infra.verify.findings import Check, Finding, Standing, Status
from infra.verify.opening import Opened
from infra.verify.pages import View
from infra.verify.site import Record, Site, SiteError
from infra.verify.trust import Trust

_STANDINGS = {
    Standing.AUTHENTIC: "issued, and it stands",
    Standing.REPLACED: "issued, and replaced by a newer one",
    Standing.ANNULLED: "issued, and annulled",
    Standing.UNKNOWN: "no certificate that this code opens, with what else the file shows",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says."""

    finding: Finding
    record: Record | None = None
    site_failed: bool = False

    @property
    def standing(self) -> Standing:
        """Whether the certificate stands, as far as anybody was asked."""
        return self.record.standing if self.record else Standing.NOT_ASKED


def judged_codes(codes: Codes, site: Site | None) -> tuple[Finding, tuple[str, ...]]:
    """Whether QR symbols and printed codes lead to one certificate of the site; and what to know."""

    def found(status: Status, reason: str) -> Finding:
        return Finding(Check.QR, status, reason)

    if not codes.from_qr and not codes.elsewhere:
        return found(Status.SKIPPED, "no QR could be read"), ()
    if codes.contradict:
        return found(Status.INVALID, "the QR and the printed code name different certificates"), ()
    if site is None:
        return found(Status.SKIPPED, "there is no site to hold its address against"), ()
    if codes.elsewhere:
        reason = f"a QR leads to {', '.join(codes.elsewhere[:3])}, not to your site"
        warning = "Do not follow its QR: it does not lead to the site that you named."
        return found(Status.INVALID, reason), (warning,)
    return found(Status.VALID, f"it leads to {site.base}"), ()


def asked(trust: Trust, codes: Codes, inner: View | None) -> Answer:
    """Ask the site for the certificate that a file names. `inner`, a sealed part of it, counts first."""
    site = trust.site
    if site is None:
        return Answer(Finding(Check.RECORD, Status.SKIPPED, "no site was named to ask"))
    sources = [codes] if inner is None else [codes_of(inner, site), codes]
    record = None
    try:
        for question in questions(sources, trust.document, trust.code):
            record = site.ask(question)
            if record.standing is not Standing.UNKNOWN:
                break
    except SiteError as error:
        return Answer(Finding(Check.RECORD, Status.SKIPPED, str(error)), site_failed=True)
    if record is None:
        return Answer(Finding(Check.RECORD, Status.SKIPPED, "no virtual code could be read from it"))
    status = Status.VALID if record.standing is Standing.AUTHENTIC else Status.INVALID
    return Answer(Finding(Check.RECORD, status, f"{site.base} says: {_STANDINGS[record.standing]}"), record)


def judged_digest(file: Opened, record: Record | None) -> Finding:
    """Whether a file is, byte for byte, the one that the record names."""
    if record is None or record.sha256 is None:
        reason = "the site tells it to who shows the QR or the holder's document, of what is not annulled"
        return Finding(Check.DIGEST, Status.SKIPPED, reason)
    if not file.too_large and hashlib.sha256(file.data).hexdigest() == record.sha256:
        return Finding(Check.DIGEST, Status.VALID, "its SHA-256 is the one in the record")
    return Finding(Check.DIGEST, Status.INVALID, "its SHA-256 is not the one in the record")

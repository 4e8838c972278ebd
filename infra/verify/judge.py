"""Judging a file: every question in its turn, then the verdict.

Three things speak for a file, and each can be missing: its seal (not a byte changed since our key made it),
the record of a site that whoever checks trusts (with the digest of the file), and what it shows. The genuine
file, to compare with, is the one that the site gives, or the sealed one within the file itself, or one that
is drawn anew from the record. What follows from all of it is decided in `verdicts`.
"""

import hashlib
from dataclasses import dataclass, field

from constancia.domain import wording
from constancia.domain.content import CertificateContent
from constancia.domain.links import verification_url
from constancia.domain.virtual_code import VirtualCode, grouped
from infra.verify import prints
from infra.verify.changes import byte_changes, makeup_changes
from infra.verify.codes import Codes, codes_of, questions
from infra.verify.content import content_differences, read_content
from infra.verify.findings import Check, Difference, Finding, Judgement, Standing, Status, Verdict
from infra.verify.headline import headline_of, what_was_altered
from infra.verify.pages import EncryptedFileError, UnreadableFileError, View, mend
from infra.verify.redraw import drawn_from
from infra.verify.seals import NO_SEAL, ChainError, Seal, Sealers, examine, sealed_parts
from infra.verify.site import LARGEST_FILE, Record, Site, SiteError
from infra.verify.verdicts import OF_OUR_MAKE, Decision, Evidence, Reading, decide
from render.document.typeface import composed


@dataclass(frozen=True, slots=True)
class Trust:
    """What whoever checks relies on, and what they know of the certificate."""

    site: Site | None = None
    sealers: Sealers | None = None
    """Whose seals are ours; without, those that the site names."""
    code: VirtualCode | None = None
    """The virtual code, where it can't be read from the file."""
    document: str | None = field(default=None, repr=False)
    """The number of the holder's document."""


def judge(data: bytes, trust: Trust) -> Judgement:
    """Say what a file is. Takes any bytes; of more than `LARGEST_FILE` the beginning."""
    return _Judge(data, trust).run()


class _Judge:
    """One judgement while it is made."""

    def __init__(self, data: bytes, trust: Trust) -> None:
        self._data = data[:LARGEST_FILE]
        self._too_large = len(data) > LARGEST_FILE
        self._trust = trust
        self._findings: list[Finding] = []
        self._differences: list[Difference] = []
        self._changes: list[str] = []
        self._messages: list[str] = []
        self._view: View | None = None
        self._codes = Codes()
        self._sealers = trust.sealers
        self._seal: Seal = NO_SEAL
        self._part: bytes | None = None
        """The sealed file within the data, intact, if there is one; it may be all of it."""
        self._record: Record | None = None
        self._site_failed = False
        self._genuine: bytes | None = None
        self._reading = Reading.NO_PDF
        self._redrawn = False
        self._likeness: float | None = None
        self._compared = False
        """Whether words and pixels were held against those of the genuine file."""

    def run(self) -> Judgement:
        self._open()
        self._learn_sealers()
        self._judge_seal()
        self._read_codes()
        self._ask()
        same_bytes = self._judge_digest()
        if not same_bytes and not self._untouched_by_seal:
            self._find_genuine()
        self._judge_data()
        self._judge_print(same_bytes)
        return self._judgement(decide(self._evidence(same_bytes)))

    def _found(self, check: Check, status: Status, reason: str) -> None:
        self._findings.append(Finding(check, status, reason))

    # ------------------------------------------------------------ the file

    def _open(self) -> None:
        if self._too_large:
            self._reading = Reading.DAMAGED
            self._found(Check.FILE, Status.INVALID, f"it is larger than {LARGEST_FILE:,} bytes")
            return
        try:
            self._view = View(self._data)
        except UnreadableFileError as error:
            self._open_damaged(error)
        else:
            self._reading = Reading.WHOLE
            self._found(Check.FILE, Status.VALID, f"a PDF of {_pages(self._view.page_count)}")

    def _open_damaged(self, error: UnreadableFileError) -> None:
        """Look at what can be mended: a single byte may keep programs from opening a file."""
        if isinstance(error, EncryptedFileError):
            self._reading = Reading.DAMAGED
            self._found(Check.FILE, Status.INVALID, str(error))
            self._messages.append("Certificates are never encrypted: ask for the file as it was issued.")
            return
        mended = mend(self._data)
        try:
            self._view = View(mended) if mended else None
        except UnreadableFileError:
            self._view = None
        if self._view is not None:
            self._reading = Reading.DAMAGED
            self._found(Check.FILE, Status.INVALID, "it is damaged, and was mended to look at it")
        elif b"%PDF-" in self._data:
            self._reading = Reading.DAMAGED
            self._found(Check.FILE, Status.INVALID, str(error))
        else:
            self._found(Check.FILE, Status.INVALID, "it is no PDF" if self._data else "it is empty")

    # ------------------------------------------------------------ the seal

    def _learn_sealers(self) -> None:
        if self._sealers is not None or self._trust.site is None:
            return
        try:
            chain = self._trust.site.chain()
            self._sealers = Sealers.of_chain(chain) if chain else None
        except SiteError as error:
            self._site_failed = True
            self._messages.append(f"{error}: so nobody was named whose seal is ours.")
        except ChainError as error:
            self._messages.append(f"What the site gives at /api/v1/seal.pem is no chain: {error}.")

    def _judge_seal(self) -> None:
        if self._sealers is None:
            self._found(Check.SEAL, Status.SKIPPED, "there is no chain or root to say whose seal is ours")
            return
        if not self._too_large:
            self._seal = examine(self._data, self._sealers)
        self._part = self._data if self._seal.whole else self._sealed_part(self._sealers)
        seal = self._seal
        if self._untouched_by_seal:
            at = f" on {seal.sealed_at:%Y-%m-%d}" if seal.sealed_at else ""
            self._found(Check.SEAL, Status.VALID, f"sealed by «{seal.signer}»{at}, whole and untouched")
            return
        if self._part is not None:
            reason = "a sealed file of ours is in it, and more than that file"
        elif seal.ours:
            reason = f"sealed by «{seal.signer}», and changed after that"
        elif seal.count and seal.signer:
            reason = f"its seal, which names «{seal.signer}», is not by a sealer of ours"
        elif seal.count:
            reason = "its seal can't be read"
        else:
            reason = "it has no seal"
        self._found(Check.SEAL, Status.INVALID, reason)
        if seal.count > 1:
            self._changes.append(f"it has {seal.count} signatures; ours have one")

    def _sealed_part(self, sealers: Sealers) -> bytes | None:
        for start, end in sealed_parts(self._data):
            part = self._data[start:end]
            seal = examine(part, sealers)
            if seal.whole:
                if not self._seal.ours:
                    self._seal = seal
                return part
        return None

    @property
    def _untouched_by_seal(self) -> bool:
        return self._part is not None and len(self._part) == len(self._data) and not self._too_large

    # ------------------------------------------------------------ the record

    def _read_codes(self) -> None:
        """Which certificate it says that it is. What a sealed part says counts first."""
        site = self._trust.site
        if self._view is not None:
            self._codes = codes_of(self._view, site)
        codes = self._codes
        if not codes.from_qr and not codes.elsewhere:
            self._found(Check.QR, Status.SKIPPED, "no QR could be read")
        elif codes.contradict:
            self._found(Check.QR, Status.INVALID, "the QR and the printed code name different certificates")
        elif site is None:
            self._found(Check.QR, Status.SKIPPED, "there is no site to hold its address against")
        elif codes.elsewhere:
            self._found(
                Check.QR,
                Status.INVALID,
                f"a QR leads to {', '.join(codes.elsewhere[:3])}, not to your site",
            )
            self._messages.append("Do not follow its QR: it does not lead to the site that you named.")
        else:
            self._found(Check.QR, Status.VALID, f"it leads to {site.base}")

    def _ask(self) -> None:
        trust = self._trust
        sources = [self._codes]
        if self._part is not None and not self._untouched_by_seal:
            sources.insert(0, codes_of(View(self._part), trust.site))
        asked = questions(sources, trust.document, trust.code)
        if trust.site is None:
            self._found(Check.RECORD, Status.SKIPPED, "no site was named to ask")
            return
        if not asked:
            self._found(Check.RECORD, Status.SKIPPED, "no virtual code could be read from it")
            return
        try:
            for question in asked:
                self._record = trust.site.ask(question)
                if self._record.standing is not Standing.UNKNOWN:
                    break
        except SiteError as error:
            self._site_failed = True
            self._record = None
            self._found(Check.RECORD, Status.SKIPPED, str(error))
            return
        record = self._record
        if record is None:
            return
        status = Status.VALID if record.standing is Standing.AUTHENTIC else Status.INVALID
        self._found(Check.RECORD, status, f"{trust.site.base} says: {_STANDINGS[record.standing]}")

    def _judge_digest(self) -> bool:
        """Whether the file is, byte for byte, the one that the record names."""
        record = self._record
        if record is None or record.sha256 is None:
            self._found(
                Check.DIGEST,
                Status.SKIPPED,
                "the site tells it of certificates that stand, to who shows the QR or the holder's document",
            )
            return False
        same = not self._too_large and hashlib.sha256(self._data).hexdigest() == record.sha256
        if same:
            self._found(Check.DIGEST, Status.VALID, "its SHA-256 is the one in the record")
        else:
            self._found(Check.DIGEST, Status.INVALID, "its SHA-256 is not the one in the record")
        return same

    def _find_genuine(self) -> None:
        """The genuine file to compare with."""
        record, site, part = self._record, self._trust.site, self._part
        if part is not None and record is not None and hashlib.sha256(part).hexdigest() == record.sha256:
            self._genuine = part
            return
        if record is not None and site is not None:
            try:
                self._genuine = site.file_of(record)
            except SiteError as error:
                self._messages.append(f"The genuine file could not be had: {error}.")
        if self._genuine is None:
            self._genuine = part
        if self._genuine is None and record is not None and site is not None:
            self._genuine = self._redraw(record, site)
            self._redrawn = self._genuine is not None

    def _redraw(self, record: Record, site: Site) -> bytes | None:
        sealers = self._sealers
        signer = self._seal.signer if self._seal.ours else sealers.name if sealers else None
        token = self._codes.from_qr.get(record.code)
        if signer is None or token is None:
            return None
        url = verification_url(site.base, record.code, token)
        drawn = drawn_from(record, url, signer, sealers is not None and sealers.demonstration)
        if drawn is not None:
            self._messages.append(
                "The site no longer gives the genuine file: the words were compared with those that this "
                "version of the program prints for the record, pictures and drawings with nothing."
            )
        return drawn

    # ------------------------------------------------------------ what it says and shows

    def _judge_data(self) -> None:
        expected = self._record.content if self._record else None
        if expected is None and self._genuine is not None:
            expected = _content_in(View(self._genuine))
        found = _content_bytes(self._view) if self._view else None
        if self._view is None or expected is None:
            self._found(Check.DATA, Status.SKIPPED, "there is nothing to compare with")
        elif found is None:
            self._found(Check.DATA, Status.INVALID, f"no {wording.ATTACHMENT_NAME} is attached")
        elif found == expected.to_json():
            self._found(Check.DATA, Status.VALID, f"{wording.ATTACHMENT_NAME} says what the record says")
        else:
            content = read_content(found)
            differences = content_differences(expected, content) if content else []
            self._differences += differences
            if content is None:
                reason = f"the attached {wording.ATTACHMENT_NAME} is not the content of a certificate"
            elif differences:
                reason = f"the attached {wording.ATTACHMENT_NAME} differs from the record"
            else:
                reason = f"the attached {wording.ATTACHMENT_NAME} is written in another way"
            self._found(Check.DATA, Status.INVALID, reason)

    def _judge_print(self, same_bytes: bool) -> None:
        if same_bytes or self._untouched_by_seal:
            self._found(Check.PRINT, Status.VALID, "every byte is as it was issued, and so what it shows")
            return
        if self._genuine is not None:
            whole = self._reading is Reading.WHOLE
            anew = ["it was written anew by another program"] if whole else []
            self._changes += byte_changes(self._data, self._genuine, cut=self._too_large) or anew
        if self._genuine is None or self._view is None:
            self._found(Check.PRINT, Status.SKIPPED, "there is nothing to compare with")
            return
        try:
            compared = prints.compare(self._genuine, self._view, self._facts(), pixels=not self._redrawn)
            makeup = makeup_changes(self._view, View(self._genuine))
        except UnreadableFileError as error:
            self._found(Check.PRINT, Status.INVALID, f"it can't be shown whole: {error}")
            return
        self._compared = not compared.pictures
        self._likeness = None if compared.pictures else compared.alike
        if compared.pictures:
            self._found(Check.PRINT, Status.SKIPPED, "its pages are pictures, without letters to compare")
            return
        if compared.alike < OF_OUR_MAKE and not (self._part or self._seal.ours):
            self._found(Check.PRINT, Status.INVALID, "it does not look like the certificate at all")
            return
        self._changes += compared.changes + makeup
        self._differences += compared.differences
        if compared.differences:
            self._found(
                Check.PRINT, Status.INVALID, f"fields that look different: {len(compared.differences)}"
            )
        elif compared.changes:
            self._found(Check.PRINT, Status.INVALID, "the words are the certificate's, the pages are not")
        else:
            self._found(Check.PRINT, Status.VALID, "it shows what the certificate shows")

    def _facts(self) -> dict[str, str]:
        """Names of what is known to be printed, by its text."""
        content = self._record.content if self._record else None
        if content is None and self._genuine is not None:
            content = _content_in(View(self._genuine))
        facts: dict[str, str] = {}
        if content is not None:
            facts |= {
                composed(content.holder.name.full): "holder's name",
                content.holder.document.number: "holder's document",
            }
        facts |= {grouped(code): "virtual code" for code in self._known_codes()}
        if self._record is not None and self._record.number:
            facts[self._record.number] = "number of the certificate"
        return facts

    def _known_codes(self) -> list[VirtualCode]:
        return [self._record.code] if self._record else self._codes.all

    # ------------------------------------------------------------ the verdict

    def _evidence(self, same_bytes: bool) -> Evidence:
        record, seal = self._record, self._seal
        made_of_ours = self._genuine is not None and bool(byte_changes(self._data, self._genuine))
        return Evidence(
            reading=self._reading,
            reason=self._findings[0].reason,
            sealers_known=self._sealers is not None,
            sealers_demanded=self._trust.sealers is not None,
            seals=seal.count,
            seal_of_ours=seal.ours,
            untouched_by_seal=self._untouched_by_seal,
            bytes_of_ours=self._part is not None or made_of_ours,
            names_certificate=bool(self._codes.all),
            site_named=self._trust.site is not None,
            site_failed=self._site_failed,
            standing=record.standing if record else Standing.NOT_ASKED,
            digest_known=record is not None and record.sha256 is not None,
            digest_equal=same_bytes,
            likeness=self._likeness,
        )

    def _judgement(self, decision: Decision) -> Judgement:
        verdict = decision.verdict
        standing = self._record.standing if self._record else Standing.NOT_ASKED
        codes = self._known_codes() or ([self._trust.code] if self._trust.code else [])
        code = grouped(codes[0]) if codes else None
        ours = verdict in {Verdict.UNTOUCHED, Verdict.ALTERED}
        by_demo = self._sealers is not None and self._sealers.demonstration
        demonstration = ours and (self._seal.demonstration or by_demo)
        changes = tuple(dict.fromkeys(self._changes))
        altered = verdict is Verdict.ALTERED
        gist = what_was_altered(len(self._differences), changes, compared=self._compared)
        why = gist if altered else decision.why
        return Judgement(
            verdict=verdict,
            standing=standing,
            headline=headline_of(verdict, standing, code, why, demonstration=demonstration),
            demonstration=demonstration,
            code=code,
            findings=tuple(self._findings),
            differences=tuple(self._differences),
            changes=changes,
            messages=tuple(dict.fromkeys([*self._messages, *decision.messages])),
        )


_STANDINGS = {
    Standing.AUTHENTIC: "issued, and it stands",
    Standing.REPLACED: "issued, and replaced by a newer one",
    Standing.ANNULLED: "issued, and annulled",
    Standing.UNKNOWN: "no certificate that this code opens, with what else the file shows",
}


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count:,} pages"


def _content_bytes(view: View) -> bytes | None:
    """The attached content."""
    found = [data for name, data in view.attachments() if name == wording.ATTACHMENT_NAME]
    return found[0] if found else None


def _content_in(view: View) -> CertificateContent | None:
    data = _content_bytes(view)
    return read_content(data) if data else None

"""Judging a file: every question in its turn, then the verdict.

Three things speak for a file, and each can be missing: its seal (not a byte changed since our key made it),
the record of a site that whoever checks trusts (with the digest of the file), and what it shows. The genuine
file, to compare with, is the one that the site gives, or the sealed one within the file itself, or one that
is drawn anew from the record. What follows from all of it is decided in `verdicts`.
"""

from dataclasses import dataclass

from constancia.domain.virtual_code import VirtualCode, grouped
from infra.verify.asking import Answer, asked, judged_codes, judged_digest
from infra.verify.codes import Codes, codes_of
from infra.verify.comparing import Compared, compared_data, compared_print, expected_content, known_facts
from infra.verify.findings import Check, Finding, Judgement, Status, Verdict
from infra.verify.genuine import Genuine, genuine_for
from infra.verify.headline import headline_of, what_was_altered
from infra.verify.opening import Opened, opened
from infra.verify.pages import view_of
from infra.verify.sealed import Sealed, sealed
from infra.verify.trust import Named, Trust, named_by
from infra.verify.verdicts import Evidence, decide

_AS_ISSUED = Compared(
    Finding(Check.PRINT, Status.VALID, "every byte is as it was issued, and so what it shows")
)


@dataclass(frozen=True, slots=True)
class _Answers:
    """Every question and its answer."""

    file: Opened
    named: Named
    seal: Sealed
    codes: Codes
    qr: Finding
    warnings: tuple[str, ...]
    answer: Answer
    digest: Finding
    genuine: Genuine
    data: Compared
    pages: Compared

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In the order of `Check`."""
        found = (self.qr, self.answer.finding, self.digest, self.data.finding, self.pages.finding)
        return (self.file.finding, self.seal.finding, *found)


def judge(data: bytes, trust: Trust) -> Judgement:
    """Say what a file is. Takes any bytes; of more than `LARGEST_FILE` the beginning."""
    return _judgement(_answers(data, trust), trust)


def _answers(data: bytes, trust: Trust) -> _Answers:
    file, named = opened(data), named_by(trust)
    seal = sealed(file, named.sealers)
    codes = codes_of(file.view, trust.site) if file.view else Codes()
    qr, warnings = judged_codes(codes, trust.site)
    inner = view_of(seal.part) if seal.part is not None and not seal.untouched else None
    answer = asked(trust, codes, inner)
    record = answer.record
    digest = judged_digest(file, record)
    as_issued = seal.untouched or digest.status is Status.VALID
    genuine = Genuine() if as_issued else genuine_for(file.data, seal, record, trust.site, codes, named)
    expected = expected_content(record, genuine.view)
    facts = known_facts(expected, record, _named_codes(answer, codes))
    pages = _AS_ISSUED if as_issued else compared_print(file, genuine, facts, of_ours=seal.of_ours)
    return _Answers(
        file=file,
        named=named,
        seal=seal,
        codes=codes,
        qr=qr,
        warnings=warnings,
        answer=answer,
        digest=digest,
        genuine=genuine,
        data=compared_data(file.view, expected),
        pages=pages,
    )


def _named_codes(answer: Answer, codes: Codes) -> list[VirtualCode]:
    return [answer.record.code] if answer.record else codes.all


def _evidence(found: _Answers, trust: Trust) -> Evidence:
    seal, answer = found.seal, found.answer
    return Evidence(
        reading=found.file.reading,
        reason=found.file.finding.reason,
        sealers_known=found.named.sealers is not None,
        sealers_demanded=trust.sealers is not None,
        seals=seal.seal.count,
        seal_of_ours=seal.seal.ours,
        untouched_by_seal=seal.untouched,
        bytes_of_ours=seal.part is not None or found.pages.made_of_bytes,
        names_certificate=bool(found.codes.all),
        site_named=trust.site is not None,
        site_failed=found.named.site_failed or answer.site_failed,
        standing=answer.standing,
        digest_known=answer.record is not None and answer.record.sha256 is not None,
        digest_equal=found.digest.status is Status.VALID,
        likeness=found.pages.likeness,
    )


def _judgement(found: _Answers, trust: Trust) -> Judgement:
    decision, standing = decide(_evidence(found, trust)), found.answer.standing
    verdict = decision.verdict
    codes = _named_codes(found.answer, found.codes) or ([trust.code] if trust.code else [])
    code = grouped(codes[0]) if codes else None
    ours = verdict in {Verdict.UNTOUCHED, Verdict.ALTERED}
    demonstration = ours and (found.seal.seal.demonstration or found.named.demonstration)
    differences = (*found.data.differences, *found.pages.differences)
    # What the first line tells comes first: what was done to the pages, then by whom, then its traces.
    changes = tuple(dict.fromkeys((*found.pages.changes, *found.seal.changes, *found.pages.traces)))
    gist = what_was_altered(len(differences), changes, compared=found.pages.likeness is not None)
    why = gist if verdict is Verdict.ALTERED else decision.why
    said = (found.file, found.named, found.genuine, decision)
    messages = [message for each in said for message in each.messages]
    return Judgement(
        verdict=verdict,
        standing=standing,
        headline=headline_of(verdict, standing, code, why, demonstration=demonstration),
        demonstration=demonstration,
        code=code,
        findings=found.findings,
        differences=differences,
        changes=changes,
        messages=tuple(dict.fromkeys((*found.warnings, *messages))),
    )

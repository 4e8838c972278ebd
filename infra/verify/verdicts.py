"""From what was found of a file to the verdict: pure, and the one place where it is decided.

Who made the file is told by a seal or bytes of ours, or by the record that opens with what the file carries.
What nothing speaks for is not ours; what was not or could not be looked at is never called so.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from infra.verify.findings import Standing, Verdict

OF_OUR_MAKE = 0.5
"""The part of the certificate's words that a file must show to be made of it."""


class Reading(Enum):
    """Whether the file could be read."""

    WHOLE = auto()
    NO_PDF = auto()
    DAMAGED = auto()
    """A PDF that no program can open: damaged, encrypted, or too large."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a file."""

    reading: Reading = Reading.NO_PDF
    reason: str = ""
    """Why it could not be read."""
    sealers_known: bool = False
    sealers_demanded: bool = False
    """Whether whoever checks named them, beside the site."""
    seals: int = 0
    seal_of_ours: bool = False
    """Whether a key of ours made a seal in it, over these or other bytes."""
    untouched_by_seal: bool = False
    bytes_of_ours: bool = False
    """Whether a sealed file of ours is in it, or it is made of the bytes of one."""
    names_certificate: bool = False
    """Whether a code or QR of a certificate could be read."""
    site_named: bool = False
    site_failed: bool = False
    standing: Standing = Standing.NOT_ASKED
    digest_known: bool = False
    digest_equal: bool = False
    likeness: float | None = None
    """The part of the certificate's words that it shows; `None` where there was nothing to compare."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, why, and what whoever checks should know."""

    verdict: Verdict
    why: str = ""
    messages: tuple[str, ...] = field(default=())


def decide(evidence: Evidence) -> Decision:
    """The verdict."""
    if evidence.digest_equal or evidence.untouched_by_seal:
        return _by_bytes(evidence)
    if evidence.seal_of_ours or evidence.bytes_of_ours:
        unread = evidence.reading is Reading.DAMAGED and evidence.standing is Standing.NOT_ASKED
        more = "With its code and the holder's document (--code, --document) more can be told."
        return Decision(Verdict.ALTERED, messages=(more,) if unread else ())
    if evidence.standing in {Standing.AUTHENTIC, Standing.REPLACED, Standing.ANNULLED}:
        return _by_record(evidence)
    obstacle = _obstacle(evidence)
    if obstacle:
        return Decision(Verdict.CANNOT_TELL, obstacle)
    carries = (
        "and the site knows no certificate that it opens"
        if evidence.names_certificate
        else "and no code or QR of a certificate"
    )
    return Decision(Verdict.NOT_OURS, f"it has no seal of ours, {carries}.")


def _by_bytes(evidence: Evidence) -> Decision:
    """Digest or seal say that no byte was changed. Where both can speak, both have to."""
    if evidence.digest_equal and evidence.sealers_demanded and not evidence.untouched_by_seal:
        why = "the record knows this very file, yet its seal is none that you trust."
        return Decision(Verdict.CANNOT_TELL, why)
    if evidence.digest_known and not evidence.digest_equal:
        strange = "It carries our seal, untouched, and the record names another file: report it."
        return Decision(Verdict.ALTERED, messages=(strange,))
    return Decision(Verdict.UNTOUCHED)


def _by_record(evidence: Evidence) -> Decision:
    """It has no seal of ours, but names a certificate that was issued."""
    if evidence.likeness is None:
        return Decision(
            Verdict.CANNOT_TELL,
            "it is not the file that was issued, and names a certificate that was: compare them yourself.",
            (
                "Look the certificate up on the site, and compare what you read with what the site shows.",
                "With the number of the holder's document (--document) more may be compared here.",
            ),
        )
    if evidence.likeness >= OF_OUR_MAKE:
        copy = "It has no seal of ours any more: a copy, printed to a file or saved by another program."
        return Decision(Verdict.ALTERED, messages=(copy,))
    return Decision(
        Verdict.NOT_OURS,
        "it does not look like the certificate whose code or QR it carries.",
        ("That certificate was issued: look it up on the site, and rely on what the site shows.",),
    )


def _obstacle(evidence: Evidence) -> str | None:
    """Why nothing can be said of a file for which nothing speaks."""
    obstacles = (
        (
            not evidence.site_named and not evidence.sealers_known,
            "name the site that you trust (--endpoint), or whose seal is ours (--chain, --root).",
        ),
        (evidence.site_failed, "the site gave no answer, and the file has no seal that tells."),
        (
            evidence.names_certificate and not evidence.site_named,
            "it has no seal of ours, but names a certificate: ask the site for it (--endpoint).",
        ),
        (
            evidence.seals > 0 and not evidence.sealers_known,
            "it has a seal, and nothing says whose seals are ours (--chain, --root).",
        ),
        (
            evidence.reading is Reading.DAMAGED,
            f"{evidence.reason}. Its code and the holder's document (--code, --document) may tell.",
        ),
    )
    return next((why for holds, why in obstacles if holds), None)

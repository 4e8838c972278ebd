"""What a judgement of a file is made of: findings, differences, changes, and the verdict."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

SCHEMA = "constancia-verify/1"
"""The version of the JSON. What is added keeps it; what is renamed or means something else does not."""


class Verdict(StrEnum):
    """What a file is."""

    UNTOUCHED = "ours_untouched"
    """Byte for byte what was issued. Whether it still stands is told apart (`Standing`)."""
    ALTERED = "ours_altered"
    """It comes from a certificate of ours and is not the file that was issued."""
    NOT_OURS = "not_ours"
    CANNOT_TELL = "cannot_tell"


class Standing(StrEnum):
    """What the trusted site says of the certificate."""

    AUTHENTIC = "authentic"
    REPLACED = "replaced"
    ANNULLED = "annulled"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"
    """There was no site to ask, no code to ask for, or no answer."""


class ExitCode(IntEnum):
    """How `constancia verify` ends. 0 alone means that the file may be relied upon."""

    UNTOUCHED_AND_STANDS = 0
    ALTERED = 1
    WRONG_USAGE = 2
    NOT_OURS = 3
    CANNOT_TELL = 4
    UNTOUCHED_BUT_MAY_NOT_STAND = 5


class Check(StrEnum):
    """The single questions."""

    FILE = "file"
    SEAL = "seal"
    QR = "qr"
    RECORD = "record"
    DIGEST = "digest"
    DATA = "data"
    PRINT = "print"


class Status(StrEnum):
    """How a question was answered."""

    VALID = "valid"
    INVALID = "invalid"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, its answer, and why."""

    check: Check
    status: Status
    reason: str


class Source(StrEnum):
    """Where in the file a difference stands."""

    DATA = "data"
    """In the attached constancia.json."""
    PRINT = "print"
    """On a page."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the file and the record differ. `None` stands for what is not there at all."""

    source: Source
    field: str
    record: str | None
    file: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The whole answer."""

    verdict: Verdict
    standing: Standing
    headline: str
    demonstration: bool
    """Whether it was sealed by a demonstration CA, and so has no official value."""
    code: str | None
    """The virtual code, in groups of four, of the certificate that the file was held against."""
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] = ()
    changes: tuple[str, ...] = ()
    """What was done to the file, apart from fields: bytes after its end, an annotation, a missing page."""
    messages: tuple[str, ...] = ()
    """What whoever checks should know or do."""

    @property
    def exit_code(self) -> ExitCode:
        """What the command ends with."""
        match self.verdict:
            case Verdict.UNTOUCHED if self.standing is Standing.AUTHENTIC:
                return ExitCode.UNTOUCHED_AND_STANDS
            case Verdict.UNTOUCHED:
                return ExitCode.UNTOUCHED_BUT_MAY_NOT_STAND
            case Verdict.ALTERED:
                return ExitCode.ALTERED
            case Verdict.NOT_OURS:
                return ExitCode.NOT_OURS
            case Verdict.CANNOT_TELL:
                return ExitCode.CANNOT_TELL

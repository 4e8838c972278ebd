"""The seal of a file: whose it is, and which part of the file it covers."""

from dataclasses import dataclass

from infra.verify.findings import Check, Finding, Status
from infra.verify.opening import Opened
from infra.verify.seals import NO_SEAL, Seal, Sealers, examine, sealed_parts


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the seals of a file tell."""

    finding: Finding
    seal: Seal = NO_SEAL
    part: bytes | None = None
    """The sealed file of ours within the data, intact, if there is one."""
    untouched: bool = False
    """Whether that part is the whole file."""

    @property
    def of_ours(self) -> bool:
        """Whether a key of ours sealed it or what it was made of."""
        return self.part is not None or self.seal.ours

    @property
    def changes(self) -> tuple[str, ...]:
        """What was done to the file, by its seals."""
        several = self.seal.count > 1 and not self.untouched
        return (f"it has {self.seal.count} signatures; ours have one",) if several else ()


def sealed(file: Opened, sealers: Sealers | None) -> Sealed:
    """Judge the seals of a file."""
    if sealers is None:
        reason = "there is no chain or root to say whose seal is ours"
        return Sealed(Finding(Check.SEAL, Status.SKIPPED, reason))
    seal = NO_SEAL if file.too_large else examine(file.data, sealers)
    if seal.whole:
        at = f" on {seal.sealed_at:%Y-%m-%d}" if seal.sealed_at else ""
        reason = f"sealed by «{seal.signer}»{at}, whole and untouched"
        return Sealed(Finding(Check.SEAL, Status.VALID, reason), seal, file.data, untouched=True)
    within = _within(file.data, sealers)
    if within is None:
        return Sealed(Finding(Check.SEAL, Status.INVALID, _why_not(seal)), seal)
    part, its_seal = within
    reason = "a sealed file of ours is in it, and more than that file"
    return Sealed(Finding(Check.SEAL, Status.INVALID, reason), seal if seal.ours else its_seal, part)


def _within(data: bytes, sealers: Sealers) -> tuple[bytes, Seal] | None:
    """The first whole sealed file of ours within the data, and its seal."""
    parts = (data[start:end] for start, end in sealed_parts(data))
    examined = ((part, examine(part, sealers)) for part in parts)
    return next(((part, seal) for part, seal in examined if seal.whole), None)


def _why_not(seal: Seal) -> str:
    if seal.ours:
        return f"sealed by «{seal.signer}», and changed after that"
    if seal.count and seal.signer:
        return f"its seal, which names «{seal.signer}», is not by a sealer of ours"
    return "its seal can't be read" if seal.count else "it has no seal"

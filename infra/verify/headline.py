"""The first line: the verdict, and at once whatever stops a person from relying on the file."""

from collections.abc import Sequence

from infra.verify.findings import Standing, Verdict

DEMONSTRATION = "[DEMONSTRATION, no official value] "

_STANDS = {
    Standing.AUTHENTIC: "OURS AND UNTOUCHED: {name} stands.",
    Standing.REPLACED: "OURS AND UNTOUCHED, BUT REPLACED: its holder has a newer one than {name}.",
    Standing.ANNULLED: "OURS AND UNTOUCHED, BUT ANNULLED: {name} is no longer valid.",
    Standing.UNKNOWN: "OURS AND UNTOUCHED BY ITS SEAL, BUT UNKNOWN: the site issued no certificate that it "
    "opens ({name}).",
    Standing.NOT_ASKED: "OURS AND UNTOUCHED BY ITS SEAL; WHETHER IT STANDS IS NOT KNOWN: no record was seen.",
}
_NO_LONGER = {
    Standing.REPLACED: " The certificate itself was replaced by a newer one.",
    Standing.ANNULLED: " The certificate itself is annulled.",
}


def headline_of(
    verdict: Verdict, standing: Standing, code: str | None, why: str, *, demonstration: bool
) -> str:
    """One line, in plain words. `why` tells what was altered, what is not ours, or what can't be told."""
    name = f"certificate {code}" if code else "the certificate"
    lines = {
        Verdict.UNTOUCHED: _STANDS[standing].format(name=name),
        Verdict.ALTERED: f"OURS, BUT ALTERED: {why}{_NO_LONGER.get(standing, '')}",
        Verdict.NOT_OURS: f"NOT OURS: {why}",
        Verdict.CANNOT_TELL: f"CANNOT TELL: {why}",
    }
    return (DEMONSTRATION if demonstration else "") + lines[verdict]


def what_was_altered(differences: int, changes: Sequence[str], *, compared: bool) -> str:
    """The gist of what differs, for the first line. `compared`: whether its pages could be looked at."""
    if differences:
        return "1 field differs." if differences == 1 else f"{differences} fields differ."
    seen = "no field was seen to differ" if compared else "what it shows could not be compared"
    return f"{changes[0] if changes else 'its bytes are not those issued'}; {seen}."

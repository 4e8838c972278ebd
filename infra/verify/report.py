"""A judgement in words for a terminal, and as JSON for programs.

Names, words and addresses in it come from hostile files: whatever could steer a terminal is written out.
"""

import json
from typing import Any

from infra.verify.findings import SCHEMA, Difference, Judgement, Source, Status

_LONGEST = 300
_MOST_DIFFERENCES = 40
_SIGNS = {Status.VALID: "ok", Status.INVALID: "no", Status.SKIPPED: "--"}
_SOURCES = {Source.DATA: "in the attached data", Source.PRINT: "on the page"}


def safe(text: str, longest: int = _LONGEST) -> str:
    """A text that can't steer a terminal, turn the direction of reading, or go on for ever."""
    cut = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(
        character if character.isprintable() else f"\\u{{{ord(character):x}}}" for character in cut
    )


def in_words(judgement: Judgement) -> str:
    """The verdict first, then what differs, what to know, and the single findings."""
    lines = [safe(judgement.headline)]
    shown = judgement.differences[:_MOST_DIFFERENCES]
    lines += [f"  {_difference(each)}" for each in shown]
    if len(judgement.differences) > len(shown):
        lines.append(f"  … and {len(judgement.differences) - len(shown)} more (--json lists all)")
    lines += [f"  * {safe(change)}" for change in judgement.changes[:_MOST_DIFFERENCES]]
    lines += [f"  ! {safe(message)}" for message in judgement.messages]
    lines += [
        f"  {_SIGNS[finding.status]}  {finding.check + ':':8} {safe(finding.reason)}"
        for finding in judgement.findings
    ]
    return "\n".join(lines)


def as_json(judgement: Judgement) -> str:
    """One line of JSON, in ASCII. Its form is that of `findings.SCHEMA`, told in docs/verify.md."""
    return json.dumps(_document(judgement), ensure_ascii=True)


def _document(judgement: Judgement) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "verdict": judgement.verdict,
        "standing": judgement.standing,
        "demonstration": judgement.demonstration,
        "exit_code": judgement.exit_code,
        "code": judgement.code,
        "headline": safe(judgement.headline),
        "findings": [
            {"check": finding.check, "status": finding.status, "reason": safe(finding.reason)}
            for finding in judgement.findings
        ],
        "differences": [
            {
                "source": each.source,
                "field": safe(each.field),
                "record": None if each.record is None else safe(each.record),
                "file": None if each.file is None else safe(each.file),
                "note": each.note,
            }
            for each in judgement.differences
        ],
        "changes": [safe(change) for change in judgement.changes],
        "messages": [safe(message) for message in judgement.messages],
    }


def _difference(each: Difference) -> str:
    note = f"; {each.note}" if each.note else ""
    record, file = _value(each.record), _value(each.file)
    return f"{safe(each.field)}: record {record}, file {file} ({_SOURCES[each.source]}{note})"


def _value(text: str | None) -> str:
    return "has none" if text is None else f"«{safe(text)}»"

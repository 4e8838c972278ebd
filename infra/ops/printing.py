"""What operators read on their terminal. Masked, but for the content that was asked for by name."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta

from constancia.adapters.audit import Recorded
from constancia.domain.annulment import AnnulmentReason
from constancia.domain.application import masked
from constancia.domain.certificate import Certificate, CertificateRequest, MailState, log_name
from constancia.domain.virtual_code import VirtualCode, grouped
from infra.ops.desk import Reissued, Resent, Shown, Waiting
from infra.ops.integrity import Progress
from infra.ops.letters import Letter

_MAILS = {
    MailState.PENDING: "the mail is to go out",
    MailState.SENT: "mailed",
    MailState.REJECTED: "no mail: the address takes none",
    MailState.NONE: "no mail: there was no address",
}
_DRY = "Nothing was changed. The same command with --yes does it."


def shown(found: Shown, *, content: bool) -> Iterator[str]:
    """A certificate, line by line."""
    yield from _rows(_facts(found.certificate))
    for request in found.requests:
        yield f"request {log_name(request.id)}: {_progress(request)}"
    if not found.requests:
        yield "no request: it is forgotten, and the address with it"
    if content:
        yield found.certificate.content.to_json().decode()


def _facts(certificate: Certificate) -> Iterator[tuple[str, str]]:
    holder = certificate.content.holder
    yield "code", grouped(certificate.code)
    yield "state", certificate.state
    if certificate.superseded_by:
        yield "superseded by", grouped(certificate.superseded_by)
    if certificate.annulled_for:
        yield "annulled for", certificate.annulled_for
    if certificate.replaces:
        yield "made anew from", grouped(certificate.replaces)
    yield "number", certificate.number
    yield "issued at", f"{certificate.issued_at:%Y-%m-%d %H:%M:%S} UTC"
    yield "holder", f"{holder.name.masked}, {holder.document.type}"
    levels = ", ".join(
        f"{one.level} ({_count(len(one.years), 'year')})" for one in certificate.content.levels
    )
    yield "levels", f"{certificate.content.modality}: {levels}"
    yield "terms", f"{certificate.terms_version}, accepted {certificate.terms_accepted_at:%Y-%m-%d}"
    yield "SHA-256", certificate.sha256 or "none yet"


def _progress(request: CertificateRequest) -> str:
    said = [request.held_for and f"held: {request.held_for}", _MAILS[request.mail]]
    if request.masked_email and request.mail is not MailState.NONE:
        said.append(f"to {request.masked_email}")
    facts = " ".join(each for each in said[1:] if each)
    state = f"{request.state}, {said[0]}" if said[0] else str(request.state)
    return f"{state}, {facts}; made {_minute(request.created_at)}, forgotten {_minute(request.expires_at)}"


def waiting(found: Iterable[Waiting], now: datetime) -> Iterator[str]:
    """What is not finished, a line each."""
    rows = [
        (
            grouped(one.code),
            f"{one.waits}: {one.held_for}" if one.held_for else str(one.waits),
            f"for {_age(now - one.since)}",
            f"request {log_name(one.request_id)}",
        )
        for one in found
    ]
    if not rows:
        yield "Nothing is pending, and nothing is held."
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield f"{len(rows)} in all"


def annulling(certificate: Certificate, reason: AnnulmentReason, *, done: bool) -> Iterator[str]:
    """What an annulment did, or would do."""
    code = grouped(certificate.code)
    if not done:
        yield f"Would annul {code} for {reason}: it verifies as annulled then, and nobody gets its file."
        yield f"{_DRY} It can't be undone."
        return
    yield f"Annulled {code} for {reason}. It verifies as annulled, and nobody gets its file."


def reissuing(done: Reissued, email: str | None) -> Iterator[str]:
    """What a reissue did, or would do."""
    old = grouped(done.original.code)
    if done.code is None:
        yield f"Would have {old} made anew with the same content, under a new code, number and QR."
        yield "When that is issued, this one is superseded by it, in one transaction."
        yield _mails_of(email)
        yield _DRY
        return
    new = grouped(done.code)
    if done.existed:
        yield f"{old} is being made anew already, as {new}: no second one was begun."
    else:
        yield f"Accepted: {new} takes the place of {old} as soon as it is issued; see `show {new}`."
        yield _mails_of(email)
    yield from _queue_told(queued=done.queued)


def resending(done: Resent) -> Iterator[str]:
    """What a mail did, or would do."""
    code = grouped(done.certificate.code)
    if done.queued is None:
        yield f"Would mail {code} to {done.masked_email}: the code, and nothing that opens the content."
        yield _DRY
        return
    yield f"Accepted: {code} is mailed to {done.masked_email}, and the address is erased then."
    yield from _queue_told(queued=done.queued)


def _mails_of(email: str | None) -> str:
    if email is None:
        return "No address was given, so nobody is mailed: the new code is handed over in the case."
    return f"Its code is mailed to {masked(email)}, and the address is erased then."


def _queue_told(*, queued: bool) -> Iterator[str]:
    if not queued:
        yield "The queue could not be told. It is not lost: the sweep tells it within minutes."


def letters(found: Iterable[tuple[Letter, VirtualCode | None]], said: str = "") -> Iterator[str]:
    """Dead letters, a line each, how many, and what is said of them."""
    count = 0
    for letter, code in found:
        count += 1
        whose = grouped(code) if code else "forgotten" if letter.request_id else "not ours"
        at = letter.failed_at or "no time"
        yield f"{letter.id}  {at}  {letter.reason or 'no reason'}  {whose}  {letter.detail}".rstrip()
    yield f"{_count(count, 'dead letter')}{said}"


def inspected(progress: Progress, *, seals: bool) -> Iterator[str]:
    """The end of an inspection."""
    checked = f"{_count(progress.files, 'file')} and {_count(progress.records, 'record')}"
    yield f"{checked}: {_count(len(progress.faults), 'fault')}{'' if seals else ', seals not judged'}"
    if progress.leftovers:
        yield f"{_count(progress.leftovers, 'file')} without a record; the bucket forgets such by itself"


def exported(entries: Iterable[Recorded], code: VirtualCode, *, as_csv: bool) -> Iterator[str]:
    """The entries of a certificate's trail: JSON lines, or CSV with a line of names."""
    names = ["code", *(field.name for field in fields(Recorded))]
    if as_csv:
        yield _csv(names)
    for entry in entries:
        values = {"code": code, **asdict(entry), "at": _instant(entry.at)}
        yield (
            _csv([values[name] or "" for name in names]) if as_csv else json.dumps(values, ensure_ascii=False)
        )


def _csv(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _rows(facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = list(facts)
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        yield f"{name.ljust(width)}  {value}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _age(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"

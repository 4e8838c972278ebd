"""Every kind of place where something is written, and the facts that may stand there.

The table `MAY_STAND` is the promise (design.md, decision 2); docs/reliability.md shows it, and a test
compares them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.privacy.facts import SHARED, Fact, Needle, Needles


class Place(StrEnum):
    """A kind of place, in the words of docs/reliability.md."""

    CERTIFICATE = "item of a certificate"
    WAITING = "item of a request, until its mail has an outcome"
    MAILED = "item of a request, afterwards"
    POINTER = "items that lead to others (same request, idempotency key, holder, digest)"
    COUNT = "counts (numbers, attempts, guesses, the day's certificates, breakers)"
    FOR_GOOD = "what time to live leaves in the data bank"
    AUDIT = "entries of the audit trail"
    OBJECT = "names, metadata and tags of files"
    FILE_TEXT = "text and metadata of a file"
    FILE_DATA = "attachment of a file"
    QR = "QR"
    MESSAGE = "messages of the queue"
    DEAD_LETTER = "dead letters"
    LOG = "lines of the log, at level DEBUG, stdout and stderr"
    METRIC = "metrics"
    MAIL_ADDRESS = "address of a mail"
    MAIL = "subject, headers and bodies of a mail"
    LINK = "addresses: links, forms, redirects, presigned links, registries' addresses"
    COOKIE = "cookies"
    REFUSAL = "refusals, by API and by page"
    PROGRESS = "page and answer of a request"
    VERDICT = "answers to a code, a file, or what opens nothing"
    OPENED = "answers to what opens a certificate"
    REGISTRY = "what registries are sent"


MAY_STAND: Final[dict[Place, frozenset[Fact]]] = {
    Place.CERTIFICATE: frozenset({Fact.HOLDER, Fact.HOLDER_DOCUMENT, Fact.CODE}),
    Place.WAITING: frozenset({Fact.EMAIL, Fact.PHONE, Fact.TOKEN, Fact.CODE, Fact.REQUEST}),
    Place.MAILED: frozenset({Fact.CODE, Fact.REQUEST}),
    Place.POINTER: frozenset({Fact.CODE, Fact.REQUEST}),
    Place.COUNT: frozenset(),
    Place.FOR_GOOD: frozenset({Fact.HOLDER, Fact.HOLDER_DOCUMENT, Fact.CODE}),
    Place.AUDIT: frozenset({Fact.CODE}),
    Place.OBJECT: frozenset({Fact.CODE}),
    Place.FILE_TEXT: frozenset({Fact.HOLDER, Fact.HOLDER_DOCUMENT, Fact.CODE}),
    Place.FILE_DATA: frozenset({Fact.HOLDER, Fact.HOLDER_DOCUMENT}),
    Place.QR: frozenset({Fact.CODE, Fact.TOKEN}),
    Place.MESSAGE: frozenset({Fact.REQUEST}),
    Place.DEAD_LETTER: frozenset({Fact.REQUEST}),
    Place.LOG: frozenset(),
    Place.METRIC: frozenset(),
    Place.MAIL_ADDRESS: frozenset({Fact.EMAIL}),
    Place.MAIL: frozenset({Fact.HOLDER, Fact.CODE}),
    Place.LINK: frozenset({Fact.CODE, Fact.REQUEST}),
    # Where a cookie is sent to: the request's own page, whose address the same answer leads to.
    Place.COOKIE: frozenset({Fact.REQUEST}),
    Place.REFUSAL: frozenset(),
    Place.PROGRESS: frozenset({Fact.CODE, Fact.REQUEST}),
    Place.VERDICT: frozenset({Fact.CODE}),
    # The token, on a page that was opened with it: it leads back there in another language.
    Place.OPENED: frozenset({Fact.HOLDER, Fact.HOLDER_DOCUMENT, Fact.CODE, Fact.TOKEN}),
    Place.REGISTRY: frozenset({Fact.HOLDER_DOCUMENT, Fact.APPLICANT_DOCUMENT}),
}


WRITTEN_BY_MACHINES: Final = frozenset(
    {
        Place.POINTER,
        Place.COUNT,
        Place.AUDIT,
        Place.OBJECT,
        Place.QR,
        Place.MESSAGE,
        Place.DEAD_LETTER,
        Place.LOG,
        Place.METRIC,
        Place.COOKIE,
        Place.REGISTRY,
    }
)
"""Where a single word of a name is a finding. Elsewhere are sentences, and Flor and Santos are words too."""


@dataclass(frozen=True, slots=True)
class Written:
    """Something that was written somewhere."""

    place: Place
    where: str
    """For whoever reads a finding: which item, which answer."""
    data: str | bytes
    owner: str | None = None
    """Whose it is; None where it may be anybody's."""


def facts_in(needles: Needles, one: Written) -> frozenset[Needle]:
    """Whatever stands there."""
    return needles.found_in(one.data, single_words=one.place in WRITTEN_BY_MACHINES)


def findings(needles: Needles, one: Written) -> list[str]:
    """What stands where it may not: a fact that may not stand in such a place, or somebody else's."""
    allowed = MAY_STAND[one.place]
    met = facts_in(needles, one)
    own = {needle.words.strip() for needle in met if _is_allowed(needle, one, allowed)}
    return sorted(
        f"{one.place} ({one.where}): {needle.fact} of {needle.owner}"
        for needle in met
        if not _is_allowed(needle, one, allowed)
        # The same words may be a fact that may stand there: a father's given names within his son's.
        and not any(needle.words.strip() in words for words in own)
    )


def _is_allowed(needle: Needle, one: Written, allowed: frozenset[Fact]) -> bool:
    mine = one.owner is None or needle.owner == one.owner or needle.fact in SHARED
    return needle.fact in allowed and mine

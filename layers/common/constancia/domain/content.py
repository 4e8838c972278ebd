"""What a certificate says: the versioned content that is printed, attached, stored and shown to verifiers.

The content is normalised (one entry for each year and grade); `constancia.domain.tables` lays it out as the
tables that people read. Its canonical JSON (RFC 8785) is what digests and attachments are made of.
"""

from dataclasses import dataclass
from typing import Final, Literal, Self

import msgspec

from constancia.domain.identity import IdentityDocument, PersonName
from constancia.domain.school import Level, Modality, Observation, Result, School

SCHEMA: Final = "cla/1"
"""The version of everything below. Stored certificates keep theirs for good, and the digests and attachments
of files that people have were made of these very bytes (`tests/data/cla-1.json` is held to them).

So whatever changes what is written or read makes a `cla/2`, beside this one: a field that is added, dropped,
renamed or means something else, and a new value of an enumeration. An optional field with a default does
too: content that was stored without it would be written with it, and no longer be what was attached."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose results these are, as the school system names the person."""

    name: PersonName
    document: IdentityDocument


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """One year in one grade of one school. A repeated grade, or a change of school, is a year of its own."""

    year: int
    grade: str
    school: School
    final_situation: str | None
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """The years of one level, by year and grade."""

    level: Level
    years: tuple[SchoolYear, ...]
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """Everything printed that comes from the registries; code, number and time of issue are the issue's."""

    holder: Holder
    modality: Modality
    levels: tuple[LevelRecord, ...]
    schema: Literal["cla/1"] = SCHEMA

    def to_json(self) -> bytes:
        """Canonical JSON: sorted keys, no white space, UTF-8 (RFC 8785; the content has no floats)."""
        return msgspec.json.encode(self, order="sorted")

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: not the content of a certificate in a schema that this version knows.
        """
        return msgspec.json.decode(data, type=cls)

"""What the API of verification takes and answers: the source of its OpenAPI description.

Requests are read by `validate.reading`, which names every wrong field at once; these classes say what it
holds them to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.content import CertificateContent
from constancia.domain.identity import DocumentType
from constancia.domain.school import Level
from constancia.domain.tables import Granularity, RowGroup
from constancia.domain.verification import Verdict

CODE_LIMIT = 100
NUMBER_LIMIT = 40
TOKEN_LENGTH = 22
DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True)
class HolderDocument:
    """The holder's identity document.

    DNI: 8 digits, and maybe a hyphen with the check character. CE (carnet de extranjería): 9 to 12 letters
    and digits.
    """

    type: DocumentType
    number: Annotated[str, Meta(min_length=1, max_length=NUMBER_LIMIT, examples=["01234567"])]


@dataclass(frozen=True, slots=True)
class ValidationRequest:
    """A virtual code, alone or with one proof: the holder's document or the QR's token. Not both."""

    code: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=CODE_LIMIT,
            description="Virtual code; case, spaces and hyphens are forgiven, so are O for 0, I and L for 1.",
            examples=["99S0-QR6Y-D40R"],
        ),
    ]
    document: (
        HolderDocument
        | Annotated[
            str,
            Meta(
                min_length=1,
                max_length=NUMBER_LIMIT,
                description="The number alone: it tells a DNI from a carnet de extranjería.",
                examples=["01234567"],
            ),
        ]
        | None
    ) = None
    token: (
        Annotated[
            str,
            Meta(
                pattern=f"^[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}$",
                description="The parameter `t` of the QR's address.",
                examples=["dGVzdC10b2tlbi0wMDAwMQ"],
            ),
        ]
        | None
    ) = None


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column of a table: a grade, with year and school (código modular-anexo) where it was studied."""

    grade: str
    year: int | None
    school: str | None


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table as the paper prints it: a mark for each row and column, `-` where there is none."""

    level: Level
    granularity: Granularity
    columns: tuple[PaperColumn, ...]
    groups: tuple[RowGroup, ...]
    final_situations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DownloadLink:
    """Where the file can be had for some minutes, and its SHA-256, hexadecimal."""

    url: Annotated[str, Meta(description="Path on this host, with the grant.")]
    expires_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ValidationAnswer:
    """What the code tells, and, with the right proof, everything that the paper must say."""

    verdict: Annotated[
        Verdict,
        Meta(
            description="`unknown`: no certificate with this code, or none that the given proof opens. "
            "`replaced`: its holder has a newer one."
        ),
    ]
    code: Annotated[str, Meta(description="The code in groups of four.", examples=["99S0-QR6Y-D40R"])]
    checked_at: datetime
    demo: Annotated[
        bool, Meta(description="This site is a demonstration: its certificates have no official value.")
    ]
    issued_at: datetime | None = None
    levels: tuple[Level, ...] = ()
    name: Annotated[str | None, Meta(description="Masked to initials unless a proof opened it.")] = None
    number: Annotated[str | None, Meta(description="The correlative number at the paper's foot.")] = None
    content: CertificateContent | None = None
    sha256: Annotated[
        str | None,
        Meta(
            description="SHA-256 of the file as it was issued, hexadecimal; with a proof, and of a replaced "
            "certificate too."
        ),
    ] = None
    tables: tuple[PaperTable, ...] | None = None
    download: DownloadLink | None = None
    annulled_for: Annotated[
        AnnulmentReason | None, Meta(description="Why it was annulled, where it was and a reason is kept.")
    ] = None


@dataclass(frozen=True, slots=True)
class FileRequest:
    """The digest of a file, computed by whoever has it. The file itself is never sent."""

    sha256: Annotated[
        str,
        Meta(
            pattern=f"^[0-9A-Fa-f]{{{DIGEST_LENGTH}}}$",
            description="SHA-256 of the file's bytes, hexadecimal.",
            examples=["0a" * 32],
        ),
    ]


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """Whether a file is one that was issued, and then what its code alone tells."""

    verdict: Annotated[
        Verdict,
        Meta(
            description="`unknown`: no file with this digest was issued; a copy that was printed and scanned "
            "or saved by a program is another file. Otherwise it is exactly the file that was issued, and "
            "this is how its certificate stands."
        ),
    ]
    sha256: Annotated[str, Meta(description="The digest that was asked for, hexadecimal, lower case.")]
    checked_at: datetime
    demo: Annotated[
        bool, Meta(description="This site is a demonstration: its certificates have no official value.")
    ]
    code: Annotated[
        str | None, Meta(description="The code in groups of four.", examples=["99S0-QR6Y-D40R"])
    ] = None
    issued_at: datetime | None = None
    levels: tuple[Level, ...] = ()
    name: Annotated[str | None, Meta(description="Masked to initials.")] = None

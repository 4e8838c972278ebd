"""Documents and names of persons, and how names are compared."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum


class DocumentType(StrEnum):
    """Identity documents that Peru's registries know by number."""

    DNI = "DNI"
    CE = "CE"
    """Carnet de extranjería, issued by Migraciones."""


_NUMBER_PATTERN = {
    DocumentType.DNI: re.compile(r"\d{8}"),
    DocumentType.CE: re.compile(r"[A-Z0-9]{9,12}"),
}


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """An identity document. Its number never shows in a `repr`, and so in no log or traceback."""

    type: DocumentType
    number: str = field(repr=False)

    @classmethod
    def parse(cls, document_type: DocumentType, text: str) -> "IdentityDocument":
        """Read a number as people type it: spaces and case are forgiven, nothing else.

        Raises:
            ValueError: the text is not a number of that type.
        """
        number = re.sub(r"\s", "", text).upper()
        if not number.isascii() or not _NUMBER_PATTERN[document_type].fullmatch(number):
            raise ValueError(f"not a {document_type} number")
        return cls(document_type, number)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name as a registry writes it: upper case, accents kept, surnames possibly missing."""

    given: str = field(repr=False)
    paternal: str | None = field(repr=False)
    maternal: str | None = field(repr=False)

    @property
    def surnames(self) -> str:
        """Both surnames, or the only one, or nothing."""
        return _spaced(self.paternal, self.maternal)

    @property
    def full(self) -> str:
        """Given names and surnames on one line, as a sentence names a person."""
        return _spaced(self.given, self.paternal, self.maternal)

    @property
    def masked(self) -> str:
        """The initial of each word: enough to recognise a name that one knows, not enough to learn it."""
        return " ".join(word[0] + "***" for word in self.full.split())


def _spaced(*parts: str | None) -> str:
    return " ".join(" ".join(part.split()) for part in parts if part and part.strip())


_APOSTROPHES = re.compile("['`´‘’ʼ′]")


def same_name(declared: str, registered: str) -> bool:
    """Tell whether two names are the same to a person who reads them.

    Compared after NFKD without accents, case, punctuation and repeated spaces, by whole words in their
    order. An apostrophe joins or parts its word, as people write either: D'ANGELO is DANGELO and D ANGELO.
    A name without a letter or digit equals nothing, itself included.
    """
    return not _readings(declared).isdisjoint(_readings(registered))


def _readings(name: str) -> frozenset[tuple[str, ...]]:
    forms = (_words(_APOSTROPHES.sub(joint, name)) for joint in ("", " "))
    return frozenset(form for form in forms if form)


def _words(name: str) -> tuple[str, ...]:
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
    return tuple(re.findall(r"[^\W_]+", plain))

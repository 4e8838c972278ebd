"""Documents and names of persons, and how names are compared."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from stdnum.pe import cui

from constancia.domain.typed import bare_number


class DocumentType(StrEnum):
    """Identity documents that Peru's registries know by number."""

    DNI = "DNI"
    CE = "CE"
    """Carnet de extranjería, issued by Migraciones."""


_NUMBER_PATTERN = {
    DocumentType.DNI: re.compile(r"\d{8}"),
    DocumentType.CE: re.compile(r"[A-Z0-9]{9,12}"),
}


_WITH_CHECK = re.compile(r"(\d{8})(-?)([0-9A-K])", re.ASCII | re.IGNORECASE)
_HYPHENS = re.compile("[\u2010-\u2015]")
_SHOWN = 3


class WrongCheckCharacterError(ValueError):
    """What follows a DNI's eight digits is neither of the two characters that its card may show there."""


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
        number = re.sub(r"\s", "", text)
        # ASCII is asked before the case is changed: ß and others turn into letters of ours.
        if not number.isascii() or not _NUMBER_PATTERN[document_type].fullmatch(number.upper()):
            raise ValueError(f"not a {document_type} number")
        return cls(document_type, number.upper())

    @classmethod
    def typed(cls, text: str, *types: DocumentType) -> "IdentityDocument":
        """Read a number as people copy it from a card, of one of some types.

        What `bare_number` takes away is forgiven, and hyphens. A DNI may be followed by its check character,
        as on the card: `12345678-9`. Where the type is not known, that takes the hyphen: nine characters in
        one are a carnet's.

        Raises:
            WrongCheckCharacterError: the check character is not the number's.
            ValueError: the text is no number of these types.
        """
        number = _HYPHENS.sub("-", re.sub(r"\s", "", bare_number(text)))
        checked = _WITH_CHECK.fullmatch(number)
        if checked and DocumentType.DNI in types and (checked[2] or len(types) == 1):
            if checked[3].upper() not in cui.calc_check_digits(checked[1]):
                raise WrongCheckCharacterError
            return cls(DocumentType.DNI, checked[1])
        for document_type in types:
            try:
                return cls.parse(document_type, number.replace("-", ""))
            except ValueError:
                continue
        raise ValueError("not a number of these types")

    @property
    def masked(self) -> str:
        """Its end alone: enough to find a typing error, too little to learn the number."""
        return "•" * (len(self.number) - _SHOWN) + self.number[-_SHOWN:]


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
_WORDS = re.compile(r"[^\W_]+")


def same_name(declared: str, registered: str) -> bool:
    """Tell whether two names are the same to a person who reads them.

    Compared after NFKD without accents, case, punctuation and repeated spaces, by whole words in their
    order. An apostrophe joins or parts its word, as people write either: D'ANGELO is DANGELO and D ANGELO.
    A name without a letter or digit equals nothing, itself included.
    """
    return not readings_of(declared).isdisjoint(readings_of(registered))


def shares_a_word(one: str, other: str) -> bool:
    """Tell whether two names have any word in common, compared as `same_name` does."""
    words = [{word for reading in readings_of(name) for word in reading} for name in (one, other)]
    return not words[0].isdisjoint(words[1])


def readings_of(name: str) -> frozenset[tuple[str, ...]]:
    """The ways in which a name is read as words: two are the same name if they share one (`same_name`)."""
    plain = _plain(name)
    joints = ("", " ") if "'" in plain else ("",)
    forms = (tuple(_WORDS.findall(plain.replace("'", joint))) for joint in joints)
    return frozenset(form for form in forms if form)


def _plain(name: str) -> str:
    """Without accents and case, every apostrophe as `'`."""
    text = _APOSTROPHES.sub("'", name)
    if not text.isascii():
        # Some apostrophes fall apart in NFKD, and some letters fall apart into an apostrophe and another.
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        text = _APOSTROPHES.sub("'", text)
    # By way of upper case, in which registries write: there ı is I, and in lower case another letter.
    return text.upper().casefold()

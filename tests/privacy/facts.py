"""What may stand in few places only: facts of the scenario people, and what opens a certificate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from constancia.domain.identity import PersonName
from constancia.domain.lima import day_in_words
from infra.registries.cast import Scenario
from tests.privacy.unwrapping import texts_in, words_of


class Fact(StrEnum):
    """A kind of fact, in the words of docs/reliability.md."""

    HOLDER = "holder's names"
    HOLDER_DOCUMENT = "holder's document"
    APPLICANT = "applicant's names"
    APPLICANT_DOCUMENT = "applicant's document"
    PARENT = "parents' names"
    PARENT_DOCUMENT = "parents' documents"
    DOMICILE = "domicile"
    BIRTH_DATE = "birth date"
    EMAIL = "e-mail"
    PHONE = "phone"
    DETAIL = "reason's detail"
    SOURCE = "source address"
    KEY = "idempotency key"
    TOKEN = "QR's token"
    CODE = "virtual code"
    REQUEST = "request's id"


SHARED: Final = frozenset({Fact.HOLDER, Fact.APPLICANT, Fact.PARENT, Fact.DOMICILE, Fact.BIRTH_DATE})
"""What several people may have alike, so that it does not tell whose it is."""


@dataclass(frozen=True, slots=True)
class Needle:
    """One spelling of one fact of one person."""

    fact: Fact
    owner: str
    """The scenario's name."""
    words: str
    """As `words_of` makes it."""


_SHORT: Final = 6000
"""Characters of a text in which whatever is told from its neighbours by nothing is searched for."""


class Needles:
    """All that is searched for."""

    def __init__(self) -> None:
        self._all: set[Needle] = set()
        self._by_first: dict[str, set[Needle]] = {}
        self._single: dict[str, set[Needle]] = {}
        self._run_on: list[tuple[str, Needle]] = []
        self._found: dict[tuple[str | bytes, bool, int], frozenset[Needle]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def add(self, fact: Fact, owner: str, *spellings: str | None) -> None:
        """Search for these spellings from now on, and for the single words of names and places."""
        for spelling in spellings:
            needle = Needle(fact, owner, words_of(spelling or ""))
            if needle in self._all or len(needle.words) <= 3:
                continue
            self._all.add(needle)
            parts = needle.words.split()
            self._by_first.setdefault(parts[0], set()).add(needle)
            if fact not in SHARED:
                self._run_on.append(("".join(parts), needle))
            elif fact is not Fact.BIRTH_DATE:
                for part in parts:
                    if len(part) > 3:
                        self._single.setdefault(part, set()).add(needle)

    def facts(self) -> set[Fact]:
        """The kinds that are searched for."""
        return {needle.fact for needle in self._all}

    def one_of(self, fact: Fact) -> Needle:
        """The longest spelling of a fact: a whole name, not a word that others have too."""
        mine = (needle for needle in self._all if needle.fact is fact)
        return max(mine, key=lambda needle: (len(needle.words), needle.words, needle.owner))

    def found_in(self, written: str | bytes, *, single_words: bool = False) -> frozenset[Needle]:
        """Those that stand there in any form; where no name may stand at all, by a single word of it."""
        known = self._found.get((written, single_words, len(self)))
        if known is None:
            known = frozenset(self._search(written, single_words))
            self._found[written, single_words, len(self)] = known
        return known

    def _search(self, written: str | bytes, single_words: bool) -> set[Needle]:
        found: set[Needle] = set()
        for text in texts_in(written):
            words = words_of(text)
            apart = set(words.split())
            for first in apart & self._by_first.keys():
                found |= {needle for needle in self._by_first[first] if needle.words in words}
            if single_words:
                for one in apart & self._single.keys():
                    found |= self._single[one]
            if len(words) < _SHORT:
                squeezed = words.replace(" ", "")
                found |= {needle for run, needle in self._run_on if run in squeezed}
        return found


def add_facts(needles: Needles, scenario: Scenario, application: dict[str, Any]) -> None:
    """What a scenario's people declare, and what the registries have of them."""
    name, people = scenario.name, scenario.people
    documents = {scenario.student.number: Fact.HOLDER_DOCUMENT}
    if scenario.applicant:
        documents[scenario.applicant.number] = Fact.APPLICANT_DOCUMENT
    for who, document in (("student", scenario.student), ("applicant", scenario.applicant)):
        if document is None:
            continue
        number = document.number
        declared = application[who]
        names = Fact.HOLDER if who == "student" else Fact.APPLICANT
        needles.add(documents[number], name, number)
        needles.add(Fact.BIRTH_DATE, name, declared.get("birth_date"))
        if "given_names" in declared:
            parts = (declared["given_names"], declared["paternal_surname"], declared.get("maternal_surname"))
            needles.add(names, name, " ".join(part for part in parts if part))
        for parent in ("father", "mother"):
            needles.add(Fact.PARENT, name, declared.get(parent, {}).get("given_names"))
        for part in ("district", "ubigeo"):
            needles.add(Fact.DOMICILE, name, declared.get("domicile", {}).get(part))
        if citizen := people.citizen(number):
            record = citizen.record
            needles.add(Fact.PARENT, name, record.father_given_names, record.mother_given_names)
            needles.add(names, name, *_spellings(record.name))
            needles.add(Fact.DOMICILE, name, record.domicile.names.district, record.domicile.code)
            needles.add(Fact.BIRTH_DATE, name, *_dates(record.birth_date))
            for dni in (citizen.father_dni, citizen.mother_dni):
                if dni and dni not in documents:
                    needles.add(Fact.PARENT_DOCUMENT, name, dni)
        if foreigner := people.foreigner(number):
            needles.add(names, name, *_spellings(foreigner.name))
    if trajectory := people.trajectory(scenario.student):
        needles.add(Fact.BIRTH_DATE, name, *_dates(trajectory.birth_date))
        needles.add(Fact.HOLDER, name, *_spellings(trajectory.name))
    contact, reason = application["contact"], application["reason"]
    needles.add(Fact.EMAIL, name, contact["email"])
    needles.add(Fact.PHONE, name, contact["phone"])
    needles.add(Fact.DETAIL, name, reason["detail"])


def _spellings(name: PersonName) -> Iterator[str]:
    surnames = " ".join(part for part in (name.paternal, name.maternal) if part)
    yield f"{name.given} {surnames}"
    yield f"{surnames} {name.given}"
    yield surnames if " " in surnames else f"{name.given} {surnames}"


def _dates(day: date) -> Iterator[str]:
    yield day.isoformat()
    yield f"{day:%d/%m/%Y}"
    yield f"{day:%Y%m%d}"
    yield day_in_words(day)

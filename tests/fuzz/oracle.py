"""Who may have which certificate, told a second time: from docs/domain-rules.md alone, over plain facts.

Nothing here calls the rules, nor what they compare with. A case is what is true of everybody (`Facts`); the
oracle reads the page's table from top to bottom, and `application` and `evidence` put the same facts into
the domain's terms.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources
from typing import Any, Final

from hypothesis import strategies as st

from constancia.domain.application import (
    Application,
    CitizenDeclaration,
    Declaration,
    DeclaredParent,
    ForeignerDeclaration,
    TermsAcceptance,
)
from constancia.domain.eligibility import Evidence, Policy
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName
from constancia.domain.places import PlaceNames, RegisteredDomicile
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import (
    ActaState,
    Kinship,
    Level,
    Modality,
    ObservationKind,
    Relative,
)
from tests.builders import TERMS, TODAY, a_school, a_trajectory, an_application, an_enrolment, an_observation

_PLACES: Final = {
    row["inei"]: row
    for row in json.loads(resources.files("constancia").joinpath("data/ubigeo.json").read_text("utf-8"))[
        "rows"
    ]
}
# One whose INEI code is another's at RENIEC, that other one, and one that RENIEC has no code for.
HOMES: Final = ("010201", "010205", "030220")
# A name as registered: what a person may write for it, and what is another name.
NAMES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "JULIO CESAR": (("Julio César", "JULIO  CESAR", "julio-cesar"), ("Julio", "César Julio", "Juliocesar")),
    "ÑUSTA": (("Ñusta", "nusta", "ÑUSTA."), ("Nuzta", "Ñusta Ñusta", "Usta")),
    "D'ANGELO": (("Dangelo", "d’angelo", "D ANGELO"), ("Angelo", "D", "Dangela")),
}


@dataclass(frozen=True)
class Word:
    """A name that a registry has, or has not, and what was declared: it, another, or that there is none."""

    registered: str | None
    declared: str | None
    same: bool


@dataclass(frozen=True)
class Who:
    """A person as declared and as registered."""

    foreign: bool
    number: str
    registered: bool
    answered_with_another: bool
    """The registry answers with the record of somebody else."""
    first: Word
    """Father's name; of a foreigner the given names."""
    second: Word
    """Mother's name; of a foreigner the surnames."""
    home: str
    """INEI's code of the registered district."""
    home_declared: str | None
    """A code, or `None`: by names."""
    home_named: str
    """INEI's code of the district whose names were declared."""
    dead: bool


@dataclass(frozen=True)
class Year:
    """An enrolment."""

    year: int
    level: Level
    modality: Modality
    grade: str
    acta: ActaState
    school: str


@dataclass(frozen=True)
class Facts:
    """All that decides."""

    accepted: bool
    version: str
    modality: Modality
    level: Level
    student: Who
    applicant: Who | None
    kinship: Kinship
    born: date
    birth_date_declared: date
    by_reniec: frozenset[Kinship]
    by_siagie: frozenset[Kinship]
    at_school: bool
    school_answers_with_another: bool
    school_names_another: bool
    """The school system has another person's name under the student's document."""
    years: tuple[Year, ...]
    observed: tuple[tuple[int, Level, ObservationKind, str], ...]
    today: date


POLICY: Final = Policy(TERMS, 16, 18, 2013, frozenset({Modality.EBR, Modality.EBA}))

# ---------------------------------------------------------------- the table of docs/domain-rules.md


def refusals(facts: Facts) -> Iterator[tuple[bool, str]]:
    """The table's rows from top to bottom: whether each refuses, and its code."""
    student, applicant = facts.student, facts.applicant
    yield not facts.accepted, "terms_not_accepted"
    yield facts.version != TERMS, "terms_outdated"
    yield facts.modality.value not in ("EBR", "EBA"), "modality_not_offered"
    yield (
        applicant is not None and (applicant.foreign, applicant.number) == (student.foreign, student.number),
        "applicant_is_student",
    )
    wrong_record = any(one and one.registered and one.answered_with_another for one in (student, applicant))
    yield (
        wrong_record or (facts.at_school and facts.school_answers_with_another),
        "registry_inconsistent",
    )
    yield from _not_recognised(student)
    yield (
        student.foreign and facts.at_school and facts.birth_date_declared != facts.born,
        "birth_date_mismatch",
    )
    if applicant:
        yield from _not_recognised(applicant)
    yield student.dead and not student.foreign, "student_deceased"
    yield applicant is not None and applicant.dead and not applicant.foreign, "applicant_deceased"
    # The age of a citizen is RENIEC's, of a foreigner the school system's, if that knows the student.
    age = _age(facts.born, facts.today) if facts.at_school or not student.foreign else None
    yield applicant is not None and age is not None and age >= 18, "adult_must_ask_in_person"
    if applicant:
        at_school = facts.by_siagie if facts.at_school else frozenset()
        if facts.kinship is Kinship.GUARDIAN:
            yield Kinship.GUARDIAN not in at_school, "guardian_not_registered"
        else:
            source = at_school if student.foreign or applicant.foreign else facts.by_reniec
            yield facts.kinship not in source, "kinship_not_registered"
    yield applicant is None and age is not None and age < 16, "too_young_to_ask_alone"
    # Both records have one birth date here; `tests/unit/domain` has those that have not.
    yield facts.at_school and facts.school_names_another, "registry_inconsistent"
    years = [one for one in facts.years if facts.at_school and one.modality is facts.modality]
    since = [one for one in years if one.year >= 2013]
    yield not since, "no_enrolment_since_first_year"
    of_level = [one for one in since if one.level is facts.level]
    yield not of_level, "level_not_studied"
    yield (
        any(one.acta.value in ("UNDER_REVIEW", "UNDER_RECTIFICATION") for one in of_level),
        "acta_under_review",
    )
    yield not can_be_true(of_level, facts), "registry_inconsistent"
    yield all(one.acta.value != "APPROVED" for one in of_level), "no_results_yet"


def can_be_true(years: Iterable[Year], facts: Facts) -> bool:
    """No closed year is to come, before the birth, or there twice."""
    closed = [(one.year, one.grade, one.school) for one in years if one.acta is ActaState.APPROVED]
    within = all(facts.born.year <= year <= facts.today.year for year, _, _ in closed)
    return within and len(set(closed)) == len(closed)


def verdict(facts: Facts) -> str | None:
    """The first row that refuses; `None`: a certificate is due."""
    return next((code for refuses, code in refusals(facts) if refuses), None)


def certified(facts: Facts) -> list[tuple[int, str, str]]:
    """Closed years of the level since the first year, in order: year, grade, school."""
    return sorted(
        (one.year, one.grade, one.school)
        for one in facts.years
        if one.level is facts.level
        and one.modality is facts.modality
        and one.year >= 2013
        and one.acta is ActaState.APPROVED
    )


def printed_observations(facts: Facts) -> list[tuple[int, str]]:
    """Prueba de ubicación and convalidación/revalidación of the level: year and resolution."""
    return sorted(
        (year, resolution)
        for year, level, kind, resolution in facts.observed
        if level is facts.level and year >= 2013 and kind.value in ("PLACEMENT_TEST", "EQUIVALENCE")
    )


def _not_recognised(who: Who) -> Iterator[tuple[bool, str]]:
    yield not who.registered, "document_not_registered"
    if who.foreign:
        yield not (who.first.same and who.second.same), "foreigner_name_mismatch"
        return
    yield not who.first.same, "father_name_mismatch"
    yield not who.second.same, "mother_name_mismatch"
    codes = {who.home, _PLACES[who.home]["reniec"]}
    at_home = who.home_declared in codes if who.home_declared else who.home_named == who.home
    yield not at_home, "domicile_mismatch"


def _age(born: date, today: date) -> int:
    """Birthdays that have come; one of 29 February comes on 1 March of common years."""
    birthdays = 0
    for year in range(born.year + 1, today.year + 1):
        try:
            birthday = born.replace(year=year)
        except ValueError:
            birthday = date(year, 3, 1)
        birthdays += birthday <= today
    return birthdays


# ---------------------------------------------------------------- cases

CALM: Final = 0
"""Nothing is out of order."""


def _mostly[T](usual: int, one: T, *others: T) -> st.SearchStrategy[T]:
    """One, so many times as often as all others; in calm cases always."""
    return st.just(one) if usual == CALM else st.sampled_from([one] * usual + [*others])


@st.composite
def _words(draw: st.DrawFn, usual: int, *, may_lack: bool) -> Word:
    registered = draw(st.sampled_from(sorted(NAMES)))
    same, other = NAMES[registered]
    choices = [Word(registered, declared, same=True) for declared in same]
    if may_lack:
        choices.append(Word(None, None, same=True))
    wrong = [Word(registered, declared, same=False) for declared in other]
    if may_lack:
        wrong += [Word(None, same[0], same=False), Word(registered, None, same=False)]
    return draw(_mostly(usual, draw(st.sampled_from(choices)), *wrong))


@st.composite
def _persons(draw: st.DrawFn, number: str, usual: int) -> Who:
    foreign = draw(st.sampled_from([False, False, True]))
    home = draw(st.sampled_from(HOMES))
    elsewhere = draw(_mostly(usual, home, *HOMES))
    code = draw(st.sampled_from([elsewhere, _PLACES[elsewhere]["reniec"] or elsewhere]))
    return Who(
        foreign=foreign,
        number=("X" if foreign else "") + number,
        registered=draw(_mostly(usual, True, False)),
        answered_with_another=draw(_mostly(usual, False, True)),
        first=draw(_words(usual, may_lack=not foreign)),
        second=draw(_words(usual, may_lack=not foreign)),
        home=home,
        home_declared=draw(st.sampled_from([None, code])),
        home_named=elsewhere,
        dead=draw(_mostly(usual, False, True)),
    )


def some_years(usual: int = 1, first: int = 2010, last: int = 2026) -> st.SearchStrategy[Year]:
    """Any year of any level; in calm cases one that can be certified, if it is between first and last."""
    return st.builds(
        Year,
        year=st.integers(first, last),
        level=_mostly(usual, Level.SECUNDARIA, *Level),
        modality=_mostly(usual, Modality.EBR, *Modality),
        grade=st.sampled_from("12345"),
        acta=_mostly(usual, ActaState.APPROVED, *ActaState),
        school=st.sampled_from(["0111111", "0222222"]),
    )


@st.composite
def all_facts(draw: st.DrawFn, usual: int = CALM) -> Facts:
    """Cases in which each thing is in order so many times as often as not."""

    def usually[T](one: T, *others: T) -> T:
        return draw(_mostly(usual, one, *others))

    student = draw(_persons("00000001", usual))
    applicant = draw(st.none() | _persons(usually("00000002", "00000001"), usual))
    today = draw(st.sampled_from([TODAY, date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)]))
    due = draw(st.sampled_from([16, 17, 18, 30] if applicant is None else [5, 12, 16, 17]))
    age = usually(due, *range(3, 60, 3))
    day = today.replace(day=28) if (today.month, today.day) == (2, 29) else today
    shift = [0, -1, -2] if applicant is None else [1, 2, 3]
    days = usually(draw(st.sampled_from(shift)), -1, 0, 1, 2)
    born = day.replace(year=day.year - age) + timedelta(days=days)
    some = frozenset(draw(st.sets(st.sampled_from(Kinship), min_size=1)))
    observed = st.tuples(
        st.integers(2011, 2020),
        st.sampled_from(Level),
        st.sampled_from(ObservationKind),
        st.sampled_from(["RD 1", "RD 2"]),
    )
    years = st.lists(some_years(usual), max_size=4)
    if usual == CALM:
        possible = some_years(usual, max(2013, born.year), today.year)
        years = st.lists(
            possible, min_size=1, max_size=4, unique_by=lambda one: (one.year, one.grade, one.school)
        )
    return Facts(
        accepted=usually(True, False),
        version=usually(TERMS, "2025-01-01"),
        modality=usually(Modality.EBR, *Modality),
        level=usually(Level.SECUNDARIA, *Level),
        student=student,
        applicant=applicant,
        kinship=usually(draw(st.sampled_from(sorted(some))), *Kinship),
        born=born,
        birth_date_declared=usually(born, born + timedelta(days=1)),
        by_reniec=usually(some | {Kinship.GUARDIAN}, frozenset()),
        by_siagie=usually(some, frozenset()),
        at_school=usually(True, False),
        school_answers_with_another=usually(False, True),
        school_names_another=usually(False, True),
        years=tuple(draw(years)),
        observed=tuple(draw(st.lists(observed, max_size=3))),
        today=today,
    )


def _of_student(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, student=replace(facts.student, **changes))


def _of_applicant(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, applicant=facts.applicant and replace(facts.applicant, **changes))


def _of_years(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, years=tuple(replace(one, **changes) for one in facts.years))


def _changed(**changes: Any) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, **changes)


_OTHER: Final = Word("ÑUSTA", "Otra", same=False)
_CITIZEN: Final[dict[str, Any]] = {"foreign": False, "number": "00000001"}
_FOREIGNER: Final[dict[str, Any]] = {"foreign": True, "number": "X00000001"}

SPOILT: Final[dict[str, Callable[[Facts], Facts]]] = {
    "terms_not_accepted": _changed(accepted=False),
    "terms_outdated": _changed(version="2024-12-31"),
    "modality_not_offered": _changed(modality=Modality.EBE),
    "applicant_is_student": lambda facts: replace(facts, applicant=facts.student, kinship=Kinship.MOTHER),
    "registry_inconsistent": _of_student(answered_with_another=True),
    "document_not_registered": _of_student(registered=False),
    "father_name_mismatch": _of_student(**_CITIZEN, first=_OTHER),
    "mother_name_mismatch": _of_student(**_CITIZEN, second=replace(_OTHER, declared=None)),
    "domicile_mismatch": _of_student(**_CITIZEN, home_declared="150101"),
    "foreigner_name_mismatch": _of_student(**_FOREIGNER, second=_OTHER),
    "birth_date_mismatch": lambda facts: replace(
        _of_student(**_FOREIGNER, first=Word("ÑUSTA", "Nusta", True), second=Word("ÑUSTA", "Nusta", True))(
            facts
        ),
        birth_date_declared=facts.born + timedelta(days=1),
    ),
    "student_deceased": _of_student(**_CITIZEN, dead=True),
    "applicant_deceased": _of_applicant(foreign=False, number="00000002", dead=True),
    "adult_must_ask_in_person": lambda facts: replace(
        facts,
        born=facts.today - timedelta(days=366 * 18),
        birth_date_declared=facts.today - timedelta(days=366 * 18),
    ),
    "guardian_not_registered": lambda facts: replace(
        facts, kinship=Kinship.GUARDIAN, by_siagie=facts.by_siagie - {Kinship.GUARDIAN}
    ),
    "kinship_not_registered": _changed(kinship=Kinship.MOTHER, by_siagie=frozenset(), by_reniec=frozenset()),
    "too_young_to_ask_alone": lambda facts: replace(
        facts,
        born=facts.today - timedelta(days=365 * 14),
        birth_date_declared=facts.today - timedelta(days=365 * 14),
    ),
    "no_enrolment_since_first_year": _of_years(year=2012),
    "level_not_studied": _of_years(level=Level.PRIMARIA),
    "acta_under_review": _of_years(acta=ActaState.UNDER_RECTIFICATION),
    "no_results_yet": _of_years(acta=ActaState.OPEN),
}
"""For each code, how a case that is in order is spoilt so that it is due - where that case can be."""


# ---------------------------------------------------------------- the same in the domain's terms


def application(facts: Facts) -> Application:
    """What the person sends."""
    return an_application(
        student=_declaration(facts.student, facts.birth_date_declared),
        applicant=facts.applicant and _declaration(facts.applicant, None),
        kinship=facts.kinship if facts.applicant else None,
        modality=facts.modality,
        level=facts.level,
        terms=TermsAcceptance(facts.accepted, facts.version),
    )


def evidence(facts: Facts) -> Evidence:
    """What the registries answer."""
    document = _document(facts.student)
    adult = facts.applicant
    relatives = [Relative(one, _document(adult)) for one in sorted(facts.by_siagie)] if adult else []
    at_school = a_trajectory(
        IdentityDocument(DocumentType.DNI, "00000009") if facts.school_answers_with_another else document,
        name=PersonName("OTRO", "NOMBRE", None) if facts.school_names_another else _name(facts.student),
        birth_date=facts.born,
        relatives=tuple(relatives),
        enrolments=tuple(
            an_enrolment(
                one.year,
                one.grade,
                level=one.level,
                modality=one.modality,
                acta=one.acta,
                school=a_school(modular_code=one.school),
            )
            for one in facts.years
        ),
        observations=tuple(
            an_observation(year=year, level=level, kind=kind, resolution=resolution)
            for year, level, kind, resolution in facts.observed
        ),
    )
    return Evidence(
        student=_record(facts.student, facts.born),
        applicant=_record(adult, date(1980, 1, 1)) if adult else None,
        kinship=facts.by_reniec,
        trajectory=at_school if facts.at_school else None,
    )


def _name(who: Who) -> PersonName:
    if who.foreign:
        return PersonName(who.first.registered or "", None, who.second.registered)
    return PersonName("ANA", "QUISPE", None)


def _document(who: Who) -> IdentityDocument:
    return IdentityDocument(DocumentType.CE if who.foreign else DocumentType.DNI, who.number)


def _declaration(who: Who, birth_date: date | None) -> Declaration:
    if who.foreign:
        name = PersonName(who.first.declared or "", who.second.declared, None)
        return ForeignerDeclaration(_document(who), name, birth_date)
    row = _PLACES[who.home_named]
    names = PlaceNames(row["departamento"], row["provincia"].upper(), row["distrito"].lower())
    return CitizenDeclaration(
        _document(who),
        DeclaredParent(who.first.declared),
        DeclaredParent(who.second.declared),
        who.home_declared or names,
    )


def _record(who: Who, born: date) -> CivilRecord | ForeignRecord | None:
    if not who.registered:
        return None
    document = _document(who)
    if who.answered_with_another:
        document = IdentityDocument(document.type, document.number[:-1] + "8")
    if who.foreign:
        return ForeignRecord(document, _name(who))
    row = _PLACES[who.home]
    return CivilRecord(
        document=document,
        name=_name(who),
        birth_date=born,
        death_date=TODAY if who.dead else None,
        father_given_names=who.first.registered,
        mother_given_names=who.second.registered,
        domicile=RegisteredDomicile(
            PlaceNames(row["departamento"].upper(), row["provincia"].upper(), row["distrito"].upper()),
            row["reniec"],
        ),
    )

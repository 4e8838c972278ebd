"""Which pages a request has, in which order, and which of them are answered.

Six steps, as the service promises: start, for whom, applicant, student, studies with contact and reason,
check. A step has a page for each question. Who asks in person has no applicant's step, so five.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final

from constancia.domain.eligibility import Policy
from constancia.domain.errors import FieldError, FieldErrorCode, InvalidInputError
from constancia.domain.identity import DocumentType
from constancia.domain.messages import N_
from request.form import PURPOSE, SELF, Choice, body_of, place_of
from request.schemas import parse_application

CHECK: Final = "check"
REFUSAL: Final = "refusal"
APPLICANT: Final = "applicant"
STUDENT: Final = "student"


class Section(StrEnum):
    """The steps as people are told of them."""

    START = "start"
    PURPOSE = "purpose"
    APPLICANT = "applicant"
    STUDENT = "student"
    STUDIES = "studies"
    CHECK = "check"


SECTIONS: Final[dict[Section, str]] = {
    Section.START: N_("Antes de empezar"),
    Section.PURPOSE: N_("Para quién es"),
    Section.APPLICANT: N_("Solicitante"),
    Section.STUDENT: N_("Estudiante"),
    Section.STUDIES: N_("Estudios, contacto y motivo"),
    Section.CHECK: N_("Revisión"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One question, with the fields that answer it."""

    name: str
    """The last part of its address."""
    section: Section
    kind: str
    """What is asked, and the name of its template."""
    fields: tuple[str, ...]
    who: str = STUDENT
    """Whom it asks about, where it asks about a person."""


def pages_of(answers: Mapping[str, str], policy: Policy) -> tuple[Page, ...]:
    """The pages that apply to what was answered so far, in order. `check` is not among them."""
    choice = Choice.of(answers)
    asked = [Page("purpose", Section.PURPOSE, "purpose", (PURPOSE,))]
    if answers.get(PURPOSE) != SELF:
        asked += _person(APPLICANT, Section.APPLICANT, choice.applicant or DocumentType.DNI)
    asked += _person(STUDENT, Section.STUDENT, choice.student)
    levels = ("modality", "level") if len(policy.modalities) > 1 else ("level",)
    return (
        *asked,
        Page("level", Section.STUDIES, "level", levels),
        Page("contact", Section.STUDIES, "contact", ("contact.email", "contact.phone")),
        Page("reason", Section.STUDIES, "reason", ("reason.code", "reason.detail")),
    )


def _person(who: str, section: Section, document: DocumentType) -> list[Page]:
    def page(kind: str, *fields: str) -> Page:
        return Page(f"{who}-{kind}", section, kind, tuple(f"{who}.{name}" for name in fields), who)

    first = page("document", "document.type", "document.number")
    if document is DocumentType.CE:
        born = [f"birth_date-{part}" for part in ("day", "month", "year")] if who == STUDENT else []
        return [first, page("name", "given_names", "paternal_surname", "maternal_surname", *born)]
    parents = [
        f"{parent}.{what}" for parent in ("father", "mother") for what in ("given_names", "not_registered")
    ]
    return [first, page("parents", *parents), page("district", "domicile.ubigeo")]


def still_true(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The answers that hold after one was changed.

    'Me' and 'my child' are different students: whoever changes from one to the other tells of both persons
    anew, or the mother's own data would silently become the child's. Another type of document is another
    document, with other questions.
    """
    void: list[str] = []
    if PURPOSE in before and (before[PURPOSE] == SELF) != (after.get(PURPOSE) == SELF):
        void = [f"{APPLICANT}.", f"{STUDENT}."]
    kept = {name: value for name, value in after.items() if not name.startswith(tuple(void))}
    for who in (APPLICANT, STUDENT):
        document = (f"{who}.document.type", f"{who}.document.number")
        if before.get(document[0], kept.get(document[0])) != kept.get(document[0]):
            kept = {
                name: value
                for name, value in kept.items()
                if name in document or not name.startswith(f"{who}.")
            }
    return kept


def sections_of(answers: Mapping[str, str]) -> list[Section]:
    """The steps that apply; until it is known for whom, all six."""
    return [one for one in Section if one is not Section.APPLICANT or answers.get(PURPOSE) != SELF]


def faults_of(answers: Mapping[str, str], policy: Policy) -> dict[str, FieldError]:
    """What the API's own schema finds missing or wrong, by field. The terms come last and are left out."""
    faults: dict[str, FieldError] = {}
    if not Choice.knows_purpose(answers):
        faults[PURPOSE] = FieldError(f"/{PURPOSE}", FieldErrorCode.NOT_A_CHOICE)
    try:
        parse_application(body_of(answers, policy))
    except InvalidInputError as error:
        for one in error.fields:
            faults.setdefault(place_of(one.pointer), one)
    return {name: fault for name, fault in faults.items() if name.partition(".")[0] != "terms"}


def faults_on(page: Page, answers: Mapping[str, str], policy: Policy) -> dict[str, FieldError]:
    """What is missing or wrong on one page, in the order of its fields."""
    faults = faults_of(answers, policy)
    return {name: faults[name] for name in _places(page) if name in faults}


def first_open(answers: Mapping[str, str], policy: Policy) -> str:
    """The first page that is not answered, or `check`."""
    faults = faults_of(answers, policy)
    pages = pages_of(answers, policy)
    return next((page.name for page in pages if any(name in faults for name in _places(page))), CHECK)


def page_before(name: str, answers: Mapping[str, str], policy: Policy) -> str | None:
    """The page that comes before one of a name; `None` for the first."""
    before = [page.name for page in takewhile(lambda page: page.name != name, pages_of(answers, policy))]
    return before[-1] if before else None


def _places(page: Page) -> list[str]:
    """What the schema calls the fields of a page: the three of a date are one."""
    return list(dict.fromkeys(name.partition("-")[0] for name in page.fields))

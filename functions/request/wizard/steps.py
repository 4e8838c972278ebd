"""Which pages a request has, in which order, and which of them are answered.

Six steps, as the service promises: start, for whom, applicant, student, studies with contact and reason,
check. A step has a page for each question. Who asks in person has no applicant to tell of, and gives document
and data in a step each: six for everybody, so that the number does not change on the way (docs/adr/0166).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final

from constancia.domain.application import Reason
from constancia.domain.eligibility import Policy
from constancia.domain.errors import FieldError, FieldErrorCode, InvalidInputError
from constancia.domain.identity import DocumentType
from constancia.domain.messages import N_
from request.form import PURPOSE, SELF, Choice, Field, Kind, body_of, place_of
from request.schemas import parse_application

START: Final = "start"
CHECK: Final = "check"
REFUSAL: Final = "refusal"
APPLICANT: Final = "applicant"
STUDENT: Final = "student"
_DETAIL: Final = "reason.detail"


class Section(StrEnum):
    """The steps as people are told of them."""

    START = "start"
    PURPOSE = "purpose"
    APPLICANT = "applicant"
    STUDENT = "student"
    OWN_DOCUMENT = "own-document"
    OWN_DATA = "own-data"
    STUDIES = "studies"
    CHECK = "check"


SECTIONS: Final[dict[Section, str]] = {
    Section.START: N_("Antes de empezar"),
    Section.PURPOSE: N_("Para quién es"),
    Section.APPLICANT: N_("Solicitante"),
    Section.STUDENT: N_("Estudiante"),
    Section.OWN_DOCUMENT: N_("Su documento"),
    Section.OWN_DATA: N_("Sus datos"),
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
    fields: tuple[Field, ...]
    who: str = STUDENT
    """Whom it asks about, where it asks about a person."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of all that its form sends."""
        return tuple(name for field in self.fields for name in field.inputs)


def pages_of(answers: Mapping[str, str], policy: Policy) -> tuple[Page, ...]:
    """The pages that apply to what was answered so far, in order. `check` is not among them."""
    choice = Choice.of(answers)
    asked = [Page("purpose", Section.PURPOSE, "purpose", (Field(PURPOSE, Kind.CHOICE),))]
    if answers.get(PURPOSE) == SELF:
        asked += _person(STUDENT, (Section.OWN_DOCUMENT, Section.OWN_DATA), choice.student)
    else:
        asked += _person(APPLICANT, (Section.APPLICANT,) * 2, choice.applicant or DocumentType.DNI)
        asked += _person(STUDENT, (Section.STUDENT,) * 2, choice.student)
    level = Field("level", Kind.CHOICE)
    levels = (Field("modality", Kind.CHOICE), level) if len(policy.modalities) > 1 else (level,)
    reason = (Field("reason.code", Kind.CHOICE), Field(_DETAIL))
    return (
        *asked,
        Page("level", Section.STUDIES, "level", levels),
        Page("contact", Section.STUDIES, "contact", (Field("contact.email"), Field("contact.phone"))),
        Page("reason", Section.STUDIES, "reason", reason),
    )


def _person(who: str, sections: tuple[Section, Section], document: DocumentType) -> list[Page]:
    """The pages about a person: those of the document, and of what is in it, belong to a section each."""
    of_document, of_data = sections

    def page(kind: str, section: Section, *fields: Field) -> Page:
        return Page(f"{who}-{kind}", section, kind, fields, who)

    def field(name: str, kind: Kind = Kind.TEXT) -> Field:
        return Field(f"{who}.{name}", kind)

    first = page("document", of_document, field("document.type", Kind.CHOICE), field("document.number"))
    if document is DocumentType.CE:
        names = [field(name) for name in ("given_names", "paternal_surname", "maternal_surname")]
        born = [field("birth_date", Kind.DATE)] if who == STUDENT else []
        return [first, page("name", of_data, *names, *born)]
    parents = [
        field(f"{parent}.{name}", kind)
        for parent in ("father", "mother")
        for name, kind in (("given_names", Kind.TEXT), ("not_registered", Kind.TICK))
    ]
    district = page("district", of_data, field("domicile.ubigeo", Kind.DISTRICT))
    return [first, page("parents", of_data, *parents), district]


def still_true(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The answers that hold after one was changed.

    'Me' and 'my child' are different students: whoever changes from one to the other tells of both persons
    anew, or the mother's own data would silently become the child's. Another type of document is another
    document, with other questions. What was written beside another reason than 'other' belongs to none, and
    nobody judges it.
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
    if kept.get("reason.code") != Reason.OTHER:
        kept.pop(_DETAIL, None)
    return kept


def sections_of(answers: Mapping[str, str]) -> list[Section]:
    """The six steps."""
    own = (Section.OWN_DOCUMENT, Section.OWN_DATA)
    persons = own if answers.get(PURPOSE) == SELF else (Section.APPLICANT, Section.STUDENT)
    return [Section.START, Section.PURPOSE, *persons, Section.STUDIES, Section.CHECK]


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
    return {field.name: faults[field.name] for field in page.fields if field.name in faults}


def first_open(answers: Mapping[str, str], policy: Policy) -> str:
    """The first page that is not answered, or `check`."""
    faults = faults_of(answers, policy)
    pages = pages_of(answers, policy)
    return next((page.name for page in pages if any(field.name in faults for field in page.fields)), CHECK)


def page_before(name: str, answers: Mapping[str, str], policy: Policy) -> str | None:
    """The page that comes before one of a name; `None` for the first."""
    before = [page.name for page in takewhile(lambda page: page.name != name, pages_of(answers, policy))]
    return before[-1] if before else None

"""Who may have which certificate: every rule by name, and the content that the eligible get.

Source of the rules: the service's terms and guide (`docs/domain-rules.md`). Ages, years, modalities and the
version of the terms may change, so they come as a `Policy`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from constancia.domain.application import (
    Application,
    CitizenDeclaration,
    Declaration,
    DeclaredParent,
    ForeignerDeclaration,
)
from constancia.domain.consistency import can_be_true, of_one_person
from constancia.domain.content import CertificateContent, Holder, LevelRecord, SchoolYear
from constancia.domain.errors import DomainError, ErrorCode, FieldError, FieldErrorCode, RegistryError
from constancia.domain.identity import IdentityDocument, same_name
from constancia.domain.places import same_domicile
from constancia.domain.registries import CivilRecord, ForeignRecord
from constancia.domain.school import ActaState, Enrolment, Kinship, Modality, ObservationKind, Trajectory

_CLOSED_TO_ISSUE = frozenset({ActaState.UNDER_REVIEW, ActaState.UNDER_RECTIFICATION})
UNACCEPTED = FieldError("/terms/accepted", FieldErrorCode.NOT_ACCEPTED)
"""What is wrong with the terms that a person did not accept."""
_PRINTED_OBSERVATIONS = frozenset({ObservationKind.PLACEMENT_TEST, ObservationKind.EQUIVALENCE})


@dataclass(frozen=True, slots=True)
class Policy:
    """What the ministry may change without changing code."""

    terms_version: str
    minimum_own_age: int
    """Age in years from which students may ask for themselves."""
    adult_age: int
    """Age in years from which nobody else may ask."""
    first_year: int
    """First school year that certificates cover."""
    modalities: frozenset[Modality]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the registries answered. `None`: the registry has no such person."""

    student: CivilRecord | ForeignRecord | None
    applicant: CivilRecord | ForeignRecord | None
    """Also `None` when students ask for themselves."""
    kinship: frozenset[Kinship]
    """What RENIEC says that the applicant is to the student; empty where it was not asked."""
    trajectory: Trajectory | None


@dataclass(frozen=True, slots=True)
class _Case:
    """One application with all that decides it."""

    application: Application
    evidence: Evidence
    policy: Policy
    today: date

    @property
    def birth_date(self) -> date | None:
        """The student's, from the civil registry, or from the school system for a foreigner."""
        if isinstance(self.evidence.student, CivilRecord):
            return self.evidence.student.birth_date
        return self.evidence.trajectory.birth_date if self.evidence.trajectory else None

    @property
    def enrolments(self) -> tuple[Enrolment, ...]:
        """The student's years that a certificate may cover, of the modality asked for."""
        trajectory = self.evidence.trajectory
        return tuple(
            enrolment
            for enrolment in (trajectory.enrolments if trajectory else ())
            if enrolment.year >= self.policy.first_year and enrolment.modality == self.application.modality
        )

    @property
    def enrolments_of_level(self) -> tuple[Enrolment, ...]:
        """Those of the level asked for."""
        return tuple(one for one in self.enrolments if one.level == self.application.level)


def check_before_asking(application: Application, policy: Policy) -> None:
    """The rules that need no registry, so that none is asked in vain.

    The terms are accepted, in their present version; the modality is on offer; whoever asks for a student is
    not the student.

    Raises:
        DomainError: TERMS_NOT_ACCEPTED, TERMS_OUTDATED, MODALITY_NOT_OFFERED, APPLICANT_IS_STUDENT.
    """
    if not application.terms.accepted:
        raise DomainError(ErrorCode.TERMS_NOT_ACCEPTED, fields=(UNACCEPTED,))
    if application.terms.version != policy.terms_version:
        outdated = FieldError("/terms/version", FieldErrorCode.NOT_IN_FORCE)
        raise DomainError(ErrorCode.TERMS_OUTDATED, fields=(outdated,))
    if application.modality not in policy.modalities:
        not_offered = FieldError("/modality", FieldErrorCode.NOT_A_CHOICE)
        raise DomainError(ErrorCode.MODALITY_NOT_OFFERED, fields=(not_offered,))
    if application.applicant and application.applicant.document == application.student.document:
        raise DomainError(ErrorCode.APPLICANT_IS_STUDENT)


def decide(application: Application, evidence: Evidence, policy: Policy, today: date) -> CertificateContent:
    """Apply every rule on what the registries answered, in order, and give the content of the certificate.

    Identity comes first, so that nothing about a person is told to somebody who is not shown to be them.
    `today` is the date in Lima.

    Raises:
        DomainError: the first rule that refuses, by its code.
        RegistryError: REGISTRY_INCONSISTENT, when records are of different persons, or can't be true.
    """
    case = _Case(application, evidence, policy, today)
    for rule in RULES:
        rule(case)
    return _content(case)


def records_belong_to_those_asked(case: _Case) -> None:
    """A registry that answers with another person's record is not believed."""
    pairs: list[tuple[IdentityDocument, CivilRecord | ForeignRecord | Trajectory | None]] = [
        (case.application.student.document, case.evidence.student),
        (case.application.student.document, case.evidence.trajectory),
    ]
    if case.application.applicant is not None:
        pairs.append((case.application.applicant.document, case.evidence.applicant))
    if any(record is not None and record.document != document for document, record in pairs):
        raise RegistryError(ErrorCode.REGISTRY_INCONSISTENT)


def student_is_recognised(case: _Case) -> None:
    """The declaration agrees with the document's registry; a foreigner's birth date, with SIAGIE's."""
    _recognise(case.application.student, case.evidence.student)
    declaration, trajectory = case.application.student, case.evidence.trajectory
    if isinstance(declaration, ForeignerDeclaration) and trajectory is not None:
        _refuse_if(declaration.birth_date != trajectory.birth_date, ErrorCode.BIRTH_DATE_MISMATCH)


def applicant_is_recognised(case: _Case) -> None:
    """The applicant's declaration agrees with the registry of the document."""
    if case.application.applicant is not None:
        _recognise(case.application.applicant, case.evidence.applicant)


def student_is_alive(case: _Case) -> None:
    """There is no certificate for someone who has died."""
    _refuse_if(_has_died(case.evidence.student), ErrorCode.STUDENT_DECEASED)


def applicant_is_alive(case: _Case) -> None:
    """Someone who has died cannot ask."""
    _refuse_if(_has_died(case.evidence.applicant), ErrorCode.APPLICANT_DECEASED)


def students_ask_alone_from_the_minimum_age(case: _Case) -> None:
    """A student of the minimum age or more may ask alone; a younger one asks through an adult."""
    if case.application.applicant is None and case.birth_date is not None:
        age = _age(case.birth_date, case.today)
        _refuse_if(age < case.policy.minimum_own_age, ErrorCode.TOO_YOUNG_TO_ASK_ALONE)


def adults_ask_for_themselves(case: _Case) -> None:
    """Nobody asks for an adult."""
    if case.application.applicant is not None and case.birth_date is not None:
        age = _age(case.birth_date, case.today)
        _refuse_if(age >= case.policy.adult_age, ErrorCode.ADULT_MUST_ASK_IN_PERSON)


def applicant_stands_as_declared(case: _Case) -> None:
    """The applicant is the student's mother, father or guardian, as declared.

    Between two holders of a DNI, RENIEC says who is mother and father. Who is guardian, and any kinship with
    a foreigner, is what the school system has registered.
    """
    application, evidence = case.application, case.evidence
    if application.applicant is None:
        return
    registered = {
        relative.kinship
        for relative in (evidence.trajectory.relatives if evidence.trajectory else ())
        if relative.document == application.applicant.document
    }
    if application.kinship is Kinship.GUARDIAN:
        _refuse_if(Kinship.GUARDIAN not in registered, ErrorCode.GUARDIAN_NOT_REGISTERED)
        return
    both_citizens = all(
        isinstance(one, CitizenDeclaration) for one in (application.student, application.applicant)
    )
    kinship = evidence.kinship if both_citizens else registered
    _refuse_if(application.kinship not in kinship, ErrorCode.KINSHIP_NOT_REGISTERED)


def registries_speak_of_one_person(case: _Case) -> None:
    """Where the two records of a student contradict each other, there is no telling whose marks these are."""
    student, trajectory = case.evidence.student, case.evidence.trajectory
    if student and trajectory and not of_one_person(student, trajectory):
        raise RegistryError(ErrorCode.REGISTRY_INCONSISTENT)


def student_was_enrolled_since_the_first_year(case: _Case) -> None:
    """Certificates cover the years since the first; for earlier ones there is the certificado de estudios."""
    if not case.enrolments:
        raise DomainError(ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR, since=case.policy.first_year)


def student_studied_the_level(case: _Case) -> None:
    """The level asked for is one that the student was enrolled in."""
    if not case.enrolments_of_level:
        raise DomainError(ErrorCode.LEVEL_NOT_STUDIED, since=case.policy.first_year)


def no_acta_is_under_review(case: _Case) -> None:
    """A year whose acta is being reviewed or rectified blocks the issue."""
    blocked = any(one.acta in _CLOSED_TO_ISSUE for one in case.enrolments_of_level)
    _refuse_if(blocked, ErrorCode.ACTA_UNDER_REVIEW)


def years_can_be_true(case: _Case) -> None:
    """A year to come, or one twice, or one that was passed without a mark, is not certified."""
    born = case.birth_date
    if born is not None and not can_be_true(case.enrolments_of_level, born, case.today):
        raise RegistryError(ErrorCode.REGISTRY_INCONSISTENT)


def some_year_has_results(case: _Case) -> None:
    """There is at least one closed year to certify."""
    closed = any(one.acta is ActaState.APPROVED for one in case.enrolments_of_level)
    _refuse_if(not closed, ErrorCode.NO_RESULTS_YET)


type Rule = Callable[[_Case], None]

RULES: tuple[Rule, ...] = (
    records_belong_to_those_asked,
    student_is_recognised,
    applicant_is_recognised,
    student_is_alive,
    applicant_is_alive,
    adults_ask_for_themselves,
    applicant_stands_as_declared,
    students_ask_alone_from_the_minimum_age,
    registries_speak_of_one_person,
    student_was_enrolled_since_the_first_year,
    student_studied_the_level,
    no_acta_is_under_review,
    years_can_be_true,
    some_year_has_results,
)
"""All rules in the order in which they are applied."""


def _recognise(declaration: Declaration, record: CivilRecord | ForeignRecord | None) -> None:
    """Compare a declaration with its registry's record.

    Each mismatch has its own code for our log; the public sees one (`ErrorCode.public`).
    """
    match declaration, record:
        case CitizenDeclaration(), CivilRecord():
            same_father = _same_parent(declaration.father, record.father_given_names)
            same_mother = _same_parent(declaration.mother, record.mother_given_names)
            _refuse_if(not same_father, ErrorCode.FATHER_NAME_MISMATCH)
            _refuse_if(not same_mother, ErrorCode.MOTHER_NAME_MISMATCH)
            _refuse_if(not same_domicile(declaration.domicile, record.domicile), ErrorCode.DOMICILE_MISMATCH)
        case ForeignerDeclaration(), ForeignRecord():
            same_given = same_name(declaration.name.given, record.name.given)
            same = same_given and _same_surnames(declaration, record)
            _refuse_if(not same, ErrorCode.FOREIGNER_NAME_MISMATCH)
        case _:
            raise DomainError(ErrorCode.DOCUMENT_NOT_REGISTERED)


def _refuse_if(condition: bool, code: ErrorCode) -> None:
    if condition:
        raise DomainError(code)


def _same_parent(declared: DeclaredParent, registered: str | None) -> bool:
    """A parent declared as not registered must not be registered, and the other way round."""
    if declared.given_names is None or registered is None:
        return declared.given_names is None and registered is None
    return same_name(declared.given_names, registered)


def _same_surnames(declaration: ForeignerDeclaration, record: ForeignRecord) -> bool:
    """Surnames as one string: foreigners' papers split them in many ways."""
    declared, registered = declaration.name.surnames, record.name.surnames
    return declared == registered == "" or same_name(declared, registered)


def _has_died(record: CivilRecord | ForeignRecord | None) -> bool:
    return isinstance(record, CivilRecord) and record.death_date is not None


def _age(birth_date: date, today: date) -> int:
    """Completed years. Who was born on 29 February completes them on 1 March of common years."""
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def _content(case: _Case) -> CertificateContent:
    """What is printed: closed years of the level in order, matched by year and grade, nothing dropped."""
    trajectory = case.evidence.trajectory
    if trajectory is None:
        raise RegistryError(ErrorCode.REGISTRY_INCONSISTENT)
    years = sorted(
        (one for one in case.enrolments_of_level if one.acta is ActaState.APPROVED),
        key=lambda one: (one.year, one.grade.zfill(2), one.school.printed_code),
    )
    observations = sorted(
        (
            one
            for one in trajectory.observations
            if one.level == case.application.level
            and one.year >= case.policy.first_year
            and one.kind in _PRINTED_OBSERVATIONS
        ),
        key=lambda one: (one.year, one.resolution),
    )
    record = LevelRecord(
        level=case.application.level,
        years=tuple(
            SchoolYear(one.year, one.grade, one.school, one.final_situation, one.results) for one in years
        ),
        observations=tuple(observations),
    )
    return CertificateContent(
        Holder(trajectory.name, trajectory.document), case.application.modality, (record,)
    )

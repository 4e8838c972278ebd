"""Asking every registry that an application needs, all at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from constancia.domain.application import Application, CitizenDeclaration, Declaration
from constancia.domain.eligibility import Evidence
from constancia.domain.identity import IdentityDocument
from constancia.domain.registries import (
    CivilRecord,
    CivilRegistry,
    ForeignRecord,
    MigrationRegistry,
    SchoolSystem,
)
from constancia.domain.school import Kinship

type PersonRecord = CivilRecord | ForeignRecord | None


@dataclass(frozen=True, slots=True)
class Registries:
    """The registries, and what they say together."""

    civil: CivilRegistry
    migration: MigrationRegistry
    school: SchoolSystem

    def evidence_for(self, application: Application) -> Evidence:
        """Ask all at once: the answer takes as long as the slowest, and as long whatever is wrong.

        Raises:
            RegistryError: one of them gave no usable answer.
        """
        student, applicant = application.student, application.applicant
        with ThreadPoolExecutor(max_workers=4) as threads:
            asked_student = threads.submit(self._person(student))
            asked_applicant = threads.submit(self._person(applicant))
            asked_kinship = threads.submit(self._kinship(applicant, student))
            asked_trajectory = threads.submit(self.school.trajectory, student.document)
            return Evidence(
                student=asked_student.result(),
                applicant=asked_applicant.result(),
                kinship=asked_kinship.result(),
                trajectory=asked_trajectory.result(),
            )

    def _person(self, declaration: Declaration | None) -> Callable[[], PersonRecord]:
        match declaration:
            case None:
                return lambda: None
            case CitizenDeclaration(document):
                return lambda: self.civil.person(document)
            case _:
                return lambda: self.migration.person(declaration.document)

    def _kinship(
        self, applicant: Declaration | None, student: Declaration
    ) -> Callable[[], frozenset[Kinship]]:
        """RENIEC knows the kinship of two holders of a DNI; any other is the school system's."""
        if not isinstance(applicant, CitizenDeclaration) or not isinstance(student, CitizenDeclaration):
            return frozenset
        adult: IdentityDocument = applicant.document
        return lambda: self.civil.kinship(adult, student.document)

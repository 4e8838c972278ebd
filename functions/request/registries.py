"""Asking every registry that an application needs, all at the same time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic
from typing import Any

from constancia.domain.application import Application, CitizenDeclaration, Declaration
from constancia.domain.eligibility import Evidence
from constancia.domain.errors import ErrorCode, RegistryError
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
    seconds: float
    """How long all of them together are waited for."""

    def evidence_for(self, application: Application) -> Evidence:
        """Ask all at once: the answer takes as long as the slowest, and as long whatever is wrong.

        Nobody is asked where one of them is known not to answer: it would be in vain.

        Raises:
            RegistryError: one of them gave no usable answer.
        """
        student, applicant = application.student, application.applicant
        end = monotonic() + self.seconds
        for registry in self._asked_for(student, applicant):
            registry.check()
        threads = ThreadPoolExecutor(max_workers=4)
        try:
            asked_student = threads.submit(self._person(student))
            asked_applicant = threads.submit(self._person(applicant))
            asked_kinship = threads.submit(self._kinship(applicant, student))
            asked_trajectory = threads.submit(self.school.trajectory, student.document)
            all_asked: list[Future[Any]] = [
                *(asked_student, asked_applicant, asked_kinship, asked_trajectory)
            ]
            # Each lookup has its own end before this one; only a name server that hangs is ended here.
            if wait(all_asked, timeout=max(end - monotonic(), 0)).not_done:
                raise RegistryError(ErrorCode.REGISTRY_UNAVAILABLE)
            return Evidence(
                student=asked_student.result(),
                applicant=asked_applicant.result(),
                kinship=asked_kinship.result(),
                trajectory=asked_trajectory.result(),
            )
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _asked_for(
        self, *persons: Declaration | None
    ) -> list[CivilRegistry | MigrationRegistry | SchoolSystem]:
        citizens = any(isinstance(one, CitizenDeclaration) for one in persons)
        foreigners = any(one is not None and not isinstance(one, CitizenDeclaration) for one in persons)
        return [
            *([self.civil] if citizens else []),
            *([self.migration] if foreigners else []),
            self.school,
        ]

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

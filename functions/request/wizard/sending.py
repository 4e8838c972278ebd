"""Sending the answers, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.problems import problem_of
from request.form import body_of
from request.schemas import parse_application
from request.services import Services
from request.wizard.draft import Draft, Refused
from request.wizard.steps import CHECK, REFUSAL

ACCEPTED: Final = "terms.accepted"
"""The box on the page of the check."""
VERSION: Final = "terms.version"
"""Hidden beside it: the version that the page showed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draft is from now on, and where that is shown: a page of the draft, or the request's own."""

    draft: Draft
    page: str | None


def send(services: Services, draft: Draft, given: Mapping[str, str], source_address: str) -> Outcome:
    """Ask for the certificate. The draft's id makes one request of it, however often it is sent.

    Raises:
        DomainError: TERMS_NOT_ACCEPTED, TERMS_OUTDATED, which are mended on the page that was sent.
    """
    version = services.policy.terms_version
    if ACCEPTED not in given:
        raise DomainError(ErrorCode.TERMS_NOT_ACCEPTED)
    if given.get(VERSION) != version:
        raise DomainError(ErrorCode.TERMS_OUTDATED)
    body = body_of(draft.answers, services.policy)
    try:
        application = parse_application({**body, "terms": {"accepted": True, "version": version}})
        request_id = services.intake.accept(application, source_address, draft.id)
    except DomainError as error:
        services.journal.refused(error)
        if error.code is ErrorCode.IDEMPOTENCY_KEY_REUSED and (
            earlier := services.intake.sent_under(draft.id)
        ):
            # Sent already, by another tab that had the same answers once; what was changed since is void.
            return Outcome(draft.sent_as(earlier), CHECK)
        # Shown by a page of its own: to load it again must not ask again, and count one more failure.
        return Outcome(draft.refused_for(_reason(error, services)), REFUSAL)
    return Outcome(draft.sent_as(request_id), None)


def _reason(error: DomainError, services: Services) -> Refused:
    problem = problem_of(error)
    wait = problem.retry_after
    until = int(services.clock().timestamp()) + wait if wait else None
    return Refused(problem.code, problem.since, until)

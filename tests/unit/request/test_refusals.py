"""Each refusal's page has one button, and it leads to what helps."""

import pytest

from constancia.domain.errors import DomainError, ErrorCode
from constancia.web.problems import problem_of
from request.intake import Intake
from tests.unit.request.test_steps import at
from tests.unit.request.world import an_adult_s_world
from tests.unit.web.html import elements, parse, text_of

CORRECT = ("Revisar y corregir mis respuestas", "check")
AGAIN = ("Volver a intentar", "check")
ANEW = ("Empezar una solicitud nueva", "/request")
LEAVE = ("Ir al inicio", "/")
WAYS: dict[ErrorCode, tuple[str, str] | None] = {
    ErrorCode.IDENTITY_MISMATCH: CORRECT,
    ErrorCode.APPLICANT_IS_STUDENT: CORRECT,
    ErrorCode.KINSHIP_NOT_REGISTERED: CORRECT,
    ErrorCode.GUARDIAN_NOT_REGISTERED: CORRECT,
    ErrorCode.MODALITY_NOT_OFFERED: CORRECT,
    ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR: CORRECT,
    ErrorCode.LEVEL_NOT_STUDIED: CORRECT,
    ErrorCode.TOO_YOUNG_TO_ASK_ALONE: ANEW,
    ErrorCode.ADULT_MUST_ASK_IN_PERSON: ANEW,
    ErrorCode.APPLICANT_DECEASED: ANEW,
    ErrorCode.STUDENT_DECEASED: LEAVE,
    ErrorCode.NO_RESULTS_YET: LEAVE,
    ErrorCode.ACTA_UNDER_REVIEW: LEAVE,
    ErrorCode.DAILY_LIMIT_REACHED: LEAVE,
    ErrorCode.REGISTRY_UNAVAILABLE: AGAIN,
    ErrorCode.REGISTRY_LIMIT_REACHED: AGAIN,
    ErrorCode.REGISTRY_INCONSISTENT: AGAIN,
    ErrorCode.TOO_MANY_ATTEMPTS: None,  # nothing helps but to wait
}


@pytest.mark.parametrize(("code", "way"), WAYS.items(), ids=[code.value for code in WAYS])
def test_the_button_of_a_refusal_leads_to_what_helps(
    code: ErrorCode, way: tuple[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DomainError(code, retry_after_seconds=60 if way is None else None, since=2013)

    visitor, path = at("check", an_adult_s_world())
    monkeypatch.setattr(Intake, "accept", refuse)
    fields = {"terms.accepted": "on", "terms.version": visitor.world.policy.terms_version}
    sent = visitor.post(path, fields)

    answer = visitor.get(sent.headers["Location"])

    page = parse(answer.body)
    assert answer.status == problem_of(DomainError(code, since=2013)).text.status
    buttons = elements(page, "//main//*[contains(@class, 'govuk-button')]")
    leads = {"check": path}
    expected = [] if way is None else [(way[0], leads.get(way[1], way[1]))]
    assert [(text_of(one), one.get("href")) for one in buttons] == expected
    assert "{" not in text_of(elements(page, "//main")[0])  # every place of a text is filled
    links = {one.get("href") for one in elements(page, "//main//a")}
    assert {path, "/"} & links  # a way on from every page


def test_every_refusal_of_intake_is_in_this_table() -> None:
    """Those that are told as a field of a page, or before anything is typed, are not pages of their own."""
    elsewhere = {"terms_not_accepted", "terms_outdated", "idempotency_key_reused"}
    codes = list(ErrorCode)
    ends = codes.index(ErrorCode.DAILY_LIMIT_REACHED) + 1
    of_requests = {
        code.public
        for code in codes[codes.index(ErrorCode.IDENTITY_MISMATCH) : ends]
        if code is not ErrorCode.TOO_MANY_REQUESTS  # the gateway's
    }

    assert of_requests - {ErrorCode(name) for name in elsewhere} == set(WAYS)

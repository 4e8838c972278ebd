import json

import pytest

from constancia.domain.errors import (
    DomainError,
    ErrorCode,
    FieldError,
    FieldErrorCode,
    InvalidInputError,
)
from constancia.web.problems import FIELD_PROBLEMS, PROBLEMS, REFERENCES, problem_of

PUBLIC = [code for code in ErrorCode if code.public is code]
HIDDEN = [code for code in ErrorCode if code.public is not code]


def test_every_public_code_and_no_hidden_one_has_a_text() -> None:
    assert set(PROBLEMS) == set(PUBLIC)
    assert set(FIELD_PROBLEMS) == set(FieldErrorCode)


def test_a_reference_is_given_once_and_stays() -> None:
    assert set(REFERENCES) == set(PUBLIC)
    assert len(set(REFERENCES.values())) == len(REFERENCES)
    # What somebody wrote down in a mail last year must not mean something else today.
    known = {"identity_mismatch": 6, "registry_unavailable": 21, "too_many_attempts": 24, "internal": 40}
    assert {code: REFERENCES[ErrorCode(code)] for code in known} == known
    assert problem_of(DomainError(ErrorCode.FATHER_NAME_MISMATCH)).reference == "M-06"


@pytest.mark.parametrize("code", PUBLIC)
def test_every_text_says_what_happened_and_what_to_do(code: ErrorCode) -> None:
    text = PROBLEMS[code]

    assert text.title
    assert not text.title.endswith(".")
    assert text.detail.endswith(".")
    assert text.next_step.endswith(".")
    assert 400 <= text.status < 600


def test_a_problem_follows_rfc_9457_and_names_fields_by_pointer() -> None:
    error = InvalidInputError(FieldError("/contact/email", FieldErrorCode.TOO_LONG, limit=254))

    body = json.loads(problem_of(error).to_json())

    assert body["type"] == "urn:problem-type:constancia:invalid_input"
    assert body["status"] == 422
    assert body["code"] == "invalid_input"
    assert {"title", "detail", "next_step"} <= set(body)
    assert body["errors"] == [
        {
            "pointer": "/contact/email",
            "code": "too_long",
            "detail": "Es demasiado largo: como máximo 254 caracteres.",
        }
    ]


@pytest.mark.parametrize("code", HIDDEN)
def test_what_the_civil_registry_does_not_confirm_looks_the_same_whatever_it_was(code: ErrorCode) -> None:
    field = FieldError("/student/father/given_names", FieldErrorCode.INVALID_FORMAT)

    told = problem_of(DomainError(code, fields=(field,)))

    assert told == problem_of(DomainError(ErrorCode.IDENTITY_MISMATCH))


def test_a_mismatch_is_told_in_words_that_fit_every_document() -> None:
    said = PROBLEMS[ErrorCode.IDENTITY_MISMATCH].next_step

    assert "DNI" not in said
    assert "RENIEC, o Migraciones si es carnet de extranjería" in said


def test_no_text_names_another_day_than_the_time_to_wait() -> None:
    waits = [text for text in PROBLEMS.values() if text.retry_after]

    assert waits
    assert [text for text in waits if "mañana" in text.next_step] == []


def test_the_time_to_wait_is_the_errors_own_or_the_codes() -> None:
    assert problem_of(DomainError(ErrorCode.TOO_MANY_ATTEMPTS, retry_after_seconds=77)).retry_after == 77
    assert problem_of(DomainError(ErrorCode.REGISTRY_UNAVAILABLE)).retry_after == 120
    assert problem_of(DomainError(ErrorCode.ROUTE_NOT_FOUND)).retry_after is None

"""Everything that can be refused, each with a stable code.

A code is a promise to the clients of the API: it may be added, never renamed. Texts and HTTP statuses
belong to the web (`constancia.web.problems`); nothing here may carry personal data.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ErrorCode(StrEnum):
    """Why something was refused; `public` is what the outside is told."""

    # The input itself
    MALFORMED_BODY = "malformed_body"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    BODY_TOO_LARGE = "body_too_large"
    INVALID_INPUT = "invalid_input"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"

    # Identity. All that the civil registry does not confirm is shown as IDENTITY_MISMATCH: no oracle.
    IDENTITY_MISMATCH = "identity_mismatch"
    DOCUMENT_NOT_REGISTERED = "document_not_registered"
    FATHER_NAME_MISMATCH = "father_name_mismatch"
    MOTHER_NAME_MISMATCH = "mother_name_mismatch"
    DOMICILE_MISMATCH = "domicile_mismatch"
    FOREIGNER_NAME_MISMATCH = "foreigner_name_mismatch"
    BIRTH_DATE_MISMATCH = "birth_date_mismatch"

    # Eligibility
    TERMS_NOT_ACCEPTED = "terms_not_accepted"
    TERMS_OUTDATED = "terms_outdated"
    MODALITY_NOT_OFFERED = "modality_not_offered"
    STUDENT_DECEASED = "student_deceased"
    APPLICANT_DECEASED = "applicant_deceased"
    APPLICANT_IS_STUDENT = "applicant_is_student"
    TOO_YOUNG_TO_ASK_ALONE = "too_young_to_ask_alone"
    ADULT_MUST_ASK_IN_PERSON = "adult_must_ask_in_person"
    KINSHIP_NOT_REGISTERED = "kinship_not_registered"
    GUARDIAN_NOT_REGISTERED = "guardian_not_registered"
    NO_ENROLMENT_SINCE_FIRST_YEAR = "no_enrolment_since_first_year"
    LEVEL_NOT_STUDIED = "level_not_studied"
    NO_RESULTS_YET = "no_results_yet"
    ACTA_UNDER_REVIEW = "acta_under_review"

    # Registries
    REGISTRY_UNAVAILABLE = "registry_unavailable"
    REGISTRY_LIMIT_REACHED = "registry_limit_reached"
    REGISTRY_INCONSISTENT = "registry_inconsistent"

    # Limits
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    TOO_MANY_REQUESTS = "too_many_requests"
    DAILY_LIMIT_REACHED = "daily_limit_reached"

    # Requests, certificates, files
    DRAFT_MISSING = "draft_missing"
    DRAFT_EXPIRED = "draft_expired"
    DRAFT_UNREADABLE = "draft_unreadable"
    DRAFT_TOO_LARGE = "draft_too_large"
    REQUEST_NOT_FOUND = "request_not_found"
    CERTIFICATE_NOT_FOUND = "certificate_not_found"
    NOT_ENTITLED = "not_entitled"
    NO_LONGER_VALID = "no_longer_valid"
    SEAL_CHAIN_NOT_INSTALLED = "seal_chain_not_installed"

    # The web itself
    ROUTE_NOT_FOUND = "route_not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CROSS_SITE_FORM = "cross_site_form"
    REFUSED_AT_THE_GATE = "refused_at_the_gate"
    INTERNAL = "internal"

    @property
    def public(self) -> "ErrorCode":
        """The code that the outside sees.

        A mismatch with the civil registry never says which fact was wrong, so that nobody can learn a
        stranger's parents or domicile by trial; the precise code goes to our log.
        """
        return ErrorCode.IDENTITY_MISMATCH if self in _HIDDEN else self


_HIDDEN = frozenset(
    {
        ErrorCode.DOCUMENT_NOT_REGISTERED,
        ErrorCode.FATHER_NAME_MISMATCH,
        ErrorCode.MOTHER_NAME_MISMATCH,
        ErrorCode.DOMICILE_MISMATCH,
        ErrorCode.FOREIGNER_NAME_MISMATCH,
        ErrorCode.BIRTH_DATE_MISMATCH,
    }
)

OF_ELIGIBILITY = frozenset(
    {
        ErrorCode.TERMS_NOT_ACCEPTED,
        ErrorCode.TERMS_OUTDATED,
        ErrorCode.MODALITY_NOT_OFFERED,
        ErrorCode.STUDENT_DECEASED,
        ErrorCode.APPLICANT_DECEASED,
        ErrorCode.APPLICANT_IS_STUDENT,
        ErrorCode.TOO_YOUNG_TO_ASK_ALONE,
        ErrorCode.ADULT_MUST_ASK_IN_PERSON,
        ErrorCode.KINSHIP_NOT_REGISTERED,
        ErrorCode.GUARDIAN_NOT_REGISTERED,
        ErrorCode.NO_ENROLMENT_SINCE_FIRST_YEAR,
        ErrorCode.LEVEL_NOT_STUDIED,
        ErrorCode.NO_RESULTS_YET,
        ErrorCode.ACTA_UNDER_REVIEW,
    }
)
"""What a recognised person's application can be refused with (`constancia.domain.eligibility`)."""

OF_REGISTRIES = frozenset(
    {
        ErrorCode.REGISTRY_UNAVAILABLE,
        ErrorCode.REGISTRY_LIMIT_REACHED,
        ErrorCode.REGISTRY_INCONSISTENT,
    }
)
"""What stands in the way when a registry gives no usable answer."""


_NAME_LENGTH: Final = 40
_MAXIMUM_FIELDS: Final = 50


class FieldErrorCode(StrEnum):
    """What is wrong with one field of the input."""

    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    NOT_A_CHOICE = "not_a_choice"
    INVALID_FORMAT = "invalid_format"
    INVALID_CHECK_CHARACTER = "invalid_check_character"
    HIDDEN_CHARACTER = "hidden_character"
    """Marks of direction and others that are not seen, in a text where they may not be."""
    UNKNOWN_PLACE = "unknown_place"
    NOT_APPLICABLE = "not_applicable"
    NOT_ACCEPTED = "not_accepted"
    NOT_IN_FORCE = "not_in_force"


def pointer(*place: str) -> str:
    """RFC 6901; each name is cut, because some come from the input, and an answer never echoes much."""
    return "".join("/" + part[:_NAME_LENGTH].replace("~", "~0").replace("/", "~1") for part in place)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: a JSON pointer (RFC 6901) into the body, and what is wrong with it."""

    pointer: str
    code: FieldErrorCode
    limit: int | None = None
    """The length or number that was broken, where the code speaks of one."""


class DomainError(Exception):
    """A refusal with a stable code. Carries no personal data, so it may be logged as it is."""

    def __init__(
        self,
        code: ErrorCode,
        *,
        fields: tuple[FieldError, ...] = (),
        retry_after_seconds: int | None = None,
        since: int | None = None,
    ) -> None:
        """`since` is the first year that counts, where the code speaks of years."""
        super().__init__(code.value)
        self.code = code
        self.fields = fields
        self.retry_after_seconds = retry_after_seconds
        self.since = since


class InvalidInputError(DomainError):
    """The input breaks its own rules, before anybody was asked about it.

    Tells so many fields at most, those that we ask for before those that we do not know.
    """

    def __init__(self, *fields: FieldError) -> None:
        told = sorted(fields, key=lambda field: field.code is FieldErrorCode.UNKNOWN_FIELD)
        super().__init__(ErrorCode.INVALID_INPUT, fields=tuple(told[:_MAXIMUM_FIELDS]))


class RegistryError(DomainError):
    """A registry gave no usable answer; nothing was decided, and the person may try again."""

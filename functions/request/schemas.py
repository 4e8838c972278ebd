"""The body of `POST /api/v1/requests`: its shape, its bounds, and its way to the domain's `Application`.

The pages' form is parsed by the same schema. Texts are taken as people type them (spaces around, letters as
one or two code points) and kept in one form (NFC, single spaces).
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, Final, Literal, Self

import msgspec
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from constancia.domain.application import (
    Application,
    CitizenDeclaration,
    Contact,
    Declaration,
    DeclaredParent,
    ForeignerDeclaration,
    Reason,
    TermsAcceptance,
)
from constancia.domain.eligibility import UNACCEPTED
from constancia.domain.errors import FieldError, FieldErrorCode, InvalidInputError, pointer
from constancia.domain.identity import DocumentType, IdentityDocument, PersonName, WrongCheckCharacterError
from constancia.domain.places import DeclaredDomicile, PlaceNames, districts_of
from constancia.domain.school import Kinship, Level, Modality
from constancia.domain.typed import EMAIL_LENGTH, bare_number, is_email, without_marks

NAME_LENGTH: Final = 100
REASON_LENGTH: Final = 150

_PHONE = re.compile(r"\+?\d{6,15}", re.ASCII)
_NAME_PUNCTUATION: Final = frozenset(" '`´‘’ʼ′-‐.")
_INVISIBLE: Final = frozenset({"Cc", "Cn", "Co", "Cs", "Zl", "Zp"})
_TAG: Final = "\0tag:"
_FORGIVEN_LENGTH: Final = 600


def wrong(code: FieldErrorCode, field: str | None = None, limit: int | None = None) -> PydanticCustomError:
    """An error of ours, at the present place or at one of its fields."""
    return PydanticCustomError(code.value, "{code}", {"code": code.value, "field": field, "limit": limit})


def _text(value: str, *, maximum: int) -> str:
    """One line of visible text: no control characters, no bidirectional or other invisible marks."""
    if len(value) > 2 * maximum:
        raise wrong(FieldErrorCode.TOO_LONG, limit=maximum)
    normal = unicodedata.normalize("NFC", value)
    if any(unicodedata.category(one) == "Cf" for one in normal):
        raise wrong(FieldErrorCode.HIDDEN_CHARACTER)
    if any(unicodedata.category(one) in _INVISIBLE for one in normal):
        raise wrong(FieldErrorCode.INVALID_FORMAT)
    line = " ".join(normal.split())
    if not line:
        raise wrong(FieldErrorCode.MISSING)
    if len(line) > maximum:
        raise wrong(FieldErrorCode.TOO_LONG, limit=maximum)
    return line


def _name(value: str) -> str:
    """Letters with their marks, and what joins them in names. At least one letter."""
    if not all(unicodedata.category(one)[0] in "LM" or one in _NAME_PUNCTUATION for one in value):
        raise wrong(FieldErrorCode.INVALID_FORMAT)
    if not any(one.isalpha() for one in value):
        raise wrong(FieldErrorCode.INVALID_FORMAT)
    return value


def _email(value: str) -> str:
    if not is_email(value):
        raise wrong(FieldErrorCode.INVALID_FORMAT)
    return value


def _phone(value: str) -> str:
    digits = re.sub(r"[ ().-]", "", value)
    if not _PHONE.fullmatch(digits):
        raise wrong(FieldErrorCode.INVALID_FORMAT)
    return digits


def _ubigeo(value: str) -> str:
    if not re.fullmatch(r"\d{6}", value, re.ASCII):
        raise wrong(FieldErrorCode.INVALID_FORMAT)
    if not districts_of(value):
        raise wrong(FieldErrorCode.UNKNOWN_PLACE)
    return value


def _day(value: object) -> object:
    """A full date of RFC 3339; pydantic alone would take seconds since 1970 for one too."""
    if not isinstance(value, str):
        return value  # of a wrong type, as pydantic says
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise wrong(FieldErrorCode.INVALID_FORMAT)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong(FieldErrorCode.INVALID_FORMAT) from None


def _freed_of(bare: Callable[[str], str]) -> AfterValidator:
    """Before anything is judged, what came along unseen goes; what is far too long is left as it is."""
    return AfterValidator(lambda value: bare(value) if len(value) <= _FORGIVEN_LENGTH else value)


def _line(maximum: int) -> AfterValidator:
    return AfterValidator(partial(_text, maximum=maximum))


type Name = Annotated[
    str, _line(NAME_LENGTH), AfterValidator(_name), Field(json_schema_extra={"maxLength": NAME_LENGTH})
]
type PlaceName = Annotated[str, _line(NAME_LENGTH), Field(json_schema_extra={"maxLength": NAME_LENGTH})]
type Email = Annotated[
    str,
    _freed_of(without_marks),
    _line(EMAIL_LENGTH),
    AfterValidator(_email),
    Field(json_schema_extra={"maxLength": EMAIL_LENGTH, "format": "email"}),
]
type Phone = Annotated[
    str,
    _freed_of(without_marks),
    _line(30),
    AfterValidator(_phone),
    Field(json_schema_extra={"maxLength": 30}),
]
type Ubigeo = Annotated[
    str, _line(6), AfterValidator(_ubigeo), Field(json_schema_extra={"pattern": r"^\d{6}$"})
]
type BirthDate = Annotated[date, BeforeValidator(_day)]
type ReasonDetail = Annotated[
    str, _line(REASON_LENGTH), Field(json_schema_extra={"maxLength": REASON_LENGTH})
]


class _Schema(BaseModel):
    """Strict types, no field but these, and no value of the input in any error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class DocumentSchema(_Schema):
    """An identity document. A DNI may be followed by the check character of the card: `12345678-9`."""

    type: DocumentType
    number: Annotated[str, _freed_of(bare_number), _line(20), Field(json_schema_extra={"maxLength": 20})]

    @model_validator(mode="after")
    def _well_formed(self) -> Self:
        try:
            self.to_domain()
        except WrongCheckCharacterError:
            raise wrong(FieldErrorCode.INVALID_CHECK_CHARACTER, "number") from None
        except ValueError:
            raise wrong(FieldErrorCode.INVALID_FORMAT, "number") from None
        return self

    def to_domain(self) -> IdentityDocument:
        """Read the number; the check character, where it is given, has to be right."""
        return IdentityDocument.typed(self.number, self.type)


class ParentSchema(_Schema):
    """A parent's given names as in RENIEC, or the declaration that RENIEC has no such parent."""

    given_names: Name | None = None
    not_registered: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.given_names is None and self.not_registered is None:
            raise wrong(FieldErrorCode.MISSING, "given_names")
        if self.given_names is not None and self.not_registered is not None:
            raise wrong(FieldErrorCode.NOT_APPLICABLE, "given_names")
        return self


class DomicileSchema(_Schema):
    """The domicile on the document: the district's code of INEI or RENIEC, or its three names."""

    ubigeo: Ubigeo | None = None
    department: PlaceName | None = None
    province: PlaceName | None = None
    district: PlaceName | None = None

    @model_validator(mode="after")
    def _known_district(self) -> Self:
        names = {"department": self.department, "province": self.province, "district": self.district}
        given = [field for field, name in names.items() if name is not None]
        if self.ubigeo is not None:
            if given:
                raise wrong(FieldErrorCode.NOT_APPLICABLE, given[0])
            return self
        if not given:
            raise wrong(FieldErrorCode.MISSING, "ubigeo")
        for field, name in names.items():
            if name is None:
                raise wrong(FieldErrorCode.MISSING, field)
        if not districts_of(self.to_domain()):
            raise wrong(FieldErrorCode.UNKNOWN_PLACE, "district")
        return self

    def to_domain(self) -> DeclaredDomicile:
        """Either form, as the domain compares it."""
        if self.ubigeo is not None:
            return self.ubigeo
        return PlaceNames(self.department or "", self.province or "", self.district or "")


class CitizenSchema(_Schema):
    """Whoever holds a DNI."""

    document: DocumentSchema
    father: ParentSchema
    mother: ParentSchema
    domicile: DomicileSchema

    def to_domain(self) -> Declaration:
        """What RENIEC is asked to confirm."""
        return CitizenDeclaration(
            document=self.document.to_domain(),
            father=DeclaredParent(self.father.given_names),
            mother=DeclaredParent(self.mother.given_names),
            domicile=self.domicile.to_domain(),
        )


class ForeignerSchema(_Schema):
    """Whoever holds a carnet de extranjería."""

    document: DocumentSchema
    given_names: Name
    paternal_surname: Name
    maternal_surname: Name | None = None

    def to_domain(self) -> Declaration:
        """What Migraciones is asked to confirm."""
        return self._declaration(None)

    def _declaration(self, birth_date: date | None) -> Declaration:
        name = PersonName(self.given_names, self.paternal_surname, self.maternal_surname)
        return ForeignerDeclaration(self.document.to_domain(), name, birth_date)


class ForeignStudentSchema(ForeignerSchema):
    """A foreign student, whom the school system knows by birth date."""

    birth_date: BirthDate

    def to_domain(self) -> Declaration:
        """What Migraciones and the school system are asked to confirm."""
        return self._declaration(self.birth_date)


class CitizenApplicantSchema(CitizenSchema):
    """An adult with a DNI who asks for a minor."""

    kinship: Kinship


class ForeignApplicantSchema(ForeignerSchema):
    """An adult with a carnet de extranjería who asks for a minor."""

    kinship: Kinship


def _tag_of(person: Any) -> str:
    """Which form a person takes; whatever is no carnet de extranjería is told its faults as a DNI."""
    document = person.get("document") if isinstance(person, dict) else getattr(person, "document", None)
    kind = document.get("type") if isinstance(document, dict) else getattr(document, "type", None)
    return _TAG + (DocumentType.CE if kind == DocumentType.CE else DocumentType.DNI)


type StudentSchema = Annotated[
    Annotated[CitizenSchema, Tag(_TAG + DocumentType.DNI)]
    | Annotated[ForeignStudentSchema, Tag(_TAG + DocumentType.CE)],
    Discriminator(_tag_of),
]
type ApplicantSchema = Annotated[
    Annotated[CitizenApplicantSchema, Tag(_TAG + DocumentType.DNI)]
    | Annotated[ForeignApplicantSchema, Tag(_TAG + DocumentType.CE)],
    Discriminator(_tag_of),
]


class ContactSchema(_Schema):
    """Where the virtual code goes."""

    email: Email
    phone: Phone | None = None


class ReasonSchema(_Schema):
    """What the certificate is for. The detail belongs to `OTHER`."""

    code: Reason
    detail: ReasonDetail | None = None

    @model_validator(mode="after")
    def _detail_with_other(self) -> Self:
        if self.code is Reason.OTHER and self.detail is None:
            raise wrong(FieldErrorCode.MISSING, "detail")
        if self.code is not Reason.OTHER and self.detail is not None:
            raise wrong(FieldErrorCode.NOT_APPLICABLE, "detail")
        return self


class TermsSchema(_Schema):
    """The acceptance of one version of the terms."""

    accepted: bool
    version: Annotated[str, _line(20), Field(json_schema_extra={"maxLength": 20})]


class ApplicationSchema(_Schema):
    """A request for the certificate of one student, modality and level."""

    student: StudentSchema
    applicant: ApplicantSchema | None = None
    modality: Modality
    level: Level
    contact: ContactSchema
    reason: ReasonSchema
    terms: TermsSchema

    def to_domain(self) -> Application:
        """The domain's application."""
        return Application(
            student=self.student.to_domain(),
            applicant=self.applicant.to_domain() if self.applicant else None,
            kinship=self.applicant.kinship if self.applicant else None,
            modality=self.modality,
            level=self.level,
            contact=Contact(self.contact.email, self.contact.phone),
            reason=self.reason.code,
            reason_detail=self.reason.detail,
            terms=TermsAcceptance(self.terms.accepted, self.terms.version),
        )


def parse_application(body: object) -> Application:
    """Read the decoded body of a request.

    Raises:
        InvalidInputError: names every wrong field, and the terms if they are not accepted, so that nobody is
            refused for them the next time.
    """
    try:
        # By way of JSON, where strictness still reads dates and choices from strings.
        return ApplicationSchema.model_validate_json(msgspec.json.encode(body)).to_domain()
    except ValidationError as error:
        wrong_fields = map(_field_error, error.errors(include_url=False))
        raise InvalidInputError(*wrong_fields, *_unaccepted_terms(body)) from None


def _unaccepted_terms(body: object) -> list[FieldError]:
    terms = body.get("terms") if isinstance(body, dict) else None
    return [UNACCEPTED] if isinstance(terms, dict) and terms.get("accepted") is False else []


_CODES: Final = {
    "missing": FieldErrorCode.MISSING,
    "extra_forbidden": FieldErrorCode.UNKNOWN_FIELD,
    "literal_error": FieldErrorCode.NOT_A_CHOICE,
    "enum": FieldErrorCode.NOT_A_CHOICE,
    "date_from_datetime_parsing": FieldErrorCode.INVALID_FORMAT,
    "date_parsing": FieldErrorCode.INVALID_FORMAT,
    "string_unicode": FieldErrorCode.INVALID_FORMAT,
} | {code.value: code for code in FieldErrorCode}


def _field_error(detail: ErrorDetails) -> FieldError:
    """Tell one of pydantic's errors in our terms; whatever is not listed is a wrong type."""
    context = detail.get("ctx", {})
    place = [str(part) for part in detail["loc"] if not str(part).startswith(_TAG)]
    if context.get("field"):
        place.append(context["field"])
    code = _CODES.get(detail["type"], FieldErrorCode.WRONG_TYPE)
    if code is FieldErrorCode.NOT_A_CHOICE and not isinstance(detail["input"], str | bool):
        code = FieldErrorCode.WRONG_TYPE
    if code is FieldErrorCode.WRONG_TYPE and detail["input"] is None:
        code = FieldErrorCode.MISSING
    return FieldError(pointer(*place), code, context.get("limit"))

"""Reading a question to verification, from an API's body, a form or an address. Hostile until it is read.

Read by hand, not by pydantic: its import alone costs whoever waits at a cold start more than all the rest of
the answer (docs/adr/0061).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from constancia.domain.errors import (
    DomainError,
    ErrorCode,
    FieldError,
    FieldErrorCode,
    InvalidInputError,
    pointer,
)
from constancia.domain.identity import DocumentType, IdentityDocument, WrongCheckCharacterError
from constancia.domain.typed import bare_code, without_marks
from constancia.domain.verification import Grant, Proof, QrToken
from constancia.domain.virtual_code import (
    CheckCharacterError,
    MalformedCodeError,
    VirtualCode,
    parse_virtual_code,
)
from validate.schemas import CODE_LIMIT, DIGEST_LENGTH, NUMBER_LIMIT, TOKEN_LENGTH

_FIELDS: Final = ("code", "document", "token")
_LINK: Final = "/validate/"
_LINK_LIMIT: Final = 500
_DIGEST_TEXT_LIMIT: Final = 1000
_DIGEST: Final = re.compile(rf"(?<![0-9a-z])[0-9a-f]{{{DIGEST_LENGTH}}}(?![0-9a-z])")


@dataclass(frozen=True, slots=True)
class Question:
    """A code, and what was shown with it."""

    code: VirtualCode
    proof: Proof | None

    @property
    def shown(self) -> str:
        """What kind of proof was shown, for logs."""
        match self.proof:
            case None:
                return "code"
            case QrToken():
                return "token"
            case IdentityDocument():
                return "document"


def read_body(body: object) -> Question:
    """Read the body of an API call (`validate.schemas.ValidationRequest`).

    Raises:
        InvalidInputError: names every wrong field by its JSON pointer.
    """
    reader = _Reader()
    if not isinstance(body, dict):
        raise InvalidInputError(FieldError("", FieldErrorCode.WRONG_TYPE))
    reader.known_only(body, _FIELDS)
    code = reader.code(body.get("code"))
    document = reader.document(body.get("document"))
    token = reader.token(body.get("token"))
    if body.get("document") is not None and body.get("token") is not None:
        reader.refuse("/token", FieldErrorCode.NOT_APPLICABLE)
    return reader.question(code, document or token)


def read_form(form: Mapping[str, str]) -> Question:
    """Read the page's form: a code, and a document number or nothing.

    A whole link in the place of the code is read as `read_address` reads it: people paste it from a mail, and
    scanners at a counter type what a QR says. A document number that was typed beside it counts before its
    token. Where `open` is sent, it was asked for, and can't be left out.

    Raises:
        InvalidInputError: names the wrong fields by JSON pointer, as `read_body` does.
    """
    reader = _Reader()
    typed = without_marks(form.get("code", ""))
    number = without_marks(form.get("document", "")).strip()
    code, token = _parts_of_link(typed) or (typed, None)
    if "open" in form and not number:
        reader.refuse("/document", FieldErrorCode.MISSING)
    return reader.question(reader.code(code), reader.document(number) if number else reader.token(token))


def read_address(code: str, token: str | None) -> Question:
    """Read the address in a QR or in a mail: a code, and the QR's token or nothing.

    Raises:
        InvalidInputError: names the wrong parts by JSON pointer, as `read_body` does.
    """
    reader = _Reader()
    return reader.question(reader.code(unquote(code)), reader.token(token))


def read_right(code: str, grant: str | None, token: str | None) -> tuple[VirtualCode, Grant | QrToken]:
    """Read the address of a file: its code, and the grant or token that should open it.

    Raises:
        DomainError: NOT_ENTITLED without grant and token; CERTIFICATE_NOT_FOUND when the code is none, or the
            token is none: programs made the address, so there is nobody to help with a field.
    """
    if not grant and not token:
        raise DomainError(ErrorCode.NOT_ENTITLED)
    try:
        right = Grant(grant) if grant else QrToken.parse(token or "")
        return parse_virtual_code(unquote(code)), right
    except ValueError:
        raise DomainError(ErrorCode.CERTIFICATE_NOT_FOUND) from None


def read_file_body(body: object) -> str:
    """Read the body of an API call about a file (`validate.schemas.FileRequest`): the digest, lower case.

    Raises:
        InvalidInputError: names every wrong field by its JSON pointer.
    """
    reader = _Reader()
    if not isinstance(body, dict):
        raise InvalidInputError(FieldError("", FieldErrorCode.WRONG_TYPE))
    reader.known_only(body, ("sha256",))
    text = reader.text("/sha256", body.get("sha256"), DIGEST_LENGTH)
    return reader.digest(text and text.lower())


def read_file_form(form: Mapping[str, str]) -> str:
    """Read the page's form about a file: the digest, lower case.

    It may stand within what a program printed around it, and be grouped by spaces or colons.

    Raises:
        InvalidInputError: names the field, as `read_body` does.
    """
    reader = _Reader()
    text = reader.text("/sha256", form.get("sha256"), _DIGEST_TEXT_LIMIT)
    if text is None:
        return reader.digest(None)
    text = text.lower()
    found = set(_DIGEST.findall(text))
    return reader.digest(found.pop() if len(found) == 1 else re.sub(r"[\s:]", "", text))


def _parts_of_link(text: str) -> tuple[str, str | None] | None:
    """Code and token of a verification address; None of anything else."""
    if len(text) > _LINK_LIMIT or _LINK not in text:
        return None
    try:
        parts = urlsplit(text.strip())
        tokens = parse_qs(parts.query).get("t", [None])
    except ValueError:
        return None
    return unquote(parts.path.rpartition(_LINK)[2]), tokens[-1]


@dataclass(slots=True)
class _Reader:
    """Reads field by field and keeps what is wrong."""

    errors: list[FieldError] = field(default_factory=list)

    def question(self, code: VirtualCode | None, proof: Proof | None) -> Question:
        if code is None or self.errors:
            raise InvalidInputError(*self.errors)
        return Question(code, proof)

    def digest(self, value: str | None) -> str:
        if value is not None and not _DIGEST.fullmatch(value):
            self.refuse("/sha256", FieldErrorCode.INVALID_FORMAT)
        if value is None or self.errors:
            raise InvalidInputError(*self.errors)
        return value

    def refuse(self, at: str, code: FieldErrorCode, limit: int | None = None) -> None:
        self.errors.append(FieldError(at, code, limit))

    def known_only(self, value: Mapping[str, Any], known: tuple[str, ...], *place: str) -> None:
        for name in value:
            if name not in known:
                self.refuse(pointer(*place, name), FieldErrorCode.UNKNOWN_FIELD)

    def text(self, at: str, value: object, limit: int) -> str | None:
        if value is None:
            self.refuse(at, FieldErrorCode.MISSING)
        elif not isinstance(value, str):
            self.refuse(at, FieldErrorCode.WRONG_TYPE)
        elif not value.strip():
            self.refuse(at, FieldErrorCode.MISSING)
        elif len(value) > limit:
            self.refuse(at, FieldErrorCode.TOO_LONG, limit)
        else:
            return value
        return None

    def code(self, value: object) -> VirtualCode | None:
        text = self.text("/code", value, CODE_LIMIT)
        if text is None:
            return None
        try:
            return parse_virtual_code(bare_code(text))
        except MalformedCodeError:
            self.refuse("/code", FieldErrorCode.INVALID_FORMAT)
        except CheckCharacterError:
            self.refuse("/code", FieldErrorCode.INVALID_CHECK_CHARACTER)
        return None

    def document(self, value: object) -> IdentityDocument | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            number = self.text("/document", value, NUMBER_LIMIT)
            return None if number is None else self._number("/document", tuple(DocumentType), number)
        self.known_only(value, ("type", "number"), "document")
        kind = self.text("/document/type", value.get("type"), NUMBER_LIMIT)
        number = self.text("/document/number", value.get("number"), NUMBER_LIMIT)
        if kind is not None and kind not in DocumentType:
            self.refuse("/document/type", FieldErrorCode.NOT_A_CHOICE)
        elif kind is not None and number is not None:
            return self._number("/document/number", (DocumentType(kind),), number)
        return None

    def _number(self, at: str, kinds: tuple[DocumentType, ...], number: str) -> IdentityDocument | None:
        try:
            return IdentityDocument.typed(number, *kinds)
        except WrongCheckCharacterError:
            self.refuse(at, FieldErrorCode.INVALID_CHECK_CHARACTER)
        except ValueError:
            self.refuse(at, FieldErrorCode.INVALID_FORMAT)
        return None

    def token(self, value: object) -> QrToken | None:
        text = None if value is None else self.text("/token", value, TOKEN_LENGTH)
        if text is None:
            return None
        try:
            return QrToken.parse(text)
        except ValueError:
            self.refuse("/token", FieldErrorCode.INVALID_FORMAT)
        return None

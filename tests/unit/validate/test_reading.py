"""Hostile questions: every field, every way to ask."""

from typing import Any

import pytest

from constancia.domain.errors import DomainError, ErrorCode, FieldError, FieldErrorCode, InvalidInputError
from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.verification import Grant, QrToken
from tests.builders import CODE, STUDENT_CE, STUDENT_DNI, TOKEN
from validate.reading import Question, read_address, read_body, read_form, read_right

DNI: dict[str, Any] = {"type": "DNI", "number": "00000001"}
HOSTILE_TEXTS = {
    "spaces": "   ",
    "long": "A" * 10_000,
    "emoji": "🦙" * 12,
    "bidi": "\u202e99S0QR6YD40R+-\u202cA",
    "html": "<script>alert(1)</script>",
    "template": "{{ 7*7 }}",
    "path": "..%2f..%2fetc%2fpasswd",
    "null character": "99S0QR6Y\x00D40R",
    "other digits": "٠١٢٣٤٥٦٧",
}


def refused(body: Any) -> dict[str, FieldErrorCode]:
    with pytest.raises(InvalidInputError) as refusal:
        read_body(body)
    return {field.pointer: field.code for field in refusal.value.fields}


@pytest.mark.parametrize("document", [STUDENT_DNI, STUDENT_CE])
def test_a_document_is_given_by_type_and_number_or_by_number_alone(document: IdentityDocument) -> None:
    question = Question(CODE, document)
    typed = {"type": document.type.value, "number": document.number}

    assert read_body({"code": CODE, "document": typed}) == question
    assert read_body({"code": CODE, "document": document.number}) == question
    assert read_form({"code": CODE, "document": f" {document.number.lower()} "}) == question


def test_a_token_is_given_in_the_body_or_in_the_address() -> None:
    assert read_body({"code": CODE, "token": TOKEN}) == Question(CODE, QrToken(TOKEN))
    assert read_address(CODE, TOKEN) == Question(CODE, QrToken(TOKEN))


@pytest.mark.parametrize("typed", ["99s0-qr6y-d40r", " 99S0 QR6Y D40R ", "99SO-QR6Y-D4OR"])
def test_typing_habits_are_forgiven_everywhere(typed: str) -> None:
    assert read_body({"code": typed}).code == read_form({"code": typed}).code == CODE
    assert read_address(typed.replace(" ", "%20"), None).code == CODE


@pytest.mark.parametrize(
    "pasted",
    [
        "\u202a99S0-QR6Y-D40R\u202c",
        "\ufeff99S0-\u200bQR6Y-D40R",
        "\u200e99S0-QR6Y-D40R.",
        "CÓDIGO: 99S0-QR6Y-D40R",
        "Código virtual 99S0 QR6Y D40R",
        "código virtual: «99S0-QR6Y-D40R»,",
        "９９Ｓ０-ＱＲ６Ｙ-Ｄ４０Ｒ",
    ],
)
def test_what_comes_along_with_a_pasted_code_is_forgiven(pasted: str) -> None:
    assert read_form({"code": pasted}).code == read_body({"code": pasted}).code == CODE


@pytest.mark.parametrize(
    "pasted",
    [
        "\u202a00000001\u202c",
        "\ufeff00000001\u200b",
        "DNI 00000001",
        "DNI: 00 000 001.",
        "dni00000001",
        "D.N.I. N.º 00000001",
        "Documento: 00000001",
        "(00000001)",
        "０００００００１",
    ],
)
def test_what_comes_along_with_a_pasted_number_is_forgiven(pasted: str) -> None:
    assert read_form({"code": CODE, "document": pasted}).proof == STUDENT_DNI
    assert read_body({"code": CODE, "document": pasted}).proof == STUDENT_DNI


@pytest.mark.parametrize("typed", ["99900101-2", "DNI 99900101 - 2", "99900101–2", "99900101-g"])
def test_a_dni_s_check_character_behind_its_hyphen_is_forgiven(typed: str) -> None:
    dni = IdentityDocument(DocumentType.DNI, "99900101")

    assert read_form({"code": CODE, "document": typed}).proof == dni
    assert read_body({"code": CODE, "document": typed}).proof == dni
    assert read_body({"code": CODE, "document": {"type": "DNI", "number": typed}}).proof == dni


def test_nine_digits_in_one_are_a_carnet_unless_they_are_said_to_be_a_dni() -> None:
    assert read_form({"code": CODE, "document": "999001012"}).proof == IdentityDocument(
        DocumentType.CE, "999001012"
    )
    said = {"type": "DNI", "number": "999001012"}
    assert read_body({"code": CODE, "document": said}).proof == IdentityDocument(DocumentType.DNI, "99900101")


def test_a_wrong_check_character_is_told_as_one() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_form({"code": CODE, "document": "99900101-1"})

    assert refusal.value.fields == (FieldError("/document", FieldErrorCode.INVALID_CHECK_CHARACTER),)


@pytest.mark.parametrize("label", ["CE ", "C.E. N.º ", "Carnet de extranjería: ", "Carné de extranjería "])
def test_a_carnet_s_label_is_forgiven_and_letters_that_belong_to_it_stay(label: str) -> None:
    assert read_form({"code": CODE, "document": label + STUDENT_CE.number}).proof == STUDENT_CE
    for number in ("CE1234567", "DOC123456", "DNI123ABC"):
        assert read_form({"code": CODE, "document": number}).proof == IdentityDocument(
            DocumentType.CE, number
        )


def test_a_field_of_marks_alone_is_empty() -> None:
    assert read_form({"code": CODE, "document": "\u200e\ufeff"}) == Question(CODE, None)


def test_nulls_and_an_empty_optional_field_of_the_form_are_nothing() -> None:
    assert read_body({"code": CODE, "document": None, "token": None}) == Question(CODE, None)
    assert read_form({"code": CODE, "document": "  "}) == Question(CODE, None)


@pytest.mark.parametrize("body", [None, [], "99S0QR6YD40R", 12, True])
def test_a_body_that_is_no_object_is_told(body: object) -> None:
    assert refused(body) == {"": FieldErrorCode.WRONG_TYPE}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"code": None}, "/code", FieldErrorCode.MISSING),
        ({"code": ""}, "/code", FieldErrorCode.MISSING),
        ({"code": 123456789012}, "/code", FieldErrorCode.WRONG_TYPE),
        ({"code": [CODE]}, "/code", FieldErrorCode.WRONG_TYPE),
        ({"code": CODE[:-1]}, "/code", FieldErrorCode.INVALID_FORMAT),
        ({"code": CODE[:-1] + "S"}, "/code", FieldErrorCode.INVALID_CHECK_CHARACTER),
        ({"document": ""}, "/document", FieldErrorCode.MISSING),
        ({"document": 12345678}, "/document", FieldErrorCode.WRONG_TYPE),
        ({"document": "1234567"}, "/document", FieldErrorCode.INVALID_FORMAT),
        ({"document": {}}, "/document/type", FieldErrorCode.MISSING),
        ({"document": {"type": "DNI"}}, "/document/number", FieldErrorCode.MISSING),
        ({"document": {"number": "00000001"}}, "/document/type", FieldErrorCode.MISSING),
        ({"document": DNI | {"type": "PASSPORT"}}, "/document/type", FieldErrorCode.NOT_A_CHOICE),
        ({"document": DNI | {"type": "CE"}}, "/document/number", FieldErrorCode.INVALID_FORMAT),
        ({"document": DNI | {"type": 1}}, "/document/type", FieldErrorCode.WRONG_TYPE),
        ({"document": DNI | {"number": 1}}, "/document/number", FieldErrorCode.WRONG_TYPE),
        ({"document": DNI | {"x": 1}}, "/document/x", FieldErrorCode.UNKNOWN_FIELD),
        ({"token": ""}, "/token", FieldErrorCode.MISSING),
        ({"token": 1}, "/token", FieldErrorCode.WRONG_TYPE),
        ({"token": TOKEN[:-1]}, "/token", FieldErrorCode.INVALID_FORMAT),
        ({"token": TOKEN + "A"}, "/token", FieldErrorCode.TOO_LONG),
        ({"pdf": "x"}, "/pdf", FieldErrorCode.UNKNOWN_FIELD),
        ({"a/b~c": "x"}, "/a~1b~0c", FieldErrorCode.UNKNOWN_FIELD),
        ({"document": "00000001", "token": TOKEN}, "/token", FieldErrorCode.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(change: dict[str, Any], pointer: str, code: FieldErrorCode) -> None:
    assert refused({"code": CODE, **change})[pointer] is code


def test_unknown_fields_are_told_in_part_and_after_those_that_are_asked() -> None:
    unknown = {f"{number:05}" + "x" * 60_000: 1 for number in range(70)}

    told = list(refused(unknown | {"code": 1}))

    assert len(told) == 50
    assert told[0] == "/code"
    assert {len(pointer) for pointer in told[1:]} == {1 + 40}


def test_every_wrong_field_is_named_at_once() -> None:
    assert refused({"code": 1, "document": {"type": "X", "number": ""}, "y": 1}).keys() == {
        "/code",
        "/document/type",
        "/document/number",
        "/y",
    }


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
@pytest.mark.parametrize("field", ["code", "document", "token"])
def test_hostile_text_in_any_field_is_refused_by_its_name(field: str, text: str) -> None:
    assert f"/{field}" in refused({"code": CODE, field: text})


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_hostile_text_in_an_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_address(text, None)
    with pytest.raises(InvalidInputError):
        read_address(CODE, text)


def test_errors_never_carry_what_was_typed() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_body({"code": "secret-code", "document": "secret-number", "token": "secret-token"})

    assert "secret" not in repr(refusal.value.fields) + str(refusal.value)


def test_a_limit_is_told() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_body({"code": "A" * 101})

    assert refusal.value.fields == (FieldError("/code", FieldErrorCode.TOO_LONG, 100),)


def test_a_question_says_what_was_shown_and_hides_it() -> None:
    questions = [
        Question(CODE, None),
        Question(CODE, QrToken(TOKEN)),
        Question(CODE, IdentityDocument(DocumentType.DNI, "00000001")),
    ]

    assert [question.shown for question in questions] == ["code", "token", "document"]
    assert TOKEN not in repr(questions)
    assert "00000001" not in repr(questions)


def test_a_files_address_holds_a_grant_or_a_token() -> None:
    assert read_right(CODE, "1.a", None) == (CODE, Grant("1.a"))
    assert read_right(CODE, None, TOKEN) == (CODE, QrToken(TOKEN))


@pytest.mark.parametrize(
    ("code", "grant", "token", "refusal"),
    [
        (CODE, None, None, ErrorCode.NOT_ENTITLED),
        (CODE, "", "", ErrorCode.NOT_ENTITLED),
        ("nothing", None, None, ErrorCode.NOT_ENTITLED),
        ("nothing", "1.a", None, ErrorCode.CERTIFICATE_NOT_FOUND),
        (CODE[:-1] + "S", "1.a", None, ErrorCode.CERTIFICATE_NOT_FOUND),
        ("..%2f..%2fsecret", None, TOKEN, ErrorCode.CERTIFICATE_NOT_FOUND),
        (CODE, None, "cut", ErrorCode.CERTIFICATE_NOT_FOUND),
    ],
)
def test_a_wrong_address_of_a_file_is_refused(
    code: str, grant: str | None, token: str | None, refusal: ErrorCode
) -> None:
    with pytest.raises(DomainError) as refused:
        read_right(code, grant, token)

    assert refused.value.code is refusal

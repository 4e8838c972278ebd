"""The rules of the input, one line each: where, what, and what is said of it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constancia.domain.application import CitizenDeclaration, ForeignerDeclaration, Reason
from constancia.domain.errors import FieldError, InvalidInputError
from constancia.domain.identity import DocumentType, IdentityDocument
from constancia.domain.places import PlaceNames
from constancia.domain.school import Kinship, Level
from request.schemas import parse_application
from tests.builders import ADULT_CE, ADULT_DNI, STUDENT_CE, STUDENT_DNI
from tests.unit.request.world import a_body, a_body_by_the_mother, a_foreigner_body, a_person_body

ABSENT = object()


def changed(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The body with one value changed, by its place."""
    place = body
    *path, last = pointer.strip("/").split("/")
    for step in path:
        place = place[step]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return body


def faults(body: object) -> list[tuple[str, str, int | None]]:
    with pytest.raises(InvalidInputError) as refused:
        parse_application(body)
    return [(field.pointer, field.code.value, field.limit) for field in refused.value.fields]


def test_an_adult_asks_in_person() -> None:
    application = parse_application(a_body())

    assert isinstance(application.student, CitizenDeclaration)
    assert application.student.document == STUDENT_DNI
    assert application.student.father.given_names == "Julio César"
    assert application.applicant is None
    assert application.kinship is None
    assert (application.level, application.reason) == (Level.SECUNDARIA, Reason.SCHOLARSHIP)


def test_a_mother_asks_for_a_minor() -> None:
    application = parse_application(a_body_by_the_mother())

    assert application.applicant is not None
    assert application.applicant.document == ADULT_DNI
    assert application.kinship is Kinship.MOTHER


def test_foreigners_give_their_names_and_students_their_birth_date() -> None:
    student = a_foreigner_body(STUDENT_CE.number, birth_date="2012-03-01", maternal_surname=None)
    applicant = a_foreigner_body(ADULT_CE.number, kinship="GUARDIAN")

    application = parse_application(a_body(student=student, applicant=applicant))

    assert isinstance(application.student, ForeignerDeclaration)
    assert isinstance(application.applicant, ForeignerDeclaration)
    assert application.student.birth_date == date(2012, 3, 1)
    assert application.student.name.maternal is None
    assert application.applicant.birth_date is None


def test_a_parent_whom_reniec_does_not_have_is_declared_as_such() -> None:
    application = parse_application(a_body(student=a_person_body(father={"not_registered": True})))

    assert isinstance(application.student, CitizenDeclaration)
    assert application.student.father.given_names is None


def test_a_domicile_may_be_given_by_names() -> None:
    names = {"department": "Cusco", "province": "Cusco", "district": "wanchaq"}

    application = parse_application(a_body(student=a_person_body(domicile=names)))

    assert isinstance(application.student, CitizenDeclaration)
    assert application.student.domicile == PlaceNames("Cusco", "Cusco", "wanchaq")


def test_what_typing_and_pasting_bring_along_is_forgiven() -> None:
    body = a_body(
        student=a_person_body(" 0000 0001 ", father={"given_names": "  Jose\u0301   Mari\u0301a "}),
        contact={"email": " persona@correo.example ", "phone": "+51 (984) 123-456"},
    )

    application = parse_application(body)

    assert isinstance(application.student, CitizenDeclaration)
    assert application.student.document == STUDENT_DNI
    assert application.student.father.given_names == "José María"
    assert application.contact.email == "persona@correo.example"
    assert application.contact.phone == "+51984123456"


def test_a_dni_may_carry_the_check_character_of_the_card() -> None:
    application = parse_application(a_body(student=a_person_body("10117410-2")))

    assert application.student.document == IdentityDocument(DocumentType.DNI, "10117410")


@pytest.mark.parametrize("name", ["D'Angelo", "Ana-María", "Mª del Carmen", "Ñ", "Q’orianka", "J. Luis"])
def test_names_keep_what_joins_their_words(name: str) -> None:
    application = parse_application(a_body(student=a_person_body(mother={"given_names": name})))

    assert isinstance(application.student, CitizenDeclaration)
    assert application.student.mother.given_names == name


NAME = "/student/father/given_names"


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        # persons
        ("/student", ABSENT, "missing"),
        ("/student", None, "missing"),
        ("/student", [], "wrong_type"),
        ("/student", "x", "wrong_type"),
        ("/student/document", ABSENT, "missing"),
        ("/student/document", 3, "wrong_type"),
        ("/student/document/type", "PASSPORT", "not_a_choice"),
        ("/student/document/type", ["CE"], "wrong_type"),
        ("/student/document/number", 12345678, "wrong_type"),
        ("/student/document/number", "1234567", "invalid_format"),
        ("/student/document/number", "١٢٣٤٥٦٧٨", "invalid_format"),
        ("/student/document/number", "10117410-3", "invalid_check_character"),
        ("/student/document/number", "1" * 41, "too_long"),
        ("/student/document/extra", "x", "unknown_field"),
        ("/student/birth_date", "2010-01-01", "unknown_field"),
        ("/student/kinship", "MOTHER", "unknown_field"),
        # parents
        ("/student/father", ABSENT, "missing"),
        ("/student/father", None, "missing"),
        (NAME, ABSENT, "missing"),
        (NAME, None, "missing"),
        (NAME, "   ", "missing"),
        (NAME, 5, "wrong_type"),
        (NAME, "a" * 101, "too_long"),
        (NAME, "a" * 60_000, "too_long"),
        (NAME, "Ana\u0000", "invalid_format"),
        (NAME, "Ana\nMaría", "invalid_format"),
        (NAME, "Ana\u202eMaría", "hidden_character"),
        (NAME, "Ana\u2066María", "hidden_character"),
        (NAME, "Ana\u200bMaría", "hidden_character"),
        (NAME, "Ana\ufeff", "hidden_character"),
        (NAME, "😀", "invalid_format"),
        (NAME, "<script>", "invalid_format"),
        (NAME, "{{ 7*7 }}", "invalid_format"),
        (NAME, "Ana 2", "invalid_format"),
        (NAME, "' -", "invalid_format"),
        ("/student/father/not_registered", True, None),
        # domicile
        ("/student/domicile", ABSENT, "missing"),
        ("/student/domicile/ubigeo", ABSENT, "missing"),
        ("/student/domicile/ubigeo", "999999", "unknown_place"),
        ("/student/domicile/ubigeo", "15010", "invalid_format"),
        ("/student/domicile/ubigeo", 150101, "wrong_type"),
        ("/student/domicile/district", "Wanchaq", "not_applicable"),
        ("/student/domicile/street", "Av. Sol", "unknown_field"),
        # studies
        ("/modality", ABSENT, "missing"),
        ("/modality", "EBX", "not_a_choice"),
        ("/level", ABSENT, "missing"),
        ("/level", "secundaria", "not_a_choice"),
        ("/level", 3, "wrong_type"),
        # contact
        ("/contact", ABSENT, "missing"),
        ("/contact/email", ABSENT, "missing"),
        ("/contact/email", None, "missing"),
        ("/contact/email", "persona", "invalid_format"),
        ("/contact/email", "persona@correo", "invalid_format"),
        ("/contact/email", "a@b@correo.example", "invalid_format"),
        ("/contact/email", "per sona@correo.example", "invalid_format"),
        ("/contact/email", ".persona@correo.example", "invalid_format"),
        ("/contact/email", "per..sona@correo.example", "invalid_format"),
        ("/contact/email", "ñandú@correo.example", "invalid_format"),
        ("/contact/email", "persona@-correo.example", "invalid_format"),
        ("/contact/email", "persona@correo.example\r\nBcc: otra@correo.example", "invalid_format"),
        ("/contact/email", "Ana <persona@correo.example>", "invalid_format"),
        ("/contact/email", "a" * 65 + "@correo.example", "invalid_format"),
        ("/contact/email", "a@" + "b" * 250 + ".example", "too_long"),
        ("/contact/phone", "nueve", "invalid_format"),
        ("/contact/phone", "12345", "invalid_format"),
        ("/contact/phone", 984123456, "wrong_type"),
        # reason
        ("/reason", ABSENT, "missing"),
        ("/reason/code", "BECAUSE", "not_a_choice"),
        ("/reason/detail", "Para mi beca", "not_applicable"),
        # terms
        ("/terms", ABSENT, "missing"),
        ("/terms/accepted", ABSENT, "missing"),
        ("/terms/accepted", "true", "wrong_type"),
        ("/terms/accepted", 1, "wrong_type"),
        ("/terms/version", ABSENT, "missing"),
        # the whole
        ("/captcha", "x", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_wrong(pointer: str, value: Any, code: str | None) -> None:
    body = changed(a_body(), pointer, value)

    if code is None:  # given names and 'not registered' exclude each other
        assert faults(body) == [(NAME, "not_applicable", None)]
        return
    (place, told, _), *others = faults(body)
    assert (place, told, others) == (pointer, code, [])


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("/applicant/kinship", ABSENT, "missing"),
        ("/applicant/kinship", "UNCLE", "not_a_choice"),
        ("/applicant/mother", ABSENT, "missing"),
        ("/applicant/birth_date", "1980-01-01", "unknown_field"),
        ("/applicant/domicile/ubigeo", "000000", "unknown_place"),
    ],
)
def test_the_same_holds_for_the_applicant(pointer: str, value: Any, code: str) -> None:
    assert faults(changed(a_body_by_the_mother(), pointer, value)) == [(pointer, code, None)]


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("/student/birth_date", ABSENT, "missing"),
        ("/student/birth_date", "2012-13-01", "invalid_format"),
        ("/student/birth_date", "01/02/2012", "invalid_format"),
        ("/student/birth_date", 1330560000, "wrong_type"),
        ("/student/given_names", ABSENT, "missing"),
        ("/student/paternal_surname", "", "missing"),
        ("/student/document/number", "123", "invalid_format"),
        ("/student/father", {"given_names": "Luis"}, "unknown_field"),
    ],
)
def test_the_same_holds_for_foreigners(pointer: str, value: Any, code: str) -> None:
    student = a_foreigner_body(STUDENT_CE.number, birth_date="2012-03-01")

    assert faults(changed(a_body(student=student), pointer, value)) == [(pointer, code, None)]


def test_too_long_says_how_long_it_may_be() -> None:
    assert faults(changed(a_body(), NAME, "a" * 101)) == [(NAME, "too_long", 100)]


@pytest.mark.parametrize(("detail", "code"), [(None, "missing"), ("x" * 151, "too_long"), (" ", "missing")])
def test_another_reason_is_told_in_150_characters(detail: str | None, code: str) -> None:
    told = faults(a_body(reason={"code": "OTHER", "detail": detail}))

    assert [(pointer, fault) for pointer, fault, _ in told] == [("/reason/detail", code)]


def test_150_characters_are_enough_for_another_reason() -> None:
    application = parse_application(a_body(reason={"code": "OTHER", "detail": "x" * 150}))

    assert application.reason_detail == "x" * 150


def test_a_parent_is_neither_skipped_nor_half_declared() -> None:
    unregistered = a_body(student=a_person_body(father={"not_registered": False}))

    assert faults(unregistered) == [("/student/father/not_registered", "not_a_choice", None)]


@pytest.mark.parametrize(
    ("names", "pointer", "code"),
    [
        ({"department": "Cusco", "province": "Cusco"}, "/student/domicile/district", "missing"),
        ({"district": "Wanchaq"}, "/student/domicile/department", "missing"),
        (
            {"department": "Cusco", "province": "Cusco", "district": "Nada"},
            "/student/domicile/district",
            "unknown_place",
        ),
    ],
)
def test_a_domicile_by_names_has_all_three_and_exists(names: dict[str, str], pointer: str, code: str) -> None:
    assert faults(a_body(student=a_person_body(domicile=names))) == [(pointer, code, None)]


def test_terms_that_are_not_accepted_are_told_with_the_other_faults() -> None:
    told = faults(a_body(level="x", terms={"accepted": False, "version": "2026-11"}))

    assert told == [("/level", "not_a_choice", None), ("/terms/accepted", "not_accepted", None)]


def test_all_faults_are_told_at_once_but_not_without_end() -> None:
    told = faults({"student": 1, "level": "x"} | {f"extra{number}": 1 for number in range(500)})

    assert {"/student", "/level", "/terms", "/contact"} <= {pointer for pointer, _, _ in told}
    assert len(told) == 50


@pytest.mark.parametrize("body", [None, [], "x", 3, True, 1e300, 2**70])
def test_a_body_that_is_no_object_is_refused_as_a_whole(body: object) -> None:
    assert [pointer for pointer, _, _ in faults(body)] == [""]


@pytest.mark.parametrize("depth", [100, 200, 300, 500, 900])
def test_deep_nesting_is_just_a_wrong_field(depth: int) -> None:
    nested: Any = "x"
    for _ in range(depth):
        nested = {"a": nested}

    assert faults(a_body(student=nested))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
POINTERS = ["/student", "/student/document", NAME, "/student/domicile", "/level", "/contact/email", "/terms"]


@given(st.sampled_from(POINTERS), JSON)
def test_whatever_stands_in_a_field_is_either_taken_or_refused(pointer: str, value: Any) -> None:
    told: tuple[FieldError, ...] = ()
    try:
        parse_application(changed(a_body(), pointer, value))
    except InvalidInputError as refused:
        told = refused.fields

    assert all(field.pointer.startswith(pointer) for field in told)

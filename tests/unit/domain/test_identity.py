import pytest
from hypothesis import given
from hypothesis import strategies as st

from constancia.domain.identity import DocumentType, IdentityDocument, PersonName, same_name


@pytest.mark.parametrize(
    ("declared", "registered"),
    [
        ("maría josé", "MARIA  JOSE"),
        ("Nuñez", "NUÑEZ"),
        ("nunez", "NUÑEZ"),
        ("Ana-María", "ANA MARIA"),
        ("D'Angelo", "DANGELO"),
        ("D Angelo", "D'ANGELO"),
        ("d’angelo", "D'ANGELO"),
        ("De la Cruz", "DE LA CRUZ"),
        ("JOSE\u0301", "JOSÉ"),
        ("Weiß", "WEISS"),
    ],
)
def test_names_that_a_person_reads_as_the_same_are_the_same(declared: str, registered: str) -> None:
    assert same_name(declared, registered)
    assert same_name(registered, declared)


@pytest.mark.parametrize(
    ("declared", "registered"),
    [
        ("María", "MARIA JOSE"),
        ("José María", "MARIA JOSE"),
        ("Marijose", "MARIA JOSE"),
        ("Ana", "ANNA"),
        ("", ""),
        ("-", "-"),
        (" ", "MARIA"),
    ],
)
def test_other_names_are_not(declared: str, registered: str) -> None:
    assert not same_name(declared, registered)


@pytest.mark.parametrize("apostrophe", "'`´‘’ʼ′")
@pytest.mark.parametrize("registered", ["D'ANGELO", "DANGELO", "D ANGELO"])
def test_any_apostrophe_joins_or_parts_its_word(apostrophe: str, registered: str) -> None:
    assert same_name(f"d{apostrophe}Angelo", registered)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_comparison_is_symmetric_and_never_fails(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)


@pytest.mark.parametrize(
    ("document_type", "text", "number"),
    [
        (DocumentType.DNI, " 0000 0001 ", "00000001"),
        (DocumentType.CE, "x00000001", "X00000001"),
        (DocumentType.CE, "000000001234", "000000001234"),
    ],
)
def test_document_numbers_are_read_as_people_type_them(
    document_type: DocumentType, text: str, number: str
) -> None:
    assert IdentityDocument.parse(document_type, text) == IdentityDocument(document_type, number)


@pytest.mark.parametrize(
    ("document_type", "text"),
    [
        (DocumentType.DNI, ""),
        (DocumentType.DNI, "1234567"),
        (DocumentType.DNI, "123456789"),
        (DocumentType.DNI, "1234567A"),
        (DocumentType.DNI, "１２３４５６７８"),
        (DocumentType.CE, "12345678"),
        (DocumentType.CE, "1234567890123"),
        (DocumentType.CE, "X0000-0001"),
    ],
)
def test_other_texts_are_no_document_numbers(document_type: DocumentType, text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        IdentityDocument.parse(document_type, text)


def test_a_persons_data_never_shows_in_a_repr() -> None:
    shown = repr((IdentityDocument(DocumentType.DNI, "00000001"), PersonName("ANA", "ÑAHUI", None)))

    assert "00000001" not in shown
    assert "ANA" not in shown
    assert "ÑAHUI" not in shown


def test_a_name_prints_with_single_spaces_and_masks_to_initials() -> None:
    name = PersonName("ANA  LUCÍA", "DE LA  CRUZ", None)

    assert name.full == "ANA LUCÍA DE LA CRUZ"
    assert name.surnames == "DE LA CRUZ"
    assert name.masked == "A*** L*** D*** L*** C***"

import hashlib
import hmac

import pytest

from constancia.adapters.hashing import HmacPersonHasher
from constancia.domain.identity import DocumentType, IdentityDocument
from tests.builders import ADULT_DNI, STUDENT_DNI

HASHER = HmacPersonHasher(lambda: "secret")


def test_a_key_is_an_hmac_over_purpose_and_parts() -> None:
    wanted = hmac.new(b"secret", b"7:purpose1:a2:\xc3\xb1b", hashlib.sha256).hexdigest()

    assert HASHER.key("purpose", "a", "ñb") == wanted


@pytest.mark.parametrize(
    "other",
    [("p", "ab", "c"), ("p", "abc"), ("q", "a", "bc"), ("p", "a", "bc", ""), ("pa", "bc"), ("p", "bc", "a")],
)
def test_no_other_purpose_or_list_of_parts_gives_the_same_key(other: tuple[str, ...]) -> None:
    assert HASHER.key(*other) != HASHER.key("p", "a", "bc")


def test_persons_differ_by_document_and_secret() -> None:
    same_number = IdentityDocument(DocumentType.CE, STUDENT_DNI.number)
    elsewhere = HmacPersonHasher(lambda: "another secret")

    assert HASHER.person(STUDENT_DNI) == HASHER.person(STUDENT_DNI)
    assert len({HASHER.person(document) for document in (STUDENT_DNI, ADULT_DNI, same_number)}) == 3
    assert elsewhere.person(STUDENT_DNI) != HASHER.person(STUDENT_DNI)


def test_the_secret_is_not_read_before_it_is_needed() -> None:
    def unavailable() -> str:
        raise AssertionError

    HmacPersonHasher(unavailable)

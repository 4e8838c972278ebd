"""The file is what its metadata say: PDF/A-3a (to be kept) and PDF/UA-1 (to be read aloud). An outside judge.

The judge must also see what is wrong: a file that was made worse on purpose has to fail.
"""

import re
from collections.abc import Callable
from zlib import adler32

import page
import pytest
from page import ValidationProfile

from constancia.domain.content import Holder
from constancia.domain.identity import PersonName
from tests.builders import STUDENT_DNI, a_certificate, a_content
from tests.school_records import CERTIFICATES
from tests.sealing import sealed

ARCHIVE, ACCESSIBLE = ValidationProfile.PDF_A_3A, ValidationProfile.PDF_UA_1


def faults(data: bytes, profile: ValidationProfile) -> list[str]:
    return [failure.rule_id for failure in page.validate_pdf_bytes(data, profile=profile).failures]


@pytest.mark.parametrize("profile", [ARCHIVE, ACCESSIBLE], ids=lambda profile: profile.value)
@pytest.mark.parametrize("name", CERTIFICATES)
def test_every_certificate_conforms(name: str, profile: ValidationProfile) -> None:
    assert faults(sealed(CERTIFICATES[name]), profile) == []


def without(key: bytes) -> Callable[[bytes], bytes]:
    """Give the key another name of the same length, so that nothing else moves."""
    return lambda data: data.replace(key, key[:1] + b"X" + key[2:])


def with_narrower_letters(data: bytes) -> bytes:
    return re.sub(rb"/W \[0 \[[^]]*", lambda widths: widths[0].replace(b" 5", b" 4"), data)


@pytest.mark.parametrize(
    ("worse", "profile"),
    [
        pytest.param(without(b"/Alt "), ACCESSIBLE, id="no alternative text"),
        pytest.param(without(b"/Lang "), ACCESSIBLE, id="no language"),
        pytest.param(without(b"/Scope "), ACCESSIBLE, id="no scope of headers"),
        pytest.param(without(b"/RowSpan "), ACCESSIBLE, id="no spans"),
        pytest.param(without(b"/S /H1"), ACCESSIBLE, id="no title heading"),
        pytest.param(without(b"/DisplayDocTitle "), ACCESSIBLE, id="no title shown"),
        pytest.param(without(b"/StructTreeRoot "), ACCESSIBLE, id="no structure tree"),
        pytest.param(without(b"/StructTreeRoot "), ARCHIVE, id="no structure tree in the archive"),
        pytest.param(without(b"/OutputIntents "), ARCHIVE, id="no colour profile"),
        pytest.param(without(b"/ToUnicode "), ARCHIVE, id="no way back to characters"),
        pytest.param(without(b"/FontFile2 "), ARCHIVE, id="no embedded faces"),
        pytest.param(without(b"/AFRelationship "), ARCHIVE, id="attachment of no known relation"),
        pytest.param(with_narrower_letters, ARCHIVE, id="wrong widths"),
    ],
)
def test_the_judge_sees_what_is_wrong(worse: Callable[[bytes], bytes], profile: ValidationProfile) -> None:
    sound = sealed(CERTIFICATES["eleven_years"])
    spoiled = worse(sound)
    assert spoiled != sound
    assert faults(spoiled, profile)


def test_data_that_end_in_a_carriage_return_keep_their_length() -> None:
    """Compressed data end in the checksum of what was compressed, so any byte may be the last."""
    names = (PersonName("A" * length, "QUISPE", None) for length in range(1, 300))
    contents = (a_content(holder=Holder(name, STUDENT_DNI)) for name in names)
    content = next(item for item in contents if adler32(item.to_json()) & 0xFF == ord("\r"))
    data = sealed(a_certificate(content=content))
    assert b"\r\r\nendstream" in data
    assert faults(data, ARCHIVE) == []

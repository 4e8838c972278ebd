"""The file is what its metadata say: PDF/A-3a (to be kept) and PDF/UA-1 (to be read aloud). Outside judges.

A judge must also see what is wrong: a file that was made worse on purpose has to fail.
"""

from zlib import adler32

import page
import pytest
from page import ValidationProfile

from constancia.domain.content import Holder
from constancia.domain.identity import PersonName
from tests.builders import STUDENT_DNI, a_certificate, a_content
from tests.judges import verapdf
from tests.judges.mutants import AGAINST_ACCESSIBILITY, AGAINST_THE_ARCHIVE, Spoil
from tests.people import everybody, file_of
from tests.school_records import CERTIFICATES
from tests.sealing import sealed

ARCHIVE, ACCESSIBLE = ValidationProfile.PDF_A_3A, ValidationProfile.PDF_UA_1
MUTANTS = [
    *(pytest.param(spoil, ACCESSIBLE, id=name) for name, spoil in AGAINST_ACCESSIBILITY.items()),
    *(pytest.param(spoil, ARCHIVE, id=name) for name, spoil in AGAINST_THE_ARCHIVE.items()),
]


# ---------------------------------------------------------------- page-validation


def faults(data: bytes, profile: ValidationProfile) -> list[str]:
    return [failure.rule_id for failure in page.validate_pdf_bytes(data, profile=profile).failures]


@pytest.mark.parametrize("profile", [ARCHIVE, ACCESSIBLE], ids=lambda profile: profile.value)
@pytest.mark.parametrize("name", CERTIFICATES)
def test_every_certificate_conforms(name: str, profile: ValidationProfile) -> None:
    assert faults(sealed(CERTIFICATES[name]), profile) == []


@pytest.mark.slow
@pytest.mark.parametrize("profile", [ARCHIVE, ACCESSIBLE], ids=lambda profile: profile.value)
def test_the_files_of_everybody_conform(profile: ValidationProfile) -> None:
    told = {person.name: faults(file_of(person), profile) for person in everybody()}
    assert {name: broken for name, broken in told.items() if broken} == {}


@pytest.mark.parametrize(("spoil", "profile"), MUTANTS)
def test_page_validation_sees_what_is_wrong(spoil: Spoil, profile: ValidationProfile) -> None:
    sound = sealed(CERTIFICATES["eleven_years"])
    spoiled = spoil(sound)
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


# ---------------------------------------------------------------- veraPDF


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_verapdf_finds_no_fault_in_the_files_of_everybody() -> None:
    files = {person.name: file_of(person) for person in everybody()}
    files |= {name: sealed(certificate) for name, certificate in CERTIFICATES.items()}
    told = verapdf.faults(files)
    assert told.keys() == files.keys()
    assert {name: broken for name, broken in told.items() if any(broken.values())} == {}


@pytest.mark.slow
def test_verapdf_sees_what_is_wrong() -> None:
    sound = sealed(CERTIFICATES["eleven_years"])
    spoiled = {name: spoil(sound) for name, spoil in {**AGAINST_ACCESSIBILITY, **AGAINST_THE_ARCHIVE}.items()}
    assert sound not in spoiled.values()
    told = verapdf.faults(spoiled)
    assert [name for name in AGAINST_ACCESSIBILITY if not told[name][verapdf.ACCESSIBLE]] == []
    assert [name for name in AGAINST_THE_ARCHIVE if not told[name][verapdf.ARCHIVE]] == []

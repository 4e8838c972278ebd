import json
from enum import StrEnum
from pathlib import Path

import pytest
import rfc8785

from constancia.domain.content import CertificateContent, Holder, LevelRecord, SchoolYear
from constancia.domain.identity import DocumentType, PersonName
from constancia.domain.school import Level, Modality, ObservationKind, ResultKind, Scale
from tests.builders import STUDENT_DNI, a_result, a_school, an_observation

GOLDEN = (Path(__file__).parents[2] / "data/cla-1.json").read_bytes()


def content() -> CertificateContent:
    year = SchoolYear(2016, "1", a_school(name='IE "EL ÑANDÚ"\\\t\u2028🌄'), None, (a_result(),))
    record = LevelRecord(Level.SECUNDARIA, (year,), (an_observation(),))
    holder = Holder(PersonName("JOSÉ", "D'ÑAHUI", None), STUDENT_DNI)
    return CertificateContent(holder, Modality.EBR, (record,))


def test_what_was_stored_under_the_first_schema_is_read_and_written_the_same_for_good() -> None:
    """The file never changes. If this fails the content needs a schema of its own: see `SCHEMA`."""
    assert CertificateContent.from_json(GOLDEN).to_json() == GOLDEN


@pytest.mark.parametrize("values", [DocumentType, Level, ObservationKind, ResultKind, Scale])
def test_the_stored_content_has_every_kind_of_value(values: type[StrEnum]) -> None:
    assert all(f'"{value}"'.encode() in GOLDEN for value in values if value is not DocumentType.DNI)


def test_its_json_is_canonical() -> None:
    written = content().to_json()

    assert written == rfc8785.dumps(json.loads(written))


def test_it_reads_back_as_it_was() -> None:
    assert CertificateContent.from_json(content().to_json()) == content()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema":"cla/2"}'])
def test_what_is_no_content_of_a_known_schema_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own errors are ValueErrors
        CertificateContent.from_json(text)

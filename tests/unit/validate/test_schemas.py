"""What the API says it takes is what it takes."""

from typing import Any

import jsonschema
import msgspec
import pytest

from constancia.domain.certificate import CertificateState
from constancia.domain.errors import InvalidInputError
from constancia.domain.verification import Proof, QrToken, verify, verify_file
from tests.builders import CODE, FILE_SHA256, STUDENT_DNI, TOKEN, a_certificate
from tests.unit.validate.site import Site
from validate.api import answer_to, answer_to_file
from validate.reading import read_body, read_file_body
from validate.schemas import FileAnswer, FileRequest, ValidationAnswer, ValidationRequest

GOOD_BODIES: list[dict[str, Any]] = [
    {"code": CODE},
    {"code": CODE, "document": "00000001"},
    {"code": CODE, "document": {"type": "DNI", "number": "00000001"}},
    {"code": CODE, "token": TOKEN},
    {"code": CODE, "token": None, "document": None},
]
BAD_BODIES: list[Any] = [
    [],
    {},
    {"code": 1},
    {"code": ""},
    {"code": "A" * 101},
    {"code": CODE, "document": 1},
    {"code": CODE, "document": {"type": "DNI"}},
    {"code": CODE, "document": {"type": "X", "number": "00000001"}},
    {"code": CODE, "token": "short"},
]


def schema_of(model: type[Any]) -> dict[str, Any]:
    return msgspec.json.schema(model)


@pytest.mark.parametrize("body", GOOD_BODIES)
def test_what_the_schema_allows_is_read(body: dict[str, Any]) -> None:
    jsonschema.validate(body, schema_of(ValidationRequest))
    read_body(body)


@pytest.mark.parametrize("body", BAD_BODIES)
def test_what_the_schema_refuses_is_refused(body: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, schema_of(ValidationRequest))
    with pytest.raises(InvalidInputError):
        read_body(body)


@pytest.mark.parametrize("state", CertificateState)
@pytest.mark.parametrize("proof", [None, STUDENT_DNI, QrToken(TOKEN)])
def test_every_answer_is_as_described(state: CertificateState, proof: Proof | None) -> None:
    site = Site((a_certificate(state),))
    answer = msgspec.json.encode(answer_to(verify(site, CODE, proof, site.now), demo=False))

    jsonschema.validate(msgspec.json.decode(answer), schema_of(ValidationAnswer))


@pytest.mark.parametrize("sha256", [FILE_SHA256, FILE_SHA256.upper()])
def test_a_digest_that_the_schema_allows_is_read(sha256: str) -> None:
    jsonschema.validate({"sha256": sha256}, schema_of(FileRequest))
    assert read_file_body({"sha256": sha256}) == FILE_SHA256


@pytest.mark.parametrize(
    "body",
    [[], {}, {"sha256": None}, {"sha256": "0" * 63}, {"sha256": FILE_SHA256 + "\n"}, {"sha256": "x" * 64}],
)
def test_a_digest_that_the_schema_refuses_is_refused(body: Any) -> None:
    with pytest.raises(InvalidInputError):
        read_file_body(body)
    if body != {"sha256": FILE_SHA256 + "\n"}:  # `$` of Python's patterns lets a last line end pass
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(body, schema_of(FileRequest))


@pytest.mark.parametrize("state", CertificateState)
@pytest.mark.parametrize("sha256", [FILE_SHA256, "ab" * 32])
def test_every_answer_about_a_file_is_as_described(state: CertificateState, sha256: str) -> None:
    site = Site((a_certificate(state),))
    answer = msgspec.json.encode(answer_to_file(verify_file(site, sha256, site.now), demo=False))

    jsonschema.validate(msgspec.json.decode(answer), schema_of(FileAnswer))

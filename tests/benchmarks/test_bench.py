"""The benchmark's reference is what it says, and its harness measures. The bars are `make bench`'s."""

import base64
from pathlib import Path

import pytest

from tests.benchmarks import bench, reference
from tests.benchmarks.content import content_of, missing_of
from tests.sealing import APPEARANCE, sealed


@pytest.mark.parametrize("number", [0, 1, 7, 63])
def test_the_reference_has_its_pages_years_and_marks(number: int) -> None:
    certificate = reference.certificate(number)
    years = [year for record in certificate.content.levels for year in record.years]
    assert len({year.year for year in years}) == reference.YEARS
    assert sum(len(year.results) for year in years) == reference.MARKS
    content = content_of(certificate, reference.address(certificate, number), APPEARANCE)
    assert missing_of(content, sealed(certificate, reference.BASE_URL)) == (reference.PAGES, [])


def test_everybody_has_another_certificate() -> None:
    contents = {reference.certificate(number).content for number in range(bench.PEOPLE)}
    assert len(contents) == bench.PEOPLE


def test_a_drawing_that_lacks_something_is_told() -> None:
    certificate = reference.certificate()
    content = content_of(certificate, reference.address(certificate), APPEARANCE)
    content["sections"][0]["tables"][0]["groups"][0]["areas"][0]["rows"][0][1] = "AD*"
    _, missing = missing_of(content, sealed(certificate, reference.BASE_URL))
    assert "*" in missing


@pytest.mark.slow
def test_the_harness_measures_our_own_drawing() -> None:
    (ours,) = bench.measure([bench.OURS], starts=1, rounds=1)
    assert base64.b64decode(ours.starts[0]["data"]).startswith(b"%PDF")
    assert ours.unwanted == ()
    found = bench.report([ours])
    (figure,) = found["subjects"]
    assert figure["ratio"] == 1
    assert 0 < figure["fpdf2_import_ms"] < figure["import_ms"]
    assert "this project" in bench.table(found)


def test_a_peer_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "PEERS_PYTHON", tmp_path / "python")
    peer = "tests.benchmarks.peers.typst"
    (typst,) = bench.measure([peer], starts=1, rounds=1)
    assert "run `make bench`" in (typst.missing or "")
    ours = bench.Subject(bench.OURS, [{"missing": "no record"}])
    found = bench.report([ours, typst])
    assert "missing: no environment" in bench.table(found)
    assert not found["bars"][0]["met"]

"""The file is sound, and sealed as a whole, by judges of syntax and of seals."""

import pytest

from infra.seal.demo_ca import DemoRoot
from tests.builders import NOW
from tests.judges import qpdf
from tests.judges.seals import pdfsig_complaints, pyhanko_complaints
from tests.people import everybody, file_of, scenario_people
from tests.sealing import demo_root


def a_file() -> bytes:
    return file_of(scenario_people()[0])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_qpdf_finds_no_fault_in_the_files_of_everybody() -> None:
    told = {person.name: qpdf.complaints(file_of(person)) for person in everybody()}
    assert {name: faults for name, faults in told.items() if faults} == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_pdfsig_finds_the_whole_of_everybody_s_file_sealed() -> None:
    told = {person.name: pdfsig_complaints(file_of(person)) for person in everybody()}
    assert {name: faults for name, faults in told.items() if faults} == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_pyhanko_trusts_the_seal_of_everybody_and_finds_nothing_changed() -> None:
    told = {person.name: pyhanko_complaints(file_of(person), demo_root().pem) for person in everybody()}
    assert {name: faults for name, faults in told.items() if faults} == {}


# ---------------------------------------------------------------- the judges


def test_a_file_that_was_cut_is_noticed_by_qpdf() -> None:
    assert qpdf.complaints(a_file()) == []
    assert qpdf.complaints(a_file()[:-400])


def test_what_was_appended_is_noticed_by_both_judges_of_seals() -> None:
    longer = a_file() + b"\n% nothing to see\n"
    assert pdfsig_complaints(longer) == ["not told: Total document signed"]
    assert "more than what is sealed" in pyhanko_complaints(longer, demo_root().pem)


def test_a_changed_byte_is_noticed_by_both_judges_of_seals() -> None:
    place = a_file().index(b"/Lang") + 8
    changed = a_file()[:place] + b"\x7e" + a_file()[place + 1 :]
    assert "not told: Signature is Valid" in pdfsig_complaints(changed)
    assert "broken" in pyhanko_complaints(changed, demo_root().pem)


def test_the_seal_of_a_stranger_is_not_trusted() -> None:
    stranger = DemoRoot.create(NOW).pem
    assert "not trusted" in pyhanko_complaints(a_file(), stranger)

"""What follows from what: every verdict, and that nothing weak reads as strong."""

from dataclasses import replace
from itertools import product

import pytest

from infra.verify.findings import ExitCode, Judgement, Standing, Verdict
from infra.verify.headline import headline_of, what_was_altered
from infra.verify.verdicts import Evidence, Reading, decide

NOTHING = Evidence(reading=Reading.WHOLE, sealers_known=True, site_named=True)
SEALED = replace(NOTHING, seals=1, seal_of_ours=True, untouched_by_seal=True, bytes_of_ours=True)
NAMED = replace(NOTHING, names_certificate=True, standing=Standing.AUTHENTIC)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (SEALED, Verdict.UNTOUCHED),
        (replace(NOTHING, digest_known=True, digest_equal=True), Verdict.UNTOUCHED),
        (replace(SEALED, digest_known=True, digest_equal=True, sealers_demanded=True), Verdict.UNTOUCHED),
        (
            replace(NOTHING, digest_known=True, digest_equal=True, sealers_demanded=True),
            Verdict.CANNOT_TELL,
        ),
        (replace(SEALED, digest_known=True), Verdict.ALTERED),
        (replace(NOTHING, seal_of_ours=True), Verdict.ALTERED),
        (replace(NOTHING, bytes_of_ours=True), Verdict.ALTERED),
        (replace(NAMED, likeness=0.9), Verdict.ALTERED),
        (replace(NAMED, likeness=0.1), Verdict.NOT_OURS),
        (NAMED, Verdict.CANNOT_TELL),
        (NOTHING, Verdict.NOT_OURS),
        (replace(NOTHING, reading=Reading.NO_PDF), Verdict.NOT_OURS),
        (replace(NOTHING, reading=Reading.DAMAGED), Verdict.CANNOT_TELL),
        (replace(NOTHING, names_certificate=True, standing=Standing.UNKNOWN), Verdict.NOT_OURS),
        (replace(NOTHING, site_failed=True), Verdict.CANNOT_TELL),
        (replace(NOTHING, seals=1, sealers_known=False), Verdict.CANNOT_TELL),
        (replace(NOTHING, names_certificate=True, site_named=False), Verdict.CANNOT_TELL),
        (replace(NOTHING, site_named=False, sealers_known=False), Verdict.CANNOT_TELL),
    ],
)
def test_every_kind_of_evidence_has_its_verdict(evidence: Evidence, verdict: Verdict) -> None:
    assert decide(evidence).verdict is verdict


def test_nothing_is_untouched_without_digest_or_seal() -> None:
    for ours, part, standing, likeness in product(
        (False, True), (False, True), Standing, (None, 0.0, 0.5, 1.0)
    ):
        evidence = replace(
            NOTHING, seal_of_ours=ours, bytes_of_ours=part, standing=standing, likeness=likeness
        )
        assert decide(evidence).verdict is not Verdict.UNTOUCHED


def test_only_an_untouched_file_of_a_certificate_that_stands_ends_with_0() -> None:
    fine = [
        (verdict, standing)
        for verdict, standing in product(Verdict, Standing)
        if Judgement(verdict, standing, "", False, None, ()).exit_code == ExitCode.UNTOUCHED_AND_STANDS
    ]

    assert fine == [(Verdict.UNTOUCHED, Standing.AUTHENTIC)]


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.AUTHENTIC])
def test_the_first_line_of_an_untouched_file_says_what_is_wrong_with_it(standing: Standing) -> None:
    line = headline_of(Verdict.UNTOUCHED, standing, "99S0-QR6Y-D40R", "", demonstration=False)

    assert "BUT " in line or "NOT KNOWN" in line


def test_the_first_line_of_an_altered_file_says_how_much_differs() -> None:
    assert what_was_altered(1, (), compared=True) == "1 field differs."
    assert what_was_altered(7, ("x",), compared=False) == "7 fields differ."
    gone = ("a page is gone",)
    assert what_was_altered(0, gone, compared=True) == "a page is gone; no field was seen to differ."
    assert what_was_altered(0, gone, compared=False) == "a page is gone; what it shows could not be compared."

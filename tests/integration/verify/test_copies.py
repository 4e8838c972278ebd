"""Copies without the seal, and files that are damaged: what can be told of them, and by what."""

import pytest

from constancia.domain.certificate import CertificateState
from constancia.domain.links import verification_url
from infra.verify.findings import Check, Difference, Source, Standing, Status, Verdict
from tests.builders import OTHER_TOKEN, STUDENT_DNI
from tests.integration.verify import mutations as make
from tests.integration.verify.world import (
    FIELD,
    NTH,
    TABLES,
    Judged,
    World,
    another_certificate,
    finding,
    the_certificate,
)

pytestmark = pytest.mark.slow  # as a whole; `test_command` has what must hold before every change


@pytest.mark.parametrize("scale", [1.0, 0.94])
def test_pages_printed_to_a_file_are_a_copy_that_is_compared(judged: Judged, scale: float) -> None:
    judgement = judged(lambda data: make.printed_to_file(data, scale))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert any("a copy, printed to a file" in message for message in judgement.messages)
    assert finding(judgement, Check.SEAL).reason == "it has no seal"


@pytest.mark.parametrize("scale", [1.0, 0.94])
def test_a_changed_mark_is_named_in_a_copy(judged: Judged, scale: float) -> None:
    judgement = judged(
        lambda data: make.printed_to_file(make.word_changed(TABLES, "B", "AD", NTH)(data), scale)
    )

    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)


def test_a_scan_names_its_certificate_and_asks_to_compare(judged: Judged) -> None:
    judgement = judged(make.scanned)

    assert judgement.verdict is Verdict.CANNOT_TELL
    assert judgement.standing is Standing.AUTHENTIC
    assert "compare" in judgement.headline


def test_another_persons_code_and_qr_on_a_certificate_are_told(world: World) -> None:
    data = world.issues(the_certificate())
    world.issues(another_certificate(), OTHER_TOKEN)
    address = verification_url(world.base, another_certificate().code, OTHER_TOKEN)

    judgement = world.judge(
        make.qr_replaced(address)(make.word_changed(0, "99S0-QR6Y-D40R", "7K3Q-M9XD-2TRJ")(data))
    )

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.code == "7K3Q-M9XD-2TRJ"
    assert finding(judgement, Check.DATA).status is Status.INVALID
    assert judgement.differences


def test_a_copy_of_a_replaced_certificate_is_compared_with_its_record(world: World) -> None:
    data = world.issues(the_certificate())
    world.becomes(CertificateState.SUPERSEDED)

    judgement = world.judge(make.printed_to_file(make.word_changed(TABLES, "B", "AD", NTH)(data)))

    assert judgement.verdict is Verdict.ALTERED
    assert (FIELD, "B", "AD") in [(each.field, each.record, each.file) for each in judgement.differences]
    assert "replaced by a newer one" in judgement.headline


# ---------------------------------------------------------------- what whoever checks knows


def test_a_file_that_was_cut_off_is_mended_and_told(judged: Judged, issued: tuple[World, bytes]) -> None:
    judgement = judged(lambda data: data[:40_000])

    assert judgement.verdict is Verdict.ALTERED
    assert f"the file was cut off after 40,000 of {len(issued[1]):,} bytes" in judgement.changes


def test_a_damaged_file_is_compared_by_code_and_document(issued: tuple[World, bytes]) -> None:
    world, data = issued
    cut = data[:2_000]

    alone = world.judge(cut)
    helped = world.judge(cut, code=the_certificate().code, document=STUDENT_DNI.number)

    assert alone.verdict is Verdict.CANNOT_TELL
    assert "--code" in alone.headline
    assert helped.verdict is Verdict.ALTERED
    assert helped.changes == (f"the file was cut off after 2,000 of {len(data):,} bytes",)


def test_the_document_opens_what_a_broken_qr_does_not(judged: Judged, issued: tuple[World, bytes]) -> None:
    world, data = issued
    copy = make.qr_replaced(world.base)(make.printed_to_file(data))

    without = world.judge(copy)
    known = world.judge(copy, document=STUDENT_DNI.number)

    assert without.verdict is Verdict.CANNOT_TELL
    assert any("--document" in message for message in without.messages)
    assert known.verdict is Verdict.ALTERED
    assert finding(known, Check.RECORD).status is Status.VALID


def test_the_document_number_is_never_in_an_address(world: World) -> None:
    data = world.issues(the_certificate())

    world.judge(make.qr_replaced(world.base)(data), document=STUDENT_DNI.number)

    assert world.asked
    assert STUDENT_DNI.number not in " ".join(world.asked)

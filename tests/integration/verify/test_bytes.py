"""Altered files: every byte, revision and attachment counts, whether it is seen or not."""

from dataclasses import replace
from random import Random

import pytest
from pyhanko.sign.validation import SignatureCoverageLevel

from infra.verify.findings import Check, Difference, Source, Status, Verdict
from infra.verify.judge import judge
from infra.verify.trust import Trust
from tests.integration.verify import mutations as make
from tests.integration.verify.world import (
    TRUSTED_ROOT,
    Judged,
    World,
    finding,
    the_certificate,
)
from tests.judges import seals
from tests.sealing import demo_root

pytestmark = pytest.mark.slow  # as a whole; `test_command` has what must hold before every change


@pytest.mark.parametrize("place", [0, 3, 7, 15, 3_000, 50_000, -2_000, -30, -2])
def test_a_changed_byte_is_told(judged: Judged, place: int) -> None:
    def flip(data: bytes) -> bytes:
        at = place % len(data)
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    judgement = judged(flip)

    assert judgement.verdict is Verdict.ALTERED
    if finding(judgement, Check.RECORD).status is Status.VALID:
        assert any(change.startswith("1 byte changed, in 1 place") for change in judgement.changes)
    else:
        assert any("--code" in message for message in judgement.messages)


def test_a_seal_that_is_spelt_anew_over_other_words_does_not_hold(
    issued: tuple[World, bytes], judged: Judged
) -> None:
    forge = make.signature_respelt(1, "B", "AD")
    fooled = seals.judged(forge(issued[1]), demo_root().pem)
    assert fooled.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert fooled.bottom_line  # so no judgement may rest on pyHanko alone

    judgement = judged(forge)

    assert judgement.verdict is Verdict.ALTERED
    assert finding(judgement, Check.SEAL).status is Status.INVALID
    assert {(each.record, each.file) for each in judgement.differences} == {("B", "AD")}


def test_junk_after_the_end_is_told_and_that_nothing_visible_differs(judged: Judged) -> None:
    judgement = judged(lambda data: data + b"\0" * 27)

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert judgement.changes == ("27 bytes after its end: junk",)
    assert "no field was seen to differ" in judgement.headline
    assert finding(judgement, Check.PRINT).status is Status.VALID


def test_junk_before_the_beginning_is_told(judged: Judged) -> None:
    judgement = judged(lambda data: b"junk\n" + data)

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.changes == ("5 bytes put before the certificate",)


def test_two_certificates_in_one_file_are_told(judged: Judged) -> None:
    judgement = judged(lambda data: data + data)

    assert judgement.verdict is Verdict.ALTERED
    assert any("another PDF file" in change for change in judgement.changes)


def test_a_revision_that_changes_metadata_alone_is_told(judged: Judged) -> None:
    judgement = judged(make.retitled("Otro título"))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert any("Title in the information" in change for change in judgement.changes)


def test_attached_data_that_were_replaced_are_told_field_by_field(judged: Judged) -> None:
    content = the_certificate().content
    last = content.levels[1].years[-1]
    results = (replace(last.results[0], mark="C"), *last.results[1:])
    level = replace(content.levels[1], years=(*content.levels[1].years[:-1], replace(last, results=results)))
    forged = replace(content, levels=(content.levels[0], level))

    judgement = judged(make.attachment_replaced(forged.to_json()))

    assert judgement.verdict is Verdict.ALTERED
    mark, area, competencia = (
        last.results[0].mark,
        last.results[0].area,
        last.results[0].competencia,
    )
    field = f"Educación Secundaria, 5.º (2023), {area} - {competencia}"
    assert judgement.differences == (Difference(Source.DATA, field, mark, "C"),)


def test_an_attachment_that_is_no_content_is_told(judged: Judged) -> None:
    judgement = judged(make.attachment_replaced(b"[" * 100_000))

    assert judgement.verdict is Verdict.ALTERED
    assert "not the content of a certificate" in finding(judgement, Check.DATA).reason


def test_a_missing_page_is_told(judged: Judged) -> None:
    judgement = judged(lambda data: make.saved_again(data, lambda pdf: pdf.pages.__delitem__(1)))

    assert judgement.verdict is Verdict.ALTERED
    assert "page 2 of the certificate is missing" in judgement.changes


def test_pages_in_another_order_are_told(judged: Judged) -> None:
    judgement = judged(lambda data: make.saved_again(data, lambda pdf: pdf.pages.reverse()))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert "page 1 of the file shows page 2 of the certificate" in judgement.changes


def test_a_page_of_somebody_elses_is_told(judged: Judged) -> None:
    judgement = judged(lambda data: make.saved_again(data, make.add_page))

    assert judgement.verdict is Verdict.ALTERED
    assert "page 3 of the file is no page of the certificate" in judgement.changes


def test_a_file_saved_again_says_that_nothing_visible_differs(judged: Judged) -> None:
    judgement = judged(make.saved_again)

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert judgement.changes == (
        "its bytes are not those issued, and not made of them: as if another program had saved it",
    )


def test_a_second_signature_is_told(judged: Judged) -> None:
    judgement = judged(make.signed_again)

    assert judgement.verdict is Verdict.ALTERED
    assert "it has 2 signatures; ours have one" in judgement.changes
    assert "after its end" not in judgement.headline  # what was done comes before its traces


@pytest.mark.parametrize("trust", ["site", "root"])
def test_a_byte_in_the_seal_itself_is_told_though_the_signature_still_holds(
    issued: tuple[World, bytes], trust: str
) -> None:
    """The signature does not cover itself: capitals for its digits change nothing that it says."""
    world, data = issued
    start = data.index(b"/Contents <") + len(b"/Contents <")
    at = next(at for at in range(start, len(data)) if data[at : at + 1] in b"abcdef")
    changed = data[:at] + data[at : at + 1].upper() + data[at + 1 :]

    judgement = world.judge(changed) if trust == "site" else judge(changed, Trust(sealers=TRUSTED_ROOT))

    assert judgement.verdict is Verdict.ALTERED


def test_no_byte_can_change_unnoticed(issued: tuple[World, bytes]) -> None:
    world, data = issued
    chance = Random(3)
    verdicts = set()
    for _ in range(40):
        at = chance.randrange(len(data))
        changed = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        verdicts.add(world.judge(changed).verdict)

    assert verdicts == {Verdict.ALTERED}

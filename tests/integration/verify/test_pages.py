"""Altered pages: which field differs, and what was laid over it."""

import pytest

from infra.verify.findings import Check, Difference, ExitCode, Source, Status, Verdict
from infra.verify.judge import judge
from infra.verify.pages import Box
from infra.verify.trust import Trust
from tests.builders import TOKEN
from tests.integration.verify import mutations as make
from tests.integration.verify.world import (
    FIELD,
    NTH,
    TABLES,
    TRUSTED_ROOT,
    Judged,
    World,
    finding,
)

pytestmark = pytest.mark.slow  # as a whole; `test_command` has what must hold before every change


def over(box: Box) -> Box:
    return box[0] - 8, box[1] - 4, box[2] + 8, box[3] + 4


# ---------------------------------------------------------------- marks and words


def test_a_changed_mark_is_named_with_level_grade_area_and_competencia(judged: Judged) -> None:
    judgement = judged(make.word_changed(TABLES, "B", "AD", NTH))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.exit_code is ExitCode.ALTERED
    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)
    assert finding(judgement, Check.DATA).status is Status.VALID


def test_a_changed_mark_in_an_appended_revision_is_named(judged: Judged) -> None:
    judgement = judged(make.word_revised(TABLES, "B", "AD", NTH))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)
    assert any("a revision that was appended" in change for change in judgement.changes)


def test_an_appended_revision_is_told_without_a_site(issued: tuple[World, bytes]) -> None:
    _, data = issued

    judgement = judge(make.word_revised(TABLES, "B", "AD", NTH)(data), Trust(sealers=TRUSTED_ROOT))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", "AD"),)


@pytest.mark.parametrize(
    ("page", "old", "new", "field"),
    [
        (0, "ANA LUCÍA QUISPE ÑAHUI", "ANA LUCÍA QUISPE LUNA", "holder's name"),
        (0, "2014", "2015", "Educación Primaria, 2.º (2014), Año lectivo"),
        (0, "00000001", "00000002", "holder's document"),
    ],
)
def test_words_outside_the_marks_are_named(judged: Judged, page: int, old: str, new: str, field: str) -> None:
    judgement = judged(make.word_changed(page, old, new))

    assert judgement.verdict is Verdict.ALTERED
    assert [(each.field, each.record, each.file) for each in judgement.differences] == [(field, old, new)]


def test_a_mark_that_was_erased_is_named(judged: Judged) -> None:
    judgement = judged(make.word_changed(TABLES, "B", " ", NTH))

    assert judgement.differences == (Difference(Source.PRINT, FIELD, "B", None),)


def test_a_changed_code_is_named(judged: Judged) -> None:
    judgement = judged(make.word_changed(0, "99S0-QR6Y-D40R", "7K3Q-M9XD-2TRJ"))

    assert finding(judgement, Check.QR).reason == "the QR and the printed code name different certificates"
    change = ("virtual code", "99S0-QR6Y-D40R", "7K3Q-M9XD-2TRJ")
    assert [(each.field, each.record, each.file) for each in judgement.differences] == [change]


# ---------------------------------------------------------------- what is laid over


def test_an_overlaid_annotation_is_named_with_what_it_covers(
    judged: Judged, issued: tuple[World, bytes]
) -> None:
    box = over(make.place_of(issued[1], TABLES, "B", NTH))

    judgement = judged(make.annotated(TABLES, box, "AD"))

    assert judgement.verdict is Verdict.ALTERED
    assert Difference(Source.PRINT, FIELD, "B", "AD", "written over it") in judgement.differences
    assert f"page 2 has an annotation (FreeText) that says «AD», over {FIELD}" in judgement.changes


@pytest.mark.parametrize("looks", [{"hidden": True}, {"drawn": False}])
def test_an_annotation_that_is_not_seen_is_told(
    judged: Judged, issued: tuple[World, bytes], looks: dict[str, bool]
) -> None:
    box = over(make.place_of(issued[1], TABLES, "B", NTH))

    judgement = judged(make.annotated(TABLES, box, "AD", **looks))

    assert judgement.verdict is Verdict.ALTERED
    assert judgement.differences == ()
    assert "annotation (FreeText) that says «AD»" in judgement.headline
    assert judgement.changes[0] == f"page 2 has an annotation (FreeText) that says «AD», over {FIELD}"
    assert "a revision that was appended" in judgement.changes[1]


def test_a_picture_over_a_mark_is_seen(judged: Judged, issued: tuple[World, bytes]) -> None:
    left, bottom, right, top = over(make.place_of(issued[1], TABLES, "B", NTH))
    ink = f"q 1 1 1 rg {left} {bottom} {right - left} {top - bottom} re f Q".encode()

    judgement = judged(make.drawn_over(TABLES, ink))

    assert judgement.verdict is Verdict.ALTERED
    assert [(each.field, each.note) for each in judgement.differences] == [(FIELD, "drawn over")]


def test_a_stamp_where_nothing_stands_is_seen(judged: Judged) -> None:
    judgement = judged(make.drawn_over(1, b"q 1 0 0 rg 200 60 80 20 re f Q"))

    (beside,) = [each for each in judgement.differences if each.note == "drawn beside it"][:1]
    assert beside.field.startswith("page 2, ")


def test_a_qr_that_leads_elsewhere_is_a_finding_and_is_not_followed(
    judged: Judged, issued: tuple[World, bytes]
) -> None:
    forged = "https://forger.example/validate/99S0QR6YD40R?t=" + TOKEN

    judgement = judged(make.qr_replaced(forged))

    assert judgement.verdict is Verdict.ALTERED
    assert finding(judgement, Check.QR).status is Status.INVALID
    assert "https://forger.example" in finding(judgement, Check.QR).reason
    assert any("Do not follow its QR" in message for message in judgement.messages)
    assert any("QR" in each.field for each in judgement.differences)

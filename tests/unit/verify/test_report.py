"""Whatever a hostile file says, the terminal only prints it."""

from hypothesis import given
from hypothesis import strategies as st

from infra.verify.findings import Check, Difference, Finding, Judgement, Source, Standing, Status, Verdict
from infra.verify.report import as_json, in_words, safe


def a_judgement(text: str) -> Judgement:
    return Judgement(
        Verdict.ALTERED,
        Standing.AUTHENTIC,
        "OURS, BUT ALTERED: 1 field differs.",
        demonstration=False,
        code=None,
        findings=(Finding(Check.FILE, Status.VALID, text),),
        differences=(Difference(Source.PRINT, text, text, None),),
        changes=(text,),
        messages=(text,),
    )


@given(st.text(st.characters()))
def test_only_what_can_be_printed_is_printed(text: str) -> None:
    assert safe(text).isprintable()
    assert all(line.isprintable() for line in in_words(a_judgement(text)).split("\n"))
    assert as_json(a_judgement(text)).isascii()


@given(st.text(st.characters()))
def test_a_text_takes_no_line_of_its_own(text: str) -> None:
    assert len(in_words(a_judgement(text)).splitlines()) == 5


def test_what_is_printable_stays_as_it_is() -> None:
    assert safe("3.º (2021), Matemática - «B»") == "3.º (2021), Matemática - «B»"


def test_a_long_text_is_cut() -> None:
    assert safe("x" * 10_000) == "x" * 300 + "…"

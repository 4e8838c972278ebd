"""Who gets a certificate: the rules against an oracle that was written from docs/domain-rules.md alone."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from constancia.domain.content import CertificateContent
from constancia.domain.eligibility import check_before_asking, decide
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.school import ActaState
from tests.fuzz import oracle
from tests.fuzz.effort import effort
from tests.fuzz.oracle import Facts, all_facts


def decided(facts: Facts) -> CertificateContent | ErrorCode:
    """What the rules say, as the request function applies them."""
    application = oracle.application(facts)
    try:
        check_before_asking(application, oracle.POLICY)
        return decide(application, oracle.evidence(facts), oracle.POLICY, facts.today)
    except DomainError as error:
        return error.code


def is_granted(facts: Facts) -> bool:
    return isinstance(decided(facts), CertificateContent)


def compared(facts: Facts) -> str | None:
    """Decide, and compare with what is due: the code, or the certificate's whole content."""
    due = oracle.verdict(facts)
    content = decided(facts)
    if due is not None:
        assert content == due
        return due
    assert isinstance(content, CertificateContent)
    (level,) = content.levels
    assert (level.level, content.modality) == (facts.level, facts.modality)
    assert content.holder.document.number == facts.student.number
    printed = [(one.year, one.grade, one.school.modular_code) for one in level.years]
    assert printed == oracle.certified(facts)
    observed = [(one.year, one.resolution) for one in level.observations]
    assert observed == oracle.printed_observations(facts)
    return None


@given(all_facts(4) | all_facts(20) | all_facts(60))
@effort(600)
def test_the_rules_decide_as_the_page_says(facts: Facts) -> None:
    compared(facts)


@pytest.mark.parametrize("code", oracle.SPOILT)
def test_every_row_of_the_page_refuses_alone_and_with_others(code: str) -> None:
    met: Counter[str | None] = Counter()

    @given(all_facts(), st.sampled_from(sorted(oracle.SPOILT)))
    @effort(30)
    def spoilt(facts: Facts, another: str) -> None:
        assert compared(facts) is None
        met[compared(oracle.SPOILT[code](facts))] += 1
        compared(oracle.SPOILT[another](oracle.SPOILT[code](facts)))

    spoilt()
    assert met[code] >= 3


def test_the_page_has_these_rows_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs/domain-rules.md").read_text("utf-8")
    rows = [row.split("|")[2] for row in page.splitlines() if row.startswith("| ")][1:]
    named = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row.partition("→")[0])}
    assert named == set(oracle.SPOILT)


granted_cases = all_facts()


@given(granted_cases, st.lists(oracle.some_years(), max_size=3))
@effort(150)
def test_further_closed_years_never_take_a_certificate_away(facts: Facts, more: list[oracle.Year]) -> None:
    closed = tuple(replace(one, acta=ActaState.APPROVED) for one in more)
    assume(oracle.can_be_true(facts.years + closed, facts))
    assert is_granted(replace(facts, years=facts.years + closed))


@given(
    granted_cases,
    oracle.some_years(),
    st.sampled_from([ActaState.UNDER_REVIEW, ActaState.UNDER_RECTIFICATION]),
)
@effort(150)
def test_a_year_under_review_stops_its_level_and_no_other(
    facts: Facts, year: oracle.Year, acta: ActaState
) -> None:
    here = replace(year, acta=acta, level=facts.level, modality=facts.modality, year=max(year.year, 2013))
    assert decided(replace(facts, years=(*facts.years, here))) is ErrorCode.ACTA_UNDER_REVIEW
    elsewhere = replace(year, acta=acta)
    assume((elsewhere.level, elsewhere.modality) != (facts.level, facts.modality) or elsewhere.year < 2013)
    assert is_granted(replace(facts, years=(*facts.years, elsewhere)))


@given(granted_cases, st.integers(1, 40))
@effort(150)
def test_who_may_ask_alone_may_so_when_older_and_who_is_asked_for_when_younger(facts: Facts, by: int) -> None:
    days = 365 * by + by // 4 + 1
    shift = -days if facts.applicant is None else days
    born = facts.born.fromordinal(facts.born.toordinal() + shift)
    assume(born <= facts.today)
    assume(all(one.year >= born.year for one in facts.years))
    assert is_granted(replace(facts, born=born, birth_date_declared=born))


@given(granted_cases, all_facts(1), st.sampled_from(["first", "second", "home"]))
@effort(150)
def test_who_is_not_recognised_learns_nothing_of_what_stands_behind(
    facts: Facts, others: Facts, wrong: str
) -> None:
    """The same answer, whatever the person's life, school and relatives are."""
    assume(not facts.student.foreign)
    changes: dict[str, object] = {"home_declared": "150101"}
    if wrong != "home":
        changes = {wrong: oracle.Word("JULIO CESAR", "Otro", same=False)}
    behind = replace(
        facts,
        student=replace(facts.student, dead=others.student.dead, **changes),  # type: ignore[arg-type]
        born=others.born,
        years=others.years,
        by_reniec=others.by_reniec,
        by_siagie=others.by_siagie,
        observed=others.observed,
        at_school=others.at_school,
    )
    found = decided(behind)
    assert isinstance(found, ErrorCode)
    assert found.public is ErrorCode.IDENTITY_MISMATCH

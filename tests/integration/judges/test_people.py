"""Those whom the judges judge differ in all that makes certificates differ, and stay who they are."""

from collections import Counter
from collections.abc import Iterable

from constancia.domain.content import CertificateContent
from constancia.domain.identity import DocumentType
from constancia.domain.school import Level
from constancia.domain.tables import FIRST_YEAR_BY_COMPETENCIA
from infra.registries.cast import ISSUED
from infra.registries.scenarios import scenarios
from tests.builders import TODAY
from tests.judges.reading import marks_given, marks_told
from tests.people import DRAWN, drawn_people, everybody, scenario_people


def drawn_contents() -> list[CertificateContent]:
    return [person.certificate.content for person in drawn_people()]


def years_of(content: CertificateContent) -> list[int]:
    return [year.year for record in content.levels for year in record.years]


def share(holds: Iterable[bool]) -> float:
    """Of all that are drawn."""
    return sum(holds) / DRAWN


def test_every_scenario_person_who_is_issued_is_judged() -> None:
    issued = {one.name for one in scenarios(TODAY) if one.expected == ISSUED}
    assert {person.name for person in scenario_people()} == issued


def test_nobody_is_judged_twice() -> None:
    assert len(drawn_people()) == DRAWN
    holders = {person.certificate.content.holder.document for person in everybody()}
    codes = {person.certificate.code for person in everybody()}
    assert len(holders) == len(codes) == len(everybody())


def test_the_drawn_have_every_level_and_every_number_of_years() -> None:
    levels = Counter(content.levels[0].level for content in drawn_contents())
    assert min(levels[level] for level in Level) >= DRAWN / 5
    lengths = Counter(len(years_of(content)) for content in drawn_contents())
    assert set(lengths) >= {1, 2, 3, 4, 5, 6, 7}
    assert {year for content in drawn_contents() for year in years_of(content)} == set(range(2013, 2026))


def test_the_drawn_have_all_that_is_rare() -> None:
    contents = drawn_contents()
    assert share(content.holder.document.type is DocumentType.CE for content in contents) >= 0.02
    assert share("EXO" in marks_given(person.certificate) for person in drawn_people()) >= 0.05
    assert share(len({y < FIRST_YEAR_BY_COMPETENCIA for y in years_of(c)}) == 2 for c in contents) >= 0.2
    assert share(bool(content.levels[0].observations) for content in contents) >= 0.01
    years = [content.levels[0].years for content in contents]
    assert share(len({year.grade for year in of}) < len(of) for of in years) >= 0.05
    assert share(len({year.school for year in of}) > 1 for of in years) >= 0.1
    assert share(any(not year.results for year in of) for of in years) >= 0.02


def test_no_mark_is_lost_between_the_record_and_its_tables() -> None:
    for person in everybody():
        assert marks_told(person.certificate) == marks_given(person.certificate), person.name

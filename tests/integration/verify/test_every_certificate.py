"""Certificates as long and as odd as they come: nothing false is said of them, and every cell has a name."""

from dataclasses import replace

import pytest

from constancia.domain.certificate import Certificate
from constancia.domain.content import CertificateContent
from constancia.domain.links import verification_url
from constancia.domain.school import Result, ResultKind
from infra.verify.findings import Difference, Source, Verdict
from render.document import draw
from tests.builders import TOKEN
from tests.integration.verify import mutations as make
from tests.integration.verify.world import a_world
from tests.school_records import CERTIFICATES
from tests.sealing import APPEARANCE

pytestmark = pytest.mark.slow
EVERY = pytest.mark.parametrize("name", CERTIFICATES)


@EVERY
def test_a_copy_of_it_differs_in_no_field(name: str) -> None:
    with a_world() as world:
        data = world.issues(CERTIFICATES[name])

        again = world.judge(make.saved_again(data))
        printed = world.judge(make.printed_to_file(data, 0.94))

    assert [again.verdict, printed.verdict] == [Verdict.ALTERED] * 2
    assert (again.differences, printed.differences) == ((), ())


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name != "a_year_without_marks"])
def test_a_mark_changed_in_data_and_print_has_one_name_in_both(name: str) -> None:
    certificate = CERTIFICATES[name]
    forged = replace(certificate, content=with_another_last_mark(certificate.content))

    with a_world() as world:
        world.issues(certificate)
        judgement = world.judge(drawn(forged, world.base))

    data, shown = (
        [each for each in judgement.differences if each.source is source]
        for source in (Source.DATA, Source.PRINT)
    )
    assert len(data) == 1
    assert named(shown, data[0].field) == [(data[0].record, "XX")]


def named(differences: list[Difference], name: str) -> list[tuple[str | None, str | None]]:
    return [(each.record, each.file) for each in differences if each.field == name]


def drawn(certificate: Certificate, base: str) -> bytes:
    """By a forger, who has the QR's address and no key."""
    return draw(certificate, verification_url(base, certificate.code, TOKEN), APPEARANCE).data


def with_another_last_mark(content: CertificateContent) -> CertificateContent:
    """The last mark of an area in the last year is `XX`."""
    *records, last = content.levels
    *years, year = last.years
    at = max(place for place, result in enumerate(year.results) if result.kind is ResultKind.AREA)
    results: list[Result] = list(year.results)
    results[at] = replace(results[at], mark="XX")
    level = replace(last, years=(*years, replace(year, results=tuple(results))))
    return replace(content, levels=(*records, level))

"""Records that differ from a certificate's own in one result, for judges who compare."""

from collections.abc import Callable
from dataclasses import replace

from constancia.domain.certificate import Certificate
from constancia.domain.school import Result

type Change = Callable[[tuple[Result, ...]], tuple[Result, ...]]


def in_the_last_year(certificate: Certificate, change: Change) -> Certificate:
    """The record as it would be if the last year had other results."""
    content = certificate.content
    record = content.levels[-1]
    last = replace(record.years[-1], results=change(record.years[-1].results))
    changed = replace(record, years=(*record.years[:-1], last))
    return replace(certificate, content=replace(content, levels=(*content.levels[:-1], changed)))


def another_mark(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """One mark is another: A for B, or B for all else."""
    return (replace(results[0], mark="A" if results[0].mark == "B" else "B"), *results[1:])


def one_more(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """One more result, of an area that nobody has."""
    return (*results, replace(results[-1], area="Astronomía", competencia="Observa el cielo"))

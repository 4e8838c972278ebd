"""Two contents of certificates, field by field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from constancia.domain import wording
from constancia.domain.content import CertificateContent, Holder, LevelRecord, SchoolYear
from constancia.domain.school import Level, Result
from constancia.domain.wording import AREA_MARK
from infra.verify.findings import Difference, Source

_SCALE, _GROUP = " (scale)", " (group)"

type _Fields = Iterator[tuple[str, str | None]]
"""The name of a field, as a person finds it on the paper, and its value."""


def read_content(data: bytes) -> CertificateContent | None:
    """The content in an attachment; `None` where it is none."""
    try:
        return CertificateContent.from_json(data)
    except (ValueError, RecursionError):
        return None


def content_differences(record: CertificateContent, file: CertificateContent) -> list[Difference]:
    """Every field in which they differ, in the order of the paper."""
    issued, found = _distinct(_fields(record)), _distinct(_fields(file))
    differences = [
        Difference(Source.DATA, name, issued.get(name), found.get(name))
        for name in dict.fromkeys(chain(issued, found))
        if issued.get(name) != found.get(name) and not _of_missing(name, issued, found)
    ]
    if not differences and record != file:
        differences.append(Difference(Source.DATA, "order of the entries", "as issued", "another"))
    return differences


def result_name(area: str, competencia: str | None) -> str:
    """How a row of a table is called."""
    return area if competencia in {None, AREA_MARK} else f"{area} - {competencia}"


def cell_name(level_heading: str, column: str, row: str) -> str:
    """How a cell of a table is called: `Educación Secundaria, 2.º (2020), Matemática - Resuelve …`."""
    row = row.removesuffix(f" - {AREA_MARK}")  # an area's own mark beside those of its competencias
    return f"{level_heading}, {column}, {row}"


def column_name(grade: str, year: str | None) -> str:
    """How a column of a table is called: `2.º (2020)`."""
    return f"{grade} ({year})" if year else grade


def _of_missing(name: str, *sides: Mapping[str, str | None]) -> bool:
    """Whether it is a detail of a mark that one side lacks: the mark itself is told."""
    return name.endswith((_SCALE, _GROUP)) and any(name not in side for side in sides)


def _distinct(fields: _Fields) -> dict[str, str | None]:
    """Fields by name; those that share one (two years of one grade in one year) are counted."""
    seen: Counter[str] = Counter()
    found: dict[str, str | None] = {}
    for name, value in fields:
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} [{seen[name]}]"] = value
    return found


def _fields(content: CertificateContent) -> _Fields:
    yield from _holder(content.holder)
    yield "modality", wording.modality(content.modality)
    for record in content.levels:
        yield from _level(record)


def _holder(holder: Holder) -> _Fields:
    yield "holder's given names", holder.name.given
    yield "holder's paternal surname", holder.name.paternal
    yield "holder's maternal surname", holder.name.maternal
    yield "holder's document", f"{holder.document.type} {holder.document.number}"


def _level(record: LevelRecord) -> _Fields:
    heading = wording.level_heading(record.level)
    for year in record.years:
        yield from _year(record.level, heading, year)
    for number, observation in enumerate(record.observations, start=1):
        yield f"{heading}, {wording.OBSERVATIONS} {number}", wording.observation(observation)


def _year(level: Level, heading: str, year: SchoolYear) -> _Fields:
    column = column_name(wording.grade(level, year.grade), str(year.year))
    yield cell_name(heading, column, wording.SCHOOL), year.school.printed_code
    yield cell_name(heading, column, wording.SCHOOLS), year.school.name
    yield cell_name(heading, column, "district of the school"), year.school.district
    yield from _results(heading, column, year.results)
    yield cell_name(heading, column, wording.FINAL_SITUATION), year.final_situation


def _results(heading: str, column: str, results: Iterable[Result]) -> _Fields:
    for result in results:
        name = cell_name(heading, column, result_name(result.area, result.competencia))
        yield name, result.mark
        yield f"{name}{_SCALE}", result.scale
        yield f"{name}{_GROUP}", wording.group(result.kind)

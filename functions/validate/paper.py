"""The certificate for the page: the same words in the same order as `render.document` prints them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from constancia.domain import wording
from constancia.domain.content import CertificateContent, LevelRecord
from constancia.domain.school import Scale
from constancia.domain.tables import NO_MARK, Granularity, MarkTable, tables_of
from constancia.domain.verification import Verification
from constancia.domain.virtual_code import grouped


@dataclass(frozen=True, slots=True)
class TableView:
    """One table. `head` has a label and a value for each column, so have `rows`, under headings."""

    id: str
    caption: str
    by_competencia: bool
    head: tuple[tuple[str, tuple[str, ...]], ...]
    table: MarkTable
    groups: tuple[str, ...]
    """The headings of the groups of rows."""

    @property
    def width(self) -> int:
        """Columns in all: labels and marks."""
        return (2 if self.by_competencia else 1) + len(self.table.columns)


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level: its tables, then what stands under them."""

    heading: str
    tables: tuple[TableView, ...]
    schools: tuple[str, ...]
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that the paper says."""

    code: str
    modality: str
    levels_line: str
    name: str = field(repr=False)
    closing: str = field(repr=False)
    """The second half of the sentence, after the name: it holds the document's number."""
    levels: tuple[LevelView, ...] = field(repr=False)
    legend: tuple[str, ...]
    issue: tuple[str, ...]


def paper_of(verification: Verification) -> Paper | None:
    """Lay out what a proof opened; nothing where nothing was."""
    summary, opened = verification.summary, verification.opened
    if summary is None or opened is None:
        return None
    content = opened.content
    document = content.holder.document
    return Paper(
        code=grouped(verification.code),
        modality=wording.modality(content.modality),
        levels_line=wording.levels(summary.levels),
        name=content.holder.name.full,
        closing=wording.closing(document.type, document.number, content.modality, summary.levels),
        levels=tuple(map(_level, content.levels)),
        legend=tuple(wording.legend(_scales(content))),
        issue=tuple(wording.issued(opened.number, summary.issued_at)),
    )


def _level(record: LevelRecord) -> LevelView:
    schools = {(year.school.printed_code, year.school.name): None for year in record.years}
    return LevelView(
        heading=wording.level_heading(record.level),
        tables=tuple(_table(record, table) for table in tables_of(record)),
        schools=tuple(f"{code} - {name}" for code, name in schools),
        observations=tuple(map(wording.observation, record.observations)) or (wording.NO_OBSERVATIONS,),
    )


def _table(record: LevelRecord, table: MarkTable) -> TableView:
    studied = [column.year for column in table.columns]
    return TableView(
        id=f"{record.level}-{table.granularity}".lower(),
        caption=wording.table_heading(table.granularity, [year.year for year in studied if year]),
        by_competencia=table.granularity is Granularity.COMPETENCIA,
        head=(
            (wording.YEAR, tuple(str(year.year) if year else NO_MARK for year in studied)),
            (
                wording.grade_heading(record.level),
                tuple(wording.grade(record.level, column.grade) for column in table.columns),
            ),
            (wording.SCHOOL, tuple(year.school.printed_code if year else NO_MARK for year in studied)),
        ),
        table=table,
        groups=tuple(wording.group(group.kind) for group in table.groups),
    )


def _scales(content: CertificateContent) -> Iterator[Scale]:
    return (result.scale for record in content.levels for year in record.years for result in year.results)

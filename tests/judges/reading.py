"""A reader who holds a file's words against the record: every text, every row, every mark, in their order.

Words are parted by spaces exactly where the record has them; only a word that is too long for its column may
be broken, at the end of a line. A mark has to stand on the line of its row and under the year that it was
given in.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, groupby

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from constancia.domain.content import LevelRecord
from constancia.domain.tables import NO_MARK, Granularity, MarkTable, side_by_side, tables_of
from constancia.domain.virtual_code import grouped
from tests.judges.poppler import Box, Word

_LONGEST_WHOLE = 12
"""Longer words may be broken."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that has to be read: one text, or a row's label and its cells."""

    texts: tuple[str, ...]
    is_head: bool = False
    """Whether the cells stand over the columns of what follows."""

    @classmethod
    def of(cls, *parts: str) -> "Line":
        """A line of several texts, which follow each other."""
        return cls(parts)

    @property
    def pattern(self) -> re.Pattern[str]:
        """How words that are parted by single spaces read; a group for each text."""
        said = " ".join(f"({_pattern(text)})" for text in self.texts)
        return re.compile(rf"(?<!\S){said}(?![^\s,.])")


def script(certificate: Certificate) -> Iterator[Line]:
    """All that a certificate has to say, in the order in which it is read."""
    content = certificate.content
    yield Line.of(texts.TITLE)
    yield Line.of(grouped(certificate.code))
    yield Line.of(content.holder.name.full)
    document, levels = content.holder.document, [record.level for record in content.levels]
    yield Line.of(texts.closing(document.type, document.number, content.modality, levels))
    for record in content.levels:
        yield Line.of(texts.level_heading(record.level))
        for table in tables_of(record):
            for part in side_by_side(table):
                yield from _table(record, part)
        for school in dict.fromkeys((year.school.printed_code, year.school.name) for year in record.years):
            yield Line.of(" - ".join(school))
        for observation in record.observations:
            yield Line.of(texts.observation(observation))
        if not record.observations:
            yield Line.of(texts.NO_OBSERVATIONS)
    years = (year for record in content.levels for year in record.years)
    for explained in texts.legend(result.scale for year in years for result in year.results):
        yield Line.of(explained)
    for issued in texts.issued(certificate.number, certificate.issued_at):
        yield Line.of(issued)


def _table(record: LevelRecord, table: MarkTable) -> Iterator[Line]:
    years = [column.year for column in table.columns]
    yield Line((texts.YEAR, *(str(year.year) if year else NO_MARK for year in years)), is_head=True)
    grades = (texts.grade(record.level, column.grade) for column in table.columns)
    yield Line.of(texts.grade_heading(record.level), *grades)
    yield Line.of(texts.SCHOOL, *(year.school.printed_code if year else NO_MARK for year in years))
    for group in table.groups:
        name = texts.group(group.kind)
        yield Line.of(name)
        for area, of_area in groupby(group.rows, key=lambda row: row.area):
            rows = tuple(of_area)
            apart = table.granularity is Granularity.COMPETENCIA and area.casefold() != name.casefold()
            divided = apart and any(row.competencia for row in rows)
            if divided:
                yield Line.of(area)
            for row in rows:
                own = texts.AREA_MARK if divided else area
                yield Line.of(row.competencia or own, *row.marks)
    yield Line.of(texts.FINAL_SITUATION, *table.final_situations)


def marks_given(certificate: Certificate) -> Counter[str]:
    """How often each mark is in the record."""
    years = (year for record in certificate.content.levels for year in record.years)
    return Counter(result.mark for year in years for result in year.results)


def marks_told(certificate: Certificate) -> Counter[str]:
    """How often each mark is in the rows of the tables that are asked for."""
    tables = (table for record in certificate.content.levels for table in tables_of(record))
    rows = (row for table in tables for group in table.groups for row in group.rows)
    return Counter(mark for row in rows for mark in row.marks if mark != NO_MARK)


def complaints(certificate: Certificate, words: Sequence[Word]) -> list[str]:
    """What a file's words lack, have out of order or elsewhere than they should, or have too often."""
    return list(_Reading(words).complaints(certificate))


class _Reading:
    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._text = " ".join(word.text for word in words)
        self._starts = [0, *accumulate(len(word.text) + 1 for word in words)][:-1]
        self._read: set[int] = set()
        """Numbers of the words that some line of the script claimed."""

    def complaints(self, certificate: Certificate) -> Iterator[str]:
        place = 0
        columns: tuple[float, ...] = ()
        for line in script(certificate):
            found = line.pattern.search(self._text, place)
            if found is None:
                later = " (elsewhere)" if line.pattern.search(self._text) else ""
                yield f"not read{later}: {' '.join(line.texts)}"
                continue
            place = found.end()
            boxes = [self._claim(*found.span(group)) for group in range(1, len(line.texts) + 1)]
            if line.is_head:
                columns = tuple(box.middle for box in boxes[1:])
            elif len(boxes) > 1:
                yield from (f"{fault}: {' '.join(line.texts)}" for fault in _misplaced(boxes, columns))
        rest = {word.text for number, word in enumerate(self._words) if number not in self._read}
        yield from (f"outside its table: {mark}" for mark in sorted(rest & marks_given(certificate).keys()))

    def _claim(self, start: int, end: int) -> Box:
        """Note that these letters were read; the box around their words."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        self._read.update(range(first, last + 1))
        return reduce(Box.around, (word.box for word in self._words[first : last + 1]))


def _misplaced(boxes: Sequence[Box], columns: Sequence[float]) -> Iterator[str]:
    label = boxes[0]
    for number, cell in enumerate(boxes[1:]):
        if cell.page != label.page or not label.top <= cell.centre <= label.bottom:
            yield f"cell {number} is beside another row"
        nearest = min(columns, key=lambda middle: abs(middle - cell.middle), default=None)
        if nearest is not None and nearest != columns[number]:
            yield f"cell {number} is under another year"


def _pattern(text: str) -> str:
    return " ".join(
        " ?".join(map(re.escape, word)) if len(word) > _LONGEST_WHOLE else re.escape(word)
        for word in unicodedata.normalize("NFC", text).split()
    )

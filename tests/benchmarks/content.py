"""What a certificate says as plain data: what the peers draw, who know nothing of the platform.

They get it ready made, outside of the time that is measured; our own drawing starts from the record.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from constancia.domain.content import LevelRecord
from constancia.domain.emblems import DEFAULT_EMBLEM, emblem_svg
from constancia.domain.tables import MarkTable, tables_of
from constancia.domain.virtual_code import grouped
from render.document import SealAppearance, emblem_of
from render.document.layout import human_address
from render.document.ornament import FRIEZE

_SILENT: Final = {"qr", "qr_alternative", "file_title", "author", "attachment", "emblem", "frieze"}
"""What is not printed as text."""


def content_of(certificate: Certificate, url: str, seal: SealAppearance) -> dict[str, Any]:
    """Every text of the paper, in the order of reading. Its values are strings, lists and objects."""
    content = certificate.content
    levels = [record.level for record in content.levels]
    scales = [result.scale for record in content.levels for year in record.years for result in year.results]
    document = content.holder.document
    address, code = human_address(url), grouped(certificate.code)
    issued = texts.issued(certificate.number, certificate.issued_at)
    seal_texts = [*(f"{line}." for line in issued), *texts.seal(seal.signer)]
    return {
        "band": texts.DEMO,
        "state": texts.STATE,
        "ministry": texts.MINISTRY,
        "title": texts.TITLE,
        "short_title": texts.SHORT_TITLE,
        "modality": texts.modality(content.modality),
        "levels": texts.levels(levels),
        "code_label": texts.VIRTUAL_CODE,
        "code": code,
        "qr": url,
        "qr_alternative": texts.qr_alternative(address),
        "opening": texts.OPENING,
        "name": content.holder.name.full,
        "closing": texts.closing(document.type, document.number, content.modality, levels),
        "sections": [_section(record) for record in content.levels],
        "panel": [
            [texts.LEGEND, texts.legend(scales)],
            [texts.VERIFICATION, texts.how_to_verify(address)],
            [texts.ISSUE_AND_SEAL, [*seal_texts, texts.SEAL_DEMO]],
        ],
        "foot": [texts.foot(certificate.number, certificate.issued_at, address)],
        "file_title": texts.file_title(certificate.number),
        "author": texts.AUTHOR,
        "attachment": content.to_json().decode(),
        "emblem": {"svg": emblem_svg(DEFAULT_EMBLEM), "path": emblem_of(DEFAULT_EMBLEM).operators},
        "frieze": {"width": FRIEZE.width, "height": FRIEZE.height, "path": FRIEZE.operators},
    }


def _section(record: LevelRecord) -> dict[str, Any]:
    schools = {(year.school.printed_code, year.school.name): None for year in record.years}
    return {
        "heading": texts.level_heading(record.level),
        "tables": [_table(record, table) for table in tables_of(record)],
        "lists": [
            [texts.SCHOOLS, [f"{code} - {name}" for code, name in schools]],
            [texts.OBSERVATIONS, [texts.observation(item) for item in record.observations]
             or [texts.NO_OBSERVATIONS]],
        ],
    }  # fmt: skip


def _table(record: LevelRecord, table: MarkTable) -> dict[str, Any]:
    years = [column.year for column in table.columns if column.year]
    groups: list[dict[str, Any]] = []
    for group in table.groups:
        areas: list[dict[str, Any]] = []
        heading = texts.group(group.kind)
        for row in group.rows:
            name = None if row.area == heading else row.area
            if not areas or areas[-1]["name"] != name:
                areas.append({"name": name, "rows": []})
            areas[-1]["rows"].append([row.competencia, *row.marks])
        groups.append({"heading": heading, "areas": areas})
    return {
        "heading": texts.table_heading(table.granularity, [year.year for year in years]),
        "head": [
            [texts.YEAR, *(str(year.year) for year in years)],
            [texts.grade_heading(record.level), *(texts.grade(record.level, c.grade) for c in table.columns)],
            [texts.SCHOOL, *(year.school.printed_code for year in years)],
        ],
        "groups": groups,
        "final": [texts.FINAL_SITUATION, *table.final_situations],
    }


def missing_of(content: dict[str, Any], data: bytes) -> tuple[int, list[str]]:
    """The pages of a drawing, and what of the content it does not print, by an outside reader.

    White space does not count, since each breaks lines where it likes: every row has to be there with its
    marks in order, every word of every text, and no letter less often than in the content.
    """
    document = pypdfium2.PdfDocument(data)
    # pdfium marks a hyphen at the end of a line as one that may be dropped
    pages = [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document]
    printed = _squeezed("".join(pages))
    words = {word for text in _texts(content) for word in text.split()}
    missing = {part for part in (*map(_squeezed, _rows(content)), *words) if part not in printed}
    few = Counter(_squeezed("".join(_texts(content)))) - Counter(printed)
    return len(pages), sorted(missing | set(few))


def _rows(content: dict[str, Any]) -> Iterator[str]:
    for section in content["sections"]:
        for table in section["tables"]:
            for row in (*table["head"], table["final"]):
                yield "".join(row)
            for group in table["groups"]:
                for area in group["areas"]:
                    for row in area["rows"]:
                        yield "".join(row)


def _texts(value: object) -> list[str]:
    """Every text that is printed."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = [item for name, item in value.items() if name not in _SILENT]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _squeezed(text: str) -> str:
    return "".join(text.split())

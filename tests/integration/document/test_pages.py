"""How a certificate goes over its pages: what stands on each of them, and how full they are."""

import re
from collections.abc import Iterator, Sequence

import pypdfium2
import pytest

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from constancia.domain.content import LevelRecord
from constancia.domain.tables import MarkTable, Row, side_by_side, tables_of
from render.document import draw, style
from tests.builders import a_certificate
from tests.people import drawn_people
from tests.printed import drawn, file_of, pages_of, squeezed, url_of
from tests.school_records import CERTIFICATES
from tests.sealing import APPEARANCE

EVERY = pytest.mark.parametrize("name", CERTIFICATES)


def tables_on(certificate: Certificate) -> Iterator[tuple[LevelRecord, MarkTable]]:
    """Each table as it is printed."""
    for record in certificate.content.levels:
        for table in tables_of(record):
            for part in side_by_side(table):
                yield record, part


def found_on(page: str, rows: Sequence[Row]) -> bool:
    """Tell whether a page has one of the rows, whose names may be broken between lines."""
    text = squeezed(page)
    return any(squeezed(" ".join((row.competencia or row.area, *row.marks))) in text for row in rows)


# ---------------------------------------------------------------- every page


@EVERY
def test_pages_are_counted(name: str) -> None:
    pages = pages_of(name)
    counts = [re.findall(r"Página (\d+) de (\d+)", page) for page in pages]
    assert counts == [[(str(number), str(len(pages)))] for number in range(1, len(pages) + 1)]


@EVERY
def test_every_page_says_which_certificate_it_is_of_and_where_to_verify_it(name: str) -> None:
    number = CERTIFICATES[name].number
    foot = (
        f"Constancia N.º {number}, emitida el 22 de noviembre de 2026. "
        "Verifíquela en https://micertificado.example/validate"
    )
    assert [page.count(foot) for page in pages_of(name)] == [1] * len(pages_of(name))


def heads_of(name: str) -> list[str]:
    """The first line of each page but the first, behind the demonstration's band."""
    title = re.escape(texts.SHORT_TITLE)
    heads = [re.match(rf"{re.escape(texts.DEMO)} {title} (Educación \w+) ", page) for page in pages_of(name)]
    return [head[1] for head in heads if head]


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("eleven_years", ["Educación Secundaria"]),
        ("fourteen_years_of_school", ["Educación Primaria", "Educación Secundaria"]),
        ("long_observations", ["Educación Primaria"] * 3),
        ("one_year", []),
    ],
)
def test_every_further_page_says_whose_level_it_goes_on_with(name: str, levels: list[str]) -> None:
    assert len(pages_of(name)) == 1 + len(levels)
    assert heads_of(name) == levels


# ---------------------------------------------------------------- what goes on


@EVERY
def test_a_table_has_its_heading_and_its_head_on_every_page_that_it_reaches(name: str) -> None:
    for record, table in tables_on(CERTIFICATES[name]):
        rows = [row for group in table.groups for row in group.rows]
        years = " ".join(str(column.year.year) if column.year else "-" for column in table.columns)
        heading = texts.table_heading(
            table.granularity, [column.year.year for column in table.columns if column.year]
        )
        head = f"{texts.YEAR} {years} {texts.grade_heading(record.level)} "
        pages = [page for page in pages_of(name) if found_on(page, rows)]
        assert pages or not rows
        assert [f"{heading} {head}" in page for page in pages] == [True, *[False] * len(pages)][: len(pages)]
        assert all(f"{heading} (continuación) {head}" in page for page in pages[1:])


def test_a_divided_area_has_its_name_on_every_page() -> None:
    pages = pages_of("an_area_taller_than_a_page")
    assert len(pages) > 3
    assert all("Área sin fin" in page for page in pages if "Competencia número" in page)


def test_a_list_has_its_heading_on_every_page_that_it_reaches() -> None:
    pages = [page for page in pages_of("long_observations") if "RD N.º" in page]
    assert len(pages) == 3
    assert all(texts.OBSERVATIONS in page for page in pages)


@EVERY
def test_the_closing_panel_never_stands_on_a_page_alone(name: str) -> None:
    last = pages_of(name)[-1]
    order = [texts.OBSERVATIONS, texts.LEGEND, texts.VERIFICATION, texts.ISSUE_AND_SEAL]
    assert sorted(order, key=last.index) == order


# ---------------------------------------------------------------- how full they are


def reach(page: pypdfium2.PdfPage) -> float:
    """How far down what stands over the closing panel reaches, of the page's height."""
    words, height = page.get_textpage(), page.get_height()
    start, _ = words.search(texts.VERIFICATION).get_next()
    panel = words.get_charbox(start)[3]
    bottoms = [words.get_rect(number)[1] for number in range(words.count_rects())]
    return float((height - min(bottom for bottom in bottoms if bottom > panel)) / height)


NEARLY_EMPTY = 0.25
"""With the running head, and with a fifth of what is below that."""


@EVERY
def test_no_last_page_is_nearly_empty(name: str) -> None:
    pages = drawn(name)
    assert len(pages) == 1 or reach(pages[len(pages) - 1]) > NEARLY_EMPTY


@pytest.mark.slow
def test_people_have_few_pages_and_none_that_is_nearly_empty() -> None:
    """It was 276 pages, 22 of them nearly empty, with a panel half as high again and rows of one height."""
    files = {one.name: draw(one.certificate, one.address, APPEARANCE).data for one in drawn_people()}
    pages = {name: pypdfium2.PdfDocument(data) for name, data in files.items()}
    assert sum(map(len, pages.values())) <= 263
    lasts = {name: document[len(document) - 1] for name, document in pages.items() if len(document) > 1}
    assert lasts
    assert [name for name, page in lasts.items() if reach(page) < NEARLY_EMPTY] == []


def rows_apart(name: str) -> float:
    """From one row of the first table to the next, in points."""
    words = drawn(name)[0].get_textpage()
    places = [words.search(f"\n{area}").get_next() for area in ("Comunicación", "Matemática")]
    upper, lower = (words.get_charbox(start + 1)[1] for start, _ in places)
    return float(upper - lower)


def test_rows_are_set_closer_only_where_that_spares_a_page() -> None:
    line = style.CELL.leading
    assert rows_apart("repeated_grades") == pytest.approx(line + 2 * style.USUAL.row, abs=0.2)
    assert rows_apart("fourteen_years_of_school") == pytest.approx(line + 2 * style.CLOSE.row, abs=0.2)
    assert len(drawn("fourteen_years_of_school")) == 3


@pytest.mark.parametrize("base", ["https://cla.example", f"https://{'a' * 60}.example/production"])
def test_a_long_address_keeps_away_from_the_number_of_the_page(base: str) -> None:
    certificate = a_certificate()
    page = pypdfium2.PdfDocument(file_of(certificate, url_of(certificate, base)))[0]
    words = page.get_textpage()
    rects = [words.get_rect(number) for number in range(words.count_rects())]
    lowest = min(rect[1] for rect in rects)
    foot = [rect for rect in rects if rect[1] < lowest + 2 * style.FOOT.leading]
    number = style.RIGHT - style.PAGE_NUMBER_WIDTH
    assert [rect for rect in foot if rect[0] < number < rect[2]] == []

"""A table that is filled in looks and reads as one that is drawn for the person alone."""

import io
import re
from dataclasses import replace
from typing import Any

import pikepdf
import pypdfium2
import pytest

from constancia.domain.certificate import Certificate
from constancia.domain.links import verification_url
from constancia.domain.school import Level
from constancia.domain.tables import SIDE_BY_SIDE
from render.document import draw, form, layout, style
from render.document.flow import Flow
from render.document.sheet import Element
from render.document.table import MeasuredTable, TableDrawing
from tests.benchmarks import reference
from tests.builders import TOKEN, a_certificate, a_result, a_school, a_school_year
from tests.school_records import CERTIFICATES, a_record, of
from tests.sealing import APPEARANCE, BASE_URL

REFERENCES = {f"reference_{number}": reference.certificate(number) for number in (0, 5)}
ALL = CERTIFICATES | REFERENCES


class PlainTable(MeasuredTable):
    """Takes the place of `TableForm`: no blanks, nothing kept."""

    def draw(self, flow: Flow, parent: Element) -> None:
        TableDrawing(flow, parent, self).draw()


def drawn(certificate: Certificate) -> bytes:
    return draw(certificate, verification_url(BASE_URL, certificate.code, TOKEN), APPEARANCE).data


def drawn_plainly(certificate: Certificate) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "TableForm", PlainTable)
        return drawn(certificate)


def pages_of(data: bytes) -> list[tuple[str, bytes]]:
    """The text of each page, and its pixels at 108 dpi."""
    return [
        (page.get_textpage().get_text_range(), bytes(page.render(scale=1.5).buffer))
        for page in pypdfium2.PdfDocument(data)
    ]


def structure_of(data: bytes) -> Any:
    """The structure tree as nested lists: each element's entries, and its kids. Objects have no numbers."""

    def told(item: Any) -> Any:
        if isinstance(item, pikepdf.Array):
            return [told(part) for part in item]
        if not isinstance(item, pikepdf.Dictionary):
            return str(item)
        kept = {key: value for key, value in item.items() if key not in ("/P", "/Pg", "/Obj")}
        return {key: told(value) for key, value in kept.items()} | {
            "page": pages.index(item.Pg.objgen) if "/Pg" in item else None
        }

    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = [page.obj.objgen for page in pdf.pages]
        return told(pdf.Root.StructTreeRoot.K)


def marks_lead_back(data: bytes) -> bool:
    """Tell whether the parent tree leads from every mark of every page to the element that has it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        for place, page in enumerate(pdf.pages):
            assert numbers[2 * place] == place
            for mark, owner in enumerate(numbers[2 * place + 1]):
                kids = [int(kid.MCID) if "/MCID" in kid else -1 for kid in owner.K if not _is_number(kid)]
                kids += [int(kid) for kid in owner.K if _is_number(kid)]
                if mark not in kids:
                    return False
            assert len(re.findall(rb"/MCID", page.Contents.read_bytes())) == len(numbers[2 * place + 1])
    return True


def _is_number(item: Any) -> bool:
    return not isinstance(item, (pikepdf.Dictionary, pikepdf.Array))


@pytest.mark.parametrize("name", ALL)
def test_filled_in_and_drawn_plainly_are_equal_in_text_pixels_and_structure(name: str) -> None:
    filled, plain = drawn(ALL[name]), drawn_plainly(ALL[name])
    assert pages_of(filled) == pages_of(plain)
    assert structure_of(filled) == structure_of(plain)
    assert marks_lead_back(filled)


def test_a_form_is_the_same_whoever_it_was_first_drawn_for() -> None:
    form._measured.cache_clear()
    form._drawn.cache_clear()
    one, other = REFERENCES.values()
    first = drawn(one)
    drawn(other)
    assert drawn(one) == first


def test_people_with_the_same_years_share_a_form() -> None:
    drawn(REFERENCES["reference_0"])
    before = form._drawn.cache_info()
    drawn(REFERENCES["reference_5"])
    after = form._drawn.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (2, 0)


def test_a_form_knows_no_school_and_no_usual_mark() -> None:
    certificate = REFERENCES["reference_5"]
    form._measured.cache_clear()
    kept: list[MeasuredTable] = []

    class Told(MeasuredTable):
        def __init__(self, *of: Any) -> None:
            super().__init__(*of)
            kept.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(form, "MeasuredTable", Told)
        drawn(certificate)
    assert len(kept) == 2
    said = repr([(vars(table), table.columns) for table in kept])
    for year in (year for record in certificate.content.levels for year in record.years):
        assert year.school.modular_code not in said
        assert year.school.name not in said
    assert re.findall(r"'(AD|B|C|EXO)'", said) == []


@pytest.mark.parametrize("mark", ["XX", "MUY BUENO", "a", "021", "Logro destacado en todo", "-", "A "])
def test_a_mark_that_no_scale_has_is_printed_as_it_came(mark: str) -> None:
    year = a_school_year(results=(a_result("Matemática", mark), a_result("Comunicación", "15")))
    certificate = a_certificate(content=of(replace(a_record(Level.SECUNDARIA, 2018, ""), years=(year,))))
    filled, plain = drawn(certificate), drawn_plainly(certificate)
    assert pages_of(filled) == pages_of(plain)
    assert structure_of(filled) == structure_of(plain)
    assert mark.strip() in " ".join(pages_of(filled)[0][0].split())


def test_a_school_without_a_code_of_seven_digits_is_printed_as_it_came() -> None:
    year = a_school_year(school=a_school(modular_code="S/C", annex="X"))
    certificate = a_certificate(content=of(replace(a_record(Level.SECUNDARIA, 2018, ""), years=(year,))))
    assert pages_of(drawn(certificate)) == pages_of(drawn_plainly(certificate))


def test_usual_marks_and_codes_stand_on_one_line_in_any_column() -> None:
    narrowest = min(style.COLUMN_WIDTH_EMPTY, style.COLUMN_WIDTH) - style.CELL_PADDING_X
    assert max(style.MARK.width(mark) for mark in form.USUAL_MARKS) <= narrowest
    studied = (style.WIDTH - style.LABEL_WIDTH_LEAST) / SIDE_BY_SIDE - style.CELL_PADDING_X
    codes = {style.COLUMN_NOTE.width(f"{digit}" * 7 + f"-{digit}") for digit in range(10)}
    assert max(codes) <= studied

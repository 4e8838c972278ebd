"""The certificate as readers get it: read, seen and scanned by programs that are not ours."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from fpdf.syntax import PDFString

from constancia.domain.content import Holder
from constancia.domain.identity import PersonName
from constancia.domain.virtual_code import grouped
from render.document import UnprintableTextError, draw, style
from render.document.qr import symbol_of
from tests.builders import STUDENT_DNI, TOKEN, a_certificate, a_content
from tests.printed import BASE, drawn, file_of, text_of, url_of
from tests.school_records import CERTIFICATES
from tests.sealing import APPEARANCE

EVERY = pytest.mark.parametrize("name", CERTIFICATES)


# ---------------------------------------------------------------- what is said


@EVERY
def test_the_moment_of_issue_is_printed_and_no_token(name: str) -> None:
    text = text_of(name)
    number = f"Constancia N.º {CERTIFICATES[name].number}"
    assert f"{number}. Emitida el 22 de noviembre de 2026 a las 10:30 (hora de Lima). Sello" in text
    assert f"ingrese a {BASE}/validate y escriba el código virtual" in text
    assert TOKEN not in text


def test_every_certificate_explains_exonerations() -> None:
    for name in CERTIFICATES:
        assert "EXO: exonerado del área" in text_of(name)


def test_inicial_has_ages_instead_of_grades() -> None:
    assert "Edad 3 años 4 años 5 años" in text_of("inicial")
    assert "Grado" not in text_of("inicial")


def test_a_repeated_grade_has_a_column_each_time() -> None:
    text = text_of("repeated_grades")
    assert "Año lectivo 2014 2015 2016 2017 2018 2019 - -" in text
    assert "Grado 1.º 2.º 2.º 3.º 4.º 4.º 5.º 6.º" in text


def test_grades_that_were_not_studied_have_a_dash() -> None:
    assert "Año lectivo - - - - 2020 2021" in text_of("fourteen_years_of_school")


def test_a_name_without_glyphs_fails_instead_of_leaving_a_gap() -> None:
    content = a_content(holder=Holder(PersonName("ANA 漢", "QUISPE", None), STUDENT_DNI))
    with pytest.raises(UnprintableTextError, match=r"U\+6F22") as refusal:
        file_of(a_certificate(content=content), url_of(a_certificate()))
    assert "ANA" not in str(refusal.value)


# ---------------------------------------------------------------- how it stands on the page

type Box = tuple[float, float, float, float]
"""Left, bottom, right, top; points from the lower left corner."""


def boxes_of(page: pypdfium2.PdfPage) -> list[Box]:
    """The box of each piece of text."""
    words = page.get_textpage()
    return sorted(words.get_rect(index) for index in range(words.count_rects()))


@EVERY
def test_the_virtual_code_is_in_the_upper_right_corner_of_every_page(name: str) -> None:
    for page in drawn(name):
        words = page.get_textpage()
        found = words.search(grouped(CERTIFICATES[name].code)).get_next()
        assert found is not None
        boxes = [words.get_charbox(index) for index in range(found[0], sum(found))]
        width, height = page.get_size()
        assert min(box[0] for box in boxes) > width * 0.7
        assert min(box[1] for box in boxes) > height * 0.9


@EVERY
def test_nothing_leaves_the_page(name: str) -> None:
    for page in drawn(name):
        width, height = page.get_size()
        for left, bottom, right, top in boxes_of(page):
            assert style.LEFT - 1 <= left <= right <= width - style.LEFT + 1
            in_the_demo_band = height - style.DEMO_BAND <= bottom <= top <= height - 4 * style.MM
            assert in_the_demo_band or 30 <= bottom <= top <= height - 30


@EVERY
def test_no_text_overlaps_another(name: str) -> None:
    for page in drawn(name):
        for one, other in combinations(boxes_of(page), 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            upright = min(one[3], other[3]) - max(one[1], other[1])
            assert across <= 0.5 or upright <= 0.5, (one, other)


@EVERY
def test_no_text_crosses_the_line_between_two_columns(name: str) -> None:
    for page in drawn(name):
        paths = [item for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
        bounds = [path.get_bounds() for path in paths]
        lines = [line for line in bounds if line[2] - line[0] < 2 < line[3] - line[1]]
        for line in lines:
            for box in boxes_of(page):
                beside = line[1] < (box[1] + box[3]) / 2 < line[3]
                assert not (beside and box[0] < line[0] and line[2] < box[2]), (line, box)


@pytest.mark.parametrize("dpi", [100, 150, 300])
@pytest.mark.parametrize(
    "base", [BASE, "http://127.0.0.1:8000/dev", "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod"]
)
def test_the_qr_is_read_from_the_page(base: str, dpi: int) -> None:
    certificate = a_certificate()
    page = pypdfium2.PdfDocument(file_of(certificate, url_of(certificate, base)))[0]
    found = zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil())
    assert [code.text for code in found] == [url_of(certificate, base)]
    assert found[0].ec_level == "M"


@pytest.mark.parametrize("base", [BASE, f"https://{'a' * 60}.example/prod"])
def test_the_modules_of_the_qr_are_large_enough_for_any_camera(base: str) -> None:
    certificate = a_certificate()
    address = url_of(certificate, base)
    page = pypdfium2.PdfDocument(file_of(certificate, address))[0]
    corners = zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())[0].position
    millimetres = (corners.top_right.x - corners.top_left.x) / 300 * 25.4
    assert millimetres / symbol_of(address).modules > 0.59


def emblem_on(page: pypdfium2.PdfPage) -> bytes:
    """The pixels of the upper left corner."""
    left, top, side = (int(value * 2) for value in (style.LEFT, style.TOP, style.EMBLEM_SIDE))
    picture = page.render(scale=2).to_pil().convert("RGB")
    return bytes(picture.crop((left, top, left + side, top + side)).tobytes())


def test_the_emblem_is_the_one_that_is_named() -> None:
    certificate = a_certificate()
    files = {
        name: draw(certificate, url_of(certificate), APPEARANCE, name).data
        for name in ("sun-and-book", "graduation-cap")
    }
    assert file_of(certificate, url_of(certificate)) == files["sun-and-book"]
    assert len({emblem_on(pypdfium2.PdfDocument(data)[0]) for data in files.values()}) == 2
    assert PDFString("Emblema: un birrete").serialize().encode() in files["graduation-cap"]


# ---------------------------------------------------------------- the file


@EVERY
def test_the_content_is_attached_as_canonical_json(name: str) -> None:
    document = drawn(name)
    assert document.count_attachments() == 1
    attachment = document.get_attachment(0)
    assert attachment.get_name() == "constancia.json"
    assert bytes(attachment.get_data()) == CERTIFICATES[name].content.to_json()


def test_the_metadata_name_the_certificate_and_nobody() -> None:
    data = file_of(CERTIFICATES["eleven_years"], url_of(CERTIFICATES["eleven_years"]))
    metadata = data[data.index(b"<x:xmpmeta") : data.index(b"</x:xmpmeta")].decode()
    assert "Constancia de Logros de Aprendizaje N.º 2026-00001234" in metadata
    assert "2026-11-22T15:30:00Z" in metadata
    assert "QUISPE" not in metadata


def test_equal_arguments_give_equal_bytes_and_others_do_not() -> None:
    one = a_certificate()
    assert file_of(one, url_of(one)) == file_of(a_certificate(), url_of(one))
    assert file_of(one, url_of(one)) != file_of(replace(one, number="2026-00001235"), url_of(one))


def digest_of_all() -> str:
    """One digest of the bytes of all certificates."""
    every = hashlib.sha256()
    for certificate in CERTIFICATES.values():
        every.update(file_of(certificate, url_of(certificate)))
    return every.hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "zone"), [("1", "Pacific/Kiritimati"), ("4242", "America/Lima")])
def test_bytes_are_the_same_in_every_process(seed: str, zone: str) -> None:
    program = f"from {__name__} import digest_of_all; print(digest_of_all())"
    fresh = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert fresh.stdout.strip() == digest_of_all()

"""What only the pages of verification do: files judged on the device, one check after another, paper."""

import hashlib
from urllib.parse import urlsplit

import pypdfium2
import pytest
from playwright.sync_api import Request

from constancia.domain.virtual_code import VirtualCode, grouped
from tests.browser.conftest import NewVisitor
from tests.browser.site import Site
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
NOT_ISSUED = b"%PDF-1.7 never issued"
DROP = """({begins, padding}) => {
  const dropped = new DataTransfer();
  const parts = [new Uint8Array(begins), new Uint8Array(padding)];
  dropped.items.add(new File(parts, "constancia.pdf", {type: "application/pdf"}));
  const told = {dataTransfer: dropped, bubbles: true, cancelable: true};
  document.body.dispatchEvent(new DragEvent("drop", told));
}"""


def posted(visitor: Visitor) -> list[str]:
    """The bodies that the page sends from here on."""
    bodies: list[str] = []

    def keep(sent: Request) -> None:
        if sent.method == "POST":
            bodies.append(sent.post_data or "")

    visitor.page.on("request", keep)
    return bodies


def drop_file(visitor: Visitor, begins: bytes, padding: int = 0) -> None:
    """Drop a file beside the field; it is filled up with zeros."""
    visitor.page.evaluate(DROP, {"begins": list(begins), "padding": padding})


def choose_file(visitor: Visitor, body: bytes) -> None:
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": "constancia.pdf", "mimeType": "application/pdf", "buffer": body}
    )


def test_of_a_file_that_is_dropped_only_the_digest_leaves_the_device(visitor: Visitor) -> None:
    visitor.open("/validate/file")
    sent = posted(visitor)

    drop_file(visitor, NOT_ISSUED)

    visitor.expect("No es un archivo que se haya emitido")
    assert sent == [f"sha256={hashlib.sha256(NOT_ISSUED).hexdigest()}"]


@pytest.mark.parametrize(
    ("begins", "padding", "told"),
    [
        (b"\x89PNG a photo", 0, "no es un PDF"),
        (b"", 0, "no es un PDF"),
        (NOT_ISSUED, 20 * 1024 * 1024, "demasiado grande"),
    ],
    ids=["photo", "empty", "large"],
)
def test_what_can_be_no_certificate_is_told_on_the_device_and_nothing_is_sent(
    visitor: Visitor, begins: bytes, padding: int, told: str
) -> None:
    visitor.open("/validate/file")
    sent = posted(visitor)

    drop_file(visitor, begins, padding)

    visitor.page.get_by_role("status").filter(has_text=told).wait_for()
    assert sent == []


def test_back_from_the_answer_the_next_file_may_be_chosen(visitor: Visitor) -> None:
    visitor.open("/validate/file")
    choose_file(visitor, NOT_ISSUED)
    visitor.expect("No es un archivo que se haya emitido")

    visitor.back("Revisar un archivo PDF")
    assert visitor.page.get_by_role("status").inner_text() == ""
    choose_file(visitor, NOT_ISSUED)

    visitor.expect("No es un archivo que se haya emitido")


def test_a_browser_that_can_not_compute_digests_says_so_and_takes_a_typed_one(visitor: Visitor) -> None:
    visitor.page.add_init_script("Object.defineProperty(window, 'crypto', {value: {}})")
    visitor.open("/validate/file")

    assert "Este navegador no puede calcular la huella" in visitor.text
    assert not visitor.page.locator("input[type=file]").is_visible()
    visitor.write("Huella SHA-256 del archivo", hashlib.sha256(NOT_ISSUED).hexdigest())
    visitor.press("Revisar")

    visitor.expect("No es un archivo que se haya emitido")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_second_check_on_a_series_is_typed_without_leaving_the_keys(
    new_visitor: NewVisitor, scripts: bool
) -> None:
    visitor = new_visitor(scripts=scripts)
    keys = visitor.page.keyboard
    visitor.verify("99S0-QR6Y-D40R")
    visitor.expect("No encontramos la constancia")
    visitor.follow("Verificar otra constancia")

    for code in ("7K3Q-M9XD-2TRJ", "99S0-QR6Y-D40R"):
        visitor.expect("Verificar una constancia")
        keys.type(code.lower())
        keys.press("Enter")
        visitor.expect("No encontramos la constancia")
        assert code in visitor.text
        assert visitor.focus.inner_text() == "Verificar otra constancia"
        keys.press("Enter")
    visitor.expect("Verificar una constancia")


def test_printed_it_is_a_record_of_the_check(visitor: Visitor, site: Site) -> None:
    issued = site.issue("adult")
    visitor.open(issued.qr)

    record = pypdfium2.PdfDocument(visitor.page.pdf(prefer_css_page_size=True))

    pages = [page.get_textpage().get_text_range() for page in record]
    whole = " ".join(" ".join(pages).split())
    for told in (
        "Constancia auténtica",
        urlsplit(site.url).netloc,
        "(hora de Lima)",
        "El código QR",
        grouped(VirtualCode(issued.code.replace("-", ""))),
        issued.document,
        "Situación final",
        hashlib.sha256(issued.file).hexdigest(),
        "No es la constancia ni la reemplaza",
    ):
        assert told in whole
    for navigation in ("Verificar otra", "Descargar", "Solicitar", "Runasimi", "Términos", "sitio falso"):
        assert navigation not in whole
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):  # a sheet that was parted from the others
        foot = " ".join(page.split())
        assert f"{number} / {len(pages)}" in foot
        for told in ("Constancia auténtica ·", urlsplit(site.url).netloc, "(hora de Lima)"):
            assert told in foot
        assert grouped(VirtualCode(issued.code.replace("-", ""))) in foot
    assert all("Año lectivo" in page for page in pages[:-1])  # heads of tables stand again
    assert {tuple(round(side) for side in page.get_size()) for page in record} == {(595, 842)}

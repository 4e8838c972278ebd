"""The result on paper, and pages on a poor line."""

from urllib.parse import urlsplit

import pypdfium2
import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.judges import still
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.e2e]

# A second-generation line: what a far village has.
POOR_LINE = {"offline": False, "latency": 300, "downloadThroughput": 25_000, "uploadThroughput": 10_000}


@pytest.mark.parametrize("opened", [True, False], ids=["opened", "code-alone"])
def test_a_printed_result_is_a_record_of_the_check(visitor: Visitor, opened: bool) -> None:
    issued = visitor.site.issue("adult")
    visitor.verify(issued.code, issued.document if opened else "")
    visitor.expect("Constancia auténtica")

    document = pypdfium2.PdfDocument(visitor.page.pdf(prefer_css_page_size=True))
    paper = "\n".join(page.get_textpage().get_text_range() for page in document)
    pages = len(document)
    document.close()

    assert "Constancia auténtica" in paper
    assert f"{issued.code[:4]}-{issued.code[4:8]}-{issued.code[8:]}" in paper
    assert str(urlsplit(visitor.site.url).hostname) in paper  # who answered
    assert "hora de Lima" in paper  # and when
    for control in ("Verificar otra constancia", "Ver el contenido", "Runasimi", "Ir al contenido"):
        assert control not in paper
    assert pages <= (4 if opened else 2)


@pytest.mark.parametrize("path", ["/", "/request", "/validate", "/validate/file", "/terms"])
def test_nothing_moves_while_a_page_comes_in_slowly(new_visitor: NewVisitor, path: str) -> None:
    visitor = new_visitor()
    line = visitor.page.context.new_cdp_session(visitor.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", POOR_LINE)

    visitor.open(path)

    assert still(visitor.page, visitor.watch) == []

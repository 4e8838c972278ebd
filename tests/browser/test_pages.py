"""Every page in every state is judged, on phone and desktop; pictures of all are left in build/pages."""

import re

import pytest

from tests.browser.conftest import NewVisitor
from tests.browser.inspection import Inspection

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(400)]


@pytest.mark.parametrize("language", ["es", "en", "qu", "ay"])
def test_pages_that_anybody_reads(new_visitor: NewVisitor, language: str) -> None:
    visitor = new_visitor(language=language)
    inspection = Inspection(visitor, f"public-{language}")
    visitor.open("/")
    links = visitor.page.locator("a[href^='/']").evaluate_all("(all) => all.map((one) => one.pathname)")
    paths = sorted({"/", *links} - {"/request"})
    assert {"/", "/validate", "/terms"} <= set(paths)

    for path in paths:
        assert visitor.open(path).status == 200
        inspection.look(re.sub(r"\W+", "-", path).strip("-") or "home")
    assert visitor.open("/no-such-page").status == 404
    inspection.look("not-found")

    inspection.verdict()


@pytest.mark.parametrize("language", ["es", "en"])
def test_pages_of_verification(new_visitor: NewVisitor, language: str) -> None:
    visitor = new_visitor(language=language)
    inspection = Inspection(visitor, f"verification-{language}")
    site = visitor.site
    old = site.issue("school-changes")
    site.forget()
    issued, annulled = site.issue("school-changes"), site.issue("primaria")
    site.annul(annulled.code)

    for state, code, document in [
        ("nothing-given", "", ""),
        ("no-code", "HOLA", "12"),
        ("misspelt", issued.code[:-1] + ("A" if issued.code[-1] != "A" else "B"), ""),
        ("never-issued", "99S0-QR6Y-D40R", ""),
        ("authentic", issued.code, ""),
        ("authentic-opened", issued.code, issued.document),
        ("another-document", issued.code, "99900199"),
        ("replaced", old.code, ""),
        ("replaced-opened", old.code, old.document),
        ("annulled", annulled.code, ""),
        ("annulled-opened", annulled.code, annulled.document),
    ]:
        visitor.verify(code, document)
        inspection.look(state)
    for _ in range(11):  # the last one is one too many (template.yaml: GuessesPerCode)
        visitor.verify("7K3Q-M9XD-2TRJ", "99900199")
    inspection.look("pause")
    for state, address in [("qr", issued.qr), ("qr-cut-off", issued.qr[:-3]), ("series", "/validate?next=1")]:
        visitor.open(address)
        inspection.look(state)
    for state, content in [
        ("file-authentic", issued.file),
        ("file-replaced", old.file),
        ("file-annulled", annulled.file),
        ("file-altered", issued.file + b"\n"),
    ]:
        visitor.open("/validate/file")
        with visitor.page.expect_navigation():
            visitor.page.locator("input[type=file]").set_input_files(
                {"name": "constancia.pdf", "mimeType": "application/pdf", "buffer": content}
            )
        inspection.look(state)
    visitor.open("/validate/file")
    visitor.press("Revisar")
    inspection.look("file-nothing-given")

    inspection.verdict()

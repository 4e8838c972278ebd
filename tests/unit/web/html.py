"""Reading pages as a browser would, with lxml's parser."""

import lxml.html
from lxml.html import HtmlElement


def parse(body: str | None) -> HtmlElement:
    return lxml.html.document_fromstring(body or "")


def values(page: HtmlElement, path: str) -> list[str]:
    """The attributes or texts that an XPath finds."""
    found = page.xpath(path)
    assert isinstance(found, list)
    return [str(value) for value in found]


def elements(page: HtmlElement, path: str) -> list[HtmlElement]:
    """The elements that an XPath finds."""
    found = page.xpath(path)
    assert isinstance(found, list)
    return [element for element in found if isinstance(element, HtmlElement)]


def text_of(page: HtmlElement) -> str:
    """All text, with single spaces."""
    return " ".join(" ".join(values(page, ".//text()")).split())

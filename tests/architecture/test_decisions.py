"""The pages under docs/adr keep one form, and their index names them all."""

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs/adr").glob("[0-9]*.md"))
INDEX = (PAGES[0].parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name[:4])
def test_a_decision_has_its_number_in_its_title_and_stands_in_the_index(page: Path) -> None:
    number, title = re.match(r"# (\d{4}) (.+)\n", page.read_text("utf-8")).groups()  # type: ignore[union-attr]

    assert page.name.startswith(number)
    assert f"| [{number}]({page.name}) | {title} |\n" in INDEX


def test_a_number_is_given_once() -> None:
    assert len({page.name[:4] for page in PAGES}) == len(PAGES)

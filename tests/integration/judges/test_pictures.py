"""Every page of every scenario person looks as it did when somebody last looked at it.

A page that looks otherwise leaves `build/pictures/<page>.png`: as it was, as it is, and what differs.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.judges import pictures
from tests.judges.records import another_mark, in_the_last_year
from tests.people import file_of, scenario_people

DIFFERENCES = Path(__file__).parents[3] / "build" / "pictures"


@pytest.mark.slow
def test_every_page_looks_as_it_did() -> None:
    shutil.rmtree(DIFFERENCES, ignore_errors=True)
    changed, others = [], set(pictures.FOLDER.glob("*"))
    for path, seen in pictures.gallery():
        apart = pictures.difference(seen, pictures.kept(path))
        if apart is not None:
            DIFFERENCES.mkdir(parents=True, exist_ok=True)
            apart.save(DIFFERENCES / path.name)
            changed.append(path.name)
        others.discard(path)
    assert changed == [], f"look at {DIFFERENCES}, then make pictures"
    assert others == set(), "pictures of nobody: make pictures"


# ---------------------------------------------------------------- the comparison


def test_a_changed_mark_is_noticed() -> None:
    person = scenario_people()[0]
    changed = replace(person, certificate=in_the_last_year(person.certificate, another_mark))
    pages = zip(pictures.pages(file_of(person)), pictures.pages(file_of(changed)), strict=True)
    assert [pictures.difference(seen, before) is None for before, seen in pages].count(False) == 1


def test_a_line_that_moved_by_a_pixel_is_noticed() -> None:
    page = next(pictures.pages(file_of(scenario_people()[0])))
    moved = page.copy()
    moved.paste(page.crop((0, 300, page.width, 320)), (0, 301))
    assert pictures.difference(moved, page)


def test_another_colour_is_noticed() -> None:
    page = next(pictures.pages(file_of(scenario_people()[0])))
    assert pictures.difference(page.convert("L").convert("RGB"), page)


def test_what_rounding_makes_of_a_page_is_not() -> None:
    page = next(pictures.pages(file_of(scenario_people()[0])))
    assert pictures.difference(page.point([max(0, value - 20) for value in range(256)] * 3), page) is None

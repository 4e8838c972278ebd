"""What fpdf2 wrote once is filled in for each certificate, and nothing of one stays for the next."""

import re
from dataclasses import replace

import pytest

from constancia.domain.lima import LIMA
from render.document.container import Kind, container_of
from tests.builders import a_certificate
from tests.school_records import eleven_years, repeated_grades
from tests.sealing import sealed

TWO_PAGES = Kind(
    2,
    signed_page=1,
    language="es-PE",
    attachment="datos.json",
    media_type="application/json",
    description="D",
)


def test_a_file_does_not_tell_whether_its_container_was_kept() -> None:
    certificate = a_certificate(content=eleven_years())
    container_of.cache_clear()
    first = sealed(certificate)
    sealed(a_certificate(content=repeated_grades()))
    assert container_of.cache_info().currsize > 0
    assert sealed(certificate) == first


def test_certificates_of_as_many_pages_share_a_container() -> None:
    assert container_of(TWO_PAGES) is container_of(TWO_PAGES._replace(pages=2))


def test_every_object_has_the_number_that_its_place_says() -> None:
    numbers = [int(text.split(" ", 1)[0]) for text in container_of(TWO_PAGES).objects]
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_is_filled_in_is_empty_in_the_container() -> None:
    container = container_of(TWO_PAGES)
    streams = [*container.contents, container.attachment]
    empty = [container.metadata, *range(container.widget, container.widget + 3)]
    assert all(re.search(r"/Length [0-9]{1,2}\n", container.objects[number - 1]) for number in streams)
    assert [container.objects[number - 1] for number in empty] == [f"{n} 0 obj\n\nendobj" for n in empty]


def test_references_lead_to_objects_of_the_container_or_to_the_structure_s_root() -> None:
    container = container_of(TWO_PAGES)
    texts = [text.partition("stream\n")[0] for text in container.objects]
    referred = {int(number) for text in texts for number in re.findall(r"(\d+) 0 R", text)}
    assert max(referred) == container.structure


@pytest.mark.parametrize("pages", [1, 2, 5])
def test_each_page_has_its_content(pages: int) -> None:
    container = container_of(TWO_PAGES._replace(pages=pages, signed_page=pages - 1))
    for page, content in zip(container.pages, container.contents, strict=True):
        assert f"/Contents {content} 0 R" in container.objects[page - 1]


def test_the_zone_in_which_the_time_of_issue_is_told_does_not_show() -> None:
    certificate = a_certificate(content=eleven_years())
    in_lima = replace(certificate, issued_at=certificate.issued_at.astimezone(LIMA))
    assert sealed(in_lima) == sealed(certificate)

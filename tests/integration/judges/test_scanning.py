"""The QR is read from paper as people have it: printed, scanned, photographed, folded, stained."""

from collections.abc import Iterable

import pytest
from PIL import Image

from tests.judges.scanner import DISTORTIONS, page, scanned
from tests.people import Person, everybody, file_of


def misread(pictures: Iterable[tuple[Person, Image.Image]]) -> dict[str, list[str]]:
    """What was read where it is not the one right address."""
    told = {person: scanned(picture) for person, picture in pictures}
    return {person.name: read for person, read in told.items() if read != [person.address]}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_the_qr_of_everybody_is_read(dpi: int) -> None:
    assert misread((person, page(file_of(person), dpi)) for person in everybody()) == {}


@pytest.mark.slow
@pytest.mark.parametrize("distortion", DISTORTIONS)
def test_the_qr_is_read_from_paper_that_has_lived(distortion: str) -> None:
    dpi, distort = DISTORTIONS[distortion]
    sample = everybody()[::18]
    assert misread((person, distort(page(file_of(person), dpi))) for person in sample) == {}

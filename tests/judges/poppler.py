"""Poppler's commands: the words of a file and where they stand, and what its pages show."""

import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from PIL import Image

from tests.judges import tools

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True, slots=True)
class Box:
    """Points from the upper left corner of a page; pages count from 0."""

    page: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half-way between left and right."""
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def tall(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def around(self, other: "Box") -> "Box":
        """The box that holds both."""
        return Box(
            self.page,
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One word as pdftotext tells it."""

    text: str
    box: Box


def words(data: bytes) -> list[Word]:
    """Every word of a file, in the order of its content. What Poppler complains of is not listened to."""
    told = _told("pdftotext", "-raw", "-bbox", "-enc", "UTF-8", "-", "-", data=data)
    pages = ET.fromstring(told.decode()).iter(f"{_NAMESPACE}page")
    return [
        Word(word.text or "", Box(number, *(float(word.attrib[side]) for side in _SIDES)))
        for number, page in enumerate(pages)
        for word in page.iter(f"{_NAMESPACE}word")
    ]


def pictures(data: bytes, dpi: int) -> list[Image.Image]:
    """Every page of a file, in grey. Unlike pdfium, Poppler shows nothing in place of a missing font."""
    told = _told("pdftoppm", "-gray", "-r", str(dpi), "-", data=data)
    pages, start = [], 0
    while header := _PGM.match(told, start):
        size = int(header[1]), int(header[2])
        start = header.end() + size[0] * size[1]
        pages.append(Image.frombytes("L", size, told[header.end() : start]))
    assert start == len(told)
    return pages


def _told(program: str, *arguments: str, data: bytes) -> bytes:
    command = [tools.program(program), *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


_SIDES = ("xMin", "yMin", "xMax", "yMax")
_PGM = re.compile(rb"P5\s(\d+) (\d+)\s255\s")

"""ReportLab's canvas: every text, line and tint placed by hand. Warm: the faces stay registered."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.benchmarks.peers import look

NAME, VERSION, FILE = "ReportLab canvas", reportlab.__version__, "PDF 1.4, no tags"

_COLOURS = {
    name: HexColor(name)
    for name in (
        look.INK, look.QUIET_INK, look.ACCENT, look.HAIRLINE, look.AREA_LINE, look.PAPER, look.WARNING,
        "#ffffff", "#000000",
    )
}  # fmt: skip
_LEADING = 9.2


def start(setup: dict[str, Any]) -> Callable[[int], bytes]:
    """Register the faces and give what draws."""
    registerFont(TTFont("Noto", f"{setup['fonts']}/NotoSans-Regular.ttf"))
    registerFont(TTFont("NotoBold", f"{setup['fonts']}/NotoSans-Bold.ttf"))
    return lambda number: _Drawing(setup["contents"][number]).draw()


def operators(canvas: Canvas, path: str) -> None:
    """Draw path operators of ours with the canvas's own calls."""
    shape = canvas.beginPath()
    numbers: list[float] = []
    for word in path.split():
        if word in ("m", "l", "c", "h", "re"):
            {"m": shape.moveTo, "l": shape.lineTo, "c": shape.curveTo, "h": shape.close, "re": shape.rect}[
                word
            ](*numbers)
        elif word in ("rg", "RG"):
            (canvas.setFillColorRGB if word == "rg" else canvas.setStrokeColorRGB)(*numbers)
        elif word == "w":
            canvas.setLineWidth(*numbers)
        elif word in ("f", "S", "B"):
            canvas.drawPath(shape, stroke=word != "f", fill=word != "S")
            shape = canvas.beginPath()
        else:
            numbers.append(float(word))
            continue
        numbers = []


class _Drawing:
    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.file = BytesIO()
        self.canvas = Canvas(self.file, (look.WIDTH, look.HEIGHT), pageCompression=1, lang="es-PE")
        self.canvas.setTitle(content["file_title"])
        self.canvas.setAuthor(content["author"])

    def draw(self) -> bytes:
        pages = len(self.content["sections"])
        for number, section in enumerate(self.content["sections"], 1):
            self.band()
            y = self.masthead() if number == 1 else self.running_head()
            y = self.section(section, y)
            if number == pages:
                self.panel()
            self.foot(number, pages)
            self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()

    # ------------------------------------------------------------ small parts; y runs downwards

    def text(self, x: float, y: float, text: str, size: float, **looks: Any) -> None:
        canvas = self.canvas
        canvas.setFont("NotoBold" if looks.get("bold") else "Noto", size)
        canvas.setFillColor(_COLOURS[looks.get("colour", look.INK)])
        draw = {
            "left": canvas.drawString, "right": canvas.drawRightString, "centre": canvas.drawCentredString
        }[looks.get("align", "left")]  # fmt: skip
        draw(x, look.HEIGHT - y, text)

    def texts(self, x: float, y: float, text: str, size: float, width: float, **looks: Any) -> float:
        leading = looks.pop("leading", 1.25 * size)
        for line in simpleSplit(text, "NotoBold" if looks.get("bold") else "Noto", size, width):
            self.text(x, y, line, size, **looks)
            y += leading
        return y

    def rule(self, x0: float, y0: float, x1: float, y1: float, colour: str, weight: float = 0.5) -> None:
        self.canvas.setStrokeColor(_COLOURS[colour])
        self.canvas.setLineWidth(weight)
        self.canvas.line(x0, look.HEIGHT - y0, x1, look.HEIGHT - y1)

    def tint(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.canvas.setFillColor(_COLOURS[colour])
        self.canvas.rect(x, look.HEIGHT - y - height, width, height, stroke=0, fill=1)

    def drawing(self, x: float, y: float, scale: float, path: str) -> None:
        self.canvas.saveState()
        self.canvas.transform(scale, 0, 0, -scale, x, look.HEIGHT - y)
        operators(self.canvas, path)
        self.canvas.restoreState()

    # ------------------------------------------------------------ every page

    def band(self) -> None:
        self.tint(0, 0, look.WIDTH, look.BAND, look.WARNING)
        self.text(look.WIDTH / 2, 19, self.content["band"], 9, bold=True, align="centre")

    def code(self, size: float) -> None:
        self.text(look.RIGHT, 41, self.content["code_label"], 7.4, colour=look.QUIET_INK, align="right")
        self.text(look.RIGHT, 55, self.content["code"], size, bold=True, colour=look.ACCENT, align="right")

    def running_head(self) -> float:
        self.text(look.LEFT, 42, self.content["short_title"], 8, bold=True, colour=look.ACCENT)
        self.text(look.LEFT, 52, self.content["name"], 7.2, colour=look.QUIET_INK)
        self.code(9.5)
        self.rule(look.LEFT, 58, look.RIGHT, 58, look.ACCENT, 0.9)
        return 70

    def foot(self, number: int, pages: int) -> None:
        self.rule(look.LEFT, 788, look.RIGHT, 788, look.HAIRLINE)
        page = f"Página {number} de {pages}"
        self.text(look.RIGHT, 800, page, 7.2, colour=look.QUIET_INK, align="right")
        for line, text in enumerate(self.content["foot"]):
            self.text(look.LEFT, 800 + 9.2 * line, text, 7.2, colour=look.QUIET_INK)

    # ------------------------------------------------------------ first page

    def masthead(self) -> float:
        content, left = self.content, look.LEFT + look.EMBLEM + look.SPACE
        self.drawing(look.LEFT, look.TOP, look.EMBLEM / 100, content["emblem"]["path"])
        self.text(left, 53, content["state"], 9, colour=look.QUIET_INK)
        self.text(left, 66, content["ministry"], 11.5, bold=True)
        y = self.texts(look.LEFT, 103, content["title"], 19, 255, bold=True, colour=look.ACCENT, leading=22.5)
        self.text(look.LEFT, y, content["modality"], 10.5)
        self.text(look.LEFT + 150, y, content["levels"], 10.5)
        self.code(13)
        self.symbol()
        width, height = content["frieze"]["width"], content["frieze"]["height"]
        scale = (look.RIGHT - look.LEFT) / width
        self.drawing(look.LEFT, y + 12, scale, content["frieze"]["path"])
        y += 12 + height * scale + 22
        self.text(look.LEFT, y, content["opening"], 9.6)
        y = self.texts(look.LEFT, y + 18, content["name"], 15, 510, bold=True)
        return self.texts(look.LEFT, y, content["closing"], 9.6, 510, leading=13) + 6

    def symbol(self) -> None:
        side, runs = look.rectangles(self.content["qr"])
        path = self.canvas.beginPath()
        left, top = look.RIGHT - side * look.MODULE, look.HEIGHT - 68
        for x, y, length in runs:
            path.rect(left + x * look.MODULE, top - (y + 1) * look.MODULE, length * look.MODULE, look.MODULE)
        self.canvas.setFillColor(_COLOURS["#000000"])
        self.canvas.drawPath(path, stroke=0, fill=1)

    # ------------------------------------------------------------ levels

    def section(self, section: dict[str, Any], y: float) -> float:
        self.text(look.LEFT, y + 14, section["heading"], 11.5, bold=True, colour=look.ACCENT)
        y += 17
        for table in section["tables"]:
            self.text(look.LEFT, y + 11, table["heading"], 8.4, bold=True)
            y = self.table(table, y + 15)
        for heading, items in section["lists"]:
            y += 18
            self.text(look.LEFT, y, heading, 8.4, bold=True)
            for item in items:
                y = self.texts(look.LEFT + look.CODE_WIDTH, y, item, 8, 390)
        return y

    def table(self, table: dict[str, Any], y: float) -> float:
        columns = len(table["head"][0]) - 1
        lefts = [look.RIGHT - look.COLUMN * (columns - index) for index in range(columns)]
        top = ruled_from = y
        self.rule(look.LEFT, y, look.RIGHT, y, look.ACCENT, 0.9)
        for number, (row, size) in enumerate(zip(table["head"], (8.4, 7.6, 7), strict=True)):
            self.tint(look.LEFT, y, look.RIGHT - look.LEFT, 12.5, look.PAPER if number else look.ACCENT)
            colour = look.INK if number else "#ffffff"
            y = self.row(row, lefts, look.LEFT, y, 12.5, size, bold=number < 2, colour=colour)
        for group in table["groups"]:
            self.verticals(lefts, ruled_from, y)
            self.tint(look.LEFT, y, look.RIGHT - look.LEFT, 12.2, look.PAPER)
            self.rule(look.LEFT, y, look.RIGHT, y, look.AREA_LINE)
            self.text(look.LEFT + look.PADDING, y + 8.8, group["heading"], 7.6, bold=True)
            y = ruled_from = y + 12.2
            for area in group["areas"]:
                y = self.area(area, lefts, y)
        self.tint(look.LEFT, y, look.RIGHT - look.LEFT, 11.5, look.PAPER)
        self.rule(look.LEFT, y, look.RIGHT, y, look.AREA_LINE)
        label, *marks = table["final"]
        self.text(look.LEFT + look.PADDING, y + 8.6, label, 7.6, bold=True)
        for x, mark in zip(lefts, marks, strict=True):
            self.text(x + look.COLUMN / 2, y + 8.3, mark, 6.8, align="centre")
        y += 11.5
        self.verticals(lefts, ruled_from, y)
        self.rule(look.LEFT, top, look.RIGHT, top, look.ACCENT, 0.9)
        self.rule(look.LEFT, y, look.RIGHT, y, look.ACCENT, 0.9)
        return y

    def verticals(self, lefts: list[float], top: float, bottom: float) -> None:
        for x in lefts:
            self.rule(x, top, x, bottom, look.HAIRLINE)

    def area(self, area: dict[str, Any], lefts: list[float], y: float) -> float:
        rows = area["rows"]
        if area["name"] is None:
            for row in rows:
                self.rule(look.LEFT, y, look.RIGHT, y, look.HAIRLINE)
                y = self.row(row, lefts, look.LEFT, y, self.height(row, lefts, look.LEFT), 7.6)
            return y
        left = look.LEFT + look.AREA
        names = simpleSplit(area["name"], "NotoBold", 7.6, look.AREA - 2 * look.PADDING)
        heights = [self.height(row, lefts, left) for row in rows]
        height = max(sum(heights), len(names) * _LEADING + 3)
        stretch = (height - sum(heights)) / len(rows)
        baseline = y + (height - len(names) * _LEADING) / 2 + 7.2
        for line, name in enumerate(names):
            self.text(look.LEFT + look.PADDING, baseline + line * _LEADING, name, 7.6, bold=True)
        top = y
        for number, (row, least) in enumerate(zip(rows, heights, strict=True)):
            self.rule(
                left if number else look.LEFT, y, look.RIGHT, y, look.HAIRLINE if number else look.AREA_LINE
            )
            y = self.row(row, lefts, left, y, least + stretch, 7.6)
        self.rule(left, top, left, y, look.HAIRLINE)
        return y

    def height(self, row: list[str], lefts: list[float], left: float) -> float:
        lines = simpleSplit(row[0], "Noto", 7.6, lefts[0] - left - 2 * look.PADDING)
        return len(lines) * _LEADING + 3

    def row(
        self,
        row: list[str],
        lefts: list[float],
        left: float,
        y: float,
        height: float,
        size: float,
        **looks: Any,
    ) -> float:
        label, *marks = row
        lines = simpleSplit(
            label, "NotoBold" if looks.get("bold") else "Noto", size, lefts[0] - left - 2 * look.PADDING
        )
        baseline = y + (height - len(lines) * _LEADING) / 2 + 7.2
        for number, line in enumerate(lines):
            self.text(left + look.PADDING, baseline + number * _LEADING, line, size, **looks)
        middle = y + height / 2 + 2.8
        for x, mark in zip(lefts, marks, strict=True):
            self.text(x + look.COLUMN / 2, middle, mark, size, align="centre", **looks)
        return y + height

    # ------------------------------------------------------------ closing

    def panel(self) -> None:
        top, height = 652.0, 128.0
        self.tint(look.LEFT, top, look.RIGHT - look.LEFT, height, look.PAPER)
        left = look.LEFT
        for (heading, items), width in zip(self.content["panel"], look.PANEL, strict=True):
            if heading == self.content["panel"][-1][0]:
                self.tint(left, top, width, height, "#ffffff")
                self.canvas.setStrokeColor(_COLOURS[look.ACCENT])
                self.canvas.rect(left, look.HEIGHT - top - height, width, height, stroke=1, fill=0)
            self.text(left + 7.4, top + 16, heading, 8.4, bold=True)
            y = top + 28
            for item in items:
                y = self.texts(left + 7.4, y, item, 7.6, width - 14.8, leading=9.8) + 2.3
            left += width
        self.drawing(look.RIGHT - 26, top + 4, 22.7 / 100, self.content["emblem"]["path"])

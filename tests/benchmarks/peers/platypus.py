"""ReportLab's platypus: flowables and tables, as its manual has it. Warm: the faces stay registered."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.colors import HexColor, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from tests.benchmarks.peers import look
from tests.benchmarks.peers.canvas import operators

NAME, VERSION, FILE = "ReportLab platypus", reportlab.__version__, "PDF 1.4, no tags"

_INK, _QUIET, _ACCENT = HexColor(look.INK), HexColor(look.QUIET_INK), HexColor(look.ACCENT)
_HAIRLINE, _AREA_LINE = HexColor(look.HAIRLINE), HexColor(look.AREA_LINE)
_PAPER, _WARNING = HexColor(look.PAPER), HexColor(look.WARNING)


def _style(size: float, leading: float, *, bold: bool = False, colour: Any = _INK) -> ParagraphStyle:
    face = "NotoBold" if bold else "Noto"
    return ParagraphStyle("", fontName=face, fontSize=size, leading=leading, textColor=colour)


_TITLE = _style(19, 22.5, bold=True, colour=_ACCENT)
_SUBTITLE, _BODY = _style(10.5, 14), _style(9.6, 13)
_HOLDER = _style(15, 20, bold=True)
_HEADING, _SUBHEADING = _style(11.5, 14, bold=True, colour=_ACCENT), _style(8.4, 11, bold=True)
_NOTE, _PANEL = _style(8, 10.6), _style(7.6, 9.8)
_CELL, _CELL_STRONG = _style(7.6, 9.2), _style(7.6, 9.2, bold=True)


def start(setup: dict[str, Any]) -> Callable[[int], bytes]:
    """Register the faces and give what draws."""
    registerFont(TTFont("Noto", f"{setup['fonts']}/NotoSans-Regular.ttf"))
    registerFont(TTFont("NotoBold", f"{setup['fonts']}/NotoSans-Bold.ttf"))
    return lambda number: _draw(setup["contents"][number])


def _draw(content: dict[str, Any]) -> bytes:
    file = BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=(look.WIDTH, look.HEIGHT),
        title=content["file_title"],
        author=content["author"],
        lang="es-PE",
        pageCompression=1,
    )
    width = look.RIGHT - look.LEFT
    document.addPageTemplates(
        [
            PageTemplate(
                name,
                [Frame(look.LEFT, 56, width, top - 56, 0, 0, 0, 0)],
                onPage=lambda canvas, _document, head=head: head(canvas, content),
            )
            for name, top, head in (("first", 790, _masthead), ("further", 776, _running_head))
        ]
    )
    document.build(_story(content), canvasmaker=lambda *args, **kwargs: _Counted(content, *args, **kwargs))
    return file.getvalue()


class _Counted(Canvas):  # type: ignore[misc]
    """Draws the feet when the number of pages is known: the manual's recipe."""

    def __init__(self, content: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        self.states: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the canvas's own name
        self.states.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        states = self.states
        for number, state in enumerate(states, 1):
            self.__dict__.update(state)
            self.setFont("Noto", 7.2)
            self.setFillColor(_QUIET)
            self.drawRightString(look.RIGHT, 42, f"Página {number} de {len(states)}")
            for line, text in enumerate(self.content["foot"]):
                self.drawString(look.LEFT, 42 - 9.2 * line, text)
            self.setStrokeColor(_HAIRLINE)
            self.line(look.LEFT, 53, look.RIGHT, 53)
            super().showPage()
        super().save()


def _band(canvas: Canvas, content: dict[str, Any], size: float) -> None:
    canvas.setFillColor(_WARNING)
    canvas.rect(0, look.HEIGHT - look.BAND, look.WIDTH, look.BAND, stroke=0, fill=1)
    canvas.setFillColor(_INK)
    canvas.setFont("NotoBold", 9)
    canvas.drawCentredString(look.WIDTH / 2, look.HEIGHT - 19, content["band"])
    canvas.setFont("Noto", 7.4)
    canvas.setFillColor(_QUIET)
    canvas.drawRightString(look.RIGHT, look.HEIGHT - 41, content["code_label"])
    canvas.setFont("NotoBold", size)
    canvas.setFillColor(_ACCENT)
    canvas.drawRightString(look.RIGHT, look.HEIGHT - 55, content["code"])


def _masthead(canvas: Canvas, content: dict[str, Any]) -> None:
    _band(canvas, content, 13)


def _running_head(canvas: Canvas, content: dict[str, Any]) -> None:
    _band(canvas, content, 9.5)
    canvas.setFont("NotoBold", 8)
    canvas.drawString(look.LEFT, look.HEIGHT - 42, content["short_title"])
    canvas.setFont("Noto", 7.2)
    canvas.setFillColor(_QUIET)
    canvas.drawString(look.LEFT, look.HEIGHT - 52, content["name"])
    canvas.setStrokeColor(_ACCENT)
    canvas.line(look.LEFT, look.HEIGHT - 58, look.RIGHT, look.HEIGHT - 58)


class _Drawing(Flowable):  # type: ignore[misc]
    def __init__(self, path: str, width: float, height: float, scale: float) -> None:
        super().__init__()
        self.path, self.width, self.height, self.scale = path, width * scale, height * scale, scale

    def draw(self) -> None:
        self.canv.transform(self.scale, 0, 0, -self.scale, 0, self.height)
        operators(self.canv, self.path)


def _symbol(content: dict[str, Any]) -> _Drawing:
    side, runs = look.rectangles(content["qr"])
    path = " ".join(f"{x} {y} {length} 1 re" for x, y, length in runs)
    return _Drawing(f"0 0 0 rg {path} f", side, side, look.MODULE)


def _story(content: dict[str, Any]) -> list[Any]:
    frieze, width = content["frieze"], look.RIGHT - look.LEFT
    state = [
        Paragraph(escape(content["state"]), _style(9, 12, colour=_QUIET)),
        Paragraph(escape(content["ministry"]), _style(11.5, 14, bold=True)),
    ]
    emblem = _Drawing(content["emblem"]["path"], 100, 100, look.EMBLEM / 100)
    titles = [
        Table([[emblem, state]], [51, 250], style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *_BARE]),
        Paragraph(escape(content["title"]), _TITLE),
        Paragraph(f"{escape(content['modality'])} &nbsp; {escape(content['levels'])}", _SUBTITLE),
    ]
    story = [
        NextPageTemplate("further"),
        Table(
            [[titles, _symbol(content)]],
            [width - 65.5, 65.5],
            style=[("VALIGN", (0, 0), (-1, -1), "BOTTOM"), *_BARE],
        ),
        Spacer(0, 6),
        _Drawing(frieze["path"], frieze["width"], frieze["height"], width / frieze["width"]),
        Spacer(0, 10),
        Paragraph(escape(content["opening"]), _BODY),
        Paragraph(escape(content["name"]), _HOLDER),
        Paragraph(escape(content["closing"]), _BODY),
    ]
    for section in content["sections"]:
        story += [Spacer(0, 12), Paragraph(escape(section["heading"]), _HEADING)]
        for table in section["tables"]:
            story += [Paragraph(escape(table["heading"]), _SUBHEADING), Spacer(0, 3), _table(table)]
        for heading, items in section["lists"]:
            said = [Paragraph(escape(item), _NOTE) for item in items]
            row = [Paragraph(escape(heading), _SUBHEADING), said]
            story += [
                Spacer(0, 8),
                Table(
                    [row],
                    [look.CODE_WIDTH, width - look.CODE_WIDTH],
                    style=[*_BARE, ("VALIGN", (0, 0), (-1, -1), "TOP")],
                ),
            ]
    columns = [
        [Paragraph(escape(heading), _SUBHEADING), *(Paragraph(escape(item), _PANEL) for item in items)]
        for heading, items in content["panel"]
    ]
    columns[-1].insert(0, _Drawing(content["emblem"]["path"], 100, 100, 0.227))
    style = [
        ("BACKGROUND", (0, 0), (1, 0), _PAPER),
        ("BOX", (2, 0), (2, 0), 0.9, _ACCENT),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return [*story, Spacer(0, 10), Table([columns], look.PANEL, style=style)]


_BARE = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]


def _table(table: dict[str, Any]) -> Table:
    columns = len(table["head"][0]) - 1
    widths = [
        look.AREA,
        look.RIGHT - look.LEFT - look.AREA - columns * look.COLUMN,
        *[look.COLUMN] * columns,
    ]
    rows: list[list[Any]] = []
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), "Noto", 7.6, 9.2),
        ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
        ("ALIGN", (2, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("LEFTPADDING", (0, 0), (-1, -1), look.PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), look.PADDING / 2),
        ("INNERGRID", (0, 0), (-1, -1), 0.5, _HAIRLINE),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, _ACCENT),
        ("LINEBELOW", (0, -1), (-1, -1), 0.9, _ACCENT),
        ("BACKGROUND", (0, 0), (-1, 0), _ACCENT),
        ("TEXTCOLOR", (0, 0), (-1, 0), white),
        ("FONT", (0, 0), (-1, 1), "NotoBold", 8, 9.2),
        ("BACKGROUND", (0, 1), (-1, 2), _PAPER),
        ("FONT", (0, 2), (-1, 2), "Noto", 7, 8.4),
        ("BACKGROUND", (0, -1), (-1, -1), _PAPER),
        ("FONT", (2, -1), (-1, -1), "Noto", 6.8, 8),
        ("FONT", (0, -1), (0, -1), "NotoBold", 7.6, 9.2),
        ("SPAN", (0, -1), (1, -1)),
    ]
    for label, *marks in table["head"]:
        style.append(("SPAN", (0, len(rows)), (1, len(rows))))
        rows.append([label, "", *marks])
    for group in table["groups"]:
        at = len(rows)
        style += [
            ("SPAN", (0, at), (-1, at)),
            ("BACKGROUND", (0, at), (-1, at), _PAPER),
            ("FONT", (0, at), (0, at), "NotoBold", 7.6, 9.2),
            ("LINEABOVE", (0, at), (-1, at), 0.5, _AREA_LINE),
        ]
        rows.append([group["heading"], *[""] * (columns + 1)])
        for area in group["areas"]:
            at = len(rows)
            if area["name"]:
                last = at + len(area["rows"]) - 1
                style += [("SPAN", (0, at), (0, last)), ("LINEABOVE", (0, at), (-1, at), 0.5, _AREA_LINE)]
            else:
                style += [("SPAN", (0, row), (1, row)) for row in range(at, at + len(area["rows"]))]
            for number, (label, *marks) in enumerate(area["rows"]):
                name = Paragraph(escape(area["name"]), _CELL_STRONG) if area["name"] and not number else ""
                said = Paragraph(escape(label), _CELL)
                rows.append([name, said, *marks] if area["name"] else [said, "", *marks])
    label, *marks = table["final"]
    rows.append([label, "", *marks])
    return Table(rows, widths, repeatRows=3, style=style)

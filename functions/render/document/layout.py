"""The certificate from top to bottom: what stands where. Measures, type and colours are in `style`.

masthead     emblem, ministry, title, modality and levels; virtual code and QR in the upper right corner
statement    the sentence that says whose results these are
levels       for each: its tables, its schools, its observations
closing      how to read the marks; number and time of issue; how to verify
seal         who seals the file
every page   running head (from the second page on) and foot
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from constancia.domain.content import LevelRecord
from constancia.domain.tables import tables_of
from constancia.domain.virtual_code import grouped
from render.document import qr, style
from render.document.draft import SealAppearance
from render.document.emblem import EMBLEM, FRIEZE, FRIEZE_HEIGHT, FRIEZE_WIDTH, SIDE
from render.document.flow import Flow, set_lines
from render.document.sheet import Element, Field, Sheet, Type
from render.document.table import MeasuredTable, TableDrawing, side_by_side


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A certificate on its pages."""

    sheets: tuple[Sheet, ...]
    structure: Element
    """The root, `Document`, of what the pages say."""
    seal: Field
    """Where the seal stands. It is a kid of a `Form` element of the structure."""


def lay_out(certificate: Certificate, verify_url: str, appearance: SealAppearance) -> LaidOut:
    """Draw every page of a certificate, and build the structure of what they say."""
    return _Layout(certificate, verify_url, appearance).run()


def human_address(verify_url: str) -> str:
    """The address that a person types: scheme, host and path up to `/validate`, without code and token."""
    parts = urlsplit(verify_url)
    path = parts.path.rpartition("/")[0]
    return f"{parts.scheme}://{parts.netloc}{path}"


class _Layout:
    def __init__(self, certificate: Certificate, verify_url: str, appearance: SealAppearance) -> None:
        self._content = certificate.content
        self._code = grouped(certificate.code)
        self._address = human_address(verify_url)
        self._symbol = qr.symbol_of(verify_url)
        self._issued = texts.issued(certificate.number, certificate.issued_at)
        self._foot = style.FOOT.wrapped(texts.verify_at(self._address), style.WIDTH)
        self._holder = style.FOOT.wrapped(self._content.holder.name.full, style.WIDTH - style.CODE_WIDTH)
        self._appearance = appearance
        self._root = Element("Document")

    def run(self) -> LaidOut:
        foot = (1 + len(self._foot)) * style.FOOT.leading + style.SPACE
        top = (
            style.TOP + style.RUNNING_TITLE.leading + len(self._holder) * style.FOOT.leading + 2 * style.SPACE
        )
        self._flow = Flow(top, style.BOTTOM - foot, self._open_page)
        self._statement()
        for record in self._content.levels:
            self._level(record)
        self._closing()
        seal = self._seal()
        sheets = tuple(self._flow.sheets)
        for sheet in sheets:
            self._draw_foot(sheet, len(sheets))
        return LaidOut(sheets, self._root, seal)

    # ------------------------------------------------------------ every page

    def _open_page(self, sheet: Sheet) -> float:
        return self._running_head(sheet) if sheet.index else self._masthead(sheet)

    def _running_head(self, sheet: Sheet) -> float:
        with sheet.artifact():
            y = set_lines(sheet, style.LEFT, style.TOP, (texts.SHORT_TITLE,), style.RUNNING_TITLE)
            y = set_lines(sheet, style.LEFT, y, self._holder, style.FOOT) + style.SPACE / 2
            self._draw_code(sheet, style.RUNNING_CODE)
            sheet.rule((style.LEFT, y), (style.RIGHT, y), style.ACCENT, style.STRONG_RULE)
        return y + 1.5 * style.SPACE

    def _draw_code(self, sheet: Sheet, kind: Type) -> float:
        """The virtual code in the upper right corner."""
        y = set_lines(sheet, style.RIGHT, style.TOP, (texts.VIRTUAL_CODE,), style.CODE_LABEL, "right")
        return set_lines(sheet, style.RIGHT, y, (self._code,), kind, "right")

    def _draw_foot(self, sheet: Sheet, pages: int) -> None:
        top = style.BOTTOM - (1 + len(self._foot)) * style.FOOT.leading
        with sheet.artifact():
            y = top - style.SPACE / 2
            sheet.rule((style.LEFT, y), (style.RIGHT, y), style.HAIRLINE, style.RULE)
            page = texts.page_of(sheet.index + 1, pages)
            set_lines(sheet, style.RIGHT, top, (page,), style.FOOT, "right")
            set_lines(sheet, style.LEFT, top, (". ".join(self._issued), *self._foot), style.FOOT)

    # ------------------------------------------------------------ first page

    def _masthead(self, sheet: Sheet) -> float:
        root, left = self._root, style.LEFT + style.EMBLEM_SIDE + style.SPACE
        with sheet.content_of(root.add("Figure", alternative=texts.EMBLEM_TEXT)):
            sheet.paths(style.LEFT, style.TOP, style.EMBLEM_SIDE / SIDE, EMBLEM)
        y = style.TOP + (style.EMBLEM_SIDE - style.STATE.leading - style.MINISTRY.leading) / 2
        with sheet.content_of(root.add("P")):
            y = set_lines(sheet, left, y, (texts.STATE,), style.STATE)
            set_lines(sheet, left, y, (texts.MINISTRY,), style.MINISTRY)

        width = style.WIDTH - style.CODE_WIDTH
        y = style.TOP + style.EMBLEM_SIDE + style.SPACE
        with sheet.content_of(root.add("H1")):
            y = set_lines(
                sheet, style.LEFT, y, style.TITLE.wrapped(texts.TITLE, style.TITLE_WIDTH), style.TITLE
            )
        y += style.SPACE / 2
        modality = texts.modality(self._content.modality)
        levels = texts.levels(record.level for record in self._content.levels)
        left = style.LEFT + style.SUBTITLE.width(modality) + 2 * style.SPACE
        with sheet.artifact():
            middle = left - style.SPACE
            sheet.rule(
                (middle, y + style.SPACE / 3),
                (middle, y + style.SUBTITLE.leading - style.SPACE / 3),
                style.HAIRLINE,
                style.STRONG_RULE,
            )
        with sheet.content_of(root.add("P")):
            set_lines(sheet, style.LEFT, y, (modality,), style.SUBTITLE)
        with sheet.content_of(root.add("P")):
            y = set_lines(
                sheet, left, y, style.SUBTITLE.wrapped(levels, style.LEFT + width - left), style.SUBTITLE
            )

        with sheet.content_of(root.add("P")):
            corner = self._draw_code(sheet, style.CODE)
        y = max(y, self._draw_symbol(sheet, corner)) + style.SPACE
        with sheet.artifact():
            scale = style.WIDTH / FRIEZE_WIDTH
            sheet.paths(style.LEFT, y, scale, FRIEZE)
        return y + FRIEZE_HEIGHT * scale + 1.5 * style.SPACE

    def _draw_symbol(self, sheet: Sheet, top: float) -> float:
        """The QR, its dark modules flush right; the quiet zone reaches into the margin."""
        module = max(style.QR_MODULE_SMALLEST, min(style.QR_MODULE, style.QR_SIDE / self._symbol.side))
        x = style.RIGHT - (self._symbol.side - qr.QUIET_ZONE) * module
        with sheet.content_of(self._root.add("Figure", alternative=texts.qr_alternative(self._address))):
            sheet.paths(x, top, module, self._symbol.path)
        return top + self._symbol.side * module

    def _statement(self) -> None:
        content = self._content
        document = content.holder.document
        closing = texts.closing(
            document.type, document.number, content.modality, [record.level for record in content.levels]
        )
        self._paragraph(self._root, texts.OPENING, style.BODY)
        self._paragraph(self._root, content.holder.name.full, style.NAME)
        self._flow.space(style.SPACE / 3)
        self._paragraph(self._root, closing, style.BODY)

    # ------------------------------------------------------------ levels

    def _level(self, record: LevelRecord) -> None:
        section = self._root.add("Sect")
        tables = [part for table in tables_of(record) for part in side_by_side(table)]
        for number, table in enumerate(tables):
            measured = MeasuredTable(record.level, table)
            self._flow.space(2 * style.SPACE)
            headings = style.HEADING.leading + style.SUBHEADING.leading + style.SPACE
            self._flow.reserve(headings + measured.least_height(self._flow.page_room - headings))
            if number == 0:
                self._heading(section, "H2", texts.level_heading(record.level), style.HEADING)
            years = [column.year.year for column in table.columns if column.year]
            self._heading(section, "H3", texts.table_heading(table.granularity, years), style.SUBHEADING)
            TableDrawing(self._flow, section, measured).draw()
        schools = {(year.school.printed_code, year.school.name): None for year in record.years}
        self._list(section, texts.SCHOOLS, [f"{code} - {name}" for code, name in schools])
        observations = [texts.observation(item) for item in record.observations]
        self._list(section, texts.OBSERVATIONS, observations or [texts.NO_OBSERVATIONS])

    def _list(self, parent: Element, heading: str, items: Sequence[str]) -> None:
        """A heading, and beside it one item under the other."""
        flow, left, width = self._flow, style.LEFT + style.LIST_INDENT, style.WIDTH - style.LIST_INDENT
        flow.space(style.SPACE)
        flow.reserve(len(style.NOTE.wrapped(items[0], width)) * style.NOTE.leading)
        with flow.sheet.content_of(parent.add("H3")):
            set_lines(flow.sheet, style.LEFT, flow.y, (heading,), style.SUBHEADING)
        items_of = parent.add("L")
        for item in items:
            flow.paragraph(items_of.add("LI").add("LBody"), item, style.NOTE, left, width)
            flow.space(style.ITEM_SPACE)

    # ------------------------------------------------------------ closing

    def _closing(self) -> None:
        """A panel that stays in one piece: how to read the marks, and beside it how to verify."""
        years = [year for record in self._content.levels for year in record.years]
        legend = texts.legend(result.scale for year in years for result in year.results)
        verify = texts.how_to_verify(self._address, self._code)
        issue = [*(f"{line}." for line in self._issued), *verify]
        beside = style.LEGEND_WIDTH + style.SPACE
        columns = (
            (texts.LEGEND, legend, style.LEFT + style.SPACE, style.LEGEND_WIDTH - style.SPACE),
            (texts.ISSUE, issue, style.LEFT + beside, style.WIDTH - beside - style.SPACE),
        )
        set_columns = [
            (heading, left, [style.NOTE.wrapped(text, width) for text in items])
            for heading, items, left, width in columns
        ]
        lines = max(sum(map(len, items)) for _, _, items in set_columns)
        height = style.SUBHEADING.leading + lines * style.NOTE.leading + 2 * style.SPACE

        flow = self._flow
        flow.space(style.SPACE)
        flow.reserve(height)
        with flow.sheet.artifact():
            flow.sheet.tint(style.LEFT, flow.y, style.WIDTH, height, style.PAPER)
        for heading, left, items in set_columns:
            section = self._root.add("Sect")
            with flow.sheet.content_of(section.add("H2")):
                y = set_lines(flow.sheet, left, flow.y + style.SPACE, (heading,), style.SUBHEADING)
            for item in items:
                with flow.sheet.content_of(section.add("P")):
                    y = set_lines(flow.sheet, left, y, item, style.NOTE)
        flow.y += height

    def _seal(self) -> Field:
        """A panel in one piece: who seals. Readers of PDF show the seal's state when it is pressed."""
        flow, left, width = self._flow, style.LEFT + style.SPACE, style.WIDTH - 2 * style.SPACE
        said = [(text, style.NOTE) for text in texts.seal(self._appearance.signer)]
        if self._appearance.demo:
            said.append((texts.SEAL_DEMO, style.NOTE_STRONG))
        paragraphs = [(kind.wrapped(text, width), kind) for text, kind in said]
        height = style.SUBHEADING.leading + 2 * style.SPACE
        height += sum(len(lines) * kind.leading for lines, kind in paragraphs)
        flow.space(style.SPACE)
        flow.reserve(height)
        seal = Field(flow.sheet.index, style.LEFT, flow.y, style.WIDTH, height)
        with flow.sheet.artifact():
            flow.sheet.tint(seal.left, seal.top, seal.width, seal.height, style.PAPER)
        section = self._root.add("Sect")
        with flow.sheet.content_of(section.add("H2")):
            y = set_lines(flow.sheet, left, flow.y + style.SPACE, (texts.SEAL,), style.SUBHEADING)
        for lines, kind in paragraphs:
            with flow.sheet.content_of(section.add("P")):
                y = set_lines(flow.sheet, left, y, lines, kind)
        section.add("Form").kids.append(seal)
        flow.y += height
        return seal

    # ------------------------------------------------------------ small parts

    def _heading(self, parent: Element, role: str, text: str, kind: Type) -> None:
        self._flow.paragraph(parent.add(role), text, kind, style.LEFT, style.WIDTH)
        self._flow.space(style.SPACE / 3)

    def _paragraph(self, parent: Element, text: str, kind: Type) -> None:
        self._flow.paragraph(parent.add("P"), text, kind, style.LEFT, style.WIDTH)

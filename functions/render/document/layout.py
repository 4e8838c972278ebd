"""The certificate from top to bottom: what stands where. Measures, type and colours are in `style`.

masthead     emblem, ministry, title, modality and levels; virtual code and QR in the upper right corner
statement    the sentence that says whose results these are
levels       for each: its tables, its schools, its observations
closing      a panel at the foot of the last page: how to read the marks, how to verify, issue and seal
every page   running head (from the second page on) and foot; of a demonstration, that it is one
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
from render.document.flow import Aloud, Flow, set_lines, set_paragraph
from render.document.form import TableForm
from render.document.ornament import FRIEZE
from render.document.sheet import Element, Field, Sheet, Type
from render.document.svg import Drawing
from render.document.table import side_by_side

_LIST_WIDTH = style.WIDTH - style.LIST_INDENT


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A certificate on its pages."""

    sheets: tuple[Sheet, ...]
    structure: Element
    """The root, `Document`, of what the pages say."""
    seal: Field
    """Where the seal stands. It is a kid of a `Form` element of the structure."""


def lay_out(
    certificate: Certificate, verify_url: str, appearance: SealAppearance, emblem: Drawing
) -> LaidOut:
    """Draw every page of a certificate, and build the structure of what they say."""
    return _Layout(certificate, verify_url, appearance, emblem).run()


def human_address(verify_url: str) -> str:
    """The address that a person types: scheme, host and path up to `/validate`, without code and token."""
    parts = urlsplit(verify_url)
    path = parts.path.rpartition("/")[0]
    return f"{parts.scheme}://{parts.netloc}{path}"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the closing panel, its texts broken into lines."""

    heading: str
    left: float
    paragraphs: tuple[tuple[tuple[str, ...], Type], ...]

    @property
    def height(self) -> float:
        lines = sum(len(lines) * kind.leading + style.ITEM_SPACE for lines, kind in self.paragraphs)
        return style.SUBHEADING.leading + style.ITEM_SPACE + lines


def _item_heights(items: Sequence[str]) -> list[float]:
    """The heights of a list's items, without the spaces between them."""
    return [len(style.NOTE.wrapped(item, _LIST_WIDTH)) * style.NOTE.leading for item in items]


class _Layout:
    def __init__(
        self, certificate: Certificate, verify_url: str, appearance: SealAppearance, emblem: Drawing
    ) -> None:
        self._content = certificate.content
        self._code = grouped(certificate.code)
        self._aloud = Aloud(texts.aloud(self._content, self._code))
        self._address = human_address(verify_url)
        self._symbol = qr.symbol_of(verify_url)
        self._issued = texts.issued(certificate.number, certificate.issued_at)
        self._foot = style.FOOT.wrapped(texts.verify_at(self._address), style.WIDTH)
        self._holder = style.FOOT.wrapped(self._content.holder.name.full, style.WIDTH - style.CODE_WIDTH)
        self._appearance = appearance
        self._emblem = emblem
        self._panel = self._measured_panel()
        tallest = max(column.height for column in self._panel)
        self._panel_height = tallest + 2 * style.PANEL_PADDING
        self._root = Element("Document")

    def run(self) -> LaidOut:
        foot = (1 + len(self._foot)) * style.FOOT.leading + style.SPACE
        top = (
            style.TOP + style.RUNNING_TITLE.leading + len(self._holder) * style.FOOT.leading + 2 * style.SPACE
        )
        self._flow = Flow(top, style.BOTTOM - foot, self._open_page, self._aloud)
        self._statement()
        for record in self._content.levels:
            self._level(record)
        seal = self._closing()
        sheets = tuple(self._flow.sheets)
        for sheet in sheets:
            self._draw_foot(sheet, len(sheets))
        return LaidOut(sheets, self._root, seal)

    # ------------------------------------------------------------ every page

    def _open_page(self, sheet: Sheet) -> float:
        if self._appearance.demo:
            self._draw_demo_band(sheet)
        return self._running_head(sheet) if sheet.index else self._masthead(sheet)

    def _draw_demo_band(self, sheet: Sheet) -> None:
        """What nobody can overlook. It is read aloud once, before everything else."""
        with sheet.artifact():
            sheet.tint(0, 0, style.PAGE_WIDTH, style.DEMO_BAND, style.WARNING)
        top = style.DEMO_BAND - style.DEMO.leading - style.SPACE / 3
        with sheet.artifact() if sheet.index else sheet.content_of(self._root.add("P")):
            set_lines(sheet, style.PAGE_WIDTH / 2, top, (texts.DEMO,), style.DEMO, "centre")

    def _running_head(self, sheet: Sheet) -> float:
        with sheet.artifact():
            y = set_lines(sheet, style.LEFT, style.TOP, (texts.SHORT_TITLE,), style.RUNNING_TITLE)
            y = set_lines(sheet, style.LEFT, y, self._holder, style.FOOT) + style.SPACE / 2
            self._draw_code(sheet, style.RUNNING_CODE)
            sheet.rule((style.LEFT, y), (style.RIGHT, y), style.ACCENT, style.STRONG_RULE)
        return y + 1.5 * style.SPACE

    def _draw_code(self, sheet: Sheet, kind: Type, element: Element | None = None) -> float:
        """The virtual code in the upper right corner; without an element, as the repetition of it."""
        left = style.RIGHT - style.CODE_LABEL.width(texts.VIRTUAL_CODE)
        label, y = (texts.VIRTUAL_CODE,), style.TOP
        if element is None:
            y = set_lines(sheet, left, y, label, style.CODE_LABEL)
            return set_lines(sheet, style.RIGHT, y, (self._code,), kind, "right")
        y = set_paragraph(sheet, element, left, y, label, style.CODE_LABEL, self._aloud)
        with sheet.content_of(element.add("Span", expansion=texts.code_aloud(self._code))):
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
        figure = root.add("Figure", alternative=self._emblem.description)
        figure.box = sheet.box(style.LEFT, style.TOP, style.EMBLEM_SIDE, style.EMBLEM_SIDE)
        with sheet.content_of(figure):
            self._draw_emblem(sheet, style.LEFT, style.TOP, style.EMBLEM_SIDE)
        y = style.TOP + (style.EMBLEM_SIDE - style.STATE.leading - style.MINISTRY.leading) / 2
        ministry = root.add("P")
        y = set_paragraph(sheet, ministry, left, y, (texts.STATE,), style.STATE, self._aloud)
        set_paragraph(sheet, ministry, left, y, (texts.MINISTRY,), style.MINISTRY, self._aloud)

        width = style.WIDTH - style.CODE_WIDTH
        y = style.TOP + style.EMBLEM_SIDE + style.SPACE
        title = style.TITLE.wrapped(texts.TITLE, style.TITLE_WIDTH)
        y = set_paragraph(sheet, root.add("H1"), style.LEFT, y, title, style.TITLE, self._aloud)
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
        set_paragraph(sheet, root.add("P"), style.LEFT, y, (modality,), style.SUBTITLE, self._aloud)
        lines = style.SUBTITLE.wrapped(levels, style.LEFT + width - left)
        y = set_paragraph(sheet, root.add("P"), left, y, lines, style.SUBTITLE, self._aloud)

        corner = self._draw_code(sheet, style.CODE, root.add("P"))
        y = max(y, self._draw_symbol(sheet, corner)) + style.SPACE
        with sheet.artifact():
            scale = style.WIDTH / FRIEZE.width
            sheet.paths(style.LEFT, y, scale, FRIEZE.operators)
        return y + FRIEZE.height * scale + 1.5 * style.SPACE

    def _draw_emblem(self, sheet: Sheet, left: float, top: float, side: float) -> None:
        """The emblem in the middle of a square."""
        width, height = self._emblem.width, self._emblem.height
        scale = side / max(width, height)
        left, top = left + (side - width * scale) / 2, top + (side - height * scale) / 2
        sheet.paths(left, top, scale, self._emblem.operators)

    def _draw_symbol(self, sheet: Sheet, top: float) -> float:
        """The QR, its dark modules flush right; the quiet zone reaches into the margin."""
        module = max(style.QR_MODULE_SMALLEST, min(style.QR_MODULE, style.QR_SIDE / self._symbol.side))
        x = style.RIGHT - (self._symbol.side - qr.QUIET_ZONE) * module
        side = self._symbol.side * module
        figure = self._root.add("Figure", alternative=texts.qr_alternative(self._address))
        figure.box = sheet.box(x, top, side, side)
        with sheet.content_of(figure):
            sheet.paths(x, top, module, self._symbol.path)
        return top + side

    def _statement(self) -> None:
        content = self._content
        document = content.holder.document
        closing = texts.closing(
            document.type, document.number, content.modality, [record.level for record in content.levels]
        )
        sentence = self._root.add("P")
        self._paragraph(sentence, texts.OPENING, style.BODY)
        self._paragraph(sentence, content.holder.name.full, style.NAME)
        self._flow.space(style.SPACE / 3)
        self._paragraph(sentence, closing, style.BODY)

    # ------------------------------------------------------------ levels

    def _level(self, record: LevelRecord) -> None:
        section = self._root.add("Sect")
        tables = [part for table in tables_of(record) for part in side_by_side(table)]
        for number, table in enumerate(tables):
            form = TableForm(record.level, table)
            self._flow.space(2 * style.SPACE)
            headings = style.HEADING.leading + style.SUBHEADING.leading + style.SPACE
            self._flow.reserve(headings + form.least_height(self._flow.page_room - headings))
            if number == 0:
                self._heading(section, "H2", texts.level_heading(record.level), style.HEADING)
            years = [column.year.year for column in table.columns if column.year]
            self._heading(section, "H3", texts.table_heading(table.granularity, years), style.SUBHEADING)
            form.draw(self._flow, section)
        schools = {(year.school.printed_code, year.school.name): None for year in record.years}
        observations = [texts.observation(item) for item in record.observations]
        lists = {
            texts.SCHOOLS: [f"{code} - {name}" for code, name in schools],
            texts.OBSERVATIONS: observations or [texts.NO_OBSERVATIONS],
        }
        below = 0.0
        if record is self._content.levels[-1]:
            # The closing panel never stands on a page alone: lists that are short go there with it.
            below = self._panel_height + 2 * style.SPACE
            height = below + sum(
                style.SPACE + sum(_item_heights(items)) + len(items) * style.ITEM_SPACE
                for items in lists.values()
            )
            if height <= self._flow.page_room / 2:
                self._flow.reserve(height)
        self._list(section, texts.SCHOOLS, lists[texts.SCHOOLS])
        self._list(section, texts.OBSERVATIONS, lists[texts.OBSERVATIONS], below)

    def _list(self, parent: Element, heading: str, items: Sequence[str], below: float = 0) -> None:
        """A heading, and beside it one item under the other. The last one stays with what comes `below`."""
        flow, left = self._flow, style.LEFT + style.LIST_INDENT
        flow.space(style.SPACE)
        page: Sheet | None = None
        listed: Element | None = None
        for number, (item, height) in enumerate(zip(items, _item_heights(items), strict=True), start=1):
            keep = height + (below if number == len(items) else 0)
            flow.reserve(keep if keep <= flow.page_room else style.NOTE.leading)
            if page is None:
                page = flow.sheet
                with page.content_of(parent.add("H3")):
                    set_lines(page, style.LEFT, flow.y, (heading,), style.SUBHEADING)
                listed = None if items == [texts.NO_OBSERVATIONS] else parent.add("L")
            element = listed.add("LI").add("LBody") if listed else parent.add("P")
            flow.paragraph(element, item, style.NOTE, left, _LIST_WIDTH)
            if flow.sheet is not page:
                page = flow.sheet
                with page.artifact():
                    set_lines(page, style.LEFT, flow.top, (heading,), style.SUBHEADING)
            flow.space(style.ITEM_SPACE)

    # ------------------------------------------------------------ closing

    def _measured_panel(self) -> tuple[_Column, ...]:
        years = [year for record in self._content.levels for year in record.years]
        legend = texts.legend(result.scale for year in years for result in year.results)
        seal = [*(f"{line}." for line in self._issued), *texts.seal(self._appearance.signer)]
        columns = (
            (texts.LEGEND, legend, style.LEGEND_WIDTH),
            (texts.VERIFICATION, texts.how_to_verify(self._address, self._code), style.VERIFICATION_WIDTH),
            (texts.ISSUE_AND_SEAL, seal, style.SEAL_WIDTH),
        )
        measured, left = [], style.LEFT
        for heading, items, width in columns:
            said = [(item, style.PANEL) for item in items]
            if items is seal and self._appearance.demo:
                said.append((texts.SEAL_DEMO, style.PANEL_STRONG))
            room = width - 2 * style.PANEL_PADDING
            paragraphs = tuple((kind.wrapped(item, room), kind) for item, kind in said)
            measured.append(_Column(heading, left + style.PANEL_PADDING, paragraphs))
            left += width
        return tuple(measured)

    def _closing(self) -> Field:
        """The panel at the foot of the last page. Readers of PDF show the seal's state when it is pressed."""
        flow, height = self._flow, self._panel_height
        flow.space(style.SPACE)
        flow.reserve(height + style.SPACE / 2)
        sheet, top = flow.sheet, flow.bottom - height - style.SPACE / 2
        seal = Field(sheet.index, style.RIGHT - style.SEAL_WIDTH, top, style.SEAL_WIDTH, height)
        with sheet.artifact():
            sheet.tint(style.LEFT, top, style.WIDTH, height, style.PAPER)
            sheet.frame(seal.left, top, seal.width, height, style.WHITE, style.ACCENT, style.STRONG_RULE)
            self._draw_emblem(
                sheet,
                style.RIGHT - style.SEAL_MARK - style.PANEL_PADDING / 2,
                top + style.PANEL_PADDING / 2,
                style.SEAL_MARK,
            )
        section = self._root
        for column in self._panel:
            section = self._root.add("Sect")
            with sheet.content_of(section.add("H2")):
                y = set_lines(
                    sheet, column.left, top + style.PANEL_PADDING, (column.heading,), style.SUBHEADING
                )
            y += style.ITEM_SPACE
            for lines, kind in column.paragraphs:
                paragraph = section.add("P")
                y = set_paragraph(sheet, paragraph, column.left, y, lines, kind, self._aloud)
                y += style.ITEM_SPACE
        section.add("Form").kids.append(seal)
        return seal

    # ------------------------------------------------------------ small parts

    def _heading(self, parent: Element, role: str, text: str, kind: Type) -> None:
        self._flow.paragraph(parent.add(role), text, kind, style.LEFT, style.WIDTH)
        self._flow.space(style.SPACE / 3)

    def _paragraph(self, element: Element, text: str, kind: Type) -> None:
        self._flow.paragraph(element, text, kind, style.LEFT, style.WIDTH)

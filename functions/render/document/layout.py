"""The certificate from top to bottom: what stands where. Measures, type and colours are in `style`.

masthead     emblem, ministry, title, modality and levels; virtual code and QR in the upper right corner
statement    the sentence that says whose results these are
levels       for each: its tables, its schools, its observations
legend       how to read the marks
closing      a panel at the foot of the last page: how to verify, issue and seal
every page   running head (from the second page on) and foot; of a demonstration, that it is one
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from constancia.domain import wording as texts
from constancia.domain.certificate import Certificate
from constancia.domain.content import LevelRecord
from constancia.domain.tables import side_by_side, tables_of
from constancia.domain.virtual_code import grouped
from render.document import qr, style
from render.document.draft import SealAppearance
from render.document.flow import Aloud, Flow, set_lines, set_paragraph
from render.document.form import TableForm
from render.document.ornament import FRIEZE
from render.document.sheet import Element, Field, Sheet, Type
from render.document.style import Setting
from render.document.svg import Drawing

_LIST_WIDTH = style.WIDTH - style.LIST_INDENT


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A certificate on its pages."""

    sheets: tuple[Sheet, ...]
    structure: Element
    """The root, `Document`, of what the pages say."""
    seal: Field
    """Where the seal stands. It is a kid of a `Form` element of the structure."""
    last_page_fullness: float
    """How full the last one of several pages is without the closing panel, 0 to 1."""
    ends: tuple[float, ...]
    """Where the content of each page ends but for the last one's."""


def lay_out(
    certificate: Certificate, verify_url: str, appearance: SealAppearance, emblem: Drawing
) -> LaidOut:
    """Draw every page of a certificate, and build the structure of what they say.

    A last page that is nearly empty is spared, where setting all a little closer does it; else the page
    before leaves it more.
    """
    layout = _Layout(certificate, verify_url, appearance, emblem)
    usual = layout.run(style.USUAL)
    if usual.last_page_fullness >= style.NEARLY_EMPTY:
        return usual
    close = layout.run(style.CLOSE)
    if len(close.sheets) < len(usual.sheets):
        return close
    *_, end = usual.ends
    shared = layout.run(style.USUAL, {len(usual.ends) - 1: end - style.LEFT_TO_LAST_PAGE})
    return shared if len(shared.sheets) == len(usual.sheets) else usual


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
        self,
        certificate: Certificate,
        verify_url: str,
        appearance: SealAppearance,
        emblem: Drawing,
    ) -> None:
        self._content = certificate.content
        self._code = grouped(certificate.code)
        self._aloud = Aloud(texts.aloud(self._content, self._code))
        self._address = human_address(verify_url)
        self._symbol = qr.symbol_of(verify_url)
        self._issued = texts.issued(certificate.number, certificate.issued_at)
        foot = texts.foot(certificate.number, certificate.issued_at, self._address)
        self._foot = style.FOOT.wrapped(foot, style.WIDTH - style.PAGE_NUMBER_WIDTH)
        self._holder = style.FOOT.wrapped(self._content.holder.name.full, style.WIDTH - style.CODE_WIDTH)
        self._level_name = ""
        """Of what a further page begins with."""
        self._appearance = appearance
        self._emblem = emblem
        self._panel = self._measured_panel()
        tallest = max(column.height for column in self._panel)
        self._panel_height = tallest + 2 * style.PANEL_PADDING
        years = [year for record in self._content.levels for year in record.years]
        scales = (result.scale for year in years for result in year.results)
        self._marks_explained = " ".join(texts.legend(scales))

    def run(self, setting: Setting, ending_early: Mapping[int, float] = MappingProxyType({})) -> LaidOut:
        """Draw all pages. Those `ending_early` have their lower end higher up, in points."""
        self._setting = setting
        self._root = Element("Document")
        foot = len(self._foot) * style.FOOT.leading + style.SPACE
        top = (
            style.TOP + style.RUNNING_TITLE.leading + len(self._holder) * style.FOOT.leading + 2 * style.SPACE
        )
        self._flow = Flow(top, style.BOTTOM - foot, self._open_page, self._aloud, ending_early)
        self._statement()
        for record in self._content.levels:
            self._level(record)
        self._legend()
        fullness = (self._flow.y - top) / self._flow.page_room if self._flow.ends else 1
        seal = self._closing()
        sheets = tuple(self._flow.sheets)
        for sheet in sheets:
            self._draw_foot(sheet, len(sheets))
        return LaidOut(sheets, self._root, seal, fullness, tuple(self._flow.ends))

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
            left = style.LEFT + style.RUNNING_TITLE.width(texts.SHORT_TITLE) + 2 * style.SPACE
            set_lines(sheet, left, style.TOP, (self._level_name,), style.RUNNING_LEVEL)
            self._draw_divider(sheet, left - style.SPACE, style.TOP, style.RUNNING_LEVEL)
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
        top = style.BOTTOM - len(self._foot) * style.FOOT.leading
        with sheet.artifact():
            y = top - style.SPACE / 2
            sheet.rule((style.LEFT, y), (style.RIGHT, y), style.HAIRLINE, style.RULE)
            page = texts.page_of(sheet.index + 1, pages)
            set_lines(sheet, style.RIGHT, top, (page,), style.FOOT, "right")
            set_lines(sheet, style.LEFT, top, self._foot, style.FOOT)

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
            self._draw_divider(sheet, left - style.SPACE, y, style.SUBTITLE)
        set_paragraph(sheet, root.add("P"), style.LEFT, y, (modality,), style.SUBTITLE, self._aloud)
        lines = style.SUBTITLE.wrapped(levels, style.LEFT + width - left)
        y = set_paragraph(sheet, root.add("P"), left, y, lines, style.SUBTITLE, self._aloud)

        corner = self._draw_code(sheet, style.CODE, root.add("P"))
        y = max(y, self._draw_symbol(sheet, corner)) + style.SPACE
        with sheet.artifact():
            scale = style.WIDTH / FRIEZE.width
            sheet.paths(style.LEFT, y, scale, FRIEZE.operators)
        return y + FRIEZE.height * scale + 1.5 * self._setting.gap

    def _draw_divider(self, sheet: Sheet, x: float, top: float, kind: Type) -> None:
        """A short upright line between two texts on one line."""
        middle, half = top + kind.leading / 2, kind.size * style.DIVIDER
        sheet.rule((x, middle - half), (x, middle + half), style.HAIRLINE, style.STRONG_RULE)

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
        self._level_name = texts.level_heading(record.level)
        tables = [part for table in tables_of(record) for part in side_by_side(table)]
        for number, table in enumerate(tables):
            form = TableForm(record.level, table, self._setting)
            self._flow.space(2 * self._setting.gap)
            headings = style.HEADING.leading + style.SPACE / 3
            self._flow.reserve(headings + form.least_height(self._flow.page_room - headings))
            left = self._level_heading(section) if number == 0 else style.LEFT
            self._heading(section, "H3", form.heading, style.SUBHEADING, left)
            form.draw(self._flow, section)
        schools = {(year.school.printed_code, year.school.name): None for year in record.years}
        observations = [texts.observation(item) for item in record.observations]
        lists = {
            texts.SCHOOLS: [f"{code} - {name}" for code, name in schools],
            texts.OBSERVATIONS: observations or [texts.NO_OBSERVATIONS],
        }
        below = 0.0
        if record is self._content.levels[-1]:
            # The closing never stands on a page alone: lists that are short go there with it.
            below = self._list_height([self._marks_explained]) + self._closing_height
            height = below + sum(map(self._list_height, lists.values()))
            if height <= self._flow.page_room / 2:
                self._flow.reserve(height)
        self._list(section, "H3", texts.SCHOOLS, lists[texts.SCHOOLS])
        self._list(section, "H3", texts.OBSERVATIONS, lists[texts.OBSERVATIONS], below)

    def _legend(self) -> None:
        section, items = self._root.add("Sect"), [self._marks_explained]
        self._list(section, "H2", texts.LEGEND, items, self._closing_height)

    def _list_height(self, items: Sequence[str]) -> float:
        return self._setting.gap + sum(_item_heights(items)) + len(items) * style.ITEM_SPACE

    def _list(self, parent: Element, role: str, heading: str, items: Sequence[str], below: float = 0) -> None:
        """A heading, and beside it one item under the other. The last one stays with what comes `below`."""
        flow, left = self._flow, style.LEFT + style.LIST_INDENT
        flow.space(self._setting.gap)
        page: Sheet | None = None
        listed: Element | None = None
        sentence = items in ([texts.NO_OBSERVATIONS], [self._marks_explained])
        for number, (item, height) in enumerate(zip(items, _item_heights(items), strict=True), start=1):
            keep = height + (below if number == len(items) else 0)
            flow.reserve(keep if keep <= flow.page_room else style.NOTE.leading)
            if page is None:
                page = flow.sheet
                with page.content_of(parent.add(role)):
                    set_lines(page, style.LEFT, flow.y, (heading,), style.SUBHEADING)
                listed = None if sentence else parent.add("L")
            element = listed.add("LI").add("LBody") if listed else parent.add("P")
            flow.paragraph(element, item, style.NOTE, left, _LIST_WIDTH)
            if flow.sheet is not page:
                page = flow.sheet
                with page.artifact():
                    set_lines(page, style.LEFT, flow.top, (heading,), style.SUBHEADING)
            flow.space(style.ITEM_SPACE)

    # ------------------------------------------------------------ closing

    def _measured_panel(self) -> tuple[_Column, ...]:
        seal = [f"{'. '.join(self._issued)}.", " ".join(texts.seal(self._appearance.signer))]
        columns = (
            (texts.VERIFICATION, texts.how_to_verify(self._address), style.VERIFICATION_WIDTH),
            (texts.ISSUE_AND_SEAL, seal, style.SEAL_WIDTH - style.SEAL_MARK - style.PANEL_PADDING),
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

    @property
    def _closing_height(self) -> float:
        """What the panel takes, with what parts it from the text above and the foot below."""
        return self._panel_height + self._setting.gap + style.SPACE / 2

    def _closing(self) -> Field:
        """The panel at the foot of the last page. Readers of PDF show the seal's state when it is pressed."""
        flow, height = self._flow, self._panel_height
        flow.reserve(self._closing_height)
        sheet, top = flow.sheet, flow.bottom - height - style.SPACE / 2
        seal = Field(sheet.index, style.RIGHT - style.SEAL_WIDTH, top, style.SEAL_WIDTH, height)
        with sheet.artifact():
            sheet.tint(style.LEFT, top, style.WIDTH, height, style.PAPER)
            sheet.frame(seal.left, top, seal.width, height, style.WHITE, style.ACCENT, style.STRONG_RULE)
            self._draw_emblem(
                sheet,
                style.RIGHT - style.SEAL_MARK - style.PANEL_PADDING,
                top + (height - style.SEAL_MARK) / 2,
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

    def _level_heading(self, section: Element) -> float:
        """A level's name, and where the heading of its first table stands beside it."""
        flow, kind = self._flow, style.HEADING
        name, left = (self._level_name,), style.LEFT + kind.width(self._level_name) + 2 * style.SPACE
        set_paragraph(flow.sheet, section.add("H2"), style.LEFT, flow.y, name, kind, self._aloud)
        with flow.sheet.artifact():
            self._draw_divider(flow.sheet, left - style.SPACE, flow.y, kind)
        flow.y += kind.rise - style.SUBHEADING.rise  # both on one baseline
        return left

    def _heading(self, parent: Element, role: str, text: str, kind: Type, left: float) -> None:
        self._flow.paragraph(parent.add(role), text, kind, left, style.RIGHT - left)
        self._flow.space(style.SPACE / 3)

    def _paragraph(self, element: Element, text: str, kind: Type) -> None:
        self._flow.paragraph(element, text, kind, style.LEFT, style.WIDTH)

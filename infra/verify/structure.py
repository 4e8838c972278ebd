"""How each place of a genuine certificate is called, from the file's own structure tree.

A certificate is tagged: every word belongs to a heading, a paragraph or a cell of a table with its headers
(docs/document.md). So the names need nothing of the code that drew the file, and a certificate that an
earlier version drew is named as well.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf

from constancia.domain import wording
from infra.verify.content import cell_name, column_name

type Mark = tuple[int, int]
"""A piece of marked content: the page, from 0, and the number on that page."""

_CELLS = {"/TH", "/TD"}
_HEADINGS = {"/H1", "/H2", "/H3"}
_WITHIN_LINES = {"/Span", "/Link", "/Em", "/Strong"}
_LABEL_LENGTH = 60


@dataclass(slots=True, eq=False)
class _Node:
    """An element of the structure tree."""

    role: str
    alternative: str | None = None
    span: tuple[int, int] = (1, 1)
    """Columns and rows of a cell."""
    scope: str | None = None
    content: "list[_Node | Mark]" = field(default_factory=list)

    @property
    def kids(self) -> "list[_Node]":
        """The elements right below."""
        return [each for each in self.content if isinstance(each, _Node)]

    @property
    def marks(self) -> Iterator[Mark]:
        """All marked content in it, in reading order."""
        for each in self.content:
            if isinstance(each, _Node):
                yield from each.marks
            else:
                yield each

    def walk(self) -> "Iterator[_Node]":
        """Itself and all below, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


def names_of_places(
    genuine: bytes, text_of: Callable[[Mark], str], facts: Mapping[str, str]
) -> dict[Mark, str]:
    """The name of the field to which each piece of marked content belongs.

    `text_of` reads a piece; `facts` are names of what is known to be printed, by its text ('holder's name').
    """
    with pikepdf.open(io.BytesIO(genuine)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        root = _read(pdf.Root.StructTreeRoot.K, pages)
    return dict(_Namer(text_of, facts).names(root))


def _read(element: pikepdf.Object, pages: Mapping[tuple[int, int], int]) -> _Node:
    attributes = element.get("/A", pikepdf.Dictionary())
    node = _Node(
        str(element.S),
        str(element.Alt) if "/Alt" in element else None,
        (int(attributes.get("/ColSpan", 1)), int(attributes.get("/RowSpan", 1))),
        str(attributes.Scope) if "/Scope" in attributes else None,
    )
    own_page = pages.get(element.Pg.objgen) if "/Pg" in element else None
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            if own_page is not None:
                node.content.append((own_page, int(kid)))
        elif "/S" in kid:
            node.content.append(_read(kid, pages))
        elif "/MCID" in kid:
            page = pages[kid.Pg.objgen] if "/Pg" in kid else own_page
            if page is not None:
                node.content.append((page, int(kid.MCID)))
    return node


class _Namer:
    def __init__(self, text_of: Callable[[Mark], str], facts: Mapping[str, str]) -> None:
        self._text_of = text_of
        self._facts = facts

    def names(self, root: _Node) -> Iterator[tuple[Mark, str]]:
        yield from self._branch(root, "")

    def _branch(self, node: _Node, heading: str) -> Iterator[tuple[Mark, str]]:
        """Name what is below a node, each under the headings that stand before it."""
        section, part = heading, ""
        for kid in node.kids:
            if kid.role in _HEADINGS:
                text = self._text(kid)
                if kid.role == "/H2":
                    section, part = text, ""
                elif kid.role == "/H3":
                    part = text
                yield from self._all(kid, self._place(heading, "", text))
            elif kid.role == "/Table":
                yield from self._table(kid, section or part)
            elif kid.role == "/Sect":
                yield from self._branch(kid, section)
            else:
                yield from self._piece(kid, section, part)

    def _piece(self, node: _Node, section: str, part: str) -> Iterator[tuple[Mark, str]]:
        if node.alternative is not None:
            yield from self._all(node, f"figure «{_short(node.alternative)}»")
            return
        if all(kid.role not in _WITHIN_LINES for kid in node.kids) and node.kids:
            for kid in node.kids:
                yield from self._piece(kid, section, part)
            return
        name = self._place(section, part, self._text(node))
        for mark in node.marks:
            text = self._text_of(mark)
            yield mark, next((fact for said, fact in self._facts.items() if said and said in text), name)

    def _place(self, section: str, part: str, text: str) -> str:
        return ", ".join([each for each in (section, part) if each] + [f"«{_short(text)}»"])

    # ------------------------------------------------------------ tables

    def _table(self, table: _Node, heading: str) -> Iterator[tuple[Mark, str]]:
        rows = [node for node in table.walk() if node.role == "/TR"]
        head = {id(row) for part in table.kids if part.role == "/THead" for row in part.kids}
        grid = _grid(rows)
        width = max((len(row) for row in grid), default=0)
        heads = [cells for cells, row in zip(grid, rows, strict=True) if id(row) in head]
        columns = [self._column(heads, at) for at in range(width)]
        seen: set[int] = set()
        for cells in grid:
            labels = list(dict.fromkeys(cell for cell in cells if cell.scope == "/Row"))
            row_name = " - ".join(self._text(label) for label in labels)
            for at, cell in enumerate(cells):
                if id(cell) in seen:
                    continue
                seen.add(id(cell))
                name = f"«{_short(self._text(cell))}»" if cell.scope == "/Row" else None
                yield from self._all(
                    cell, f"{heading}, {name}" if name else cell_name(heading, columns[at], row_name)
                )

    def _column(self, heads: Sequence[Sequence[_Node]], at: int) -> str:
        """A column by its grade and year, or by all that stands at its head."""
        said = {self._text(cells[0]): self._text(cells[at]) for cells in heads}
        grade = said.get(wording.GRADE) or said.get(wording.AGE)
        year = said.get(wording.YEAR, "")
        if grade:
            return column_name(grade, year if year.isdecimal() else None)
        return ", ".join(said.values()) or f"column {at + 1}"

    # ------------------------------------------------------------ text

    def _all(self, node: _Node, name: str) -> Iterator[tuple[Mark, str]]:
        for mark in node.marks:
            yield mark, name

    def _text(self, node: _Node) -> str:
        said = " ".join(self._text_of(mark) for mark in node.marks)
        return " ".join(said.split())


def _grid(rows: Sequence[_Node]) -> list[list[_Node]]:
    """The table as rows of cells: a cell that spans stands in every place that it covers."""
    grid: list[dict[int, _Node]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        at = 0
        for cell in (kid for kid in row.kids if kid.role in _CELLS):
            while at in grid[number]:
                at += 1
            columns, deep = cell.span
            for below in range(number, min(number + deep, len(rows))):
                for beside in range(at, at + columns):
                    grid[below][beside] = cell
            at += columns
    return [[cells[at] for at in sorted(cells)] for cells in grid]


def _short(text: str) -> str:
    return text if len(text) <= _LABEL_LENGTH else f"{text[:_LABEL_LENGTH]}…"

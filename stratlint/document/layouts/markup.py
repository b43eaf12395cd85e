"""HTML in Markdown: tables by their rows and cells, definition lists, items with labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stratlint.document.blocks import Block, BlockKind, Document
from stratlint.document.layouts.cells import Grid, Layout
from stratlint.document.layouts.outline import Outline
from stratlint.document.layouts.pairs import Where, pairs_of
from stratlint.document.layouts.raw import RawTable, Slot, caption_of, slot
from stratlint.document.layouts.table import read_table
from stratlint.document.layouts.text import header_rows

_TAG = re.compile(
    r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)|<(?P<close>/?)(?P<name>table|caption|thead|tbody|tfoot|tr|td|th|dl|dt|dd|li|ul|ol)\b(?P<attributes>[^<>]*+)>",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(col|row)span\s{0,4}=\s{0,4}[\"']?(\d{1,4})", re.IGNORECASE)
_STRONG = re.compile(r"\s*(?:<[^<>]*>\s*)*<(?:b|strong)\b", re.IGNORECASE)
_MOST_COLUMNS = 1000
_MOST_COPIES = 0x10000  # cells that spans may add to the tables of a document
_MOST_ROWS_SPANNED = 1000
_NESTED = 8

_Hanging = dict[int, tuple[int, Slot]]
"""Column → a cell from above that spans it, and for how many rows still."""


@dataclass(slots=True)
class _Cell:
    slot: Slot
    across: int
    down: int
    header: bool


@dataclass(slots=True)
class _Table:
    """A table that is being read."""

    block: Block
    caption: str = ""
    caption_block: int = -1
    rows: list[list[_Cell]] = field(default_factory=list)
    head_rows: int = 0
    in_head: bool = False


@dataclass(slots=True)
class _Open:
    """An element whose end has not come yet: its name, where its text begins, its attributes."""

    name: str
    block: Block
    start: int
    attributes: str
    said: Slot | None = None
    """What a paragraph says that stands between blank lines inside the cell."""


class _Reader:
    """Reads the HTML blocks of a document; a table with blank lines in it goes on over several blocks."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tables: list[_Table] = []
        self.cell: _Open | None = None
        self.term: Slot | None = None
        self.copies = 0
        self.outline: Outline | None = None
        self.outline_block: Block | None = None

    def read(self) -> Iterator[Grid]:
        for block in self.document.blocks:
            if block.kind is BlockKind.HTML:
                yield from self._block(block)
            elif self.tables:
                if self.cell is not None and block.kind is BlockKind.PARAGRAPH and not block.list_path:
                    self.cell.said = self.cell.said or slot(block, 0, len(block.content))
                else:
                    # A table that is never closed must not take in the page.
                    yield from self._end_tables()
        yield from self._end_tables()
        yield from self._end_list()

    def _block(self, block: Block) -> Iterator[Grid]:
        for found in _TAG.finditer(block.content):
            if found["name"] is None:
                continue
            name, closes = found["name"].lower(), bool(found["close"])
            if name in ("dl", "dt", "dd", "li", "ul", "ol"):
                self._item(block, name, closes, found)
                continue
            if name == "table":
                self._end_cell(block, found.start())
                if closes:
                    yield from self._end_table()
                elif len(self.tables) < _NESTED:
                    self.tables.append(_Table(block, *caption_of(self.document, block)))
                continue
            if not self.tables:
                continue
            self._end_cell(block, found.start())
            table = self.tables[-1]
            if closes:
                table.in_head = table.in_head and name != "thead"
            elif name in ("td", "th"):
                if not table.rows:
                    table.rows.append([])
                self.cell = _Open(name, block, found.end(), found["attributes"])
            elif name == "caption":
                self.cell = _Open(name, block, found.end(), "")
            elif name == "tr":
                table.rows.append([])
                table.head_rows += table.in_head
            else:
                table.in_head = name == "thead"
        if not self.tables:
            yield from self._end_list()

    def _end_cell(self, block: Block, end: int) -> None:
        """The open cell or caption ends here."""
        cell, self.cell = self.cell, None
        if cell is None or not self.tables:
            return
        table = self.tables[-1]
        stop = end if cell.block is block else len(cell.block.content)
        said = slot(cell.block, cell.start, stop, header=cell.name == "th")
        if not said.text and cell.said is not None:
            said = cell.said
        if cell.name == "caption":
            table.caption, table.caption_block = said.label, said.block
            return
        if cell.name == "th" or _STRONG.match(cell.block.content, cell.start, stop):
            said = Slot(said.block, said.start, said.end, said.text, True, cell.name == "th")
        spans = {kind.lower(): int(count) for kind, count in _SPAN.findall(cell.attributes[:400])}
        across = min(max(spans.get("col", 1), 1), _MOST_COLUMNS)
        down = min(max(spans.get("row", 1), 1), _MOST_ROWS_SPANNED)
        table.rows[-1].append(_Cell(said, across, down, cell.name == "th"))

    def _end_tables(self) -> Iterator[Grid]:
        self.cell = None
        while self.tables:
            yield from self._end_table()

    def _end_table(self) -> Iterator[Grid]:
        if not self.tables:
            return
        table = self.tables.pop()
        raw = [row for row in table.rows if row]
        if not raw:
            return
        rows = self._spread(raw)
        headers = 0
        for row in raw:
            if not all(cell.header or not cell.slot.text for cell in row):
                break
            headers += 1
        headers = min(max(headers, table.head_rows), len(rows) - 1)
        if not headers:
            headers = header_rows(rows)
        grid = read_table(RawTable(rows, headers, table.block.section, Layout.HTML, table.caption, table.caption_block))
        if grid is not None:
            yield grid

    def _spread(self, rows: list[list[_Cell]]) -> tuple[tuple[Slot | None, ...], ...]:
        """The rows with every spanned cell in all its places, as long as there is room for copies."""
        out: list[list[Slot | None]] = []
        hanging: _Hanging = {}
        for row in rows:
            line: list[Slot | None] = []
            below: _Hanging = {}
            for cell in row:
                self._take_hanging(line, hanging, below)
                for number in range(cell.across):
                    if len(line) >= _MOST_COLUMNS or (number and self.copies >= _MOST_COPIES):
                        break
                    self.copies += number > 0
                    if cell.down > 1:
                        below[len(line)] = (cell.down - 1, cell.slot)
                    line.append(cell.slot)
            self._take_hanging(line, hanging, below)
            hanging = below  # what a row leaves a gap before is no table any more
            out.append(line)
        width = max(len(line) for line in out)
        # Rows that are short are filled up; a document of many short rows and one wide one must not grow with both.
        if width * len(out) > sum(len(line) for line in out) + _MOST_COPIES:
            width = sorted(len(line) for line in out)[len(out) // 2]
        return tuple(tuple((line + [None] * (width - len(line)))[:width]) for line in out)

    def _take_hanging(self, line: list[Slot | None], hanging: _Hanging, below: _Hanging) -> None:
        """Append the cells of rows above that span the next places of a line."""
        while self.copies < _MOST_COPIES and (waiting := hanging.pop(len(line), None)) is not None:
            self.copies += 1
            if waiting[0] > 1:
                below[len(line)] = (waiting[0] - 1, waiting[1])
            line.append(waiting[1])

    def _item(self, block: Block, name: str, closes: bool, found: re.Match[str]) -> None:
        """Definition lists and list items outside of tables."""
        if self.tables:
            return
        cell, self.cell = self.cell, None
        if cell is not None and cell.block is block:
            outline = self.outline = self.outline or Outline()
            self.outline_block = self.outline_block or block
            said = slot(block, cell.start, found.start())
            if cell.name == "dt":
                self.term = said
            elif cell.name == "dd" and self.term is not None:
                outline.add(0, self.term, said)
            elif cell.name == "li":
                for pair in pairs_of(block, cell.start, found.start(), Where.ITEM):
                    outline.add_pair(0, pair)
        if not closes and name in ("dt", "dd", "li"):
            self.cell = _Open(name, block, found.end(), "")

    def _end_list(self) -> Iterator[Grid]:
        outline, block = self.outline, self.outline_block
        self.outline = self.outline_block = self.term = None
        if not self.tables:
            self.cell = None
        if outline is not None and block is not None:
            grid = outline.grid(block.section, Layout.HTML, caption_of(self.document, block))
            if grid is not None:
                yield grid


def html_grids(document: Document) -> Iterator[Grid]:
    """The grids of the HTML blocks."""
    return _Reader(document).read()

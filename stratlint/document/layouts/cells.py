"""Cells and grids: the one form that every layout of labelled values is read into.

A value cell is the clause "*row* is value of *column*". Every text is named by its place (block, start, end in content
coordinates of that block); labels are given as text, too, without markup, blanks at either end and a closing colon.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GridKind(StrEnum):
    """Along which axis the labels say what is measured."""

    RECORDS = "records"
    """One record a row: the column header says what is measured, the row label whose it is."""
    TRANSPOSED = "transposed"
    """One record a column: the row label says what is measured, the column header whose it is (the variant)."""
    PAIRS = "pairs"
    """Label → value: the row label with its path says what is measured; nobody is named as its holder."""


class CellRole(StrEnum):
    """What a cell is for, by the words of its labels (``grammar/lexicon/tables.yaml``)."""

    VALUE = "value"
    TOTAL = "total"
    """A label begins or ends with a word like *total*: a sum of its row or column, or the figure of a larger scope."""
    MEAN = "mean"
    """A mean, median, minimum, maximum or percentile of its row or column."""
    NOTE = "note"
    """A remark: a note column, a remark behind code. Numbers in it are no value of its labels."""
    WORKING = "working"
    """How the value of the same row was computed (a formula column)."""


class Layout(StrEnum):
    """How the page sets a grid out."""

    TABLE = "table"
    HTML = "html"
    LIST = "list"
    LINES = "lines"
    """Lines of a paragraph: ``Label: value``, ``a = 1, b = 2``."""
    TEXT = "text"
    """Columns of plain text in a fence: aligned by blanks, drawn with lines, dotted leaders, tabs, commas."""
    KEYS = "keys"
    """Keys and values in a fence or the front matter: JSON, YAML, TOML, assignments of code."""
    FLAGS = "flags"
    """Options of a command, ``--name value``; every command is a record."""


@dataclass(frozen=True, slots=True)
class Place:
    """The half open range ``start .. end`` of a block's content."""

    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GridCell:
    """One value with its labels.

    ``row`` and ``column`` are the labels on either axis, from the outermost (a section row, a parent item, a group
    header) to the innermost; () if there is none. ``column`` of PAIRS is () unless the value column has a header that says
    something of all values, as *Memory* in ``| Part | Memory |`` and *Degree* in ``| Axis | Degree |``. An index column
    composes its label with its header: ``("Stage 0",)``. In a compound cell (``8 / 4 / 2`` under ``TP / PP / DP``) every
    part is a cell of its own whose innermost label is that part's.

    ``record``: cells of one configuration share it; it is unique in the grid only. ``line`` and ``slot`` are the cell's
    row and column in the grid, counted from 0 (headers and label columns are not counted), so that sums can be taken along
    either; parts of a compound cell share both.

    ``label_*`` is where the text of ``label`` stands (of the header's part for compound cells), ``holder_at`` where the
    innermost label of the other axis stands, None without one.

    ``unit`` is a unit that a label or a column of units gives the value (``GB`` of ``Weights (GB)``, of a lone header
    ``GB``, of ``8 / 4 GB`` for the 8), as written, and ``unit_at`` its place; "" and None without one.

    ``row_role`` and ``column_role`` say what the labels of either axis make of the cell; ``role`` is both in one.
    """

    block: int
    start: int
    end: int
    row: tuple[str, ...]
    column: tuple[str, ...]
    record: int
    role: CellRole
    label_block: int
    label_start: int
    label_end: int
    kind: GridKind
    line: int = 0
    slot: int = 0
    row_role: CellRole = CellRole.VALUE
    column_role: CellRole = CellRole.VALUE
    holder_at: Place | None = None
    unit: str = ""
    unit_at: Place | None = None
    part: int = 0
    parts: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """What is measured, from the outermost label to the innermost."""
        return self.column if self.kind is GridKind.RECORDS else self.row

    @property
    def label(self) -> str:
        """The innermost label of what is measured; "" where the page names nothing."""
        names = self.names
        return names[-1] if names else ""

    @property
    def path(self) -> tuple[str, ...]:
        """The labels around ``label``, outermost first: group headers, parent items, keys."""
        return self.names[:-1]

    @property
    def holder(self) -> tuple[str, ...]:
        """Whose value it is: the labels of the other axis; () for PAIRS."""
        if self.kind is GridKind.PAIRS:
            return ()
        return self.row if self.kind is GridKind.RECORDS else self.column


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of one layout, in the order of the page.

    ``sure`` is False where RECORDS or TRANSPOSED (or whether rows are instances at all) is a guess: laws between cells
    should then hold in both readings. ``outer`` has for every record the record it lies in (its parent item, the object
    around it), -1 for none: what holds there holds for it. ``caption`` is the text that introduces the grid, "" for
    none; ``caption_block`` is its block, -1 where there is none of its own.
    """

    index: int
    kind: GridKind
    section: int
    caption: str
    cells: tuple[GridCell, ...]
    sure: bool = True
    layout: Layout = Layout.TABLE
    caption_block: int = -1
    outer: tuple[int, ...] = ()

"""Values that a page names, and the formulas over those names: `R4 × D1` in a sheet with row ids, `dp * micro` behind a key.

| R5 | price per hour | 112.80 | R4 × R3 |        batch: 576  # dp * micro * 6
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stratlint.document.grid import CellRole, Grid, GridCell, Layout
from stratlint.document.layouts.shape import is_id
from stratlint.meaning.continued import DASHES
from stratlint.meaning.expressions import ExpressionReader
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.proposal import Expression, Use, uses
from stratlint.meaning.rows import RowReader
from stratlint.meaning.sides import computes, side_of
from stratlint.meaning.statement import ItemKind, Term
from stratlint.meaning.voice import denied_heading
from stratlint.meaning.written import Equation, Sign

_KEYED = frozenset({Layout.KEYS, Layout.FLAGS, Layout.LINES, Layout.TEXT})
_LONGEST_FORMULA = 120
_MOST_LINES = 200
# A sheet has a value in most of its lines.
_MOST = 0.6


class CellReader:
    """Reads the cells of one page: their text and nodes, and the value of those that state just one (*lone*)."""

    def __init__(self, rows: RowReader, lone: Callable[[GridCell], Term | None]) -> None:
        self.value = lone
        self._rows = rows
        self._document = rows.claims.document
        self._readers: dict[int, ExpressionReader] = {}

    def text(self, cell: GridCell) -> str:
        """The text of a cell."""
        return self._document.blocks[cell.block].text[cell.start : cell.end]

    def nodes(self, cell: GridCell) -> tuple[Node, ...]:
        """The nodes of a cell."""
        return self._rows.nodes_of(self._document.blocks[cell.block], cell.start, cell.end)

    def reader(self, cell: GridCell) -> ExpressionReader:
        """The reader of expressions for the cell's block, which knows no names."""
        block = self._document.blocks[cell.block]
        if cell.block not in self._readers:
            self._readers[cell.block] = ExpressionReader(lambda _name, _at: None, self._rows.place_in(block))
        return self._readers[cell.block]

    def asserted(self, cell: GridCell) -> bool:
        """Whether the page stands for what it says there."""
        block = self._document.blocks[cell.block]
        return not (block.quote_depth or denied_heading(self._document.heading_path(block.section)))


@dataclass(frozen=True, slots=True)
class _Formula:
    """A cell that may compute the value of another one."""

    cell: GridCell
    value: Use
    sign: Sign


def named_equations(grids: Sequence[Grid], read: CellReader) -> Iterator[Equation]:
    """The formulas of all grids with the values that they compute."""
    sheets = [(grid, _sheet(grid, read)) for grid in grids if grid.layout in (Layout.TABLE, Layout.HTML)]
    counted = Counter(name for _, sheet in sheets if sheet is not None for name in sheet.names)
    page = {name: use for _, sheet in sheets if sheet is not None for name, use in sheet.names.items() if counted[name] == 1}
    for _, sheet in sheets:
        if sheet is not None:
            yield from sheet.equations({**page, **sheet.names}, read)
    for grid in grids:
        if grid.layout in _KEYED:
            yield from _behind_keys(grid, read)


# Sheets: tables whose lines have ids


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table whose lines have an id and one value each; *formulas*: its other cells."""

    names: Mapping[str, Use]
    formulas: tuple[_Formula, ...]

    def equations(self, names: Mapping[str, Use], read: CellReader) -> Iterator[Equation]:
        """What its formulas compute; in a column where none names a line, the numbers are no formulas."""
        found = [(formula, _computed(formula, names, read)) for formula in self.formulas]
        columns = {formula.cell.slot for formula, (_, over_names) in found if over_names}
        for formula, (expression, _) in found:
            if expression is not None and formula.cell.slot in columns:
                yield from _equation(formula, expression, read)


def _sheet(grid: Grid, read: CellReader) -> _Sheet | None:
    lines: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        lines.setdefault(cell.line, []).append(cell)
    if len(lines) > _MOST_LINES:
        return None
    ids = {number: name for number, cells in lines.items() if (name := _id_of(cells, read))}
    if len(ids) < 2 or len(set(ids.values())) < len(ids):
        return None
    values = {(cell.line, cell.slot): term for cell in grid.cells if (term := _lone(cell, read)) is not None}
    slots = Counter(slot for _, slot in values)
    values_of = [slot for slot, count in slots.items() if count >= _MOST * len(lines)]
    if len(values_of) != 1:
        return None  # which of them an id names, nobody knows
    slot = values_of[0]
    uses_of = {line: term.use for (line, at), term in values.items() if at == slot}
    names = {name: uses_of[line] for line, name in ids.items() if line in uses_of}
    formulas = tuple(
        _Formula(cell, uses_of[cell.line], Sign.CELL)
        for cell in grid.cells
        if cell.slot != slot and cell.line in uses_of and len(read.text(cell)) <= _LONGEST_FORMULA
    )
    return _Sheet(names, formulas)


def _id_of(cells: Sequence[GridCell], read: CellReader) -> str:
    """The id of a line: `R4`, `a`, `(3)`; "" where none of its labels and remarks is one."""
    said = (*cells[0].row, *(read.text(cell) for cell in cells if cell.role is CellRole.NOTE or not cell.row))
    formats = equation_words().formats
    return next((name for label in said if is_id(label) and (name := label.strip("`* ")).upper() not in formats), "")


def _lone(cell: GridCell, read: CellReader) -> Term | None:
    """The value of a cell that begins with it, and computes nothing."""
    text = read.text(cell).lstrip("*`~≈ $€£¥")
    nodes = read.nodes(cell)
    operands = (after for node, after in pairwise(nodes) if node.kind is ItemKind.SIGN)
    if not text[:1].isdigit() or any(after.is_number or after.is_group for after in operands):
        return None
    term = read.value(cell)
    unread = term is not None and bool(cell.unit) and not term.amount.unit_text
    return None if unread else term


# Keys of program text and configurations, with a remark behind them


def _behind_keys(grid: Grid, read: CellReader) -> Iterator[Equation]:
    names: dict[str, Use] = {}
    last: tuple[GridCell, Use] | None = None
    for cell in grid.cells:
        if cell.role not in (CellRole.NOTE, CellRole.WORKING):
            term = read.value(cell)
            last = (cell, term.use) if term is not None else None
            if term is not None:
                names[cell.label] = term.use
        elif last is not None and last[0].row == cell.row and last[0].block == cell.block and len(read.text(cell)) <= _LONGEST_FORMULA:
            formula = _Formula(cell, last[1], Sign.COMMENT)
            others = {name: use for name, use in names.items() if use is not last[1]}
            expression, _ = _computed(formula, others, read)
            if expression is not None:
                yield from _equation(formula, expression, read)


# Formulas


def _computed(formula: _Formula, names: Mapping[str, Use], read: CellReader) -> tuple[Expression | None, bool]:
    """What a cell computes if it is a formula from its first word, and whether a name stands in it."""
    reader, words = read.reader(formula.cell), equation_words()
    nodes = [_minus(_named(node, names)) for node in read.nodes(formula.cell)]
    while nodes and (nodes[0].text in words["signs"] or nodes[0].text == "`" or nodes[0].word in words["same"]):
        nodes = nodes[1:]
    while nodes and (nodes[-1].kind is ItemKind.STOP or nodes[-1].text == "`"):
        nodes = nodes[:-1]
    if not nodes or not (nodes[0].is_number or nodes[0].is_group):
        return None, False
    if any(reader.separates(node) or reader.relates(node) for node in nodes):
        return None, False  # "61 / 8, rounded up", "8 / 3 × 5 = 13.3, up to a multiple": the value is another
    over_names = any(_has_value(node) for node in nodes)
    expression = reader.side(side_of(nodes), leads=False, trails=False)
    if expression is None or not (computes(expression) or (over_names and len(nodes) == 1)):
        return None, False
    return expression, over_names


def _named(node: Node, names: Mapping[str, Use]) -> Node:
    """A node with the value that its name stands for; a bracket with a lone number may be the id of a line."""
    use = names.get(node.text) if node.is_name or node.is_group else None
    if use is not None:
        return replace(node, kind=ItemKind.OPEN, children=(), value=use)
    return replace(node, children=tuple(_named(child, names) for child in node.children)) if node.children else node


def _minus(node: Node) -> Node:
    """A dash in a formula is a minus sign, also between names."""
    children = tuple(map(_minus, node.children))
    if node.text in DASHES and not node.is_number:
        return replace(node, kind=ItemKind.SIGN, text="-")
    return replace(node, children=children) if children else node


def _has_value(node: Node) -> bool:
    return node.value is not None or any(map(_has_value, node.children))


def _equation(formula: _Formula, expression: Expression, read: CellReader) -> Iterator[Equation]:
    place = formula.value.place
    if place is not None and all(use.place != place for use in uses(expression)):
        asserted = read.asserted(formula.cell)
        remarks = frozenset({"cell"})  # a header, a unit column or a key around it may say in what the value counts
        yield Equation(expression, formula.value, formula.sign, False, asserted, place.block, place.start, place.end, remarks)

"""The place of a block: its section, and its row and column where a table describes several configurations."""

from __future__ import annotations

from stratlint.document import Block
from stratlint.facts.fact import Place
from stratlint.facts.tables import TableShape


def place_of(block: Block, sentence: int, shape: TableShape | None) -> Place:
    """The place of something in *block*; `variant` names the table row or column of one configuration."""
    if block.cell is None or shape is None:
        return Place(block.section, block.index, sentence)
    cell = block.cell
    variant = ""
    if cell.row > 0:
        if shape.records:
            variant = f"t{cell.table}r{cell.row}"
        elif shape.variants and cell.column > 0:
            variant = f"t{cell.table}c{cell.column}"
    return Place(block.section, block.index, sentence, cell.table, cell.row, cell.column, variant)

"""Markdown tables as raw tables."""

from __future__ import annotations

import re

from stratlint.document.blocks import Block, Document, Table
from stratlint.document.layouts.cells import Layout
from stratlint.document.layouts.raw import RawTable, Slot, caption_of, slot

_INDENT = re.compile(r"(?:&(?:nbsp|emsp|ensp|#160);|[\xa0\u2000-\u200a\u3000])+")
_MARKER = re.compile(r"\s*(?:[↳└├│─→•·]+|[-–](?=\s+[^\W\d]))\s*")


def raw_table(document: Document, table: Table) -> RawTable:
    """The slots of a Markdown table."""
    rows = tuple(tuple(_slot(document.blocks[index], place) for place, index in enumerate(row)) for row in table.rows)
    first = document.blocks[table.rows[0][0]]
    caption, block = caption_of(document, first)
    return RawTable(rows, 1, table.section, Layout.TABLE, caption, block)


def _slot(block: Block, place: int) -> Slot:
    if place:
        return slot(block, 0, len(block.content))
    start, indent = indented(block.content, 0, len(block.content))
    return slot(block, start, len(block.content), indent=indent)


def indented(content: str, start: int, end: int) -> tuple[int, int]:
    """Where the text of a label begins behind hard blanks and markers of a sub-row (``↳``, ``-``), and how deep it is."""
    depth = 0
    found = _INDENT.match(content, start, end)
    if found is not None:
        depth = found.end() - found.start() if "&" not in found[0] else found[0].count(";")
        start = found.end()
    found = _MARKER.match(content, start, end)
    if found is not None and found.end() < end:
        depth += 1
        start = found.end()
    return start, depth

"""Tables of plain text: columns aligned by blanks, drawn with bars, or separated by tabs, commas or semicolons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from stratlint.document.blocks import Block
from stratlint.document.layouts.raw import Slot, is_amount, leads_with_number, slot

Range = tuple[int, int]
Rows = list[tuple[Slot | None, ...]]

_BAR = re.compile(r"[|│┃║]")
_RULE = re.compile(r"[\s\-=+|:_─━═│┃║┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╭╮╰╯╞╪╡╤╧]+")
_FIELD = re.compile(r"[^ \t]+(?: [^ \t]+)*")
_QUOTED = re.compile(r'"[^"\n]*"')
_MOST_COLUMNS = 200
_ENOUGH = 0.8  # share of the lines that must have the layout
_SHORT_FIELD = 40
_FEW_WORDS = 4


def drawn_table(block: Block, lines: Sequence[Range]) -> Rows | None:
    """Rows of cells between bars; lines that only draw are left out."""
    rows: list[list[Range]] = []
    with_bars = 0
    for start, end in lines:
        line = block.text[start:end]
        if _RULE.fullmatch(line):
            with_bars += 1
            continue
        signs = [found.start() for found in _BAR.finditer(line)]
        if not signs:
            continue
        with_bars += 1
        edges = [-1, *signs, len(line)]
        fields = [(start + first + 1, start + last) for first, last in pairwise(edges)]
        if not line[: signs[0]].strip():
            fields = fields[1:]
        if fields and not line[signs[-1] + 1 :].strip():
            fields = fields[:-1]
        rows.append(fields)
    if len(rows) < 2 or with_bars < _ENOUGH * len(lines):
        return None
    return _equal(block, rows)


def separated_table(block: Block, lines: Sequence[Range], sign: str, *, declared: bool) -> Rows | None:
    """Rows of fields between a sign; unless they are ``declared`` to be such rows, they must look like records."""
    rows = []
    for start, end in lines:
        line = block.text[start:end]
        plain = _QUOTED.sub(lambda found: "\0" * len(found[0]), line) if '"' in line else line
        if sign not in plain:
            continue
        edges = [-1, *(place for place, character in enumerate(plain) if character == sign), len(line)]
        rows.append([_inner(block, start + first + 1, start + last) for first, last in pairwise(edges)])
    if len(rows) < 2 or len(rows) < _ENOUGH * len(lines):
        return None
    table = _equal(block, rows)
    if table is None or declared:
        return table
    head, *body = table
    if any(cell is None or not cell.text or leads_with_number(cell.text) or not _short(cell) for cell in head):
        return None
    said = [cell for row in body for cell in row if cell is not None and cell.text]
    if not all(_short(cell) for cell in said) or not any(is_amount(cell.text) for cell in said):
        return None
    return table


def aligned_table(block: Block, lines: Sequence[Range]) -> tuple[Rows, Range | None] | None:
    """Rows of fields with two blanks or more between them that stand below each other, and the line of their title."""
    fields = [
        [(found.start(), found.end()) for found in _FIELD.finditer(block.text, start, end)]
        for start, end in lines
        if not _RULE.fullmatch(block.text[start:end])
    ]
    starts = [start for start, end in lines if not _RULE.fullmatch(block.text[start:end])]
    counts = Counter(len(each) for each in fields if len(each) > 1)
    if not counts:
        return None
    width = max(counts, key=lambda count: (counts[count], count))
    if width > _MOST_COLUMNS or counts[width] < 2 or 2 * counts[width] < len(fields) or max(counts) > width:
        return None
    columns = _columns(fields, starts, width)
    if columns is None:
        return None
    title: Range | None = None
    rows: Rows = []
    for each, start in zip(fields, starts, strict=True):
        if len(each) == 1 and not rows:
            title = each[0]
            continue
        row: list[Slot | None] = [None] * width
        for first, last in each:
            place = _column_of(columns, first - start, last - start)
            if place < 0 or row[place] is not None:
                return None
            row[place] = slot(block, first, last, indent=first - start - columns[0][0] if place == 0 else 0)
        rows.append(tuple(row))
    full = [row for row in rows if all(cell is not None for cell in row)]
    numeric = sum(1 for row in full if any(cell is not None and leads_with_number(cell.text) for cell in row[1:]))
    if len(full) < 2 or 2 * numeric < len(full):
        return None
    return rows, title


def header_rows(rows: Sequence[Sequence[Slot | None]]) -> int:
    """How many rows of a table without markup are headers: the first is one if no amount stands behind its first cell."""
    return 0 if any(cell is not None and is_amount(cell.text) for cell in rows[0][1:]) and len(rows[0]) > 1 else 1


def _columns(fields: Sequence[Sequence[Range]], starts: Sequence[int], width: int) -> list[Range] | None:
    """The ranges of characters of every column, from the rows that have all of them; None if two overlap."""
    columns: list[Range] = []
    full = [(each, start) for each, start in zip(fields, starts, strict=True) if len(each) == width]
    for place in range(width):
        first = min(each[place][0] - start for each, start in full)
        last = max(each[place][1] - start for each, start in full)
        if columns and first < columns[-1][1]:
            return None
        columns.append((first, last))
    return columns


def _column_of(columns: Sequence[Range], first: int, last: int) -> int:
    """The column that a field stands in: the one it overlaps; -1 if none, or more than one."""
    # Columns are in order and do not overlap, so the first that ends behind the field's begin is the only candidate.
    low, high = 0, len(columns)
    while low < high:
        middle = (low + high) // 2
        if columns[middle][1] <= first:
            low = middle + 1
        else:
            high = middle
    if low == len(columns) or columns[low][0] >= last:
        return -1
    return -1 if low + 1 < len(columns) and columns[low + 1][0] < last else low


def _equal(block: Block, rows: Sequence[Sequence[Range]]) -> Rows | None:
    """The rows as slots if nearly all have as many fields; others are left out."""
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    if not 1 < width <= _MOST_COLUMNS or count < 2 or count < _ENOUGH * len(rows):
        return None
    return [tuple(slot(block, *field) for field in row) for row in rows if len(row) == width]


def _inner(block: Block, start: int, end: int) -> Range:
    """A field without the quotes around it."""
    field = slot(block, start, end)
    if len(field.text) > 1 and field.text[0] == field.text[-1] == '"':
        return field.start + 1, field.end - 1
    return field.start, field.end


def _short(cell: Slot) -> bool:
    return len(cell.text) <= _SHORT_FIELD and len(cell.text.split()) <= _FEW_WORDS

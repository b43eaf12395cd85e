"""What the columns and rows of a table are: labels, values, roles, and which of them describe one configuration each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stratlint.document import Document, Table
from stratlint.facts.kinds import load_kinds
from stratlint.facts.phrases import compile_phrases, load_vocabulary, normalise, word_list

_DIGIT = re.compile(r"\d")
# Roles of a header that leave the numbers below in one configuration.
_SHARED_ROLES = frozenset({"value", "scope", "formula", "note", "label", "statistic", "target", "change"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, the role its header gives it, the kinds the header names."""

    header: str
    role: str
    kinds: frozenset[str]
    numeric: bool


@dataclass(frozen=True, slots=True)
class TableShape:
    """How to read a table.

    `records`: each row is a configuration and the header says what its numbers are. Otherwise the first column
    says so, and `variants` tells whether each value column is a configuration of its own.
    """

    columns: tuple[Column, ...]
    records: bool
    variants: bool
    labels: tuple[str, ...]

    @property
    def indices(self) -> frozenset[int]:
        """The columns that only number their rows."""
        return frozenset(place for place, column in enumerate(self.columns) if column.role == "index")


def shape_of(table: Table, document: Document) -> TableShape:
    """Read the header row and the first column of *table*."""
    rows = [[document.blocks[index].text.strip() for index in row] for row in table.rows]
    if not rows or not rows[0]:
        return TableShape((), False, False, ())
    width = len(rows[0])
    body = rows[1:]
    columns = tuple(_column(rows[0][c], [row[c] for row in body if c < len(row)]) for c in range(width))
    labels = tuple(row[0] if row else "" for row in rows)
    kinds = load_kinds()
    labelled = sum(1 for label in labels[1:] if any(True for _ in kinds.phrases.find(normalise(label))))
    headed = sum(1 for column in columns[1:] if column.kinds and column.numeric)
    headed += bool(columns[0].kinds and columns[0].numeric)
    records = headed >= 2 and headed >= sum(1 for c in columns[1:] if c.numeric) / 2 and labelled <= len(body) / 2
    values = [c for c in columns[1:] if c.numeric and c.role not in ("formula", "note", "target", "change")]
    named = [c for c in values if c.role not in _SHARED_ROLES]
    return TableShape(columns, records, not records and len(named) >= 1 and len(values) >= 2, labels)


def _column(header: str, cells: list[str]) -> Column:
    if _numbers_rows(header, cells):
        return Column(header, "index", frozenset(), False)
    numeric = sum(1 for cell in cells if _DIGIT.search(cell)) * 2 >= max(sum(1 for cell in cells if cell), 1)
    kinds = frozenset(match.name for match in load_kinds().phrases.find(normalise(header)))
    return Column(header, _role(header), kinds, numeric and bool(cells))


def _numbers_rows(header: str, cells: list[str]) -> bool:
    """Whether a column gives each row the number of its GPU, stage or node: 0, 1, 2, …"""
    named = normalise(header)[:1]
    return bool(named) and named[0] in load_kinds().indexed and len(cells) > 1 and cells == [str(number) for number in range(len(cells))]


def _role(header: str) -> str:
    words = normalise(header)
    if not words:
        return ""
    roles = word_list("columns")
    whole = [match.name for match in roles.find(words) if match.length == len(words)]
    if whole:
        return whole[0]
    found = {match.name for match in roles.find(words)}
    for role in ("target", "formula", "note", "scope", "statistic", "change", "value", "label"):
        if role in found:
            return role
    return ""


__all__ = ["Column", "TableShape", "compile_phrases", "load_vocabulary", "shape_of"]

"""What is marked as passed in the line of a table whose label sets the limit: `| TTFT ≤ 2 s | 2.3 s | ✅ |`, and the amounts above a line
of verdicts: `| Fits in 76 GB | ✅ | ✅ |`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stratlint.document.grid import CellRole, Grid, GridCell, GridKind, Layout, Place
from stratlint.meaning.axes import split_words
from stratlint.meaning.goals import name_of
from stratlint.meaning.groups import Axis
from stratlint.meaning.lexicon import singular
from stratlint.meaning.marks import PASS, ItemsIn, Marks
from stratlint.meaning.statement import Item, ItemKind, Term

# The terms of a cell, each with whether it is asserted and of the plan, and its own mark.
Stated = Callable[[GridCell], Sequence[tuple[Term, tuple[bool, bool], str]]]
_TABLES = frozenset({Layout.TABLE, Layout.HTML, Layout.TEXT})
_LIMITS = frozenset({"limit", "target", "fits", "inside"})
# What makes the amount of a label no limit of what stands beside it, or the amount in a cell another one than that which is limited.
_BARRED = frozenset({"change", "free", "before", "after", "part"})
_OTHERS = _BARRED | {"only"} | {"limit", "target", "floor", "capacity"}
_FEWEST = 2
_LIMITED_ABOVE = ((("time", 1.0),), (("information", 1.0),))


@dataclass(frozen=True, slots=True)
class Limited:
    """An amount that is marked as passed under a limit; `direction`: "at_most" or "at_least"."""

    term: Term
    limit: Term
    direction: str


@dataclass(frozen=True, slots=True)
class _Label:
    limit: Term
    direction: str
    name: frozenset[str]


def limited_by_labels(grids: Sequence[Grid], stated: Stated, marks: Callable[[Grid], Marks], items_in: ItemsIn) -> Iterator[Limited]:
    """All passed amounts of the tables of a page with the limits in the labels of their lines."""
    for grid in grids:
        if grid.layout not in _TABLES or not any(map(str.isdigit, " ".join(label for cell in grid.cells for label in cell.row))):
            continue
        lines: dict[int, list[GridCell]] = {}
        for cell in grid.cells:
            lines.setdefault(cell.line, []).append(cell)
        for line in sorted(lines):
            label = _limit_of(lines[line][0], items_in)
            if label is not None:
                own = list(_passed(grid, lines[line], stated, marks(grid)))
                passed = own or list(_passed_above(lines, line, label.name, stated, marks(grid)))
                # Below a label with a limit every value has its words.
                others = (_OTHERS - label.limit.tags) if own else _OTHERS
                yield from (Limited(term, label.limit, label.direction) for term in passed if not term.tags & others)


def _limit_of(cell: GridCell, items_in: ItemsIn) -> _Label | None:
    """The one amount in the label of a line, where it is a limit, with the words that say of what."""
    at = cell.holder_at if cell.kind is GridKind.RECORDS else Place(cell.label_block, cell.label_start, cell.label_end)
    if at is None or not cell.row:
        return None
    items = items_in(at.block, at.start, at.end)
    terms = [item.term for item in items if item.term is not None and not _is_name(item.term)]
    if len(terms) != 1 or any(item.kind in (ItemKind.SIGN, ItemKind.MARK) for item in items):
        return None
    term = terms[0]
    direction = _direction(term, items)
    if not direction or term.amount.ranged or term.amount.approximate or term.tags & _BARRED:
        return None
    words = (word for item in items if item.term is None for word in split_words(item.word))
    return _Label(replace(term, tags=term.tags - {"only", "at_most", "at_least"} | {direction}), direction, name_of(words))


def _is_name(term: Term) -> bool:
    """Whether a number without a unit only names a case: "at batch 64"."""
    return not (term.amount.hard or term.amount.percent or term.amount.bound or term.tags & {"at_most", "at_least"})


def _direction(term: Term, items: Sequence[Item]) -> str:
    """Which end of what is allowed an amount is; a limit of time or memory without a word for it is the most."""
    most = "at_most" in term.tags or term.amount.bound in ("<", "≤")
    least = "at_least" in term.tags or term.amount.bound in (">", "≥")
    if most != least:
        return "at_most" if most else "at_least"
    tags = term.tags.union(*(item.tags for item in items if item.kind is ItemKind.CUE))
    return "at_most" if not most and tags & _LIMITS and term.amount.hard in _LIMITED_ABOVE else ""


def _passed(grid: Grid, line: Sequence[GridCell], stated: Stated, marks: Marks) -> Iterator[Term]:
    """The amounts of a line with a mark of their own; the only one of a line that has one for all of it."""
    every: list[tuple[Term, str]] = []
    for cell in line:
        said = stated(cell)
        if said and cell.role in (CellRole.VALUE, CellRole.TOTAL):
            every.extend((term, own if all(voice) and len(said) == 1 else "") for term, voice, own in said)
    if any(own for _, own in every):
        yield from (term for term, own in every if own == PASS)
    elif len(every) == 1:
        axis = Axis.RECORD if grid.kind is GridKind.RECORDS else Axis.ACROSS
        if marks.on(axis, line[0]) == PASS and all(voice for cell in line for _, voices, _ in stated(cell) for voice in voices):
            yield every[0][0]


def _passed_above(lines: Mapping[int, Sequence[GridCell]], at: int, named: frozenset[str], stated: Stated, marks: Marks) -> Iterator[Term]:
    """What a line of nothing but marks is of: the line that has the words of its label, else the one right above it."""
    marked = {cell.slot: marks.cells.get((at, cell.slot), "") for cell in lines[at] if cell.role is not CellRole.NOTE}
    if len(marked) < _FEWEST or not all(marked.values()):
        return
    if named:
        fitting = [line for line, cells in lines.items() if line != at and named <= _words(cells[0])]
        of = fitting[0] if len(fitting) == 1 else None
    else:
        of = at - 1 if at - 1 in lines else None
    for cell in lines[of] if of is not None else ():
        said = stated(cell)
        if len(said) == 1 and all(said[0][1]) and marked.get(cell.slot) == PASS:
            yield said[0][0]


def _words(cell: GridCell) -> frozenset[str]:
    return frozenset(map(singular, split_words(cell.row[-1]))) if cell.row else frozenset()

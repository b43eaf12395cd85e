"""Tables as they are laid out: what stands in one line and in one column, whatever its labels say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stratlint.document import Block
from stratlint.document.grid import CellRole, Grid, GridCell, GridKind, Layout
from stratlint.document.layouts.words import in_list
from stratlint.meaning.axes import split_words
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.statement import Item, ItemKind, Term

# Larger ones are data, not a plan; a law of a table shows in its first lines.
_MOST_LINES = 64
_MOST_COLUMNS = 16
_FEWEST = 2
# Where the words of labels stand beside those of cells, and the numbers in them.
_LABEL, _NUMBERS = -2, -3
_LAID_OUT = frozenset({Layout.TABLE, Layout.HTML, Layout.TEXT})


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One line or one column: its amounts in order, None where no lone amount of the plan stands; whether its label calls it a total
    or a statistic; the words of its label, and those that stand in each of its cells; the whole that its label names: "% of 80 GB";
    how many of the things of the lane before it its label says there are: "Per node (8 GPUs)"; `strong`: all that it states is in bold;
    `numbers`: the whole numbers in its label: "Interleaved, v = 4".
    """

    terms: tuple[Term | None, ...]
    role: CellRole
    label: frozenset[str]
    words: tuple[frozenset[str], ...]
    whole: Term | None = None
    count: Term | None = None
    strong: bool = False
    numbers: frozenset[str] = frozenset()

    @property
    def tags(self) -> frozenset[str]:
        """What the words of the label say, each by itself: "mean", "maximum"."""
        known = lexicon()
        return frozenset[str]().union(*(known.tagged((word,), 0)[1] | known.inside.get(word, frozenset()) for word in self.label))

    @property
    def efficiency(self) -> bool:
        """Whether its label names an efficiency or a utilisation: a share of what could be reached."""
        return any(in_list("efficiencies", word) for word in self.label)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A grid by lines and by columns. `labels`: the column of labels where they are numbers, which is in no line; None else. `titled`:
    every word of the headings around it but for the page's."""

    lines: tuple[Lane, ...]
    columns: tuple[Lane, ...]
    labels: Lane | None
    section: int
    grid: int
    titled: frozenset[str] = frozenset()


def table_of(
    grid: Grid,
    term_of: Callable[[GridCell], Term | None],
    text_of: Callable[[GridCell], str],
    items_in: Callable[[int, int, int], Sequence[Item]],
    blocks: Sequence[Block],
) -> Table | None:
    """The table of a grid; None for lists and keys, and where there is too little, or too much, to compare.

    *items_in* reads a block between two content offsets.
    """
    if grid.layout not in _LAID_OUT:
        return None
    lines = sorted({cell.line for cell in grid.cells})
    slots = sorted({cell.slot for cell in grid.cells})
    if not (_FEWEST < len(lines) <= _MOST_LINES or len(slots) > _FEWEST) or len(lines) > _MOST_LINES or len(slots) > _MOST_COLUMNS:
        return None
    terms: dict[tuple[int, int], Term] = {}
    words: dict[tuple[int, int], frozenset[str]] = {}
    roles: dict[tuple[int, int], CellRole] = {}
    for cell in grid.cells:
        at = (cell.line, cell.slot)
        roles[cell.line, -2], roles[-2, cell.slot] = cell.row_role, cell.column_role
        words[cell.line, -2] = words.get((cell.line, -2), frozenset()) | _words(*cell.row)
        words[-2, cell.slot] = words.get((-2, cell.slot), frozenset()) | _words(*cell.column)
        words[cell.line, _NUMBERS] = words.get((cell.line, _NUMBERS), frozenset()) | _numbers(*cell.row)
        words[_NUMBERS, cell.slot] = words.get((_NUMBERS, cell.slot), frozenset()) | _numbers(*cell.column)
        term = term_of(cell) if cell.parts == 1 and cell.role not in (CellRole.NOTE, CellRole.WORKING) else None
        if term is not None:
            terms[at] = term
        words[at] = words.get(at, frozenset()) | _words(text_of(cell))
        if (label := _numbered_label(cell)) is not None and (cell.line, -1) not in terms:
            named = term_of(label)
            if named is not None:
                terms[cell.line, -1] = named
    stated = [cell for cell in grid.cells if (cell.line, cell.slot) in terms]
    strong = {cell.line for cell in stated} - {cell.line for cell in stated if not _is_strong(blocks[cell.block], cell)}
    wholes, counts = _wholes(grid, items_in), _counts(grid, items_in)
    columns = {
        slot: replace(
            _lane(terms, words, roles, [(line, slot) for line in lines], (-2, slot)), whole=wholes.get((-1, slot)), count=counts.get(slot)
        )
        for slot in (-1, *slots)
    }
    labels = columns.pop(-1)
    return Table(
        tuple(
            replace(
                _lane(terms, words, roles, [(line, slot) for slot in slots], (line, -2)),
                whole=wholes.get((line, -1)),
                strong=line in strong,
            )
            for line in lines
        ),
        tuple(columns.values()),
        labels if any(labels.terms) else None,
        grid.section,
        grid.index,
    )


def _is_strong(block: Block, cell: GridCell) -> bool:
    return any(span.start <= cell.start and cell.end <= span.end for span in block.strong)


def _wholes(grid: Grid, items_in: Callable[[int, int, int], Sequence[Item]]) -> dict[tuple[int, int], Term]:
    """The wholes that labels of lines (line, -1) or columns (-1, slot) name: "% of 80 GB", "share of the 512 GPUs"."""
    found: dict[tuple[int, int], Term] = {}
    seen: set[tuple[int, int]] = set()
    for cell in grid.cells:
        at = (-1, cell.slot) if grid.kind is GridKind.RECORDS else (cell.line, -1)
        if at not in seen and grid.kind is not GridKind.PAIRS:
            seen.add(at)
            whole = _whole_in(items_in(cell.label_block, cell.label_start, cell.label_end))
            if whole is not None:
                found[at] = whole
    return found


def _counts(grid: Grid, items_in: Callable[[int, int, int], Sequence[Item]]) -> dict[int, Term]:
    """The counts that the headings of columns have in brackets, by column: "Per node (8 GPUs)", "Cluster (64 nodes)"."""
    found: dict[int, Term] = {}
    seen: set[int] = set()
    for cell in grid.cells if grid.kind is not GridKind.PAIRS else ():
        if cell.slot in seen:
            continue
        seen.add(cell.slot)
        at = cell.holder_at if grid.kind is GridKind.TRANSPOSED else None
        head = (at.block, at.start, at.end) if at is not None else (cell.label_block, cell.label_start, cell.label_end)
        items = items_in(*head)
        counted = [index for index, item in enumerate(items) if item.term is not None]
        term = items[counted[0]].term if len(counted) == 1 and counted[0] and items[counted[0] - 1].kind is ItemKind.OPEN else None
        if term is not None and term.noun and term.amount.exact and term.amount.value > 1:
            found[cell.slot] = term
    return found


def _whole_in(items: Sequence[Item]) -> Term | None:
    """The one amount of a label, if nothing but "share of" or "% of" stands before it."""
    at = next((at for at, item in enumerate(items) if item.term is not None), 0)
    lead, term = items[:at], items[at].term if items else None
    if term is None or not lead or any(item.term is not None for item in items[at + 1 :]):
        return None
    opened = bool(lead[-1].tags & {"preposition", "part_of"}) and lead[-1].kind is not ItemKind.TERM
    said = all("share" in item.tags or not item.word[:1].isalnum() for item in lead[:-1])
    sized = bool(term.dimensions) or term.amount.magnitude != 1.0
    return term if opened and said and sized else None


def _lane(
    terms: dict[tuple[int, int], Term],
    words: dict[tuple[int, int], frozenset[str]],
    roles: dict[tuple[int, int], CellRole],
    spots: list[tuple[int, int]],
    label: tuple[int, int],
) -> Lane:
    none: frozenset[str] = frozenset()
    said = tuple(words.get(spot, none) for spot in spots)
    own, numbers = words.get(label, none), words.get((label[0], _NUMBERS) if label[1] == _LABEL else (_NUMBERS, label[1]), none)
    return Lane(tuple(terms.get(spot) for spot in spots), roles.get(label, CellRole.VALUE), own, said, numbers=numbers)


def _numbered_label(cell: GridCell) -> GridCell | None:
    """The label of a line as a cell of its own."""
    at = cell.holder_at
    if cell.kind is not GridKind.RECORDS or at is None or not cell.row:
        return None
    return replace(cell, block=at.block, start=at.start, end=at.end, row=(), column=(), unit="", part=0, parts=1, role=CellRole.VALUE)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word.lower() for text in texts for word in split_words(text) if not word.isdecimal())


def _numbers(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in split_words(text) if word.isdecimal())

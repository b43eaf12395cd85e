"""What a cell states among the numbers in it, what its label's brackets add, and whose part it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from stratlint.document.grid import CellRole, Grid, GridCell, GridKind
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.phrases import Phrase
from stratlint.meaning.statement import Item, ItemKind, Term


def statistics_of(label: Phrase) -> frozenset[str]:
    """What brackets behind a label make of its value: `Total (max)`."""
    tags = lexicon().tags
    return frozenset().union(*(tags.get((word,), frozenset()) for word in label.asides)) & {"maximum", "minimum", "mean"}


def sibling_paths(grid: Grid) -> Callable[[GridCell], tuple[tuple[str, ...], ...]]:
    """Beneath which parents each cell of a grid of labels stands as one of its parts; the empty path for other grids.

    Besides its own parent that is every one whose children have a total, if no parent between them has a value of its own.
    """
    if grid.kind is not GridKind.PAIRS:
        return lambda cell: ((),)
    valued = {cell.names for cell in grid.cells}
    summed = {cell.path for cell in grid.cells if cell.row_role is CellRole.TOTAL}

    def paths(cell: GridCell) -> tuple[tuple[str, ...], ...]:
        found = [cell.path]
        path = cell.path
        while path and path not in valued and path not in summed:
            path = path[:-1]
            if path in summed:
                found.append(path)
        return tuple(found)

    return paths


def stated_in(items: Sequence[Item]) -> Iterator[Term]:
    """The amounts that a cell states: without a computation all of them, else its result, or what stands outside of it; then degrees."""
    items = _signed(items)
    depth = 0
    outside: list[Item] = []
    operator = equal = -1
    computed = False
    for at, item in enumerate(items):
        depth += (item.kind is ItemKind.OPEN) - (item.kind is ItemKind.CLOSE)
        operates = item.kind is ItemKind.SIGN and not _divides_by_words(items, at)
        computed = computed or operates
        if depth <= 0:
            operator = len(outside) if operates else operator
            equal = len(outside) if item.kind is ItemKind.CUE and "equals" in item.tags else equal
            outside.append(item)
    if not computed:
        yield from (item.term for item in items if item.term is not None)
        return
    results = [item.term for item in outside[equal + 1 if operator >= 0 else 0 :] if item.term is not None]
    if operator < 0:
        yield from results
    elif operator < equal and len(results) == 1:
        yield replace(results[0], tags=results[0].tags | {"worked"})
    yield from (item.term for item in items if item.term is not None and item.term.degree is not None and item.term not in results)


def in_brackets(items: Sequence[Item]) -> bool:
    """`(3)`: a lone amount in brackets, which accountants subtract."""
    kinds = [item.kind for item in items if item.kind is not ItemKind.CUE or "equals" not in item.tags]
    amounts = sum(item.term is not None for item in items)
    return amounts == 1 and kinds[:1] == [ItemKind.OPEN] and kinds[-1:] == [ItemKind.CLOSE]


def _signed(items: Sequence[Item]) -> Sequence[Item]:
    """A sign at the beginning of a cell belongs to its number: `−12 %`; what has a plus is a change ("signed"): `+3 GB`."""
    if len(items) < 2 or items[0].kind is not ItemKind.SIGN or items[1].term is None or not items[0].tags & {"+", "-"}:
        return items
    term = items[1].term
    negative = "-" in items[0].tags
    term = replace(term, amount=term.amount.negated()) if negative else replace(term, tags=term.tags | {"signed"})
    return (replace(items[1], term=term), *items[2:])


def _divides_by_words(items: Sequence[Item], at: int) -> bool:
    """`35 GB / GPU`: a slash before a word is part of a unit, unless a number follows ("/ TP 8")."""
    named = at + 1 < len(items) and items[at + 1].kind is ItemKind.WORD
    return "/" in items[at].tags and named and not (at + 2 < len(items) and items[at + 2].term is not None)

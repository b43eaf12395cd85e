"""Percentiles of one quantity go one way: from p50 over p90 to p99 they rise, or, where the tail is the slow end of a rate, they fall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.laws.comparable import bounded
from stratlint.meaning.groups import Axis
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Place, Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Term

FAMILY = "percentiles"
# From the middle to the tail.
_RANKS = ("q50", "q90", "q95", "q99", "q999")
_FEWEST = 3


def proposals(page: Page) -> Iterator[Proposal]:
    """Each percentile between its neighbours, for every row of them in a sentence, a list, a table."""
    said: set[Place] = set()
    for statement in page.statements:
        if not statement.code:
            for row in _rows(statement.items):
                said.update(term.place for term in row)
                yield from _ordered(row, Source.STATEMENT, statement.asserted)
    for group in page.groups:
        ranked = [term for term in group.terms if _rank(term.tags) is not None]
        beside = frozenset[str]().union(*(term.name for term in ranked)) if ranked else frozenset[str]()
        shared = frozenset.intersection(*(term.name for term in ranked)) if ranked else frozenset[str]()
        # Each name is that of the quantity, and its percentile.
        if len(beside - shared) <= len(ranked) and all(len(term.name - shared) <= 1 for term in ranked):
            if group.axis is not Axis.ACROSS and not said.intersection(term.place for term in ranked):
                said.update(term.place for term in ranked)
                yield from _ordered(ranked, Source.GRID, group.asserted)


def _rows(items: Sequence[Item]) -> Iterator[list[Term]]:
    """Amounts that stand right behind their percentiles, with nothing but commas and "and" between them: `p50 12, p90 15, p99 21`."""
    row: list[Term] = []
    last = -2
    for at, item in enumerate(items):
        if item.term is None or not at or _rank(items[at - 1].tags) is None:
            continue
        joined = all(each.kind is ItemKind.COMMA or "and" in each.tags or _rank(each.tags) is not None for each in items[last + 1 : at])
        if not (row and joined):
            if row:
                yield row
            row = []
        row.append(item.term)
        last = at
    if row:
        yield row


def _ordered(row: Sequence[Term], source: Source, asserted: bool) -> Iterator[Proposal]:
    """Where a row goes one way but for some of its steps, those steps; both ways are one or the other's slip."""
    ranks = [_rank(term.tags) for term in row]
    known = [rank for rank in ranks if rank is not None]
    rising = all(one < two for one, two in pairwise(known))
    if len(row) < _FEWEST or len(known) < len(row) or not rising or any(map(bounded, row)) or not _of_one_unit(row):
        return
    sizes = [_size(term) for term in row]
    if sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[-1]:
        return
    for one, two in pairwise(row):
        why = "a percentile is no less than the one before it"
        if sizes[-1] >= sizes[0]:
            yield Proposal(two.use, Relation.AT_LEAST, one.use, source, FAMILY, why, asserted=asserted)


def _of_one_unit(row: Sequence[Term]) -> bool:
    units = {(term.amount.hard, term.amount.percent, term.amount.multiple) for term in row}
    return len(units) == 1


def _rank(tags: frozenset[str]) -> int | None:
    found = [index for index, rank in enumerate(_RANKS) if rank in tags]
    return found[0] if len(found) == 1 else None


def _size(term: Term) -> float:
    return term.amount.first.nominal

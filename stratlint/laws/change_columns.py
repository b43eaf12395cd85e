"""Columns of changes: which two columns a column of speed-ups or percentages compares, as most of its rows show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import permutations

from stratlint.claims.amount import hard
from stratlint.laws.comparable import bounded
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.statement import Term

# So many rows have to agree before the others are held to it.
_LEAST_ROWS = 2
_SHARE = 0.6
_CLOSE = 0.015
_MOST_COLUMNS = 16

_Row = dict[tuple[frozenset[str], int], Term]
_Key = tuple[frozenset[str], int]


def column_changes(groups: Sequence[Group]) -> Iterator[tuple[Group, Term, Term, Term]]:
    """Change, old and new amount of every row of a table whose headings do not say which is old and which is new."""
    grids: dict[tuple[int, Axis], list[Group]] = {}
    for group in groups:
        if group.axis is not Axis.SERIES and len(group.terms) <= _MOST_COLUMNS:
            grids.setdefault((group.grid, group.axis), []).append(group)
    for members in grids.values():
        rows = [(group, _row(group)) for group in members if any(_is_change(term) for term in group.terms)]
        usual = Counter(len(group.terms) for group, _ in rows).most_common(1)
        rows = [entry for entry in rows if len(entry[0].terms) == usual[0][0]]  # where cells are empty, columns cannot be told apart
        if len(rows) > _LEAST_ROWS:
            yield from _of_rows(rows)


def _row(group: Group) -> _Row:
    """The amounts of a row by the name of their column, if a row's names are those of columns, and how often that came before."""
    seen: Counter[frozenset[str]] = Counter()
    out: _Row = {}
    for term in group.terms:
        name = term.name if group.axis is Axis.RECORD else frozenset[str]()
        out[name, seen[name]] = term
        seen[name] += 1
    return out


def _is_change(term: Term) -> bool:
    relative = term.amount.percent or term.amount.multiple
    return relative and "change" in term.tags and not bounded(term)


def _of_rows(rows: Sequence[tuple[Group, _Row]]) -> Iterator[tuple[Group, Term, Term, Term]]:
    keys = {key for _, row in rows for key, term in row.items() if _is_change(term)}
    for key in sorted(keys, key=lambda key: (sorted(key[0]), key[1])):
        fitting: Counter[tuple[_Key, _Key]] = Counter()
        told = [(group, row) for group, row in rows if key in row and _is_change(row[key])]
        for _, row in told:
            fitting.update({pair for pair in _pairs(row, key) if _fits(row[key], row[pair[0]], row[pair[1]])})
        if not fitting:
            continue
        (pair, count), *others = fitting.most_common(2)
        tied = bool(others) and others[0][1] == count and set(others[0][0]) != set(pair)
        if tied or count < _LEAST_ROWS or count < _SHARE * len(told):
            continue
        for group, row in told:
            if pair in _pairs(row, key):
                yield group, row[key], row[pair[0]], row[pair[1]]


def _pairs(row: _Row, change: _Key) -> set[tuple[_Key, _Key]]:
    """The pairs of columns that the change may compare."""
    others = [
        key for key, term in row.items() if key != change and not bounded(term) and not term.amount.multiple and "change" not in term.tags
    ]
    return {
        (one, two)
        for one, two in permutations(others, 2)
        if hard(row[one].amount.first.dimensions) == hard(row[two].amount.first.dimensions)
        and row[one].amount.percent == row[two].amount.percent
    }


def _fits(change: Term, old: Term, new: Term) -> bool:
    """Whether a change is, roughly, that from *old* to *new*: a quotient, or a share of the old amount."""
    before, after = old.amount.first.nominal, new.amount.first.nominal
    if not before or not after or before == after:
        return False
    stated = change.amount.first.nominal
    values = (after / before,) if change.amount.multiple else ((after - before) / before, (before - after) / before)
    slack = max(_CLOSE * abs(stated), change.amount.step * change.amount.first.factor)
    return any(abs(stated - value) <= slack for value in values)

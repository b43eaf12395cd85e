"""Bounds on all of a table: "All four stay below 40 GB", against the one line or column of so many values above it; "Retention stays
within 128 TB", against the one total of its section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded, measured, per
from stratlint.laws.spots import Spot, between, spots_of, tags_of
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import ItemKind, Statement, Term

FAMILY = "statement-order"
_FEWEST = 2
# A bound that is far less than the total is one of something else.
_NEAR = 0.5
_ENDS = (ItemKind.COMMA, ItemKind.STOP, ItemKind.COLON)
# Cues with which a sentence speaks of other cases, or of a difference.
_DOUBTS = frozenset({"change", "versus", "from", "condition", "denied", "fails"})


def proposals(page: Page) -> Iterator[Proposal]:
    """What the page says of all values of a line or column, and of their total."""
    yield from _of_totals(page)
    for statement in page.statements:
        if not (statement.asserted and statement.present) or statement.code or statement.heading or statement.tags() & _DOUBTS:
            continue
        for count, bound in pairwise(spots_of(statement)):
            below = _direction(statement, count, bound)
            values = None if below is None else _values(page.groups, statement, count.term, bound.term)
            if values is not None:
                extreme = max(values, key=_size) if below else min(values, key=_size)
                relation = Relation.AT_MOST if below else Relation.AT_LEAST
                yield Proposal(
                    extreme.use, relation, bound.term.use, Source.STATEMENT, FAMILY, "said of all of them", at=bound.term.place
                )  # fmt: skip


def _of_totals(page: Page) -> Iterator[Proposal]:
    """What a sentence says that fits, where its section adds up one total in that unit and the sentence names none of its parts."""
    for statement in page.statements:
        plain = statement.asserted and statement.present and not (statement.code or statement.heading)
        bounds = [term for term in statement.terms if measured(term)]
        if not plain or len(bounds) != 1 or not _fits(statement, bounds[0]):
            continue
        tables = [table for table in page.tables if table.section == statement.section]
        lines = [line for table in tables for line in table.lines if line.role is CellRole.TOTAL]
        totals = [term for line in lines for term in line.terms if term is not None and _is_alike(term, bounds[0])]
        named = frozenset(word for table in tables for line in table.lines if line.role is CellRole.VALUE for word in line.label)
        if len(totals) == 1 and _size(bounds[0]) >= _NEAR * _size(totals[0]) and not named & {item.word for item in statement.items}:
            why = "said of the total of its section"
            yield Proposal(totals[0].use, Relation.AT_MOST, bounds[0].use, Source.STATEMENT, FAMILY, why, at=bounds[0].place)


def _fits(statement: Statement, bound: Term) -> bool:
    """Whether the clause of an amount says that something stays within it."""
    items = statement.items
    at = next(at for at, item in enumerate(items) if item.term is bound)
    start = max((place for place in range(at) if items[place].kind in _ENDS), default=-1) + 1
    tags = tags_of(items[start:at])
    changes = bound.amount.ranged or bound.tags & {"change", "above", "at_least", "free"}
    return bool(tags & {"below", "fits"}) and not tags & _DOUBTS and not changes


def _direction(statement: Statement, count: Spot, bound: Spot) -> bool | None:
    """True where all are said to be below a bound, False above it; None where neither is said."""
    tags = tags_of(between(statement, count, bound))
    exact = count.term.amount.exact and count.term.amount.value >= _FEWEST and "all" in count.term.tags
    if not exact or not measured(bound.term) or bound.term.amount.approximate or ("below" in tags) == ("above" in tags):
        return None
    return "below" in tags


def _values(groups: Sequence[Group], statement: Statement, count: Term, bound: Term) -> tuple[Term, ...] | None:
    """The values that are meant: the only line or column of the section that has so many, in the unit of the bound."""
    found: dict[frozenset[tuple[int, int]], tuple[Term, ...]] = {}
    for group in groups:
        if group.axis is Axis.RECORD or group.section != statement.section or not group.asserted or group.code:
            continue
        alike = len(group.terms) == count.amount.value and all(_is_alike(term, bound) for term in group.terms)
        if alike and not group.gaps:
            found[frozenset((term.place.block, term.place.start) for term in group.terms)] = group.terms
    return next(iter(found.values())) if len(found) == 1 else None


def _is_alike(term: Term, bound: Term) -> bool:
    return term.amount.hard == bound.amount.hard and not bounded(term) and (not per(bound) or per(term) == per(bound))


def _size(term: Term) -> float:
    return term.amount.first.nominal

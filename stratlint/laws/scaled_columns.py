"""Columns whose headings say how many of the things of the column before they hold: "Per GPU", "Per node (8 GPUs)"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from stratlint.laws.comparable import bounded, measured
from stratlint.laws.slips import CLEAN
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
_WHY = "so many times the column before"
# A value further off is of something that is not so many times as much: a link, a time, a version.
_NEAR, _FEWEST = 1.5, 2


def proposals(page: Page) -> Iterator[Proposal]:
    """The cells of such columns, each as so many times the cell before it, where other lines show that the heading means it."""
    for table in page.tables:
        for before, lane in pairwise(table.columns):
            if lane.count is not None:
                yield from _scaled(before, lane, lane.count)


def _scaled(before: Lane, lane: Lane, count: Term) -> Iterator[Proposal]:
    pairs = [
        (one, two)
        for one, two in zip(before.terms, lane.terms, strict=True)
        if one is not None and two is not None and _alike(one, two) and not (bounded(one) or bounded(two))
    ]
    kept = sum(_is_off_by(one, two, count, 1.0) for one, two in pairs)
    for one, two in pairs if kept else ():
        slipped = any(_is_off_by(one, two, count, slip) for slip in (1.0, *CLEAN))
        if slipped or (kept >= _FEWEST and _is_near(one, two, count)):
            yield Proposal(two.use, Relation.EQUALS, Compute("×", one.use, count.use), Source.GRID, FAMILY, _WHY)


def _alike(one: Term, two: Term) -> bool:
    return measured(one) and one.amount.hard == two.amount.hard and one.amount.first.nominal > 0 < two.amount.first.nominal


def _is_off_by(one: Term, two: Term, count: Term, slip: float) -> bool:
    """Whether *two* is *slip* times what it should be, to the printed digits."""
    part, whole, factor = one.amount.first.interval, two.amount.first.interval, count.amount.value * slip
    return part.low * factor <= whole.high and whole.low <= part.high * factor


def _is_near(one: Term, two: Term, count: Term) -> bool:
    ratio = two.amount.first.nominal / (one.amount.first.nominal * count.amount.value)
    return 1 / _NEAR < ratio < _NEAR

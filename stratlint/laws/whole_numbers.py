"""Whole numbers that a table makes of the numbers beside them: what is rounded one way in all other lines is so in the last."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from stratlint.claims.amount import constant
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
_FEWEST = 3
# So many lines at least tell that nothing is rounded up.
_SEVERAL = 2
# A number this near is made of the one beside it.
_REACH = 2.0


def proposals(page: Page) -> Iterator[Proposal]:
    """Each whole number against the number that it is made of, where all but one are the whole number below."""
    for table in page.tables:
        for lanes in (table.columns, table.lines):
            plain = [lane for lane in lanes if lane.role is CellRole.VALUE]
            for one, two in pairwise(plain):
                yield from _made_of(one, two)


def _made_of(source: Lane, made: Lane) -> Iterator[Proposal]:
    pairs = [(one, two) for one, two in zip(source.terms, made.terms, strict=True) if one is not None and two is not None]
    if len(pairs) < _FEWEST or not _broken(source, [one for one, _ in pairs]) or not all(_is_whole(two) for _, two in pairs):
        return
    broken = [pair for pair in pairs if not _keeps(*pair, math.floor)]
    up, nearest = (sum(not _keeps(*pair, rule) for pair in pairs) for rule in (math.ceil, round))
    if len(broken) > 1 or up < _SEVERAL or nearest < len(broken):
        return
    if broken and abs(broken[0][0].amount.value - broken[0][1].amount.value) > _REACH:
        return
    why = "the whole number below, as in the other lines"
    for one, two in pairs:
        if two.amount.value > one.amount.value:
            yield Proposal(two.use, Relation.AT_MOST, one.use, Source.GRID, FAMILY, why)
        else:
            least = Compute("-", one.use, Use(constant(1.0)))
            yield Proposal(two.use, Relation.AT_LEAST, least, Source.GRID, FAMILY, why)


def _broken(lane: Lane, terms: Sequence[Term]) -> bool:
    """Whether a lane has numbers with digits behind the point, all of them more than nothing."""
    plain = all(not bounded(term) and not term.amount.percent and term.amount.value > 1 for term in terms)
    return plain and all(term.amount.step < 1 for term in terms) and len(lane.terms) == len(terms)


def _is_whole(term: Term) -> bool:
    return term.amount.exact and not term.amount.hard and not bounded(term) and term.amount.magnitude == 1.0 and not term.amount.percent


def _keeps(source: Term, made: Term, rule: Callable[[float], float]) -> bool:
    digits = source.amount.digits
    return made.amount.value in {rule(source.amount.value), rule(digits.low), rule(digits.high)}

"""What is needed of things that each bear so much: at least as many as the quotient, rounded up.

More are spares, or what the layout asks for; fewer do not do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.comparable import bounded
from stratlint.laws.spots import Spot, between, has_kind, spots_of, tags_of
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "enough"
_OPERANDS = 3
_NEEDED = frozenset({"required", "takes"})
# What is there, what is left, what is added: no load that has to be borne, and no number that bears it.
_NO_LOAD = frozenset({"free", "capacity", "limit", "floor", "total", "change", "target", "before", "after", "minimum", "mean"})
_NO_NUMBER = frozenset({"each", "change", "free", "remaining", "before", "after", "down"})
_OTHERWISE = frozenset({"condition", "modal", "versus", "denied", "minus", "plus", "ratio", "contrast"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The numbers of things that sentences of a load and of what one thing bears say are needed."""
    for statement in page.statements:
        if not (statement.asserted and statement.present) or statement.code or statement.tags() & _OTHERWISE:
            continue
        spots = spots_of(statement)
        if len(spots) != _OPERANDS or any(bounded(spot.term) or spot.depth for spot in spots):
            continue
        for needed in spots:
            found = _bearing(statement, spots, needed)
            if found is not None:
                load, each = found
                quotient = Compute("/", load.use, each.use)
                yield Proposal(
                    needed.term.use, Relation.AT_LEAST, quotient, Source.STATEMENT, FAMILY, "the load, over what one of them bears"
                )


def _bearing(statement: Statement, spots: Sequence[Spot], needed: Spot) -> tuple[Term, Term] | None:
    """The load right before "needs", and what one of the things that are needed bears, wherever the sentence says it."""
    term = needed.term
    counts = bool(term.noun) and term.amount.exact and not term.amount.hard and not term.tags & _NO_NUMBER and not term.amount.approximate
    if not counts or not needed.number or any(name != term.noun for name, _ in term.per):
        return None
    each = [spot for spot in spots if spot is not needed and (term.noun, -1.0) in spot.term.dimensions]
    loads = [spot for spot in spots[: needed.number] if spot not in each]
    if len(each) != 1 or len(loads) != 1 or not _is_load(loads[0].term, each[0].term, term.noun):
        return None
    verb = between(statement, spots[needed.number - 1], needed)
    if not verb or not verb[-1].tags >= _NEEDED or not _same_clause(between(statement, loads[0], needed)):
        return None
    return None if "has" in tags_of(_clause_before(statement.items, loads[0].at)) else (loads[0].term, each[0].term)


def _is_load(load: Term, each: Term, noun: str) -> bool:
    """Whether an amount is of what one thing bears, and something to be borne."""
    borne = tuple(pair for pair in each.dimensions if pair != (noun, -1.0))
    alike = borne == load.dimensions or (not borne and not load.amount.hard and not load.per)
    return alike and not load.tags & _NO_LOAD and not load.whole and not load.amount.percent and not load.amount.multiple


def _same_clause(items: Sequence[Item]) -> bool:
    return not has_kind(items, ItemKind.COMMA, ItemKind.STOP, ItemKind.COLON, ItemKind.OPEN, ItemKind.CLOSE)


def _clause_before(items: Sequence[Item], at: int) -> Sequence[Item]:
    """What stands before an item in its clause."""
    start = max((index for index in range(at) if items[index].kind in (ItemKind.COMMA, ItemKind.STOP, ItemKind.COLON)), default=-1)
    return items[start + 1 : at]

"""Links gathered: `one 400 Gb/s port per GPU; 8 ports give 400 GB/s`. The rate of one stands before, the count right before the sum.

Which rate is that of one the digits show: so many times it is what is given, or eight times less, where bits were carried over as bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.laws.spots import Spot, between, spots_of
from stratlint.laws.transfers import is_exact
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source
from stratlint.meaning.statement import ItemKind, Statement, Term

FAMILY = "gathered"
_RATE = (("information", 1.0), ("time", -1.0))
_BITS = 8.0
# So many items may stand between the count and what it gives: "ports give every node".
_MOST_BETWEEN = 5
# How far the digits of what they give may leave it open: `1.6 TB/s` has two, and there is one thing that it can be.
_ROUGHEST = 0.1
_OTHER = frozenset({"target", "limit", "free", "change", "before", "after", "used", "part"})


def proposals(page: Page) -> Iterator[Proposal]:
    """What so many links of a sentence give together."""
    for statement in page.statements:
        if not (statement.asserted and statement.present) or statement.code:
            continue
        spots = spots_of(statement)
        for at in range(1, len(spots)):
            count, whole = spots[at - 1], spots[at]
            if _is_rate(whole.term) and _gives(statement, count, whole):
                ones = [spot.term for spot in spots[: at - 1] if _is_rate(spot.term)]
                one = _meant(count.term, whole.term, ones)
                if one is not None:
                    product = Compute("×", count.term.use, one.use)
                    yield Proposal(whole.term.use, Relation.EQUALS, product, Source.STATEMENT, FAMILY, "so many links, and the rate of one")


def _is_rate(term: Term) -> bool:
    return term.amount.hard == _RATE and not term.amount.ranged and not term.amount.approximate and not term.tags & _OTHER


def _gives(statement: Statement, count: Spot, whole: Spot) -> bool:
    """Whether a number of things right before a verb is what gives an amount."""
    items, amount = between(statement, count, whole), count.term.amount
    plain = amount.exact and not amount.hard and not amount.ranged and amount.value > 1 and count.term.degree is None
    verb = any(item.kind is ItemKind.CUE and "equals" in item.tags for item in items)
    return plain and verb and len(items) <= _MOST_BETWEEN and all(item.kind in (ItemKind.WORD, ItemKind.CUE) for item in items)


def _meant(count: Term, whole: Term, ones: list[Term]) -> Term | None:
    """The rate of which the whole is so many times as much, else the one of which it is that with bits for bytes; None for neither."""
    if not is_exact(whole, _ROUGHEST):
        return None
    for slip in (1.0, _BITS):
        found = [one for one in ones if _explains(count, whole, one, slip)]
        if found:
            return found[0] if len({one.amount.first.nominal for one in found}) == 1 else None
    return None


def _explains(count: Term, whole: Term, one: Term, slip: float) -> bool:
    size, said = one.amount.first.nominal * count.amount.value * slip, whole.amount.first.interval
    return said.low <= size <= said.high

"""Means and extremes that a table gives of the values beside or above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.amount import constant
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import comparable
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, total
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
_FEWEST = 3
_PERCENTILES = frozenset({"q50", "q90", "q95", "q99", "q999"})
_MEAN, _LEAST, _MOST = "mean", "minimum", "maximum"


def proposals(page: Page) -> Iterator[Proposal]:
    """The mean of repeated values in a line, and its extremes; a mean of a column lies between what stands above it."""
    for table in page.tables:
        yield from _of_repeats(table.columns, table.lines)
        yield from _of_repeats(table.lines, table.columns)
        yield from _between_extremes(table.lines, table.columns)


def _of_repeats(lanes: Sequence[Lane], others: Sequence[Lane]) -> Iterator[Proposal]:
    """Each statistic over lanes that are one thing repeated: `| 1 | 2 | 3 | Mean |`."""
    repeats = [lane for lane in lanes if lane.role is CellRole.VALUE]
    if len(repeats) < _FEWEST or len({lane.label for lane in repeats}) != 1 or any(lane.role is CellRole.TOTAL for lane in lanes):
        return
    for lane in lanes:
        statistic = _statistic(lane)
        if lane.role is not CellRole.MEAN or not statistic:
            continue
        for at in range(len(others)):
            claim, values = lane.terms[at], [each.terms[at] for each in repeats]
            known = [value for value in values if value is not None]
            if claim is None or len(known) < len(values) or not all(_alike(claim, value) for value in known):
                continue
            why = "what the values beside it give"
            yield Proposal(claim.use, Relation.EQUALS, _of(statistic, known), Source.GRID, FAMILY, why)


def _between_extremes(lanes: Sequence[Lane], others: Sequence[Lane]) -> Iterator[Proposal]:
    """A mean, however weighted, is no less than the least and no more than the most of what it is taken over."""
    values = [lane for lane in lanes if lane.role is CellRole.VALUE]
    means = [lane for lane in lanes if lane.role is CellRole.MEAN and _statistic(lane) == _MEAN]
    if len(values) < _FEWEST or len(means) != 1 or any(lane.role is CellRole.TOTAL for lane in lanes):
        return
    for at in range(len(others)):
        claim, known = means[0].terms[at], [lane.terms[at] for lane in values]
        told = [term for term in known if term is not None]
        if claim is None or len(told) < len(known) or not all(_alike(claim, term) for term in told):
            continue
        for statistic, relation in ((_MOST, Relation.AT_MOST), (_LEAST, Relation.AT_LEAST)):
            yield Proposal(claim.use, relation, _of(statistic, told), Source.GRID, FAMILY, "an extreme of what it is the mean of")


def _statistic(lane: Lane) -> str:
    """Which statistic a lane holds by its label; "" for none of these, or several."""
    tags = frozenset[str]().union(*(lexicon().tagged((word,), 0)[1] for word in lane.label))
    found = tags & {_MEAN, _LEAST, _MOST}
    return next(iter(found)) if len(found) == 1 and not tags & _PERCENTILES else ""


def _alike(claim: Term, value: Term) -> bool:
    if any(term.amount.ranged or term.amount.bound for term in (claim, value)):
        return False
    return comparable(claim, value) or not (claim.amount.first.dimensions or value.amount.first.dimensions)


def _of(statistic: str, values: Sequence[Term]) -> Expression:
    if statistic == _MEAN:
        return Compute("/", total([value.use for value in values]), Use(constant(float(len(values)))))
    chosen = min if statistic == _LEAST else max
    return chosen(values, key=lambda value: value.amount.first.nominal).use

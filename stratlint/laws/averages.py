"""Means and extremes that a table gives of the values beside or above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from stratlint.claims.amount import constant
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import comparable
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, total
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
_FEWEST = 3
# A mean that is met by chance is not: the values spread over so many times its last digit.
_TELLING = 10.0
_PERCENTILES = frozenset({"q50", "q90", "q95", "q99", "q999"})
_MEAN, _LEAST, _MOST = "mean", "minimum", "maximum"


def proposals(page: Page) -> Iterator[Proposal]:
    """The mean of repeated values in a line, and its extremes; a mean of a column is that of what stands above it."""
    for table in page.tables:
        yield from _of_repeats(table.columns, table.lines)
        yield from _of_repeats(table.lines, table.columns)
        yield from _of_columns(table.lines, table.columns)


def _of_repeats(lanes: Sequence[Lane], others: Sequence[Lane]) -> Iterator[Proposal]:
    """Each statistic over lanes that are one thing repeated: `| 1 | 2 | 3 | Mean |`."""
    repeats = [lane for lane in lanes if lane.role is CellRole.VALUE]
    if len(repeats) < _FEWEST or len({lane.label for lane in repeats}) != 1 or any(lane.role is CellRole.TOTAL for lane in lanes):
        return
    given = Counter(_statistic(lane) for lane in lanes if lane.role is CellRole.MEAN)
    for lane in lanes:
        statistic = _statistic(lane)
        if lane.role is not CellRole.MEAN or not statistic or given[statistic] > 1:  # several means are means of some
            continue
        for at in range(len(others)):
            claim, values = lane.terms[at], [each.terms[at] for each in repeats]
            known = [value for value in values if value is not None]
            if claim is None or len(known) < len(values) or not all(_alike(claim, value) for value in known):
                continue
            why = "what the values beside it give"
            yield Proposal(claim.use, Relation.EQUALS, _of(statistic, known), Source.GRID, FAMILY, why)


def _of_columns(lanes: Sequence[Lane], others: Sequence[Lane]) -> Iterator[Proposal]:
    """The mean of each column: the plain one where another column shows that it is, else between its least and its most."""
    values = [lane for lane in lanes if lane.role is CellRole.VALUE]
    means = [lane for lane in lanes if lane.role is CellRole.MEAN and _statistic(lane) == _MEAN]
    if len(values) < _FEWEST or len(means) != 1 or any(lane.role is CellRole.TOTAL for lane in lanes):
        return
    columns: list[tuple[Term, list[Term]]] = []
    for at in range(len(others)):
        claim, told = means[0].terms[at], [term for lane in values if (term := lane.terms[at]) is not None]
        if claim is not None and len(told) == len(values) and all(_alike(claim, term) for term in told):
            columns.append((claim, told))
    plain = [_is_plain_mean(claim, told) for claim, told in columns]
    for (claim, told), own in zip(columns, plain, strict=True):
        if sum(plain) > own:  # a column that another one vouches for
            why = "the plain mean, as in the columns beside it"
            yield Proposal(claim.use, Relation.EQUALS, _of(_MEAN, told), Source.GRID, FAMILY, why)
            continue
        for statistic, relation in ((_MOST, Relation.AT_MOST), (_LEAST, Relation.AT_LEAST)):
            yield Proposal(claim.use, relation, _of(statistic, told), Source.GRID, FAMILY, "an extreme of what it is the mean of")


def _is_plain_mean(claim: Term, values: Sequence[Term]) -> bool:
    """Whether a mean is that of values that differ, every one counted once, to the digits that it prints."""
    sizes = [value.amount.first.nominal for value in values]
    step = claim.amount.step * claim.amount.first.factor
    spread = max(sizes) - min(sizes) > _TELLING * step > 0
    return spread and abs(sum(sizes) / len(sizes) - claim.amount.first.nominal) <= step


def _statistic(lane: Lane) -> str:
    """Which statistic a lane holds by its label; "" for none of these, or several."""
    found = lane.tags & {_MEAN, _LEAST, _MOST}
    return next(iter(found)) if len(found) == 1 and not lane.tags & _PERCENTILES else ""


def _alike(claim: Term, value: Term) -> bool:
    if any(term.amount.ranged or term.amount.bound for term in (claim, value)):
        return False
    return comparable(claim, value) or not (claim.amount.first.dimensions or value.amount.first.dimensions)


def _of(statistic: str, values: Sequence[Term]) -> Expression:
    if statistic == _MEAN:
        return Compute("/", total([value.use for value in values]), Use(constant(float(len(values)))))
    chosen = min if statistic == _LEAST else max
    return chosen(values, key=lambda value: value.amount.first.nominal).use

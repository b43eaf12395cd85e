"""One rate for one thing and for many, or for one period and another: `$80 per hour` and `$58,400 per month`, J per token and kWh per
million tokens.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.statement import Term

FAMILY = "rescaled"
_LOOSE = frozenset(
    {"part", "free", "limit", "target", "before", "after", "change", "maximum", "minimum", "mean", "floor", "only", "least_words", "used"}
)
_LEAST_RATIO = 1.5
_MOST_UNITS = 5
_THOUSAND, _BITS = 1000.0, 8.0
# So near to a power of a thousand a factor is a prefix, binary ones included.
_PREFIX = 0.03


def proposals(page: Page) -> Iterator[Proposal]:
    """Each rate that a list or row repeats in another unit, under the same name or under none but its scope."""
    last: dict[int, int] = {}
    for statement in page.statements:
        for term in statement.terms:
            if "time" not in dict(term.amount.hard):
                last[statement.block] = max(last.get(statement.block, 0), term.place.start)
    records = Counter(group.grid for group in page.groups if group.axis is Axis.RECORD and group.terms)
    for group in page.groups:
        if group.axis is Axis.RECORD and group.asserted and group.present and not group.code and records[group.grid] == 1:
            yield from _of(group, last)


def _of(group: Group, last: Mapping[int, int]) -> Iterator[Proposal]:
    """*last*: where the last amount of each block begins that is no time: `Monthly: $71,774 (8 nodes)` is the rate of several."""
    named: dict[tuple[object, ...], list[Term]] = {}
    for term in group.terms:
        if _is_rate(term) and last.get(term.place.block, 0) <= term.place.start:
            named.setdefault((term.dimensions, term.key, term.scope, "total" in term.tags), []).append(term)
    for alike in named.values():
        factors = {term.amount.first.factor for term in alike}
        if 1 < len(alike) <= _MOST_UNITS and len(factors) == len(alike):  # two prices for a million tokens are those of two things
            for first, again in pairwise(alike):
                if _apart(first, again):
                    one, two = nearest(first.use, again.use)
                    yield Proposal(two, Relation.EQUALS, one, Source.GRID, FAMILY, "one rate in two units")


def nearest(one: Use, two: Use) -> tuple[Use, Use]:
    """Both in the readings that come nearest to each other: a month has 720, 730 or 744 hours, whatever a page assumes."""
    pairs = itertools.product(one.amount.readings, two.amount.readings)
    first, second = min(pairs, key=lambda pair: abs(pair[0].nominal - pair[1].nominal))
    return (
        replace(one, amount=replace(one.amount, readings=(first,))),
        replace(two, amount=replace(two.amount, readings=(second,))),
    )


def _is_rate(term: Term) -> bool:
    amount = term.amount
    plain = not (amount.ranged or amount.bound or amount.percent or amount.multiple or term.tags & _LOOSE)
    below = any(power < 0 for _, power in term.dimensions)
    return plain and bool(amount.hard) and below and amount.value > 0


def _apart(one: Term, two: Term) -> bool:
    """Whether their units differ by a period or by how many things they are for: a prefix, or bits for bytes, is left to taste."""
    factors = sorted((one.amount.first.factor, two.amount.first.factor))
    ratio = factors[1] / factors[0] if factors[0] > 0 else 1.0
    if any(name == "money" for name, _ in one.amount.hard):
        return ratio > _LEAST_RATIO
    power = math.log(ratio, _THOUSAND) if ratio > _LEAST_RATIO else 0.0
    bits = math.log(ratio / _BITS, _THOUSAND) if ratio > _LEAST_RATIO else 0.0
    return ratio > _LEAST_RATIO and all(abs(each - round(each)) > _PREFIX for each in (power, bits))

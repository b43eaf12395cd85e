"""The ranks of one quantity and which of two comes first: the least, percentiles, the most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from stratlint.laws.comparable import comparable
from stratlint.meaning.statement import Term

# From the least to the greatest.
_RANKS = ("minimum", "q50", "q90", "q95", "q99", "q999", "maximum")
PERCENTILES = frozenset({"q50", "q90", "q95", "q99", "q999"})
_MOST_TERMS = 40


def ranked(terms: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    """Percentiles, means and extremes of one quantity, two by two: the one that does not exceed the other first."""
    stated = [term for term in terms if not (term.amount.bound or term.amount.ranged) and not term.tags & {"below", "above", "target"}]
    known_ranks = [(term, _rank(term)) for term in stated if _rank(term) >= 0 or ("mean" in term.tags and not term.tags & PERCENTILES)]
    if len(known_ranks) > _MOST_TERMS:
        return
    found = [(one, two) for one, two in combinations(known_ranks, 2) if comparable(one[0], two[0]) and _same_quantity(one[0], two[0])]
    alike = Counter((term.name, rank, term.dimensions) for term, rank in known_ranks)
    for (one, low), (two, high) in found:
        if alike[one.name, low, one.dimensions] > 1 or alike[two.name, high, two.dimensions] > 1 or low == high:
            continue  # two items of a list with their own percentiles
        if low < 0 or high < 0:
            known = max(low, high)
            if 0 < known < len(_RANKS) - 1:
                continue
            mean, extreme = (one, two) if low < 0 else (two, one)
            pair = (extreme, mean) if known == 0 else (mean, extreme)
        else:
            pair = (one, two) if low < high else (two, one)
        yield pair


def _rank(term: Term) -> int:
    """The place among the ranks; -1 for means and for what has none."""
    percentiles = [index for index, rank in enumerate(_RANKS) if rank in term.tags and rank.startswith("q")]
    timed = dict(term.amount.first.dimensions) == {"time": 1.0}
    if percentiles:
        return percentiles[0] if len(percentiles) == 1 and timed else -1
    extremes = [index for index in (0, len(_RANKS) - 1) if _RANKS[index] in term.tags]
    if len(extremes) != 1 or term.tags & {"target", "capacity"} or ("ends" in term.tags and not timed):
        return -1
    return extremes[0]


def _same_quantity(one: Term, two: Term) -> bool:
    """Whether two names differ by one word each at most, the rank, and share the rest."""
    shared = one.name & two.name
    mine, others = one.name - shared, two.name - shared
    return len(mine) <= 1 and len(others) <= 1 and bool(mine or others)

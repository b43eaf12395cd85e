"""Efficiencies and utilisations of a table that go with another of its columns, all but one: `1,868 of 2,052 | 93.4 %`, MFU and TFLOPS.

A utilisation is what was reached over one peak, an efficiency over what the first line has. So a column of four and more that goes with
another one to its printed digits in every line but one shows of that line what it should be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratlint.claims.interval import Interval
from stratlint.document.grid import CellRole
from stratlint.laws.comparable import bounded
from stratlint.laws.lane_words import LaneWords
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "table-pattern"
_FEWEST = 4
_ALL = 100.0
# What the others keep shows only where they differ by so many times their digits.
_TELLING = 6.0
# Another peak is half or twice as much, hardly less.
_NEAR = 1.6


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two cells of one line: an efficiency, and what it may go with."""

    share: Term
    rate: Term

    @property
    def ratio(self) -> Interval:
        """What the one is of the other, by the printed digits."""
        return self.share.amount.first.interval / self.rate.amount.first.interval


def proposals(page: Page) -> Iterator[Proposal]:
    """Each efficiency of such columns, and of such lines where options stand side by side."""
    for table in page.tables:
        for lanes, others in ((table.columns, table.lines), (table.lines, table.columns)):
            for lane in lanes:
                if lane.efficiency and lane.role is CellRole.VALUE:
                    yield from _of(lane, lanes, others)


def _of(lane: Lane, lanes: Sequence[Lane], others: Sequence[Lane]) -> Iterator[Proposal]:
    samples = [at for at, other in enumerate(others) if other.role is CellRole.VALUE]
    found: list[tuple[dict[int, _Pair], int | None]] = []
    for other in lanes:
        pairs = _pairs(lane, other, samples) if other is not lane else {}
        if len(pairs) == len(samples) >= _FEWEST and _tells(list(pairs.values())):
            odd = _odd_one(pairs)
            if odd == ():
                found = [(pairs, None)]
                break
            found += [(pairs, at) for at in odd or ()]
    if len({odd for _, odd in found}) != 1:
        return  # none, or two columns that blame two lines
    pairs, odd_one = found[0]
    if odd_one is not None and _set_apart(lanes, lane, others, samples, odd_one):
        return
    model = max((at for at in samples if at != odd_one), key=lambda at: pairs[at].share.amount.value)
    for at in samples:
        if at != model:
            own, first = pairs[at], pairs[model]
            computed: Expression = Compute("/", own.rate.use, first.rate.use)
            whole = first.share.amount.value == _ALL
            expression = computed if whole else Compute("×", first.share.use, computed)
            why = "as in all other lines of the table"
            yield Proposal(own.share.use, Relation.EQUALS, expression, Source.GRID, FAMILY, why)


def _pairs(lane: Lane, other: Lane, samples: Sequence[int]) -> dict[int, _Pair]:
    """The percentages of a lane with the amounts of another one beside them."""
    found: dict[int, _Pair] = {}
    for at in samples:
        share, rate = lane.terms[at], other.terms[at]
        if share is None or rate is None or not share.amount.percent or rate.amount.percent or rate.degree is not None:
            continue
        plain = not (bounded(share) or bounded(rate) or share.amount.approximate or rate.amount.approximate)
        if plain and share.amount.first.interval.low > 0 and rate.amount.first.interval.low > 0:
            found[at] = _Pair(share, rate)
    return found


def _tells(pairs: Sequence[_Pair]) -> bool:
    """Whether the values of both differ by so much that going with each other is no chance."""
    for terms in ([pair.share for pair in pairs], [pair.rate for pair in pairs]):
        sizes = sorted(term.amount.value for term in terms)
        if len(set(sizes)) < _FEWEST - 1:
            return False
    spread = max(pair.share.amount.value for pair in pairs) - min(pair.share.amount.value for pair in pairs)
    return spread > _TELLING * max(pair.share.amount.step for pair in pairs)


def _odd_one(pairs: dict[int, _Pair]) -> tuple[int, ...] | None:
    """The one line whose ratio is not that of all others; () where all are one, None where none is, or several may be."""
    if _shared([pair.ratio for pair in pairs.values()]):
        return ()
    odd = [at for at in pairs if _shared([pair.ratio for other, pair in pairs.items() if other != at])]
    rest = [pair for other, pair in pairs.items() if other not in odd[:1]]
    if len(odd) != 1 or not _tells(rest):
        return None
    usual, own = rest[0].ratio.middle, pairs[odd[0]].ratio.middle
    return (odd[0],) if 1 / _NEAR < own / usual < _NEAR else None


def _shared(ratios: Sequence[Interval]) -> bool:
    return max(ratio.low for ratio in ratios) <= min(ratio.high for ratio in ratios)


def _set_apart(lanes: Sequence[Lane], lane: Lane, others: Sequence[Lane], samples: Sequence[int], odd: int) -> bool:
    """Whether something else of the odd line is unlike all others: a remark, a word that it lacks, a setting that they share."""
    words = LaneWords.of(others, samples)
    place, kept = samples.index(odd), [at for at in range(len(samples)) if samples[at] != odd]
    if words.remarked(place, kept) or words.set_apart(place, kept):
        return True
    for other in lanes:
        values = [term.amount.value if (term := other.terms[at]) is not None else None for at in samples if at != odd]
        own = other.terms[odd]
        if other is not lane and len(set(values)) == 1 and (own.amount.value if own is not None else None) != values[0]:
            return True
    return False

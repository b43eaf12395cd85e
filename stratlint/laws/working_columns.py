"""Columns of computations beside columns of results, judged as columns: what all lines miss alike is a unit that stands elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.page import Page

_FEWEST = 2
_DIGITS = 3
# The results are rounded.
_NEAR = 0.02


def with_unread_units(page: Page, judgements: Sequence[Judgement]) -> frozenset[int]:
    """The indices of those *judgements* whose whole column of results is off by one power of ten."""
    lanes = ((at, column, term) for at, table in enumerate(page.tables) for column, lane in enumerate(table.columns) for term in lane.terms)
    columns = {term.place.block: (at, column) for at, column, term in lanes if term is not None}
    found: dict[tuple[int, int], list[int]] = {}
    for index, judgement in enumerate(judgements):
        place, printed = judgement.proposal.claim.place, judgement.proposal.claim.amount.unit_text
        if judgement.outcome is Outcome.REFUTED and not printed and place is not None and place.block in columns:
            found.setdefault(columns[place.block], []).append(index)
    return frozenset(index for indices in found.values() if _alike([_power(judgements[index]) for index in indices]) for index in indices)


def _power(judgement: Judgement) -> float:
    """By how many powers of a thousand a result is off, a whole number where by nothing else; 0 where that is not known."""
    best, claim = judgement.best, judgement.proposal.claim.amount
    claimed = claim.value * best.factor if best is not None else 0.0
    return math.log10(best.nominal / claimed) / _DIGITS if best is not None and claimed and best.nominal / claimed > 0 else 0.0


def _alike(powers: Sequence[float]) -> bool:
    """Whether several results are off by one power of a thousand."""
    whole = round(powers[0])
    return len(powers) >= _FEWEST and whole != 0 and all(abs(power - whole) < _NEAR for power in powers)

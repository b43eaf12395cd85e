"""A mix: shares that weight the values beside them, with 100 and the weighted mean in the last line.

That the shares are those of one whole, the mean proves: one share is not what it was computed with, and the rest of the others is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.comparable import bounded
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source, total
from stratlint.meaning.statement import Term
from stratlint.meaning.tables import Lane

FAMILY = "mix"
_ALL = 100.0
_FEWEST = 3
# A mean of fewer printed steps is met by chance.
_LEAST_STEPS = 20


def proposals(page: Page) -> Iterator[Proposal]:
    """Each share that the mean was not computed with; where all are, that they make the whole."""
    for table in page.tables:
        for column in table.columns:
            shares = _shares(column)
            means = [values for other in table.columns if other is not column and (values := _values(other)) and len(values) == len(shares)]
            if shares and means:
                yield from _of_mix(shares, means)


def _of_mix(shares: Sequence[Term], columns: Sequence[Sequence[Term]]) -> Iterator[Proposal]:
    *parts, whole = shares
    weights = [part.amount.value for part in parts]
    rests = [_ALL - (sum(weights) - weight) for weight in weights]
    mixed = [[*weights[:at], rest, *weights[at + 1 :]] for at, rest in enumerate(rests)]
    found = [at for at, fixed in enumerate(mixed) if rests[at] > 0 and any(_is_mean(fixed, values) for values in columns)]
    if abs(sum(weights) - _ALL) < sum(part.amount.step for part in parts) / 2:
        if found:
            yield Proposal(whole.use, Relation.EQUALS, total([part.use for part in parts]), Source.GRID, FAMILY, "the shares of a mix")
    elif len(found) == 1:
        part = parts[found[0]]
        others = total([each.use for each in parts if each is not part])
        why = "the rest of the shares of a mix, as the mean below has it"
        yield Proposal(part.use, Relation.EQUALS, Compute("-", whole.use, others), Source.GRID, FAMILY, why)


def _shares(column: Lane) -> list[Term]:
    """The shares of a column with 100 in its last line."""
    found = _values(column)
    amounts = [term.amount for term in found]
    plain = all(0 < amount.value < _ALL and not amount.hard and not amount.multiple and amount.magnitude == 1.0 for amount in amounts[:-1])
    return found if found and plain and amounts[-1].value == _ALL and len({amount.percent for amount in amounts}) == 1 else []


def _values(column: Lane) -> list[Term]:
    """The amounts of a column that has one in every line."""
    found = [term for term in column.terms if term is not None and not bounded(term)]
    return found if len(found) == len(column.terms) and len(found) > _FEWEST else []


def _is_mean(weights: Sequence[float], values: Sequence[Term]) -> bool:
    """Whether the last of *values* is the mean of the others by their *weights*, and no plain one, to its printed digits."""
    *each, last = (value.amount for value in values)
    if len({amount.magnitude for amount in (*each, last)}) > 1 or last.step <= 0 or last.value < _LEAST_STEPS * last.step:
        return False
    mean = sum(weight * amount.value for weight, amount in zip(weights, each, strict=True)) / _ALL
    slack = sum(weight * amount.step for weight, amount in zip(weights, each, strict=True)) / _ALL / 2 if not each[0].exact else 0.0
    return abs(mean - last.value) <= last.step / 2 + slack / 2 + 1e-9 * mean

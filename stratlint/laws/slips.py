"""Slips of the pen: in a sum the one number that two digits in the wrong order, or a point in the wrong place, explain; in a product the
factors that were forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from stratlint.meaning.proposal import Compute, Expression, only_multiplies, total, uses
from stratlint.meaning.statement import Term

# Ratios that leave the digits as they are: bits for bytes, and the point in the wrong place.
CLEAN = (8.0, 1 / 8, 10.0, 0.1, 100.0, 0.01, 1e3, 1e-3)
_THREE_DIGITS, _EXACT = 100, 0.01
_PLAIN = 4
_POWERS = (-3, -2, -1, 1, 2, 3)
# Degrees and counts of this size are forgotten; in a product of more of them any gap is one or two.
_LARGEST_DEGREE, _MOST_DEGREES = 256, 16


def misprinted(whole: Term, parts: Sequence[Term]) -> Term | None:
    """The one part of a sum that does not hold whose slip explains it; None where the whole may be it, none, or several.

    >>> _swapped(48.6, 0.1), _swapped(1650.0, 1.0)
    ((84.6, 46.8), (6150.0, 1560.0, 1605.0))
    """
    if not _same_scale(whole, parts):
        return None
    size = sum(part.amount.value for part in parts)
    steps = sum(part.amount.step for part in parts) + whole.amount.step
    if abs(size - whole.amount.value) <= steps / 2:
        return None
    if _explains(whole, size, steps):
        return None
    found = [part for part in parts if _explains(part, whole.amount.value - (size - part.amount.value), steps)]
    return found[0] if len(found) == 1 else None


def digit_slip(whole: Term, parts: Sequence[Term]) -> bool:
    """Whether a sum is one slip of the pen away from that of its parts: a digit too many or too few in one place but the last, two
    digits exchanged. Three digits at least have to be printed: fewer are so by chance."""
    if not _same_scale(whole, parts):
        return False
    wanted, step = sum(part.amount.value for part in parts), max(each.amount.step for each in (whole, *parts))
    printed = round(whole.amount.value / whole.amount.step)
    if printed < _THREE_DIGITS or whole.amount.step > step:
        return False
    gap = abs(whole.amount.value - wanted) / step
    places = [10.0**power for power in range(1, len(str(printed)))]
    carried = any(abs(gap - digit * place) < _EXACT for place in places for digit in range(1, 10))
    return carried or any(abs(value - wanted) < _EXACT * step for value in _swapped(whole.amount.value, whole.amount.step))


def rest_of(whole: Term, parts: Sequence[Term], part: Term) -> Expression:
    """What *part* should be: the whole without the other parts."""
    return Compute("-", whole.use, total([each.use for each in parts if each is not part]))


def _same_scale(whole: Term, parts: Sequence[Term]) -> bool:
    amounts = [each.amount for each in (whole, *parts)]
    return len({(amount.unit_text, amount.magnitude) for amount in amounts}) == 1 and all(amount.step > 0 for amount in amounts)


def _explains(term: Term, wanted: float, rounding: float) -> bool:
    """Whether a slip turns what should be *wanted*, give or take *rounding*, into the printed number."""
    amount = term.amount
    if wanted <= _PLAIN * rounding or amount.value <= 0:
        return False  # so little may be anything, rounded
    if any(abs(value - wanted) <= rounding / 2 for value in _swapped(amount.value, amount.step)):
        return True
    return any(abs(amount.value * 10.0**power - wanted) <= (amount.step * 10.0**power + rounding) / 2 for power in _POWERS)


def _swapped(value: float, step: float) -> tuple[float, ...]:
    """The values with two neighbouring digits of *value* exchanged; *step* is the weight of its last digit."""
    return tuple(_exchanged(str(round(value / step)), step))


def _exchanged(digits: str, step: float) -> Iterator[float]:
    for at in range(len(digits) - 1):
        if digits[at] != digits[at + 1]:
            yield round(int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]) * step, 9)


def forgotten_factors(expression: Expression) -> Iterator[float]:
    """What a product is off by where one or two of its factors were forgotten: degrees, counts, sizes."""
    sizes = [use.amount.value for use in uses(expression) if 1 < use.amount.value <= _LARGEST_DEGREE] if only_multiplies(expression) else []
    if len(sizes) <= _MOST_DEGREES:
        yield from sizes
        yield from (one * two for one, two in combinations(sizes, 2))

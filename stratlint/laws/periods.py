"""Times that convert the unit of another: in `85.5 days × 24 h × 128 GPUs` the 24 h are those of one day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stratlint.claims.interval import exactly
from stratlint.meaning.proposal import Compute, Expression, Use

_TIME = (("time", 1.0),)
# Months of 30 days, of 730 hours; years of 365.
_LOOSE = 0.03


def with_periods(expression: Expression) -> Expression:
    """*expression* with each whole number of a time that is one of a unit before it as a plain factor; the same one where there is none."""
    known: set[float] = set()
    factors: dict[int, Use] = {}
    for use in _factors(expression):
        reading = use.amount.first
        if reading.dimensions != _TIME or not reading.factor:
            continue
        whole = use.amount.value.is_integer() and not (use.amount.approximate or use.amount.ranged or use.amount.bound)
        unit = next((unit for unit in known if whole and abs(reading.nominal / unit - 1) <= _LOOSE), None)
        if unit is not None and reading.factor < unit:
            plain = replace(reading, interval=exactly(reading.nominal / unit), nominal=reading.nominal / unit, factor=1.0, dimensions=())
            factors[id(use)] = replace(use, amount=replace(use.amount, readings=(plain,)))
        known.add(reading.factor)
    return _replaced(expression, factors) if factors else expression


def _factors(expression: Expression) -> Iterator[Use]:
    """The factors of a product, left to right; none behind a sign of another kind."""
    if isinstance(expression, Use):
        yield expression
    elif expression.operator == "×":
        yield from _factors(expression.left)
        yield from _factors(expression.right)
    elif expression.operator == "/":
        yield from _factors(expression.left)


def _replaced(expression: Expression, factors: dict[int, Use]) -> Expression:
    if isinstance(expression, Use):
        return factors.get(id(expression), expression)
    return Compute(expression.operator, _replaced(expression.left, factors), _replaced(expression.right, factors))

"""Computations that state no result: names of mixtures, powers, things of two sorts, exponents that a copy of the text flattened, counts of
things that each take a time, quotients the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stratlint.claims.amount import Amount
from stratlint.claims.interval import Interval
from stratlint.laws.comparison import Tried
from stratlint.meaning.proposal import Compute, Expression, Use, only_multiplies, uses

_GIGA = 1e9
_TIME = (("time", 1.0),)
_WHOLE = 1e-6
_LOST = (100, 9999)
# A power that is close to its flattened digits (10² and 102) is a slip of a digit.
_FAR_FROM = 5.0
_MOST_TRIED = 4
_LARGEST_BASE = 60
_HALF = 0.5


def names_a_mixture(claim: Amount, expression: Expression) -> bool:
    """`8×7B experts = 47B`: the name of a mixture multiplies what its experts do not have alone."""
    if not isinstance(expression, Compute) or expression.operator != "×":
        return False
    if not isinstance(expression.left, Use) or not isinstance(expression.right, Use):
        return False
    count, size = expression.left.amount, expression.right.amount
    if not count.exact or not (size.magnitude == claim.magnitude == _GIGA) or claim.hard:
        return False
    product = count.value * size.value
    return 0.5 * product < claim.value < product


def lost_exponent(claim: Amount, expression: Expression) -> bool:
    """`163 − 1 = 4095`: 16³ whose raised digit was flattened by a copy of the text."""
    low, high = _LOST
    plain = [use for use in uses(expression) if use.amount.exact and not use.amount.unit_text and low <= use.amount.value <= high]
    for use in plain[:_MOST_TRIED]:
        digits = f"{use.amount.value:.0f}"
        for cut in (1, 2):
            base, power = int(digits[:-cut]), int(digits[-cut:])
            flattened = base >= 2 and 2 <= power <= 64 and float(base) ** power >= _FAR_FROM * use.amount.value
            if flattened and _value(expression, use, float(base) ** power) == claim.value * claim.magnitude:
                return True
    return False


def _value(expression: Expression, changed: Use, value: float) -> float | None:
    """What an expression of plain numbers gives with another value for one of them."""
    if isinstance(expression, Use):
        return value if expression is changed else expression.amount.value * expression.amount.magnitude
    left, right = _value(expression.left, changed, value), _value(expression.right, changed, value)
    if left is None or right is None or (expression.operator == "/" and not right):
        return None
    match expression.operator:
        case "×":
            return left * right
        case "/":
            return left / right
        case "+":
            return left + right
        case "-":
            return left - right
        case _:
            return None


def of_each(claim: Amount, expression: Expression, deciding: Iterable[Tried]) -> bool:
    """`2 domains × 18 nodes = 144 GPUs`: how many of the one stand in the other is told elsewhere."""
    amounts = [use.amount for use in uses(expression)]
    counted = [frozenset(name for name, power in amount.first.dimensions if power > 0) for amount in amounts]
    wanted = frozenset(name for name, power in claim.first.dimensions if power > 0)
    if claim.hard or not wanted or any(wanted & each for each in counted) or not any(counted) or any(amount.hard for amount in amounts):
        return False
    gaps = [each.claimed.middle / each.nominal for each in deciding if each.nominal]
    return only_multiplies(expression) and any(gap > 1 and abs(gap - round(gap)) < _WHOLE for gap in gaps)


def mixes_rates(amounts: Sequence[Amount]) -> bool:
    """Whether two things per second meet in one computation: how many of the one make the other is missing."""
    rates = [
        frozenset(name for name, power in amount.first.dimensions if power > 0) - {name for name, _ in amount.hard}
        for amount in amounts
        if ("time", -1.0) in amount.hard
    ]
    return len({each for each in rates if each}) > 1


def is_power(claim: Amount, expression: Expression) -> bool:
    """`5 parameters × 4 values each = 4^5`: the product stands for a power."""
    if not isinstance(expression, Compute) or not isinstance(expression.left, Use) or not isinstance(expression.right, Use):
        return False
    one, two = expression.left.amount, expression.right.amount
    if (
        expression.operator != "×"
        or not (one.exact and two.exact)
        or not 1 < min(one.value, two.value) <= max(one.value, two.value) <= _LARGEST_BASE
    ):
        return False
    return claim.value in (one.value**two.value, two.value**one.value)


def adds_things(claim: Amount, expression: Expression) -> bool:
    """`16 B header + 6 fields = 48 B`, `8 data + 4 parity = 1.5 TB`: a term that counts things is not in the unit of the others."""
    terms = [side.amount for side in _terms(expression) if isinstance(side, Use)]
    roles = [side.role for side in _terms(expression) if isinstance(side, Use)]
    if len(terms) < 2:
        return False
    things = [amount.exact and not amount.hard and bool(role or amount.unit_text) for amount, role in zip(terms, roles, strict=True)]
    if claim.hard and all(things) and len(set(roles)) == len(roles):
        return True
    sized = any(amount.hard or any(reading.assumes == "bytes" for reading in amount.readings) for amount in terms)
    return sized and any(things)


def _terms(expression: Expression) -> Iterator[Expression]:
    """What a sum adds and subtracts."""
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Compute) and current.operator in "+-":
            waiting += (current.right, current.left)
        else:
            yield current


def counts_of_times(claim: Amount, expression: Expression) -> bool:
    """`2 paths × 100 iterations ≈ 20 s`: counted things, and how long each takes is not written."""
    operands = list(uses(expression))
    counted = only_multiplies(expression) and all(use.role and not use.amount.hard for use in operands)
    return claim.hard == _TIME and counted


def is_inverse(deciding: Iterable[Tried]) -> bool:
    """`old 182 / new 49.5 = 0.27x`: the slash stands between the two that are compared, and the factor is the other way round."""
    return any(_fits(1 / each.nominal, each.claimed) for each in deciding if each.nominal)


def _fits(value: float, claimed: Interval) -> bool:
    return claimed.low <= value <= claimed.high


def rounded_times(claim: Amount, expression: Expression) -> bool:
    """`263 ms = 7 × the 36 ms`: a whole number of times, which the ratio of the two is nearest to."""
    if not isinstance(expression, Compute) or expression.operator != "×" or not isinstance(expression.left, Use):
        return False
    times, one = expression.left.amount, expression.right
    if not isinstance(one, Use) or not times.exact or times.unit_text or one.amount.hard != claim.hard or not one.amount.first.nominal:
        return False
    return abs(claim.first.nominal / one.amount.first.nominal - times.value) <= _HALF

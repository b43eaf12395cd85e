"""What is counted: whether the nouns of a computation leave those of its result.

Pages abbreviate (`8 nodes × 8 GPUs = 64 GPUs`, `80 layers / 4 = 20 per stage`), and a noun may be one that no operand names
(`128 GPUs / 8 = 16 replicas`). What can be told for certain is that a noun was divided away.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.claims.amount import combined, hard
from stratlint.claims.units import HARD, Dimensions
from stratlint.laws.evaluate import World, reading_of
from stratlint.meaning.proposal import Compute, Expression, Use, uses


def contradicts_itself(claimed: Dimensions, computed: Dimensions, expression: Expression, world: World) -> bool:
    """Whether what the claim counts was divided away: `128 GPUs × 50 tok/s/GPU = 6,400 tok/s per GPU`.

    Above the line something else must have taken its place: `17 requests/s × 4,096 tokens/request = 70K requests/s`.
    """
    measured = {name for name, _ in (*hard(claimed), *hard(computed))}
    left = dict(computed)
    others = {name for name, power in computed if power > 0} - measured - {name for name, _ in claimed}
    for name, power in claimed:
        if name in measured or left.get(name, 0.0) or (power > 0 and not others):
            continue
        powers = [dict(reading_of(use.amount, world).dimensions).get(name, 0.0) for use in uses(expression)]
        if any(each > 0 for each in powers) and any(each < 0 for each in powers):
            return True
    return False


def counts_another(claimed: Dimensions, computed: Dimensions, expression: Expression, world: World) -> bool:
    """Whether nothing that the operands say they count is left of what the claim counts: its digits agree, its noun does not follow.

    `80 layers / 4 stages = 20 stages`, `128 GPUs / 8 GPUs/node = 16 GPUs`, `64 GPUs + 32 nodes = 96 GPUs`, `64 cards × 10 h = 640 cards`.
    An operand that names nothing may count anything.
    """
    counted = [name for name, power in claimed if power > 0 and name not in HARD]
    if not counted or world.printed:
        return False
    if hard(computed) and not hard(claimed):
        return True  # a measured unit is left, of which the result says nothing
    if any(map(_adds_unlike, _sums(expression, world))):
        return True
    if any(not reading_of(use.amount, world).dimensions and not use.amount.percent for use in uses(expression)):
        return False
    left = dict(computed)
    written = {name for use in uses(expression) for name, _ in reading_of(use.amount, world).dimensions}
    return any(name in written and left.get(name, 0.0) <= 0 for name in counted)


def _adds_unlike(terms: tuple[Dimensions, Dimensions]) -> bool:
    """Whether both terms of a sum say what they count, and it is not the same."""
    one, two = ({name for name, power in each if power > 0 and name not in HARD} for each in terms)
    return bool(one and two) and one != two


def _sums(expression: Expression, world: World) -> Iterator[tuple[Dimensions, Dimensions]]:
    """The units of both terms of each sum in an expression."""
    if isinstance(expression, Compute):
        if expression.operator in "+-":
            yield _units(expression.left, world), _units(expression.right, world)
        yield from _sums(expression.left, world)
        yield from _sums(expression.right, world)


def _units(expression: Expression, world: World) -> Dimensions:
    """The exponents of an expression as they are written, those of a sum as in the term that has some."""
    if isinstance(expression, Use):
        return reading_of(expression.amount, world).dimensions
    one, two = _units(expression.left, world), _units(expression.right, world)
    if expression.operator in "×/":
        return combined(((one, 1), (two, 1 if expression.operator == "×" else -1)))
    return one or two if expression.operator in "+-" else ()


__all__ = ["contradicts_itself", "counts_another"]

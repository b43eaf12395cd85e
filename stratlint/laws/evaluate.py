"""The value of an expression under one choice of readings: an interval, a nominal value, and the dimensions that remain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product

from stratlint.claims.amount import Amount, AmountReading, combined, hard
from stratlint.claims.interval import Interval
from stratlint.claims.units import Dimensions
from stratlint.meaning.proposal import Compute, Expression, Use, uses

_MOST_WORLDS = 96
_MOST_POWER = 64


class UndefinedError(ArithmeticError):
    """An expression without a value: a division by what may be zero, or a number beyond all bounds."""


class MismatchError(ValueError):
    """Terms of a sum with different dimensions."""


@dataclass(frozen=True, slots=True)
class World:
    """One choice of readings for all amounts of a proposal.

    `binary`: prefixes of bytes are powers of 1,024. `binary_counts`: so are K and M of counts. `chosen`: amounts (by identity) whose
    unit is read the other way. `printed`: units are left out, numbers count as printed. `wide`: approximate amounts are widened.
    """

    binary: bool = False
    binary_counts: bool = False
    chosen: Mapping[int, int] = field(default_factory=dict)
    printed: bool = False
    wide: bool = True

    def describe(self) -> str:
        """In words, for the evidence."""
        parts = [
            "GB as 2^30 bytes" if self.binary else "",
            "K as 1,024" if self.binary_counts else "",
            "the other meaning of a unit" if self.chosen else "",
            "numbers as printed, units left out" if self.printed else "",
        ]
        return ", ".join(part for part in parts if part) or "as written"


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives. `plain`: none of its operands has a hard unit; `rest`: its dimensions."""

    interval: Interval
    nominal: float
    dimensions: Dimensions
    plain: bool
    divided: bool = False

    @property
    def hard(self) -> Dimensions:
        """The exponents of hard units."""
        return hard(self.dimensions)


def reading_of(amount: Amount, world: World) -> AmountReading:
    """The meaning of *amount* in *world*."""
    base = world.chosen.get(id(amount), 0)
    chosen = amount.readings[base]
    wanted = "binary" if world.binary else "binary count" if world.binary_counts else ""
    if wanted:
        for each in amount.readings:
            if each.assumes == wanted and each.dimensions == chosen.dimensions:
                return each
    return chosen


def value_of(amount: Amount, world: World) -> Value:
    """An amount in *world*, widened where it is approximate."""
    if world.printed:
        dimensions: Dimensions = ()
        interval, nominal = amount.digits, amount.value
        if amount.percent:
            interval, nominal = amount.first.interval, amount.first.nominal
    else:
        reading = reading_of(amount, world)
        interval, nominal, dimensions = reading.interval, reading.nominal, reading.dimensions
    if world.wide and amount.tolerance:
        interval = interval.widened(amount.tolerance)
    return Value(interval, nominal, dimensions, not hard(dimensions))


def evaluate(expression: Expression, world: World) -> Value:
    """The value of *expression*.

    Raises:
        UndefinedError: it has none.
        MismatchError: a sum of different dimensions.
    """
    value = _evaluate(expression, world)
    if not value.interval.finite:
        raise UndefinedError("beyond all bounds")
    return value


def _evaluate(expression: Expression, world: World) -> Value:
    # Iterative on the left, which is where long sums and products grow.
    spine: list[Compute] = []
    current = expression
    while isinstance(current, Compute):
        spine.append(current)
        current = current.left
    value = value_of(current.amount, world)
    first = current
    for step in reversed(spine):
        right = _evaluate(step.right, world) if isinstance(step.right, Compute) else value_of(step.right.amount, world)
        value = _combine(step, value, right, first, world)
    return value


def _combine(step: Compute, left: Value, right: Value, first: Use, world: World) -> Value:
    divided = left.divided or right.divided or step.operator == "/"
    plain = left.plain and right.plain
    try:
        match step.operator:
            case "×":
                return Value(
                    left.interval * right.interval, left.nominal * right.nominal,
                    combined(((left.dimensions, 1), (right.dimensions, 1))), plain, divided,
                )  # fmt: skip
            case "/":
                return Value(
                    left.interval / right.interval, left.nominal / right.nominal,
                    combined(((left.dimensions, 1), (right.dimensions, -1))), plain, divided,
                )  # fmt: skip
            case "^":
                power = round(right.nominal)
                if power != right.nominal or abs(power) > _MOST_POWER:
                    raise UndefinedError("a power that is no small whole number")
                return Value(
                    left.interval.power(power), left.nominal**power, combined(((left.dimensions, power),)), left.plain, divided
                )
            case _:
                return _sum(step, left, right, first, world, divided)
    except (ZeroDivisionError, OverflowError) as error:
        raise UndefinedError("a division by zero") from error


def _sum(step: Compute, left: Value, right: Value, first: Use, world: World, divided: bool) -> Value:
    """Terms without a unit take the unit of their neighbour, as it is printed there."""
    if left.hard != right.hard:
        if right.plain and not left.plain and isinstance(step.right, Use) and not step.right.amount.percent:
            right = _lent(right, reading_of(first.amount, world), left.dimensions)
        elif left.plain and not right.plain and isinstance(step.right, Use) and not first.amount.percent:
            left = _lent(left, reading_of(step.right.amount, world), right.dimensions)
        else:
            raise MismatchError("a sum of different units")
    sign = 1 if step.operator == "+" else -1
    interval = left.interval + right.interval if sign > 0 else left.interval - right.interval
    return Value(interval, left.nominal + sign * right.nominal, left.dimensions, left.plain and right.plain, divided)


def _lent(value: Value, reading: AmountReading, dimensions: Dimensions) -> Value:
    return Value(value.interval.scaled(reading.factor), value.nominal * reading.factor, dimensions, False, value.divided)


def worlds(claim: Amount, expression: Expression, *, binary: tuple[bool, ...]) -> Iterator[World]:
    """The admissible choices of readings, the plainest first; `binary`: the readings of decimal prefixes that the page admits."""
    amounts = [claim, *(use.amount for use in uses(expression))]
    modes = binary if any(each.assumes == "binary" for amount in amounts for each in amount.readings) else (False,)
    counts = (False, True) if any(each.assumes == "binary count" for amount in amounts for each in amount.readings) else (False,)
    ambiguous = {id(amount): len(others) for amount in amounts if len(others := _others(amount)) > 1}
    choices = list(islice(product(*(range(count) for count in ambiguous.values())), _MOST_WORLDS)) or [()]
    tried = 0
    for choice in choices:
        chosen = {key: _others_index(amounts, key, at) for key, at in zip(ambiguous, choice, strict=True) if at}
        for counted in counts:
            for mode in modes:
                yield World(mode, counted, chosen)
                tried += 1
                if tried >= _MOST_WORLDS:
                    return


def _others(amount: Amount) -> list[int]:
    return [index for index, each in enumerate(amount.readings) if each.assumes in ("", "bytes", "other unit")]


def _others_index(amounts: list[Amount], key: int, at: int) -> int:
    amount = next(each for each in amounts if id(each) == key)
    return _others(amount)[at]

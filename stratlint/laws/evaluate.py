"""The value of an expression under one choice of readings: an interval, a nominal value, and the dimensions that remain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product

from stratlint.claims.amount import Amount, AmountReading, combined, hard
from stratlint.claims.interval import Interval, exactly
from stratlint.claims.units import Dimensions
from stratlint.laws.definitions import definitions
from stratlint.meaning.proposal import Compute, Expression, Spot, Use, spot_of, uses
from stratlint.records import quickly_built

_MOST_WORLDS = 192
_MOST_CHOICES = 24
_MOST_POWER = 64
_BITS = 8.0
_MOST_DROPPED = 8
# Evaluations for one value, and numbers that stand in it several times.
_MOST_PIECES, _MOST_REPEATED = 64, 3
# Readings that differ in the unit that is meant, not in the size of a prefix.
_MEANINGS = ("", "bytes", "other unit")


class UndefinedError(ArithmeticError):
    """An expression without a value: a division by what may be zero, or a number beyond all bounds."""


class MismatchError(ValueError):
    """Terms of a sum with different dimensions."""


@dataclass(frozen=True, slots=True)
class World:
    """One choice of readings for all amounts of a proposal.

    `binary`: prefixes of bytes are powers of 1,024. `binary_counts`: so are K and M of counts. `calendar`: twelve months are a year.
    `chosen`: amounts (by identity) whose unit is read the other way. `printed`: units are left out, numbers count as printed, thousands and
    millions among them. `wide`: approximate amounts are widened. `dropped`: constants (by identity) that only convert a unit, which the
    units do already.
    """

    binary: bool = False
    binary_counts: bool = False
    calendar: bool = False
    chosen: Mapping[int, int] = field(default_factory=dict)
    printed: bool = False
    wide: bool = True
    dropped: frozenset[int] = frozenset()

    def describe(self) -> str:
        """In words, for the evidence."""
        parts = [
            "GB as 2^30 bytes" if self.binary else "",
            "K as 1,024" if self.binary_counts else "",
            "a month as a twelfth of a year" if self.calendar else "",
            "the other meaning of a unit" if self.chosen else "",
            "numbers as printed, units left out" if self.printed else "",
            "a factor that converts the unit" if self.dropped else "",
        ]
        return ", ".join(part for part in parts if part) or "as written"


@quickly_built
@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives. `plain`: none of its operands has a hard unit; `divided`: by something."""

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
    wanted = [
        name for name, used in (("binary", world.binary), ("binary count", world.binary_counts), ("calendar", world.calendar)) if used
    ]
    if wanted:
        for each in amount.readings:
            if each.assumes in wanted and each.dimensions == chosen.dimensions:
                return each
    return chosen


def value_of(amount: Amount, world: World) -> Value:
    """An amount in *world*, widened where it is approximate."""
    if id(amount) in world.dropped:
        return Value(exactly(1.0), 1.0, (), True)
    if world.printed:
        dimensions: Dimensions = ()
        interval, nominal = amount.digits.scaled(amount.magnitude), amount.value * amount.magnitude
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
    value = _evaluate(expression, world, {})
    if not value.interval.finite or not math.isfinite(value.nominal):
        raise UndefinedError("a number beyond all bounds")
    repeated = {} if value.interval.exact else _repeated(expression, world)
    return _together(expression, world, value, repeated) if repeated else value


def _together(expression: Expression, world: World, value: Value, repeated: Mapping[Spot, Interval]) -> Value:
    """*value* without what only a number that differs from itself would give: `(1 − 0.7 × 0.7) ÷ (1 − 0.7)`.

    The range of each number that stands several times is cut into pieces; all its places are in the same piece.
    """
    pieces = round(_MOST_PIECES ** (1 / len(repeated)))
    lows, highs = [], []
    for chosen in product(*(each.pieces(pieces) for each in repeated.values())):
        try:
            part = _evaluate(expression, world, dict(zip(repeated, chosen, strict=True))).interval
        except UndefinedError:
            return value
        lows.append(part.low)
        highs.append(part.high)
    return replace(value, interval=Interval(min(lows), max(highs)))


def _repeated(expression: Expression, world: World) -> dict[Spot, Interval]:
    """The numbers of the page that an expression has several times, as far as their digits leave them open."""
    found: dict[Spot, list[Use]] = {}
    for use in uses(expression):
        spot = spot_of(use.place)
        if spot is not None:
            found.setdefault(spot, []).append(use)
    ranges = {spot: {value_of(use.amount, world).interval for use in same} for spot, same in found.items() if len(same) > 1}
    open_ones = {spot: next(iter(each)) for spot, each in ranges.items() if len(each) == 1 and not next(iter(each)).exact}
    return open_ones if len(open_ones) <= _MOST_REPEATED else {}


def _operand(use: Use, world: World, narrowed: Mapping[Spot, Interval]) -> Value:
    value = value_of(use.amount, world)
    spot = spot_of(use.place) if narrowed else None
    piece = narrowed.get(spot) if spot is not None else None
    return value if piece is None else replace(value, interval=piece)


def _evaluate(expression: Expression, world: World, narrowed: Mapping[Spot, Interval]) -> Value:
    # Iterative on the left, which is where long sums and products grow.
    spine: list[Compute] = []
    current = expression
    while isinstance(current, Compute):
        spine.append(current)
        current = current.left
    value = _operand(current, world, narrowed)
    first = current
    for step in reversed(spine):
        right = _evaluate(step.right, world, narrowed) if isinstance(step.right, Compute) else _operand(step.right, world, narrowed)
        value = _combine(step, value, right, first, world)
    return value


def _combine(step: Compute, left: Value, right: Value, first: Use, world: World) -> Value:
    divided = left.divided or right.divided or step.operator == "/"
    plain = left.plain and right.plain
    try:
        match step.operator:
            case "×":
                dimensions = combined(((left.dimensions, 1), (right.dimensions, 1)))
                return Value(left.interval * right.interval, left.nominal * right.nominal, dimensions, plain, divided)
            case "/":
                dimensions = combined(((left.dimensions, 1), (right.dimensions, -1)))
                return Value(left.interval / right.interval, left.nominal / right.nominal, dimensions, plain, divided)
            case "^":
                power = round(right.nominal)
                if power != right.nominal or abs(power) > _MOST_POWER:
                    raise UndefinedError("a power that is no small whole number")
                dimensions = combined(((left.dimensions, power),))
                return Value(left.interval.power(power), left.nominal**power, dimensions, left.plain, divided)
            case _:
                return _sum(step, left, right, first, world, divided)
    except MismatchError:
        raise
    except ZeroDivisionError as error:
        raise UndefinedError("a division by what may be zero") from error
    except (OverflowError, ValueError) as error:  # also what is no number
        raise UndefinedError("a number beyond all bounds") from error


def _sum(step: Compute, left: Value, right: Value, first: Use, world: World, divided: bool) -> Value:
    """Terms without a unit take the unit of their neighbour, as it is printed there."""
    if left.hard != right.hard:
        if right.plain and not left.plain and isinstance(step.right, Use) and not step.right.amount.percent:
            right = _lent(right, _lender(step.left, left.hard, world) or reading_of(first.amount, world), left.dimensions)
        elif left.plain and not right.plain and isinstance(step.right, Use) and not first.amount.percent:
            left = _lent(left, reading_of(step.right.amount, world), right.dimensions)
        else:
            raise MismatchError("a sum of different units")
    sign = 1 if step.operator == "+" else -1
    interval = left.interval + right.interval if sign > 0 else left.interval - right.interval
    dimensions = left.dimensions if left.dimensions == right.dimensions else left.hard
    return Value(interval, left.nominal + sign * right.nominal, dimensions, left.plain and right.plain, divided)


def _lender(expression: Expression, hard_units: Dimensions, world: World) -> AmountReading | None:
    """The unit that a sum is printed in: that of its first term with a unit (`17.6 + 50 GB + 6`)."""
    readings = (reading_of(use.amount, world) for use in uses(expression))
    return next((each for each in readings if each.hard == hard_units), None)


def _lent(value: Value, reading: AmountReading, dimensions: Dimensions) -> Value:
    return Value(value.interval.scaled(reading.factor), value.nominal * reading.factor, dimensions, False, value.divided)


def worlds(claim: Amount, expression: Expression, *, binary: tuple[bool, ...]) -> Iterator[World]:
    """The admissible choices of readings, the plainest first; `binary`: the readings of decimal prefixes that the page admits."""
    amounts = [claim, *(use.amount for use in uses(expression))]
    modes = binary if any(each.assumes == "binary" for amount in amounts for each in amount.readings) else (False,)
    counts = (False, True) if any(each.assumes == "binary count" for amount in amounts for each in amount.readings) else (False,)
    months = (False, True) if any(each.assumes == "calendar" for amount in amounts for each in amount.readings) else (False,)
    choices: Iterable[Mapping[int, int]] = _choices(amounts)
    if isinstance(expression, Use) and claim.unit_text == expression.amount.unit_text:  # "239B of 140B": bytes both, or billions both
        choices = [chosen for chosen in choices if chosen.get(id(claim), 0) == chosen.get(id(expression.amount), 0)]
    every = (World(mode, counted, month, chosen) for chosen in choices for month in months for counted in counts for mode in modes)
    droppable = _droppable(expression)
    for world in islice(every, _MOST_WORLDS):
        yield world
        for dropped in droppable:
            yield replace(world, dropped=dropped)


def _droppable(expression: Expression) -> list[frozenset[int]]:
    """Operands that may be nothing but the conversion of a unit: those of time together, each other one alone."""
    exact = [each.amount for each in uses(expression) if each.amount.exact]
    plain = [amount for amount in exact if not amount.first.dimensions]
    together = frozenset(id(amount) for amount in plain if abs(amount.value * amount.magnitude) in definitions().of_time)
    bits = [amount for amount in exact if amount.value == _BITS and amount.hard == (("information", 1.0),)]
    eights = bits or [amount for amount in plain if amount.value == _BITS]
    single = [*eights, *(amount for amount in plain if abs(amount.value * amount.magnitude) in definitions().prefixes)]
    return ([together] if together else []) + [frozenset({id(amount)}) for amount in single[:_MOST_DROPPED]]


def _choices(amounts: list[Amount]) -> Iterator[Mapping[int, int]]:
    """Which unit each amount with several has: those that are spelled alike are read alike where there are many."""
    several: dict[int, list[int]] = {}
    spelling: dict[int, str] = {}
    for amount in amounts:
        meanings = [index for index, each in enumerate(amount.readings) if each.assumes in _MEANINGS]
        if len(meanings) > 1:
            several[id(amount)], spelling[id(amount)] = meanings, amount.unit_text
    if math.prod(map(len, several.values())) <= _MOST_CHOICES:
        for picked in product(*several.values()):
            yield {key: index for key, index in zip(several, picked, strict=True) if index}
        return
    alike = sorted(set(spelling.values()))
    for picks in product((0, 1), repeat=min(len(alike), 4)):
        chosen = dict(zip(alike, picks, strict=False))
        yield {key: several[key][-1] for key in several if chosen.get(spelling[key])}


__all__ = ["MismatchError", "UndefinedError", "Value", "World", "evaluate", "reading_of", "value_of", "worlds"]

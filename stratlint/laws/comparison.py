"""How a claim can be held against a computed value: in its unit, in base units, as a percentage, by its digits alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from stratlint.claims.amount import Amount, AmountReading, hard
from stratlint.claims.interval import Interval, exactly
from stratlint.claims.units import Dimensions
from stratlint.laws.definitions import definitions
from stratlint.laws.evaluate import MismatchError, UndefinedError, Value, World, evaluate, reading_of, value_of
from stratlint.laws.nouns import contradicts_itself, counts_another
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, uses
from stratlint.records import quickly_built

_SLACK = 1e-9
_HUNDRED = 100.0
_MONEY = (("money", 1.0),)


class Agreement(StrEnum):
    """Why claim and value may be compared."""

    UNITS = "units agree"
    LENT = "a unit is left out"
    SIGN = "the sign stands in the words"
    DIGITS = "digits alone"
    NOUNS = "what is counted does not cancel"
    COUNTED = "the digits agree, but not what is counted"


@quickly_built
@dataclass(frozen=True, slots=True)
class Tried:
    """One reading: what the expression gives and what is claimed, both in the claim's base units.

    `factor` is the size of the claim's printed unit. `fits`: they share a value without widening; `nearly`: they miss each other by
    less than a unit of the last printed digit, or only approximately. `decides`: claim and value are comparable in this reading;
    else it can only leave the relation open.
    """

    name: str
    expression: Expression
    computed: Interval
    nominal: float
    claimed: Interval
    factor: float
    fits: bool
    nearly: bool
    agreement: Agreement
    decides: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to compare: the value times `scale`, beside `name`."""

    name: str
    scale: float
    agreement: Agreement
    decides: bool = True


def compared(proposal: Proposal, expression: Expression, world: World, value: Value) -> Iterator[Tried]:
    """The ways in which the claim can be held against the value of *expression* in *world*."""
    claim = proposal.claim.amount
    reading = reading_of(claim, world)
    if world.dropped:
        ways = _converted(reading, expression, world, value)
    elif reading.hard == value.hard:
        ways = _in_one_unit(claim, reading, expression, value)
    elif _lacks_one(reading.hard, value.hard) and any(_definition(use.amount) for use in uses(expression)):
        ways = [_Way("a constant carries the unit", 1.0, Agreement.LENT)]
    elif not value.hard and value.plain and proposal.source is Source.LAW:
        ways = [_Way("", 1.0, Agreement.LENT)]  # bytes of a parameter, without the word
    elif not value.hard and value.plain:
        ways = [_Way("", 1.0, Agreement.LENT), _Way("operands in the unit of the result", reading.factor, Agreement.LENT)]
        if claim.magnitude != 1.0:  # `14.8 × 180 k = 2,664 k GPU-hours`
            ways.append(_Way("operands in the unit of the result, its magnitude apart", reading.factor / claim.magnitude, Agreement.LENT))
    elif not reading.hard and not claim.percent and not claim.multiple:
        ways = _of_bare_claim(expression, world, value)
    elif reading.hard == _TIME and _rate_unsaid(expression, world):
        sizes = dict.fromkeys((reading.factor, *definitions().periods))
        ways = [_Way("the divisor for each unit of the result", size, Agreement.LENT) for size in sizes]
    else:
        ways = _by_digits(reading, value)
    if _works_as_rate(reading, expression, world, value):
        ways = [_Way("", 1.0, Agreement.NOUNS)]
    for way in ways:
        yield _tried(proposal, expression, world, value, reading, way)
    if world == World() and reading.hard != value.hard and proposal.source is not Source.LAW:
        yield from _as_printed(proposal, expression)


_TIME = (("time", 1.0),)
_RATE_OF_WORK = (("computation", 1.0), ("time", -1.0))


def _works_as_rate(claimed: AmountReading, expression: Expression, world: World, value: Value) -> bool:
    """`6 × 8B × 2T tokens = 9.6e22 FLOP/s`: operations of so many tokens are work; nothing says in which time they are done."""
    if claimed.hard != _RATE_OF_WORK or not value.plain or not any(_definition(use.amount) for use in uses(expression)):
        return False
    return any(dict(reading_of(use.amount, world).dimensions).get("token", 0.0) == 1.0 for use in uses(expression))


def _in_one_unit(claim: Amount, reading: AmountReading, expression: Expression, value: Value) -> list[_Way]:
    ways = [_Way("", 1.0, Agreement.UNITS)]
    amounts = [use.amount for use in uses(expression)]
    percents = any(amount.percent for amount in amounts)
    hundredths = _Way("counted in hundredths", 1 / _HUNDRED, Agreement.UNITS)
    if claim.percent and not percents and _times_hundred(expression):
        ways = [hundredths]
    elif claim.percent and not percents and (isinstance(expression, Use) or _adds_bare(expression)):
        ways.append(hundredths)
    if percents and not claim.percent and not reading.hard and claim.magnitude == 1.0:
        ways.append(_Way("in percentage points", _HUNDRED, Agreement.UNITS))
    if _is_for_many(claim, reading) and not any(name in dict(value.dimensions) for name, power in reading.dimensions if power < 0):
        ways.append(_Way("operands counted in what the result is for", reading.factor / claim.magnitude, Agreement.LENT))
    if not reading.hard and claim.magnitude != 1.0 and value.plain and all(amount.magnitude == 1.0 for amount in amounts):
        ways.append(_Way("operands in the magnitude of the result", reading.factor, Agreement.LENT))
    negative = value.nominal < 0 < claim.value and (claim.percent or claim.multiple or isinstance(expression, Use))
    if negative or (claim.value < 0 < value.nominal and not _is_plain_difference(claim, expression)):
        ways.append(_Way("the sign left to the words", -1.0, Agreement.SIGN))
    return ways


def _is_for_many(claim: Amount, reading: AmountReading) -> bool:
    """Whether a price is for thousands or millions of a thing: `$18 / 40.5 = $0.444 per million tokens` counts in millions throughout."""
    return reading.hard == _MONEY and reading.factor < claim.magnitude


def _is_plain_difference(claim: Amount, expression: Expression) -> bool:
    """`14 GB − 10 GB = −4 GB`: what is left when one is taken from the other; only of a change do words say which way it went."""
    changes = claim.percent or claim.multiple
    return not changes and isinstance(expression, Compute) and expression.operator == "-" and isinstance(expression.right, Use)


def _adds_bare(expression: Expression) -> bool:
    """`0.4 + 1.7 = 2.1 %`: terms whose unit stands with the result."""
    if isinstance(expression, Use):
        return not expression.amount.unit_text
    return expression.operator in "+-" and _adds_bare(expression.left) and _adds_bare(expression.right)


def _times_hundred(expression: Expression) -> bool:
    """Whether a share is made a percentage by a factor of a hundred."""
    if not isinstance(expression, Compute):
        return False
    sides = (expression.left, expression.right)
    if expression.operator == "×" and any(isinstance(each, Use) and _is_hundred(each.amount) for each in sides):
        return True
    return expression.operator in "×/" and any(map(_times_hundred, sides))


def _is_hundred(amount: Amount) -> bool:
    return amount.exact and amount.value == _HUNDRED and not amount.unit_text


def _of_bare_claim(expression: Expression, world: World, value: Value) -> list[_Way]:
    """A claim without a unit is in that of an operand; where none has the unit of the result, any prefix may be meant."""
    readings = [reading_of(use.amount, world) for use in uses(expression)]
    factors = sorted({each.factor for each in readings if each.hard == value.hard and each.factor})
    ways = [_Way("the claim in the unit of its operands", 1 / factor, Agreement.LENT) for factor in factors]
    if value.hard and len(value.hard) == 1 and 1.0 not in factors:
        ways.append(_Way("the claim in base units", 1.0, Agreement.LENT, decides=False))
    return ways or [_Way("the claim in a unit of its own", 10.0 ** (-3 * power), Agreement.DIGITS, decides=False) for power in range(-4, 5)]


def _converted(reading: AmountReading, expression: Expression, world: World, value: Value) -> list[_Way]:
    """`400 Gb/s ÷ 8 = 50 GB/s`: the constants convert the unit of an operand to that of the claim."""
    if reading.hard != value.hard or not reading.hard:
        return []
    by = math.prod(use.amount.value * use.amount.magnitude for use in uses(expression) if id(use.amount) in world.dropped)
    readings = [reading_of(use.amount, world) for use in uses(expression) if id(use.amount) not in world.dropped]
    sizes = {each.factor for each in readings if each.hard == reading.hard} or {_unit_of(expression, world)}
    if any(_is_conversion(reading.factor / size, by) for size in sizes if size):
        return [_Way("", 1.0, Agreement.UNITS)]
    return []


def _unit_of(expression: Expression, world: World) -> float:
    """The size of the unit that the printed units of a product make: of `100 kW × $0.10/kWh`, a dollar an hour."""
    if isinstance(expression, Use):
        return 1.0 if id(expression.amount) in world.dropped else reading_of(expression.amount, world).factor
    left, right = _unit_of(expression.left, world), _unit_of(expression.right, world)
    return left * right if expression.operator == "×" else left / right if expression.operator == "/" and right else left


def _is_conversion(ratio: float, by: float) -> bool:
    """Whether two units that are *ratio* apart are converted by a factor *by*, a decimal prefix aside."""
    for each in (ratio / by, ratio * by):
        if each <= 0:
            continue
        power = math.log10(each)
        plain = abs(power) < _SLACK
        prefixed = abs(power / 3 - round(power / 3)) < _SLACK and math.log10(by) % 1 > _SLACK
        if plain or prefixed:
            return True
    return False


_CARRIED = frozenset({"computation", "information"})


def _lacks_one(claimed: Dimensions, computed: Dimensions) -> bool:
    """Whether exactly one power of FLOP or of bytes is missing: that of the 6 in 6·N·D, of the 2 bytes of a format."""
    powers = dict(claimed)
    for name, power in computed:
        powers[name] = powers.get(name, 0.0) - power
    left = {name: power for name, power in powers.items() if power}
    return len(left) == 1 and bool(computed) and all(name in _CARRIED and abs(power) == 1.0 for name, power in left.items())


def _definition(amount: Amount) -> bool:
    return amount.exact and not amount.unit_text and 1 < amount.value <= definitions().largest


def _rate_unsaid(expression: Expression, world: World) -> bool:
    """`$210,000 / $70,000 = 3 months`: an amount over another of its unit lasts for so many periods, each of which brings the second."""
    if not (isinstance(expression, Compute) and expression.operator == "/"):
        return False
    if not (isinstance(expression.left, Use) and isinstance(expression.right, Use)):
        return False
    above, below = (reading_of(use.amount, world).hard for use in (expression.left, expression.right))
    return above == below != () and "time" not in dict(above)


def _by_digits(reading: AmountReading, value: Value) -> list[_Way]:
    """Units that do not cancel: digits may agree all the same, where a period is left out or a noun stands for a unit."""
    missing = dict(reading.hard)
    for name, power in value.hard:
        missing[name] = missing.get(name, 0.0) - power
    left = {name: power for name, power in missing.items() if power}
    if set(left) == {"time"} and abs(left["time"]) == 1.0:
        return [_Way("a period left out", period ** left["time"], Agreement.DIGITS, decides=False) for period in definitions().periods]
    return [_Way("whatever the units", 1.0, Agreement.DIGITS, decides=False)]


def _as_printed(proposal: Proposal, expression: Expression) -> Iterator[Tried]:
    """Numbers as printed; they decide where a price leaves out what it is for: `48 × $2.40 × 730 h = $84,096`."""
    world = World(printed=True)
    try:
        value = evaluate(expression, world)
        elided = _elided(proposal.claim.amount, expression)
    except (UndefinedError, MismatchError):
        return
    claim = proposal.claim.amount
    reading = _printed(claim)
    yield _tried(proposal, expression, world, value, reading, _Way("", 1.0, Agreement.DIGITS, decides=elided))


def in_one_printed_unit(proposal: Proposal, expression: Expression) -> Iterator[Tried]:
    """A sum whose terms are all printed in the claim's unit, though their labels say more of some: "per month", "in all"."""
    claim = proposal.claim.amount
    if not claim.unit_text or any(use.amount.unit_text != claim.unit_text for use in uses(expression)):
        return
    world = World(printed=True)
    value = evaluate(expression, world)
    reading = _printed(claim)
    yield _tried(proposal, expression, world, value, reading, _Way("in the unit that all are printed in", 1.0, Agreement.UNITS))


def _printed(claim: Amount) -> AmountReading:
    """A claim without its unit; "thousand" and "million" are part of the number."""
    return AmountReading("", claim.digits.scaled(claim.magnitude), claim.value * claim.magnitude, claim.magnitude, ())


def _elided(claim: Amount, expression: Expression) -> bool:
    if hard(claim.first.dimensions) != _MONEY:
        return False
    total = evaluate(expression, World()).hard
    extra = {name: power for name, power in total if name != "money"}
    return dict(total).get("money") == 1.0 and bool(extra) and all(power == 1.0 for power in extra.values())


def _tried(proposal: Proposal, expression: Expression, world: World, value: Value, reading: AmountReading, way: _Way) -> Tried:
    claim = proposal.claim.amount
    computed, nominal = value.interval.scaled(way.scale), value.nominal * way.scale
    claimed = value_of(claim, replace(world, wide=False, dropped=frozenset())).interval
    if world.printed:
        claimed = reading.interval
    if way.agreement is Agreement.LENT and claim.exact and not value.plain:
        claimed = Interval(claimed.low - reading.factor / 2, claimed.high + reading.factor)  # measured, so its digits are rounded
    fits, nearly = _held(proposal, expression, claimed, computed, nominal, value, reading.factor)
    agreement = way.agreement
    if agreement is Agreement.NOUNS:
        fits, nearly = False, False
    if agreement is Agreement.SIGN and proposal.source is Source.EQUATION:
        fits, nearly = False, fits or nearly  # a computation writes its signs: without them, or with others, it shows only the size
    if agreement is Agreement.UNITS and contradicts_itself(reading.dimensions, value.dimensions, expression, world):
        fits, nearly, agreement = False, False, Agreement.NOUNS
    if fits and proposal.relation is Relation.EQUALS and counts_another(reading.dimensions, value.dimensions, expression, world):
        fits, nearly, agreement = False, True, Agreement.COUNTED
    name = ", ".join(part for part in (world.describe() if world != World() else "", way.name) if part) or "as written"
    return Tried(name, expression, computed, nominal, claimed, reading.factor, fits, nearly, agreement, way.decides)


def _held(
    proposal: Proposal, expression: Expression, claimed: Interval, computed: Interval, nominal: float, value: Value, unit: float
) -> tuple[bool, bool]:
    """Whether the relation holds between the printed digits, and whether it does within roundings and approximations."""
    claim = proposal.claim.amount
    grace = claim.grace * unit
    wide = claimed.widened(claim.tolerance)
    relation = proposal.relation
    bound = expression.amount.bound if isinstance(expression, Use) else ""
    if relation is Relation.DIVIDES:
        held = _divides(claimed, computed)
        return held, held
    if relation is Relation.EQUALS and (claim.bound or bound):
        relation = _of_bound(claim.bound, bound)
        if relation is Relation.EQUALS:
            return True, True
    if relation is proposal.relation and bound and isinstance(expression, Use) and not expression.amount.approximate:
        computed = exactly(nominal)  # "≤ 5 ms" is exactly the limit, whatever a measured 5 ms may be
    slack = _SLACK * max(abs(claimed.low), abs(claimed.high), abs(computed.low), abs(computed.high))
    if relation is Relation.AT_MOST:
        return claimed.low <= computed.high + slack, wide.low <= computed.high + slack
    if relation is Relation.AT_LEAST:
        return claimed.high >= computed.low - slack, wide.high >= computed.low - slack
    fits = computed.overlaps(claimed)
    measured = isinstance(expression, Compute) and not computed.exact
    whole = (
        claim.exact
        and (value.divided or measured)
        and not hard(claim.first.dimensions)
        and (abs(claimed.middle - nominal) < 1 or (not computed.exact and Interval(claimed.low - 1, claimed.high + 1).overlaps(computed)))
    )
    close = Interval(wide.low - grace, wide.high + grace).overlaps(computed)
    return fits, fits or whole or close


def _of_bound(claimed: str, stated: str) -> Relation:
    """How a claim stands to a value where either is printed as a bound; equal where two bounds may both be true."""
    if claimed and stated:
        same = (claimed in "<≤") == (stated in "<≤")
        if same:
            return Relation.EQUALS
    if claimed:  # the value keeps the claim's bound: claim `< 50` of a value 40
        return Relation.AT_LEAST if claimed in "<≤" else Relation.AT_MOST
    return Relation.AT_MOST if stated in "<≤" else Relation.AT_LEAST


def _divides(claimed: Interval, computed: Interval) -> bool:
    """Whether the expression divides the claim, both being counts."""
    if not (claimed.exact and computed.exact) or not claimed.low or not computed.low:
        return True
    return claimed.low % computed.low == 0


__all__ = ["Agreement", "Tried", "compared", "in_one_printed_unit"]

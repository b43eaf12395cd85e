"""Recompute what the text writes out, under every admissible reading of its numbers and units."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.equation import ARROWS, Equation, Expression, Operand, Operation, computes, operands
from stratlint.claims.interval import Interval, exactly
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import Dimensions, Unit, load_lexicon, unit

# Factors by which authors convert units by hand: "2.92e8 s ÷ (24 × 60 × 60) = 3,379 days".
_CONVERSION_CONSTANTS = frozenset({24.0, 60.0, 3600.0, 86400.0, 365.0, 1000.0, 1024.0, 1e6, 1e9, 1e12})
# Numbers whose unit has two meanings; more than that in one equation are all read alike.
_MAX_AMBIGUOUS = 4
_MAX_READINGS = 256
_MOST_BYTES_PER_ELEMENT = 32
_BINARY_STEP = 1024 / 1000
_ENERGY = (("energy", 1.0),)
# "32 × 346": so many things of so much each.
_COUNT_AND_EACH = 2
# Nobody rounds a result further than this without saying so: 96 becomes 100, but 416 not 500.
_COARSEST = 0.05
_ROUNDED_OPERANDS = 0.2
_PREFIX_POWERS = {"kilo": 1, "mega": 2, "giga": 3, "tera": 4, "peta": 5, "exa": 6}


@dataclass(frozen=True, slots=True)
class Amount:
    """An interval in base units with its hard dimensions."""

    interval: Interval
    hard: Dimensions


@dataclass(frozen=True, slots=True)
class Convention:
    """One way to read an equation's symbols.

    `binary_bytes`: GB means GiB. `binary_counts`: K is 1,024. `choice`: the numbers (by place) whose unit is read the
    other way ("TFLOPS" as work). `bytes_for_b`: the lone `B` (by place) that are bytes: none, the spaced ones, the
    smallest, the small ones (`2 B`), all. `face`: numbers as printed, units ignored. `own_unit`: operands without a unit are in
    the unit of the result. `base_terms`: a term without a unit is in base units, not in its neighbour's.
    `nominal`: the printed values themselves instead of their intervals, for what a reader redoes with a calculator.
    """

    binary_bytes: bool = False
    binary_counts: bool = False
    choice: frozenset[int] = frozenset()
    bytes_for_b: frozenset[int] = frozenset()
    face: bool = False
    own_unit: bool = False
    base_terms: bool = False
    nominal: bool = False

    def describe(self) -> str:
        """In words, for the evidence."""
        parts = [
            "GB as 2^30 bytes" if self.binary_bytes else "",
            "K as 1,024" if self.binary_counts else "",
            "the other meaning of the unit" if self.choice else "",
            "B as bytes" if self.bytes_for_b else "",
            "numbers as printed, units left out" if self.face else "",
            "operands in the unit of the result" if self.own_unit else "",
        ]
        return ", ".join(part for part in parts if part) or "as written"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One reading of an equation: what it computes, what is claimed, whether they agree."""

    convention: Convention
    computed: Interval
    claimed: Interval
    comparable: bool
    ulp: float = 0.0
    # what the operands give is counted in this many of the result's periods ("a day" left out)
    periods: float = 1.0
    # what the operands give times this is `computed`: operands without a unit are in the unit of the result
    scale: float = 1.0

    @property
    def nearly(self) -> bool:
        """Whether the two miss each other by less than a unit of the last digit or half a percent; counts may not."""
        if self.computed.exact and self.claimed.exact:
            return self.fits
        grace = max(self.ulp, 0.005 * abs(self.claimed.middle))
        return Interval(self.claimed.low - grace, self.claimed.high + grace).overlaps(self.computed)

    @property
    def fits(self) -> bool:
        """Whether the two share a value."""
        return self.computed.overlaps(self.claimed)


def compare(equation: Equation, binary: bool | None = None) -> tuple[Comparison, ...]:
    """Every admissible reading of *equation*; empty when nothing can be computed.

    *binary*: whether GB is 2^30 bytes throughout, None when nobody says so.
    `a = b × c` is also read as `a = b`, the product being what comes next ("= 40 MB per rank × 2 in FP16").
    """
    tried = _compare_all(equation, binary)
    if computes(equation.right) and not any(comparison.fits for comparison in tried):
        first = Operand(next(operands(equation.right)))
        shorter = _compare_all(replace(equation, right=first), binary)
        tried += tuple(comparison for comparison in shorter if comparison.fits)
    return tried


def with_units(comparisons: tuple[Comparison, ...]) -> Iterator[Comparison]:
    """The comparable readings, those of the printed numbers alone left out."""
    return (c for c in comparisons if c.comparable and not c.convention.face)


def hits(comparison: Comparison, factor: float) -> bool:
    """Whether the claim is *factor* times what was computed, within half a percent."""
    return comparison.computed.scaled(factor).widened(0.005).overlaps(comparison.claimed)


def _compare_all(equation: Equation, binary: bool | None) -> tuple[Comparison, ...]:
    out: list[Comparison] = []
    for convention in itertools.islice(_conventions(equation, binary), _MAX_READINGS):
        try:
            comparison = _compare(equation, convention)
        except (ZeroDivisionError, OverflowError, ValueError):
            continue
        if comparison is not None and comparison.computed.finite and comparison.claimed.finite:
            out.append(comparison)
    return tuple(out)


_LEAST_OF_POWERS = 0.1 - 1e-9


def _conventions(equation: Equation, binary: bool | None) -> Iterator[Convention]:
    quantities = [*operands(equation.left), *operands(equation.right)]
    information = any(_may_be_binary(q) for q in quantities)
    counts = any(_counts_in_powers(q) for q in quantities)
    bytes_read = (False, True) if binary is None else (binary,)
    several = [q.start for q in quantities if len(q.units) > 1][:_MAX_AMBIGUOUS]
    choices = [frozenset(chosen) for size in range(len(several) + 1) for chosen in itertools.combinations(several, size)]
    sums = any(q.unit is not None for q in quantities) and any(q.unit is None for q in quantities) and _adds(equation.left)
    for face in (False, True):
        for own in (False, True):
            for bytes_for_b in _lone_bytes(quantities):
                for choice in choices:
                    for binary_bytes in bytes_read if information else (False,):
                        for binary_counts in (False, True) if counts else (False,):
                            for base_terms in (False, True) if sums else (False,):
                                yield Convention(binary_bytes, binary_counts, choice, bytes_for_b, face, own, base_terms)


def _counts_in_powers(quantity: Quantity) -> bool:
    """Whether K may be 1,024: nobody prints hundredths of a power of two ("16M", "1.5K", but not "0.833M")."""
    return quantity.magnitude in (1e3, 1e6) and quantity.number.ulp >= _LEAST_OF_POWERS


def _adds(expression: Expression) -> bool:
    if isinstance(expression, Operand):
        return False
    return expression.operator in "+-" or _adds(expression.left) or _adds(expression.right)


def _may_be_binary(quantity: Quantity) -> bool:
    if quantity.bytes_too:
        return True
    read = quantity.unit
    return read is not None and any(name in read.canonical for name in ("kilobyte", "megabyte", "gigabyte", "terabyte"))


def _compare(equation: Equation, convention: Convention) -> Comparison | None:
    left = evaluate(equation.left, convention)
    right = evaluate(equation.right, convention)
    if left is None or right is None:
        return None
    single = equation.right.quantity if isinstance(equation.right, Operand) else None
    claimed = _claimed(equation, right, single, convention)
    weak = equation.relation not in ("=", "≈", "==", "≃", "≅", "|", "(…)")
    dimensioned = [q for q in operands(equation.left) if q.unit is not None and (q.unit.hard or q.unit.factor not in (1.0, 0.01))]
    if convention.face:
        # the printed numbers alone: a way out only where the units do not work out anyway
        converts = any(q.number.value * q.magnitude in _CONVERSION_CONSTANTS for q in operands(equation.left))
        return None if left.hard == right.hard and not converts else Comparison(convention, left.interval, claimed, False)
    if convention.own_unit and single is not None and _in_its_magnitude(equation, single):
        return Comparison(convention, left.interval.scaled(single.magnitude), claimed, False, scale=single.magnitude)
    if convention.own_unit:
        if dimensioned or left.hard or not right.hard or single is None or weak:
            return None
        read = _unit_of(single, convention)
        scale = _scale(single, read, convention)
        if read is not None and _in_smaller_unit(equation, read) and left.interval.scaled(scale / 1000).overlaps(claimed):
            scale /= 1000  # "350 × 2,208 = 773 MWh": nobody counts machines in anything but kilowatts
        return Comparison(convention, left.interval.scaled(scale), claimed, True, _ulp(single, convention), scale=scale)
    periods = _periods(equation, left, right, single)
    if periods and single is not None:
        return Comparison(convention, left.interval.scaled(1 / periods), claimed, True, _ulp(single, convention), periods, 1 / periods)
    comparable = left.hard == right.hard or (not dimensioned and bool(right.hard) and not weak)
    if left.hard == _PER_TIME and right.hard == _OPERATIONS and not weak:
        comparable = True  # "132 SMs × 1.83 GHz × 4,096": operations of a cycle are bare numbers
    if equation.relation in ARROWS:
        comparable = False  # "4 × 124 GB → 124 GB" may tell a change
    if single is not None and single.unit is None and left.hard and not right.hard:
        comparable = False
    return Comparison(convention, left.interval, claimed, comparable, _ulp(single, convention))


_PER_TIME = (("time", -1.0),)
_OPERATIONS = (("computation", 1.0), ("time", -1.0))


def _periods(equation: Equation, left: Amount, right: Amount, single: Quantity | None) -> float:
    """Seconds in the period of a result whose operands leave it out: `20M rows × 150 B = 3 GB/day`; 0 where that is not so."""
    if single is None or single.unit is None or "/" not in single.unit_text.replace(" per ", "/"):
        return 0.0
    if not left.hard or _combine(left.hard, (("time", 1.0),), -1) != right.hard:
        return 0.0
    if any("time" in dict(q.unit.hard) for q in operands(equation.left) if q.unit is not None):
        return 0.0
    whole = load_lexicon().read(single.unit_text.replace(" per ", "/").partition("/")[0])
    return whole[0].factor / single.unit.factor if whole else 0.0


def _in_its_magnitude(equation: Equation, single: Quantity) -> bool:
    """Whether bare decimals may be in the millions or billions of the result: "29.0 / 32 + 1.5 / 4 = 1.28 B"."""
    bare = [q for q in operands(equation.left) if q.unit is None and q.magnitude == 1.0]
    return single.magnitude >= 1e6 and len(bare) == sum(1 for _ in operands(equation.left)) and any(not q.number.integer for q in bare)


def _in_smaller_unit(equation: Equation, read: Unit) -> bool:
    """Whether bare operands may be in the next smaller unit: kW for MWh, and TFLOPS in "32 × 346 = 11.1 PFLOPS"."""
    if read.hard[:1] == _ENERGY:
        return True
    return ("time", -1.0) in read.hard and sum(1 for _ in operands(equation.left)) == _COUNT_AND_EACH


def _ulp(single: Quantity | None, convention: Convention) -> float:
    """The weight of the claimed number's last digit; that of one-digit numbers is no measure of care."""
    if single is None or single.number.digits < 2 or single.counted:
        return 0.0
    return single.number.ulp * printed_size(single, convention)


def printed_size(quantity: Quantity, convention: Convention) -> float:
    """What a printed 1 is worth, in base units."""
    return _scale(quantity, _unit_of(quantity, convention), convention) * _magnitude(quantity, convention)


def _claimed(equation: Equation, right: Amount, single: Quantity | None, convention: Convention) -> Interval:
    """What the claimed side covers: a rounded result of a division, a result rounded to hundreds, a `≈`."""
    interval = right.interval
    if single is None:
        # "150B / 86,400 ≈ 150B / 100K": rounded to what can be divided in the head
        return interval.widened(_ROUNDED_OPERANDS) if equation.approximate else interval
    scale = printed_size(single, convention)
    number = single.number
    if number.integer and not single.approximate:
        if number.value >= 100 and number.coarse > number.ulp:
            step = min(number.coarse, _COARSEST * number.value)
            coarse = Interval(number.value - step, number.value + step).scaled(scale)
            interval = Interval(min(interval.low, coarse.low), max(interval.high, coarse.high))
        if single.counted and _divides(equation.left):
            interval = Interval(interval.low - 1 * scale, interval.high + 1 * scale)
    if equation.approximate or equation.relation in ("→",):
        interval = interval.widened(0.05 if equation.approximate else 0.0)
    return interval


def _divides(expression: Expression) -> bool:
    if isinstance(expression, Operand):
        return not expression.quantity.counted
    return expression.operator == "/" or _divides(expression.left) or _divides(expression.right)


def evaluate(expression: Expression, convention: Convention) -> Amount | None:
    """The amount an expression stands for under one convention; None when its dimensions do not add up.

    Raises:
        ZeroDivisionError: a divisor may be zero.
        OverflowError: a value left the range of floats.
    """
    if isinstance(expression, Operand):
        return _amount(expression.quantity, convention)
    left, right = evaluate(expression.left, convention), evaluate(expression.right, convention)
    if left is None or right is None:
        return None
    if expression.operator == "×":
        return Amount(left.interval * right.interval, _combine(left.hard, right.hard, 1))
    if expression.operator == "/":
        return Amount(left.interval / right.interval, _combine(left.hard, right.hard, -1))
    if left.hard != right.hard:
        left, right = _with_unit(expression.left, left, right, expression.right, convention)
        if left.hard != right.hard:
            return None
    total = left.interval + right.interval if expression.operator == "+" else left.interval - right.interval
    return Amount(total, left.hard)


def _with_unit(one: Expression, left: Amount, right: Amount, two: Expression, convention: Convention) -> tuple[Amount, Amount]:
    """`17.6 + 50 + 6 GB`: a term without a unit takes its neighbour's."""
    if convention.base_terms:
        hard = left.hard or right.hard
        return Amount(left.interval, hard), Amount(right.interval, hard)
    if not left.hard:
        factor = _only_factor(two, convention)
        return (Amount(left.interval.scaled(factor), right.hard), right) if factor else (left, right)
    if not right.hard:
        factor = _only_factor(one, convention)
        return (left, Amount(right.interval.scaled(factor), left.hard)) if factor else (left, right)
    return left, right


def _only_factor(expression: Expression, convention: Convention) -> float:
    factors = {_scale(q, _unit_of(q, convention), convention) for q in operands(expression) if q.unit is not None and q.unit.hard}
    return factors.pop() if len(factors) == 1 else 0.0


def _amount(quantity: Quantity, convention: Convention) -> Amount:
    if convention.nominal and quantity.high is None:
        interval = exactly(quantity.number.value * _magnitude(quantity, convention))
    else:
        interval = quantity.interval() if not quantity.magnitude_text else _printed(quantity).scaled(_magnitude(quantity, convention))
    read = _unit_of(quantity, convention)
    if convention.face or read is None:
        return Amount(interval, ())
    return Amount(interval.scaled(_scale(quantity, read, convention)), read.hard)


def _printed(quantity: Quantity) -> Interval:
    interval = quantity.interval()
    return interval.scaled(1 / quantity.magnitude)


def _magnitude(quantity: Quantity, convention: Convention) -> float:
    if _is_bytes(quantity, convention):
        return 1.0
    if convention.binary_counts and _counts_in_powers(quantity):
        return 1024.0 if quantity.magnitude == 1e3 else 1048576.0
    return quantity.magnitude


def _is_bytes(quantity: Quantity, convention: Convention) -> bool:
    return quantity.bytes_too and quantity.start in convention.bytes_for_b


def _lone_bytes(quantities: Sequence[Quantity]) -> list[frozenset[int]]:
    """Which of the lone `B` may be bytes together, likeliest first; in `30B × 2 B` the second is."""
    lone = [q for q in quantities if q.bytes_too]
    if not lone:
        return [frozenset()]
    least = min(q.number.value for q in lone)
    spaced = frozenset(q.start for q in lone if q.end - q.number_end > 1)
    smallest = frozenset(q.start for q in lone if q.number.value == least)
    small = frozenset(q.start for q in lone if q.number.value <= _MOST_BYTES_PER_ELEMENT and (q.number.integer or q.number.value < 1))
    return list(dict.fromkeys([spaced, smallest, small, frozenset(), frozenset(q.start for q in lone)]))


def _unit_of(quantity: Quantity, convention: Convention) -> Unit | None:
    if _is_bytes(quantity, convention):
        return unit("byte") if quantity.magnitude_text == "B" else unit("gigabyte")
    if not quantity.units:
        return None
    return quantity.units[1 if quantity.start in convention.choice and len(quantity.units) > 1 else 0]


def _scale(quantity: Quantity | None, read: Unit | None, convention: Convention) -> float:
    if read is None or convention.face:
        return 1.0
    if convention.binary_bytes and "byte" in read.canonical:
        for prefix, power in _PREFIX_POWERS.items():
            if f"{prefix}byte" in read.canonical:
                return read.factor * _BINARY_STEP**power
    del quantity
    return read.factor


def unit_scale(read: Unit, convention: Convention) -> float:
    """The factor of a unit to base units under one convention."""
    return _scale(None, read, convention)


def _combine(left: Dimensions, right: Dimensions, sign: int) -> Dimensions:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0.0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def nominal_value(expression: Expression, convention: Convention, result: Quantity | None = None) -> float | None:
    """What the printed digits give under one convention, in base units; None when they give nothing."""
    try:
        amount = evaluate(expression, replace(convention, nominal=True))
    except (ZeroDivisionError, OverflowError, ValueError):
        return None
    if amount is None:
        return None
    value = amount.interval.middle
    if convention.own_unit and result is not None:
        value *= _scale(result, _unit_of(result, convention), convention)
    return value


def verdict(comparisons: tuple[Comparison, ...]) -> str:
    """`fits`, `contradicted`, or `unclear` when no reading makes the two sides comparable."""
    if any(comparison.fits for comparison in comparisons):
        return "fits"
    if any(comparison.comparable and comparison.nearly for comparison in comparisons):
        return "unclear"  # one unit of the last digit off: rounded operands we do not see
    return "contradicted" if any(comparison.comparable for comparison in comparisons) else "unclear"


def relation_kind(equation: Equation) -> str:
    """product, quotient, sum, difference, percentage or conversion: what the text does."""
    left = equation.left if computes(equation.left) else equation.right
    if isinstance(left, Operand):
        return "conversion"
    right = equation.right
    if isinstance(right, Operand) and right.quantity.unit is not None and right.quantity.unit.canonical == "percent":
        return "percentage"
    assert isinstance(left, Operation)
    return {"+": "sum", "-": "difference", "×": "product", "/": "quotient"}[left.operator]

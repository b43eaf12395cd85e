"""Amounts: what a printed quantity can mean, as intervals in base units with their dimensions.

Dimensions are exponents of the hard base units (information, computation, time, money, energy, mass, length) and of
counted nouns (device, node, token, layer, or any other word that a page counts in), so that units and counts obey one algebra.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from stratlint.claims.interval import Interval, exactly
from stratlint.claims.printed import PrintedNumber, typeset
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import HARD, Dimensions, Unit
from stratlint.records import quickly_built

_GIGA = 1e9
_BINARY = {"kilo": 1024 / 1e3, "mega": 1024**2 / 1e6, "giga": 1024**3 / 1e9, "tera": 1024**4 / 1e12, "peta": 1024**5 / 1e15}
# A twelfth of a year, in months of 30 days.
_MONTH_OF_YEAR = 365.25 / 12 / 30
# A count that ends in zeros may have been rounded, but to three digits at least.
_ROUNDED_COUNT = 0.005
_LEAST_ROUNDED = 10_000
_APPROXIMATE = 0.10
# By how many digits are printed: `~ 1,500` and `~ 35` are estimates, `≈ 594.8k` is rounded.
_TOLERANCES = {0: _APPROXIMATE, 1: _APPROXIMATE, 2: _APPROXIMATE, 3: 0.05}
_LEAST_TOLERANCE = 0.025
# `read_number` gives powers this many digits: they are exact.
_POWER_DIGITS = 30
_DURATION = (("time", 1.0),)
_CURRENCIES = ("dollar", "euro", "sterling", "yen", "yuan", "franc")
# `2,300 tok/s` may be 2,312: trailing zeros of an amount of three digits, but never more than this share of it.
_LEAST_COARSE = 100
_COARSEST = 0.05


@quickly_built
@dataclass(frozen=True, slots=True)
class AmountReading:
    """One meaning of an amount: `interval` and `nominal` in base units, its dimensions, and what was assumed.

    `assumes`: "" (as written), "binary" (GB as 2^30 bytes), "binary count" (K as 1,024), "calendar" (a month as a twelfth of a year),
    "bytes" (a lone B), "other unit"
    (TFLOPS as an amount of work). `factor` is the size of the printed unit in base units.
    """

    assumes: str
    interval: Interval
    nominal: float
    factor: float
    dimensions: Dimensions

    @property
    def hard(self) -> Dimensions:
        """The exponents of the hard base units."""
        return hard(self.dimensions)


@quickly_built
@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit. `readings`: its meanings, as written first, those of binary prefixes included.

    `digits` is the interval of the printed digits alone, `value` their nominal value, `step` the weight of the last one, all without
    unit and `magnitude` (1e9 of `30B`). `exact`: it counts things. `approximate`: a sign or word says so; the printed digits are kept
    in `readings`, whoever compares widens them by `tolerance`. `ranged`: it is an interval that the text states. `bound`: `<`, `≤`, `>`
    or `≥` where such a sign is printed before it (or a `+` behind it): then the digits are an end of what is stated. `currency`: which one
    money is in; `sign`: its sign, where it is printed before the digits.
    """

    text: str
    digits: Interval
    value: float
    step: float
    unit_text: str
    readings: tuple[AmountReading, ...]
    exact: bool
    approximate: bool
    ranged: bool
    percent: bool
    multiple: bool
    bound: str = ""
    magnitude: float = 1.0
    currency: str = ""
    sign: str = ""

    @property
    def first(self) -> AmountReading:
        """The likeliest meaning."""
        return self.readings[0]

    @property
    def hard(self) -> Dimensions:
        """The exponents of the hard base units, in the likeliest meaning."""
        return hard(self.first.dimensions)

    def negated(self) -> Amount:
        """The amount with a minus sign, as it is printed before it."""
        readings = tuple(replace(each, interval=each.interval.scaled(-1), nominal=-each.nominal) for each in self.readings)
        return replace(self, text=f"−{self.text}", digits=self.digits.scaled(-1), value=-self.value, readings=readings)

    @property
    def tolerance(self) -> float:
        """The share by which an approximate amount may be off: who prints three digits or more behind a `≈` has rounded a computation."""
        if not self.approximate:
            return 0.0
        return _TOLERANCES.get(self.significant, _LEAST_TOLERANCE)

    @property
    def significant(self) -> int:
        """How many digits of the number count, trailing zeros of whole ones left out; 0 where that is not known."""
        if not self.step or not self.value or not math.isfinite(self.value):
            return 0
        steps = round(abs(self.value) / self.step)
        while self.step >= 1.0 and steps and steps % 10 == 0:
            steps //= 10
        return len(str(steps))

    @property
    def grace(self) -> float:
        """How far the printed digits may be off in tables and budgets that round twice: a unit of the last digit that counts.

        Zero for counts, and for one digit, which is no measure of care; trailing zeros of large amounts may be rounding.
        """
        size = abs(self.value)
        if self.exact or not self.step or size < self.step * 10:
            return 0.0
        if self.step == 1.0 and size >= _LEAST_COARSE and size.is_integer():
            zeros = 1.0
            while size % (zeros * 10) == 0 and zeros * 10 <= size * _COARSEST:
                zeros *= 10
            return max(self.step, zeros / 2)
        return self.step


@lru_cache(maxsize=4096)
def hard(dimensions: Dimensions) -> Dimensions:
    """The exponents of hard base units among *dimensions*."""
    return tuple(pair for pair in dimensions if pair[0] in HARD)


def combined(parts: Iterable[tuple[Dimensions, float]]) -> Dimensions:
    """The sum of dimensions, each times a power."""
    powers: dict[str, float] = {}
    for dimensions, power in parts:
        for name, exponent in dimensions:
            powers[name] = powers.get(name, 0.0) + exponent * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def constant(value: float, text: str = "") -> Amount:
    """A pure number that is exact."""
    reading = AmountReading("", exactly(value), value, 1.0, ())
    return Amount(text or f"{value:g}", exactly(value), value, 0.0, "", (reading,), True, False, False, False, False)


def amount_of(quantity: Quantity) -> Amount:
    """The amount a quantity of the text states; its unit's counted nouns are among the dimensions."""
    digits = _digits(quantity)
    value = quantity.number.value if quantity.high is None else (quantity.number.value + quantity.high.value) / 2
    units = quantity.units or (None,)
    readings = [_reading("" if position == 0 else "other unit", quantity, digits, value, each) for position, each in enumerate(units)]
    if quantity.bytes_too:
        readings.append(_bytes(quantity, digits, value))
    binary = [
        AmountReading("binary", each.interval.scaled(step), each.nominal * step, each.factor * step, each.dimensions)
        for each, of in zip(readings, units, strict=False)
        if of is not None and (step := _binary_step(of)) != 1.0
    ]
    if counts := _binary_count(quantity):
        binary += [
            AmountReading("binary count", each.interval.scaled(counts), each.nominal * counts, each.factor * counts, each.dimensions)
            for each in readings[:1]
        ]
    binary += [
        AmountReading("calendar", each.interval.scaled(step), each.nominal * step, each.factor * step, each.dimensions)
        for each, of in zip(readings, units, strict=False)
        if of is not None and (step := _calendar_step(of)) != 1.0
    ]
    unit = quantity.unit
    return Amount(
        text=typeset(quantity.text),
        digits=digits,
        value=value,
        step=quantity.number.ulp,
        unit_text=typeset(f"{quantity.magnitude_text} {quantity.unit_text}") or quantity.currency_text,
        readings=(*readings, *binary),
        exact=quantity.counted and quantity.high is None,
        approximate=quantity.approximate,
        ranged=quantity.high is not None,
        percent=unit is not None and unit.canonical in ("percent", "permille"),
        multiple=quantity.times or (unit is not None and unit.canonical == "ratio"),
        magnitude=quantity.magnitude,
        currency=_currency(unit),
        sign=quantity.currency_text,
    )


@lru_cache(maxsize=1024)
def _currency(unit: Unit | None) -> str:
    """Which of `_CURRENCIES` a unit is in; "" for what is no money, or cents of any."""
    if unit is None or not any(name == "money" for name, _ in unit.dimensions):
        return ""
    return next((currency for currency in _CURRENCIES if currency in unit.canonical), "")


def with_power(mantissa: Quantity, power: Quantity) -> Quantity | None:
    """`8.28` and `10²¹ FLOPs`, with a times sign between them, as one quantity; None where the second is no power of ten."""
    digits = power.number
    exponent = math.log10(digits.value) if digits.value > 0 else 0.0
    told = power.text[len(power.text) - len(power.text.lstrip("(")) :].startswith("10") and len(power.text) > len("10")
    if not told or digits.digits < _POWER_DIGITS or exponent != round(exponent):
        return None
    if mantissa.units or mantissa.magnitude_text or mantissa.high is not None:
        return None
    number = mantissa.number
    step = digits.value
    whole = PrintedNumber(number.value * step, number.ulp * step, number.digits, False, number.ulp * step)
    return replace(
        power, text=f"{mantissa.text} × {power.text}", start=mantissa.start, number_start=mantissa.number_start, number=whole,
        approximate=mantissa.approximate, currency=mantissa.currency or power.currency,
        currency_text=mantissa.currency_text or power.currency_text,
    )  # fmt: skip


def with_smaller(larger: Quantity, smaller: Quantity) -> Quantity | None:
    """`2 h` and `26 min` beside each other as one duration; None where the second is no part of one unit of the first."""
    one, two = larger.unit, smaller.unit
    if one is None or two is None or one.dimensions != _DURATION or two.dimensions != _DURATION:
        return None
    plain = all(each.high is None and each.magnitude == 1.0 and not each.times for each in (larger, smaller))
    share = two.factor / one.factor
    if not plain or not larger.number.integer or not 0 <= smaller.number.value * share < 1 or share >= 1:
        return None
    value = larger.number.value + smaller.number.value * share
    number = PrintedNumber(
        value, smaller.number.ulp * share, larger.number.digits + smaller.number.digits, False, smaller.number.coarse * share
    )
    return replace(
        larger, text=f"{larger.text} {smaller.text}", end=smaller.end, number_end=smaller.number_end, number=number,
        approximate=larger.approximate or smaller.approximate,
    )  # fmt: skip


def _digits(quantity: Quantity) -> Interval:
    number = quantity.number
    low = number.interval(exact_integers=quantity.counted)
    if quantity.counted and number.value >= _LEAST_ROUNDED and number.coarse > number.ulp:
        grace = min(number.coarse / 2, number.value * _ROUNDED_COUNT)
        low = Interval(number.value - grace, number.value + grace)
    if quantity.high is not None:
        high = quantity.high.interval(exact_integers=quantity.counted)
        low = Interval(min(low.low, high.low), max(low.high, high.high))
    return low


def _reading(assumes: str, quantity: Quantity, digits: Interval, value: float, unit: Unit | None) -> AmountReading:
    factor = quantity.magnitude * (unit.factor if unit else 1.0)
    return AmountReading(assumes, digits.scaled(factor), value * factor, factor, unit.dimensions if unit else ())


def _bytes(quantity: Quantity, digits: Interval, value: float) -> AmountReading:
    """`2 B` as two bytes, `80 G` as gigabytes."""
    factor = _GIGA if quantity.magnitude_text == "G" else 1.0
    return AmountReading("bytes", digits.scaled(factor), value * factor, factor, (("information", 1.0),))


def _binary_step(unit: Unit) -> float:
    """How much larger a decimal prefix of bytes is when it is meant as a power of two; 1 for other units, and for bytes a second."""
    if ("information", 1.0) not in unit.dimensions or "time" in {name for name, _ in unit.dimensions} or "bit" in unit.canonical:
        return 1.0
    name = unit.canonical.lstrip("(")
    return next((step for prefix, step in _BINARY.items() if name.startswith(prefix)), 1.0)


def _calendar_step(unit: Unit) -> float:
    """How much larger a unit of months is when twelve of them are a year, not twelve times 30 days; 1 for other units."""
    power = dict(unit.dimensions).get("time", 0.0)
    return _MONTH_OF_YEAR**power if "month" in unit.canonical and abs(power) == 1.0 else 1.0


def _binary_count(quantity: Quantity) -> float:
    """How much larger `8K tokens` are when K is 1,024; 0 where that is no reading."""
    if quantity.magnitude_text not in ("K", "k", "M") or any(each.hard for each in quantity.units):
        return 0.0
    return {1e3: 1.024, 1e6: 1.048576}.get(quantity.magnitude, 0.0)

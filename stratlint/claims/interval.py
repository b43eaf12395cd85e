"""Intervals: what the printed digits of a number can mean, and arithmetic on that."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stratlint.records import quickly_built


@quickly_built
@dataclass(frozen=True, slots=True)
class Interval:
    """All values between `low` and `high`, both included."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The midpoint."""
        return self.low if self.low == self.high else (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether this is one value."""
        return self.low == self.high

    @property
    def finite(self) -> bool:
        """Whether both ends are ordinary numbers."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        if self.low >= 0 and other.low >= 0:
            return Interval(self.low * other.low, self.high * other.high)
        corners = (self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high)
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        """Quotient.

        Raises:
            ZeroDivisionError: *other* contains zero.
        """
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor may be zero")
        return self * Interval(1 / other.high, 1 / other.low)

    def pieces(self, count: int) -> list[Interval]:
        """The interval cut into *count* of the same width."""
        width = (self.high - self.low) / count
        return [Interval(self.low + width * at, self.high if at == count - 1 else self.low + width * (at + 1)) for at in range(count)]

    def scaled(self, factor: float) -> Interval:
        """Every value times *factor*."""
        low, high = self.low * factor, self.high * factor
        return Interval(low, high) if low <= high else Interval(high, low)

    def power(self, exponent: int) -> Interval:
        """Every value to an integer power, exponent between -64 and 64; negative bases only with exponent 0 to 64."""
        if not -64 <= exponent <= 64:
            raise OverflowError("exponent out of range")
        if exponent < 0:
            return Interval(1, 1) / self.power(-exponent)
        corners = (self.low**exponent, self.high**exponent)
        low, high = min(corners), max(corners)
        if exponent % 2 == 0 and self.low < 0 < self.high:
            low = 0.0
        return Interval(low, high)

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a value; a relative 1e-9 is granted to binary floating point.

        Ends that are no numbers (infinity times zero) keep nothing apart.
        """
        slack = 1e-9 * max(abs(self.low), abs(self.high), abs(other.low), abs(other.high))
        return not (self.low > other.high + slack or other.low > self.high + slack)

    def widened(self, share: float) -> Interval:
        """Both ends moved apart by *share* of their size."""
        return Interval(self.low - abs(self.low) * share, self.high + abs(self.high) * share)


def exactly(value: float) -> Interval:
    """The interval of one value."""
    return Interval(value, value)

"""Interval arithmetic: no value that the operands allow is ever lost."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stratlint.claims.interval import Interval, exactly


@st.composite
def intervals_with_a_member(draw: st.DrawFn, largest: float = 1e9) -> tuple[Interval, float]:
    numbers = st.floats(-largest, largest, allow_nan=False)
    low, high = sorted((draw(numbers), draw(numbers)))
    return Interval(low, high), min(max(low + (high - low) * draw(st.floats(0, 1)), low), high)


def holds(interval: Interval, value: float) -> bool:
    """Whether *value* is inside, but for rounding of binary floats."""
    slack = 1e-9 * max(1.0, abs(value), abs(interval.low), abs(interval.high))
    return interval.low - slack <= value <= interval.high + slack


@given(intervals_with_a_member(), intervals_with_a_member())
def test_sums_differences_and_products_hold_every_result(left: tuple[Interval, float], right: tuple[Interval, float]) -> None:
    (one, a), (two, b) = left, right
    assert holds(one + two, a + b)
    assert holds(one - two, a - b)
    assert holds(one * two, a * b)


@given(intervals_with_a_member(), intervals_with_a_member())
def test_quotients_hold_every_result_or_refuse(left: tuple[Interval, float], right: tuple[Interval, float]) -> None:
    (one, a), (two, b) = left, right
    if two.low <= 0 <= two.high:
        with pytest.raises(ZeroDivisionError):
            _ = one / two
    else:
        assume(min(abs(two.low), abs(two.high)) > 1e-6)
        assert holds(one / two, a / b)


@given(intervals_with_a_member(1e6), st.integers(0, 6))
def test_powers_hold_every_result(pair: tuple[Interval, float], exponent: int) -> None:
    interval, member = pair
    assert holds(interval.power(exponent), member**exponent)


@given(intervals_with_a_member(), st.floats(-1e6, 1e6))
def test_scaling_holds_every_result(pair: tuple[Interval, float], factor: float) -> None:
    interval, member = pair
    assert holds(interval.scaled(factor), member * factor)


@given(intervals_with_a_member(), intervals_with_a_member())
def test_overlap_is_symmetric_and_true_of_a_common_member(left: tuple[Interval, float], right: tuple[Interval, float]) -> None:
    (one, a), (two, _) = left, right
    assert one.overlaps(two) == two.overlaps(one)
    assert one.overlaps(exactly(a))


def test_overlap_grants_binary_floats_their_error_and_no_more() -> None:
    assert exactly(0.1 + 0.2).overlaps(exactly(0.3))
    assert not exactly(0.3).overlaps(exactly(0.3001))


def test_widening_and_the_middle() -> None:
    assert Interval(10, 20).widened(0.1) == Interval(9, 22)
    assert Interval(-10, 20).widened(0.5) == Interval(-15, 30)
    assert Interval(10, 20).middle == 15
    assert exactly(7).exact


def test_powers_out_of_range_are_refused() -> None:
    with pytest.raises(OverflowError):
        exactly(2).power(65)
    assert not Interval(-math.inf, 1).finite

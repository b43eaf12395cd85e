"""What printed digits mean: their value, and the interval they were rounded or truncated from."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.claims.printed import read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0), ("7", 7.0), ("1024", 1024.0), ("1,024", 1024.0), ("1_024", 1024.0), ("1'024", 1024.0),
        ("1{,}024", 1024.0),
        ("12,345,678", 12345678.0), ("3.75", 3.75), (".5", 0.5), ("1e12", 1e12), ("1.5E-3", 1.5e-3), ("10^25", 1e25),
        ("10^{25}", 1e25), ("10**9", 1e9), ("2^10", 1024.0), ("10²⁵", 1e25), ("10⁻³", 1e-3), ("2³", 8.0),
        ("10^-6", 1e-6),
        ("007", 7.0), ("1\u202f024", 1024.0), ("1\u00a0024", 1024.0),
    ],
)  # fmt: skip
def test_digits_are_read_as_documents_print_them(text: str, value: float) -> None:
    number = read_number(text)
    assert number is not None
    assert number.value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["1e999999", "9" * 10_000, "10^999999", "10^400", "1e400", "0^-1", "9" * 41, "1." + "0" * 9_999])
def test_what_no_document_can_mean_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3.75", 3.745, 3.76),  # rounded either way, or truncated from below 3.76
        ("0.1", 0.05, 0.15),  # one digit is not truncated
        ("29.3", 29.25, 29.4),
        ("1e12", 0.5e12, 1.5e12),
    ],
)
def test_the_interval_of_decimals(text: str, low: float, high: float) -> None:
    number = read_number(text)
    assert number is not None
    interval = number.interval(exact_integers=True)
    assert (interval.low, interval.high) == (pytest.approx(low), pytest.approx(high))


def test_bare_integers_are_exact_and_others_are_not() -> None:
    number = read_number("64")
    assert number is not None
    assert number.interval(exact_integers=True).exact
    loose = number.interval(exact_integers=False)
    assert (loose.low, loose.high) == (63.5, 65.0)


def test_approximate_means_ten_percent_and_at_least_the_last_digit() -> None:
    number = read_number("50")
    assert number is not None
    assert number.interval(exact_integers=True, approximate=True).low == pytest.approx(45)
    small = read_number("1")
    assert small is not None
    assert small.interval(exact_integers=True, approximate=True).high == pytest.approx(2)


@given(st.decimals("0.01", "99999999", places=6), st.integers(0, 4), st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_every_rounding_of_a_value_covers_the_value(value: Decimal, places: int, rounding: str) -> None:
    printed = value.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    number = read_number(str(printed))
    assert number is not None
    interval = number.interval(exact_integers=False)
    assert interval.low - 1e-9 <= float(value) <= interval.high + 1e-9


@given(st.decimals("10", "99999999", places=6), st.integers(0, 4))
def test_every_truncation_to_two_digits_or_more_covers_the_value(value: Decimal, places: int) -> None:
    printed = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
    number = read_number(str(printed))
    assert number is not None
    interval = number.interval(exact_integers=False)
    assert interval.low - 1e-9 <= float(value) <= interval.high + 1e-9


@given(st.integers(0, 10**15))
def test_separators_change_nothing(value: int) -> None:
    plain, separated = read_number(str(value)), read_number(f"{value:,}")
    assert plain == separated


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = read_number(text)
    assert number is None or number.value == number.value

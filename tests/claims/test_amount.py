"""Amounts: the meanings of a printed quantity, in base units, with what is counted."""

from __future__ import annotations

import pytest

from stratlint.claims.amount import Amount, amount_of, combined, constant, hard, with_power
from stratlint.claims.syntax import Quantity, atoms_of, read


def quantities(text: str) -> list[Quantity]:
    tree = read(text)
    assert tree is not None
    return [atom for atom in atoms_of(tree) if isinstance(atom, Quantity)]


def amount(text: str) -> Amount:
    return amount_of(quantities(text)[0])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("14.2 GB", 14.15e9, 14.3e9),
        ("7 GB", 6.5e9, 7.5e9),
        ("64 GPUs", 64, 64),
        ("12–15 ms", 0.0115, 0.016),
        ("3.5B", 3.45e9, 3.6e9),
        ("8 bytes", 8, 8),
        ("45 %", 0.445, 0.46),
    ],
)
def test_an_interval_covers_rounding_and_cutting_off_of_the_printed_digits(text: str, low: float, high: float) -> None:
    interval = amount(text).first.interval
    assert (interval.low, interval.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "dimensions"),
    [
        ("50 tok/s/GPU", (("device", -1.0), ("time", -1.0), ("token", 1.0))),
        ("3 GB", (("information", 1.0),)),
        ("$4", (("money", 1.0),)),
        ("24 layers", (("layer", 1.0),)),
        ("12", ()),
    ],
)
def test_dimensions_hold_units_and_counted_nouns(text: str, dimensions: object) -> None:
    assert amount(text).first.dimensions == dimensions


@pytest.mark.parametrize(
    ("text", "assumes"),
    [
        ("80 GB", ["", "binary"]),
        ("80 GB/s", [""]),
        ("400 Gb/s", [""]),
        ("80 GiB", [""]),
        ("8K tokens", ["", "binary count"]),
        ("30B", ["", "bytes"]),
        ("12 TFLOPS", ["", "other unit"]),
    ],
)
def test_the_meanings_that_a_spelling_admits(text: str, assumes: list[str]) -> None:
    assert [each.assumes for each in amount(text).readings] == assumes


def test_a_tilde_is_a_share_and_keeps_the_printed_digits() -> None:
    about = amount("~1 GB")
    assert about.approximate
    assert about.tolerance == 0.1
    assert about.first.interval == amount("1 GB").first.interval


@pytest.mark.parametrize(
    ("text", "grace"),
    [("74.0 GB", 0.1), ("8 GB", 0), ("64 GPUs", 0), ("2,300 tok/s", 50), ("81,920 tok/s", 5), ("2,000 ms", 50), ("35 GB", 1)],
)
def test_how_far_digits_may_be_off_that_were_rounded_twice(text: str, grace: float) -> None:
    assert amount(text).grace == pytest.approx(grace)


def test_a_power_of_ten_belongs_to_its_mantissa() -> None:
    mantissa, power = quantities("8.28 × 10²¹ FLOPs")
    whole = with_power(mantissa, power)
    assert whole is not None
    assert (whole.number.value, whole.unit_text) == (pytest.approx(8.28e21), "FLOPs")
    assert whole.number.interval(exact_integers=False).low == pytest.approx(8.275e21)
    assert whole.text == "8.28 × 10²¹ FLOPs"


@pytest.mark.parametrize("text", ["8.28 × 100 GB", "8.28 × 10 GB", "8 × 2²¹ GB", "3 GB × 10²¹"])
def test_other_products_are_none(text: str) -> None:
    mantissa, power = quantities(text)
    assert with_power(mantissa, power) is None


def test_signs() -> None:
    less = amount("12 %").negated()
    assert (less.value, less.first.nominal, less.text) == (-12, pytest.approx(-0.12), "−12 %")
    assert less.first.interval.low < less.first.interval.high < 0


def test_dimensions_add_up() -> None:
    rate, count = amount("50 tok/s/GPU").first.dimensions, amount("8 GPUs").first.dimensions
    assert combined(((rate, 1), (count, 1))) == (("time", -1.0), ("token", 1.0))
    assert hard(amount("50 tok/s/GPU").first.dimensions) == (("time", -1.0),)
    assert constant(8).exact


@pytest.mark.parametrize(
    ("text", "share"), [("~7 GB", 0.1), ("~ 1,500 GB", 0.1), ("~35 GB", 0.1), ("~35.4 GB", 0.05), ("~594.8 GB", 0.025), ("35.4 GB", 0)]
)
def test_an_approximate_amount_is_an_estimate_or_rounded_by_how_many_digits_it_has(text: str, share: float) -> None:
    assert amount(text).tolerance == share

"""Bytes in one sentence, the link and the time in the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import transfers
from stratlint.laws.judge import Judgement

# What the fixtures of conftest judge.
LAWS = (transfers.proposals,)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("A request hands over 2,048 × 81.92 kB = 167.8 MB of cache. Over one 200 Gb/s port this takes {}.", "0.84 ms", "6.7 ms"),
        ("- Gradients of a rank: 6.25 GB\n- At 400 Gb/s per GPU this takes about {}\n", "15.6 ms", "125 ms"),
    ],
)
def test_a_time_whose_digits_are_those_of_an_amount_is_that_of_its_transfer(
    text: str, wrong: str, right: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(text.format(right))
    assert refuted(text.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "A request hands over 167.8 MB. Over one 200 Gb/s port its part takes 3.1 ms.",  # another amount, which nobody names
        "A request hands over 167.8 MB. The 25 GB/s link is idle for 4 s.",  # one digit says nothing
        "Our 25 GB/s link is checked every 0.671 ms. A request hands over 167.8 MB.",  # not before it
        "# One\n\nA request hands over 167.8 MB.\n\n# Two\n\nAt 25 GB/s this takes 0.671 ms.",
    ],
)
def test_a_time_that_no_slip_explains_is_left(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_a_row_of_bytes_rate_and_time_holds_no_bits_for_bytes(refuted: Refuted, settled: Settled) -> None:
    table = (
        "| Traffic | Volume | Rate | Time |\n|---|---|---|---|\n| Gradients | 12.6 GB | 45 GB/s | {} |\n"
        "| Stages | 4.32 GB | 45 GB/s | 96 ms |\n"
    )
    assert settled(table.format("0.28 s"))
    assert refuted(table.format("2.24 s")) == ["2.24 s"]
    assert refuted(table.format("0.41 s")) == []  # slower than its link


def test_of_several_amounts_one_that_fits_proves_nothing_and_one_that_slips_is_refuted(judged: Judged, refuted: Refuted) -> None:
    page = "Every stage sends 48.2 MB. It holds 12.5 GB of weights. At 25 GB/s the message takes {}."
    assert judged(page.format("1.93 ms")) == []
    assert refuted(page.format("0.193 ms")) == ["0.193 ms"]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("- Each rank sends 6.4 × 5/8 = 4.00 GB; on a 200 Gb/s port that is {}.\n", "20.0 ms", "160 ms"),
        ("The hand-over of 1.25 GB, which a 50 GB/s link carries, costs {}.", "2.50 ms", "25.0 ms"),
    ],
)
def test_the_bytes_may_stand_in_the_clause_before(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format(right))
    assert refuted(text.format(wrong)) == [wrong]


def test_bytes_behind_the_link_are_those_of_something_else(refuted: Refuted) -> None:
    assert not refuted("Over the 50 GB/s link go 1.25 GB of weights, and loading them takes 2.50 ms.")


def test_two_digits_show_bits_where_one_amount_is_all_that_can_be_meant(refuted: Refuted) -> None:
    text = "A request hands over 4,096 × 385,024 B = 1.58 GB. On a 400 Gb/s link this takes {}."
    assert refuted(text.format("3.9 ms")) == ["3.9 ms"]
    assert not refuted(text.format("32 ms"))
    assert not refuted(text.format("80 ms"))  # a transfer may be slow

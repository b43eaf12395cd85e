"""Transfers at a stated part of a rate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import part_of_rate

# What the fixtures of conftest judge.
LAWS = (part_of_rate.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    "text",
    [
        "One pass reads 60 GB. At 75 % of 4.0 TB/s it takes {}.",
        "One pass reads 60 GB. At 0.75 of 4.0 TB/s (3.0 TB/s) this takes {}.",
        "One pass reads 60 GB. With an efficiency of 75 % of the 4.0 TB/s, that is {}.",
        "Reading 60 GB at 75 % of 4.0 TB/s takes {}.",
        "Reading 60 GB takes {} at 75 % of 4.0 TB/s.",
    ],
)
def test_what_is_read_at_a_part_of_a_rate_takes_longer_than_at_all_of_it(text: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format("20.0 ms"))
    assert refuted(text.format("15.0 ms")) == ["15.0 ms"]


def test_of_several_amounts_the_one_whose_time_at_the_whole_rate_is_claimed_was_meant(refuted: Refuted) -> None:
    text = "Weights are 48 GB, cache is 12 GB, 60 GB altogether. At 75 % of the 4.0 TB/s of HBM, i.e. 3.0 TB/s, reading them takes {}."
    assert refuted(text.format("15.0 ms")) == ["15.0 ms"]
    assert refuted(text.format("20.0 ms")) == []


@pytest.mark.parametrize(
    "text",
    [
        "One pass reads 60 GB. At 75 % of 4.0 TB/s the copy of the index takes 31.0 ms.",
        "Weights are 60 GB, cache is 45 GB. At 75 % of 4.0 TB/s reading it takes 15.0 ms.",
        "Reading 60 GB at 75 % of 4.0 TB/s takes at most 15.0 ms.",
        "Reading 60 GB at 75 % to 80 % of 4.0 TB/s takes 15.0 ms.",
        "One pass reads 60 GB. At 75 % of 4.0 TB/s and with prefetching it takes 15.0 ms.",
    ],
)
def test_what_the_digits_do_not_explain_is_the_time_of_something_else(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

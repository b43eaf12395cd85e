"""Shares in sentences: what takes a percentage of a whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import shares

# What the fixtures of conftest judge.
LAWS = (shares.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("At 41.6 GB the last stage occupies {} of the 64 GB card.", "55 %", "65 %"),
        ("At 41.6 GB the last stage, which is the worst, occupies about {} of the 64 GB card, so there is room.", "55 %", "65 %"),
        ("The 18 kW of the servers take {} of the 40 kW feed.", "54 %", "45 %"),
    ],
)
def test_an_amount_that_takes_a_share_of_a_whole_is_that_share(
    text: str, wrong: str, right: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(text.format(right))
    assert refuted(text.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "The cache takes 18 GB, weights use 52 % of the 64 GB.",
        "At 18 GB the cache is small, and the weights use 52 % of the 64 GB.",
        "With 18 GB of cache the weights take 52 % of the 64 GB.",
    ],
)
def test_a_share_of_something_else_is_not_that_of_the_amount_before_it(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

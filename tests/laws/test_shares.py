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
        # what goes on with a pronoun speaks of what was just said
        ("- each token is routed to 4 of 64 experts, i.e. {} of them", "12.5 %", "6.25 %"),
        ("Every prompt runs on 6 of the 48 replicas, that is {} of them.", "15 %", "12.5 %"),
        ("Nine of the 72 drives, or {} of all, fail in a year.", "25 %", "12.5 %"),
        ("Communication takes 306 ms out of a 7,650 ms step, or {} of it.", "6.0 %", "4.0 %"),
        ("Of the 7,650 ms of a step, 306 ms are exposed, i.e. {}.", "6.0 %", "4.0 %"),
        ("Of 96 GPUs, 12 are idle, that is {}.", "15 %", "12.5 %"),
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


@pytest.mark.parametrize(
    "text",
    [
        "Each token is routed to 4 of 64 experts, i.e. 12.5 % of all requests cross the switch.",
        "Each token is routed to 4 of 64 experts, i.e. 40 % of the active parameters.",
        "Nine of the 72 drives run hot, or 25 % of it fails.",
    ],
)
def test_a_share_of_what_is_named_anew_is_no_share_of_the_whole_before(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_an_arrow_may_lead_to_the_share_of_what_stands_before_it(refuted: Callable[[str], list[str]]) -> None:
    assert refuted("Memory: 46.8 GB of 72 GB → 52% of HBM used.") == ["52%"]
    assert not refuted("Memory: 46.8 GB of 72 GB → 65% of HBM used.")

"""Nothing is reduced by more than all of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import whole_reduction

# What the fixtures of conftest judge.
LAWS = (whole_reduction.proposals,)
Refuted = Callable[[str], list[str]]


@pytest.mark.parametrize(
    "page", ["That is a reduction of {} in GPU-hours.", "The new layout needs {} less memory.", "A {} saving on power."]
)
def test_a_reduction_is_one_of_all_at_most(page: str, refuted: Refuted) -> None:
    assert refuted(page.format("140 %")) == ["140 %"]
    assert not refuted(page.format("40 %"))


@pytest.mark.parametrize(
    "page",
    [
        "It is 140 % faster.",  # a rate may more than double
        "It fell to 140 % of the plan.",
        "Traffic rose by 140 %, with 20 % less memory.",
        "An increase of 140 % in throughput.",
    ],
)
def test_what_grows_or_is_left_may_be_more(page: str, refuted: Refuted) -> None:
    assert not [found for found in refuted(page) if found == "140 %"]

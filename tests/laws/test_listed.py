"""Counts of the list right below, and numbers before a list that count something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import listed

# What the fixtures of conftest judge.
LAWS = (listed.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

THREE = "\n\n1. Drain the rack.\n2. Swap the tray.\n\n   It takes two people.\n3. Run the burn-in.\n"


@pytest.mark.parametrize("text", ["Follow these {} steps in order; stop at the first that fails.", "The following {} steps are needed:"])
def test_a_list_has_as_many_items_as_the_line_above_says(text: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format("three") + THREE)
    assert [claim.split()[0] for claim in refuted(text.format("five") + THREE)] == ["five"]


@pytest.mark.parametrize(
    "text",
    [
        "We run 8 nodes:" + THREE,
        "Five steps, of which the last three are new:" + THREE,
        "following 5:\n" + THREE,
        "These five steps are not what we do:\n\nText between.\n" + THREE,
    ],
)
def test_a_number_before_a_list_may_count_something_else(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

"""What is said to lie between two ends lies there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import windows

# What the fixtures of conftest judge.
LAWS = (windows.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("We save every {} minutes, which is inside the window of 40 to 55 minutes.", "62", "48"),
        ("The p99 of {} ms stays between 60 and 75 ms.", "91", "66"),
        ("A step takes {} s, within the expected range of 3.1 to 3.6 s.", "4.2", "3.4"),
        ("At {} GB/s the link lies between 180 and 210 GB/s.", "150", "190"),
    ],
)
def test_what_lies_between_two_ends_passes_neither(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format(right))
    assert len(refuted(text.format(wrong))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The stall of 62 minutes is outside the window of 40 to 55 minutes.",
        "It took 62 ms, of which between 40 and 55 ms are waiting.",
        "The copy moves 62 GB between 40 and 55 ms.",
        "If a step takes 62 s it is not between 40 and 55 s.",
        "4 to 6 cards × 80 GB/card = between 320 and 480 GB.",  # an operand
    ],
)
def test_what_is_not_placed_between_them_is_not_held_to_them(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

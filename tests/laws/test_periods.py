"""Times that convert the unit of another time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import equations

# What the fixtures of conftest judge.
LAWS = (equations.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("The run: 40 days × 24 h × 256 GPUs = {}.", "2.46 M GPU-hours", "245,760 GPU-hours"),
        ("In all, 256 GPUs × 40 days × 24 h = {}.", "2.46 M GPU-hours", "0.246 M GPU-hours"),
        ("The bill is 256 GPUs × 12 months × 730 h × $2/GPU-hour = {}.", "$45.0 M", "$4.49 M"),
        ("A rack draws 2 kW × 30 days × 24 h = {}.", "14.4 MWh", "1,440 kWh"),
        ("A day has 24 h × 60 min × 60 s = {}.", "8,640 s", "86,400 s"),
        ("A week is 7 days × 24 h × 3,600 s = {}.", "60,480 s", "604,800 s"),
    ],
)
def test_the_hours_of_a_day_convert_days(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format(right))
    assert refuted(text.format(wrong)) == [wrong]


@pytest.mark.parametrize("text", ["We use 40 days × 6 h × 256 GPUs = 61,440 GPU-hours.", "That is 3 days × 20 h × 8 GPUs = 480 GPU-hours."])
def test_hours_that_are_not_all_of_a_day_convert_nothing(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

"""What something is rated at, and what is said to stay inside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import rated

# What the fixtures of conftest judge.
LAWS = (rated.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("The feed of room 3 is rated at 310 kW; the new rows draw at most {} kW and stay inside.", "327.5", "301.5"),
        ("Cooling in the annex is rated for 310 kW, the plan takes {} kW and fits.", "318", "309"),
        ("The breaker is rated at 310 kW, and option B draws {} kW, which stays within it.", "318", "309"),
        ("- The uplink is rated at 400 GB/s; the exchange needs {} GB/s and fits.", "450", "390"),
    ],
)
def test_what_stays_inside_a_rating_is_no_more(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format(right))
    assert [each.split()[0] for each in refuted(text.format(wrong))] == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "Each rack is rated at 40 kW; the row draws 327 kW and stays inside.",
        "A rack is rated at 40 kW; the 12 racks draw 327 kW and stay inside.",
        "The feed is rated at 310 kW; the new rows draw 327 kW and do not stay inside.",
        "The feed is rated at 310 kW; if capped, the rows draw 327 kW and stay inside.",
        "The feed is rated at 310 kW; the rows draw 327 kW and would stay inside the larger feed.",
        "The feed is rated at 310 kW; the rows draw 327 kW and stay inside the 400 kW of the hall.",
        "The feed is rated at 310 kW; the rows draw 327 kW less than before and stay inside.",
        "The feed was rated at 310 kW; the rows draw 327 kW and stay inside the new rating.",
        "The card is rated at 700 W; the node draws 5.6 kW and stays inside.",
        "The feed is rated at 310 kW; the rows draw 327 kW and stay inside hall 3.",
        "The two feeds are rated at 310 kW each; the rows draw 327 kW and stay inside.",
    ],
)
def test_what_may_be_another_limit_is_left_alone(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

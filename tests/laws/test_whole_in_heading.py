"""Shares of the whole that a heading names, with the twin that holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import whole_in_heading

# What the fixtures of conftest judge.
LAWS = (whole_in_heading.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

SHARDS = "| Part | GB | % of 96 GB |\n|---|---|---|\n"
RANKS = "| rank | trained | of 7.6B |\n|---|---|---|\n| 4 | 9,830,400 | 0.13 % |\n| 8 | 19,660,800 | 0.26 % |\n"
PLANS = "| Plan | A | B | C |\n|---|---|---|---|\n| Peak | 66 GB | 42 GB | 51 GB |\n"
PAGES = [
    (SHARDS + "| Shards | 36 | 37.5 % |\n| Cache | 24 | {} |\n| Rest | 12 | 12.5 % |\n", "25 %", "35 %"),
    (RANKS + "| 32 | 78,643,200 | {} |\n", "1.03 %", "1.30 %"),
    (PLANS + "| Share of 120 GB | 55 % | {} | 42.5 % |\n", "35 %", "53 %"),
]
# Which of the two columns is meant?
TWO = "| Part | before | after | % of 96 GB |\n|---|---|---|---|\n"


@pytest.mark.parametrize(("page", "right", "wrong"), PAGES)
def test_a_share_is_one_of_the_whole_that_its_heading_names(page: str, right: str, wrong: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "page",
    [
        SHARDS + "| Shards | 36 | 11 % |\n| Cache | 24 | 17 % |\n| Rest | 12 | 30 % |\n",  # shares of something else
        TWO + "| a | 36 GB | 36 GB | 37.5 % |\n| b | 24 GB | 24 GB | 25 % |\n| c | 12 GB | 48 GB | 50 % |\n",
    ],
)
def test_what_fits_no_column_or_two_says_nothing(page: str, refuted: Refuted) -> None:
    assert refuted(page) == []

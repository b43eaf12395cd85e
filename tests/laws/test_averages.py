"""Means and extremes in tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import averages

# What the fixtures of conftest judge.
LAWS = (averages.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

REPEATS = (
    "| Card | 1 | 2 | 3 | 4 | {label} |\n|---|--:|--:|--:|--:|--:|\n"
    "| old | 812 | 820 | 808 | 816 | {old} |\n| new | 955 | 963 | 948 | 958 | {new} |\n"
)


@pytest.mark.parametrize(
    ("label", "old", "new", "wrong"), [("Mean", "814", "956", "965"), ("Max", "820", "963", "936"), ("Minimum", "808", "948", "984")]
)
def test_a_statistic_of_repeats_is_that_of_the_values_beside_it(
    label: str, old: str, new: str, wrong: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(REPEATS.format(label=label, old=old, new=new))
    assert refuted(REPEATS.format(label=label, old=old, new=wrong)) == [wrong]


def test_a_mean_of_several_things_lies_between_the_least_and_the_most(refuted: Refuted, settled: Settled) -> None:
    page = "| Job | tok/s |\n|---|--:|\n| chat | 410 |\n| code | 530 |\n| search | 460 |\n| Average | {} |\n"
    assert settled(page.format(440))  # weighted, perhaps
    assert refuted(page.format(590)) == ["590"]


def test_percentiles_and_totals_are_no_means(refuted: Refuted) -> None:
    assert refuted(REPEATS.format(label="p99", old="990", new="990")) == []
    table = "| Job | tok/s |\n|---|--:|\n| chat | 410 |\n| code | 530 |\n| search | 460 |\n| Total | 1,400 |\n| Average | 1,400 |\n"
    assert refuted(table) == []


def test_a_column_whose_mean_is_plain_shows_what_the_mean_of_its_neighbour_is(refuted: Refuted, settled: Settled) -> None:
    rows = "| a | 71.4 | 66.2 |\n| b | 58.9 | 61.5 |\n| c | 80.3 | 75.1 |\n| Average | {} | 67.6 |\n"
    page = f"| task | ours | theirs |\n|---|--:|--:|\n{rows}"
    assert settled(page.format("70.2"))
    assert refuted(page.format("72.0")) == ["72.0"]

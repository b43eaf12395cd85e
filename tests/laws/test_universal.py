"""What is said of all values of a table, against the worst of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import universal

# What the fixtures of conftest judge.
LAWS = (universal.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

TABLE = "| stage | peak, GB |\n|---|---:|\n| 0 | 33.6 |\n| 1 | {} |\n| 2 | 31.9 |\n\n"


@pytest.mark.parametrize("said", ["All three stay below 36 GB, so there is room.", "All three stages are under 36 GB."])
def test_the_largest_of_all_is_below_what_all_are_below(said: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(TABLE.format(34.8) + said)
    assert refuted(TABLE.format(38.4) + said) == ["38.4"]


def test_the_smallest_of_all_is_above_what_all_are_above(refuted: Refuted, settled: Settled) -> None:
    said = "All three use more than 30 GB."
    assert settled(TABLE.format(34.8) + said)
    assert refuted(TABLE.format(28.4) + said) == ["28.4"]


@pytest.mark.parametrize(
    "text",
    [
        TABLE.format(38.4) + "All four stay below 36 GB.",  # not those
        TABLE.format(38.4) + "All three stay below 36 ms.",
        TABLE.format(38.4) + "# Elsewhere\n\nAll three stay below 36 GB.",
        "| stage | peak, GB | mean, GB |\n|---|---|---|\n| 0 | 33.6 | 30.1 |\n| 1 | 38.4 | 31.2 |\n| 2 | 31.9 | 29.0 |\n\n"
        "All three stay below 36 GB.",
        TABLE.format(38.4) + "If all three stay below 36 GB, we can go on.",
    ],
)  # fmt: skip
def test_what_may_be_said_of_others_is_not_held_against_them(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


USES = "## Retention\n\n| kind | size |\n|---|--:|\n| rolling copies | 61 TB |\n| exports | 22 TB |\n| total | {} TB |\n\n"


def test_what_stays_within_a_grant_is_the_total_of_its_section(refuted: Refuted, settled: Settled) -> None:
    said = "Retention stays within the grant of 90 TB, no clean-up is needed."
    assert settled(USES.format(83) + said)
    assert refuted(USES.format(97) + said) == ["97 TB"]


@pytest.mark.parametrize(
    "said",
    [
        "The exports stay within their 24 TB.",  # a part
        "The logs stay below 5 TB.",  # nothing of the table
        "Retention does not stay within the grant of 90 TB.",
        "A copy takes less than 90 minutes.",
    ],
)
def test_other_bounds_are_none_of_the_total(said: str, refuted: Refuted) -> None:
    assert refuted(USES.format(97) + said) == []

"""Conversions: the same amount again, in another unit right behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws.conversions import proposals
from stratlint.laws.judge import Judgement, Outcome

# What the fixtures of conftest judge.
LAWS = (proposals,)
Judged = Callable[[str], list[Judgement]]


STATED = [
    ("The hall takes 4,812,300 kWh, in round figures {}.", "4.81 TWh", "4.81 GWh"),
    ("The archive has 3.6 TB ({} GB).", "2200", "3600"),
    ("Every port runs at 800 Gb/s = {} GB/s.", "50", "100"),
    ("The job lasts 432,000 s, about {} days.", "9", "5"),
    ("It fills 40 GiB, i.e. {} GB.", "36.1", "42.9"),
    ("A tray gives 2400 TFLOPS ({} PFLOPS).", "6", "2.4"),
    ("One token costs 8.6 GFLOP, or {} TFLOP.", "0.017", "0.0086"),
    ("48 GiB = {} MiB", "36,044", "49,152"),
    ("The window is 6 hours ({} minutes).", "520", "360"),
    ("A token takes 0.36 J per token, or {} kWh per million tokens.", "1.0", "0.1"),
    ("It costs $0.50 per million tokens, or ${} per 1,000 tokens.", "0.005", "0.0005"),
]


@pytest.mark.parametrize(("text", "wrong", "right"), STATED)
def test_an_amount_is_the_same_in_both_units(text: str, wrong: str, right: str, judged: Judged) -> None:
    assert [each.outcome for each in judged(text.format(wrong))] == [Outcome.REFUTED]
    assert [each.outcome for each in judged(text.format(right))] in ([Outcome.HOLDS], [Outcome.BOUNDED])


def test_a_prefix_of_bytes_is_decimal_or_binary_as_the_page_admits(judged: Judged) -> None:
    assert judged("The shard has 2.00 TB (2048 GB).")[0].outcome is Outcome.HOLDS
    assert judged("The shard has 2.00 TB (2048 GB), the cache 5 GiB.")[0].outcome is Outcome.REFUTED


@pytest.mark.parametrize(
    "text",
    [
        "It uses 6 GB (of 640 GB).",
        "It uses 6 GB (limit 0.5 TB).",
        "Retry after 20 s or 5 minutes.",
        "4 × 6 GiB = 24,576 MiB",
        "Delay p50 (p99): 40 ms (1.3 s)",
        "- 300 files, each read in 4 s = 20 minutes",
        "Twelve boxes at 350 W are 4.2 kW.",
        "Together 640 GB, or 80 GB per GPU.",
        "Both nodes reach 845 GB/s and 381 GB/s, about 6.8 Tb/s and 3.0 Tb/s.",
        "The step went from 2 s → 900 ms.",
        "Will it last 10 years, or is this a 5-month cycle?",
    ],
)
def test_two_amounts_side_by_side_are_not_always_one(text: str, judged: Judged) -> None:
    assert not [each for each in judged(text) if each.outcome is Outcome.REFUTED]


def test_hours_and_minutes_side_by_side_are_one_duration(refuted: Callable[[str], list[str]]) -> None:
    assert refuted("- Restart: 3 h 36 min = 216 min.") == []
    assert refuted("- Restart: 3 h 36 min = 206 min.") == ["206 min"]
    assert refuted("- Restart: 3 h 36 min -> 3 h 5 min.") == []


def test_weeks_of_a_course_have_other_hours_than_the_clock(refuted: Callable[[str], list[str]]) -> None:
    assert not refuted("**Length**: 3 weeks (90 hours)")
    assert not refuted("4. The year after (5 min)")
    assert refuted("The window is 6 hours (520 minutes).")


def test_an_amount_that_is_multiplied_is_not_converted(refuted: Callable[[str], list[str]]) -> None:
    assert not refuted("（250 次 × ~8μs ≈ 2.0ms）")


def test_a_time_beside_a_time_only_warns(judged: Judged) -> None:
    assert {each.proposal.family for each in judged("The window is 6 hours (520 minutes).")} == {"duration"}
    assert {each.proposal.family for each in judged("It fills 40 GiB (36.1 GB).")} == {"conversion"}
    assert not judged("It counts in buckets of 1 second (or 1 minute).")

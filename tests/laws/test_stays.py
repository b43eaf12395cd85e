"""What is said to stay above or below a bound, against the column of its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import stays

# What the fixtures of conftest judge.
LAWS = (stays.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

WEAK = (
    "# Runs\n\n## Weak scaling\n\n| GPUs | Tokens/s | Efficiency |\n|---:|---:|---:|\n| 16 | 49,660 | 100.0 % |\n| 32 | 97,950 | 98.6 % |\n"
    "| 64 | 191,230 | 96.3 % |\n| 128 | 371,700 | 93.6 % |\n| 256 | {} |\n\n## Strong scaling\n\n| GPUs | Efficiency |\n|---:|---:|\n"
    "| 16 | 100 % |\n| 64 | 81 % |\n| 256 | 60 % |\n\n## Findings\n\n"
)
GOOD, BAD = "731,000 | 92.0 %", "699,100 | 88.0 %"
TTFT = "## Load test\n\n| Requests/s | TTFT p99 |\n|---|---|\n| 4 | 0.9 s |\n| 8 | 1.2 s |\n| 16 | {} |\n| 32 | 6.1 s |\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "1. Weak-scaling efficiency stays above 90 % all the way to 256 GPUs.\n2. All is well.\n",
        "The weak-scaling efficiency remains above 90 % at all sizes.",
        "The weak scaling efficiency stays above 90 %.",
    ],
)
def test_every_value_of_the_column_keeps_the_bound(text: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(WEAK.format(GOOD) + text)
    assert refuted(WEAK.format(BAD) + text) == ["88.0 %"]


def test_values_up_to_a_size(refuted: Refuted, settled: Settled) -> None:
    text = "The p99 TTFT stays below 2 s up to 16 requests/s."
    assert settled(TTFT.format("1.8 s") + text)
    assert refuted(TTFT.format("2.9 s") + text) == ["2.9 s"]


@pytest.mark.parametrize(
    "text",
    [
        "Weak-scaling efficiency stays above 90 % up to 128 GPUs.",
        "The efficiency stays above 90 % up to 256 GPUs.",  # of which table
        "The network efficiency stays above 90 % up to 256 GPUs.",  # of something else
        "Weak-scaling efficiency should stay above 90 % up to 256 GPUs.",
        "Weak-scaling efficiency stays above 90 % if the batch grows.",
        "Weak-scaling efficiency stays above 90 % in the other cluster.",
        "Weak-scaling efficiency no longer stays above 90 % at 256 GPUs.",
        "Weak-scaling efficiency stays above 90 % up to 200 GPUs.",
    ],
)
def test_silence(text: str, refuted: Refuted) -> None:
    assert not refuted(WEAK.format(BAD) + text)

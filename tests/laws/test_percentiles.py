"""Percentiles of one quantity rise, or fall, from the first to the last."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import percentiles

# What the fixtures of conftest judge.
LAWS = (percentiles.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    "text",
    [
        "TPOT after the change (ms): p50 {}, p90 {}, p99 {}.",
        "Queue time is {} ms at p50, {} ms at p90 and {} ms at p99.",
        "Step time p50 / p95 / p99: {} / {} / {} ms.",
        "| Time to first token | ms |\n|---|--:|\n| p50 | {} |\n| p90 | {} |\n| p99 | {} |\n",
        "| Run | p50 (ms) | p90 (ms) | p99 (ms) |\n|---|--:|--:|--:|\n| one | {} | {} | {} |\n| two | 10 | 20 | 30 |\n",
        "- p50: {} ms\n- p90: {} ms\n- p99: {} ms\n",
    ],
)
def test_the_order_of_percentiles_is_one_way(text: str, refuted: Refuted, settled: Settled) -> None:
    wrong, right = text.format("12.4", "18.9", "14.1"), text.format("12.4", "14.1", "18.9")
    if "at p50" not in text and "/ p95" not in text:  # not read
        assert refuted(wrong)
        assert settled(right)
    assert refuted(right) == []


@pytest.mark.parametrize(
    "text",
    [
        "Speed in tokens/s: p50 41, p90 33, p99 20.",  # of a rate the tail is the slow one
        "TTFT p50 410 ms, TPOT p90 19 ms, TTFT p99 900 ms.",
        "p50 12.4 ms, p99 18.9 ms before; p50 8.0 ms, p90 9.0 ms, p99 14.0 ms after.",
        "At 4 GPUs p50 is 12.4 ms, at 8 GPUs p90 is 18.9 ms, at 16 GPUs p99 is 14.1 ms.",
        "p50 12.4 ms, p90 18.9 s, p99 14.1 requests.",
    ],
)
def test_what_may_be_several_quantities_has_no_order(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

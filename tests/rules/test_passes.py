"""A machine that takes a batch in so many milliseconds has a rate."""

from __future__ import annotations

import pytest

import stratlint

PLAN = "- Batch size: {batch}\n- Latency: 25 ms per forward pass\n- Sequences per second: {rate}\n"


def found(text: str) -> list[str]:
    return [finding.message for finding in stratlint.check(text).findings if finding.rule == "rate-far-below-batches"]


def test_a_rate_far_below_the_batch_over_its_time_is_found() -> None:
    assert found(PLAN.format(batch=200, rate=160)) == [
        "claims 160 Sequences per second, but 200 ÷ 25 ms = 8,000 sequences/s, batch after batch"
    ]


@pytest.mark.parametrize(
    "text",
    [
        PLAN.format(batch=200, rate="8,000"),
        PLAN.format(batch=200, rate="2,400"),  # something may stand between two passes
        PLAN.format(batch=200, rate=160) + "- Another batch size: 4 sequences\n",
        PLAN.format(batch=200, rate=160) + "- TPOT: 25 ms\n",  # a sequence takes many passes
        PLAN.format(batch=200, rate=160).replace(" per forward pass", ""),
        PLAN.format(batch=200, rate=160) + "- Latency on one card: 5 s\n",
    ],
)
def test_what_leaves_room_for_the_rate_is_not(text: str) -> None:
    assert found(text) == []

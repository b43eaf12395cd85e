"""Loads, what one thing bears, and how many are said to be needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import enough

# What the fixtures of conftest judge.
LAWS = (enough.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("At 60 per server the load of 900 needs {}.", "14 servers", "15 servers"),
        ("At 60 per server the evening peak of 910 needs {}.", "15 servers", "17 servers"),
        ("With 35 requests/s per replica, a peak of 400 requests/s requires {}.", "11 replicas", "12 replicas"),
        ("One replica takes 35 requests/s, so the 400 requests/s of the evening need {}.", "11 replicas", "12 replicas"),
        ("Each node serves 60 sessions; for 910 sessions we need {}.", "15 nodes", "16 nodes"),
        ("A peak of 1,000 sessions at 90 sessions per node needs {}.", "11 nodes", "12 nodes"),
        ("700 GB of weights need {} of 80 GB.", "8 cards", "9 cards"),
    ],
)
def test_fewer_than_the_load_over_what_one_bears_do_not_do(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(text.format(right))
    assert refuted(text.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "The pool of 96 GPUs has 8 GPUs per node; the job needs 4 nodes.",
        "A server with 2,048 GB of RAM needs 8 GPUs with 141 GB each.",
        "At 60 per server the load of 900 needs 2 more servers.",
        "At 60 per server the load of 900 needs about 14 servers.",
        "At 60 per server the load of 900 would need 14 servers.",
        "At 60 per server the free capacity of 900 needs 14 servers.",
        "At 35 requests/s per GPU, 400 requests/s need 3 nodes.",
        "At 60 per server and 40 % of cache hits the load of 900 needs 9 servers.",
        "If half of them leave, at 60 per server the load of 900 needs 8 servers.",
    ],
)
def test_what_is_no_load_or_told_of_more_than_it_needs_no_number(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

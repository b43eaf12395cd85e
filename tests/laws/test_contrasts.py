"""How many times as much, right behind the two amounts that a sentence holds against each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import contrasts

# What the fixtures of conftest judge.
LAWS = (contrasts.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "this is": ("TPOT = 21.4 ms. Against the 48.2 ms measured on the old cluster this is {} faster.", "2.25 times", "3.1 times"),
    "results": (
        "Pool: 16 × 141 GB = 2,256 GB on the H200 against 16 × 80 GB = 1,280 GB on the H100, {} as much for the same count.",
        "1.76 times", "2.4 times",
    ),
    "speed-up of": ("- The prefill takes 310 ms against 820 ms on one node, a speed-up of {}.\n- Nothing else changed.\n", "2.6×", "3.1×"),
    "brackets": ("The step takes 12.4 s on eight nodes vs 31.0 s on two nodes (a {} speed-up).", "2.5×", "3.4×"),
    "a colon": ("It reads 6.2 TB/s instead of 3.1 TB/s: {} as fast.", "2 times", "2.5 times"),
    "less": ("The cost is $0.31 compared with $0.84, i.e. {} less.", "2.7 times", "3.6 times"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_ratio_is_that_of_the_two_amounts_before_it(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "The step takes 12.4 s against 31.0 s, and the cost falls 4 times.",  # of something else
        "The step takes 12.4 s against 31.0 s, with 3 times more memory.",
        "The step takes 12.4 s against 31.0 s, a batch 4 times larger.",
        "Prefill takes 10 ms, decode 12.4 s against 31.0 s and 44.0 s, 4 times faster.",  # which two
        "It takes 12.4 s against 31.0 s, 3.1 times the throughput.",
        "It reads 6.2 TB/s instead of 3.1 TB/s, about 3 times as fast.",
        "If it took 12.4 s against 31.0 s, it would be 4 times faster.",
        "The plan was 12.4 s against 31.0 s, not 4 times faster.",
        "Per GPU 12.4 s against 31.0 s. The old one is 4 times faster.",
        "It takes 12.4 s against 31.0 s, a speed-up of 5× over the year.",
    ],
)
def test_silence(text: str, refuted: Refuted) -> None:
    assert not refuted(text)

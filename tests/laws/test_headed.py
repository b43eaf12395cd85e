"""A whole in the heading, the introducing line or the item above its parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import headed
from stratlint.laws.families import family
from stratlint.laws.judge import Judgement

# What the fixtures of conftest judge.
LAWS = (headed.proposals,)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

ITEMS = "\n\n- Weights: 41 GB\n- KV cache: 17 GB\n- Buffers: 6 GB\n"
CREW = "\n\n| Shift | Drivers |\n|---|---|\n| Early | 14 |\n| Late | 9 |\n| Night | 5 |\n"

# A page, a whole that its parts do not make, and the one they make.
WHOLES = [
    ("# Plan\n\n## Memory per GPU: {}" + ITEMS, "81 GB", "64 GB"),
    ("## Memory (total {})" + ITEMS, "81 GB", "64 GB"),
    ("## Total memory: {}" + ITEMS, "53 GB", "64 GB"),
    ("The shard takes {} in total:" + ITEMS, "81 GB", "64 GB"),
    ("Each GPU holds {}:" + ITEMS, "81 GB", "64 GB"),
    ("- Total cost: {}\n  - Rent: $640\n  - Power: $230\n  - Water: $90\n", "$1,060", "$960"),
    ("### Crew ({} drivers)" + CREW, "31", "28"),
    ("## Node budget: {}\n\n- Used: 392 GB\n- Free: 120 GB\n", "536 GB", "512 GB"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "right"), WHOLES)
def test_the_parts_below_a_line_make_its_whole(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert len(refuted(text.format(wrong))) == 1
    assert settled(text.format(right))


def test_it_only_warns() -> None:
    assert family(headed.FAMILY).severity == "warning"


@pytest.mark.parametrize(
    "text",
    [
        # limits and capacities need not be filled, some parts are no more than some
        "## Budget: 80 GB" + ITEMS,
        "## Memory limit: 80 GB" + ITEMS,
        "## Available memory: 80 GB" + ITEMS,
        "The card has at most 80 GB:" + ITEMS,
        "It takes 80 GB, of which:" + ITEMS,
        "This fits into 80 GB:" + ITEMS,
        "## H100 (80 GB)" + ITEMS.replace("6 GB", "6 GB (peak)").replace("- Buffers", "- Maximum of buffers"),
        # something stands between, or is left out
        "## Memory: 81 GB\n\nWhat we know of it, without the runtime." + ITEMS,
        "## Memory: 81 GB" + ITEMS + "- Runtime: open\n",
        "## Memory: 81 GB" + ITEMS + "- Runtime: 3 to 9 GB\n",
        # other kinds, other scopes, ranks, other times, rates
        "## Node memory: 640 GB\n\n- Per GPU: 80 GB\n- GPUs: 8\n",
        "## Latency: 120 ms\n\n- p50: 70 ms\n- p99: 110 ms\n",
        "## Latency: 120 ms\n\n- Before: 110 ms\n- After: 70 ms\n",
        "## Rate: 900 tokens/s\n\n- Chat: 700 tokens/s\n- Code: 500 tokens/s\n",
        "## 32 GPUs\n\n- TP degree: 8\n- DP degree: 4\n",
        # alternatives beside other columns
        "## Memory: 64 GB\n\n| Model | Weights | Cache |\n|---|---|---|\n| A | 30 GB | 9 GB |\n| B | 40 GB | 12 GB |\n",
        # far off
        "## Memory: 300 GB" + ITEMS,
    ],
)  # fmt: skip
def test_a_line_that_may_say_something_else_is_left_alone(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

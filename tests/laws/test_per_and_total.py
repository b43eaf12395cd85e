"""One of them and all of them under one name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import per_and_total

# What the fixtures of conftest judge.
LAWS = (per_and_total.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        ("- Cache per GPU: 30 GB\n- Total (8 GPUs): {}\n", "240 GB", "320 GB"),
        ("- Output rate per replica: 1,500 tokens/s\n- Total output rate (6 replicas): {}\n", "9,000 tokens/s", "12,000 tokens/s"),
        ("| Rate | |\n|---|---|\n| per card | 900 tokens/s |\n| overall (16 cards) | {} |\n", "14,400 tokens/s", "7,200 tokens/s"),
        ("- Rate per node: 8,000 tokens/s\n- Nodes: 12\n- Total rate: {}\n", "96,000 tokens/s", "69,000 tokens/s"),
        ("- Power per node: 10.2 kW\n- Total power (12 nodes): {}\n", "122.4 kW", "142.4 kW"),
    ],
)
def test_all_of_them_have_so_many_times_what_one_has(page: str, right: str, wrong: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "page",
    [
        "- Weights per GPU: 17.5 GB\n- GPUs: 16\n- Total weights: 140 GB\n",  # copies
        "- Power per node: 10.2 kW\n- Nodes: 12\n- Total power: 140 kW\n",  # with switches and cooling
        "- Cache per GPU: 30 GB\n- Weights per GPU: 20 GB\n- Total (8 GPUs): 400 GB\n",  # of which, nothing says
        "- Rate per node: 8,000 tokens/s\n- Total rate (4 racks): 400,000 tokens/s\n",
        "- Rate per node: up to 8,000 tokens/s\n- Total rate (12 nodes): 69,000 tokens/s\n",
    ],
)
def test_what_may_hold_more_or_less_is_not_held_to_it(page: str, refuted: Refuted) -> None:
    assert not refuted(page)

"""So many links give so many times the rate of one; bits that were carried over as bytes are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import gathered

# What the fixtures of conftest judge.
LAWS = (gathered.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = [
    ("- Fabric: one 200 Gb/s rail per GPU (25 GB/s); 8 rails give every node {} of bandwidth\n", "200 GB/s", "1,600 GB/s"),
    ("Each card has a 400 Gb/s NIC. Every host: one 400 Gb/s NIC a card, and its four NICs give {}.\n", "200 GB/s", "1.6 TB/s"),
    ("A port runs at 100 Gb/s, so that 16 ports make {}.\n", "1.6 Tb/s", "1.6 TB/s"),
]


@pytest.mark.parametrize(("page", "right", "wrong"), PAGES)
def test_links_give_together_what_one_gives_so_many_times(page: str, right: str, wrong: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "page",
    [
        "One 200 Gb/s rail per GPU; 8 rails give 180 GB/s after overheads.\n",  # no slip: something else is taken off
        "One 200 Gb/s rail per GPU; 8 GPUs, and the memory gives 1,600 GB/s.\n",  # the memory
        "A port of 200 Gb/s and one of 25 GB/s: 8 of them give 200 GB/s.\n",
    ],
)
def test_what_no_slip_explains_is_left_alone(page: str, refuted: Refuted) -> None:
    assert refuted(page) == []

"""So many things and, in brackets beside them, what they hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import holdings

# What the fixtures of conftest judge.
LAWS = (holdings.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        ("- GPUs per node: 8\n\nThe run takes 48 nodes ({} GPUs).\n", "384", "256"),
        ("Each replica takes 4 GPUs.\n\n## Fleet\n\nWe deploy 12 replicas ({} GPUs).\n", "48", "40"),
        ("| | |\n|---|---|\n| GPUs per node | 4 |\n\nBooked: {} GPUs (10 nodes).\n", "40", "80"),
    ],
)
def test_what_so_many_hold_together_is_the_product(page: str, right: str, wrong: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [f"{wrong} GPUs"]


@pytest.mark.parametrize(
    "page",
    [
        "- GPUs per node: 8\n\nThe pilot took 2 nodes (12 GPUs, 4 idle).\n",  # more is said than how many
        "- GPUs per node: 8\n- GPUs per node, new racks: 4\n\nThe run takes 48 nodes (192 GPUs).\n",  # two sorts of nodes
        "- GPUs per node: 8\n\nOnly 2 of the 4 nodes (12 free GPUs) are left.\n",
        "The run takes 48 nodes (192 GPUs).\n",  # nothing says how many a node has
    ],
)
def test_where_one_number_each_is_not_all_there_is_to_it_nothing_is_said(page: str, refuted: Refuted) -> None:
    assert not refuted(page)

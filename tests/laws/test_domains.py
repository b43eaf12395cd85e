"""Groups of ranks that are said to stay in one node, and the devices that a node has."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import domains

# What the fixtures of conftest judge.
LAWS = (domains.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

_NODES = "- GPUs per node: 8\n\n"


@pytest.mark.parametrize(
    "page",
    [
        _NODES + "With EP={} the dispatch stays inside the NVLink domain of a node.\n",
        _NODES + "- TP {} inside the node, PP 4 across nodes\n",
        _NODES + "Here TP={} keeps the all-reduce within one server.\n",
        "TP={} keeps every collective inside a single 8-GPU HGX node.\n",
    ],
)
def test_a_group_in_one_node_has_no_more_ranks_than_the_node_devices(page: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format(8))
    assert refuted(page.format(16)) == ["16"]


@pytest.mark.parametrize(
    "page",
    [
        _NODES + "TP=16 does not stay inside one node.\n",
        _NODES + "TP=16 would stay inside the node budget of 20 kW.\n",
        _NODES + "TP=16 stays inside two nodes.\n",
        _NODES + "If TP=16 stayed inside a node, nothing would cross the network.\n",
        _NODES + "The GB200 NVL72 rack is one domain: EP=64 stays inside the NVLink domain.\n",  # NVLink beyond a node
        _NODES + "TP=16 spans two nodes, EP=8 stays inside one node.\n",
        "EP=16 stays inside one node.\n",  # nothing says how many devices a node has
    ],
)
def test_where_it_is_denied_or_the_place_is_larger_nothing_is_said(page: str, refuted: Refuted) -> None:
    assert not refuted(page)

"""What is marked as passed fits into the memory of one device of the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import fitting

# What the fixtures of conftest judge.
LAWS = (fitting.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

LIST = "- GPU: A100, 40 GB\n\nPer GPU:\n\n- Parameters: 16.2 GB\n- Optimizer shard: {} GB\n- Total: {} GB ✅\n"
TABLE = (
    "Each card has 64 GB of HBM.\n\n| Option | Weights (GB per card) | Cache (GB per card) | Sum (GB per card) | OK |\n"
    "|---|---|---|---|---|\n| TP4 | 35.0 | 20.0 | 55.0 | ✅ |\n| TP2 | {} | 20.0 | {} | ✅ |\n"
)
PARTS_OF_ONE = (
    "We use sixteen L40S with 48 GB.\n\n| Layout | Weights / GPU | KV / GPU | Reserve | Total | Fits? |\n|---|---|---|---|---|---|\n"
    "| TP8 | 17.5 GB | 11.2 GB | 4 GB | 32.7 GB | ✅ |\n| TP4 | {} GB | 11.2 GB | 4 GB | {} GB | ✅ |\n"
)
COLUMNS = (
    "HBM of each accelerator: 64 GB.\n\n| | Plan A | Plan B |\n|---|---|---|\n| Weights per GPU | 20.0 GB | {} GB |\n"
    "| KV cache per GPU | 12.5 GB | 12.5 GB |\n| Fits | ✅ | ✅ |\n"
)
UNDER_A_HEADING = (
    "| VRAM | 48 GB |\n|---|---|\n| Cards | 8 |\n\n## Memory per card\n\n| Item | Size |\n|---|---|\n"
    "| Weights | {} GB |\n| **Total** | {} GB ✅ |\n"
)
WEIGHTS = (
    "All servers have L40S cards of 48 GB.\n\n| Option | TP | Weights per GPU (GB) | Fits |\n|---|---|---|---|\n| O1 | 4 | {} | ✅ |\n"
)
CHECKS = "Ascend 910B cards are used.\n\n| Check | Value | Verdict |\n|---|---|---|\n| Memory per NPU | {} GB | ✅ |\n| Cards | 16 | ✅ |\n"


@pytest.mark.parametrize(
    ("text", "wrong", "right", "claim"),
    [
        (LIST, ("28.1", "44.3"), ("21.1", "37.3"), "44.3 GB"),
        (TABLE, ("70.0", "90.0"), ("41.0", "61.0"), "90.0"),
        (PARTS_OF_ONE, ("35.0", "50.2"), ("32.0", "47.2"), "50.2 GB"),
        (COLUMNS, ("54.0",), ("44.0",), "54.0 GB"),
        (UNDER_A_HEADING, ("50.5", "50.5"), ("45.5", "45.5"), "50.5 GB"),
        (WEIGHTS, ("70.3",), ("35.2",), "70.3"),
        (CHECKS, ("76.4",), ("61.4",), "76.4 GB"),
    ],
)
def test_what_passes_is_held_to_the_memory_of_one_device(
    text: str, wrong: tuple[str, ...], right: tuple[str, ...], claim: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(text.format(*right))
    assert refuted(text.format(*wrong)) == [claim]


@pytest.mark.parametrize(
    "text",
    [
        LIST.replace("Per GPU", "For all GPUs").format("28.1", "44.3"),  # which may be several
        LIST.replace("✅", "❌").format("28.1", "44.3"),
        TABLE.replace("Each card", "Each card of the large pool has 96 GB of HBM. Each card").format("70.0", "90.0"),  # the larger of two
        PARTS_OF_ONE.replace("Total", "Total of the node").format("35.0", "401"),
        "GPU: A100, 80 GB\n\n| Item | Per GPU | Status |\n|---|---|---|\n| Weights | 35 GB | ✅ |\n| Host copy | 105 GB | ✅ |\n",
        CHECKS.replace("Ascend 910B", "Our").format("76.4"),  # nobody knows what they have
    ],
)
def test_what_may_be_of_several_devices_or_elsewhere_is_held_to_nothing(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

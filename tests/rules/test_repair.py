"""Findings carry a repair where the arithmetic leaves one, and none where it leaves several."""

from __future__ import annotations

import pytest

import stratlint


def repaired(text: str) -> list[str]:
    """The text after each suggestion, applied alone."""
    suggestions = [each.suggestion for each in stratlint.check_text(text).findings if each.suggestion is not None]
    return [text[: each.start] + each.replacement + text[each.end :] for each in suggestions]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Attention: 2 × 64 × 4,096 × 4,096 × 4 = 8.6 TFLOPS per layer\n",
         "Attention: 2 × 64 × 4,096 × 4,096 × 4 = 8.6 GFLOP per layer\n"),
        ("Cluster: 512 GPUs × 600 TFLOPS = 307.2 TFLOPS\n", "Cluster: 512 GPUs × 600 TFLOPS = 307.2 PFLOPS\n"),
        ("Cache: 8 × 25 MB = 200 GB\n", "Cache: 8 × 25 MB = 200 MB\n"),
        ("- Sequences per GPU: 128\n- Prefill latency: 40.96 s\n- Throughput: **3.12 tokens/s**\n",
         "- Sequences per GPU: 128\n- Prefill latency: 40.96 s\n- Throughput: **3.12 sequences/s**\n"),
    ],
)  # fmt: skip
def test_a_wrong_prefix_or_unit_leaves_one_repair(wrong: str, right: str) -> None:
    """It stands in the claim's place, as the author wrote it; what it leaves is not contradicted."""
    assert repaired(wrong) == [right]
    assert stratlint.check_text(right).findings == ()


STATED = "The pool has 144 GB.\n\nIt serves 32 GPUs.\n\n"


def test_a_result_is_repaired_when_its_operands_stand_elsewhere_too() -> None:
    """In the precision of the claim."""
    assert repaired(STATED + "Each has 144 GB ÷ 32 = 5.5 GB of it.\n") == [STATED + "Each has 144 GB ÷ 32 = 4.5 GB of it.\n"]


def test_a_repair_is_rounded_once() -> None:
    """1,224.992 ÷ 20 is 61.2496: 61.2, although four digits of it are 61.25."""
    stated = "The pool has 1,224.992 GB.\n\nIt serves 20 GPUs.\n\n"
    assert repaired(stated + "Each has 1,224.992 GB ÷ 20 = 71.3 GB of it.\n") == [stated + "Each has 1,224.992 GB ÷ 20 = 61.2 GB of it.\n"]


@pytest.mark.parametrize(
    "text",
    [
        "Each has 144 GB ÷ 32 = 5.5 GB of it.\n",
        "It serves 32 GPUs.\n\nEach has 144 GB ÷ 32 = 5.5 GB of it.\n",
        STATED + "A GPU needs 5.5 GB.\n\nEach has 144 GB ÷ 32 = 5.5 GB of it.\n",
        STATED + "Each has 144 GB ÷ 32 = about 5.5 GB of it.\n",
        "The file has 480 GB.\n\nThe disk gives 20 GB/s.\n\nLoading takes 480 GB ÷ 20 GB/s = 24 minutes.\n",
    ],
)
def test_where_several_repairs_are_left_none_is_chosen(text: str) -> None:
    """An operand may be wrong, or the result is what the page repeats, or the unit of time is off."""
    assert stratlint.check_text(text).findings
    assert repaired(text) == []

"""Findings carry a repair where the arithmetic leaves one, and none where it leaves several."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.rules.engine import _with_one_repair
from stratlint.rules.finding import Finding, Location, Severity, Suggestion


def repaired(text: str) -> list[str]:
    """The text after each suggestion, applied alone."""
    suggestions = [each.suggestion for each in stratlint.check_text(text).findings if each.suggestion is not None]
    return [text[: each.start] + each.replacement + text[each.end :] for each in suggestions]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Attention: 2 × 64 × 4,096 × 4,096 × 4 = 8.6 TFLOPS per layer\n",
         "Attention: 2 × 64 × 4,096 × 4,096 × 4 = 8.6 GFLOP per layer\n"),
        ("A GPU has 600 TFLOPS.\n\nCluster: 512 GPUs × 600 TFLOPS = 307.2 TFLOPS\n",
         "A GPU has 600 TFLOPS.\n\nCluster: 512 GPUs × 600 TFLOPS = 307.2 PFLOPS\n"),
        ("Each has 25 MB.\n\nCache: 8 × 25 MB = 200 GB\n", "Each has 25 MB.\n\nCache: 8 × 25 MB = 200 MB\n"),
        ("Both: 20 GB + 30 GB = 50 MB\n", "Both: 20 GB + 30 GB = 50 GB\n"),
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
        "Cluster: 512 GPUs × 600 TFLOPS = 307.2 TFLOPS\n",
        "Cache: 8 × 25 MB = 200 GB\n",
        "Each has 25 GB.\n\nCache: 8 × 25 MB = 200 GB\n",
        "The cache has 200 GB, each 25 MB.\n\nCache: 8 × 25 MB = 200 GB\n",
        "Weights: 30B × 2 bytes = 60 TB\n",
        STATED + "A GPU needs 5.5 GB.\n\nEach has 144 GB ÷ 32 = 5.5 GB of it.\n",
        STATED + "Each has 144 GB ÷ 32 = about 5.5 GB of it.\n",
        "The file has 480 GB.\n\nThe disk gives 20 GB/s.\n\nLoading takes 480 GB ÷ 20 GB/s = 24 minutes.\n",
    ],
)
def test_where_several_repairs_are_left_none_is_chosen(text: str) -> None:
    """An operand may be wrong or have the wrong prefix, or the result is what the page repeats, or the unit of time is off."""
    assert stratlint.check_text(text).findings
    assert repaired(text) == []


@pytest.mark.parametrize(
    "text",
    [
        STATED + "- Own: 144 GB ÷ 32 = 5.5 GB\n- Shared: 4 GB\n- Total: 9.5 GB\n",
        "The pool has 30 GB.\n\n| what | GB |\n|---|---|\n| A | 30 GB × 2 = 80 GB |\n| B | 4 GB |\n| Total | 84 GB |\n",
    ],
)
def test_a_result_that_a_total_rests_on_is_not_repaired(text: str) -> None:
    """With another number there the sum that holds would not: what is wrong the arithmetic does not say."""
    assert stratlint.check_text(text).errors
    assert repaired(text) == []


@pytest.mark.parametrize(
    ("claimed", "printed"), [("55 GB", "60 GB"), ("55.8 GB", "59.8 GB"), ("0.07 TB", "0.06 TB"), ("70,000 MB", "59,800 MB")]
)
def test_a_repair_has_the_digits_of_the_claim(claimed: str, printed: str) -> None:
    """65 % of 92 GB is 59.8 GB."""
    stated = "The pool has 92 GB.\n\nWe use 65 %.\n\nThe usable part is 65 % of 92 GB = {} of it.\n"
    assert repaired(stated.format(claimed)) == [stated.format(printed)]


def test_repairs_that_differ_for_one_place_are_none() -> None:
    """Whatever two rules make of it, one replacement is not left."""
    place = Location("x.md", 4, 6, 1, 5, 1, 7, "claim", "80")
    found = [
        Finding("a", Severity.ERROR, "high", "m", place, suggestion=Suggestion(start, end, 1, start + 1, 1, end + 1, text))
        for start, end, text in ((4, 6, "90"), (4, 6, "70"), (10, 12, "1"), (10, 12, "1"), (20, 25, "x"), (22, 23, "y"))
    ]
    kept = [each.suggestion.replacement for each in _with_one_repair(found) if each.suggestion is not None]
    assert kept == ["1", "1"]

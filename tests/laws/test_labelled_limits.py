"""What is marked as passed keeps the limit that the label of its line sets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import labelled_limits

# What the fixtures of conftest judge.
LAWS = (labelled_limits.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "a verdict column": (
        "| Goal | Estimate | Verdict |\n|---|---|---|\n| TTFT ≤ 900 ms | 640 ms | ✅ |\n| Step time ≤ 50 ms | {} | ✅ |\n"
        "| Experts per rank | 128 / 16 = 8 | ✅ |\n", "48.2 ms", "53.1 ms",
    ),
    "words": (
        "| SLO | Measured | Status |\n|:--|--:|:-:|\n| Decode rate of at least 1,200 tok/s | **{}** | PASS |\n"
        "| p99 TTFT under 3 s | 2.4 s | PASS |\n", "1,260 tok/s", "1,140 tok/s",
    ),
    "brackets": (
        "| Check | Result | OK |\n|---|---|---|\n| Peak memory (limit 88 GB) | {} | ✓ |\n| Availability (≥ 99.9 %) | 99.93 % | ✓ |\n",
        "86.5 GB", "91.0 GB",
    ),
    "a mark in the cell": (
        "| SLO | Run 1 | Run 2 |\n|---|---|---|\n| Prefill < 3 s | 2.6 s ✅ | {} ✅ |\n| Decode ≥ 20 tok/s | 25 tok/s ✅ | 24 tok/s ✅ |\n",
        "2.9 s", "3.4 s",
    ),
    "a line of marks": (
        "| Per GPU | Plan A | Plan B | Plan C |\n|---|---|---|---|\n| TP | 2 | 4 | 8 |\n"
        "| Weights, cache and buffers | 61.0 GB | {} | 30.1 GB |\n"
        "| Fits into 68 GB | ✅ | ✅ | ✅ |\n", "66.4 GB", "71.3 GB",
    ),
    "a line of marks below a total": (
        "| GB per GPU | Plan A | Plan B |\n|---|---|---|\n| Weights | 35.2 GB | 17.6 GB |\n| Cache | 20.0 GB | 20.0 GB |\n"
        "| **Total** | **{}** | **37.6 GB** |\n| Fits the 54 GB budget | ✅ | ✅ |\n", "52.2 GB", "55.2 GB",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_passed_amount_keeps_the_limit_of_its_label(name: str, refuted: Refuted) -> None:
    page, right, wrong = PAGES[name]
    assert not refuted(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "page",
    [
        # Failed, and said so.
        "| Goal | Estimate | Verdict |\n|---|---|---|\n| Step time ≤ 50 ms | 53.1 ms | ❌ |\n| TTFT ≤ 900 ms | 640 ms | ✅ |\n",
        # Two amounts, of which the mark may mean either.
        "| Goal | Before | After | Verdict |\n|---|---|---|---|\n| Step time ≤ 50 ms | 61 ms | 48 ms | ✅ |\n",
        # Passed under a condition.
        "| Goal | Estimate | Verdict |\n|---|---|---|\n| Step time ≤ 50 ms | 53.1 ms | ✅ with CUDA graphs |\n",
        # What the mark is of stands under a name, not right above it.
        "| | Plan A | Plan B |\n|---|---|---|\n| TTFT | 310 ms | 280 ms |\n| Step | 61 ms | 57 ms |\n| TTFT ≤ 400 ms | ✅ | ✅ |\n",
        "| | Plan A | Plan B |\n|---|---|---|\n| TTFT | 310 ms | 280 ms |\n| Step | 61 ms | 57 ms |\n| Decode within 50 ms | ✅ | ✅ |\n",
        # The label says how much of it is compared, no limit.
        "| Case | Time | OK |\n|---|---|---|\n| Checkpoint of 50 GB | 61 GB | ✅ |\n"
        "| Prompt above 4 s | 9 s | ✅ |\n| 10 % below 5 s | 6 % | ✅ |\n",
        # What is left of it.
        "| Check | Free | OK |\n|---|---|---|\n| Fits into 68 GB | 70 GB free | ✅ |\n",
        # A limit for what is above it in another unit.
        "| | Plan A | Plan B |\n|---|---|---|\n| Whole cache of the node | 310 GB | 280 GB |\n| Fits into 68 GB per GPU | ✅ | ✅ |\n",
        # Turned down on purpose.
        "## Rejected\n\n| Goal | Estimate | Verdict |\n|---|---|---|\n| Step time ≤ 50 ms | 53.1 ms | ✅ |\n",
    ],
)
def test_silence(page: str, refuted: Refuted) -> None:
    assert not refuted(page)

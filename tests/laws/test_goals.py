"""What is marked as passed keeps the page's limit of its name, wherever that stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import goals

# What the fixtures of conftest judge.
LAWS = (goals.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

PAGES = {
    "a sentence and a row": (
        "SLO: prefill latency p99 below 3 s.\n\n| Check | Measured | Result |\n|---|---|---|\n"
        "| Prefill latency p99 within SLO | {} | ✅ |\n", "2.8 s", "3.4 s",
    ),
    "two lists": ("## Targets\n\n- TPOT (p90): < 45 ms\n\n## Load test\n\n- TPOT (p90): {} ✅\n", "44 ms", "52 ms"),
    "two tables": (
        "| SLO | Limit |\n|---|---|\n| ITL p99 | 60 ms |\n| TTFT p99 | 900 ms |\n\n## Test\n\n"
        "| Metric | Measured | OK |\n|---|---|---|\n| TTFT p99 | {} | ✅ |\n| ITL p99 | 50 ms | ✅ |\n", "880 ms", "980 ms",
    ),
    "at least": ("Required: output rate ≥ 6,000 tokens/s.\n\n- ✅ Output rate: {}\n", "6,400 tokens/s", "5,900 tokens/s"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_passed_result_keeps_its_limit(name: str, refuted: Refuted) -> None:
    page, right, wrong = PAGES[name]
    assert not refuted(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


@pytest.mark.parametrize(
    "page",
    [
        "## Targets\n\n- TPOT (p90): < 45 ms\n\n## Load test\n\n- TPOT (p99): 52 ms ✅\n",  # another percentile
        "## Targets\n\n- TPOT: < 45 ms\n\n## Load test\n\n- Prefill TPOT: 52 ms ✅\n",  # of something else
        "## Targets\n\n- TPOT: < 45 ms\n- TPOT: < 60 ms for the batch tier\n\n## Load test\n\n- TPOT: 52 ms ✅\n",  # two of them
        "## Targets\n\n- TPOT: < 45 ms\n\n## Load test\n\n- TPOT: 52 ms\n",  # nobody says that it passes
        "## Targets\n\n- TPOT: < 45 ms\n\n## Load test\n\n- TPOT: 52 ms ❌\n",
        "Required: output rate ≥ 6,000 tokens/s.\n\n- ✅ Output rate per node: 1,900 tokens/s\n",
        # by how much one failed, in a column in which all others passed
        "| Check | Goal | Found | Verdict |\n|---|---|---|---|\n| Weights | ≤ 60 GB | 41 GB | ✅ |\n"
        "| Output rate | ≥ 6,000 tokens/s | 5,500 tokens/s | ❌ 500 tokens/s short |\n",
    ],
)
def test_a_limit_of_something_else_or_no_mark_says_nothing(page: str, refuted: Refuted) -> None:
    assert not refuted(page)

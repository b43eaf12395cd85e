"""What is marked as failed misses its limit; marks of success and failure wherever a table puts them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import failed, order
from stratlint.laws.judge import Judgement, Outcome

# What the fixtures of conftest judge.
LAWS = (failed.proposals, order.proposals)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

METRICS = "| Metric | Target | Actual | {} |\n|---|---|---|---|\n| Delay | < 300 ms | {} ms | {} |\n| Load | < 9 s | 4 s | ✅ |\n"
PLANS = "| Plan | Memory needed | Memory limit | OK |\n|---|---|---|---|\n| P2 | {} GB | 48 GB | ❌ |\n| P4 | 31 GB | 48 GB | ✅ |\n"
CELLS = "| Check | Limit | Measured |\n|---|---|---|\n| Delay | ≤ 20 ms | {} ms ❌ |\n| Disk | ≤ 4 TB | 3 TB ✅ |\n"
LABELS = "| Check | Limit | Measured |\n|---|---|---|\n| ❌ Delay | ≤ 20 ms | {} ms |\n| ✅ Disk | ≤ 4 TB | 3 TB |\n"
FLOOR = "| Metric | Target | Actual | Met |\n|---|---|---|---|\n| Rate | ≥ 700 tokens/s | {} tokens/s | no |\n| Load | < 9 s | 4 s | ok |\n"
CLOSED = "| | Delay | Disk |\n|---|---|---|\n| Limit | ≤ 20 ms | ≤ 4 TB |\n| Achieved | {} ms | 3 TB |\n| Met | ❌ | ✅ |\n"
FITS = "| Layout | Memory per GPU | Fits in 64 GB |\n|---|---|---|\n| L1 | {} GB | ❌ |\n| L2 | 38 GB | ✅ |\n"

# A page, the value that keeps the limit in spite of the mark, one that misses it, and the family.
MISSED = [
    (METRICS.format("Status", "{}", "❌"), "240", "340", "failed-limit"),
    (METRICS.format("Met?", "{}", "FAIL"), "240", "340", "failed-limit"),
    (METRICS.format("", "{}", "✗"), "240", "340", "failed-limit"),
    (CELLS, "14", "26", "failed-limit"),
    (LABELS, "14", "26", "failed-limit"),
    (FLOOR, "760", "640", "failed-limit"),
    (CLOSED, "14", "26", "failed-limit"),
    (PLANS, "41", "57", "failed-mark"),
    (FITS, "59", "71", "failed-mark"),
    ("- ❌ Cache per node {} GB (limit 40 GB)\n", "34", "46", "failed-mark"),
    ("- Power: {} W of 700 W ❌\n", "640", "760", "failed-mark"),
]


@pytest.mark.parametrize(("text", "wrong", "right", "family"), MISSED)
def test_what_is_marked_as_failed_misses_its_limit(
    text: str, wrong: str, right: str, family: str, judged: Judged, settled: Settled
) -> None:
    found = [each.proposal for each in judged(text.format(wrong)) if each.outcome is Outcome.REFUTED]
    assert [each.claim.amount.text.split()[0] for each in found] == [wrong]
    assert found[0].family == family
    assert settled(text.format(right))


@pytest.mark.parametrize(
    "text",
    [
        METRICS.format("Recommended", "240", "❌"),  # the heading asks for something else
        "- ✅ Step: 36 ms ≤ 40 ms\n- ❌ Prefill: 231 ms > 200 ms\n",  # what was found, and why it failed
        "- ❌ Rate: 410 tokens/s < 500 tokens/s\n",
        METRICS.format("Status", "240", "⚠️"),  # a warning
        METRICS.format("Status", "240", "❌ (flaky)"),
        METRICS.format("Status", "300", "❌"),
        METRICS.format("Status | Seen", "240", "❌ | diverges").replace("✅ |", "✅ | fine |").replace("---|\n", "---|---|\n"),
        METRICS.format("Status | Rate", "240", "❌ | 40 tokens/s").replace("✅ |", "✅ | 90 tokens/s |").replace("---|\n", "---|---|\n"),
        CELLS.format("14").replace("❌", "⚠"),
        CELLS.format("14").replace("❌", "❌ cold cache"),
        CELLS.format("up to 14"),
        "- ❌ Cache per node 34 GB (limit 40 GB), but too slow\n",
        "- ❌ The 34 GB cannot use the limit of 40 GB\n",
    ],
)
def test_a_failure_of_something_else_says_nothing(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


FIRST = "| {} | Test | Limit | Result |\n|---|---|---|---|\n| ✅ | Delay | ≤ 20 ms | 14 ms |\n| ✅ | Disk | ≤ 4 TB | {} TB |\n"
PASSED = [
    (FIRST.format("✓", "{}"), "5", "3"),
    (FIRST.format("Status", "{}"), "5", "3"),
    (FIRST.format("", "{}"), "5", "3"),
    (LABELS.replace("❌", "✅"), "26", "14"),
    (CLOSED.replace("❌", "✅"), "26", "14"),
    ("| Check | Value |\n|---|---|\n| ✅ Cache | {} GB of 64 GB |\n| ✅ Disk | 3 TB of 4 TB |\n", "71", "58"),
    (
        "| Plan | A | B |\n|---|---|---|\n| Memory needed | {} GB | 30 GB |\n| Memory limit | 48 GB | 48 GB |\n| Fits | ✅ | ✅ |\n",
        "57",
        "41",
    ),
]


@pytest.mark.parametrize(("text", "wrong", "right"), PASSED)
def test_a_mark_of_success_counts_wherever_it_stands(text: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert [each.split()[0] for each in refuted(text.format(wrong))] == [wrong]
    assert settled(text.format(right))


@pytest.mark.parametrize(
    "text",
    [
        LABELS.format("26"),
        FIRST.format("✓", "5").replace("✅ | Disk", "❌ | Disk"),
        FIRST.format("✓", "5").replace("✅ | Disk", "– | Disk"),
        CLOSED.format("26"),
        # a line of verdicts among lines of numbers and words says nothing of the columns
        CLOSED.format("26").replace("| Met | ❌ | ✅ |", "| Shipped | ✅ | in May |"),
    ],
)
def test_what_is_not_marked_as_passed_may_exceed_its_limit(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []

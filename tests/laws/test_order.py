"""Order: needs and capacities, measured values and targets, ranks of one quantity."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws.judge import Judgement, Outcome
from stratlint.laws.order import proposals

# What the fixtures of conftest judge.
LAWS = (proposals,)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


TARGETS = "| Metric | Measured | Target | Status |\n|---|---|---|---|\n"
BATCHES = "| Batch | Needed per GPU | Available per GPU | Fits |\n|---|---|---|---|\n"
LIMITS = "| SLO | Limit | Expected | |\n|---|---|---|---|\n"
REQUIREMENTS = "| # | Requirement | Planned | |\n|---|---|---|---|\n"
CRITERIA = "| Criterion | Limit | Value | |\n|---|---|---|---|\n"
# A text, the wrong value in it, and the value that makes it hold.
STATED = [
    ("- ✅ Disk check: needs {} GB per node, has 900 GB", "1,100", "850"),
    ("Each card offers 64 GB. The shard takes {} GB on each card, which fits.", "71.5", "58.5"),
    ("✅ Cache: {} GB per GPU (limit: 30 GB)", "34.5", "27.5"),
    ("The {} GB that every rank must keep fit into its 40 GB.", "47", "37"),
    ("Check PASSED: required {} GB <= available 128 GB", "144.5", "99.5"),
    ("Measured p95 is {} ms, below the target of 250 ms.", "310", "210"),
    ("每张 GPU 显存 96 GB，实际需要 {} GB，可以放下 ✅", "111", "91"),
    ("- Peak footprint: {} GB < 192 GB ✅", "224", "160"),
    ("- Cache per node: {} GB (well within the 40 GB limit)", "47", "35"),
    ("- Buffers: {} GB (< 12 GB)", "14", "9"),
    (CRITERIA + "| Cache per rank | 90 GB | {} GB | pass |\n| Delay | ≤ 50 ms | 42 ms | pass |\n", "97", "83"),
    ("The index of {} GB is smaller than the memory of 70 GB.", "90", "50"),
    ("A pod of 4 GPUs with 96 GB each holds the {} GB of the whole model ✅", "420", "350"),
    ("Its 45 GB are enough for the {} GB that are needed.", "52", "41"),
    ("The service reaches {} requests/s and meets the target of 900 requests/s.", "700", "950"),
    ("- GPU memory: 64 GB\n- Required per GPU: {} GB\n- Status: fits ✅\n", "75", "55"),
    ("- Memory capacity per node: 512 GB\n- Memory per node used: {} GB\n", "640", "400"),
    ("- GPUs required: {}\n- GPUs available: 96\n- Enough GPUs: ✅\n", "128", "80"),
    (TARGETS + "| TTFT p95 | {} ms | < 400 ms | ✅ |\n| Load | 3 s | < 9 s | ✅ |\n", "500", "300"),
    (TARGETS + "| Rate | {} tokens/s | ≥ 800 tokens/s | ✅ |\n| Load | 3 s | < 9 s | ✅ |\n", "650", "950"),
    (BATCHES + "| 8 | 30 GB | 64 GB | ✅ |\n| 16 | {} GB | 64 GB | ✅ |\n", "72", "58"),
    (REQUIREMENTS + "| R1 | Step time ≤ 5 ms | {} ms | ✅ |\n| R2 | Fits in 48 GB | 9.5 GB | ✅ |\n", "5.4", "4.9"),
    ("- Step time p50: 120 ms\n- Step time p95: {} ms\n", "90", "180"),
    ("- Minimum step time: {} s\n- Mean step time: 2.5 s\n- Maximum step time: 4.0 s\n", "3.1", "1.9"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "right"), STATED)
def test_what_is_said_to_fit_fits(text: str, wrong: str, right: str, judged: Judged, refuted: Refuted, settled: Settled) -> None:
    assert len(refuted(text.format(wrong))) == 1
    assert judged(text.format(right))
    assert settled(text.format(right))


@pytest.mark.parametrize(
    "text",
    [
        # the verdict says so
        BATCHES + "| 8 | 30 GB | 64 GB | ✅ |\n| 16 | 72 GB | 64 GB | ❌ |\n",
        "The 71 GB that are needed do not fit into 64 GB.",
        "If a rank needs 71 GB, it fits only with more than 64 GB.",
        # a whole against a share
        "- ✅ Memory check: 700 GB needed in total, 80 GB per GPU available, on 64 GPUs",
        # what is better than its target, what is near it
        "- First token: < 0.2 s ✓ (requirement: 8 s)",
        "✅ First token target: 0.4 s (requirement: ≤ 8 s)",
        "- Rate: 7.0 RPS (near the 8 RPS target) ✓",
        "- Rate: 7.0 RPS (87.5 % of 8 RPS target) ✓",
        LIMITS + "| Output rate | 900 tokens/s | 980 tokens/s | ✅ |\n| Delay | 30 ms | 27 ms | ✅ |\n",
        # shares of a limit, differences, alternatives, other clauses
        "✓ Memory: 68 GB < 95 % of 80 GB",
        "It takes 20 GB less than 15 GB cards would allow.",
        "- Alert at utilisation < 50 % or > 85 %",
        "Targets are TTFT < 2 s and ITL < 40 ms.",
        "The split set-up stays within 60 ms, while the shared one exceeds 80 ms.",
        # two bounds, angle brackets, a need of another time
        "Replies stay under 40 ms for text, under 12 ms for numbers.",
        "The trace ends with 91 4f 17 <6a> 00 at the fault.",
        "A checkpoint that needed a 96 GB card now fits on 24 GB.",
        # marks of other lines, ranks of other things
        "- Needed: 64 GPUs\n- Available GPUs: 16\n- Layers: 16 divided by 2 = 8 ✓\n- Experts: 64 divided by 8 = 8 ✓\n",
        "- Prefill: p50 220 ms, p99 290 ms\n- Decode: p50 6 ms, p99 9 ms\n",
        "- Throughput best: 500 tok/s\n- Throughput average: 400 tok/s\n",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_kept_limit_is_none(text: str, refuted: Refuted) -> None:
    assert not refuted(text)


VERDICTS_IN_WORDS = [
    "| 指标 | 目标 | 实测 | 结论 |\n|---|--:|--:|---|\n| 排队 P99 | ≤ 55 ms | {} ms | 达标 |\n",
    "```\n[PASS] K7  queue time   {} ms (limit 55 ms)\n```\n",
]


@pytest.mark.parametrize("page", VERDICTS_IN_WORDS)
def test_a_verdict_in_words_or_brackets_is_a_mark(page: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(page.format("61"))
    assert settled(page.format("48"))


def test_a_mark_that_opens_a_sentence_passes_nothing_of_the_one_before(refuted: Callable[[str], list[str]]) -> None:
    assert refuted("Dense gradients need another 74 ms. ✅ Of these 230 ms, 80 % hide behind the backward pass.") == []


def test_a_heading_of_marks_may_hold_the_sum_of_a_row_to_a_limit(refuted: Refuted, settled: Settled) -> None:
    page = (
        "| job | cache | shards | sum | Fits in 72 GB |\n|---|---|---|---|---|\n"
        "| chat | 18 GB | 41 GB | 59 GB | ✅ |\n| code | {} | 41 GB | {} | ✅ |\n"
    )
    assert settled(page.format("27 GB", "68 GB"))
    assert refuted(page.format("37 GB", "78 GB")) == ["78 GB"]


CHECKS = "| Check | Reached | |\n|---|---|---|\n| Load of a rack | {} kW of 52 kW | ✅ |\n| Cold aisle | 24 °C | ✅ |\n"


@pytest.mark.parametrize(
    ("page", "over", "within"),
    [
        ("- ✅ Budget: ${} million of $3.20 million.", "3.35", "2.90"),
        ("- ✅ Hall at any time: at most {} kW of 410 kW.", "437", "388"),
        (CHECKS, "58", "47"),
    ],
)
def test_what_is_taken_of_a_whole_is_no_limit_of_it_but_limited_by_it(
    page: str, over: str, within: str, refuted: Refuted, settled: Settled
) -> None:
    assert settled(page.format(within))
    assert len(refuted(page.format(over))) == 1


def test_an_ideal_time_is_no_limit_of_the_measured_one(refuted: Refuted) -> None:
    assert refuted("- **B:** 96 MB at 400 GB/s → 0.24 ms ideal (0.31 ms measured 👍)") == []


@pytest.mark.parametrize("heading", ["Fits in 72 GB?", "Within 72 GB?", "≤ 72 GB"])
def test_the_one_total_of_a_row_is_held_to_the_limit_in_the_heading_of_its_mark(heading: str, refuted: Refuted, settled: Settled) -> None:
    page = f"| Job | Shards | Cache | Total memory | {heading} |\n|---|---|---|---|---|\n| chat | 41 GB | 18 GB | 59 GB | ✅ |\n"
    assert settled(page + "| code | 41 GB | 27 GB | 68 GB | ✅ |\n")
    assert refuted(page + "| code | 41 GB | 37 GB | 78 GB | ✅ |\n") == ["78 GB"]
    assert refuted(page + "| code | 41 GB | 37 GB | 78 GB | ❌ |\n") == []


@pytest.mark.parametrize(
    "page",
    [
        "The rewrite takes the wheel from 3 GB to < 700 MB.",
        "- Tiling lifts the cache hit rate from ~40 % to >= 75 %.",
        "- **R-1**: lookup p99 ≤ 8 ms in the region\n- **R-2**: portal p95 ≤ 1.8 s\n",
        "```\nImpact:     < 2 ms\nDuration:   6 hours total\nStatus:     ✅ ready\n```",
    ],
)
def test_a_change_and_bounds_of_different_things_are_no_order(page: str, refuted: Refuted) -> None:
    assert not refuted(page)


def test_what_words_compare_warns_and_what_a_sign_compares_is_proved(judged: Judged) -> None:
    families = {each.proposal.family for each in judged("A card needs 91 GB < 80 GB.") if each.outcome is Outcome.REFUTED}
    assert families == {"statement-order"}
    families = {each.proposal.family for each in judged("One step takes 31 ms, which is below 25 ms.") if each.outcome is Outcome.REFUTED}
    assert families == {"statement-comparison"}


def test_room_for_something_is_what_is_left_for_it(refuted: Refuted) -> None:
    assert not refuted(
        "| | A | B |\n|---|---|---|\n| Weights (GB) | 61 | 118 |\n| Room for the cache (GB) | 109 | 52 |\n| Fits | ✅ | ✅ |\n"
    )


@pytest.mark.parametrize(
    "page",
    [
        "The 90 GB of the FP8 build doesn't fit 64 GB.",
        "- **On one card** (~66 GiB weights): fits with ~9 GiB of cache.",
    ],
)
def test_what_does_not_fit_or_leaves_something_is_no_claim_to_fit(page: str, refuted: Refuted) -> None:
    assert not refuted(page)


@pytest.mark.parametrize(
    "page",
    [
        "需要 2ⁿ > 500；2ⁿ = 512 ✓",
        "要 1/(x−6) ≤ 0.5 ⇒ x ≥ 8（E[S] ≤ 62.5 ms）。复核：E[T] = 0.4 s ✓",
    ],
)
def test_symbols_and_asides_bound_nothing_else(page: str, refuted: Refuted) -> None:
    assert not refuted(page)


ROW = "| What | {} | Actual | {} |\n|---|---|---|---|\n| {} | {} | {} | {} |\n"


@pytest.mark.parametrize(
    ("heading", "what", "bound", "actual"),
    [
        ("Threshold", "MFU", "40 %", "47 %"), ("Threshold", "First token", "300 ms", "340 ms"), ("Limit", "Hit rate", "80 %", "91 %"),
        ("Limit", "Rate", "900 tok/s", "1,020 tok/s"),
    ],
)  # fmt: skip
def test_a_threshold_and_the_limit_of_a_share_or_rate_may_be_meant_from_below(
    heading: str, what: str, bound: str, actual: str, refuted: Refuted
) -> None:
    assert refuted(ROW.format(heading, "OK", what, bound, actual, "✅")) == []
    assert refuted(f"- ✅ {what} {actual} ({heading.lower()} {bound})\n") == []


@pytest.mark.parametrize(
    ("heading", "bound", "actual"),
    [("Limit", "300 ms", "340 ms"), ("Cap", "10 %", "12 %"), ("Threshold", "≤ 300 ms", "340 ms"), ("Budget", "$40k", "$43k")],
)
def test_what_says_on_which_side_to_stay_is_held_to_it(heading: str, bound: str, actual: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(ROW.format(heading, "Status", "Load", bound, actual, "✅")) == [actual]
    assert settled(ROW.format(heading, "Status", "Load", bound, bound.lstrip("≤ "), "✅"))


@pytest.mark.parametrize("heading", ["Approved", "Closed", "Supported", "Delivered", "Has NVLink"])
def test_a_mark_under_another_heading_passes_no_limit(heading: str, refuted: Refuted) -> None:
    assert refuted(ROW.format("Limit", heading, "Load", "60 GB", "72 GB", "✅")) == []
    assert refuted(ROW.format("Limit", "In limit?", "Load", "60 GB", "72 GB", "✅")) == ["72 GB"]


@pytest.mark.parametrize("mark", ["✅ (offload)", "✅ after pruning", "✅ with swap", "✅ fits with swap", "✅ fits (offload)"])
def test_a_mark_with_a_condition_passes_no_limit(mark: str, refuted: Refuted) -> None:
    page = "| Plan | Memory needed | GPU memory | Fits |\n|---|---|---|---|\n| A | 96 GB | 80 GB | {} |\n| B | 48 GB | 80 GB | ✅ |\n"
    assert refuted(page.format(mark)) == []
    assert refuted(page.format("✅ Fits")) == refuted(page.format("✅ fits in memory")) == ["96 GB"]


def test_what_is_said_to_be_over_its_limit_does_not_keep_it_whatever_is_marked(refuted: Refuted) -> None:
    assert refuted("✅ The p99 of 61 ms is over the 50 ms limit during releases.") == []
    assert refuted("✅ The p99 of 61 ms stays within the 50 ms limit.") == ["61 ms"]


def test_a_whole_fits_into_all_of_several(refuted: Refuted, settled: Settled) -> None:
    assert settled("6 cards of 48 GB are enough for the 270 GB model.")
    assert refuted("6 cards of 48 GB are enough for the 310 GB model.") == ["310 GB"]
    assert refuted("The 270 GB of shards fit in 48 GB cards: 45 GB each on 6 GPUs.") == []


def test_what_passes_in_one_line_is_no_limit_of_another(refuted: Refuted) -> None:
    assert not refuted("## Acceptance\n\n- TTFT p99 < 2 s: 1.8 s ✅\n- Whole request p95 at most 12 s: 11 s ✅\n")
    assert not refuted("## Acceptance\n\n- TTFT p99 < 2 s: 1.8 s ✅\n- E2E p95 at most 12 s: 11 s ✅\n")


def test_a_target_that_is_met_by_an_amount_behind_it_bounds_that_amount(refuted: Callable[[str], list[str]]) -> None:
    for text in ("- ✅ Gap target of 70 ms met ({} ms)", "- ✅ Token target of 70 ms met at {} ms"):
        assert refuted(text.format(55)) == []
        assert refuted(text.format(85)) == ["85 ms"]


def test_a_total_named_behind_an_amount_is_another_amount(refuted: Refuted) -> None:
    assert not refuted("Activations: 43 GB, total above 60 GB, too near the limit.")

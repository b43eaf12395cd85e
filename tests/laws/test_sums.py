"""Parts and wholes: what sentences, lists and tables say of sums, rests and shares, each wrong page with a twin that holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws import rests, series, shares, sums
from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.page import page_of

# What the fixtures of conftest judge.
LAWS = (sums.proposals, series.proposals, rests.proposals, shares.proposals)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


PAGES = {
    # parts and their shares
    "of which": ("A turn takes 640 ms, of which {} ms are spent in the queue.", "460", "760"),
    "a share of which": ("We saw 4.4M calls, of which 2,640 failed, {} %.", "0.06", "0.6"),
    "a share between commas": ("We are at 31.5B of 48.2B tokens, {} %, and on the curve.", "65.4", "56.4"),
    "a line of another": ("| phase | ms |\n|---|---|\n| scatter | 290 |\n| – of it exposed | {} |\n| update | 41 |", "70", "370"),
    "a total behind the ids of its lines": (
        "| row | pool | GPUs |\n|---|---|---|\n| B1 | chat | 144 |\n| B2 | code | 88 |\n| B3 | total | {} |", "232", "323"
    ),
    # what stands in bold below all rows, one digit behind the other, and sums within sums
    "a bold row of all": (
        "| part | TB |\n|---|--:|\n| web | 4.61 |\n| code | 1.27 |\n| books | 0.82 |\n| **All** | **{}** |", "6.70", "7.30"
    ),
    "a digit exchanged in one part": (
        "| part | GB |\n|---|--:|\n| shards | 17.4 |\n| cache | {} |\n| buffers | 6.2 |\n| **Total** | **70.1** |", "46.5", "64.5"
    ),
    "a point in the wrong place of one part": (
        "| use | TB |\n|---|--:|\n| checkpoints | {} |\n| corpus | 51.0 |\n| logs | 33.0 |\n| Sum | 270.5 |", "186.5", "18.65"
    ),
    "a part that is the sum of those above it": (
        "- experts: 1.31 GB\n- attention: 0.48 GB\n- embedding: 0.21 GB\n- shards: 2.00 GB\n- cache: 6.40 GB\n- Total: {} GB",
        "8.40", "9.80",
    ),
    "under a currency": (
        "| cost of a year | $ |\n|---|--:|\n| staff | 240,000 |\n| power | 91,000 |\n| **Total** | **{}** |", "331,000", "313,000"
    ),
    "in millions of it": ("| option | cost, $ million |\n|---|--:|\n| cards | 1.42 |\n| hall | 0.37 |\n| Total | {} |", "1.79", "1.97"),
    # sums in one sentence
    "of each, with their computations": (
        "Each GPU keeps 3 × 6.2 = 18.6 GB plus 8 × 6.2 / 16 = 3.1 GB, in total {} GB.", "21.7", "31.7"
    ),
    "total behind": ("The embedding needs 12 GB, the blocks 61 GB and the head 12 GB, {} GB in all.", "85", "95"),
    "plus": ("44 GB of shards plus 13 GB of buffers come to {} GB.", "57", "67"),
    "left over": ("Shards claim 52 GB and graphs 6 GB of the 80 GB, so {} GB are left over.", "22", "32"),
    "a verb of leaving": ("96 GB minus 61 GB of shards leaves {} GB.", "35", "45"),
    "left in the next sentence": ("A host has 256 GB; the loader pins 60 GB and the cache takes 90 GB. That leaves {} GB.", "106", "126"),
    "left, in Chinese": ("每卡显存 96 GB，权重 45 GB，缓存 21 GB，还剩 {} GB。", "30", "40"),
    "or so many percent": ("12 of the 96 racks, or {} %, are new.", "12.5", "15"),
    "a share in brackets of what is idle": ("64 of the 512 GPUs ({} %) stay idle.", "12.5", "17.5"),
    "only so many": ("Only 21 of the 168 checks came back late, that is {} % of them.", "12.5", "17.5"),
    "a share, that is": ("15 % of all 1,600 boards (that is {}) run it.", "240", "320"),
    "closed by a colon": ("Fetch 21 ms, decode 64 ms, resize 47 ms: one image takes {} ms.", "132", "158"),
    "a share of somebody's": ("15 % of the cluster's 400 trays, {} trays, have the new pump.", "60", "85"),
    "so together": ("Dispatch lasts 14 ms and combine 17 ms, so together they last {} ms.", "31", "41"),
    "made up": ("A request spends {} ms, which is made up of 210 ms of queueing, 340 ms of prefill and 150 ms of sampling.", "700", "800"),
    "colon": ("The hall has {} GPUs: 320 for training and 96 for evaluation.", "416", "426"),
    "brackets": ("Peak memory is {} GB per GPU (weights 31 GB, cache 22 GB, buffers 4 GB).", "57", "67"),
    "number words": ("Nine hosts train and three hosts serve, {} hosts together.", "twelve", "fifteen"),
    "chinese": ("权重 41 GB，缓存 18 GB，缓冲 6 GB，合计 {} GB。", "65", "75"),
    "results of computations": ("Shards take 96 / 4 = 24 GB, gradients 12 GB; together {} GB.", "36", "46"),
    "of them at most": ("Of the {} GB, 41 GB are weights, 18 GB cache and 6 GB buffers.", "70", "60"),
    # sums over several sentences and lines
    "sentences": ("Short pool: 12 GPUs. Long pool: 36 GPUs. Both pools together: {} GPUs.", "48", "52"),
    "fence": ("```text\nshards   96 / 4 = 24 GB\ncache    18 GB\n----------\nsum      {} GB\n```", "42", "52"),
    # rests and bounds
    "leaving": ("The accelerator has 96 GB; shards take 41 GB and the cache 30 GB, leaving {} GB.", "25", "35"),
    "of are used": ("300 of 480 GPUs are used; {} GPUs are left.", "180", "150"),
    "front remain": ("Of 480 GPUs, 300 are used and {} remain free.", "180", "150"),
    "margin": ("Median step time: 420 ms (limit 600 ms, margin {} ms).", "180", "240"),
    "part of a whole": ("The pool holds {} GB of the 40.0 GB reserve.", "31.5", "44.5"),
    # shares
    "which is": ("The cache takes 24 GB of 96 GB, which is {} %.", "25", "35"),
    "its share": ("Optimizer work costs 18 ms of a 120 ms step, so its share is {} %.", "15", "25"),
    "of the whole (amount)": ("30 % of the 80 GB ({} GB) hold activations.", "24", "34"),
    "front (share)": ("Of 640 GPUs, 48 are idle ({} %).", "7.5", "12.5"),
    "amount (share of)": ("- **Reserve**: 12 GB ({} % of 96 GB)", "12.5", "18.5"),
    "share (amount of)": ("- **Fill**: {} % (36 GB of 96 GB)", "37.5", "47.5"),
    "fraction in words": ("A third of the 384 GPUs, {} cards, decode.", "128", "96"),
    "remaining": ("70 % of the requests hit the prefix cache, and the remaining {} % miss it.", "30", "40"),
    # lists
    "list": ("- Weights: 41 GB\n- Cache: 18 GB\n- Buffers: 6 GB\n- Total: {} GB", "65", "75"),
    "list of two": ("- Prefill: 120 ms\n- Decode: 480 ms\n- Total: {} ms", "600", "500"),
    "list with a result first": ("- Weights: 82 GB / 2 = 41 GB\n- Cache: 18 GB\n- Total: {} GB", "59", "69"),
    "computation in brackets": ("- Weights: 41 GB (82 GB ÷ 2)\n- Cache: 18 GB\n- Total: {} GB", "59", "69"),
    "named total per GPU": ("- Weights: 41 GB\n- Cache: 18 GB\n- Total memory per GPU: {} GB", "59", "69"),
    "per GPU in labels": ("- Weights per GPU: 41 GB\n- Cache per GPU: 18 GB\n- Total per GPU: {} GB", "59", "69"),
    "heading": ("## Memory of one rank\n\n- Weights: 41 GB\n- Cache: 18 GB\n- Total: {} GB", "59", "69"),
    "line below a list": ("- Weights: 41 GB\n- Cache: 18 GB\n\n**Total per GPU**: {} GB", "59", "69"),
    "parents without a value": ("- Compute: 40 ms\n- Communication:\n  - rows: 6 ms\n  - columns: 9 ms\n- Total: {} ms", "55", "65"),
    "overhead is a part": ("- Weights: 41 GB\n- Overhead (5 %): 2 GB\n- Total required: {} GB", "43", "53"),
    # tables
    "row": ("| Part | GB |\n|---|---|\n| Weights | 41 |\n| Cache | 18 |\n| **Total** | **{}** |", "59", "69"),
    "workings in labels": ("| Part | GB |\n|---|---|\n| Weights, 82 / 2 | 41 |\n| Cache, 9 × 2 | 18 |\n| Total | {} |", "59", "69"),
    "column": ("| Hall | Train GPUs | Serve GPUs | Total GPUs |\n|---|---|---|---|\n| East | 96 | 32 | {} |", "128", "118"),
    "unit in the total": (
        "| Plan | State | Buffers | Rest | Total |\n|---|---|---|---|---|\n| A | 12.5 | 3.1 | 4.0 | {} GB |", "19.6", "21.6",
    ),
    "shares add up": ("| Part | Share |\n|---|---|\n| Compute | {} % |\n| Wait | 25 % |\n| Rest | 15 % |\n| Total | 100 % |", "60", "70"),
    "shares of a column": (
        "| Part | Time (ms) | Share |\n|---|---|---|\n| Compute | 60 | 60 % |\n| Wait | 25 | {} % |\n| Rest | 15 | 15 % |\n"
        "| Total | 100 | 100 % |", "25", "28",
    ),
    "subtotals": (
        "| Part | GB |\n|---|---|\n| A | 10 |\n| B | 20 |\n| Subtotal | 30 |\n| C | 5 |\n| D | 6 |\n| Subtotal | 11 |\n| Total | {} |",
        "41", "46",
    ),
    # records
    "record of counts": ("| Hall | GPUs | Used | Free |\n|---|---|---|---|\n| East | 96 | 72 | {} |\n| West | 64 | 40 | 24 |", "24", "34"),
    "record of memory": ("- GPU memory: 96 GB\n- Used: 71 GB\n- Free: {} GB", "25", "35"),
    "capacity without per": ("- Memory capacity: 96 GB\n- Memory used per GPU: 71 GB\n- Memory free per GPU: {} GB", "25", "35"),
    "utilisation": ("- GPU memory: 96 GB\n- Used: 72 GB\n- Utilisation: {} %", "75", "85"),
    "complement": ("- Memory utilisation: 82 %\n- Memory free: {} %", "18", "28"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_wrong_whole_part_or_share_is_refuted_and_its_twin_holds(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert refuted(page.replace("{}", wrong)), "the wrong page"
    assert settled(page.replace("{}", right)), page.replace("{}", right)


NOT_RELATED = {
    "total of something else": "Each host has 8 GPUs and 2 NICs, 64 GPUs in total.",
    "a whole that others share": "Of the 90 GB, 41 GB are weights and 18 GB cache.",
    "total is a mean": "| Run | Time (ms) |\n|---|---|\n| 1 | 40 |\n| 2 | 44 |\n| Overall | 42 |",
    "total (max)": "| Part | GB |\n|---|---|\n| Weights | 20 |\n| Short prompts | 8 |\n| Long prompts | 14 |\n| Total (max) | 34 |",
    "alternatives": "The card comes with 64 GB (32 GB or 48 GB in older ones).",
    "a shape": "An all-to-all over 64 ranks (8, 4, 2).",
    "degrees multiply": "| Axis | Degree |\n|---|---|\n| Tensor | 8 |\n| Pipeline | 4 |\n| Total | 32 |",
    "of what?": "The weights are 60 GB, the cache 20 GB, leaving 12 GB.",
    "a share that is divided up": "Of 120 GB the server may use 90 %, 108 GB; the weights take 30 GB, and 78 GB remain.",
    "shares that add up": "A token visits some experts (2 of 8 chosen, so the shares add up to 200 %).",
    "of what, in the next sentence?": "The weights are 60 GB and the cache 20 GB. That leaves 12 GB.",
    "or so many percent of another": "12 of the 96 racks, or 15 % of the floor, are new.",
    "things of one sort": "Host A 21 ms, host B 64 ms, host C 47 ms: one image takes 90 ms.",
    "parts that overlap": "Of 1,000 cards, 600 train, 300 serve and 150 do both, leaving 50.",
    "percentiles": "p50 21 ms, p95 64 ms, p99 77 ms: one image takes 90 ms.",
    "a reason behind": "Fetch 21 ms, decode 64 ms, resize 47 ms: one image takes 90 ms because they overlap.",
    "far more than what is listed": "Fetch 21 ms, decode 64 ms, resize 47 ms: one album takes 2.4 s.",
    "a label that counts again": "- Model: 40 GB\n- With cache: 55 GB\n- With buffers: 61 GB\n- Total: 61 GB",
    "a worked label that counts again": "- Model: 10 × 4 GB = 40 GB\n- With states: 40 GB × 3 = 120 GB\n- Total: 120 GB",
    "a part of a part": "- Weights: 40 GB\n- Including embeddings: 5 GB\n- Cache: 21 GB\n- Total: 61 GB",
    "accountants' brackets": "| Item | k$ |\n|---|---|\n| Rent | 40 |\n| Refund | (5) |\n| Power | 21 |\n| Total | 56 |",
    "changes with a sign": "| Part | Change |\n|---|---|\n| Head | +12 GB |\n| Body | +30 GB |\n| Total | +50 GB |",
    "its own working": "- TP ranks: 4 GPUs\n- PP ranks: 8 GPUs\n- Total: 4 × 8 = 32 GPUs",
    "a value that cannot be read": "- Weights: 41 GB\n- Cache: 3 × 6 GB\n- Total: 59 GB",
    "two lists": "- Before:\n  - Prefill: 64 hours\n- After:\n  - Prefill: 16 hours\n  - Decode: 32 hours\n  - Total: 48 hours",
    "capacity above parts": "- GPU memory: 80 GB\n- Weights: 41 GB\n- Cache: 18 GB\n- Total: 59 GB",
    "main parts in another unit": "- Queue: 200 ms\n- First token: 300 ms\n- Total response time: 4 seconds",
    "percent of another whole": "The cache takes 24 GB of 96 GB (60 % of the weights).",
    "a statement of its own": "The weights are 41 GB, 25 % of the 96 GB are kept free.",
    "a change in brackets": "The step takes 18 ms of 120 ms (40 % less).",
    "utilisation of another thing": "- GPU memory: 96 GB\n- Memory used: 72 GB\n- Compute utilisation: 35 %",
    "remaining of two": "60 % of the requests hit. 90 % of the remaining requests wait, 10 % fail.",
    "denied": "It is not true that 24 GPUs for drafts and 40 for checks are 96 GPUs in all.",
    "from to": "Latency went from 40 ms to 30 ms, 55 ms in total.",
    "json of instances": '```json\n{"pools": [{"requests": 8}, {"requests": 12}], "total": 47}\n```',
    "pairs per pool": "- Prefill: 1 cluster\n- Decode: 2 clusters\n- Total: 16 GPUs",
    "versions": "- Heron 2.1 (30B), 2.0 (6B, 30B, 210B)",
    "two columns share one": (
        "| Part | First (ms) | Second (ms) | Share |\n|---|---|---|---|\n| A | 30 | 10 | 40 % |\n| B | 20 | 40 | 60 % |\n"
        "| Total | 50 | 50 | 100 % |"
    ),
}


@pytest.mark.parametrize("name", NOT_RELATED)
def test_what_only_looks_like_a_part_of_a_whole_is_not_refuted(name: str, refuted: Refuted) -> None:
    assert refuted(NOT_RELATED[name]) == []


def test_many_rows_may_be_the_longest_of_a_profile_or_hold_one_another() -> None:
    """Nothing shows that the rows are all there is, or that none holds another: that is no proof."""
    times = (420, 230, 140, 90, 61, 37)
    for whole, rows, forced in ((1300, times, False), (600, times, False), (950, times, True), (600, times[:3], True)):
        page = "| Kernel | Time (ms) |\n|---|---|\n" + "".join(f"| k{at} | {time} |\n" for at, time in enumerate(rows))
        found = list(series.proposals(page_of(extract(parse(page + f"| Total | {whole} |\n")))))
        assert [proposal.forced for proposal in found] == [forced], (whole, rows)


def test_a_list_of_a_thousand_parts_is_read_to_its_end(judged: Judged, refuted: Refuted, settled: Settled) -> None:
    """No sum is so long that following it fails; one of some dozens is still recomputed."""

    def page(parts: int, total: int) -> str:
        return "".join(f"- Shard {number}: 8 GB\n" for number in range(parts)) + f"- Total: {total} GB\n"

    assert judged(page(1_200, 9)) == []
    assert settled(page(50, 400))
    assert refuted(page(50, 450)) == ["450 GB"]


@pytest.mark.parametrize(("label", "forced"), [("Total", True), ("Total memory", True), ("Total in use", False)])
def test_a_total_of_some_that_leaves_out_one_part_only_warns(label: str, forced: bool, judged: Judged) -> None:
    page = f"| Pool | Memory (GB) |\n|---|---|\n| A | 8 |\n| B | 16 |\n| C | 4 |\n| {label} | 24 |\n"
    assert [each.proposal.forced for each in judged(page) if each.outcome is Outcome.REFUTED] == [forced]


def test_the_slip_is_laid_at_the_part_that_it_explains(refuted: Refuted) -> None:
    assert refuted("| part | GB |\n|---|--:|\n| shards | 17.4 |\n| cache | 64.5 |\n| buffers | 6.2 |\n| **Total** | **70.1** |") == ["64.5"]
    assert refuted("| part | GB |\n|---|--:|\n| shards | 17.4 |\n| cache | 46.5 |\n| buffers | 6.2 |\n| **Total** | **71.0** |") == ["71.0"]


def test_what_is_taken_away_may_be_said_before(refuted: Refuted) -> None:
    """The rest of what two sentences leave, when a list above says what else is gone."""
    page = "So each card holds 21.5 GB of shards.\n\nThe engine gets 90 GB of it and sets aside 8.5 GB for buffers. That leaves {} GB.\n"
    assert refuted(page.format("60.0")) == []
    assert refuted(page.format("70.0")) == ["70.0 GB"]


def test_a_bold_row_that_names_one_of_several_is_no_total(refuted: Refuted) -> None:
    assert refuted("| run | tok/s |\n|---|--:|\n| first | 410 |\n| second | 430 |\n| **ours** | **515** |") == []


WORKED = (
    "| Part | Derivation | GB |\n|---|---|---|\n| Shards | 6.2B × 2 bytes | 12.4 |\n| Slopes | 6.2B × 4 bytes | 24.8 |\n"
    "| Moments | 6.2B × 12 bytes / 8 | 9.3 |\n| Inputs | 31.5 MB × 12 × 10 | 3.8 |\n| Buffers | one layer | 0.7 |\n"
    "| Runtime | allowance | 5.2 |\n| **Total** | | **{}** |\n"
)


def test_rows_of_a_table_that_say_how_they_were_made_are_parts_all_the_same(refuted: Refuted, settled: Settled) -> None:
    assert settled(WORKED.format("56.2"))
    assert refuted(WORKED.format("52.6")) == ["52.6"]
    assert not settled(WORKED.format("51.0"))  # the last row is no subtotal of the two above it


@pytest.mark.parametrize(
    "page",
    [
        "**Whole course**: 300 hours (20 weeks in evenings, 9 weeks by day)",
        "The dense one keeps a 1,300 MiB table, with its cache split into 7,100 MiB for wide layers and 2,900 MiB for narrow ones.",
        "They differ in where the 16 bits go: the first spends them on digits (10-bit fraction, 5-bit exponent).",
        "The step is 7.1 s of compute and 2.5 s of waiting; with the wait doubled it is 7.1 + 5.0 = 12.1 s.",
        "**Reading**: ~20 minutes\n**Practice**: 6 hours\n**Total effort**: 18 hours\n",
        '```json\n{"goal": 99.5, "reached": 99.75, "margin": 0.25, "budget": {"total": 800, "spent": 300}}\n```',
        "| Cards | Batch 1 total | Share | Batch 8 total | Share |\n|---|---|---|---|---|\n| 1 | 80 tok/s | 100% | 590 tok/s | 100% |\n"
        "| 2 | 158 tok/s | 99% | 1,160 tok/s | 98% |\n",
        "| Item | Value |\n|---|---|\n| Hidden size | 6144 |\n| Head dimension | 128 |\n| FFN size | 16,384 |\n"
        "| Attention parameters per layer | 85 M |\n"
        "| MLP parameters per layer | 302 M |\n| Total per layer | 387 M |\n",
    ],
)
def test_amounts_of_other_things_are_no_parts(page: str, refuted: Refuted) -> None:
    assert not refuted(page)


def test_branches_of_a_drawn_tree_are_in_the_line_they_hang_from(refuted: Refuted, settled: Settled) -> None:
    tree = "```\nGateway   [20 ms]\nLogin     [150 ms]\n  ├─ Query  [110 ms]\n  └─ Cache  [40 ms]\nProfile   [30 ms]\nTotal: {} ms\n```"
    assert settled(tree.format(200))
    assert refuted(tree.format(260))


def test_sums_of_a_sentence_and_of_a_row_warn_and_those_of_lines_are_proved(judged: Judged) -> None:
    def families(page: str) -> set[str]:
        return {each.proposal.family for each in judged(page) if each.outcome is Outcome.REFUTED}

    assert families("Weights take 35 GB, the cache 20 GB and buffers 9 GB, 74 GB in all.") == {"sentence-sum"}
    assert families("| | Weights GB | Cache GB | Total GB |\n|---|---|---|---|\n| A | 30 | 12 | 52 |\n| B | 31 | 11 | 42 |\n") == {
        "row-sum"
    }
    assert families("| Part | GB |\n|---|---|\n| Weights | 30 |\n| Cache | 12 |\n| Total | 52 |\n") == {"list-sum"}


def test_statistics_of_a_gap_leave_no_rest(refuted: Refuted) -> None:
    assert not refuted("The idle gap is 3.91 us (p50 0.42 us, p99 98.31 us, maximum 871.20 us).")


@pytest.mark.parametrize(
    "page",
    [
        "```\nWeights:   12 GB\nGradients: 12 GB\nStates:    72 GB\nTotal:     96 GB × 4 cards = 384 GB of all\n```",
        "```\n├── attribute: batch_size=5\n├── attribute: prompt_tokens=1024\n├── attribute: batch_total_tokens=9216\n```",
        '```json\n{"run_ms": 21.5,\n "wait_ms": 98.1,\n "total_latency_ms": 127.4}\n```',
    ],
)
def test_lines_may_leave_parts_out_or_tell_of_other_things(page: str, refuted: Refuted) -> None:
    assert not refuted(page)


def test_the_total_of_another_run_is_no_part(refuted: Refuted) -> None:
    assert not refuted("- Total time: 11.20 s\n- Total of the blocks: 6912.4 ms\n- Total time: 35.10 s\n")


def test_how_far_each_is_is_no_share_of_all(refuted: Refuted) -> None:
    page = (
        "| Phase | Done | Lines |\n|---|---|---|\n| One | 100% | ~700 |\n| Two | 100% | ~1,300 |\n| **Total** | **100%** | **~2,000** |\n"
    )
    assert not refuted(page)


def test_the_tag_of_a_version_is_no_amount(refuted: Refuted) -> None:
    assert not refuted("The phi4:14b build is best. granite4.1:3b remains for small cards.")


def _column(label: str, total: str, *, heading: str = "GB", above: str = "", first: str = "Shards") -> str:
    return f"{above}| Part | {heading} |\n|---|---|\n| {first} | 50 |\n| Cache | 30 |\n| {label} | {total} |\n"


@pytest.mark.parametrize(
    "label",
    [
        "Total after pruning", "Total with spares", "Total excl. spares", "Total incl. tax", "Total (net)", "Total + reserve",
        "Total (compressed)", "Total, filtered", "Total since March", "Total this week", "Total to date", "Total (all 31)",
        "Total (4 in both)", "Total of 16 layers", "去重后合计",
    ],
)  # fmt: skip
def test_a_total_whose_label_says_more_is_held_to_nothing(label: str, refuted: Refuted) -> None:
    assert refuted(_column(label, "95")) == []
    assert refuted(f"- Shards: 50 GB\n- Cache: 30 GB\n- {label}: 95 GB\n") == []


@pytest.mark.parametrize(
    "label", ["Total", "Total required", "Total memory", "Total (per GPU)", "Sum (GB)", "Total (shards + cache)", "Total used"]
)
def test_a_total_that_says_what_it_measures_is_the_sum(label: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(_column(label, "95")) == ["95"]
    assert settled(_column(label, "80"))


@pytest.mark.parametrize(
    ("label", "right"),
    [
        ("Total with 10 % reserve", "88"), ("Total (15 % discount)", "68"), ("Total + 25 % margin", "100"), ("Total incl. 20 % tax", "96"),
        ("Total with 20 % reserve", "100"), ("Total incl. 20 % tax", "80"),
    ],
)  # fmt: skip
def test_a_total_is_held_to_the_share_that_its_label_adds(label: str, right: str, judged: Judged, settled: Settled) -> None:
    """Of the sum, or of the total; or the parts have it already. It is no proof: the share may be one of some parts only."""
    assert settled(_column(label, right))
    wrong = [each for each in judged(_column(label, "120")) if each.outcome is Outcome.REFUTED]
    assert [each.proposal.forced for each in wrong] == [False]


@pytest.mark.parametrize(
    ("page", "within", "over"),
    [
        (_column("Total (overlapping)", "{}"), "65", "85"),
        (_column("Total", "{}", first="Copies (hidden)"), "65", "85"),
        ("| Pool | Distinct hosts |\n|---|---|\n| web | 50 |\n| app | 30 |\n| Total | {} |\n", "65", "95"),
        ("- Copies: 50 ms (hidden)\n- Kernels: 30 ms\n- Total: {} ms\n", "62", "85"),
        ("```\nCopies   50 ms\nKernels  30 ms\nTotal (overlapped)  {} ms\n```", "62", "85"),
        ("Copies take 50 ms and kernels 30 ms; overlapped they take {} ms in total.", "62", "85"),
    ],
)  # fmt: skip
def test_what_overlaps_takes_no_more_than_its_sum(page: str, within: str, over: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(page.format(within))
    assert len(refuted(page.format(over))) == 1


@pytest.mark.parametrize("total", ["50", "30", "40"])
def test_the_greatest_the_least_and_the_mean_of_rows_are_no_sum_of_them(total: str, refuted: Refuted) -> None:
    assert refuted(_column("Overall", total)) == []
    assert refuted(f"- Stage 0: 50 GB\n- Stage 1: 30 GB\n- Overall: {total} GB\n") == []
    assert refuted(f"## Peak per GPU\n\n{_column('Overall', total)}") == []
    assert refuted(f"```\nstage 0:  50 GB\nstage 1:  30 GB\noverall:  {total} GB\n```") == []
    assert refuted(_column("Overall", "61")) == ["61"]


@pytest.mark.parametrize("heading", ["p99 ms", "Latency p95 (ms)", "Median time (ms)"])
def test_percentiles_do_not_add_up(heading: str, refuted: Refuted) -> None:
    assert refuted(_column("Total", "68", heading=heading)) == []
    assert refuted("- Parse p99: 50 ms\n- Route p99: 30 ms\n- Total p99: 68 ms\n") == []
    assert refuted(_column("Total", "68", heading="ms")) == ["68"]


@pytest.mark.parametrize("above", ["The two largest of 19 items:\n\n", "Some of the parts:\n\n", "**Main parts**\n\n"])
def test_a_list_that_leaves_something_out_has_a_total_that_is_no_less(above: str, refuted: Refuted, settled: Settled) -> None:
    assert settled(_column("Total", "95", above=above))
    assert refuted(_column("Total", "70", above=above)) == ["70"]
    assert settled(f"{above}- Shards: 50 GB\n- Cache: 30 GB\n- Total: 95 GB\n")


def test_twelve_months_are_a_year(refuted: Refuted, settled: Settled) -> None:
    page = "- Hall: $310 per month\n- Power: $140 per month\n- Total: ${} per year\n"
    assert settled(page.format("5,400"))
    assert len(refuted(page.format("5,900"))) == 1


def test_a_share_of_a_share_is_neither_of_both(refuted: Callable[[str], list[str]]) -> None:
    for text in (
        "Half of a third of 96 cards = 16 cards.",
        "A third and a half of 96 cards = 80 cards.",
        "Half of half of 64 cards = 16 cards.",
    ):
        assert refuted(text) == []


HEADINGS = "# Node\n\n### Weights: 24 GB\n\nIn BF16.\n\n### Cache: 30 GB\n\n### Total: {} GB\n"
SECTIONS = "# Site\n\n## Pumps\n\nCost: $140\n\n## Fans\n\n- Cost: $95\n\n## {}\n\nCost: ${}\n"


def test_headings_and_sections_are_rows_where_the_last_is_their_total(refuted: Refuted, settled: Settled) -> None:
    assert refuted(HEADINGS.format(62)) == ["62 GB"]
    assert settled(HEADINGS.format(54))
    assert refuted(SECTIONS.format("Total", 255)) == ["$255"]
    assert settled(SECTIONS.format("Total", 235))
    assert refuted(SECTIONS.format("Lamps", 255)) == []
    assert refuted(SECTIONS.replace("- Cost", "- Price").format("Total", 255)) == []
    assert refuted(HEADINGS.replace("Weights: 24 GB", "Weights").format(62)) == []


def test_a_share_of_a_whole_may_be_the_whole_of_what_is_left(refuted: Refuted) -> None:
    assert not refuted("The limit at 90 % of 96 GB is 86.4 GB; margin 21.3 GB.")
    assert refuted("The pool is 86.4 GB; the weights take 60.0 GB, margin 21.3 GB.") in ([], ["21.3 GB"])


@pytest.mark.parametrize(("head", "label"), [("LR", "Total"), ("Remark", "Total"), ("LR", "**Sum**")])
def test_a_plain_total_adds_up_its_column_whatever_the_headings_are_taken_for(head: str, label: str, judged: Judged) -> None:
    page = f"| Phase | Steps | {head} |\n|---|---|---|\n| Warm-up | 2,000 | 0 → 2e-4 |\n"
    page += "| Main | 31,400 | 2e-4 |\n| Decay | 4,000 | 2e-4 → 0 |\n"
    for whole, forced in (("37,400", []), ("36,400", [True])):
        found = [each.proposal.forced for each in judged(f"{page}| {label} | {whole} | |\n") if each.outcome is Outcome.REFUTED]
        assert found == forced


def test_many_rows_and_a_digit_too_many_in_their_total_is_a_slip(judged: Judged) -> None:
    rows = "".join(f"| Item {at} | {cost:,} |\n" for at, cost in enumerate((21_400, 9_850, 6_200, 10_045, 13_724, 48_000)))
    found = [each for each in judged(f"| Item | $ per month |\n|---|---|\n{rows}| Total | 119,219 |\n") if each.outcome is Outcome.REFUTED]
    assert [each.proposal.forced for each in found] == [True]


@pytest.mark.parametrize("label", ["*Subtotal*", "**Subtotal static**", "*Subtotal, the same for all batches*"])
def test_a_subtotal_adds_up_the_rows_above_it(label: str, refuted: Refuted, settled: Settled) -> None:
    page = (
        "| Component | GB |\n|---|---:|\n| Weights | 7.05 |\n| Gathered blocks | 2.23 |\n| Buckets | 1.12 |\n| Context, slack | 3.10 |\n"
        f"| {label} | *{{}}* |\n| Activations | 11.27 |\n| Logits | 13.15 |\n| **Total** | **37.92** |\n"
    )
    assert settled(page.format("13.50"))
    assert refuted(page.format("12.30")) == ["12.30"]

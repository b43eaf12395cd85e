"""What sentences and rows derive from their own numbers: what contradicts itself, and what only looks as if it did."""

from __future__ import annotations

import pytest

import stratlint
from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.resolve import resolve

RUNS = "| Run | GPUs | Hours | GPU-hours |\n|---|---|---|---|\n| a | 32 | 15 | 480 |\n| b | 256 | 310 | 79,360 |\n"
FLOOR = "One step reads 24 GB / 2.4 TB/s = 10 ms of weights, which is the floor of decoding.\n\n"
NODE = "- GPUs per node: 8\n\n"


def found(text: str) -> list[str]:
    return [finding.rule for finding in stratlint.check(text).findings]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (RUNS + "| c | 128 | 45 | 6,760 |\n", "row-breaks-column-product"),
        # the same three figures as rows of a table whose columns are the variants
        (
            "| | A | B | C |\n|---|---|---|---|\n| Count | 256 | 320 | 512 |\n"
            "| Peak each | 2,250 TFLOPS | 1,307 TFLOPS | 459 TFLOPS |\n"
            "| Peak in total | 576 PFLOPS | 418 PFLOPS | 352 PFLOPS |\n",
            "row-breaks-column-product",
        ),
        # no header calls for a product, but the units do
        (
            "| stage | tokens | rate (tokens/s) | hours |\n|---|---|---|---|\n| 1 | 20 B | 410 k | 13.6 |\n"
            "| 2 | 10 B | 240 k | 11.6 |\n| 3 | 5 B | 140 k | 13.9 |\n",
            "row-breaks-column-product",
        ),
        (
            "| criterion | weight | A | B |\n|---|---|---|---|\n| price | 0.5 | 9 | 6 |\n| delivery | 0.2 | 5 | 9 |\n"
            "| software | 0.3 | 9 | 7 |\n| total | 1.0 | 8.2 | 7.4 |\n",
            "total-differs-from-parts",
        ),
        ("| Stage | Accelerators |\n|---|---|\n| 0 | 0–31 |\n| 1 | 31–63 |\n", "rank-range-broken"),
        ("TTFT of a batch: 64 × 19 ms = 1.22 s ✅ (limit 1.0 s)", "missed-target-marked"),
        ("We rent 8 × H200 (141 GB, 3.35 TB/s).", "device-figure"),
        ("A token takes 192,512 B, i.e. 96.3 KB.", "wrong-conversion"),
        ("The cache holds (48 − 16.1 − 1.2) GB / 131,072 B = 434 k tokens.", "wrong-quotient"),
        ("Combine moves 6.2 MB at 50 GB/s = 124 ms.", "amount-at-rate"),
        ("The pool keeps 410 k tokens per GPU, 3.28 M tokens over 16 GPUs.", "all-from-each"),
        (NODE + "Prefill gets 3 of the nodes, i.e. 32 GPUs.", "devices-of-nodes"),
        ("We expect 425 requests/s, an increase of 20 % over today's 340.", "wrong-change"),
        ("The job needs 12 GPUs instead of 16, 40 % less.", "wrong-change"),
        ("Step time: 40 ms → 30 ms (−45 %).", "wrong-change"),
        ("Decoding needs 161 TFLOPS, 74.3 % of the peak of 296 TFLOPS.", "share-mismatch"),
        ("解码需要 161 TFLOPS，占 FP8 算力 296 TFLOPS 的 74.3%。", "share-mismatch"),
        (FLOOR + "- Measured TPOT (median): 6.2 ms\n", "below-stated-floor"),
        ("| Check | |\n|---|---|\n| per GPU 85.7 GB ≤ 80 GB | ✅ |\n", "inequality-does-not-hold"),
        ("- VRAM bandwidth: 2.0 TBps\n- Effective bandwidth: 2.0 × 75% = 1.35 TBps\n", "wrong-product"),
        ("Weights: 30B × 2 bytes = 80 GB.\n\n**All checks passed.**", "verdict-over-failure"),
        ("权重：30B × 2 字节 = 80 GB。\n\n以上数据均已核对无误。", "verdict-over-failure"),
        ("256 个专家可以均匀分到 48 张卡上。", "uneven-split-called-even"),
        (
            "We serve with tensor parallel 8.\n\n```bash\nserve model --tensor-parallel-size 4\n```\n",
            "command-differs-from-text",
        ),
    ],
)
def test_contradicted(text: str, rule: str) -> None:
    assert rule in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "The cache holds (48 − 16.1 − 1.2) GB / 131,072 B = 234 k tokens.",
        "We rent 8 × H200 (141 GB, 4.8 TB/s).",
        "- TTFT requirement: 10 s ✓ (achieved: <6 s)",
        "每卡 A100 显存 54.9 GB 小于 80 GB ✅",
        "| Stage | Accelerators |\n|---|---|\n| 0 | 0–31 |\n| 1 | 32–63 |\n",
        # another number of the row explains it, or too few rows say what the columns are
        "| Run | TP | DP | PP | GPUs |\n|---|---|---|---|---|\n"
        "| a | 4 | 8 | 1 | 32 |\n| b | 8 | 4 | 1 | 32 |\n| c | 4 | 8 | 2 | 64 |\n",
        RUNS.replace("79,360", "74,000") + "| c | 128 | 45 | 6,760 |\n",
        "Eight GPUs read 70 GB at 3.35 TB/s in 2.6 ms.",
        "Moving 6.2 MB at 50 GB/s takes less than 1 ms.",
        "Moving 400 GB at 100 Gb/s and 80 % efficiency takes 40 s.",
        "Attention takes 2.6 GB per GPU, the experts 116 GB over 32 GPUs.",
        NODE + "Prefill gets 3 of the nodes, i.e. 24 GPUs.",
        "We expect 425 requests/s, an increase of 25 % over today's 340.",
        "TTFT is 300 ms, 20 % of the 800 ms budget is spent in the queue.",
        FLOOR + "- Measured TPOT (median): 14 ms\n",
        FLOOR + "With speculative decoding:\n\n- Measured TPOT (median): 6.2 ms\n",
        "| Check | |\n|---|---|\n| per GPU 85.7 GB ≤ 80 GB | ❌ |\n",
        "The plan requires 85.7 GB ≤ 80 GB, so it is rejected.",
        "Weights: 30B × 2 bytes = 80 GB.\n\nCheck all figures before the release.",
        "We serve with tensor parallel 8, in the test with tensor parallel 4.\n\n"
        "```bash\nserve m --tensor-parallel-size 4\n```\n",
        "During the crash the dashboard's \"decode latency 0 ms\" was an artefact.",
        "The model has $60$ layers and PP 4. Each stage has $60/4 = 15$ layers, each tensor rank $52/4 = 13$ heads.\n\n"
        "| Check | |\n|---|---|\n| layers per stage | ✅ 15 |\n",
    ],
)  # fmt: skip
def test_admissible(text: str) -> None:
    assert set(found(text)) <= ({"wrong-product"} if "30B" in text else set())


def test_a_heading_number_counts_sections() -> None:
    facts = resolve(extract(parse("## 4 KV cache\n\nEach token keeps 128 KiB.\n", "page.md")))
    assert not facts.of_kind("model.kv_heads")

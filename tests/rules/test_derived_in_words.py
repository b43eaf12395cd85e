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
        (
            "| criterion | weight | A | B |\n|---|---|---|---|\n| price per FLOP | 0.5 | 9 | 6 |\n"
            "| delivery | 0.2 | 5 | 9 |\n| software | 0.3 | 9 | 7 |\n| total | 1.0 | 8.2 | 7.4 |\n",
            "total-differs-from-parts",
        ),
        (
            "| concurrency | A | B | ratio |\n|---|---|---|---|\n| 1 | 58 | 71 | 0.82 |\n| 16 | 640 | 742 | 0.86 |\n"
            "| 64 | 1,790 | 1,960 | 0.91 |\n| 256 | 4,520 | 4,310 | 0.95 |\n",
            "row-breaks-column-product",
        ),
        (
            "| | per GPU | all 24 GPUs |\n|---|---|---|\n| requests | 80 | 1,920 |\n| tokens/s | 2,424 | 58,182 |\n"
            "| tokens held | 400,000 | 9,600,000 |\n| cache in use | 41.0 GB | 783 GB |\n",
            "row-breaks-column-factor",
        ),
        ("| SLO | limit | now | ok |\n|---|---|---|---|\n| restart time | 5 min | 7 min | yes |\n", "target-missed-but-passed"),
        ("Decoding does 1.63 PFLOP/s of 24 × 1,979 TFLOPS = 47.5 PFLOP/s, i.e. 34 %.", "share-mismatch"),
        ("They hold 262,144 tokens, 70 % of the 327 k.", "share-mismatch"),
        (NODE + "The plan for four nodes (36 GPUs) is in the appendix.", "devices-of-nodes"),
        ("72 GB minus 18.2 GB of weights and 5 GB of buffers leaves 58.8 GB.", "wrong-remainder"),
        ("每卡 72 GB，扣除权重 18.2 GB、缓冲 5 GB，剩余 58.8 GB。", "wrong-remainder"),
        (
            "| weights | floor (ms/token) | measured (ms/token) | of floor |\n|---|---|---|---|\n| BF16 | 18.6 | 21.4 | 87 % |\n"
            "| INT4 | 5.2 | 4.6 | 88 % |\n",
            "measured-below-floor",
        ),
        ("Of the 72 GB, 18.2 GB are weights and 5 GB are buffers; 58.8 GB remain for the cache.", "wrong-remainder"),
        ("Speedup: 48 ms / 16 ms = 2.4x.", "wrong-quotient"),
        ("- Training tokens: 2T\n- Tokens per step: 4M\n- Steps: 50,000\n", "tokens-of-steps"),
        ("- KV cache per token: 160 KB\n- Context: 32,768 tokens\n- KV cache per request: 10.5 GB\n", "cache-per-request"),
        ("At 310 TFLOPS of 989 TFLOPS the MFU is 42 %.", "share-mismatch"),
        ("Training the 9B model with AdamW takes 18 GB of memory.", "training-state"),
        ("- Weights: 68 GB\n- Memory bandwidth: 3.35 TB/s\n- Total GPUs: 1\n- TPOT: 9 ms\n", "token-below-weights"),
        ("Every rank uses 91 GB per GPU, well within the 80 GB of the card.", "comparison-reversed"),
        ("A rank needs 91 GB and fits into 80 GB.", "comparison-reversed"),
        ("The first token comes after 640 ms, which is within the 500 ms budget.", "comparison-reversed"),
        ("48 layers at 1.4 ms each give a step of 51 ms.", "amounts-do-not-multiply"),
        ("Each of the 24 nodes draws 10.2 kW, 450 kW in total.", "amounts-do-not-multiply"),
        ("375,000 steps at 12 s a step take 26 days.", "amounts-do-not-multiply"),
        ("A chunk needs 962 GFLOP, at 400 TFLOPS 2.4 s.", "amount-at-rate"),
        ("A replica gives 1,882 tok/s; all 24 give 54,200 tok/s.", "all-from-each"),
        ("The plan needs 32 nodes of 8; only 30 nodes (248 GPUs) are healthy.", "devices-of-nodes"),
        ("We pay $1.30 → $0.98 per GPU-hour, a saving of 15 %.", "wrong-change"),
        ("TTFT of a batch: 64 × 19 ms = 1.22 s ✅ (limit 1.0 s)", "missed-target-marked"),
        ("We rent 8 × H200 (141 GB, 3.35 TB/s).", "device-figure"),
        ("A token takes 192,512 B, i.e. 96.3 KB.", "wrong-conversion"),
        ("The cache holds (48 − 16.1 − 1.2) GB / 131,072 B = 434 k tokens.", "wrong-quotient"),
        ("Combine moves 6.2 MB at 50 GB/s = 124 ms.", "amount-at-rate"),
        ("A step reads 44.9 GB of weights per GPU; at 2.04 TB/s that's 16.1 ms.", "amount-at-rate"),
        ("180K H800 GPU-hours are 6.1 days on a cluster of 2,048 H800 GPUs.", "amounts-do-not-multiply"),
        ("1.4T tokens at 380 tokens/s/GPU take 35 days on 2,048 GPUs.", "amounts-do-not-multiply"),
        ("14.8T tokens at 180K GPU-hours per trillion tokens cost 2,264K GPU-hours.", "amounts-do-not-multiply"),
        ("The run takes 2.788M GPU-hours; at a price of $2 per GPU-hour this is $6.576M.", "amounts-do-not-multiply"),
        ("A batch of 88 requests of 8,192 tokens holds 524,288 tokens.", "amounts-do-not-multiply"),
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
        "Prefill falls by 80 % − 18 % = 62 points.",
        "Per token 7.9 kW / 4,520 tok/s = 1.75 J, and 8.4 kW in the other box: 8.4 / 4,310 = 1.95.",
        "| | A | B |\n|---|---|---|\n| GPUs | 8 | 8 |\n| Memory per GPU | 192 GB | 141 GB |\n| Total memory | 1,536 GB | 1,128 GB |\n",
        "Budget: 80 GB × 0.9 = 72 GB, minus 6.2 GB weights, minus 9 GB buffers = 56.8 GB per GPU.",
        "A token has 204,800 B of KV cache in BF16. One sequence: 262144 × 204800 = 53.7 GB.",
        "Of the 72 GB, 18.2 GB are weights and 5 GB are buffers; 48.8 GB remain for the cache.",
        "Every rank uses 71 GB per GPU, well within the 80 GB of the card.",
        "Speedup: 48 ms / 16 ms = 3x.",
        "With 919/915 = 1.53x over it we stop.",
        "- Training tokens: 2T\n- Tokens per step: 4M\n- Steps: 500,000\n",
        "At 310 TFLOPS of 989 TFLOPS the MFU is 31.3 %.",
        "At 42 % MFU a GPU delivers 0.42 × 989 = 415 TFLOPS, the machine 512 × 415 = 212 PFLOPS.",
        "Training the 9B model with AdamW takes 150 GB of memory.",
        "Training the 9B model with AdamW and ZeRO-3 takes 18 GB on each GPU.",
        "- Weights: 68 GB\n- Memory bandwidth: 3.35 TB/s\n- Total GPUs: 1\n- TPOT: 21 ms\n",
        "The weights of 140 GB fit into 80 GB cards once they are split.",
        "The peak is 78 GB, which is within 5 GB of the limit.",
        "The median of 640 ms is within 20 ms of the mean.",
        "48 layers at 1.4 ms each give a step of 67 ms.",
        "375,000 steps at 12 s a step take 52 days.",
        "A chunk needs 962 GFLOP, at 400 TFLOPS 2.4 ms.",
        "A replica gives 1,882 tok/s; all 24 give 45,168 tok/s.",
        "A replica gives 1,882 tok/s; all 24 users together hold 3 GB.",
        "We pay $1.30 → $0.98 per GPU-hour, a saving of 25 %.",
        "Each of the 12 nodes with 4 cards has 2 NICs; 3 nodes (12 GPUs) are down.",
        NODE + "Two nodes (16 GPUs) serve, 3 nodes with 8 GPUs each train.",
        "Of the 327 k tokens 262,144 are taken, 20 % of them by the prefix.",
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


def test_shares_add_up_to_a_share() -> None:
    (finding,) = stratlint.check("| Phase | Share |\n|---|---|\n| Prefill | 25 % |\n| Decode | 70 % |\n| Total | 100 % |\n").errors

    assert finding.message == "claims a total of 100 %, but 25 % + 70 % = 95 %"

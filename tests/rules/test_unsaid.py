"""What pages nobody wrote for the tool leave unsaid: silent there, and as strict as before where all is on the page."""

from __future__ import annotations

import pytest

import stratlint

SILENT = {
    "powers of ten below the line": "The balance point is 8.0 × 10^14 / 2.0 × 10^12 = 400 tokens.",
    "a product below the line": "A pod of `8*8*16 / 2*2 = 256` hosts.",
    "an element's width is not written": "The table of 65,536 × 4,096 in fp32 = 1 GiB stays resident.",
    "parameters of two models, bytes of both": "Target and draft: 40B + 5B = 90 GB in BF16.",
    "an amount of each, and the total": "Global layers: 512 MB each = 12 GB in all.",
    "a shape is not a product of tokens": "A 512×512 image ≈ 2K tokens for the encoder.",
    "a mixture's name": "The 8×22B experts = 141B parameters.",
    "a binding after other words": "We place 70+2 shards over PP=24 and keep the rest.",
    "a list below a per": "The fusions take 480 ms per 4 steps × 2 chips ≈ 60 ms on the whole.",
    "the exponent of a variable": "Scores need S^2 × 2 = 8 more buffers.",
    "a coefficient": "Setting 2.0 = 3.1 - 1.4p gives the share.",
    "a flattened exponent": "In base 16 three digits reach 163 − 1 = 4095.",
    "a change with its sign": "The pass grows by 4/3 = +33 %.",
    "a share cut after one digit": "One of 132 units: 1/132 = 0.7 %.",
    "a rate in both directions": "- Links: 1.8 TB/s bidirectional (18 × 50 GB/s = 1.8 TB/s)",
    "a range of costs": "Budget: $20K-$40K × 100K = $2B-$4B in total.",
    "a number word in capitals": "All layers: 96 × 30B = 2.9 TRILLION parameters.",
    "the unit comes last": "$$T = 3 \\times 10^{-5} + \\frac{3}{4} \\times \\frac{10^8}{10^{11}} = 0.03 + 0.75 = 0.78 \\text{ ms}$$",
    "brackets that multiply": "q · k = (2)(0) + (1)(3) + (1)(1) = 4",
    "a bracket with a sign": "q · k = (1)(0) + (2)(-1) + (1)(1) = -1",
    "a fraction in brackets": "The sum is (1/4)(0.8) + 0.3 = 0.5",
    "an exponent in brackets": "The smallest value is 2^(-4) × 0.5 = 0.03125",
    "a full-width plus": "总量＝4,000 ＋ 6×500 ＝ 7,000 tokens",
    "a traditional myriad": "300K 使用者 × 40 = 1,200 萬條序列",
    "hours in traditional characters": "機率約 12 分鐘 / 4 小時 ≈ **5%**",
    "rows of a day": "We write 30M rows × 200 B = 6 GB/day",
    "rows of a day with billions": "The log: 40B x 250B = 10TB/day",
    "terms in the units of their own": "Base 5.25 GB, 0.125 MB a token. Peak: 5.25 + (0.125 × 100) × 800 = 15.3 GB",
    "amounts of a day": "Raw data: 128 GB/day. Thirty days: 128 * 30 = ~4 TB",
    "a quotient that tells a rise": "Decode gains ≈ the ratio of bandwidths 6.0/4.0 ≈ 50%",
    "accepted of drafted": "The counters (e.g. `200/170` = 85 % acceptance) are in the log.",
    "rounded to divide in the head": "QPS = 130B / 86,400 ≈ 130B / 100K",
    "a factor from the sentence before": "Each label set makes 14 series. At 50 handlers × 4 codes = 2,800 series.",
    "a fraction of what stands before": "The lease lasts 12 seconds (renewed at 3/4 = 9s)",
    "the number before is meant": "precision@5 = 4 hits in top 5 / 5 = 0.80",
    "something that is counted besides": "A header of 16 B + 4 fields = 32 B",
    "one of several, and all": "Memory: ~4KB per session = ~200MB in all",
    "each takes": "- 20,000 tables to move, each taking 2 hours = 5 years(!)",
    "a period and a share of it": "The budget (0.1% over 30 days = ~43 minutes) is spent.",
    "a list of layers": "Layers 0/2/6 = 5-bit experts, the rest 4-bit.",
    "names of parts and their sizes": "Size 26B (8 active / 128 total experts + 1 shared), 4B active.",
    "a degree behind another size": "two 12B workers + 30B TP=2 are started",
    "the dimensions a tensor passes": "Active: (8 + 1) × 512 hidden = 9 × 2048 → 512 → 2048.",
    "what a program printed": "The model answered `3+3 is a 30.000` and stopped.",
    "a count of faults": "A run of 512 ×3 (12 chains) = 0 divergences on both drivers.",
    "an error beside a size": "Largest error on the 32×16 block = **0.0003** against the reference.",
    "a factor with its sign glued": "Decode went 20.1→40.2 = 2.00× (1.25× @256), flat.",
    "two measurements and their gain": "The new path at 820/816 = 1.41× over the old one.",
    "two halves of a request": "At 300 input / 200 output tokens prefill is only ~9% of the time.",
    "a price for a million": "A PUT costs $0.004/1,000 = $4 per million.",
    "queries and tokens": "Replicas: 80 QPS ÷ (16 batch × 25 TPS) ≈ 2 replicas",
    "models at their precision": "Avoid `coder@6bit` (60 GB) + `@4bit` = 75 GB at once.",
    "a share in front of its cost": "Spot 70% = 400 nodes × $0.10 × 730 = $29,200/mo",
    "two lines of code with a result each": "```\ngpus = 600 / 300 = 2\n+50% headroom = 1 more\n```",
    "one line of code goes on with another case": "```\nratio = 200 / 4 (hit) = 50x\n      = 200 / 16 (all) = 12.5x\n```",
    "a slash for at": "- A cluster holds ~4,000 nodes / 25 pods per node = 100,000 pods",
    "bits behind the fraction": (
        "$$B = 2 \\times 16 \\times 32 \\times 10^9 \\times \\frac{128}{130} \\text{ bits/sec} \\approx 126 \\text{ GB/sec}$$"
    ),
    "the label of the next line": "prompt time = 2000 ms / 50 tokens (40 ms per token)\neval time = 9000 ms / 60 tokens (150 ms per token)",
    "digits grouped by a blank": "29 568 / 256 = 115 full blocks",
    "binary operands, decimal result": "The buffer takes 163,840 × 256 kB = 42.9 GB.",
    "runs that are so long": "5 losses × 3 folds × 100 epochs = 15 training runs",
    "bits multiplied by eight": "The copy takes 500 GB x 8 / 10 Gbps = 400 seconds.",
    "the version of a protocol": "- 20 HTTP/2 connections x 500 streams = 10K requests",
    "operations in a unit told elsewhere": "Then 561.92 / 4096 token = **137.2 GFLOP/token**.",
    "a grid beside its accuracy": "| **2048** | **64×64** | **0.389** |\n",
    "identifiers have eight bytes": "• 500 post IDs × 100M users = 400 GB",
    "bits divided by eight": "At 1 Mbps, transfer time = 4 KB / (1 Mbps / 8) ≈ 0.032 seconds.",
    "costs of a thousand requests": "```\nCOST PER 1000 REQUESTS:\nYear 1: $45 / 150M requests = $0.0003\n```",
    "a power told as a product": "- Grid search: 4 params x 3 values each = 3^4 = 81 trials",
    "an order of magnitude": "- 1 day = 86,400 seconds ≈ 10^5 sec",
    "what stays the same": "Event loop: 1 thread × 5,000 connections = 1 thread",
    "pieces of a whole and what they take": "Data: 1TB → 8 data + 4 parity = 1.5TB (50% overhead)",
    "values for settings in a row": "Peak memory for 1/8/16 GiB is approximately 4.0/12.2/19.0 GiB.",
    "denied in another language": "`371 = 29 * 13` und `299 = 29 * 13` sind beide falsch.",
    "columns of a computation": "```\nM = 16   1e9 x   16 bytes   =   16 GB\n```",
    "bytes between decimal and binary": "Cache: 2 × 80 × 8 × 128 × 4096 × 2 = 1.28 GB",
}

TOLD = {
    "the same balance point, wrong under both groupings": "The balance point is 8.0 × 10^14 / 2.0 × 10^12 = 520 tokens.",
    "bytes per element written, and still wrong": "Cache: 2 × 80 × 8 × 128 × 4096 × 2 bytes = 2.68 GB",
    "a plain product": "The table has 65,536 × 4,096 = 368M entries.",
    "brackets that multiply": "q · k = (2)(0) + (1)(3) + (1)(1) = 6",
    "a day's bytes, ten times too many": "We write 30M rows × 200 B = 60 GB/day",
    "a full-width plus": "总量＝4,000 ＋ 6×500 ＝ 9,000 tokens",
    "an exponent in brackets": "The smallest value is 2^(-4) × 0.5 = 0.0625",
    "a prefix": "10M × 3 MB/s = 30 PB/s",
    "a share": "Of the card 20/80 = 33 % is used.",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_what_the_page_leaves_unsaid_is_not_called_wrong(text: str) -> None:
    """The equation is a part of something, or its unit or factor is not written: no reader could call it wrong."""
    assert [finding.message for finding in stratlint.check_text(text).errors] == []


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD.keys())
def test_what_stands_on_the_page_is_still_recomputed(text: str) -> None:
    """None of the excuses covers an equation that says everything."""
    assert len(stratlint.check_text(text).errors) == 1


@pytest.mark.parametrize("claimed", ["8 GB", "~8 GB"])
def test_a_size_worked_out_to_the_bytes_of_an_element_is_found_however_far_off(claimed: str) -> None:
    text = f"- Expert weights: {claimed} (4 experts × 2048 × 1024 × 2 matrices × 2 bytes)\n"

    assert [finding.rule for finding in stratlint.check_text(text).errors] == ["wrong-product"]

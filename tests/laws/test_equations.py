"""Computations as documents print them, and what a careful reader says of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws.equations import proposals
from stratlint.laws.judge import Outcome, judge
from stratlint.meaning.page import page_of

FITS, WRONG, OPEN, NONE = "fits", "wrong", "open", "none"


def judged(text: str) -> list[str]:
    """What becomes of every equation of a text, in reading order."""
    page = page_of(extract(parse(text)))
    names = {Outcome.HOLDS: FITS, Outcome.BOUNDED: FITS, Outcome.REFUTED: WRONG, Outcome.OPEN: OPEN}
    return [names[judge(each, page.binary).outcome] for each in proposals(page)]


def worst(text: str) -> str:
    """`wrong` when any equation is, else `fits` when any does, else what is left."""
    found = judged(text)
    return next((each for each in (WRONG, FITS, OPEN) if each in found), NONE)


PLAIN = [
    ("64 × 2 × 8 = 1,024", FITS),
    ("64 × 2 × 8 = 1,124", WRONG),
    ("64 * 2 * 8 = 1024", FITS),
    ("64 x 2 x 8 = 1024", FITS),
    ("64x2x8 = 1014", WRONG),
    ("64 · 16 = 1024", FITS),
    ("1,024 ÷ 8 = 128", FITS),
    ("102 × 4 = 400", WRONG),  # no flattened 10²
    ("1024/8 = 126", WRONG),
    ("100 + 28 = 128", FITS),
    ("100 - 28 = 72", FITS),
    ("100 − 28 = 82", WRONG),
    ("2 × (3 + 4) = 14", FITS),
    ("2 × (3 + 4) = 10", WRONG),
    ("2(8 - 1) = 14", FITS),
    ("(6 - 1) / (12 + 6 - 1) = 29.4%", FITS),
    ("(6 - 1) / (12 + 6 - 1) = 70.6%", WRONG),
    ("2^10 = 1024 × 1", FITS),
    ("5{,}120 × 2 = 10{,}240", FITS),
    ("1_000 × 3 = 3_000", FITS),
    ("64 × 2 × 8 = 1,025", WRONG),
    ("1 × 8 × 4 × 16 = 520", WRONG),  # counts are exact, however round
    ("3 × 27 = 100", WRONG),
    ("4 × 2.5 × 10³ = 1 × 10⁴", FITS),
    ("4 × 2.5 × 10³ = 1 × 10⁵", WRONG),
]  # fmt: skip

CHAINS = [
    ("2 × 512 = 1,024 = 4 × 256", FITS),
    ("2 × 512 = 1,024 = 4 × 265", WRONG),
    ("64 × 2 = 128 × 8 = 1,024", FITS),
    ("3 × 4 × 5 = 12 × 5 = 60", FITS),
    ("3 × 4 × 5 = 13 × 5 = 65", WRONG),
    ("2.15 + 8 = 10.15", FITS),
    ("Total = 64 × 2 × 8\n      = 1,024", FITS),
    ("```\nTotal = 64 × 2 × 8\n      = 1,074\n```", WRONG),
    ("```\nTotal GPUs\n  = 16 × 8\n  = 128\n```", FITS),
    ("72 GB = 35 + 25 + 12", FITS),
    ("82 GB = 35 + 25 + 12", WRONG),
]  # fmt: skip

PRINTED = [
    ("34B / 1,024 = 33.2M", FITS),
    ("34B / 1,024 = 36.4M", WRONG),
    ("22.1 / 80 = 27.6%", FITS),
    ("22.1 / 80 = 26.6%", WRONG),
    ("2 / 3 = 0.66", FITS),
    ("2 / 3 = 0.67", FITS),
    ("2 / 3 = 0.7", FITS),
    ("2 / 3 = 0.62", WRONG),
    ("1000 / 7 ≈ 143", FITS),
    ("1000 / 7 ≈ 150", FITS),
    ("1000 / 7 ≈ 190", WRONG),
    ("7 × 68,100 = 476,800", FITS),
    ("7 × 68,100 = 486,800", WRONG),
    ("1000 / 3 = 333", FITS),
    ("1000 / 3 = 334", FITS),
    ("1000 / 3 = 390", WRONG),
    ("~50 × 2 = 105", FITS),
]  # fmt: skip

# One unit of the last printed digit off: whoever wrote it may have computed with numbers that are not on the page.
NEARLY = ["64.0 × 2 × 8 = 1,025", "2.5 × 7.1 = 17.8", "2 / 3 = 0.65", "1/2 × 865 ÷ 3.35 = 128"]

# A value and its working in brackets behind it, a sum and its result.
WORKED = [
    ("72,000 requests in 20 minutes (72 × 1,000 s)", FITS),
    ("73,000 requests in 20 minutes (72 × 1,000 s)", WRONG),
    ("12 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)", FITS),
    ("24 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)", WRONG),
    ("Experts per GPU: 6 (96 experts ÷ 16 GPUs)", FITS),
    ("Experts per GPU: 8 (96 experts ÷ 16 GPUs)", WRONG),
    ("384 expert instances (24 layers × 16 experts)", FITS),
    ("512 expert instances (24 layers × 16 experts)", WRONG),
    ("120 MB (30B ÷ 500 × 2)", FITS),
    ("240 MB (30B ÷ 500 × 2)", WRONG),
    ("64 GPUs (16 nodes × 8 GPUs)", WRONG),
    ("Total: 512 (EP32 × TP4 × PP4)", FITS),
    ("Total: 128 (EP32 × TP4 × PP4)", WRONG),
    ("a rate of 4,096 requests/s (512 requests × 4 ÷ 0.5 s)", FITS),
    ("a rate of 8,192 requests/s (512 requests × 4 ÷ 0.5 s)", WRONG),
    ("0.77 % (490.4MB ÷ 64GB)", FITS),
    ("7.7 % (490.4MB ÷ 64GB)", WRONG),
    ("35 GB + 25 GB + 12 GB (72 GB) in all", FITS),
    ("35 GB + 25 GB + 12 GB (82 GB) in all", WRONG),
    ("35 GB + 25 GB + 12 GB (12.9 GB are 12 GiB)", NONE),
    ("35 GB + 25 GB + 12 GiB (12.9 GB)", FITS),
]  # fmt: skip

# Brackets that describe what stands before them instead of computing it.
DESCRIBED = [
    "2 matrices (1024 hidden × 4096 inner)",
    "an 80GB card (prefill 4 nodes / 32 GPUs)",
    "Atlas 800 (64GB × 16)",
    "3 images (224 × 224)",
    "3 nodes (24 GPUs / 192 cores)",
    "12 layers (4096 hidden / 32 heads)",
    "Qwen 2.5 (7B/32B)",
    "15 (12/18 passed)",
    "120 MB (30B ÷ 128)",
    "2 clusters (3 stages × 2 GPUs each) = 12 GPUs",
    "9 clusters (3 stages × 2 GPUs each)",
    "EP16 (617M/11116GB)",
    "14 links (TP+PP groups)",
]

UNITS = [
    ("30B × 2 bytes = 60 GB", FITS),
    ("30B × 2 bytes = 80 GB", WRONG),
    ("30B × 2 B = 60 GB", FITS),
    ("30B × FP16 = 60 GB", FITS),
    ("30B × FP16 = 30 GB", WRONG),
    ("7B × 2 B = 14 GB", FITS),
    ("7B params × 2 bytes/param = 14 GB", FITS),
    ("512 × 2048 × 4 bytes = 4 MB", FITS),
    ("512 × 2048 × 4 = 4 MB", FITS),
    ("8 × 64 GB = 512 GB", FITS),
    ("8 GPUs × 64 GB = 512 GB", FITS),
    ("8 GPUs × 64 GB = 480 GB", WRONG),
    ("17.6 + 50 + 6 GB = 73.6 GB", FITS),
    ("17.6 + 50 + 6 GB = 83.6 GB", WRONG),
    ("17.6 + 50 GB + 6 = 73.6 GB", FITS),
    ("17.6 + 50 GB + 6 = 67.6 GB", WRONG),
    ("88 MB / 80 GB = 0.11%", FITS),
    ("30MB ÷ 2.4TBps ÷ 0.5 = 25μs", FITS),
    ("30MB ÷ 2.4TBps ÷ 0.5 = 25 ms", WRONG),
    ("256 sequences / 2.048 ms = 125K sequences/sec", FITS),
    ("256 sequences / 2.048 ms = 225K sequences/sec", WRONG),
    ("24 × 50 μs = 1.2 ms", FITS),
    ("2 × 64 × 4096 × 4096 × 4 = 8.6 TFLOPS", WRONG),
    ("2 × 64 × 4096 × 4096 × 4 = 8.6 GFLOPS", FITS),
    ("10 TFLOP / 400 TFLOPS = 25 ms", FITS),
    ("10 TFLOP / 400 TFLOPS = 35 ms", WRONG),
    ("8K × 128 = 1M", FITS),
    ("16K × 2 = 32,768", FITS),
    ("16K × 2 = 32,000", FITS),
    ("16K × 2 = 38,000", WRONG),
    ("60.8 GiB, i.e. 65.3 GB", FITS),
    ("60.8 GiB, i.e. 56.6 GB", WRONG),
    ("400 Gbps = 50 GB/s", FITS),
    ("400 Gbps = 400 GB/s", WRONG),
    ("900 GB/s × 8 = 7.2 Tb/s", FITS),
    ("8 × 400 Gb/s = 3.2 TB/s", WRONG),
    ("400 Gb/s ÷ 8 = 50 GB/s", FITS),
    ("$2.10 × 1,000 h = $2,100", FITS),
    ("48 GPUs × $2.40 × 730 h = $84,096", FITS),
    ("48 GPUs × $2.40 × 730 h = $94,096", WRONG),
    ("2,048 GPUs × 24 h = 49,152 GPU-hours", FITS),
    ("12.5 × 160 k = 2,000 k GPU-hours", FITS),
    ("2.92e8 s ÷ (24 × 60 × 60) = 3,379 days", FITS),
    ("60% of 312 TFLOPS = 187 TFLOPS", FITS),
    ("60% of 312 TFLOPS = 287 TFLOPS", WRONG),
    ("8 cards × 50 tok/s/GPU = 400 tok/s", FITS),
    ("8 GPUs × 50 tok/s/GPU = 400 tok/s per GPU", WRONG),  # what is counted is gone
    ("20 TFLOP/token × 100 tokens/ms = 2,000 TFLOPS", WRONG),
    ("40 GB × 8 = 320", OPEN),
    ("We write 30M rows × 200 B = 6 GB/day", FITS),
    ("We write 30M rows × 200 B = 60 GB/day", WRONG),
    ("cache | 72 − 32.8 − 4 = 35.2 GB", FITS),
    ("cache | 72 − 32.8 − 4 = 39.2 GB", WRONG),
    ("5 requests/s × 3 h = 15 requests", WRONG),
]  # fmt: skip

PROSE = [
    ("and every replica does 1,024 / 8 = 128 micro-batches a step", FITS),
    ("12 layers × 32 experts = 384 experts", FITS),
    ("batch 128 × length 10,240 = 1,310,720 tokens", FITS),
    ("batch 128 × length 10,240 = 1,410,720 tokens", WRONG),
    ("61 % experts + attention 27 % = 88 %", FITS),
    ("61 % experts + attention 27 % = 98 %", WRONG),
    ("2 (TP) × 4 (PP) = 8 GPUs", FITS),
    ("2 (TP) × 4 (PP) = 16 GPUs", WRONG),
    ("TP 4 × PP 8 = 16 GPUs", WRONG),
    ("TP 4 × PP 8 = 32 GPUs", FITS),
    ("DP=3 × TP=4 × PP=8 = 96 GPUs", FITS),
    ("DP=3 × TP=4 × PP=8 = 48 GPUs", WRONG),
    ("8 TP × 4 PP × 3 DP = 64 GPUs", WRONG),
    ("(6.2TFLOPS/2) + (0.25 expert/layer × 2TFLOPS × 24 layers) = 3.1 + 12 = 15.1TFLOPS", FITS),
    ("52.5 B × 4 bytes is 210 GB", FITS),
    ("52.5 B × 4 bytes is 105 GB", WRONG),
    ("52.5 B parameters × 4 bytes amounts to 105 GB", WRONG),
    ("64 routed expert instances × 16 = 1024", FITS),
    ("The model has 80 layers = 80 × 855.65M = 68.45B", FITS),
    ("张量并行 8 × 流水线 4 = 32 卡", FITS),
    ("共 8 × 4 × 2 = 60 卡", WRONG),
    ("$64 \\times 8 = 512$", FITS),
    ("$64 \\times 8 = 522$", WRONG),
    ("$\\frac{1024}{8} = 128$", FITS),
    ("$\\frac{1024}{8} = 138$", WRONG),
    ("$5.76 \\times 10^{23} / 10^{15} = 5.76 \\times 10^{8}$", FITS),
    ("memory = 4 × 12 GB = 48 GB (of 80 GB)", FITS),
    ("weights 141 GB / 8 = 17.6 GB per GPU when TP = 8", FITS),
    ("**Total**: 12 + 30 = 42", FITS),
    ("`12 + 30 = 43`", WRONG),
    ("| a | b |\n|---|---|\n| x | 8 × 8 = 65 |", WRONG),
    ("| part | formula | size |\n|---|---|---|\n| all | 2.156B × 2 B | 4.31 GB |", FITS),
    ("| part | formula | size |\n|---|---|---|\n| all | 2.156B × 2 B | 8.31 GB |", WRONG),
    ("| part | formula | GB |\n|---|---|---|\n| all | 2.156B × 2 B | 8.31 |", WRONG),
]  # fmt: skip

BOUND = [
    ("Let N = 70B and D = 1.5T. Then C = 6ND = 6.3e23.", FITS),
    ("Let N = 70B and D = 1.5T. Then C = 6ND = 6.3e24.", WRONG),
    ("where t = 4, p = 8, d = 3: t·p·d = 96", FITS),
    ("where t = 4, p = 8, d = 3: t·p·d = 64", WRONG),
    ("The batch is B = 768 sequences of S = 4,096 tokens; B × S = 3.1M tokens.", FITS),
    ("The batch is B = 768 sequences of S = 4,096 tokens; B × S = 4.1M tokens.", WRONG),
    ("L = 48 layers, p = 4, L/p = 12", FITS),
    ("L = 48 layers, p = 4, L/p = 16", WRONG),
    ("```\nnodes = 16\ngpus = 8\nworld = nodes * gpus  # 128\n```", FITS),
    ("```\nnodes = 16\ngpus = 8\nworld = nodes * gpus  # 256\n```", WRONG),
    ("```python\nhidden_size = 4096\nsize = 4 * hidden_size ** 2  # 67M\n```", FITS),
    ("```python\nhidden_size = 4096\nsize = 4 * hidden_size ** 2  # 167M\n```", WRONG),
    ("```python\nn = 4\nn = 8\nm = 2 * n  # 16\n```", FITS),  # the last assignment counts
]  # fmt: skip

# Nothing here is an equation that could be wrong: each of these must never be refuted.
INNOCENT = [
    "Cost: 17 × 24 = 400 ± 20",
    "1024 → 512",
    "4 × 124 GB → 124 GB",
    "TP=2, PP=4",
    "EP=64 × TP=2",
    "8 × H100 = one node",
    "4 × 8 × H100 (32 GPUs)",
    "3x + 5 = 20",
    "f(8) = 12",
    "sqrt(64) × 2 = 16",
    "log2(1024) = 10",
    "max(4, 8) × 2 = 16",
    "GPUs 0-15 = stage 0",
    "2024-05-01 - 2024-06-01 = one month",
    "ratio 16:9 = 1.78",
    "version 2.4.1 = latest",
    "a 7B-8B model = small",
    "10-20 × 2 = 40",
    "batch size 8 at rate = 8",
    "64 GB = 8 cards",
    "80 layers = 80 × 855.65M",
    "x86 / 64 = arch",
    "A100-80GB × 8 = a node",
    "0 / 0 = 1",
    "8 / 0 = 8",
    "1e400 × 2 = 3",
    "9**9**9**9 = 1",
    "see 3/4 = page",
    "Top-2 × 64 = router",
    "p99 = 30 ms, p50 = 12 ms",
    "`--tp 8` = 8",
    "8 TB/s = 8 TB/s",
    "a + b = 12, 3 of 12",
    "12 × n = 144",
    "1/2 of the 64 GB = 32 GB",
    "~~8 × 8 = 65~~",
    "Three 3x3 layers give 7x7",
    "TP4/PP1/EP8 = 13",
    "8×7B experts = 47B",
    "262,144 × 10,752 in FP32 = 11 GiB",
    "16 B header + 6 fields = 48 B",
    "2 domains × 18 nodes = 144 GPUs",
    "5,000 nodes / 30 pods = 150,000 pods",
    "5 parameters × 4 values = 4^5",
    "86,400 s ≈ 10^5 s",
    "163 − 1 = 4095",
    "Blocks of 1024×1024 each = 4K tokens",
    "100/84 = 84 %",
    "4 / 3 = +33 %",
    "1/132 = 0.7 %",
    "8K/1K = 850 tokens/s",
    "919/915 is 1.53× over it",
    "12 series a label set; 100 handlers × 5 codes = 6,000 series",
    "hits: 3 in the top 5 / 5 = 0.60",
    "Each chunk has 997 MB; two of them are 2 × 997 = 1.99 GB",
    "$0.004/1,000 = $4 per million",
    "900 GB/s bidirectional: 18 links × 25 GB/s = 900 GB/s",
    "4 losses × 3 folds × 100 epochs = 12 runs",
    "layers 0/1/5 = 5-bit",
    "350 × 2,208 = 773 MWh",
    "Raw data: 128 GB/day. Thirty days: 128 * 30 = ~4 TB",
    "All layers: 96 × 30B = 2.9 TRILLION parameters.",
    "QPS = 130B / 86,400 ≈ 130B / 100K",
    "The copy takes 500 GB x 8 / 10 Gbps = 400 seconds.",
    "At 300 input / 200 output tokens prefill is only ~9% of the time.",
    "Data: 1 TB in 8 data + 4 parity = 1.5 TB",
    "Active: (8 + 1) × 512 hidden = 9 × 2048 → 512 → 2048.",
    "# Bugs found in the draft\n\n8 × 8 = 65",
    "**Previous error**: 8 × 8 = 65",
    "It is not true that 8 × 8 = 65; this is wrong.",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLAIN, ids=[text for text, _ in PLAIN])
def test_plain_arithmetic(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(("text", "expected"), CHAINS, ids=[text for text, _ in CHAINS])
def test_chains_and_several_lines(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(("text", "expected"), PRINTED, ids=[text for text, _ in PRINTED])
def test_printed_digits_stand_for_what_they_were_rounded_from(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(("text", "expected"), WORKED, ids=[text for text, _ in WORKED])
def test_a_bracket_that_computes_the_value_before_it_is_redone(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize("text", DESCRIBED)
def test_a_bracket_that_describes_the_value_before_it_is_no_computation(text: str) -> None:
    assert worst(text) != WRONG


@pytest.mark.parametrize("text", NEARLY)
def test_a_last_digit_is_no_ground_for_a_contradiction(text: str) -> None:
    assert worst(text) != WRONG


@pytest.mark.parametrize(("text", "expected"), UNITS, ids=[text for text, _ in UNITS])
def test_units_are_converted_and_may_be_elided(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(("text", "expected"), PROSE, ids=[text for text, _ in PROSE])
def test_words_around_an_equation_do_not_matter(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(("text", "expected"), BOUND, ids=[text for text, _ in BOUND])
def test_names_stand_for_what_the_page_gives_them(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_no_computation_is_never_refuted(text: str) -> None:
    assert worst(text) != WRONG


@given(st.lists(st.integers(1, 9_999), min_size=2, max_size=5), st.sampled_from(["×", "*", "x", "·", "+"]))
def test_a_true_product_or_sum_of_integers_always_fits(numbers: list[int], sign: str) -> None:
    total = sum(numbers)
    if sign != "+":
        total = 1
        for number in numbers:
            total *= number
    text = f" {sign} ".join(map(str, numbers)) + f" = {total}"
    assert judged(text) == [FITS]


@given(st.integers(61, 9_999), st.integers(61, 9_999), st.integers(2, 40))
def test_a_product_that_is_off_is_refuted(one: int, two: int, percent: int) -> None:
    wrong = int(one * two * (1 + percent / 10)) + 1
    assert judged(f"{one} × {two} = {wrong}") == [WRONG]


@given(st.floats(0.01, 9e6), st.floats(0.01, 9e6), st.integers(0, 4))
def test_a_quotient_printed_with_any_number_of_digits_fits(one: float, two: float, digits: int) -> None:
    """Rounded half up or half even, the printed digits mean the interval around them."""
    left, right = f"{one:.3f}", f"{two:.3f}"
    if float(right) == 0 or float(left) == 0:
        return
    text = f"{left} / {right} = {float(left) / float(right):.{digits}f}"
    assert WRONG not in judged(text)


@pytest.mark.parametrize("result", ["8.46e22 FLOP/s", "8.46e10 TFLOP/s"])
def test_operations_of_so_many_tokens_are_no_rate(result: str) -> None:
    assert worst(f"Work of the run: 6 × 9.4B × 1.5T tokens = {result}.") == WRONG
    assert worst("Work of the run: 6 × 9.4B × 1.5T tokens = 8.46e22 FLOP.") == FITS


def test_percent_behind_a_sum_of_bare_numbers_is_that_of_all() -> None:
    assert worst("The loss is 0.31 + 1.46 + 0.58 = 2.35 %.") == FITS
    assert worst("The loss is 0.31 + 1.46 + 0.58 = 2.53 %.") == WRONG


@pytest.mark.parametrize("begin", ["A block has three", "A block has 3 matrices of", "Three matrices of"])
def test_a_count_right_before_the_first_factor_may_be_one(begin: str) -> None:
    assert worst(f"{begin} 2048 x 5632 = 34,603,008 weights.") != WRONG
    assert worst(f"{begin} 2048 x 5632 = 38,603,008 weights.") == WRONG


@pytest.mark.parametrize("sign", ["x", "×", "*"])
def test_the_sign_of_a_currency_stands_behind_a_sign_of_multiplication(sign: str) -> None:
    assert worst(f"Hosts come to 14 {sign} $265,000 = $3.71 million.") == FITS
    assert worst(f"Hosts come to 14 {sign} $265,000 = $3.17 million.") == WRONG


@pytest.mark.parametrize("result", ["$737 thousand", "$0.737 million", "$737k", "$737,100"])
def test_thousands_and_millions_are_part_of_a_printed_number(result: str) -> None:
    assert worst(f"Oak: 112 × 1,512 h × $4.353 = {result}.") == FITS
    assert worst("Oak: 112 × 1,512 h × $4.353 = $637 thousand.") == WRONG


def test_days_and_hours_of_so_many_cards_are_not_one() -> None:
    assert worst("The run takes 812,160 s = 9.4 days = 86.6k GPU-hours.") == FITS
    assert worst("The run takes 812,160 s = 4.9 days = 86.6k GPU-hours.") == WRONG


def test_bare_kilowatts_and_hours_make_an_energy_in_any_prefix() -> None:
    assert worst("With PUE 1.2 over 8,760 h: 31.5 × 1.2 × 8,760 = 331 MWh, at $0.10 per kWh.") != WRONG


@pytest.mark.parametrize(
    "text",
    [
        "- 3x4 is 4-way tensor parallelism, with 3 groups.",
        "For a square it is `4K / 24 = K/6`.",
        "```python\nprice = 1.75\nhours = 30\ncost = price * hours * 6  # 6 replicas\n```",
        "```python\nweights = [[0.25] * 12]  # 12 weights\n```",
    ],
)
def test_a_mesh_a_symbol_and_a_remark_on_the_last_operand_are_no_computations(text: str) -> None:
    assert worst(text) != WRONG


def test_a_name_with_its_value_is_no_result_of_what_it_is_said_to_reach() -> None:
    assert worst("SPLITS=12 = 128.4 TPS / 98.7 ms; SPLITS=24 = 126.1 TPS / 95.2 ms.") != WRONG
    assert worst("total = 12 = 3 × 5") == WRONG


def test_bare_numbers_may_be_milliseconds_and_a_greek_letter_is_a_factor() -> None:
    assert worst("150 tokens: 180 + 40 × 149 ≈ 6.1 s") != WRONG
    assert worst("```\n12Φ/N + 2Φ\n= 21 + 14 = 35 GB\n```") != WRONG


@pytest.mark.parametrize(
    "text",
    [
        "tail: t₉₉ ≈ ln 100 × 0.4 ≈ 1.84 s",
        "E[R] = Σ_{k=1..8} 1/k ≈ 2.72",
        "Card 0 sits at PCIe 4.0 ×16, card 1 at PCIe 3.0 ×4 ≈ 4 GB/s.",
        '(e.g. "128×6" = 128 experts, 6 of them active).',
        "Decoding is bound by reads (18.4 tok/s = 312/640 = ~49% of the bandwidth).",
        "`bytes`: BF16/FP16 = 2, FP8 = 1.",
        "(old 160 / new 44.8 = 0.28x)",
        "n = ⌊1/e⌋ + 1 (at 1/500, N = 501) is enough.",
    ],
)
def test_functions_versions_pairs_formats_and_what_is_reached_are_no_computations_with_that_result(text: str) -> None:
    assert worst(text) != WRONG


@pytest.mark.parametrize("text", ["The job has 16 × 2 = 16 GPUs.", "Utilisation: 312/640 = 59%.", "The hall has 6 × 24 = 154 racks."])
def test_and_plain_ones_are_held_to_their_result(text: str) -> None:
    assert worst(text) == WRONG


def test_so_many_passes_take_a_time_that_is_not_written() -> None:
    assert worst("The baseline (3 paths × 90 loops) ≈ 25 s; then the sweep.") != WRONG
    assert worst("(4 × 4 × 2 = ~64 cells)") == WRONG


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Live run: 320 × c=5 = 171 in all.", NONE),  # nobody slips from 1,600 to 171: something else is meant
        ("The mesh has 16 × 8 × 4 = 128 ranks.", WRONG),  # a factor was forgotten
        ("Attention: 2 × 96 × 2048 × 2048 = 80.5 GFLOP", WRONG),  # ten to the third, up to binary digits
        ("A row takes 12 × 40 = 28,800 s.", WRONG),  # minutes taken for seconds
    ],
)
def test_a_slip_stays_near_or_forgets_a_factor_or_a_unit(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14.0 GB − 10.0 GB = −4.0 GB", WRONG),
        ("9 - 5 = -4 hosts", WRONG),
        ("10.0 GB − 14.0 GB = −4.0 GB", FITS),
        ("The time goes down: 50 ms − 40 ms = −10 ms", NONE),  # the words tell which way
    ],
)
def test_a_difference_has_its_sign(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.3 × 2000 = 30 % of 2000 = 600", FITS),
        ("0.3 × 2000 = 40 % of 2000", WRONG),
        ("64 × 8 = 512 = 50 % of 1,024", FITS),
        ("30 % of 2,000 = 500", WRONG),
    ],
)
def test_a_share_of_a_bare_number_is_a_product(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 exchanges per layer (1 forward, 2 backward) × 24 layers × 16 micro-batches ≈ 512 GB per card", NONE),
        ("24 layers × 16 micro-batches = 400 GB", NONE),
        ("24 layers × 16 micro-batches = 384 GB", NONE),
        ("4 shards × 90 = 370 GB", WRONG),  # a bare number has the unit of the result
        ("4 × 90 = 370 GB", WRONG),
        ("24 layers × 16 micro-batches = 400 steps", WRONG),
    ],
)
def test_counts_of_things_make_no_bytes(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5 GB + 13.5 GB + 14.5 GB = 42.5 GB", WRONG),  # a gigabyte has one size in a sum of gigabytes
        ("12.5 GB + 13.5 GB + 14.5 GB = 40.5 GB", FITS),
        ("16 GB + 4,096 MB = 20 GB", FITS),
        ("16 GB + 4,000 MB = 20 GB", FITS),
    ],
)
def test_all_amounts_of_an_equation_take_one_reading_of_their_prefix(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Each rack has 9 hosts × 8 cards/host (76 cards).", WRONG),
        ("Each rack has 9 hosts × 8 cards/host (72 cards).", FITS),
        ("Each rack has 9 hosts × 8 cards/host (8 cards each).", NONE),
        ("Each rack has 9 hosts × 8 cards/host (144 cards in total).", NONE),  # how many racks there are is not said
        ("6 × 8 = 48 cards = 25 pairs × 2", WRONG),
        ("6 × 8 = 48 cards = 24 pairs × 2", FITS),
        ("80 layers = 80 × 855.65M", NONE),  # a label
    ],
)
def test_results_in_brackets_behind_counts_and_results_that_are_worked_out_again(text: str, expected: str) -> None:
    assert worst(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Payback: $360,000 / $45,000 = 8 months", FITS),
        ("Payback: $360,000 / $45,000 = 4 months", WRONG),
        ("Backlog: 90 TB / 15 TB = 6 h", FITS),
        ("Backlog: 90 TB / 15 TB = 12 h", WRONG),
        ("Payback: $360,000 / $1,500 = 8 months", FITS),  # so much a day
    ],
)
def test_an_amount_over_another_of_its_unit_lasts_for_so_many_periods(text: str, expected: str) -> None:
    assert worst(text) == expected

"""Computations as documents print them, and what a careful reader says of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.rules.arithmetic import compare, relation_kind, verdict

FITS, WRONG, UNCLEAR, NONE = "fits", "contradicted", "unclear", "no equation"


def judged(text: str) -> list[str]:
    """The verdict on every equation of a text, in reading order."""
    return [verdict(compare(claim.equation)) for claim in extract(parse(text)).equations]


def worst(text: str) -> str:
    """`contradicted` when any equation is, else `fits` when any does, else what is left."""
    found = judged(text)
    return next((each for each in (WRONG, FITS, UNCLEAR) if each in found), NONE)


PLAIN = [
    ("64 × 2 × 8 = 1,024", FITS),
    ("64 × 2 × 8 = 1,124", WRONG),
    ("64 * 2 * 8 = 1024", FITS),
    ("64 x 2 x 8 = 1024", FITS),
    ("64x2x8 = 1014", WRONG),
    ("64 · 16 = 1024", FITS),
    ("1,024 ÷ 8 = 128", FITS),
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
    ("3 × 32 = 100", FITS),
    ("3 × 27 = 100", WRONG),
    ("2 × 480 = 1,000", FITS),
    ("2 × 208 = 500", WRONG),
]

CHAINS = [
    ("2 × 512 = 1,024 = 4 × 256", FITS),
    ("2 × 512 = 1,024 = 4 × 265", WRONG),
    ("64 × 2 = 128 × 8 = 1,024", FITS),
    ("2.15 + 8 = 10.15", FITS),
    ("Total = 64 × 2 × 8\n      = 1,024", FITS),
    ("```\nTotal = 64 × 2 × 8\n      = 1,074\n```", WRONG),
    ("```\nTotal GPUs\n  = 16 × 8\n  = 128\n```", FITS),
]

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
]

# One unit of the last printed digit off: whoever wrote it may have multiplied numbers that are not on the page.
NEARLY = ["64.0 × 2 × 8 = 1,025", "1024/8 = 127", "2.5 × 7.1 = 17.8", "2 / 3 = 0.65"]

# A value and its working in brackets behind it.
WORKED = [
    ("12 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)", FITS),
    ("24 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)", WRONG),
    ("Experts per GPU: 6 (96 experts ÷ 16 GPUs)", FITS),
    ("Experts per GPU: 8 (96 experts ÷ 16 GPUs)", WRONG),
    ("384 expert instances (24 layers × 16 experts)", FITS),
    ("512 expert instances (24 layers × 16 experts)", WRONG),
    ("120 MB (30B ÷ 500 × 2)", FITS),
    ("240 MB (30B ÷ 500 × 2)", WRONG),
    ("64 GPUs (16 nodes × 8 GPUs)", WRONG),
]
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
]

UNITS = [
    ("30B × 2 bytes = 60 GB", FITS),
    ("30B × 2 bytes = 80 GB", WRONG),
    ("30B × 2 B = 60 GB", FITS),
    ("7B × 2 B = 14 GB", FITS),
    ("70B × 2 B = 140 GB", FITS),
    ("7B params × 2 bytes/param = 14 GB", FITS),
    ("512 × 2048 × 4 bytes = 4 MB", FITS),
    ("512 × 2048 × 4 = 4 MB", FITS),
    ("8 × 64 GB = 512 GB", FITS),
    ("8 GPUs × 64 GB = 512 GB", FITS),
    ("8 GPUs × 64 GB = 480 GB", WRONG),
    ("17.6 + 50 + 6 GB = 73.6 GB", FITS),
    ("17.6 + 50 + 6 GB = 83.6 GB", WRONG),
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
    ("$2.10 × 1,000 h = $2,100", FITS),
    ("2,048 GPUs × 24 h = 49,152 GPU-hours", FITS),
    ("2.92e8 s ÷ (24 × 60 × 60) = 3,379 days", FITS),
    ("60% of 312 TFLOPS = 187 TFLOPS", FITS),
    ("60% of 312 TFLOPS = 287 TFLOPS", WRONG),
    ("40 GB × 8 = 320", UNCLEAR),
]

PROSE = [
    ("and every replica does 1,024 / 8 = 128 micro-batches a step", FITS),
    ("12 layers × 32 experts = 384 experts", FITS),
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
    ("张量并行 8 × 流水线 4 = 32 卡", NONE),
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
]

# Nothing here is an equation that could be wrong: each of these must never be called contradicted.
INNOCENT = [
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
    "5 = five",
    "0 / 0 = 1",
    "8 / 0 = 8",
    "1e400 × 2 = 3",
    "9**9**9**9 = 1",
    "see 3/4 = page",
    "Top-2 × 64 = router",
    "n = 8, m = 4, n × m = 32",
    "p99 = 30 ms, p50 = 12 ms",
    "`--tp 8` = 8",
    "99.9% = three nines",
    "5 % + 10 %",
    "8 TB/s = 8 TB/s",
    "a + b = 12, 3 of 12",
    "12 × n = 144",
    "1/2 of the 64 GB = 32 GB",
    "27 of 32 = most",
    "~~8 × 8 = 65~~",
]


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


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_no_computation_is_never_contradicted(text: str) -> None:
    import stratlint

    assert stratlint.check(text).errors == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("8 × 8 = 64", "product"),
        ("64 / 8 = 8", "quotient"),
        ("8 + 8 = 16", "sum"),
        ("8 - 8 = 0", "difference"),
        ("8 / 16 = 50%", "percentage"),
        ("8 GiB, i.e. 8.6 GB", "conversion"),
        ("64 = 8 × 8", "product"),
    ],
)
def test_an_equation_is_named_by_what_it_does(text: str, kind: str) -> None:
    (claim,) = extract(parse(text)).equations
    assert relation_kind(claim.equation) == kind


@given(st.lists(st.integers(1, 9_999), min_size=2, max_size=5), st.sampled_from(["×", "*", "x", "·", "+"]))
def test_a_true_product_or_sum_of_integers_always_fits(numbers: list[int], sign: str) -> None:
    total = sum(numbers)
    if sign != "+":
        total = 1
        for number in numbers:
            total *= number
    text = f" {sign} ".join(map(str, numbers)) + f" = {total}"
    assert judged(text) == [FITS]


@given(st.integers(2, 9_999), st.integers(2, 9_999), st.integers(2, 40))
def test_a_product_that_is_far_off_is_contradicted(one: int, two: int, percent: int) -> None:
    wrong = int(one * two * (1 + percent / 10)) + 1
    wrong += 3 if wrong % 10 == 0 else 0  # a result that ends in zeros may have been rounded to them
    assert judged(f"{one} × {two} = {wrong}") == [WRONG]


@given(st.floats(0.01, 9e6), st.floats(0.01, 9e6), st.integers(0, 4))
def test_a_quotient_printed_with_any_number_of_digits_fits(one: float, two: float, digits: int) -> None:
    """Rounded half up or half even, the printed digits mean the interval around them."""
    left, right = f"{one:.3f}", f"{two:.3f}"
    if float(right) == 0 or float(left) == 0:
        return
    text = f"{left} / {right} = {float(left) / float(right):.{digits}f}"
    assert WRONG not in judged(text)

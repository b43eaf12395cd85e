"""Computations that go on: behind a comma, in the next line of a fence, in the comments of a program; shares before them."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws.book import proposals
from stratlint.laws.judge import Outcome, judge
from stratlint.meaning.page import page_of


def refuted(text: str) -> list[str]:
    """What any law of the book refutes."""
    page = page_of(extract(parse(text, "x.md")))
    judged = [judge(each, page.binary) for each in proposals(page) if each.asserted]
    return sorted({each.proposal.claim.amount.text for each in judged if each.outcome is Outcome.REFUTED})


FENCE = "```\n{}\n```\n"
CODE = "```python\n{}\n```\n"


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        ("Prefill runs at 40 % of 4 × 900 TFLOPS = {}.", "1,440 TFLOPS", "1,840 TFLOPS"),
        ("The pass needs 600 TFLOP at 50 % of 4 × 300 = {}.", "600 TFLOPS", "660 TFLOPS"),
        ("The read runs at 0.80 of 3.35 TB/s = {}.", "2.68 TB/s", "2.28 TB/s"),
        ("A quarter of them: 25 % of 8 × 16 = {} cards.", "128", "96"),  # the whole may be what is computed
        ("Weights 40.0 GB + cache 50 × 2,000 × 100,000 B = {}.", "10.0 GB", "30.0 GB"),
        ("It costs $18 × 730 = $13,140 per month, × 12 = {} per year.", "$157,680", "$175,680"),
        (FENCE.format("exchange   41.9 MB / 50 GB/s = 0.838 ms\n           x 2 (there, back) x 94 = {}"), "157.5 ms", "187.5 ms"),
        (FENCE.format("read = weights 41.5 - embedding table 2.1 + KV 18.6 = {} GB"), "58.0", "68.0"),
        (FENCE.format("free: capacity 80 GB - weights 34.5 GB - cache 21.2 GB = {}"), "24.3 GB", "34.3 GB"),
        (FENCE.format("cards = 4 × 8 = 32\n× 16 layers = {}"), "512", "544"),
        (CODE.format("s, h, V = 2048, 4096, 65536\nlogits = 4 * s * V      # {}, fp32"), "0.537 GB", "0.82 GB"),
        (CODE.format("total = 200e9\nstep_tokens = 512 * 8192  # 4,194,304\nsteps = total / step_tokens  # -> {}"), "47,684", "57,684"),
        (CODE.format("w = 405.9 / 8  # 50.74 GB\nkv = 0.9 * 141 - w - 5.0     # {}"), "71.16 GB", "81.16 GB"),
        ("98,304 / CP4 = {} tokens per rank", "24,576", "16,384"),
        ("$$2 \\times 40 \\times 8 \\times b = {}\\,b$$ with $b = 2$", "640", "740"),
        ("Skew: 1,845 / 1,500 = **{} ×** (cap 1.40 ×)", "1.23", "1.32"),
    ],
)  # fmt: skip
def test_what_goes_on_is_computed_as_a_whole(page: str, right: str, wrong: str) -> None:
    assert refuted(page.replace("{}", right)) == []
    assert [found for found in refuted(page.replace("{}", wrong)) if wrong in found]


@pytest.mark.parametrize(
    "page",
    [
        FENCE.format("weights of a rank\n    x 2 x 94 = 187.5 ms"),  # goes on with what no line states
        CODE.format("w = 4 * 4  # 2 GPUs, each with two"),
        CODE.format("share = 0.9 * total - w - 5.0   # 71.16 GB"),
        "interleaved, v = 5 (4 − 1) / (5·32 + 4 − 1) = 1.8 %",
        "| Item | GB |\n|---|---|\n| Slots: 9 × 58 × 44.04 MB | 23.0 |\n",
        "$$2 \\times 40 \\times b = 80\\,b$$ with $b = 2$",
    ],
)
def test_half_of_a_computation_is_none(page: str) -> None:
    assert refuted(page) == []


@pytest.mark.parametrize(
    "page",
    [
        "bs=4 seq=2048 + bs=8 seq=1024 both fit",
        "The backward takes 263 ms = 7 × the 36 ms of the forward.",
        "It fell 614.6 → 549.0 ms (-65.6 ms / 3-step window).",
        "Speedup = 1 + 0.8/15 = 1.053 → 5.3% more",
        "600 MiB + 600 MiB = 1.2 GiB/layer × 32 layers ≈ 38 GiB",
        "At 85% utilisation on 5 × 48 GB = 204 GB we are full.",
    ],
)
def test_settings_ratios_changes_and_factors_are_no_results(page: str) -> None:
    assert refuted(page) == []


def test_a_dash_of_prose_may_be_a_minus_or_part_two_notes() -> None:
    assert refuted("The rest: weights 41.5 - embedding table 2.1 + cache 18.6 = 58.0 GB.") == []
    assert refuted("H100, 80 GB - weights 41.5 + cache 18.6 = 60.1 GB.") == []

"""Which computations a page writes out, whatever words stand around them, and what is none."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.meaning.page import page_of
from stratlint.meaning.proposal import Expression, Use
from stratlint.meaning.written import Equation

WAYS = [
    ("64 × 2 = 128", ["(64 × 2) = 128"]),
    ("64 × 2 × 8 = 1,024", ["((64 × 2) × 8) = 1,024"]),
    ("2 + 3 × 4 = 14", ["(2 + (3 × 4)) = 14"]),
    ("(2 + 3) × 4 = 20", ["((2 + 3) × 4) = 20"]),
    ("100 - 20 - 30 = 50", ["((100 - 20) - 30) = 50"]),
    ("2(8 - 1) = 14", ["(2 × (8 - 1)) = 14"]),
    ("96 / 4 ÷ 2 = 12", ["((96 / 4) / 2) = 12"]),
    ("2 × 512 = 1,024 = 4 × 256", ["(2 × 512) = 1,024", "1,024 = (4 × 256)"]),
    ("2 x 3 ** 2 = 18", ["(2 × (3 ^ 2)) = 18"]),
    ("and every replica does 1,024 / 8 = 128 micro-batches a step", ["(1,024 / 8) = 128 micro-batches"]),
    ("Ratio = 512 ÷ 256 = 2.0 (as planned)", ["(512 / 256) = 2.0"]),
    ("52.5 B × 4 bytes is 210 GB", ["(52.5 B × 4 bytes) is 210 GB"]),
    ("52.5 B × 4 bytes amounts to 210 GB", ["(52.5 B × 4 bytes) is 210 GB"]),
    ("60% of 312 TFLOPS = 187 TFLOPS", ["(60% × 312 TFLOPS) = 187 TFLOPS"]),
    ("60.8 GiB, i.e. 65.3 GB", ["60.8 GiB i.e. 65.3 GB"]),
    ("5 \\* 4 = 20", ["(5 × 4) = 20"]),
    ("14 × 10³ × 10⁴ = 1.4 × 10⁸", ["(14 × 10³ × 10⁴) = 1.4 × 10⁸"]),
    ("1.5 × 10¹² × 2 = 3 × 10¹²", ["(1.5 × 10¹² × 2) = 3 × 10¹²"]),
    ("a throughput change of 12 / 16 = −25 %", ["(12 / 16) = −25 %"]),
]  # fmt: skip

# Words, axes and formats between the operands.
AMONG_WORDS = [
    ("batch 128 × length 10,240 = 1,310,720 tokens", ["(128 × 10,240) = 1,310,720 tokens"]),
    ("61 % experts + attention 27 % = 88 %", ["(61 % + 27 %) = 88 %"]),
    ("80 layers × 2 bytes × hidden 4,096 = 655,360 bytes", ["((80 layers × 2 bytes) × 4,096) = 655,360 bytes"]),
    ("2 (TP) × 4 (PP) = 8", ["(2 × 4) = 8"]),
    ("TP 4 × PP 8 = 32 GPUs", ["(4 × 8) = 32 GPUs"]),
    ("EP64 × TP2 = 128", ["(64 × 2) = 128"]),
    ("96 ÷ TP=4 = 24", ["(96 / 4) = 24"]),
    ("32 × seq=2,048 = 65,536", ["(32 × 2,048) = 65,536"]),
    ("70B × FP16 = 140 GB", ["(70B × 2 bytes (FP16)) = 140 GB"]),
    ("per layer 4 × 512 = 2,048", ["(4 × 512) = 2,048"]),
    ("360 GB of tables / 5 cards = 72 GB", ["(360 GB / 5 cards) = 72 GB"]),
    ("(48 − 16) GB × 2 = 64 GB", ["(((48 - 16) × GB) × 2) = 64 GB"]),
]  # fmt: skip

# Results in brackets, before their sum, in the next cell, in a comment, over several lines.
ELSEWHERE = [
    ("Rate: 8,000 seq/s (512 × 32 ÷ 2.048 s)", ["((512 × 32) / 2.048 s) (…) 8,000 seq/s"]),
    ("0.77 % (490.4MB ÷ 64GB)", ["(490.4MB / 64GB) (…) 0.77 %"]),
    ("12 sequences (384 total ÷ 4 DP ÷ 8 micro-batches)", ["((384 / 4) / 8 micro-batches) (…) 12 sequences"]),
    ("GPUs: 2,048 (EP64 × TP8 × PP2 × DP2)", ["(((64 × 8) × 2) × 2) (…) 2,048"]),
    ("35 GB + 25 GB + 12 GB (72 GB)", ["((35 GB + 25 GB) + 12 GB) (…) 72 GB"]),
    ("24 × 2 GB (= 48 GB) on each host", ["(24 × 2 GB) = 48 GB"]),
    ("72 GB = 35 + 25 + 12", ["72 GB = ((35 + 25) + 12)"]),
    ("Total = 64 × 2 × 8\n      = 1,024", ["((64 × 2) × 8) = 1,024"]),
    ("```\nTotal GPUs\n  = 16 × 8\n  = 128\n```", ["(16 × 8) = 128"]),
    ("$\\frac{12\\,\\text{GB}}{8} \\times 2 = 3\\,\\text{GB}$", ["((12 GB / 8) × 2) = 3 GB"]),
    ("| part | formula | size |\n|---|---|---|\n| all | 2.156B × 2 B | 4.31 GB |", ["(2.156B × 2 B) | 4.31 GB"]),
    ("| a | 8 × 8 = 64 |\n|---|---|\n| 2 × 2 = 4 | |", ["(8 × 8) = 64", "(2 × 2) = 4"]),
]  # fmt: skip

# Names that the page gives an amount.
BOUND = [
    ("Let N = 70B and D = 2T. Then C = 6ND = 8.4e23.", ["(6 × (70B × 2T)) = 8.4e23"]),
    ("With t = 4, p = 8 and d = 3 we need t·p·d = 96 cards.", ["((4 × 8) × 3) = 96 cards"]),
    ("where L = 48 layers and p = 4\n\nL/p = 12", ["(48 layers / 4) = 12"]),
    ("```\nnodes = 16\ngpus = 8\nworld = nodes * gpus  # 128\n```", ["(16 × 8) # 128"]),
    ("```python\nhidden_size = 4096\nparams = 12 * hidden_size ** 2  # 201M\n```", ["(12 × (4096 ^ 2)) # 201M"]),
    ("hidden_size = 4096\n\nThere are 12 × hidden_size = 49,152 of them.", ["(12 × 4096) = 49,152"]),
]  # fmt: skip

NONE = [
    "3x + 5 = 20",  # algebra
    "1280-530x2 = 220",  # a hyphen that may be a minus or a range
    "sqrt(64) × 2 = 16",  # the bracket is an argument
    "log2(1024) × 2 = 20",
    "batch of 8 at rate = 8",  # the number belongs to another phrase
    "80 layers = 80 × 855.65M",  # a label, no result
    "TP=8, PP=4",  # bindings
    "64 GB = 8 cards",
    "√16 × 2 = 8",
    "8 × H100 = a node",
    "TP4/PP1/EP8 = 32",  # a list
    "from 4 ~ 8 = fine",
    "checked on 2024-05-01, 12:30 = noon",
    "617M/11116GB",
    "a 7B-8B model = small",
    "Three convolutions of 3x3 cover 7 pixels",
    "TP × PP = 8 × 4 with TP = 8 and PP = 4",  # a formula and its numbers
    "Here n = 3 and b = 2; then n * b = 3 * 2 + 2.",
    "N = 8 in one test.\n\nN = 16 in another one.\n\nThen 4N = 32.",  # a name of two amounts
    "`--tp 8` = 8",
    "104 857 600 / 2 = 52",  # groups of digits that were not read
    "rows of 6 bits + 4 bits = on average 5 bits",
    "2 clusters (3 stages × 2 GPUs each) = 12 GPUs",
    "64 GB left (TP+PP links)",
]


def shown(expression: Expression) -> str:
    if isinstance(expression, Use):
        return " ".join(expression.amount.text.split())
    return f"({shown(expression.left)} {expression.operator} {shown(expression.right)})"


def equations(text: str) -> tuple[Equation, ...]:
    return page_of(extract(parse(text))).equations


def read(text: str) -> list[str]:
    return [f"{shown(each.left)} {each.sign.value} {shown(each.right)}" for each in equations(text)]


@pytest.mark.parametrize(("text", "found"), WAYS, ids=[text for text, _ in WAYS])
def test_operands_and_their_order(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(("text", "found"), AMONG_WORDS, ids=[text for text, _ in AMONG_WORDS])
def test_words_axes_and_formats_between_operands_are_skipped(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(("text", "found"), ELSEWHERE, ids=[text for text, _ in ELSEWHERE])
def test_a_result_may_stand_before_in_brackets_in_a_cell_or_a_comment(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(("text", "found"), BOUND, ids=[text for text, _ in BOUND])
def test_names_that_the_page_binds_stand_for_their_amounts(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_equation(text: str) -> None:
    assert read(text) == []


def test_shell_commands_and_configuration_hold_bindings_not_equations() -> None:
    assert read("```bash\nrun --a 8 * 8 = 65\n```\n\n```yaml\na: 8 * 8 = 65\n```") == []


def test_program_text_claims_only_what_its_comments_state() -> None:
    assert read("```python\nx = 8 * 8 == 65\n```") == []
    assert read("```python\nx = 8 * 8  # 65\n```") == ["(8 × 8) # 65"]
    assert read("```python\nx = 8 * 8  # 8 cards in each of 8 hosts\n```") == []


def test_a_letter_is_bound_where_it_is_told_not_in_another_section() -> None:
    page = "# One\n\n## A\n\nn = 4\n\n## B\n\n2n = 12 apples\n"
    assert read(page) == []
    assert read(page.replace("n = 4", "Let n = 4")) == ["(2 × 4) = 12"]


@pytest.mark.parametrize("text", ["~~8 × 8 = 65~~", "**Claimed**: 8 × 8 = 65", "8 × 8 = 65 is wrong.", "# Errors found\n\n8 × 8 = 65"])
def test_what_the_page_calls_a_mistake_is_not_asserted(text: str) -> None:
    assert [each.asserted for each in equations(text)] == [False]


def test_a_line_that_is_corrected_by_the_next_is_not_asserted() -> None:
    assert [each.asserted for each in equations("- Now: 16 × 8 = 100\n- Should be: 16 × 8 = 128\n")] == [False, True]
    assert [each.asserted for each in equations("- Racks: 16 × 8 = 128\n- Hosts: 2 × 8 = 16\n")] == [True, True]


@pytest.mark.parametrize("text", ["For example, 8 × 8 = 64.", "# Error budget\n\n8 × 8 = 64", "Suppose 8 hosts: 8 × 8 = 64 cards."])
def test_an_example_is_still_arithmetic(text: str) -> None:
    assert [each.asserted for each in equations(text)] == [True]


def test_operands_know_their_place_and_their_name() -> None:
    text = "- uses **big** 8 hosts × 4 cards = 32 cards\n"
    (found,) = equations(text)
    assert isinstance(found.right, Use)
    assert found.right.place is not None
    assert text[found.right.place.span.start : found.right.place.span.end] == "32 cards"
    assert found.right.role == "device"

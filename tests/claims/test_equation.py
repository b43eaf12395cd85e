"""Which operands belong to an equation, whatever words stand around it."""

from __future__ import annotations

import pytest

from stratlint.claims.claim import EquationClaim
from stratlint.claims.equation import Expression, Operand
from stratlint.claims.extract import extract
from stratlint.document import parse


def shown(expression: Expression) -> str:
    if isinstance(expression, Operand):
        quantity = expression.quantity
        return f"{quantity.number.value:g}{quantity.magnitude_text} {quantity.unit_text}".rstrip()
    return f"({shown(expression.left)} {expression.operator} {shown(expression.right)})"


def equations(text: str) -> list[str]:
    return [f"{shown(c.equation.left)} {c.equation.relation} {shown(c.equation.right)}" for c in claims(text)]


def claims(text: str) -> tuple[EquationClaim, ...]:
    return extract(parse(text)).equations


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("64 × 2 = 128", ["(64 × 2) = 128"]),
        ("and every replica does 1,024 / 8 = 128 micro-batches a step", ["(1024 / 8) = 128 micro-batches"]),
        ("64 × 2 × 8 = 1,024", ["((64 × 2) × 8) = 1024"]),
        ("2 + 3 × 4 = 14", ["(2 + (3 × 4)) = 14"]),
        ("(2 + 3) × 4 = 20", ["((2 + 3) × 4) = 20"]),
        ("100 - 20 - 30 = 50", ["((100 - 20) - 30) = 50"]),
        ("2(8 - 1) = 14", ["(2 × (8 - 1)) = 14"]),
        ("2 (TP) × 4 (PP) = 8", ["(2 × 4) = 8"]),
        ("2 × 512 = 1,024 = 4 × 256", ["(2 × 512) = 1024", "1024 = (4 × 256)"]),
        ("60% of 312 TFLOPS = 187 TFLOPS", ["(60 % × 312 TFLOPS) = 187 TFLOPS"]),
        ("60.8 GiB, i.e. 65.3 GB", ["60.8 GiB i.e. 65.3 GB"]),
        ("Ratio = 512 ÷ 256 = 2.0 (as planned)", ["(512 / 256) = 2"]),
        ("52.5 B × 4 bytes is 210 GB", ["(52.5B × 4 bytes) is 210 GB"]),
        (r"$\frac{1024}{8} = 128$", ["(1024 / 8) = 128"]),
        (r"$\frac{12\,\text{GB}}{8} \times 2 = 3\,\text{GB}$", ["((12 GB / 8) × 2) = 3 GB"]),
        ("| a | 8 × 8 = 64 |\n|---|---|\n| 2 × 2 = 4 | |", ["(8 × 8) = 64", "(2 × 2) = 4"]),
    ],
)  # fmt: skip
def test_operands_and_their_order(text: str, read: list[str]) -> None:
    assert equations(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "3x + 5 = 20",  # algebra
        "1280-530x2 = 220",  # a hyphen that may be a minus or a range
        "sqrt(64) × 2 = 16",  # the bracket is an argument
        "log2(1024) × 2 = 20",
        "batch 8 at rate = 8",  # the number belongs to another phrase
        "80 layers = 80 × 855.65M",  # a label, no result
        "TP=8, PP=4",  # bindings
        "64 GB = 8 cards",
        "√16 × 2 = 8",
        "8 × H100 = a node",
    ],
)
def test_what_is_no_equation(text: str) -> None:
    assert equations(text) == []


def test_shell_commands_and_configuration_hold_bindings_not_equations() -> None:
    assert equations("```bash\nrun --a 8 * 8 = 65\n```\n\n```yaml\na: 8 * 8 = 65\n```") == []


def test_program_text_makes_no_claims() -> None:
    assert extract(parse("```python\nx = 8 * 8 == 65\n```")).numbers == ()


def test_struck_and_reported_equations_are_quoted() -> None:
    (struck,) = claims("~~8 × 8 = 65~~")
    (reported,) = claims('The draft claimed "each node has 8 × 8 = 65 cards".')
    assert struck.quoted
    assert reported.quoted


def test_an_equation_knows_its_place_in_the_source() -> None:
    text = "# T\r\n\r\n- a **b** 8 × 8 = 64 GPUs\r\n"
    (claim,) = claims(text)
    assert text[claim.span.start : claim.span.end].startswith("8 × 8 = 64")


def test_every_member_of_an_equation_is_a_number_of_the_document() -> None:
    found = extract(parse("Each holds 4 × 8 = 32 of 64, and 3 + 4 = 7."))
    texts = [[found.numbers[index].text.strip() for index in claim.numbers] for claim in found.equations]
    assert [[text.split()[0] for text in each] for each in texts] == [["4", "8", "32"], ["3", "4", "7"]]

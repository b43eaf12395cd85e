"""What a transcribed claim and expression say."""

from __future__ import annotations

import pytest

from stratlint.claims.equation import Expression, Operand, operands
from stratlint.meaning.transcription import TranscriptionError, read_arithmetic, read_claim


def shown(expression: Expression) -> str:
    """An expression with all its brackets."""
    if isinstance(expression, Operand):
        return expression.quantity.text
    return f"({shown(expression.left)} {expression.operator} {shown(expression.right)})"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("81.3 GB", 81.3, "GB"),
        ("+7.4 %", 7.4, "%"),
        ("−12 ms", -12.0, "ms"),
        ("64-chip", 64.0, "chip"),
        ("eight", 8.0, ""),
        ("Twenty-four hosts", 24.0, "hosts"),
        ("EP32", 32.0, ""),
        ("80%+", 80.0, "%"),
        ("16 transformer layers", 16.0, ""),
        ("8.28e21 FLOPs", 8.28e21, "FLOPs"),
        ("8×", 8.0, ""),
    ],
)
def test_a_claim_is_one_amount(text: str, value: float, unit: str) -> None:
    quantity = read_claim(text)
    assert (quantity.number.value, quantity.unit_text) == (value, unit)


@pytest.mark.parametrize("text", ["", "many", "3 of 4", "14:02", "2 × 8", "3 h 20 min"])
def test_what_is_not_one_number_is_no_claim(text: str) -> None:
    with pytest.raises(TranscriptionError):
        read_claim(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 × 3 + 4", "((2 × 3) + 4)"),
        ("24 × (3 h + 20 min)", "(24 × (3 h + 20 min))"),
        ("100 − 20 − 5", "((100 - 20) - 5)"),
        ("64 / 8 / 2", "((64 / 8) / 2)"),
        ("(8-1) ÷ 8", "((8 - 1) / 8)"),
        ("60 % of 312 TFLOPS", "(60 % × 312 TFLOPS)"),
        ("three hosts × 8 cards", "(3 hosts × 8 cards)"),
        ("half × 64", "(0.5 × 64)"),
        ("400 Gb/s ÷ 8 bits per byte", "(400 Gb/s / 8 bits)"),
        ("−3 + 5", "((0 - 3) + 5)"),
        ("3.2 Tb/s", "3.2 Tb/s"),
    ],
)
def test_arithmetic_binds_as_usual(text: str, expected: str) -> None:
    assert shown(read_arithmetic(text)) == expected


@pytest.mark.parametrize("text", ["", "+", "a × b", "3 = 3", "2 × 8 16", "1, 2", "5 × (", "×" * 400, "1 + " * 700 + "1"])
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(TranscriptionError):
        read_arithmetic(text)


def test_the_numbers_of_an_expression_come_in_reading_order() -> None:
    assert [q.number.value for q in operands(read_arithmetic("1 + 2 × (3 − 4)"))] == [1, 2, 3, 4]

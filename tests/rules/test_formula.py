"""The language of rules: parsed, checked dimensionally, evaluated so that no admissible value is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.claims.interval import Interval, exactly
from stratlint.claims.units import registry
from stratlint.rules.formula import (
    FormulaError,
    check_dimensions,
    computed_side,
    evaluate,
    holds,
    parse_formula,
    render,
)

VALUES = {"a": exactly(12), "b": exactly(5), "x": Interval(2, 3), "zero": exactly(0)}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a + b", 17), ("a - b", 7), ("a * b", 60), ("a / b", 2.4), ("a % b", 2), ("b ^ 2", 25), ("-a + b", -7),
        ("a + b * 2", 22),
        ("(a + b) * 2", 34), ("a / b / 2", 1.2), ("a - b - 1", 6), ("ceil(a / b)", 3), ("floor(a / b)", 2),
        ("min(a, b)", 5),
        ("max(a, b, 20)", 20), ("abs(b - a)", 7), ("1e3 * 2.5", 2500), ("2 * b ^ 2", 50),
    ],
)  # fmt: skip
def test_arithmetic(source: str, value: float) -> None:
    assert evaluate(parse_formula(source).root, VALUES).middle == pytest.approx(value)


@pytest.mark.parametrize(
    ("source", "true"),
    [
        ("a == 12", True), ("a == 13", False), ("a != b", True), ("a > b", True), ("a < b", False), ("a >= 12", True),
        ("a <= 11", False),
        ("x == 2.5", True), ("x == 4", False), ("x > 2.9", True), ("x < 2", False), ("not a == b", True),
        ("a == b or a == 12", True), ("a == 12 and b == 6", False), ("a % 4 == 0", True), ("a % b == 0", False),
        ("x % 2 == 0", True),  # an inexact number may well divide
        ("a == 1 or b == 5 and a == 12", True),
    ],
)  # fmt: skip
def test_a_condition_holds_when_some_value_of_its_intervals_satisfies_it(source: str, true: bool) -> None:
    assert holds(parse_formula(source).root, VALUES) is true


@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 99), st.sampled_from(["+", "-", "*", "/"]))
def test_formulas_agree_with_python(one: int, two: int, three: int, sign: str) -> None:
    source = f"{one} {sign} {two} * {three}"
    assert evaluate(parse_formula(source).root, {}).middle == pytest.approx(eval(source))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "a +",
        "a b",
        "a ** b",
        "a = b",
        "f(a)",
        "__import__('os')",
        "a.b",
        "a[0]",
        "lambda: 1",
        "1 == 2 == 3",
        "a; b",
        "'text'",
        "a if b else 1",
    ],
)
def test_what_is_no_formula_is_refused_with_its_text(source: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(source)


def test_dividing_by_zero_and_unknown_names_raise() -> None:
    with pytest.raises(ZeroDivisionError):
        evaluate(parse_formula("a / zero").root, VALUES)
    with pytest.raises(KeyError):
        evaluate(parse_formula("unknown").root, VALUES)


@pytest.mark.parametrize(
    ("source", "ok"),
    [
        ("bytes == count * per", True),
        ("bytes == count", False),
        ("bytes / rate == seconds", True),
        ("bytes / rate == bytes", False),
        ("bytes + per == bytes", True),
        ("bytes + count == bytes", False),
        ("min(bytes, per) == bytes", True),
        ("ceil(count / 8) == count", True),
        ("bytes >= 0", True),
        ("count > 1 and bytes == per", True),
        ("unknown == 1", False),
    ],
)
def test_dimensions_are_checked_with_pint(source: str, ok: bool) -> None:
    dimensions = {"bytes": "byte", "per": "byte", "count": "", "rate": "byte/second", "seconds": "second"}
    formula = parse_formula(source)
    if ok:
        check_dimensions(formula, dimensions, registry())
    else:
        with pytest.raises(FormulaError):
            check_dimensions(formula, dimensions, registry())


def test_a_formula_is_shown_with_its_numbers_and_only_needed_brackets() -> None:
    texts = {"a": "12", "b": "5"}
    assert render(parse_formula("a * (b + 1)").root, texts) == "12 × (5 + 1)"
    assert render(parse_formula("(a * b) + 1").root, texts) == "12 × 5 + 1"
    assert render(parse_formula("a / (b / 2)").root, texts) == "12 ÷ (5 ÷ 2)"
    assert render(parse_formula("a <= ceil(b)").root, texts) == "12 ≤ ceil(5)"


def test_the_computed_side_of_a_condition() -> None:
    side, _ = computed_side(parse_formula("a == b * 2 and b > 1"))
    assert side is not None
    assert evaluate(side, VALUES).middle == 10
    assert parse_formula("a + b").variables == {"a", "b"}

"""Values and expressions as a person would print them."""

from __future__ import annotations

import math

from stratlint.claims.amount import Amount
from stratlint.claims.units import load_lexicon
from stratlint.meaning.proposal import Expression, Use

_LARGE = 1e15
_LONG = 1e7
_THOUSAND = 1000.0
_WHOLE = 1e-9
_SMALLEST = 0.05
_PREFIXES = "kMGTPE"
# Digits of a figure that does not end: those that the page prints, within these.
_FEWEST, _MOST = 3, 6


def number_text(value: float, digits: int = 4) -> str:
    """A value with separators for large integers, a few significant digits otherwise."""
    if not math.isfinite(value):
        return str(value)
    if abs(value - round(value)) < _WHOLE * max(1.0, abs(value)) and abs(value) < _LARGE:
        return f"{round(value):,}"
    if abs(value) >= _THOUSAND:
        whole = len(str(int(abs(value))))
        if abs(value) < _LONG:
            return f"{value:,.{max(1, digits - whole)}f}"
    return f"{value:.{digits}g}".replace("e+", "e")


def in_unit_of(amount: Amount, value: float, factor: float, digits: int = 0) -> str:
    """*value* (base units) in the unit in which *amount* is printed, of *factor* base units, to so many digits; 0: to those of *amount*."""
    if not factor or not math.isfinite(value / factor):
        return number_text(value)
    unit, size = _readable(amount.unit_text, value / factor)
    figure = number_text(size, digits) if digits else _as_precise(amount, size, same_unit=unit == amount.unit_text)
    if amount.sign:
        return _priced(amount.sign, figure, unit)
    if unit.startswith("$") and "$" not in amount.text:
        return f"${figure}{unit.removeprefix('$')}"  # a column of dollars
    if amount.multiple:
        return f"{figure}×"
    if not unit:
        return figure
    glued = unit in ("%", "K", "k", "M", "B", "T")
    return f"{figure}{'' if glued and unit != '%' else ' '}{unit}"


def _as_precise(amount: Amount, size: float, *, same_unit: bool) -> str:
    """A figure with the decimals of *amount*, or whole where a few digits say all of it; of others as many digits as *amount* has."""
    figure = number_text(size)
    if not _says_all(figure, size):
        figure = number_text(size, max(_FEWEST, min(amount.significant, _MOST)))
    if not same_unit or "e" in figure or not 0 < amount.step < 1 or not _says_all(figure, size):
        return figure
    decimals = round(-math.log10(amount.step))
    return f"{figure}{'' if '.' in figure else '.'}{'0' * (decimals - len(figure.partition('.')[2]))}"


def _says_all(figure: str, size: float) -> bool:
    return abs(float(figure.replace(",", "")) - size) <= _WHOLE * abs(size)


def _priced(sign: str, figure: str, unit: str) -> str:
    """A figure behind the sign of its currency: `$360,000`, `EUR 2.50/card-hour`, `€1.2 million`."""
    behind = unit.replace(sign, "", 1).strip()
    counted, _, below = behind.partition(" ")  # "M /year"
    word = len(counted) > 1 and counted.isalpha()
    joined = behind if word else counted + below
    return f"{sign}{' ' if sign[-1].isalpha() else ''}{figure}{' ' if word else ''}{joined}"


def _readable(unit: str, size: float) -> tuple[str, float]:
    """A unit with the prefix under which *size* is a readable number: 0.00859 TFLOP are 8.59 GFLOP."""
    prefix = _PREFIXES.find(unit[:1])
    while prefix > 0 and 0 < abs(size) < _SMALLEST and load_lexicon().read(lower := _PREFIXES[prefix - 1] + unit[1:]):
        prefix, unit, size = prefix - 1, lower, size * _THOUSAND
    return unit, size


_BINDING = {"+": 1, "-": 1, "×": 2, "/": 2, "^": 3}
_SIGNS = {"/": "÷", "-": "−"}


def formula_text(expression: Expression, above: int = 0) -> str:
    """An expression with its amounts as printed, brackets where they are needed."""
    if isinstance(expression, Use):
        text = expression.amount.text
        return f"({text})" if above > _BINDING["/"] and "×" in text else text  # a divisor of `3 × 10^11`
    binding = _BINDING[expression.operator]
    left = formula_text(expression.left, binding)
    right = formula_text(expression.right, binding + (expression.operator in "-/^"))
    text = f"{left} {_SIGNS.get(expression.operator, expression.operator)} {right}"
    return f"({text})" if binding < above else text

"""What looks like an equation and states no result: lists, shapes, powers, orders of magnitude, printed words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stratlint.claims.claim import EquationClaim
from stratlint.claims.equation import Equation, Expression, Operand, Operation, computes, operands
from stratlint.claims.syntax import Quantity
from stratlint.document import BlockKind
from stratlint.rules.arithmetic import Comparison, compare, hits, with_units
from stratlint.rules.context import Context
from stratlint.rules.patterns import Pattern

BITS_PER_BYTE = (8.0, 0.125)
_LOOKED_BACK = 240
_LIST = Pattern(r"\d[\d.,]*(?:/\d[\d.,]*){2,}(?:\s?[A-Za-z%]+)?")
_ADJECTIVE = Pattern(r"[\d.]+-[A-Za-z]+")
_ARROW_AFTER = Pattern(r"\s*(?:→|->|⇒|=>)")
_PER_MANY = Pattern(r"(?i)\s*(?:per|/)\s*(?:\d|million|billion|thousand|[MBK]\b|百万|千)")
_PAIR = Pattern(r"\d[\d.,]*/\d[\d.,]*(?![\d.,])(?!\s*[×x*/÷])|\d[\d.,]*\s+[a-z]+\s+/\s+\d[\d.,]*\s+[a-z]+")
_OTHER_NOUN = Pattern(r"\s+(?!bytes?\b|bits?\b|and\b|or\b)[a-z]{3,}")


_PER_MANY_BEFORE = Pattern(r"(?i)\bper\s+(?:1,?000|1,?000,?000|1?[KM]|thousand|million|billion)\b")


def _per_many(equation: Equation, text: str, slip: float) -> bool:
    """`$0.004/1,000 = $4 per million`, or such a heading above the line, where the sides are a thousand apart."""
    after = bool(_PER_MANY.match(text[equation.end : equation.end + 24]))
    return after or (
        slip not in (0.0, *BITS_PER_BYTE) and bool(_PER_MANY_BEFORE.search(text[max(equation.start - _LOOKED_BACK, 0) : equation.start]))
    )


_LENGTHS = Pattern(r"\d+[KkM]/\d+[KkM]")  # "8K/1K = 850 tokens/s": prompt and answer


def _of_each_node(equation: Equation, comparisons: tuple[Comparison, ...]) -> bool:
    """`2 domains × 18 nodes = 144 GPUs`: the GPUs of a node are told elsewhere."""
    counted = [
        frozenset(name for name, power in q.unit.soft if power > 0) if q.unit is not None else frozenset() for q in operands(equation.left)
    ]
    claimed = [frozenset(dict(q.unit.soft)) if q.unit is not None else frozenset() for q in operands(equation.right)]
    if not any("node" in one for one in counted) or any("device" in one for one in counted) or not all("device" in one for one in claimed):
        return False
    gaps = [c.claimed.middle / c.computed.middle for c in with_units(comparisons) if c.computed.middle]
    return any(gap > 1 and abs(gap - round(gap)) < _WHOLE for gap in gaps)


_WHOLE = 1e-6
_LONG = Pattern(r"(?i)\s+(?:training\s+)?(?:epochs?|steps?|iterations?|iters)\b")


def _of_so_long(equation: Equation, text: str, comparisons: tuple[Comparison, ...]) -> bool:
    """`4 losses × 3 folds × 100 epochs = 12 runs`: the last factor says how long each is."""
    *_, last = operands(equation.left)
    if not last.number.value or not _LONG.match(text[last.number_end :]):
        return False
    return any(c.computed.scaled(1 / (last.number.value * last.magnitude)).overlaps(c.claimed) for c in with_units(comparisons))


def _restates_operand(equation: Equation, text: str) -> bool:
    """`1 thread × 10,000 connections = 1 thread`: what is said to stay."""
    right = equation.right
    if not isinstance(right, Operand) or right.quantity.unit is not None:
        return False
    noun = _NOUN_AFTER.match(text[right.quantity.end :])
    return noun is not None and any(
        q.number == right.quantity.number and (same := _NOUN_AFTER.match(text[q.end :])) is not None and same[0] == noun[0]
        for q in operands(equation.left)
    )


_TOLD_AS_POWER = Pattern(r"(?i)\^|\*\*|\beach\b|\bper\b")


def _is_power(equation: Equation, text: str) -> bool:
    """`5 parameters × 4 values each = 4^5`: the product stands for a power, and says so."""
    if not _TOLD_AS_POWER.search(text[min(q.start for q in operands(equation.left)) : max(q.end for q in operands(equation.right)) + 2]):
        return False
    left = list(operands(equation.left))
    if len(left) != len(("base", "exponent")) or not all(q.counted for q in left) or max(q.number.value for q in left) > _LARGEST_POWER:
        return False
    one, two = (q.number.value for q in left)
    claimed = [q.number.value for q in operands(equation.right)]
    return bool(claimed) and claimed[0] in (one**two, two**one)


def _of_an_order(equation: Equation) -> bool:
    """`86,400 s ≈ 10^5 s`: nothing but the order of magnitude is claimed."""
    right = equation.right
    if not equation.approximate or not isinstance(right, Operand) or not _POWER_ALONE.match(right.quantity.text):
        return False
    return any(
        1 / _HALF_AN_ORDER < c.computed.middle / c.claimed.middle < _HALF_AN_ORDER
        for c in compare(equation)
        if c.comparable and c.claimed.middle
    )


_NOUN_AFTER = Pattern(r"\s+[a-z]{3,}")
_LARGEST_POWER = 60
_POWER_ALONE = Pattern(r"~?10(?:\^|\*\*|[\u2070-\u2079¹²³])")
_HALF_AN_ORDER = 10**0.5


def _lists_at(equation: Equation, text: str) -> bool:
    """`5,000 nodes / 30 pods per node = 150,000 pods`: the slash stands for "at"."""
    left = equation.left
    if not isinstance(left, Operation) or left.operator != "/" or "÷" in text[equation.start : equation.end]:
        return False
    product = replace(equation, left=Operation("×", left.left, left.right))
    return any(c.comparable and c.fits for c in compare(product))


_NEXT_LABEL = Pattern(r"\n[^=\n]*[A-Za-z][^=\n]*=\s*$")
_IN_BITS = Pattern(r"(?i)\b(?:[kmgt]?bits?|[kmgt]?bps)\b")


def _mixes_rates(left: Sequence[Quantity]) -> bool:
    """Whether requests per second and tokens per second meet: tokens of a request are missing."""
    counted = [dict(q.unit.soft) for q in left if q.unit is not None and ("time", -1.0) in q.unit.hard]
    return any("request" in one for one in counted) and any("token" in one for one in counted)


def _adds_things(equation: Equation, text: str) -> bool:
    """`16 B header + 6 fields = 48 B`: a term that counts things is not in the unit of the others."""
    left = equation.left
    if not isinstance(left, Operation) or left.operator not in "+-":
        return False
    terms = [side.quantity for side in (left.left, left.right) if isinstance(side, Operand)]
    sized = any((q.unit is not None and q.unit.hard) or q.bytes_too for q in terms)
    things = all(q.counted and q.unit is None and _OTHER_NOUN.match(text[q.end :]) for q in terms)
    if terms and things and any(q.unit is not None and q.unit.hard for q in operands(equation.right)):
        return True  # "10 data + 4 parity = 1.4 TB"
    return sized and any(q.counted and q.unit is None and _OTHER_NOUN.match(text[q.end :]) for q in terms)


# "919/915 = 1.53× over it" sets two names side by side; "48 ms / 16 ms" divides.
_TIGHT = Pattern(r"\d[\d.,]*/\d[\d.,]*\s*=")


def tells_no_result(context: Context, claim: EquationClaim, text: str, comparisons: tuple[Comparison, ...], slip: float) -> bool:
    """`layers 0/1/5 = 5-bit`, `9 × 2048 → 512`, "returned `2+2 is a 20`": a list, a shape, printed words."""
    equation = claim.equation
    left = list(operands(equation.left))
    if _LIST.fullmatch(text[min(q.start for q in left) : max(q.end for q in left)]):
        return True
    right = equation.right
    if isinstance(right, Operand) and _ADJECTIVE.fullmatch(right.quantity.text.strip()):
        return True
    if computes(right) and _ARROW_AFTER.match(text[equation.end : equation.end + 8]):
        return True
    if _LENGTHS.fullmatch(text[min(q.start for q in left) : max(q.end for q in left)]) or _of_each_node(equation, comparisons):
        return True
    if _of_so_long(equation, text, comparisons) or _restates_operand(equation, text) or _is_power(equation, text) or _of_an_order(equation):
        return True
    by_hand = divides_by_eight(equation.left) or (
        all(any(name in q.unit.canonical for q in left if q.unit is not None) for name in ("bit", "byte"))
        and any(q.number.value == max(BITS_PER_BYTE) and q.unit is None for q in left)
    )
    if (by_hand and any(hits(c, 8.0) or hits(c, 0.125) for c in with_units(comparisons))) or _per_many(equation, text, slip):
        return True
    if _mixes_rates(left) or _adds_things(equation, text):
        return True
    between = text[max(q.end for q in left) : min(q.start for q in operands(equation.right))]
    if _NEXT_LABEL.search(between) or (_IN_BITS.search(between) and any(hits(c, 0.125) for c in with_units(comparisons))):
        return True  # "… 515 tokens (41 ms each)\neval time = 98 s / 626", "… × 10^9 bits/sec ≈ 126 GB/s"
    if _lists_at(equation, text):
        return True
    words = equation.relation.isalpha()
    pair = _PAIR.match(text[min(q.start for q in left) :])
    names = right.quantity.times and _TIGHT.match(text[min(q.start for q in left) :]) if isinstance(right, Operand) else None
    if isinstance(right, Operand) and pair and (words or names):
        return True  # "919/915 = 1.53× over it", "200 input / 300 output tokens is 12 %"
    inline = context.document.blocks[claim.block].kind is not BlockKind.CODE
    return inline and equation.relation.isalpha() and any(context.claims.numbers[i].code for i in claim.numbers)


def divides_by_eight(expression: Expression) -> bool:
    """`… × 512 bit / 8`: the bits have become bytes."""
    if isinstance(expression, Operand):
        return False
    below = expression.right
    eight = isinstance(below, Operand) and below.quantity.unit is None and below.quantity.number.value == max(BITS_PER_BYTE)
    return (expression.operator == "/" and eight) or divides_by_eight(expression.left) or divides_by_eight(below)


__all__ = ["BITS_PER_BYTE", "divides_by_eight", "tells_no_result"]

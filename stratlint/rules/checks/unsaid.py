"""What a written equation may leave unsaid: why a result that does not follow from its operands need not be wrong.

Each test asks of an equation that fits under no reading whether the page shows only a part of the computation, or
whether the words around it make the result one of something else. Silence is the answer then, not a verdict.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace

from stratlint.claims.claim import EquationClaim
from stratlint.claims.equation import Equation, Expression, Operand, Operation, computes, only_multiplies, operands
from stratlint.claims.interval import Interval, exactly
from stratlint.claims.syntax import Quantity
from stratlint.rules.arithmetic import Comparison, compare, hits, with_units
from stratlint.rules.checks.no_result import BITS_PER_BYTE, divides_by_eight, tells_no_result
from stratlint.rules.context import Context
from stratlint.rules.patterns import Pattern

_ELEMENT_BYTES = (2.0, 4.0, 8.0)
_PARAMETER_BYTES = (0.5, 2.0, 4.0)
# Tools count MiB and divide by 1,000: a byte count between the decimal and the binary one.
_MIXED_STEPS = (1.024, 1.024**2, 1 / 1.024, 1 / 1.024**2)

# The left operand is the tail of something longer: an exponent, an argument, a factor that was not read.
_TORN_OFF = Pattern(r"(?<![\d.,])\d{1,3} $|[\^/×·÷⋅\\_−]\s*[({\[]*$|[A-Za-z0-9_})\]][({\[]+$|(?<=[A-Za-z0-9)])[-–—]\s?[$€£]?$|\\frac\s*$")
_OPENING = Pattern(r"(?:\\[dt]?frac\s*\{|\\left\s*[(\[]|[({\[])+\s*$(?<=\{)|\\left\s*\($")
# "4 个 8×8 矩阵": so many of the product; "[10/500] done=35": another name has the number.
_COUNTED_BEFORE = Pattern(r"\d\s*[个块张组份]\s*$")
_BOUND = Pattern(r"[\]|)]\s*[A-Za-z_]+\s?=\s?")
_ROUNDS = Pattern(r"(?i)ceil|floor|[⌈⌉⌊⌋]")
_CHINESE_NOUN = Pattern(r"\s?[\u4e00-\u9fff]{4,}")
_TORN_BEFORE_FRACTION = Pattern(r"\d\s*\\[dt]?frac")
# What follows the result belongs to it: another digit group, a range, a variable, a unit with a prefix nobody knows.
_GOES_ON = Pattern(
    r"\s\d{3}(?![\d.])|\s?[-–—]\s?[$€£]?\d|[A-Za-z]+\^|\s?(?:[munpµ]|[kKMGTPE])[A-Z][A-Za-z]*\b|\s?[pnmµu]J\b|\s?亿|\s?(?i:quadrillion|quintillion|trillion|billion|million)\b"
)
# The shape of a thing is no product of amounts.
_A_SHAPE = Pattern(r"(?i)\b(?:each|apiece|slice|mesh|tile|torus|grid|images?|pixels?|px|patch(?:es)?|frames?|resolution|video)\b")
_AMOUNT_IS_DOUBLED = Pattern(r"(?i)\bbi-?di(?:rectional)?\b|\bboth directions\b|\bfull[- ]duplex\b|双向")
_OF_A_VARIABLE = Pattern(r"^[A-Za-z]{1,3}(?:\^|[_{]|\b)")


def left_unsaid(context: Context, claim: EquationClaim, comparisons: tuple[Comparison, ...], slip: float) -> bool:
    """Whether the page does not show all that the result of an equation was computed from."""
    equation = claim.equation
    if computes(equation.right):
        # "a × b = 40 MB per layer × 32 layers": the product is what comes next
        first = replace(equation, right=Operand(next(operands(equation.right))))
        shorter = compare(first)
        if _without_bytes_per_element(first, shorter) or _between_decimal_and_binary(first, shorter):
            return True
    text = context.document.blocks[claim.block].text
    return (
        _is_a_part(equation, text)
        or _of_a_shape(equation, text)
        or _names_a_mixture(equation)
        or _grouped_otherwise(equation)
        or _without_bytes_per_element(equation, comparisons)
        or _between_decimal_and_binary(equation, comparisons)
        or _doubled(text, equation, comparisons)
        or _lost_exponent(equation)
        or _as_change_or_truncated(equation, text, comparisons)
        or _in_unwritten_units(equation, slip)
        or (bool(slip) and _goes_on_in_unit(context, claim, text))
        or tells_no_result(context, claim, text, comparisons, slip)
        or (not slip and _out_of_reach(equation, comparisons))
        or (not slip and _multiplied_before(context, claim, comparisons))
    )


_NEAR = 160


def _is_a_part(equation: Equation, text: str) -> bool:
    left = [q.start for q in operands(equation.left)]
    right = list(operands(equation.right))
    start, end = min(left), max(q.end for q in right)
    near = text[max(start - _NEAR, 0) : start]  # the block of an endless line is not searched for each equation in it
    before, after, inside = _OPENING.sub("", near), text[end : end + _NEAR], text[start:end]
    if _ROUNDS.search(inside) or re.search(r"[\w}]\s*\\left\s*[(\[](?:\\[dt]?frac\s*\{)?$", near):
        return True
    if _CHINESE_NOUN.match(text[max(q.end for q in operands(equation.left)) :]) and not only_multiplies(equation.left):
        return True  # "4 rounds of history on average" is more than the number 4
    if _COUNTED_BEFORE.search(before) or _BOUND.search(inside):
        return True
    if _TORN_OFF.search(before[-12:]) or _GOES_ON.match(after) or _TORN_BEFORE_FRACTION.search(inside):
        return True
    return any(_glued_variable(q, text) for q in (*operands(equation.left), *right))


def _glued_variable(quantity: Quantity, text: str) -> bool:
    """`1.33p`, `2BAS^2`: the number is the coefficient of a letter."""
    after = text[quantity.end : quantity.end + 6]
    return not quantity.unit_text and not quantity.times and bool(_OF_A_VARIABLE.match(after))


def _of_a_shape(equation: Equation, text: str) -> bool:
    """`1024×1024 each ≈ 4K tokens`, `a 4×4×4 slice is a 3-axis mesh`."""
    end, start = max(q.end for q in operands(equation.left)), min(q.start for q in operands(equation.right))
    between = text[end:start] if end <= start else ""
    bare = all(q.unit is None for q in operands(equation.left))
    return bare and bool(_A_SHAPE.search(between))


def _names_a_mixture(equation: Equation) -> bool:
    """`8×7B experts = 47B`: the name of a mixture multiplies what its experts do not have alone."""
    left, right = equation.left, equation.right
    if not (isinstance(left, Operation) and left.operator == "×" and isinstance(right, Operand)):
        return False
    factors = tuple(operands(left))
    if len(factors) != len(("experts", "size")) or factors[0].unit_text not in ("", "experts", "expert"):
        return False
    count, size, total = factors[0], factors[1], right.quantity
    if not (size.magnitude_text == total.magnitude_text == "B") or not count.number.integer or count.magnitude_text:
        return False
    product = count.number.value * size.number.value
    return 0.5 * product < total.number.value < product


def _grouped_otherwise(equation: Equation) -> bool:
    """`a / b × c` with b × c below the line, as in `9.9 × 10^14 / 3.35 × 10^12`."""
    other = _denominators_together(equation.left)
    if other is None:
        return False
    return any(
        c.fits for c in compare(Equation(other, equation.right, equation.relation, equation.approximate, equation.start, equation.end))
    )


def _denominators_together(expression: Expression) -> Expression | None:
    if isinstance(expression, Operand):
        return None
    if expression.operator == "×":
        divided, factors = expression.left, [expression.right]
        while isinstance(divided, Operation) and divided.operator == "×":
            factors.insert(0, divided.right)
            divided = divided.left
        if isinstance(divided, Operation) and divided.operator == "/":
            below = divided.right
            for factor in factors:
                below = Operation("×", below, factor)
            return Operation("/", divided.left, below)
    left = _denominators_together(expression.left)
    right = _denominators_together(expression.right)
    if left is None and right is None:
        return None
    return Operation(expression.operator, left or expression.left, right or expression.right)


def _claims_bytes(equation: Equation) -> bool:
    units = [q.unit for q in operands(equation.right)]
    return bool(units) and all(unit is not None and unit.hard == (("information", 1.0),) for unit in units)


def _without_bytes_per_element(equation: Equation, comparisons: tuple[Comparison, ...]) -> bool:
    """`262,144 × 10,752 in FP32 = 11 GiB`; `70B + 7B = 154 GB`: the width of an element is not written."""
    if not _claims_bytes(equation):
        return False
    left = tuple(operands(equation.left))
    if any(q.unit is not None and q.unit.hard for q in left):
        return False
    small = {q.start for q in left if q.bytes_too and q.number.value <= max(_PARAMETER_BYTES)}
    adds = isinstance(equation.left, Operation) and equation.left.operator == "+"
    written = {q.number.value for q in left}
    widths = [width for width in (_PARAMETER_BYTES if adds else _ELEMENT_BYTES) if width not in written]
    return any(
        hits(c, width)
        for c in with_units(comparisons)
        if not c.convention.own_unit and not small & c.convention.bytes_for_b
        for width in widths
    )


def _between_decimal_and_binary(equation: Equation, comparisons: tuple[Comparison, ...]) -> bool:
    if not _claims_bytes(equation):
        return False
    return any(
        c.computed.overlaps(c.claimed.scaled(step))
        for c in with_units(comparisons)
        if not c.convention.binary_bytes
        for step in _MIXED_STEPS
    )


def _doubled(text: str, equation: Equation, comparisons: tuple[Comparison, ...]) -> bool:
    """A link's rate in one direction times its links, and the sum of both directions beside it."""
    if not _AMOUNT_IS_DOUBLED.search(text[max(equation.start - 60, 0) : equation.end + 60]):
        return False
    return any(hits(c, 2.0) or hits(c, 0.5) for c in with_units(comparisons))


_GROWS = Pattern(r"(?i)\b(?:more|extra|additional|increas\w+|rises?|overhead|slower|faster|grows?)\b")


def _as_change_or_truncated(equation: Equation, text: str, comparisons: tuple[Comparison, ...]) -> bool:
    """`4/3 = +33 %` is what it grew by; `1/132 = 0.7 %` is cut, not rounded."""
    right = equation.right
    if not isinstance(right, Operand) or right.quantity.unit is None or right.quantity.unit.canonical != "percent":
        return False
    quantity, unit = right.quantity, right.quantity.unit
    value, step = quantity.number.value * unit.factor, quantity.number.ulp * unit.factor
    for comparison in with_units(comparisons):
        computed = comparison.computed.middle
        if value <= computed < value + step:
            return True
        if any(q.number.value == _PERCENT and q.unit is None for q in operands(equation.left)) and hits(comparison, 1 / _PERCENT):
            return True  # "(30/120) × 100 = 25 %"
        grows = text[quantity.start - 1 : quantity.start] in "+-−" or bool(
            _GROWS.search(text[max(equation.start - _NEAR, 0) : equation.end + _NEAR])
        )
        if computed > 1 and (hits(comparison, 1 / computed**2) or hits(replace(comparison, computed=exactly(computed - 1)), 1.0)):
            return True  # "accepted of drafted: 100/84 = 84 %", "4.8 / 3.35 = 43 % more"
        if grows and hits(replace(comparison, computed=exactly(abs(computed - 1))), 1.0):
            return True
    return False


_EQUALS_NEXT = Pattern(r"[\s})]*(?:=|≈|\\approx)\s*$")


def _goes_on_in_unit(context: Context, claim: EquationClaim, text: str) -> bool:
    """`3 × 10^-5 + 7.5 × 10^-4 = 0.03 + 0.75 = 0.78 ms`: bare seconds, then bare milliseconds, and the unit at the end."""
    sides = (claim.equation.left, claim.equation.right)
    if any(q.unit is not None for side in sides for q in operands(side)):
        return False
    end = claim.equation.end
    following = next(iter(context.claims.numbers_between(claim.block, end, end + _LABEL_REACH)), None)
    quantity = following.quantity if following is not None else None
    if following is None or quantity is None or quantity.unit is None or not quantity.unit.hard:
        return False
    return bool(_EQUALS_NEXT.match(text[end : following.start]))


_LABEL_REACH = 40
_PERCENT = 100.0
_POWER_OF_TEN = Pattern(r"10\d\d?")
_MOST_DIGITS = 4


def _lost_exponent(equation: Equation) -> bool:
    """`163 − 1 = 4095`: 16³ whose raised digit was flattened by a copy of the text."""
    quantities = tuple(operands(equation.left))
    if any(_POWER_OF_TEN.fullmatch(q.text.strip()) for q in operands(equation.right)) and computes(equation.right):
        return True  # "8.1 × 1017"
    plain = [
        q
        for q in quantities
        if q.counted and not q.unit_text and not q.magnitude_text and 3 <= len(f"{q.number.value:.0f}") <= _MOST_DIGITS
    ]
    for quantity in itertools.islice(plain, _MOST_DIGITS):
        digits = f"{quantity.number.value:.0f}"
        for cut in (1, 2):
            base, power = int(digits[:-cut]), int(digits[-cut:])
            if base < 2 or not 2 <= power <= 64:
                continue
            rest = _with_value(equation.left, quantity, float(base**power))
            claimed = [q.number.value * q.magnitude for q in operands(equation.right)]
            if rest is not None and len(claimed) == 1 and rest.overlaps(exactly(claimed[0])):
                return True
    return False


def _with_value(expression: Expression, changed: Quantity, value: float) -> Interval | None:
    """What an expression of plain numbers gives with another value for one of them."""
    if isinstance(expression, Operand):
        quantity = expression.quantity
        return exactly(value if quantity is changed else quantity.number.value * quantity.magnitude)
    left, right = _with_value(expression.left, changed, value), _with_value(expression.right, changed, value)
    if left is None or right is None:
        return None
    if expression.operator == "/":
        return None if right.low <= 0 <= right.high else left / right
    return {"+": left + right, "-": left - right, "×": left * right}[expression.operator]


_BASE_SCALE = 1e6


def _in_unwritten_units(equation: Equation, slip: float) -> bool:
    """`108 × 64 × 1.41 × 2 = 19.5 TFLOPS`, `75G ÷ 8 = 9.4 Gbps`: a measured factor without its GHz, a `G` of bits."""
    left = tuple(operands(equation.left))
    if not slip:
        return False
    if left and all(q.currency for q in left):
        return True  # a budget over a price per nobody says what
    if slip in BITS_PER_BYTE:
        in_bits = any(q.unit is not None and ("bit" in q.unit.canonical) for q in left)
        divided = in_bits and divides_by_eight(equation.left)
        return divided or any(q.magnitude_text == "G" and not q.unit_text for q in left)
    if all(q.magnitude_text and not q.unit_text and q.end - q.number_end > 1 for q in operands(equation.right)):
        return True  # in "4 × 128 = 512 K" the K is a name
    bare = all((q.unit is None or not q.unit.hard) and not q.magnitude_text for q in left)
    claimed = [q.unit for q in operands(equation.right)]
    measured = any(not q.number.integer and q.number.value < _BASE_SCALE for q in left)  # "2.6e9" is in base units
    return bare and measured and all(u is not None and (("time", -1.0) in u.hard or ("computation", 1.0) in u.hard) for u in claimed)


# Who slips in arithmetic stays in the neighbourhood, or misses by a power of ten; further off, something else is counted.
_FARTHEST, _FARTHEST_CONVERSION = 101.0, 10.0
_CLEAN_GAPS = (1e3, 1e4, 1e6, 1e9)
_CLEAN_CONVERSIONS = (10.0, 100.0, 1024.0, 1024.0**2, 1024.0**3, 8.0, *_CLEAN_GAPS)


def _out_of_reach(equation: Equation, comparisons: tuple[Comparison, ...]) -> bool:
    """Whether the two sides are so far apart, or of such signs, that no slip of the pen leads from one to the other."""
    below = _denominators_together(equation.left)
    found = [*with_units(comparisons), *(with_units(compare(replace(equation, left=below))) if below is not None else ())]
    if not found:
        return False
    if all(c.claimed.middle * c.computed.middle <= 0 for c in found):
        return isinstance(equation.left, Operation) and (equation.left.operator != "/" or all(c.claimed.middle == 0 for c in found))
    gap = min(
        max(c.computed.middle / c.claimed.middle, c.claimed.middle / c.computed.middle)
        for c in found
        if c.claimed.middle * c.computed.middle > 0
    )
    plain = not computes(equation.left) and not computes(equation.right)
    units = [q.unit for q in operands(equation.left)]
    measured = all(unit is not None and unit.hard for unit in units)
    exponent = any(_EXPONENT.search(q.text) for q in operands(equation.right))
    if (measured and not plain) or _sizes_in_full(equation) or gap <= (_FARTHEST_CONVERSION if plain else _FARTHEST):
        return False
    if exponent and abs(gap / 10.0 ** round(math.log10(gap)) - 1) < _CLEAN:
        return False  # a wrong exponent may be any
    clean = _CLEAN_CONVERSIONS if plain else _CLEAN_GAPS
    return not any(abs(gap / size - 1) < _CLEAN for size in clean)


_FACTORS_OF_A_SIZE = 4
_INFORMATION = (("information", 1.0),)


def _scales(expression: Expression) -> bool:
    """Whether the operators are all `×` and `/`."""
    return isinstance(expression, Operand) or (expression.operator in "×/" and _scales(expression.left) and _scales(expression.right))


def _sizes_in_full(equation: Equation) -> bool:
    """`4 experts × 2048 × 1024 × 2 matrices × 2 bytes = 8 GB`: down to the bytes of an element, nothing else is counted."""
    left = list(operands(equation.left))
    widths = [
        q
        for q in left
        if q.unit is not None
        and q.unit.hard == _INFORMATION
        and q.unit.factor == 1
        and q.magnitude == 1
        and q.number.value <= max(_PARAMETER_BYTES)
    ]
    right = equation.right
    sized = isinstance(right, Operand) and right.quantity.unit is not None and right.quantity.unit.hard == _INFORMATION
    return sized and len(widths) == 1 and len(left) >= _FACTORS_OF_A_SIZE and _scales(equation.left)


_CLEAN = 0.02
_EXPONENT = Pattern(r"\d\s?[eE][-+]?\d|\^|\*\*|[\u2070-\u2079¹²³]")
_WITHIN_OPERAND = Pattern(r"[^:,;=()|\n\d]*[A-Za-z\u4e00-\u9fff][^:,;=()|\n\d]*")
_LEAST_FACTOR = 5.0
_LOOKED_BACK = 240


def _multiplied_before(context: Context, claim: EquationClaim, comparisons: tuple[Comparison, ...]) -> bool:
    """Whether a number told just before is the missing factor, or the operand that was meant.

    "12 series a label set; 100 handlers × 5 codes = 6,000 series", "9 seconds (renewed at 2/3 = 6s)", "3 in the top 5 / 5 = 0.60".
    """
    equation = claim.equation
    if not isinstance(equation.left, Operation) or not isinstance(equation.right, Operand):
        return False
    start, text = equation.start, context.document.blocks[claim.block].text
    told = [
        n for n in context.claims.numbers_between(claim.block, max(start - _LOOKED_BACK, 0), start)
        if n.quantity is not None and n.quantity.high is None and not n.struck
    ]  # fmt: skip
    first = next(operands(equation.left))
    fraction = equation.left.operator == "/" and all(q.counted and q.unit is None for q in operands(equation.left))
    for number in told:
        quantity = number.quantity
        assert quantity is not None
        size = quantity.number.value * quantity.magnitude
        if quantity.unit is None and first.unit is None and quantity.number.integer and _WITHIN_OPERAND.fullmatch(text[number.end : start]):
            other = _with_operand(equation.left, first, quantity)
            if any(c.comparable and c.fits for c in compare(replace(equation, left=other))):
                return True
        least = 1.0 if fraction and number.sentence == claim.sentence else _LEAST_FACTOR
        if size > least and any(
            c.computed.scaled(size).overlaps(c.claimed) for c in with_units(comparisons) if equation.left.operator in "×/"
        ):
            return True
    return False


def _with_operand(expression: Expression, changed: Quantity, other: Quantity) -> Expression:
    if isinstance(expression, Operand):
        return Operand(other) if expression.quantity is changed else expression
    return Operation(expression.operator, _with_operand(expression.left, changed, other), _with_operand(expression.right, changed, other))

"""What a written equation may leave unsaid: why a result that does not follow from its operands need not be wrong.

Each test asks of an equation that fits under no reading whether the page shows only a part of the computation, or whether the words
around it make the result one of something else. Silence is the answer then, not a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stratlint.claims.amount import Amount, AmountReading
from stratlint.claims.interval import exactly
from stratlint.laws.comparison import Agreement, Tried
from stratlint.laws.definitions import definitions
from stratlint.laws.forms import divides_by_eight, in_bits, is_eight, slip_of
from stratlint.laws.judge import Judgement, Outcome, judge
from stratlint.laws.no_result import (
    adds_things,
    counts_of_times,
    is_inverse,
    is_power,
    lost_exponent,
    mixes_rates,
    names_a_mixture,
    of_each,
    rounded_times,
)
from stratlint.laws.slips import forgotten_factors
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Use, only_multiplies, uses
from stratlint.meaning.written import Equation, Sign

_INFORMATION = (("information", 1.0),)
_TIME = (("time", 1.0),)
# Tools count MiB and divide by 1,000: a byte count between the decimal and the binary one.
_MIXED_STEPS = (1.024, 1.024**2, 1 / 1.024, 1 / 1.024**2)
_CLOSE = 0.005
_BITS = (8.0, 0.125)
_THOUSAND = 1e3
_WHOLE = 1e-6
_LEAST_FACTOR = 5.0
# Who slips in arithmetic stays in the neighbourhood, or misses by a power of ten; further off, something else is counted.
_FARTHEST, _FARTHEST_CONVERSION = 7.0, 10.0
_CLEAN_GAPS = (8.0, 10.0, 60.0, 100.0, 1e3, 3600.0, 1e4, 1e6, 1e9)
_CLEAN_CONVERSIONS = (1024.0, 1024.0**2, 1024.0**3, *_CLEAN_GAPS)
_CLEAN, _ABOUT = 0.02, 0.04
_FACTORS_OF_A_SIZE = 4
_FACTORS_OF_A_CACHE = 3
_HALF_AN_ORDER = 10**0.5
_BASE_SCALE = 1e6
_TELLING = 100
_MOST_SUBSTITUTES = 4
_COUNT_AND_EACH = 2
_ROUNDED_OPERANDS = 0.2


class Unsaid:
    """What may be left out on one page."""

    def __init__(self, page: Page) -> None:
        self._binary = page.binary
        self._units: dict[float, list[AmountReading]] = {}
        terms = [term for statement in page.statements for term in statement.terms]
        terms += [term for group in page.groups for term in group.terms]
        for term in terms:
            amount = term.amount
            if amount.hard and not amount.percent and amount.magnitude == 1.0:
                self._units.setdefault(amount.value, []).append(amount.first)

    def left_out(self, equation: Equation, judgement: Judgement) -> bool:
        """Whether the page does not show all that the result of a refuted equation was computed from."""
        proposal = judgement.proposal
        claim, expression = proposal.claim.amount, proposal.expression
        amounts = [use.amount for use in uses(expression)]
        slip = slip_of(judgement)
        if equation.remarks & {"shape", "list", "printed", "glued", "several"}:
            return True
        if "mesh" in equation.remarks and equation.sign is Sign.WORD:
            return True  # "2x4 is 4-way tensor parallelism"
        return (
            self._in_units_of_the_page(judgement, amounts, slip)
            or (equation.sign is Sign.WORD and all(each.agreement is Agreement.LENT for each in _deciding(judgement)) and bool(claim.hard))
            or ("slash" in equation.remarks and equation.sign is Sign.WORD and _as_product(expression) is not None)
            or _converts_by_hand(expression, judgement)
            or _in_a_smaller_unit(claim, amounts, judgement)
            or _rounded_to_divide(equation, judgement)
            or ("pair" in equation.remarks and (equation.sign is Sign.WORD or claim.multiple or _in_thousands(amounts)))
            or ("changes" in equation.remarks and claim.value < 0 and any(_hits(each, -1.0) for each in _deciding(judgement)))
            or names_a_mixture(claim, expression)
            or _without_bytes_per_element(claim, expression, judgement)
            or _between_decimal_and_binary(proposal)
            or ("both ways" in equation.remarks and any(_hits(each, 2.0) or _hits(each, 0.5) for each in _deciding(judgement)))
            or lost_exponent(claim, expression)
            or _as_change_or_truncated(claim, judgement, grows="grows" in equation.remarks)
            or _in_unwritten_units(claim, amounts, slip)
            or ("slash" in equation.remarks and self._fits(proposal, _as_product(expression)))
            or self._told(equation, proposal, judgement)
            or mixes_rates(amounts)
            or of_each(claim, expression, _deciding(judgement))
            or adds_things(claim, expression)
            or counts_of_times(claim, expression)
            or ("ratio" in equation.remarks and rounded_times(claim, expression))
            or (equation.sign is Sign.BRACKET and claim.value > 0 and any(each.nominal < 0 for each in _deciding(judgement)))
            or ("power" in equation.remarks and is_power(claim, expression))
            or (claim.multiple and "slash" in equation.remarks and is_inverse(_deciding(judgement)))
            or (not slip and _out_of_reach(judgement))
            or (not slip and self._multiplied_before(equation, judgement))
        )

    def _fits(self, proposal: Proposal, expression: Expression | None) -> bool:
        if expression is None:
            return False
        return judge(replace(proposal, expression=expression, otherwise=()), self._binary).outcome in (Outcome.HOLDS, Outcome.BOUNDED)

    def _told(self, equation: Equation, proposal: Proposal, judgement: Judgement) -> bool:
        """What the words around an equation make of its result."""
        claim, slip = proposal.claim.amount, slip_of(judgement)
        deciding = list(_deciding(judgement))
        *_, last = (use.amount for use in uses(proposal.expression))
        if "many" in equation.remarks and slip not in (0.0, *_BITS):
            return True
        if isinstance(equation.right, Compute) and not any(use.amount.unit_text for use in (*uses(equation.left), *uses(equation.right))):
            # "3 × 10^-5 + 7.5 × 10^-4 = 0.03 + 0.75 = 0.78 ms": bare seconds, then bare milliseconds, and the unit at the end
            return any(_hits(each, _THOUSAND**power) for each in deciding for power in (-2, -1, 1, 2))
        if "length" in equation.remarks and last.value and any(_hits(each, 1 / last.first.nominal) for each in deciding):
            return True  # "4 losses × 3 folds × 100 epochs = 12 runs": the last factor says how long each is
        if _energy(claim) and not any(use.amount.unit_text for use in uses(proposal.expression)):
            # "26.8 × 1.3 × 8,760 = 305 MWh": of kilowatts
            return any(_hits(each, _THOUSAND**power) for each in deciding for power in (-3, -2, -1, 1, 2, 3))
        adds = isinstance(proposal.expression, Compute) and proposal.expression.operator == "+"
        if adds and claim.hard == _TIME and not any(use.amount.unit_text for use in uses(proposal.expression)):
            # "200 + 45 × 199 = 9.2 s": of milliseconds
            return any(_hits(each, _THOUSAND**power) for each in deciding for power in (-3, -2, -1, 1, 2, 3))
        if "bits" in equation.remarks and any(_hits(each, 0.125) for each in deciding):
            return True
        if "cell" in equation.remarks and not claim.unit_text and claim.magnitude == 1.0:
            # the column's header, or the key around it, may say in what it counts
            return any(_hits(each, _THOUSAND**power) for each in deciding for power in (-4, -3, -2, -1, 1, 2, 3, 4))
        power = math.log10(claim.value) if claim.value > 0 else 0.5
        if equation.approximate and power > 1 and abs(power - round(power)) < _WHOLE:  # nothing but the order of magnitude is claimed
            return any(1 / _HALF_AN_ORDER < each.nominal / each.claimed.middle < _HALF_AN_ORDER for each in deciding if each.claimed.middle)
        return False

    def _in_units_of_the_page(self, judgement: Judgement, amounts: Sequence[Amount], slip: float) -> bool:
        """`2 × 997 = 1.99 GB` after "997 MB": an operand without a unit has the one that it was introduced with."""
        proposal = judgement.proposal
        claim = proposal.claim.amount
        bare = [amount for amount in amounts if not amount.unit_text and amount.magnitude == 1.0]
        known = {id(amount): found for amount in bare if (found := self._units.get(amount.value))}
        if not known:
            return False
        slips = slip or any(_hits(each, _THOUSAND**power) for each in _deciding(judgement) for power in (-2, -1, 1, 2))
        if slips and len(bare) == len(amounts) and not claim.unit_text:
            return any(reading.factor not in (1.0, 0.01) for found in known.values() for reading in found)
        single = {key: found[0] for key, found in known.items() if len({each.factor for each in found}) == 1}
        for key, found in known.items():
            for reading in found[:_MOST_SUBSTITUTES]:
                if reading.hard == claim.hard and self._fits(proposal, _with_units(proposal.expression, {key: reading})):
                    return True
        telling = {id(amount): single[id(amount)] for amount in bare if id(amount) in single and _digits(amount) >= _TELLING}
        if not 0 < len(telling) <= _MOST_SUBSTITUTES:
            return False
        return any(self._fits(proposal, _with_units(proposal.expression, given)) for given in _of_one_period(telling))

    def _multiplied_before(self, equation: Equation, judgement: Judgement) -> bool:
        """Whether a number told just before is the missing factor, or the operand that was meant.

        "12 series a label set; 100 handlers × 5 codes = 6,000 series", "3 in the top 5 / 5 = 0.60".
        """
        proposal = judgement.proposal
        expression = proposal.expression
        if not isinstance(expression, Compute):
            return False
        first = next(uses(expression)).amount
        fraction = expression.operator == "/" and all(use.amount.exact and not use.amount.unit_text for use in uses(expression))
        for use in equation.before:
            amount = use.amount
            size = abs(amount.value * amount.magnitude)
            if use is equation.operand and not amount.unit_text and amount.exact and not first.unit_text:
                if self._fits(proposal, _with_first(expression, use)):
                    return True
            least = 1.0 if fraction or use is equation.operand else _LEAST_FACTOR
            if (
                size > least
                and expression.operator in "×/"
                and any(each.computed.scaled(size).overlaps(each.claimed) for each in _deciding(judgement))
            ):
                return True
        return False


def below_together(expression: Expression) -> Expression | None:
    """`a / b × c` with b × c below the line, as in `9.9 × 10^14 / 3.35 × 10^12`; None where nothing is multiplied after a division."""
    if isinstance(expression, Use):
        return None
    if expression.operator == "×":
        divided, factors = expression.left, [expression.right]
        while isinstance(divided, Compute) and divided.operator == "×":
            factors.insert(0, divided.right)
            divided = divided.left
        if isinstance(divided, Compute) and divided.operator == "/":
            below = divided.right
            for factor in factors:
                below = Compute("×", below, factor)
            return Compute("/", divided.left, below)
    left, right = below_together(expression.left), below_together(expression.right)
    if left is None and right is None:
        return None
    return Compute(expression.operator, left or expression.left, right or expression.right)


def _deciding(judgement: Judgement) -> Iterator[Tried]:
    """The readings that decide, of the expression as it is written."""
    written = judgement.proposal.expression
    return (each for each in judgement.tried if each.decides and each.agreement is not Agreement.NOUNS and each.expression is written)


def _energy(amount: Amount) -> bool:
    """Whether an amount is one of energy or of power: the field multiplies kilowatts by hours, and megawatts, and leaves out which."""
    return any(name == "energy" for name, _ in amount.hard)


def _hits(tried: Tried, factor: float) -> bool:
    """Whether the claim is *factor* times what was computed, within half a percent."""
    return tried.computed.scaled(factor).widened(_CLOSE).overlaps(tried.claimed)


def _in_thousands(amounts: Sequence[Amount]) -> bool:
    """`8K/1K`: lengths of prompt and answer."""
    return all(amount.magnitude in (1e3, 1e6) and not amount.hard for amount in amounts)


def _without_bytes_per_element(claim: Amount, expression: Expression, judgement: Judgement) -> bool:
    """`262,144 × 10,752 in FP32 = 11 GiB`; `70B + 7B = 154 GB`: the width of an element is not written."""
    amounts = [use.amount for use in uses(expression)]
    if claim.hard != _INFORMATION or any(amount.hard for amount in amounts):
        return False
    adds = isinstance(expression, Compute) and expression.operator == "+"
    # In "4 layers × 8 heads × 64" no 8 is one of bytes.
    counts = only_multiplies(expression) and len(amounts) >= _FACTORS_OF_A_CACHE
    written = {use.amount.value for use in uses(expression) if not (counts and use.role and not use.amount.unit_text)}
    widths = [width for width in (definitions().parameter_bytes if adds else definitions().element_bytes) if width not in written]
    return any(
        _hits(each, width)
        for each in _deciding(judgement)
        if each.agreement is Agreement.LENT or each.agreement is Agreement.UNITS
        for width in widths
    )


def _between_decimal_and_binary(proposal: Proposal) -> bool:
    """`4,096 MiB + 12 GB = 16.8 GB`: of two ways to convert; where all is printed in one unit, nothing is converted."""
    claim = proposal.claim.amount
    sized = [use.amount for use in uses(proposal.expression) if use.amount.hard]
    if claim.hard != _INFORMATION or (sized and all(amount.unit_text == claim.unit_text for amount in sized)):
        return False
    decimal = list(_deciding(judge(proposal, (False,))))
    return any(each.computed.overlaps(each.claimed.scaled(step)) for each in decimal for step in _MIXED_STEPS)


def _as_change_or_truncated(claim: Amount, judgement: Judgement, *, grows: bool) -> bool:
    """`4/3 = +33 %` is what it grew by; `1/132 = 0.7 %` is cut, not rounded; "accepted of drafted: 100/84 = 84 %"."""
    if not claim.percent:
        return False
    value, step = claim.first.nominal, claim.step * claim.first.factor
    for each in _deciding(judgement):
        computed = each.nominal
        if value <= computed < value + step:
            return True
        if computed > 1 and (_hits(each, 1 / computed**2) or _near(computed - 1, each)):
            return True
        if grows and _near(abs(computed - 1), each):
            return True
    return False


def _near(value: float, tried: Tried) -> bool:
    return exactly(value).widened(_CLOSE).overlaps(tried.claimed)


def _in_unwritten_units(claim: Amount, amounts: Sequence[Amount], slip: float) -> bool:
    """`108 × 64 × 1.41 × 2 = 19.5 TFLOPS`, `75G ÷ 8 = 9.4 Gbps`: a measured factor without its GHz, a `G` of bits."""
    if not slip:
        return False
    if amounts and all(amount.hard == (("money", 1.0),) for amount in amounts):
        return True  # a budget over a price per nobody says what
    if slip in _BITS:
        return any(amount.unit_text == "G" for amount in amounts)
    bare = all(not amount.hard and amount.magnitude == 1.0 for amount in amounts)
    measured = any(amount.value != int(amount.value) and amount.value < _BASE_SCALE for amount in amounts if math.isfinite(amount.value))
    rate = ("time", -1.0) in claim.hard or ("computation", 1.0) in claim.hard
    return bare and measured and rate


def _as_product(expression: Expression) -> Expression | None:
    """`5,000 nodes / 30 pods per node = 150,000 pods`: the slash stands for "at"."""
    if isinstance(expression, Compute) and expression.operator == "/":
        return Compute("×", expression.left, expression.right)
    return None


def _out_of_reach(judgement: Judgement) -> bool:
    """Whether the two sides are so far apart, or of such signs, that no slip of the pen leads from one to the other."""
    proposal = judgement.proposal
    claim, expression = proposal.claim.amount, proposal.expression
    found = [each for each in judgement.tried if each.decides and each.agreement is not Agreement.NOUNS]
    if not found:
        return False
    if claim.value < 0 and any(_hits(each, -1.0) for each in found):
        return False  # "14 GB − 10 GB = −4 GB": the sign alone is wrong
    if all(each.claimed.middle * each.nominal <= 0 for each in found):
        return isinstance(expression, Compute) and (expression.operator != "/" or all(each.claimed.middle == 0 for each in found))
    ratios = [each.nominal / each.claimed.middle for each in found if each.claimed.middle * each.nominal > 0]
    gaps = [max(ratio, 1 / ratio) for ratio in ratios]
    plain = isinstance(expression, Use)
    measured = all(use.amount.hard for use in uses(expression))
    if (measured and not plain) or _sizes_in_full(claim, expression) or min(gaps) <= (_FARTHEST_CONVERSION if plain else _FARTHEST):
        return False
    if claim.value >= _BASE_SCALE**2 and abs(min(gaps) / 10.0 ** round(math.log10(min(gaps))) - 1) < _CLEAN:
        return False  # a wrong exponent may be any
    clean = _CLEAN_CONVERSIONS if plain else (*_CLEAN_GAPS, *forgotten_factors(expression))
    near = _ABOUT if claim.approximate else _CLEAN
    return not any(abs(each / size - 1) < near for size in clean for each in gaps)


def _sizes_in_full(claim: Amount, expression: Expression) -> bool:
    """`4 experts × 2048 × 1024 × 2 matrices × 2 bytes = 8 GB`: down to the bytes of an element, nothing else is counted."""
    amounts = [use.amount for use in uses(expression)]
    widest = max(definitions().parameter_bytes)
    widths = [amount for amount in amounts if amount.hard == _INFORMATION and amount.first.factor == 1.0 and amount.value <= widest]
    return claim.hard == _INFORMATION and len(widths) == 1 and len(amounts) >= _FACTORS_OF_A_SIZE and _scales(expression)


def _scales(expression: Expression) -> bool:
    """Whether the operators are all `×` and `/`."""
    return isinstance(expression, Use) or (expression.operator in "×/" and _scales(expression.left) and _scales(expression.right))


def _with_units(expression: Expression, readings: Mapping[int, AmountReading]) -> Expression:
    """The expression with the units that amounts (by identity) were introduced with."""
    if isinstance(expression, Use):
        reading = readings.get(id(expression.amount))
        if reading is None:
            return expression
        amount = expression.amount
        given = AmountReading("", amount.digits.scaled(reading.factor), amount.value * reading.factor, reading.factor, reading.dimensions)
        return replace(expression, amount=replace(amount, readings=(given,), exact=False))
    return Compute(expression.operator, _with_units(expression.left, readings), _with_units(expression.right, readings))


def _of_one_period(readings: Mapping[int, AmountReading]) -> Iterator[Mapping[int, AmountReading]]:
    """The units themselves, and those of what comes in each period: `128 × 30 = 4 TB` after "128 GB/day"."""
    yield readings
    if any(("time", -1.0) in reading.dimensions for reading in readings.values()):
        for period in definitions().periods:
            yield {key: _without_period(reading, period) for key, reading in readings.items()}


def _without_period(reading: AmountReading, period: float) -> AmountReading:
    if ("time", -1.0) not in reading.dimensions:
        return reading
    return replace(reading, factor=reading.factor * period, dimensions=tuple(pair for pair in reading.dimensions if pair != ("time", -1.0)))


def _converts_by_hand(expression: Expression, judgement: Judgement) -> bool:
    """`500 GB × 8 / 10 Gb/s = 400 s`, `4 KB / (1 Mb/s / 8)`: the eight turns bytes into bits, which the units do already."""
    sized = [use.amount for use in uses(expression) if any(name == "information" for name, _ in use.amount.hard)]
    mixed = any(map(in_bits, sized)) and not all(map(in_bits, sized)) and any(is_eight(use) for use in uses(expression))
    if not mixed and not (sized and divides_by_eight(expression)):
        return False
    return any(_hits(each, bits) for each in _deciding(judgement) for bits in _BITS)


def _in_a_smaller_unit(claim: Amount, amounts: Sequence[Amount], judgement: Judgement) -> bool:
    """`350 × 2,208 = 773 MWh`, `32 × 346 = 11.1 PFLOPS`: so many machines of so many kW or TFLOPS each."""
    if any(amount.unit_text or amount.magnitude != 1.0 for amount in amounts) or len(amounts) != _COUNT_AND_EACH:
        return False
    rated = any(name == "energy" for name, _ in claim.hard) or ("time", -1.0) in claim.hard
    return rated and any(_hits(each, 1 / _THOUSAND) for each in _deciding(judgement))


def _rounded_to_divide(equation: Equation, judgement: Judgement) -> bool:
    """`130B / 86,400 ≈ 130B / 100K`: rounded to what can be divided in the head."""
    if not equation.approximate or not isinstance(equation.right, Compute):
        return False
    return any(each.computed.overlaps(each.claimed.widened(_ROUNDED_OPERANDS)) for each in _deciding(judgement))


def _with_first(expression: Expression, other: Use) -> Expression:
    if isinstance(expression, Use):
        return other
    return Compute(expression.operator, _with_first(expression.left, other), expression.right)


def _digits(amount: Amount) -> float:
    """How many units of its last digit an amount has: 100 for three digits."""
    return abs(amount.value) / amount.step if amount.step else math.inf

"""Equations that the text writes out: products, quotients, sums, percentages, conversions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from stratlint.claims.claim import ClaimSet, EquationClaim
from stratlint.claims.equation import Expression, Operand, Operation, computes, operands
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import Unit, unit
from stratlint.document import BlockKind
from stratlint.facts.phrases import Match, normalise, word_list
from stratlint.rules.arithmetic import Comparison, compare, nominal_value, printed_size, relation_kind, unit_scale, verdict
from stratlint.rules.checks.unsaid import left_unsaid
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Location, ReadingTried, Status, Suggestion
from stratlint.rules.proof import arithmetic_status
from stratlint.rules.repair import recomputed, with_prefix
from stratlint.rules.rule import Rule

_SLIP_TOLERANCE = 0.06
_SLIPS = {1e3: "thousand", 1e6: "million", 1e9: "billion"}


def check_equation(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Recompute every equation of the kinds in the rule's `operations` option under all readings of its symbols."""
    wanted = frozenset(rule.options.get("operations", ()))
    slips = bool(rule.options.get("slip", False))
    for claim in context.claims.equations:
        if claim.quoted or (context.document.blocks[claim.block].kind is BlockKind.HTML and not computes(claim.equation.left)):
            continue
        if relation_kind(claim.equation) not in wanted:
            continue
        if told_as_wrong(context, claim):
            continue
        comparisons, fixes = _compared(context, claim)
        result = verdict(comparisons)
        if result == "unclear":
            continue
        best = _representative(comparisons)
        if result == "fits":
            if not slips:
                yield _holds(rule, context, claim, comparisons)
            continue
        if (
            _fits_in_unit_from_page(context, claim, comparisons)
            or _fits_in_units_from_page(context, claim)
            or _in_points(claim, comparisons)
        ):
            continue
        read = [q.unit for q in (*operands(claim.equation.left), *operands(claim.equation.right)) if q.unit is not None]
        slip = _slip(comparisons, any(("information", 1.0) in unit.hard for unit in read))
        if slip and _counted_in_header(context, claim):
            continue
        if bool(slip) != slips or (slip and _units_left_out(context, claim)):
            continue
        if left_unsaid(context, claim, comparisons, slip):
            continue
        yield _contradicted(rule, context, claim, comparisons, best, slip, fixes)


def _counted_in_header(context: Context, claim: EquationClaim) -> bool:
    """Whether a result without a unit stands in a table, whose header may say in what it counts."""
    bare = not any(q.unit_text or q.magnitude_text for q in operands(claim.equation.right))
    return bare and context.document.blocks[claim.block].cell is not None


def _in_gigabytes(claim: EquationClaim) -> bool:
    """Whether every amount with a prefixed byte is in GB: a page that fixes GB may still count MB as tools do."""
    units = [q.unit.canonical for side in (claim.equation.left, claim.equation.right) for q in operands(side) if q.unit]
    sized = [name for name in units if any(prefix in name for prefix in ("kilobyte", "megabyte", "gigabyte", "terabyte"))]
    return bool(sized) and all("gigabyte" in name for name in sized)


def _compared(context: Context, claim: EquationClaim) -> tuple[tuple[Comparison, ...], tuple[Location, ...]]:
    """The readings that the document's gigabyte leaves, and the sentence that fixes it where that decides."""
    fixed = [value for value in ("decimal", "binary") if context.admits("gigabyte", value)]
    every = compare(claim.equation)
    if len(fixed) != 1 or verdict(every) != "fits" or not _in_gigabytes(claim) or not _kept(context.claims, fixed == ["binary"]):
        return every, ()
    left = compare(claim.equation, fixed == ["binary"])
    return left, () if verdict(left) == "fits" else context.fixing("gigabyte")


_MOST_LAPSES = 1


@lru_cache(maxsize=4)
def _kept(claims: ClaimSet, binary: bool) -> bool:
    """Whether the page computes with the gigabyte that it defines: a table of powers binds nobody who does not use it."""
    told = (claim.equation for claim in claims.equations if not claim.quoted and _in_gigabytes(claim))
    lapses = (equation for equation in told if verdict(compare(equation)) == "fits" and verdict(compare(equation, binary)) != "fits")
    return len(list(islice(lapses, _MOST_LAPSES + 1))) <= _MOST_LAPSES


def _fits_in_unit_from_page(context: Context, claim: EquationClaim, comparisons: tuple[Comparison, ...]) -> bool:
    """`2 × 997 = 1.99 GB` after "997 MB": an operand without a unit has the one it was introduced with."""
    right = claim.equation.right
    if not isinstance(right, Operand) or right.quantity.unit is None or not right.quantity.unit.hard:
        return False
    bare = {q.number.value for q in operands(claim.equation.left) if q.unit is None and not q.magnitude_text}
    known = _units_by_value(context.claims)
    hard = right.quantity.unit.hard
    units = {unit for value in bare for unit in known.get(value, ()) if unit.hard == hard}
    scaled = (
        replace(c, computed=c.computed.scaled(unit_scale(unit, c.convention)))
        for c in comparisons for unit in units if c.comparable and not c.convention.own_unit
    )  # fmt: skip
    return any(c.fits or c.nearly for c in scaled)


_TELLING_DIGITS = 3
_MOST_SUBSTITUTES = 4


def _fits_in_units_from_page(context: Context, claim: EquationClaim) -> bool:
    """`6.47 + (0.2606 × 50) × 1,200 = 21.7 GB` on a page with 6.47 GB and 0.2606 MB per token: each number in its own unit."""
    known = _units_by_value(context.claims)
    bare = [q for q in operands(claim.equation.left) if q.unit is None and not q.magnitude_text and q.number.digits >= _TELLING_DIGITS]
    units = {
        q.start: _of_one_period(min(known[q.number.value], key=lambda u: u.canonical))
        for q in bare
        if len(known.get(q.number.value, ())) == 1
    }
    if not units or len(units) > _MOST_SUBSTITUTES:
        return False
    left = _in_units(claim.equation.left, units)
    return any(c.comparable and (c.fits or c.nearly) for c in compare(replace(claim.equation, left=left)))


def _of_one_period(read: Unit) -> Unit:
    """`GB` for `GB/day`: what comes in each period."""
    head, slash, _ = read.canonical.partition(")/(")
    return unit(head.lstrip("(")) if slash and ("time", -1.0) in read.hard else read


def _in_units(expression: Expression, units: Mapping[int, Unit]) -> Expression:
    if isinstance(expression, Operand):
        quantity = expression.quantity
        return Operand(replace(quantity, units=(units[quantity.start],))) if quantity.start in units else expression
    return Operation(expression.operator, _in_units(expression.left, units), _in_units(expression.right, units))


def _in_points(claim: EquationClaim, comparisons: tuple[Comparison, ...]) -> bool:
    """`80 % − 18 % = 62 points`: percentages that a bare number counts."""
    right = claim.equation.right
    bare = isinstance(right, Operand) and right.quantity.unit is None
    shares = [q.unit is not None and q.unit.canonical == "percent" for q in operands(claim.equation.left)]
    return bare and all(shares) and any(c.convention.face and (c.fits or c.nearly) for c in _faces(claim, comparisons))


def _faces(claim: EquationClaim, comparisons: tuple[Comparison, ...]) -> Iterator[Comparison]:
    """The comparisons with the printed numbers alone; percentages as points."""
    yield from (c for c in comparisons if c.convention.face)
    for c in comparisons:
        if c.comparable:
            yield replace(c, convention=replace(c.convention, face=True), computed=c.computed.scaled(100.0))
    del claim


def _units_left_out(context: Context, claim: EquationClaim) -> bool:
    """`8.4 / 4,310 = 1.95` after "8.4 kW": a power of ten between bare numbers is the prefix of a unit told before."""
    bare = [q for q in operands(claim.equation.left) if q.unit is None and not q.magnitude_text]
    known = _units_by_value(context.claims)
    everything, right = [*operands(claim.equation.left)], claim.equation.right
    if not isinstance(right, Operand) or right.quantity.unit is not None:
        return False
    return len(bare) == len(everything) and any(unit.factor not in (1.0, 0.01) for q in bare for unit in known.get(q.number.value, ()))


@lru_cache(maxsize=4)
def _units_by_value(claims: ClaimSet) -> dict[float, set[Unit]]:
    """The hard units in which the page prints each number."""
    out: dict[float, set[Unit]] = {}
    for number in claims.numbers:
        quantity = number.quantity
        if quantity is not None and quantity.unit is not None and quantity.unit.hard:
            out.setdefault(quantity.number.value, set()).add(quantity.unit)
    return out


def told_as_wrong(context: Context, claim: EquationClaim) -> bool:
    """`**Claimed**: 8 × 8 × 2 = 64`: the text itself calls the equation a mistake."""
    number = context.claims.numbers[claim.numbers[0]] if claim.numbers else None
    title = context.document.sections[context.document.blocks[claim.block].section].title
    words = [normalise(title), normalise(number.label if number else "")]
    mistakes = word_list("modality")
    if any(match.name == "mistaken" and _announces(part, match) for part in words for match in mistakes.find(part)):
        return True
    return any(match.name == "denied" for match in mistakes.find_in(number.sentence_text if number else ""))


# "Error budget", "issue tracker" and "rounding error" announce no mistake of somebody's.
_AMBIGUOUS = frozenset({"error", "issue", "bug", "claim", "naive"})
_GOES_ON = frozenset(
    {
        "found",
        "identified",
        "detected",
        "in",
        "of",
        "and",
        "with",
        "report",
        "list",
        "summary",
        "by",
        "made",
        "to",
        "correction",
        "corrected",
    }
)
_MEASURED_ERRORS = frozenset(
    {"rounding", "quantization", "quantisation", "relative", "absolute", "mean", "numerical", "numeric", "approximation", "estimation",
     "standard", "measurement", "training", "test", "validation", "prediction", "no", "zero", "any"}
)  # fmt: skip


def _announces(words: tuple[str, ...], match: Match) -> bool:
    """Whether a word that may mean a mistake does: it ends its label, or is told of ("errors found")."""
    if not _AMBIGUOUS.intersection(words[match.start : match.end]):
        return True
    before = words[match.start - 1] if match.start else ""
    after = words[match.end] if match.end < len(words) else ""
    return before not in _MEASURED_ERRORS and (not after or after in _GOES_ON or after.isdigit())


def _representative(comparisons: tuple[Comparison, ...]) -> Comparison:
    for comparison in comparisons:
        if comparison.fits:
            return comparison
    comparable = [c for c in comparisons if c.comparable]
    # shown in decimal units: a reader's calculator knows no GiB
    return min(comparable or comparisons, key=lambda c: (c.convention.binary_bytes, c.convention.binary_counts, abs(_log_ratio(c))))


def _log_ratio(comparison: Comparison) -> float:
    computed, claimed = abs(comparison.computed.middle), abs(comparison.claimed.middle)
    return math.log(computed / claimed) if computed > 0 and claimed > 0 else 99.0


def _slip(comparisons: tuple[Comparison, ...], bits: bool) -> float:
    """1000, 0.001, 8, … when the two sides are exactly such a factor apart under some reading; else 0."""
    for comparison in sorted((c for c in comparisons if c.comparable), key=lambda c: abs(_log_ratio(c)))[:1]:
        computed, claimed = comparison.computed.middle, comparison.claimed.middle
        if not computed or not claimed:
            continue
        ratio = computed / claimed
        factors: tuple[float, ...] = (1e3, 1e6, 1e9, 1e-3, 1e-6, 1e-9, *((8.0, 0.125) if bits else ()))
        for factor in factors:
            allowed = 0.02 if factor in (8.0, 0.125) else _SLIP_TOLERANCE
            if abs(ratio / factor - 1) < allowed:
                return factor
            exact = comparison.claimed.overlaps(comparison.computed.scaled(1 / factor))
            if exact and factor not in (8.0, 0.125) and abs(ratio / factor - 1) < 0.2:
                return factor
    return 0.0


def _holds(rule: Rule, context: Context, claim: EquationClaim, comparisons: tuple[Comparison, ...]) -> Verdict:
    """The arithmetic of the line is right: that is said of its result; its operands are premises.

    Where both sides compute, neither is a result, and the numbers of the second are consistent with the first.
    """
    results, status = results_of(context, claim), arithmetic_status(claim.equation, comparisons)
    if not results:
        starts = {quantity.start for quantity in operands(claim.equation.right)}
        results, status = tuple(i for i in claim.numbers if context.claims.numbers[i].start in starts), Status.CONSISTENT
    premises = tuple(index for index in claim.numbers if index not in results)
    return Verdict(rule.name, status, results, premises, _derivation(claim))


def results_of(context: Context, claim: EquationClaim) -> tuple[int, ...]:
    """The number that an equation states, none where both sides compute; of two amounts the second is the first converted."""
    sides = (claim.equation.right, claim.equation.left)
    stated = next((side for side in sides if isinstance(side, Operand)), None)
    numbers = context.claims.numbers
    return tuple(
        index for index in claim.numbers
        if stated is not None and numbers[index].start == stated.quantity.start and numbers[index].block == claim.block
    )  # fmt: skip


def _derivation(claim: EquationClaim) -> str:
    """The computation with its result, as printed."""
    sides = (claim.equation.left, claim.equation.right)
    return " = ".join(" ".join(expression_text(side).split()) for side in sides)


def expression_text(expression: Expression) -> str:
    if isinstance(expression, Operand):
        return expression.quantity.text.strip()
    left, right = expression_text(expression.left), expression_text(expression.right)
    operator = {"/": "÷", "-": "−"}.get(expression.operator, expression.operator)
    if expression.operator in ("×", "/"):
        left = f"({left})" if _additive(expression.left) else left
        right = f"({right})" if not isinstance(expression.right, Operand) else right
    return f"{left} {operator} {right}"


def _additive(expression: Expression) -> bool:
    return isinstance(expression, Operation) and expression.operator in ("+", "-")


def _contradicted(
    rule: Rule,
    context: Context,
    claim: EquationClaim,
    comparisons: tuple[Comparison, ...],
    best: Comparison,
    slip: float,
    fixes: tuple[Location, ...],
) -> Verdict:
    equation = claim.equation
    left_computes = computes(equation.left)
    computation = equation.left if left_computes else equation.right
    stated = equation.right if left_computes else equation.left
    formula = expression_text(computation)
    target = stated.quantity if isinstance(stated, Operand) else None
    claimed = target.text if target else expression_text(stated)
    computed_value = _nominal(computation, best, target, best.computed.middle if left_computes else best.claimed.middle)
    claimed_value = _nominal(stated, best, None, best.claimed.middle if left_computes else best.computed.middle)
    computed = in_unit_of(target, computed_value, best)
    block = context.document.blocks[claim.block]
    spans = [block.source_span(q.start, q.end) for q in ([target] if target else operands(stated))]
    location = context.location(claim.span if equation.relation == "|" else spans[0], "claim")
    if len(spans) > 1:
        location = context.location(claim.span, "claim")
    premise = list(operands(computation))
    start, end = min(q.start for q in premise), max(q.end for q in premise)
    related = [context.location(block.source_span(start, end), "computation"), *fixes]
    gap = computed_value / claimed_value if claimed_value else 0.0
    message = f"claims {' '.join(claimed.split())}, but {formula} = {computed}"
    if slip:
        message += f"; {_slip_text(slip)}"
    elif gap:
        message += f" ({_gap_text(gap)})"
    tried = _tried(formula, comparisons, target, computation, left_computes)
    suggestion = _suggest(context, claim, computation, target, computed, computed_value, slip, best)
    judged = results_of(context, claim)
    return Verdict(
        rule.name,
        Status.CONTRADICTED,
        judged or claim.numbers[-1:],
        tuple(i for i in claim.numbers if i not in judged),
        f"{formula} = {computed}",
        finding(
            rule, context, message, location, block=claim.block, claimed=claimed, computed=computed, formula=f"{formula} = {computed}",
            readings=tried, related=related, suggestion=suggestion, root=f"{claim.block}:{equation.start}",
        ),
    )  # fmt: skip


def _gap_text(gap: float) -> str:
    if gap >= 1.95 or gap <= 0.51:
        factor = gap if gap > 1 else 1 / gap
        return f"the claim is too {'small' if gap > 1 else 'large'} by a factor of {number_text(factor, 3)}"
    share = abs(1 / gap - 1) * 100
    return f"off by {share:.0f} %" if share >= 10 else f"off by {number_text(share, 2)} %"


def _slip_text(slip: float) -> str:
    if slip in (8.0, 0.125):
        return "bits and bytes are confused (a factor of 8)"
    size = _SLIPS[slip if slip > 1 else round(1 / slip)]
    return f"the claim is too {'small' if slip > 1 else 'large'} by a factor of one {size}"


def in_unit_of(target: Quantity | None, value: float, best: Comparison, digits: int = 4) -> str:
    """The computed value in the unit the author used, with the prefix that makes it readable, to so many digits."""
    if target is None:
        return number_text(value)
    choice = 1 if len(target.units) > 1 and target.start in best.convention.choice else 0
    factor = target.units[choice].factor if target.units and not best.convention.face else 1.0
    plain = value / factor / target.magnitude
    readable = _READABLE[0] <= abs(plain) < _READABLE[1] or value == 0
    if target.units and not readable and not target.magnitude_text and not best.convention.face:
        prefixed = _with_prefix(target, value)
        if prefixed:
            return prefixed
    if not target.units and not readable:
        return f"{value:,.0f}" if 1 <= abs(value) < 1e9 else f"{value:.4g}"
    suffix = f"{target.magnitude_text}{' ' + target.unit_text if target.unit_text else ''}"
    glue = "" if not target.units or target.magnitude_text or target.currency else " "
    text = f"{number_text(plain, digits)}{glue}{suffix.strip() if not target.magnitude_text else suffix}"
    return f"${text}" if target.currency else text


_READABLE = (0.05, 1e5)
_PREFIXABLE = frozenset({"B", "FLOPS", "Flops", "FLOP", "FLOPs", "flops", "Bps", "bps", "b", "OPS", "Wh", "W"})


def _with_prefix(target: Quantity, value: float) -> str:
    """`8.59 GFLOP per layer` for 0.00859 TFLOP; "" when the unit takes no decimal prefix."""
    unit, _, rest = target.unit_text.partition(" ")
    symbol, slash, below = unit.partition("/")
    head, tail = symbol[:1], symbol[1:]
    if head not in "kKMGTPE" or tail not in _PREFIXABLE:
        return ""
    base = target.units[0].factor / {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}[head]
    amount = value / base
    for letter, size in (("E", 1e18), ("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("K", 1e3), ("", 1.0)):
        if abs(amount) >= size:
            return f"{number_text(amount / size)} {letter}{tail}{slash}{below}{' ' + rest if rest else ''}"
    return ""


def _nominal(computation: Expression, comparison: Comparison, target: Quantity | None, otherwise: float) -> float:
    value = nominal_value(computation, comparison.convention, target)
    return otherwise if value is None else value / comparison.periods


def _tried(
    formula: str, comparisons: tuple[Comparison, ...], target: Quantity | None, computation: Expression, left_computes: bool
) -> tuple[ReadingTried, ...]:
    out: dict[tuple[str, str], ReadingTried] = {}
    for comparison in comparisons:
        if not comparison.comparable or comparison.convention.binary_bytes:
            continue
        otherwise = comparison.computed if left_computes else comparison.claimed
        value = _nominal(computation, comparison, target, otherwise.middle)
        computed = in_unit_of(target, value, comparison)
        name = comparison.convention.describe()
        out.setdefault((computed, ""), ReadingTried(name, formula, computed, comparison.fits))
    return tuple(out.values())[:6]


def _suggest(
    context: Context,
    claim: EquationClaim,
    computation: Expression,
    target: Quantity | None,
    computed: str,
    value: float,
    slip: float,
    best: Comparison,
) -> Suggestion | None:
    """What to write instead, where that is certain: the right prefix, or a result whose operands the page states twice."""
    if target is None:
        return None
    if not slip:
        return recomputed(context, claim, computation, target, computed, value / printed_size(target, best.convention))
    off = slip if computes(claim.equation.left) else 1 / slip
    if not target.units or not best.claimed.overlaps(best.computed.scaled(1 / slip)):
        return None
    return with_prefix(context, claim.block, target, off, computation)

"""Written results that no rounding of the computation prints, although the operands may have more digits than are shown."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stratlint.claims.claim import EquationClaim
from stratlint.claims.equation import Expression, Operand, computes, operands
from stratlint.claims.syntax import Quantity
from stratlint.document import BlockKind
from stratlint.rules.arithmetic import Comparison, compare, nominal_value, verdict
from stratlint.rules.checks.equations import expression_text, in_unit_of, told_as_wrong
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.rule import Rule

_LEAST_DIGITS = 2


def check_last_digit(rule: Rule, context: Context) -> Iterator[Verdict]:
    """An equation that is not called wrong, but whose result is not what it computes, rounded at the printed digit."""
    for claim in context.claims.equations:
        target = _result(claim)
        if target is None or claim.quoted or claim.equation.relation not in ("=", "==", "|"):
            continue
        if context.document.blocks[claim.block].kind is BlockKind.HTML or told_as_wrong(context, claim):
            continue
        if target.approximate or any(operand.approximate for operand in operands(claim.equation.left)):
            continue
        near = _nearest(claim, target)
        if near is not None:
            yield _remark(rule, context, claim, target, *near)


def _result(claim: EquationClaim) -> Quantity | None:
    """The number that closes a computation, when its digits say how it was rounded."""
    right = claim.equation.right
    if not computes(claim.equation.left) or not isinstance(right, Operand):
        return None
    quantity = right.quantity
    return quantity if quantity.number.digits >= _LEAST_DIGITS and quantity.high is None else None


def _nearest(claim: EquationClaim, target: Quantity) -> tuple[Comparison, float] | None:
    """The plainest comparable reading with its nominal value, unless some reading prints the result as it stands."""
    comparisons = compare(claim.equation)
    if verdict(comparisons) == "contradicted":
        return None
    found: tuple[Comparison, float] | None = None
    for comparison in comparisons:
        value = nominal_value(claim.equation.left, comparison.convention, target)
        if value is None or not comparison.comparable:
            continue
        value = _of_its_prefix(value / comparison.periods, nominal_value(claim.equation.right, comparison.convention))
        if _prints(value, comparison, claim.equation.right, target):
            return None
        if found is None and (comparison.fits or comparison.nearly):
            found = comparison, value
    return found


def _of_its_prefix(value: float, claimed: float | None) -> float:
    """*value* without the thousands that an elided unit leaves open: 512 × 415 (TFLOPS) = 212 PFLOPS."""
    if not claimed or value <= 0 or claimed <= 0:
        return value
    return float(value / 1000.0 ** round(math.log(value / claimed, 1000)))


def _prints(value: float, comparison: Comparison, right: Expression, target: Quantity) -> bool:
    """Whether *value*, rounded at the last digit that is printed, is the result."""
    claimed = nominal_value(right, comparison.convention)
    if not claimed or not target.number.value:
        return True
    unit = abs(claimed / target.number.value) * target.number.ulp
    gap = (value - claimed) / unit
    return -0.5 - 1e-6 <= gap <= 0.5 + 1e-6 or math.isclose(value, claimed, rel_tol=1e-9)


def _remark(rule: Rule, context: Context, claim: EquationClaim, target: Quantity, comparison: Comparison, value: float) -> Verdict:
    formula = expression_text(claim.equation.left)
    computed = in_unit_of(target, value, comparison, digits=max(4, target.number.digits + 1))
    message = f"prints {' '.join(target.text.split())}, but {formula} = {computed}"
    place = context.location(context.document.blocks[claim.block].source_span(target.start, target.end), "claim")
    return Verdict(
        rule.name, Status.NOT_CHECKED, (), claim.numbers, f"{formula} = {computed}",
        finding(
            rule, context, message, place, block=claim.block, claimed=target.text, computed=computed,
            formula=f"{formula} = {computed}", root=f"digit:{claim.block}:{claim.equation.start}",
        ),
    )  # fmt: skip

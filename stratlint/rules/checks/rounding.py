"""Written results that no rounding of the computation prints, although the operands may have more digits than are shown."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stratlint.claims.amount import Amount
from stratlint.document import BlockKind
from stratlint.laws.comparison import Tried
from stratlint.laws.equations import judged
from stratlint.laws.figures import in_unit_of
from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.page import page_of
from stratlint.meaning.proposal import Compute, uses
from stratlint.meaning.written import Sign
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.rule import Rule

_LEAST_DIGITS = 2
_SHOWN_DIGITS = 4
_HALF = 0.5 + 1e-6
_SAME = 1e-9
_THOUSAND = 1000.0


def check_last_digit(rule: Rule, context: Context) -> Iterator[Verdict]:
    """An equation that is not called wrong, but whose result is not what it computes, rounded at the printed digit."""
    for equation, judgement in judged(page_of(context.claims)):
        if equation.sign not in (Sign.EQUALS, Sign.CELL) or equation.approximate or judgement.outcome is Outcome.REFUTED:
            continue
        if context.document.blocks[equation.block].kind is BlockKind.HTML or not _rounded(judgement):
            continue
        near = _nearest(judgement)
        if near is not None:
            yield _remark(rule, context, judgement, *near)


def _rounded(judgement: Judgement) -> bool:
    """Whether the result closes a computation, and its digits say how it was rounded."""
    proposal = judgement.proposal
    claim, place = proposal.claim.amount, proposal.claim.place
    if not isinstance(proposal.expression, Compute) or place is None or place.number < 0 or claim.ranged or claim.approximate:
        return False
    return _digits(claim) >= _LEAST_DIGITS and not any(use.amount.approximate for use in uses(proposal.expression))


def _digits(claim: Amount) -> int:
    """How many digits of a claim count."""
    return 1 + math.floor(math.log10(abs(claim.value) / claim.step) + _SAME) if claim.value and claim.step else 0


def _nearest(judgement: Judgement) -> tuple[Tried, float] | None:
    """The plainest reading that comes near with its value in the claim's unit, unless some reading prints the result as it stands."""
    claim = judgement.proposal.claim.amount
    found: tuple[Tried, float] | None = None
    for tried in judgement.tried:
        if not tried.decides or not tried.factor:
            continue
        value = _of_its_prefix(tried.nominal / tried.factor, claim.value)
        if abs(value - claim.value) <= _HALF * claim.step or math.isclose(value, claim.value, rel_tol=_SAME):
            return None
        if found is None and (tried.fits or tried.nearly):
            found = tried, value
    return found


def _of_its_prefix(value: float, claimed: float) -> float:
    """*value* without the thousands that an elided unit leaves open: 512 × 415 (TFLOPS) = 212 PFLOPS."""
    if value <= 0 or claimed <= 0:
        return value
    return float(value / _THOUSAND ** round(math.log(value / claimed, _THOUSAND)))


def _remark(rule: Rule, context: Context, judgement: Judgement, tried: Tried, value: float) -> Verdict:
    proposal = judgement.proposal
    claim, place = proposal.claim.amount, proposal.claim.place
    assert place is not None
    computed = in_unit_of(claim, value * tried.factor, tried.factor, max(_SHOWN_DIGITS, _digits(claim) + 1))
    formula = f"{judgement.formula} = {computed}"
    claimed = " ".join(claim.text.split())
    numbers = [use.place.number for use in uses(proposal.expression) if use.place is not None and use.place.number >= 0]
    return Verdict(
        rule.name, Status.NOT_CHECKED, (), (*numbers, place.number), formula,
        finding(
            rule, context, f"prints {claimed}, but {formula}", context.location(place.span, "claim"), block=place.block,
            claimed=claim.text, computed=computed, formula=formula, root=f"digit:{place.block}:{place.start}",
        ),
    )  # fmt: skip

"""The form of a relation, whoever proposed it: what a reader would call the mistake when it is refuted."""

from __future__ import annotations

import math
from enum import StrEnum

from stratlint.claims.amount import Amount
from stratlint.laws.comparison import Agreement
from stratlint.laws.judge import Judgement, Outcome
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Use, uses

_THOUSAND = 1000.0
_MOST_STEPS = 3
_BITS = 8.0
_INFORMATION = "information"
_WHOLE = 1e-6


class Form(StrEnum):
    """The forms; each is reported under a rule of its own."""

    PRODUCT = "product"
    QUOTIENT = "quotient"
    SUM = "sum"
    PERCENTAGE = "percentage"
    CHANGE = "change"
    CONVERSION = "conversion"
    MAGNITUDE = "magnitude"
    RESTATED = "restated"
    LIMIT = "limit"
    DIVISION = "division"
    RANGE = "range"
    LAYOUT = "layout"
    DEVICE = "device"
    MODEL = "model"
    SETTING = "setting"


_BY_FAMILY = {
    "listed": Form.RESTATED, "setting": Form.SETTING, "launch": Form.SETTING, "role": Form.SETTING,
    "layout": Form.LAYOUT, "partition": Form.RANGE, "statement-change": Form.CHANGE, "sentence-change": Form.CHANGE,
    "plain-change": Form.CHANGE, "factor-and-change": Form.CHANGE, "contrast": Form.CHANGE,
    "conversion": Form.CONVERSION, "duration": Form.CONVERSION,
    "all-experts": Form.MODEL,
}  # fmt: skip


def form_of(judgement: Judgement) -> Form:
    """The form of a judged relation; of a refuted equality also how far it is off."""
    form = _form(judgement.proposal)
    slips = judgement.outcome is Outcome.REFUTED and isinstance(judgement.proposal.expression, Compute) and slip_of(judgement)
    return Form.MAGNITUDE if slips and form is not Form.LAYOUT else form


def _form(proposal: Proposal) -> Form:
    known = _BY_FAMILY.get(proposal.family)
    if known is not None:
        return known
    if proposal.relation is Relation.DIVIDES:
        return Form.DIVISION
    if proposal.relation is not Relation.EQUALS:
        return Form.LIMIT
    claim, expression = proposal.claim.amount, proposal.expression
    if isinstance(expression, Use):
        if expression.place is None:
            return Form.DEVICE if expression.amount.hard else Form.MODEL
        other = expression.amount
        converted = any(each.hard == claim.hard and each.factor != claim.first.factor for each in other.readings)
        return Form.CONVERSION if claim.hard and converted and claim.unit_text != other.unit_text else Form.RESTATED
    if _is_change(expression):
        return Form.CHANGE
    if claim.percent:
        return Form.PERCENTAGE
    return {"+": Form.SUM, "-": Form.SUM, "×": Form.PRODUCT, "/": Form.QUOTIENT, "^": Form.PRODUCT}[expression.operator]


def _is_change(expression: Expression) -> bool:
    """`b ÷ a − 1`, `1 − b ÷ a`, `(b − a) ÷ a`, a percent sign or a hundred behind them."""
    if not isinstance(expression, Compute):
        return False
    left, right = expression.left, expression.right
    if expression.operator == "×" and isinstance(right, Use) and (right.amount.percent or right.amount.value == 100):
        return _is_change(left)
    if expression.operator == "-":
        one, quotient = (right, left) if isinstance(right, Use) else (left, right)
        unity = isinstance(one, Use) and one.amount.value == 1 and not one.amount.unit_text
        return unity and isinstance(quotient, Compute) and quotient.operator == "/"
    if expression.operator == "/" and isinstance(left, Compute) and left.operator == "-" and isinstance(right, Use):
        return any(isinstance(each, Use) and each.amount.first == right.amount.first for each in (left.left, left.right))
    return False


def slip_of(judgement: Judgement) -> float:
    """How many times too small the claim is where that is exactly a prefix, or the eight of bits and bytes; 0 elsewhere.

    0.001 says that it is a thousand times too large.
    """
    best, proposal = judgement.best, judgement.proposal
    claim = proposal.claim.amount
    if best is None or proposal.relation is not Relation.EQUALS or not best.decides or best.agreement is Agreement.NOUNS:
        return 0.0
    if isinstance(proposal.expression, Use) and proposal.expression.place is not None:
        return 0.0  # two quantities that differ by a prefix may be two
    steps = [_THOUSAND**power for power in range(1, _MOST_STEPS + 1)] if claim.unit_text or claim.magnitude != 1.0 else []
    bits = [_BITS] if _mixes_bits(claim, proposal.expression) else []
    for size in (*steps, *bits):
        for factor in (size, 1 / size):
            if best.claimed.overlaps(best.computed.scaled(1 / factor)):
                return factor
    return 0.0


def _mixes_bits(claim: Amount, expression: Expression) -> bool:
    """Whether bits and bytes can have been confused: both stand in the relation, or an eight that converts them."""
    if not any(name == _INFORMATION for name, _ in claim.hard):
        return False
    amounts = [use.amount for use in uses(expression)]
    sized = [in_bits(each) for each in (claim, *amounts) if each.hard]
    return any(sized) or any(each.value in (_BITS, 1 / _BITS) and not each.unit_text for each in amounts)


def in_bits(amount: Amount) -> bool:
    """Whether its unit is a decimal or binary multiple of a bit."""
    size = amount.first.factor * _BITS
    return any(abs(math.log(size, base) - round(math.log(size, base))) < _WHOLE for base in (1000, 1024))


def is_eight(expression: Expression) -> bool:
    """Whether it is an eight without a unit, as bits of a byte are."""
    return isinstance(expression, Use) and expression.amount.exact and expression.amount.value == _BITS and not expression.amount.unit_text


def divides_by_eight(expression: Expression) -> bool:
    """Whether something in it is divided by such an eight."""
    if isinstance(expression, Use):
        return False
    eight = expression.operator == "/" and is_eight(expression.right)
    return eight or divides_by_eight(expression.left) or divides_by_eight(expression.right)

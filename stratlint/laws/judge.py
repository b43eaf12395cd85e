"""The one judge: whether a proposed relation holds under any admissible reading of its amounts.

HOLDS and REFUTED need the same strictness: the printed digits decide. What can be neither is BOUNDED (it fits within a bound, a
rounding or an approximation) or OPEN (nothing comparable, or no value), with what was tried.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from stratlint.claims.amount import Amount
from stratlint.laws.comparison import Agreement, Tried, compared, in_one_printed_unit
from stratlint.laws.evaluate import MismatchError, UndefinedError, World, evaluate, worlds
from stratlint.laws.figures import formula_text, in_unit_of
from stratlint.meaning.proposal import Proposal, Relation, Use, uses

_FAR = 1e3
# Readings that differ by no more than binary prefixes do are shown in decimal ones: a reader's calculator knows no GiB.
_ALIKE = math.log(1.13)
_LIKE = 1e-9
_SHORT = 1e-3
# Of what is refuted by less than its printed digits show.
_MORE_DIGITS = 7


class Outcome(StrEnum):
    """What the judge says of a proposal."""

    HOLDS = "holds"
    BOUNDED = "bounded"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A proposal with its outcome. `computed` and `formula` are texts for the evidence; `reason` says why it is open or bounded,
    `doubted` that no reading fits, but another finding has told it or its premise is contradicted.
    """

    proposal: Proposal
    outcome: Outcome
    tried: tuple[Tried, ...] = ()
    reason: str = ""
    doubted: bool = False

    @property
    def best(self) -> Tried | None:
        """The reading to show: the first that fits, else of those that decide the plainest of the ones nearest to the claim.

        Of published figures the one that was proposed, whichever other is in use.
        """
        deciding = [each for each in self.tried if each.decides] or list(self.tried)
        fitting = next((each for each in deciding if each.fits), None)
        if fitting is not None or not deciding:
            return fitting
        published = isinstance(self.proposal.expression, Use) and self.proposal.expression.place is None
        nearest = min(map(distance, deciding[:1] if published else deciding))
        return next(each for each in deciding if distance(each) <= nearest + _ALIKE)

    @property
    def computed(self) -> str:
        """The computed value in the claim's unit."""
        best, claim = self.best, self.proposal.claim.amount
        if best is None:
            return ""
        text = in_unit_of(claim, best.nominal, best.factor)
        same = self.outcome is Outcome.REFUTED and text.replace(" ", "") == claim.text.replace(" ", "")
        return in_unit_of(claim, best.nominal, best.factor, _MORE_DIGITS) if same else text

    @property
    def formula(self) -> str:
        """The expression with the numbers in it, as printed."""
        best = self.best
        return formula_text(best.expression if best else self.proposal.expression)


def judge(proposal: Proposal, binary: tuple[bool, ...] = (False, True)) -> Judgement:
    """Judge a proposal under every admissible reading; *binary*: how the page lets decimal prefixes of bytes be read."""
    claim = proposal.claim.amount
    tried: list[Tried] = []
    reason = "units do not cancel"
    for expression in (proposal.expression, *proposal.otherwise):
        if len({amount.currency for amount in (claim, *(use.amount for use in uses(expression)))} - {""}) > 1:
            reason = "no rate between its currencies is known"
            continue
        for world in worlds(claim, expression, binary=binary):
            try:
                value = evaluate(expression, world)
            except (UndefinedError, MismatchError) as error:
                reason = str(error)
                if isinstance(error, MismatchError) and world == World():
                    tried.extend(in_one_printed_unit(proposal, expression))
                continue
            tried.extend(compared(proposal, expression, world, value))
    outcome, why = _outcome(proposal, tried)
    return Judgement(proposal, outcome, tuple(tried), why if tried else reason)


def distance(tried: Tried) -> float:
    """How many powers of e value and claim are apart; to a millionth, so that of equal readings the plainest comes first."""
    computed, claimed = abs(tried.nominal), abs(tried.claimed.middle)
    return round(abs(math.log(computed) - math.log(claimed)), 6) if computed > 0 and claimed > 0 else _FAR


def _outcome(proposal: Proposal, tried: list[Tried]) -> tuple[Outcome, str]:
    deciding = [each for each in tried if each.decides]
    fitting = [each for each in deciding if each.fits]
    if fitting:
        claim = proposal.claim.amount
        if proposal.relation is not Relation.EQUALS or any(map(_open_ended, (claim, *_premises(fitting)))):
            return Outcome.BOUNDED, "within a limit"
        return (Outcome.HOLDS, "") if any(map(_gives, fitting)) else (Outcome.BOUNDED, "within the rounding of its premises")
    if near := [each for each in deciding if each.nearly]:
        loose = next((each.agreement.value for each in near if each.agreement in (Agreement.SIGN, Agreement.COUNTED)), "")
        return Outcome.BOUNDED, loose or "within rounding"
    agree = any(each.fits or each.nearly for each in tried) and not _counts_operations(proposal)
    if deciding and not (agree and all(each.agreement is Agreement.LENT for each in deciding)):
        return Outcome.REFUTED, ""
    return Outcome.OPEN, "the digits agree, but units do not cancel" if agree else "units do not cancel"


def _counts_operations(proposal: Proposal) -> bool:
    """`2 × 1.7B = 3.4 TFLOP`: a size in billions and a number of operations in trillions say both of how many they are."""
    operations = any(name == "computation" for name, _ in proposal.claim.amount.hard)
    return operations and any(use.amount.magnitude != 1.0 for use in uses(proposal.expression))


def _open_ended(amount: Amount) -> bool:
    return bool(amount.bound) or amount.ranged


def _premises(fitting: list[Tried]) -> tuple[Amount, ...]:
    """The amounts of the reading that fits best."""
    return tuple(use.amount for use in uses(fitting[0].expression))


def _gives(tried: Tried) -> bool:
    """Whether the operands as printed give what rounds, or is cut off, to the digits of the claim."""
    slack, claimed = _LIKE * abs(tried.nominal), tried.claimed
    if claimed.exact:
        return abs(tried.nominal - claimed.low) <= slack
    short = min(slack, (claimed.high - claimed.low) * _SHORT)
    return claimed.low - slack <= tried.nominal < claimed.high - short  # 27 is not cut off to 26


__all__ = ["Agreement", "Judgement", "Outcome", "Tried", "distance", "formula_text", "judge"]

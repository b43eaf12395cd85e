"""Relations in GB on a page that says how large its GB are: read in that one way only, as long as the page keeps to it."""

from __future__ import annotations

from collections.abc import Sequence

from stratlint.claims.amount import Amount
from stratlint.laws.judge import Judgement, Outcome, judge
from stratlint.meaning.proposal import Proposal, uses

# A page may forget its own definition once; a table of powers binds nobody who does not use it.
_MOST_LAPSES = 1
_GIGA = 1024**3 / 1e9
_SAME = 1e-6


def in_gigabytes(proposal: Proposal) -> bool:
    """Whether every amount with a prefixed byte is in GB: a page that fixes GB may still count MB as tools do."""
    steps = [step for amount in (proposal.claim.amount, *(use.amount for use in uses(proposal.expression))) if (step := _step(amount))]
    return bool(steps) and all(abs(step - _GIGA) < _SAME for step in steps)


def _step(amount: Amount) -> float:
    """How much larger its unit is when it is meant as a power of two; 0 for units that are not."""
    binary = next((each for each in amount.readings if each.assumes == "binary"), None)
    return binary.factor / amount.first.factor if binary is not None and amount.first.factor else 0.0


def as_fixed(judged: Sequence[Judgement], binary: bool) -> tuple[Judgement, ...]:
    """The judgements with relations in GB refuted that only fit where a GB has the other size; *binary*: a GB is 2^30 bytes."""
    lapses: dict[int, Judgement] = {}
    for index, each in enumerate(judged):
        if each.outcome in (Outcome.HOLDS, Outcome.BOUNDED) and in_gigabytes(each.proposal):
            again = judge(each.proposal, (binary,))
            if again.outcome is Outcome.REFUTED:
                lapses[index] = again
    if len(lapses) > _MOST_LAPSES:
        return tuple(judged)
    return tuple(lapses.get(index, each) for index, each in enumerate(judged))

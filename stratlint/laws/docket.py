"""All proposals of a page, judged together: what follows from a number that is wrong itself is no finding of its own.

Everything is judged and everything is kept; what the docket changes is the outcome: of a conflict that several proposals tell, one
stays refuted, and proposals whose premise is contradicted are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stratlint.laws.blame import Blame
from stratlint.laws.judge import Judgement, judge
from stratlint.meaning.proposal import Proposal, Relation, uses

# A page that computes with one size of GB so often, and with the other hardly ever, means that one.
_OFTEN = 3
_ONCE = 1


def docket(proposals: Iterable[Proposal], binary: tuple[bool, ...] = (False, True)) -> tuple[Judgement, ...]:
    """Judge all *proposals* of a page, in their order; *binary*: how the page lets decimal prefixes of bytes be read."""
    judged = [judge(each, binary) for each in proposals]
    if len(binary) > 1:
        modes = _modes(judged)
        if modes != binary:
            judged = [judge(each.proposal, modes) if _depends(each) else each for each in judged]
    blame = Blame(judged)
    blame.settle()
    return tuple(blame.outcome(each) for each in judged)


def _depends(judgement: Judgement) -> bool:
    claim = judgement.proposal.claim.amount
    amounts = (claim, *(use.amount for use in uses(judgement.proposal.expression)))
    return any(reading.assumes == "binary" for amount in amounts for reading in amount.readings)


def _modes(judged: Sequence[Judgement]) -> tuple[bool, ...]:
    """How the page reads GB: as the relations say that fit in one way only."""
    count = {False: 0, True: 0}
    for each in judged:
        if each.proposal.relation is not Relation.EQUALS or not _depends(each):
            continue
        fitting = {tried.binary for tried in each.tried if tried.fits and tried.decides}
        if len(fitting) == 1:
            count[fitting.pop()] += 1
    for mode in (False, True):
        if count[mode] >= _OFTEN and count[not mode] <= _ONCE and count[mode] > _OFTEN * count[not mode]:
            return (mode,)
    return (False, True)

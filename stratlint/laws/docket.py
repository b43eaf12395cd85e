"""All proposals of a page, judged together: what follows from a number that is wrong itself is no finding of its own.

Everything is judged and everything is kept; what the docket changes is the outcome: of a conflict that several proposals tell, one
stays refuted, and proposals whose premise is contradicted are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stratlint.laws.blame import Blame
from stratlint.laws.judge import Judgement, judge
from stratlint.meaning.proposal import Proposal


def docket(proposals: Iterable[Proposal], binary: tuple[bool, ...] = (False, True)) -> tuple[Judgement, ...]:
    """Judge all *proposals* of a page, in their order.

    *binary*: how the page lets decimal prefixes of bytes be read. A relation that fits in one way only shows that the page means it
    that way there, and says nothing of other relations: pages mix the two.
    """
    return _settled([judge(each, binary) for each in proposals])


def dockets(
    own: Iterable[Proposal], further: Iterable[Proposal], binary: tuple[bool, ...] = (False, True)
) -> tuple[tuple[Judgement, ...], tuple[Judgement, ...]]:
    """Judgements of *own* proposals as they are alone, and of *further* ones together with those.

    What somebody else proposes may contradict a premise of ours, and so would open what rests on it: alone, ours stay.
    """
    judged = [judge(each, binary) for each in own]
    alone = _settled(judged)
    more = [judge(each, binary) for each in further]
    return alone, _settled([*judged, *more])[len(judged) :] if more else ()


def _settled(judged: Sequence[Judgement]) -> tuple[Judgement, ...]:
    blame = Blame(judged)
    blame.settle()
    return tuple(blame.outcome(each) for each in judged)

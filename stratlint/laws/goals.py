"""What is marked as passed keeps the limit that the page sets under the same name somewhere else: in a list of targets, a table of SLOs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stratlint.meaning.goals import Goal
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use

FAMILY = "goal"
_RELATIONS = {"at_most": Relation.AT_MOST, "at_least": Relation.AT_LEAST}
_LIMITED_ABOVE = (("time", 1.0),)


def proposals(page: Page) -> Iterator[Proposal]:
    """Each passed result under the one limit of its name."""
    results = {result.term.place: result for result in page.goals.passed}
    for result in results.values():
        limits = [limit for limit in page.goals.limits if _is_of(limit, result)]
        values = {(limit.term.amount.first.nominal, _relation(limit)) for limit in limits}
        if len(values) == 1 and (relation := _relation(limits[0])) is not None:
            limit = _exactly(limits[0].term.use, relation)
            yield Proposal(result.term.use, relation, limit, Source.STATEMENT, FAMILY, "what is marked as passed keeps its limit")


def _exactly(limit: Use, relation: Relation) -> Use:
    """A limit is what it says, to the digit, whether or not a sign says that it is one."""
    sign = "≤" if relation is Relation.AT_MOST else "≥"
    return limit if limit.amount.bound else replace(limit, amount=replace(limit.amount, bound=sign))


def _is_of(limit: Goal, result: Goal) -> bool:
    """Whether a limit is one of the same quantity, the same percentile, the same plan."""
    same = bool(limit.name) and limit.name == result.name and limit.ranks == result.ranks
    plans = not limit.scenario or not result.scenario or limit.scenario == result.scenario
    return same and plans and limit.term.amount.hard == result.term.amount.hard and bool(limit.term.amount.hard)


def _relation(limit: Goal) -> Relation | None:
    """What a limit asks for; a time without a sign is the longest that is allowed."""
    if limit.direction:
        return _RELATIONS[limit.direction]
    return Relation.AT_MOST if limit.term.amount.hard == _LIMITED_ABOVE else None

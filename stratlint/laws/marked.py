"""Amounts marked as passed one by one, under the limit stated before them: `At most 6 %. Phase 1 at 4.5 % ✅, phase 2 at 8.6 % ✅`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.laws.comparable import bounded, comparable
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "statement-order"
_SKIPPED = frozenset({"change", "before", "free", "target"})


def proposals(page: Page) -> Iterator[Proposal]:
    """Each passed amount as a bound by the one limit of its kind that stands before it in its paragraph or list item."""
    start = 0
    for at, statement in enumerate(page.statements):
        if at and statement.block != page.statements[at - 1].block:
            start = at
        if statement.mark and statement.asserted and not statement.code:
            said = page.statements[start : at + 1]
            for term in _passed(statement.items):
                found = _limit_of(term, said)
                if found is not None:
                    limit, relation = found
                    why = "what is marked as passed keeps its limit"
                    yield Proposal(term.use, relation, limit.use, Source.STATEMENT, FAMILY, why)


def _passed(items: Sequence[Item]) -> Iterator[Term]:
    """The amounts with a sign of success right behind them."""
    for item, following in pairwise(items):
        term = item.term
        if term is None or following.kind is not ItemKind.MARK or "pass" not in following.tags:
            continue
        if not bounded(term) and not term.tags & _SKIPPED and not _limits(term):
            yield term


def _limit_of(term: Term, said: Sequence[Statement]) -> tuple[Term, Relation] | None:
    """The one limit before *term* and what it says of it; None without one, or with several."""
    before = [each for statement in said for each in statement.terms if each.place.start < term.place.start]
    limits = [each for each in before if (relation := _limits(each)) is not None and comparable(each, term) and not each.amount.ranged]
    relation = _limits(limits[0]) if len(limits) == 1 else None
    return (limits[0], relation) if relation is not None else None


def _limits(term: Term) -> Relation | None:
    """Whether a term is an end of what is allowed, and which."""
    at_most, at_least = "at_most" in term.tags, "at_least" in term.tags
    if at_most == at_least:
        return None
    return Relation.AT_MOST if at_most else Relation.AT_LEAST

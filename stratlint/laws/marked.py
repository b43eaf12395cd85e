"""Amounts marked as passed one by one, under the limit stated before them: `At most 6 %. Phase 1 at 4.5 % ✅, phase 2 at 8.6 % ✅`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.laws.comparable import bounded, comparable
from stratlint.meaning.groups import Axis
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "statement-order"
_PERCENTILES = frozenset({"q50", "q90", "q95", "q99", "q999"})
_RANKS = _PERCENTILES | {"mean", "maximum", "minimum", "limit", "floor", "target"}
_SKIPPED = frozenset({"change", "before", "free", "target"})


def proposals(page: Page) -> Iterator[Proposal]:
    """Each passed amount as a bound by the one limit of its kind that stands before it in its paragraph or list item."""
    yield from _of_records(page)
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


def _of_records(page: Page) -> Iterator[Proposal]:
    """`p99 TTFT ≤ 400 ms` in a sentence, and a table of its section whose rows are marked: what passes keeps the limit of its name."""
    limits: dict[int, list[Term]] = {}
    for statement in page.statements:
        if statement.asserted and statement.present and not statement.code and not statement.mark:
            found = (term for term in statement.terms if _limits(term) is not None and not term.amount.ranged and _core(term))
            limits.setdefault(statement.section, []).extend(found)
    for group in page.groups:
        if group.axis is not Axis.RECORD or group.mark != "pass" or not group.asserted:
            continue
        for term in group.terms:
            named = [limit for limit in limits.get(group.section, ()) if _same_name(limit, term)]
            relation = _limits(named[0]) if len(named) == 1 else None
            if relation is not None and not bounded(term) and _limits(term) is None:
                why = "what is marked as passed keeps its limit"
                yield Proposal(term.use, relation, named[0].use, Source.GRID, FAMILY, why, forced=group.sure)


def _same_name(limit: Term, term: Term) -> bool:
    """Whether both are the same rank of the same quantity: "median TPOT" and "TPOT p50"."""
    return comparable(limit, term) and _core(limit) == _core(term) and limit.tags & _PERCENTILES == term.tags & _PERCENTILES


def _core(term: Term) -> frozenset[str]:
    """The words of a name that say of what it is, without those for ranks and limits."""
    known = lexicon()
    return frozenset(word for word in term.name if not known.tagged((word,), 0)[1] & _RANKS)


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
    before = [each for statement in said for each in _outside_brackets(statement) if each.place.start < term.place.start]
    limits = [each for each in before if (relation := _limits(each)) is not None and comparable(each, term) and not each.amount.ranged]
    relation = _limits(limits[0]) if len(limits) == 1 else None
    return (limits[0], relation) if relation is not None else None


def _outside_brackets(statement: Statement) -> Iterator[Term]:
    """The amounts of a sentence that it does not set aside in brackets."""
    depth = 0
    for item in statement.items:
        depth += (item.kind is ItemKind.OPEN) - (item.kind is ItemKind.CLOSE)
        if item.term is not None and depth <= 0:
            yield item.term


def _limits(term: Term) -> Relation | None:
    """Whether a term is an end of what is allowed, and which."""
    at_most, at_least = "at_most" in term.tags, "at_least" in term.tags
    if at_most == at_least:
        return None
    return Relation.AT_MOST if at_most else Relation.AT_LEAST

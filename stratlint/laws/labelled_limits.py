"""What is marked as passed keeps the limit that the label of its line sets: `| TTFT ≤ 2 s | 1.7 s | ✅ |`, `| Fits 72 GB | ✅ | ✅ |`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stratlint.laws.comparable import bounded, comparable
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source

FAMILY = "goal"
_RELATIONS = {"at_most": (Relation.AT_MOST, "≤"), "at_least": (Relation.AT_LEAST, "≥")}


def proposals(page: Page) -> Iterator[Proposal]:
    """Each passed amount under the limit of its line."""
    for each in page.limited:
        if bounded(each.term) or not comparable(each.term, each.limit):
            continue
        relation, sign = _RELATIONS[each.direction]
        use = each.limit.use
        limit = use if use.amount.bound else replace(use, amount=replace(use.amount, bound=sign))
        why = "what is marked as passed keeps its limit"
        yield Proposal(each.term.use, relation, limit, Source.GRID, FAMILY, why)

"""One change as a factor and as a percentage, side by side: `2.2×, an increase of 120 %`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.claims.amount import constant
from stratlint.laws.comparable import is_content
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement

FAMILY = "factor-and-change"
_JOINTS = frozenset({ItemKind.COMMA, ItemKind.OPEN})
_LINKS = frozenset({"namely", "therefore", "function", "change", "down"})
_LONGEST = 8


def proposals(page: Page) -> Iterator[Proposal]:
    """Each percentage of more that stands right behind the factor it restates."""
    for statement in page.statements:
        if statement.asserted:
            yield from _of(statement)


def _of(statement: Statement) -> Iterator[Proposal]:
    items = statement.items
    places = [at for at, item in enumerate(items) if item.term is not None]
    for first, second in pairwise(places):
        factor, share = items[first].term, items[second].term
        assert factor is not None and share is not None
        link, behind = items[first + 1 : second], items[second + 1 : second + 2]
        definite = factor.amount.multiple and share.amount.percent and factor.amount.value > 1
        if definite and not (factor.amount.bound or share.amount.bound or factor.amount.ranged or share.amount.ranged):
            if len(link) <= _LONGEST and _apposed(link) and _is_of_more(link, behind):
                one = Use(constant(1.0, "1"))
                more = Compute("-", factor.use, one)
                yield Proposal(share.use, Relation.EQUALS, more, Source.STATEMENT, FAMILY, "so many times as much is so much more")


def _apposed(link: Sequence[Item]) -> bool:
    """Whether the second only says the first again: "…, i.e. an increase of", "… (a gain of"."""
    set_off = bool(link) and link[0].kind in _JOINTS
    said = any("namely" in item.tags or item.kind is ItemKind.OPEN for item in link)
    names = any(item.kind is ItemKind.STOP or item.kind is ItemKind.SIGN or (is_content(item) and not item.tags & _LINKS) for item in link)
    return set_off and said and not names


def _is_of_more(link: Sequence[Item], behind: Sequence[Item]) -> bool:
    """Whether it is called an increase, not what is left or saved: "an increase of 120 %", "120 % more"."""
    near = (*link[-3:], *behind)
    return any("change" in item.tags for item in near) and not any(item.tags & {"down", "ratio", "speed", "part_of"} for item in near)

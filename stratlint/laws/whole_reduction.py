"""Nothing is reduced by more than all of it: "a reduction of 173 %", "120 % less memory"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.amount import constant
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "whole-reduction"
_ALL = 100.0
# What can be reduced by more than all: a loss turns to a gain; and what is said of a speed may be one of another base.
_BARRED = frozenset({"speed", "ratio", "part_of"})


def proposals(page: Page) -> Iterator[Proposal]:
    """Each percentage of more than a hundred that is called a reduction."""
    for statement in page.statements:
        if statement.asserted and not statement.code:
            yield from _of(statement)


def _of(statement: Statement) -> Iterator[Proposal]:
    for at, item in enumerate(statement.items):
        term = item.term
        if term is not None and _is_more_than_all(term) and _is_reduction(statement.items, at):
            claim = Use(term.amount, term.place, term.use.role)
            whole = Use(constant(1.0, "100 %"))
            yield Proposal(claim, Relation.AT_MOST, whole, Source.STATEMENT, FAMILY, "nothing is reduced by more than all of it")


def _is_more_than_all(term: Term) -> bool:
    amount = term.amount
    return amount.percent and amount.value > _ALL and not (amount.bound or amount.ranged or amount.approximate)


def _is_reduction(items: Sequence[Item], at: int) -> bool:
    """Whether the word for a reduction stands right beside it: "a reduction of", "… less"."""
    behind = items[at + 1 : at + 2]
    ahead = items[max(0, at - 2) : at]
    linked = len(ahead) == 2 and "function" in ahead[1].tags and ahead[1].kind is not ItemKind.COMMA
    near = (*behind, *(ahead[:1] if linked else ()))
    return any("down" in each.tags and not each.tags & _BARRED for each in near)

"""Counts of lists: what a line announces as so many is followed by so many items."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.claims.amount import constant
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, Use
from stratlint.meaning.statement import ItemKind, Statement, Term

FAMILY = "listed"
_MOST = 30
_VAGUE = frozenset({"only", "least_words", "part", "each", "free", "change"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The counts of the lists that lines of the page announce."""
    for statement in page.statements:
        if not statement.introduces or not statement.asserted or statement.heading:
            continue
        announced = [term for at, term in enumerate(statement.terms) if _announces(statement, at, term)]
        if len(announced) == 1:
            items = Use(constant(float(statement.introduces), f"{statement.introduces} items"), None, "the list right below has")
            yield Proposal(
                announced[0].use, Relation.EQUALS, items, Source.GRID, FAMILY, "the list right below",
                asserted=statement.present and statement.asserted,
            )  # fmt: skip


def _announces(statement: Statement, number: int, term: Term) -> bool:
    """Whether a count says how many items come: `these six checks`, `the following four steps`."""
    amount = term.amount
    if not amount.exact or amount.ranged or amount.bound or not 1 < amount.value <= _MOST:
        return False
    if amount.hard or term.tags & _VAGUE or term.whole or not term.noun:
        return False
    at = [index for index, item in enumerate(statement.items) if item.term is not None][number]
    goes_on = at + 1 < len(statement.items) and statement.items[at + 1].kind not in (ItemKind.COLON, ItemKind.STOP)
    return at > 0 and goes_on and "demonstrative" in statement.items[at - 1].tags

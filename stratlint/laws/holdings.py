"""So many things and, in brackets beside them, what they hold: "96 nodes (768 GPUs)", on a page that says how many each of them has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.laws.identity import countable
from stratlint.meaning.groups import Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "holding"
_LOOSE = frozenset({"part", "free", "limit", "target", "before", "after", "change", "least_words", "maximum", "minimum", "only"})


def proposals(page: Page) -> Iterator[Proposal]:
    """Each pair of a count and what it holds, where the page gives one number of these for each."""
    each = each_of(page)
    for statement in page.statements:
        if each and statement.asserted and statement.present and not statement.code:
            for holders, held in _pairs(statement):
                share = each.get((held.noun, holders.noun))
                if share is not None and share.place not in (holders.place, held.place):
                    product = Compute("×", holders.use, share.use)
                    yield Proposal(held.use, Relation.EQUALS, product, Source.STATEMENT, FAMILY, "what so many of them hold together")


def each_of(page: Page) -> dict[tuple[str, str], Term]:
    """How many of one thing each of another holds, by their nouns, where the whole page states one number."""
    found: dict[tuple[str, str], list[Term]] = {}
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    for part in parts:
        for term in part.terms:
            above = [name for name, power in term.dimensions if power == 1.0]
            below = [name for name, power in term.dimensions if power == -1.0]
            if len(above) == len(below) == 1 and len(term.dimensions) == 2 and not term.amount.hard:
                found.setdefault((above[0], below[0]), []).append(term)
    return {
        pair: terms[0]
        for pair, terms in found.items()
        if len({term.amount.first.nominal for term in terms}) == 1 and not terms[0].tags & _LOOSE and not terms[0].unknown
    }


def _pairs(statement: Statement) -> Iterator[tuple[Term, Term]]:
    """Counts of two things of which the second stands alone in brackets right behind the first."""
    items = statement.items
    for at, item in enumerate(items):
        if item.term is None or not _is_plain(item.term, spare=True):
            continue
        opened = _bracket_behind(items, at)
        if opened and opened + 2 < len(items) and items[opened + 2].kind is ItemKind.CLOSE:
            inner = items[opened + 1].term
            if inner is not None and _is_plain(inner) and inner.noun != item.term.noun:
                yield item.term, inner
                yield inner, item.term


def _bracket_behind(items: Sequence[Item], at: int) -> int:
    """Where the bracket opens that follows an amount, 0 where anything but a bracket does."""
    return at + 1 if at + 1 < len(items) and items[at + 1].kind is ItemKind.OPEN else 0


def _is_plain(term: Term, *, spare: bool = False) -> bool:
    """Whether a term counts things and says no more of them; *spare* ones are as many as they are."""
    loose = _LOOSE - {"least_words"} if spare else _LOOSE
    return bool(term.noun) and countable(term) and not term.amount.hard and term.dimensions == ((term.noun, 1.0),) and not term.tags & loose

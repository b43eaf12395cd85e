"""How many times as much, right behind the two amounts that are held against each other: `310 ms against 820 ms, a speed-up of 2.6×`.

What such a factor is of is as often something that the sentence names behind it. So the two have to be the only ones of their sort, and
nothing but a mark, "this is" or "a speed-up of" may lead to the factor, nothing but a word of comparison follow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.amount import constant
from stratlint.laws.comparable import bounded, comparable, cues, measured, neighbours
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "contrast"
_COMPARES = frozenset({"change", "ratio"})
_DOUBTS = frozenset({"condition", "denied", "wished", "from", "fails"})
_OPENS = (ItemKind.COMMA, ItemKind.COLON, ItemKind.OPEN)
_ENDS = (ItemKind.COMMA, ItemKind.STOP, ItemKind.CLOSE)
_LEADS = frozenset({"equals", "namely", "therefore", "change", "ratio"})


def proposals(page: Page) -> Iterator[Proposal]:
    """Each such factor as the ratio of the two amounts."""
    for previous, statement in neighbours(page.statements):
        if statement.code or statement.heading or not statement.asserted or cues(statement.items) & _DOUBTS:
            continue
        for at, item in enumerate(statement.items):
            claim = item.term
            if claim is None or not claim.amount.multiple or bounded(claim) or claim.amount.approximate:
                continue
            pair = _pair(previous, statement, at)
            if pair is not None and _said_of_them(statement.items, at):
                yield _proposal(claim, *pair)


def _pair(previous: Statement | None, statement: Statement, at: int) -> tuple[Term, Term] | None:
    """The only two measured amounts before a factor, with "against" between; the first may end the sentence before."""
    items = statement.items
    places = [place for place in range(at) if _is_result(items, place)]
    terms = [term for place in places if (term := items[place].term) is not None]
    if len(terms) == 1 and previous is not None and previous.asserted and "versus" in items[0].tags:
        before = [
            term for place in range(len(previous.items)) if _is_result(previous.items, place) and (term := previous.items[place].term)
        ]
        pair = [*before, *terms]
    else:
        pair = terms if len(terms) > 1 and "versus" in cues(items[places[0] + 1 : places[1]]) else []
    if len(pair) != len(("one", "two")) or not comparable(pair[0], pair[1]):
        return None
    plain = not any(bounded(term) or term.amount.approximate or term.amount.percent or term.amount.first.nominal <= 0 for term in pair)
    return (pair[0], pair[1]) if plain else None


def _is_result(items: Sequence[Item], at: int) -> bool:
    """Whether a measured amount stands at a place, and no operand: of "32 × 80 GB = 2,560 GB" the last."""
    term = items[at].term
    around = (*items[max(at - 1, 0) : at], *items[at + 1 : at + 2])
    return term is not None and measured(term) and not any(item.kind is ItemKind.SIGN for item in around)


def _said_of_them(items: Sequence[Item], at: int) -> bool:
    """Whether the factor at a place is one of what stands before it, and of nothing that its clause names."""
    start = at
    while start and items[start - 1].kind is not ItemKind.STOP and items[start - 1].kind not in _OPENS:
        if items[start - 1].term is not None or _is_this(items, start - 1):
            break
        start -= 1
    lead = items[start:at]
    opened = bool(start) and (items[start - 1].kind in _OPENS or _is_this(items, start - 1))
    led = all((item.kind is ItemKind.CUE and item.tags & _LEADS) or "function" in item.tags for item in lead)
    if not opened or not led or any("altered" in item.tags for item in lead):
        return False
    behind = items[at + 1 :]
    compared = bool(behind) and behind[0].kind is ItemKind.CUE and bool(behind[0].tags & _COMPARES)
    rest = behind[1:] if compared else behind
    told = compared or any(item.tags & _COMPARES for item in lead)
    ends = not rest or rest[0].kind in _ENDS or (compared and "preposition" in rest[0].tags and "part_of" not in rest[0].tags)
    return told and ends


def _is_this(items: Sequence[Item], at: int) -> bool:
    """Whether "this is" goes back to what was said."""
    return at + 1 < len(items) and "relative" in items[at].tags and "equals" in items[at + 1].tags


def _proposal(claim: Term, one: Term, two: Term) -> Proposal:
    large, small = (one, two) if one.amount.first.nominal >= two.amount.first.nominal else (two, one)
    up, down = Compute("/", large.use, small.use), Compute("/", small.use, large.use)
    otherwise: tuple[Expression, ...] = (down, Compute("-", up, Use(constant(1.0))))
    why = "the ratio of the two amounts before it"
    return Proposal(claim.use, Relation.EQUALS, up, Source.STATEMENT, FAMILY, why, otherwise=otherwise)

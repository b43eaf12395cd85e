"""One duration or rate in two units with nothing between but "or", "i.e." or a bracket: `312.6 h or 13.0 days`, `$8,240 per month,
$98,880 per year`.

Such pairs are as often two things: two choices, a month and a year at a discount, an hour of work and a day of it. So both have to be
printed to several digits, and what is less than all of the time makes of it is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.laws.comparable import bounded, comparable, count_left_out, term_positions
from stratlint.laws.rescaled import nearest
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

FAMILY = "conversion"
_OTHERS = frozenset(
    {"limit", "floor", "target", "capacity", "free", "required", "change", "before", "after", "mean", "maximum", "minimum", "only"}
)
_DURATION = (("time", 1.0),)
_MONTH = 28 * 86400.0
# So many steps of its last digit an amount has to have.
_PRECISE, _VERY_PRECISE = 99, 999
# Eight hours are a day of work, three times less than a day.
_APART = 2.5
_UNLIKE, _FULL = 1.02, 1.0
_JOINS = frozenset({"namely", "equals"})
_MOST_BETWEEN = 3


def proposals(page: Page) -> Iterator[Proposal]:
    """Every such pair of a page."""
    for statement in page.statements:
        if any(term.amount.percent for term in statement.terms):
            continue
        for first, second in pairwise(term_positions(statement)):
            one, two = statement.items[first].term, statement.items[second].term
            if one is not None and two is not None and _may_be_one(one, two) and _joined(statement, first, second):
                former, latter = nearest(one.use, two.use)
                why = "one amount in two units"
                yield Proposal(latter, Relation.EQUALS, former, Source.STATEMENT, FAMILY, why, asserted=statement.asserted)


def _may_be_one(one: Term, two: Term) -> bool:
    """Whether both are the same duration or rate in two units, to several digits."""
    if any(bounded(term) or term.amount.approximate or not _steps(term) > _PRECISE for term in (one, two)):
        return False
    if not comparable(one, two) or count_left_out(one.amount, two.amount) or (two.tags - one.tags) & _OTHERS:
        return False
    first, second = nearest(one.use, two.use)
    sizes = first.amount.first.nominal, second.amount.first.nominal
    factors = first.amount.first.factor, second.amount.first.factor
    if min(sizes) <= 0 or max(factors) < _UNLIKE * min(factors):
        return False
    if one.amount.hard == _DURATION:
        return max(sizes) < _APART * min(sizes)
    if dict(one.amount.hard).get("time", 0.0) != -1.0 or "information" in dict(one.amount.hard):
        return False
    periods = [factor / term.amount.magnitude for factor, term in zip(factors, (one, two), strict=True)]
    shorter, longer = sizes if periods[0] > periods[1] else (sizes[1], sizes[0])
    if all(period < 1 / _MONTH for period in periods) and all(_steps(term) > _VERY_PRECISE for term in (one, two)):
        return max(sizes) < _APART * min(sizes)
    return shorter * (_FULL - 0.01) <= longer < _APART * shorter


def _steps(term: Term) -> float:
    """How many steps of the last digit that is not nought an amount has."""
    digits = term.amount.value / term.amount.step if term.amount.step else 0.0
    whole = round(digits)
    while term.amount.step >= 1 and whole and whole % 10 == 0:
        whole //= 10
    return float(whole) if term.amount.step >= 1 else digits


def _joined(statement: Statement, first: int, second: int) -> bool:
    """Whether nothing stands between but a comma, "or", "i.e.", "=" or a bracket that closes right behind."""
    items = statement.items
    between, behind = items[first + 1 : second], items[second + 1 : second + 2]
    if not between or len(between) > _MOST_BETWEEN or _operand(items, first) or _operand(items, second):
        return False
    rest = between[1:] if between[0].kind is ItemKind.OPEN else between
    if between[0].kind is ItemKind.OPEN and not (behind and behind[0].kind in (ItemKind.CLOSE, ItemKind.COMMA)):
        return False
    if any(item.kind is not ItemKind.COMMA and not (item.kind is ItemKind.CUE and item.tags & _JOINS) for item in rest):
        return False
    one = items[first].term
    comma = all(item.kind is ItemKind.COMMA for item in between)
    ends = not behind or behind[0].kind in (ItemKind.STOP, ItemKind.COMMA, ItemKind.CLOSE)
    return not comma or (one is not None and one.amount.hard != _DURATION and ends)


def _operand(items: Sequence[Item], at: int) -> bool:
    return any(item.kind is ItemKind.SIGN for item in (*items[max(at - 1, 0) : at], *items[at + 1 : at + 2]))

"""Conversions: one amount said twice, in two units, side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from stratlint.claims.amount import Amount
from stratlint.laws.comparable import (
    bounded,
    comparable,
    count_left_out,
    cues,
    is_content,
    measured,
    of_one_clock,
    per,
    per_time,
    term_positions,
)
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

# Roles that make the second amount another one: "48 GB (limit 80 GB)".
_OTHERS = frozenset(
    {"limit", "floor", "target", "capacity", "free", "used", "required", "change", "before", "after", "mean", "maximum", "minimum", "total"}
)
_RANKS = frozenset({"mean", "maximum", "minimum", "q50", "q90", "q95", "q99", "q999"})
_DURATION = (("time", 1.0),)
# Further apart than any slip of a prefix: one of the two was misread.
_TOO_FAR = 2e6
# "or" between two sizes that are further apart than this names two things, unless by a power of ten: a slip of the point.
_APART = 10.0
_CLEAN = 0.02


def proposals(page: Page) -> Iterator[Proposal]:
    """Every amount that the page gives in a second unit directly behind it."""
    for statement in page.statements:
        yield from _in_periods(statement)
        positions = term_positions(statement)
        for first, second in pairwise(positions):
            one, two = statement.items[first].term, statement.items[second].term
            assert one is not None and two is not None
            if _may_be_one(one, two) and not _of_each(statement, first, one) and _apposed(statement, first, second):
                family = "conversion" if one.amount.hard != _DURATION else "duration"
                yield Proposal(
                    two.use, Relation.EQUALS, one.use, Source.STATEMENT, family, "the same amount in another unit",
                    asserted=statement.asserted,
                )  # fmt: skip


def _in_periods(statement: Statement) -> Iterator[Proposal]:
    """`9,600 tokens/s give 34.6M tokens per hour and 829M per day`: one rate, counted in other periods."""
    rates = [term for term in statement.terms if per_time(term) and not bounded(term) and not term.amount.approximate]
    if len(rates) < 2 or len(rates) != len(statement.terms) or not _says_one(statement):
        return
    first = rates[0]
    for other in rates[1:]:
        named = first.amount.first.dimensions == other.amount.first.dimensions and first.amount.hard == (("time", -1.0),)
        if named and _other_unit(first.amount, other.amount) and not other.tags & _OTHERS - first.tags:
            yield Proposal(
                other.use, Relation.EQUALS, first.use, Source.STATEMENT, "conversion", "one rate in another period",
                asserted=statement.asserted,
            )  # fmt: skip


def _says_one(statement: Statement) -> bool:
    """Whether nothing between the amounts relates them but "give", "is", "i.e." and "and"."""
    positions = term_positions(statement)
    between = statement.items[positions[0] + 1 : positions[-1]]
    tags = cues(between)
    signs = any(item.kind in (ItemKind.SIGN, ItemKind.STOP) for item in between)
    return "equals" in tags and not tags - _LINKS and not signs and not any(map(is_content, between))


_LINKS = frozenset({"equals", "and", "namely", "therefore", "takes"})


def _of_each(statement: Statement, first: int, one: Term) -> bool:
    """`20,000 tables, each taking 2 hours = 5 years`, `40 boxes at $21,000 = $0.84M`: what each takes is no other name of all."""
    items = statement.items
    counted = next((at for at in range(first - 1, -1, -1) if items[at].term is not None), None)
    if counted is None:
        return False
    between = items[counted + 1 : first]
    at_price = bool(between) and "preposition" in between[-1].tags and all(item.kind in (ItemKind.WORD, ItemKind.CUE) for item in between)
    return at_price or "each" in one.tags or any("each" in item.tags for item in items[counted:first])


def _may_be_one(one: Term, two: Term) -> bool:
    """Whether two amounts measure the same in different units, and neither is a bound."""
    if bounded(one) or bounded(two) or not measured(one) or not comparable(one, two) or two.tags & _OTHERS - one.tags:
        return False
    if count_left_out(one.amount, two.amount):
        return False
    same = per(two) in ((), per(one))
    return same and _other_unit(one.amount, two.amount) and _within(one, two, _TOO_FAR)


def _other_unit(one: Amount, two: Amount) -> bool:
    return not math.isclose(one.first.factor, two.first.factor)


def _apposed(statement: Statement, first: int, second: int) -> bool:
    """Whether the second amount stands right behind the first, in brackets or behind a word or sign of equality."""
    items = statement.items
    between = items[first + 1 : second]
    behind = items[second + 1] if second + 1 < len(items) else None
    if _computed(items, first, second) or any(map(is_content, between)):
        return False
    opened = bool(between) and between[0].kind is ItemKind.OPEN
    rest = between[1:] if opened else between
    listed = behind is not None and "and" in behind.tags  # "A and B, about C and D" goes crosswise
    words = [item for item in rest if not (item.kind is ItemKind.WORD and "function" in item.tags)]
    if opened:
        one, two = items[first].term, items[second].term
        if one is None or two is None or not of_one_clock(one.amount, two.amount):
            return False
        if one.amount.value == two.amount.value == 1.0:
            return False  # "a 1-second (or 1-minute) bucket"
        plain = all(item.kind is ItemKind.CUE and item.tags & {"equals", "namely"} for item in words)
        ranks = sum(1 for item in items if item.tags & _RANKS)
        return plain and behind is not None and behind.kind is ItemKind.CLOSE and ranks < 2
    signs = [item for item in words if item.kind is ItemKind.CUE]
    marks = [item for item in words if item.kind is not ItemKind.CUE]
    if any(item.kind is not ItemKind.COMMA for item in marks) or len(marks) > 1:
        return False
    if not signs:
        two = items[second].term
        one = items[first].term
        return bool(marks) and one is not None and two is not None and two.amount.approximate and _within(one, two, _APART) and not listed
    if all("equals" in item.tags and "to" not in item.tags and not item.word[:1].isalpha() for item in signs):
        return not marks or len(words) > 1
    return bool(marks) and all("namely" in item.tags for item in signs) and not listed and _close(items[first].term, items[second].term)


def _computed(items: Sequence[Item], first: int, second: int) -> bool:
    """Whether either amount is an operand: an arithmetic sign stands beside it."""
    before = first - 1 if first and items[first - 1].kind is ItemKind.CUE and "range" in items[first - 1].tags else first  # "320 × ~7 μs"
    around = (*items[max(0, before - 1) : first], *items[first + 1 : second], *items[second + 1 : second + 2])
    return any(item.kind is ItemKind.SIGN for item in around)


def _close(one: Term | None, two: Term | None) -> bool:
    if one is None or two is None or not one.amount.first.nominal or not two.amount.first.nominal:
        return False
    powers = math.log10(abs(one.amount.first.nominal / two.amount.first.nominal))
    return _within(one, two, _APART) or abs(powers - round(powers)) < _CLEAN


def _within(one: Term, two: Term, factor: float) -> bool:
    if not one.amount.first.nominal or not two.amount.first.nominal:
        return False
    return 1 / factor <= abs(one.amount.first.nominal / two.amount.first.nominal) <= factor

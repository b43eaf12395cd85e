"""Which amounts may be held against each other, and what stands between two of a statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stratlint.claims.amount import Amount, hard
from stratlint.claims.units import Dimensions
from stratlint.meaning.statement import Item, ItemKind, Statement, Term

# Roles that make a cue the topic of its clause ("capacity 3× higher").
_TOPICS = frozenset({"capacity", "used", "required", "free", "target", "limit", "mean", "maximum", "minimum", "share"})
_LINKS = frozenset(
    {
        "change", "down", "equals", "therefore", "ratio", "altered", "versus", "by", "from", "to", "below", "above", "namely", "fits",
        "before", "after",
    }
)  # fmt: skip
_DAY = 86400.0
_ENDS = (ItemKind.COMMA, ItemKind.STOP, ItemKind.OPEN, ItemKind.CLOSE, ItemKind.COLON)


def comparable(one: Term, two: Term) -> bool:
    """Whether two amounts measure the same: equal units and counted nouns, and per the same thing (one of the two may leave that out)."""
    if one.amount.percent != two.amount.percent or one.amount.multiple or two.amount.multiple:
        return False
    mine, others = one.amount.first.dimensions, two.amount.first.dimensions
    if hard(mine) != hard(others) or not _agree(_counted(one), _counted(two)):
        return False
    if not hard(mine) and not one.amount.percent and not (_counted(one) and _counted(two)):
        return False
    below, others_below = per(one), per(two)
    if below and others_below:
        return below == others_below
    return not (below and "total" in two.tags) and not (others_below and "total" in one.tags)


def count_left_out(one: Amount, two: Amount) -> bool:
    """`10 days = 123k GPU-hours`: a unit of several parts counts what the other amount does not, and the page says elsewhere how many."""
    sides = [each.first.dimensions for each in (one, two)]
    counted = [{pair for pair in side if pair not in hard(side)} for side in sides]
    return bool(one.hard) and one.hard == two.hard and counted[0] != counted[1]


def of_one_clock(one: Amount, two: Amount) -> bool:
    """Whether two durations are counted alike: "4 weeks (120 hours)" are hours of work, and no week has 168 of them."""
    times = one.hard == two.hard == (("time", 1.0),)
    return not times or (one.first.factor < _DAY) == (two.first.factor < _DAY)


def measured(term: Term) -> bool:
    """Whether an amount has a unit that measures: bytes, seconds, money …"""
    return bool(hard(term.amount.first.dimensions))


def bounded(term: Term) -> bool:
    """Whether an amount is only an end of what is meant: a range, `< 5`, "up to"."""
    return term.amount.ranged or bool(term.amount.bound) or bool(term.tags & {"only"})


def per_time(term: Term) -> bool:
    """Whether it is a rate: something per second."""
    return dict(term.amount.first.dimensions).get("time", 0.0) < 0


def per(term: Term) -> Dimensions:
    """The counted nouns below the line: `("device", -1.0)` of "per GPU"."""
    return tuple(pair for pair in term.dimensions if pair[1] < 0 and pair not in hard(term.dimensions))


def _counted(term: Term) -> Dimensions:
    return tuple(pair for pair in term.dimensions if pair[1] > 0 and pair not in hard(term.dimensions))


def _agree(one: Dimensions, two: Dimensions) -> bool:
    return one == two or not one or not two


def term_positions(statement: Statement) -> tuple[int, ...]:
    """The indices of a statement's terms among its items."""
    return tuple(at for at, item in enumerate(statement.items) if item.term is not None)


def cues(items: Sequence[Item]) -> frozenset[str]:
    """All tags of the cues and signs of success among *items*."""
    return frozenset().union(*(item.tags for item in items if item.kind in (ItemKind.CUE, ItemKind.MARK)))


def is_content(item: Item) -> bool:
    """Whether an item names something: no function word, no cue that only relates."""
    if item.kind is ItemKind.WORD:
        return "function" not in item.tags
    return item.kind is ItemKind.CUE and bool(item.tags & _TOPICS) and not item.tags & _LINKS


def closes(item: Item) -> bool:
    """Whether a clause may end at an item."""
    return item.kind in _ENDS or (item.kind is ItemKind.CUE and "therefore" in item.tags)


def foreign(items: Sequence[Item], names: frozenset[str], *, trailing: bool = True) -> bool:
    """Whether *items* name anything beside *names*. Words before the first boundary still belong to what stands before (*trailing*)."""
    at = 0
    if trailing:
        at = next((index for index, item in enumerate(items) if closes(item)), -1)
        if at < 0:
            return any(is_content(item) and item.word not in names for item in items)
    return any(is_content(item) and item.word not in names for item in items[at:])


def neighbours(statements: Sequence[Statement]) -> Iterator[tuple[Statement | None, Statement]]:
    """Every statement with the one right before it in the same block and scenario, None where there is none."""
    previous: Statement | None = None
    for statement in statements:
        near = previous is not None and previous.block == statement.block and previous.scenario == statement.scenario
        yield (previous if near else None), statement
        previous = statement

"""A whole that stands in the heading, the introducing line or the item above the list or table of its parts: `## Memory: 61 GB`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from stratlint.document.grid import CellRole, Layout
from stratlint.laws.comparable import per_time
from stratlint.laws.spots import alike, is_bare, is_figure
from stratlint.meaning.groups import Axis, Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Proposal, Relation, Source, total
from stratlint.meaning.statement import ItemKind, Statement, Term

FAMILY = "headed-sum"
_FEWEST, _MOST = 2, 40
# Roles under which an amount is no whole, or no part, of anything.
_NO_WHOLE = frozenset(
    {"floor", "target", "before", "after", "mean", "change", "down", "only", "free", "attributive", "part", "least_words"}
)
_NO_PART = _NO_WHOLE - {"free", "least_words"} | {
    "limit", "capacity", "total", "maximum", "minimum", "each", "signed", "nested", "worked", "q50", "q90", "q95", "q99", "q999",
}  # fmt: skip
# What may hold more than is listed below it.
_ROOM = frozenset({"limit", "capacity", "maximum"})
# Words of a line that relate its amount otherwise to what follows.
_NO_LINE = frozenset({"fits", "fails", "condition", "modal", "denied", "versus", "change", "from", "to", "including", "part_of", "by"})
# A sum that is farther off has other parts.
_MOST_OFF = 2.0


def proposals(page: Page) -> Iterator[Proposal]:
    """The sums of complete series of amounts of one kind, below the one amount of the line right above."""
    lines = _lines(page.statements)
    columns = Counter(group.grid for group in page.groups if group.axis is Axis.SERIES and group.layout is not Layout.LIST)
    for group in page.groups:
        statement = lines.get(group.above)
        # Beside other columns the lines of a table are more often alternatives than parts.
        if statement is not None and group.axis is Axis.SERIES and columns[group.grid] <= 1 and _lists_all(statement, group):
            whole = statement.terms[0]
            rest = any("free" in part.tags for part in group.terms)
            if _is_whole(whole, rest=rest) and _are_parts(whole, group):
                yield Proposal(
                    whole.use, Relation.EQUALS, total([part.use for part in group.terms]), Source.GRID, FAMILY, "parts of the total",
                    asserted=statement.asserted and statement.present and group.asserted and group.present,
                )  # fmt: skip


def _lines(statements: Sequence[Statement]) -> Mapping[int, Statement]:
    """By their block the lines with one amount that may be the whole of what follows: headings, items, lines that end in a colon."""
    last = {statement.block: statement for statement in statements}
    return {
        block: statement
        for block, statement in last.items()
        if len(statement.terms) == 1 and not statement.code and not statement.tags() & _NO_LINE and _leads(statement)
    }


def _leads(statement: Statement) -> bool:
    return statement.heading or bool(statement.list_path) or statement.items[-1].kind is ItemKind.COLON


def _lists_all(statement: Statement, group: Group) -> bool:
    """Whether nothing stands between a line and a series, which has as many values as its list has items."""
    items = statement.introduces
    return (items == len(group.terms) or group.layout is not Layout.LIST) and _FEWEST <= len(group.terms) <= _MOST


def _is_whole(whole: Term, *, rest: bool) -> bool:
    """Whether an amount may be the sum of what is listed: no limit that need not be filled, if there is no *rest* that fills it."""
    barred = _NO_WHOLE if rest else _NO_WHOLE | (_ROOM - ({"maximum"} if "total" in whole.tags else frozenset()))
    known = is_figure(whole) and not is_bare(whole) and (bool(whole.amount.hard) or (bool(whole.noun) and whole.amount.exact))
    return known and not whole.tags & barred and (not per_time(whole) or "total" in whole.tags)


def _are_parts(whole: Term, group: Group) -> bool:
    """Whether all values of a series are parts: alike, each with a name of its own, each smaller than the whole."""
    parts = group.terms
    if set(group.roles) != {CellRole.VALUE} or group.gaps or not all(_is_part(whole, part) for part in parts):
        return False
    sizes = [part.amount.first.nominal for part in parts]
    stated = whole.amount.first.nominal
    named = group.layout is not Layout.LIST or len({part.name for part in parts}) == len(parts)
    return named and 0 < max(sizes) < stated and min(sizes) > 0 and 1 / _MOST_OFF < sum(sizes) / stated < _MOST_OFF


def _is_part(whole: Term, part: Term) -> bool:
    """Whether an amount may be a part: it is of the kind of the whole by its own words, and is no degree, rank or total."""
    return alike(whole, part) and not is_bare(part) and part.degree is None and not part.tags & _NO_PART

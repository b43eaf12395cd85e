"""Options of a table compared in words: "C is 20 % faster than B"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from stratlint.claims.claim import NumberClaim
from stratlint.claims.interval import Interval
from stratlint.facts.fact import FactSet
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_SOONER = Pattern(
    r"\b(?P<one>[A-Z][\w-]{0,20})\s+(?:finishes|is|runs|trains|completes|ends|gets done|takes)\s+(?:about |roughly |some )?$", re.I
)  # fmt: skip
_THAN = Pattern(
    r"^\s*(?P<word>sooner|faster|earlier|quicker|shorter|less time|slower|longer|later)\s+than\s+(?P<two>[A-Z][\w-]{0,20})\b", re.I
)
_SLOWER = frozenset({"slower", "longer", "later"})


def check_relative_time(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Two options whose times stand in a table are said to differ by a percentage that no column gives."""
    for number in context.claims.numbers:
        quantity = number.quantity
        if quantity is None or quantity.unit is None or quantity.unit.canonical != "percent" or number.quoted or number.struck:
            continue
        text = context.document.blocks[number.block].text
        before, after = _SOONER.search(text[max(number.start - 60, 0) : number.start]), _THAN.match(text[number.end :])
        if before is None or after is None:
            continue
        slower = after["word"].lower() in _SLOWER
        columns = list(_times(context, before["one"], after["two"]))
        if not columns:
            continue
        claimed = quantity.interval(0.01)
        ratios = [ratio for one, two, _ in columns for ratio in _readings(one, two, slower)]
        shown = " ".join(number.text.split())
        if any(ratio.overlaps(claimed) or abs(ratio.middle - claimed.middle) < 0.01 for ratio in ratios):
            yield Verdict(rule.name, Status.CONSISTENT, (number.index,), (), "as in the table")
            continue
        one, two, places = columns[-1]
        value = number_text(_readings(one, two, slower)[0].middle * 100, 2)
        formula = f"({places[1].text} − {places[0].text}) ÷ {places[1].text} = {value} %"
        message = f"claims {shown} {after['word']}, but {formula}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, (number.index,), (), formula,
            finding(rule, context, message, context.location(number.span, "claim"), block=number.block, claimed=shown,
                    computed=f"{value} %", formula=formula,
                    related=[place for _, _, pair in columns for place in pair], root=f"option:{number.span.start}"),
        )  # fmt: skip


def _readings(one: Interval, two: Interval, slower: bool) -> list[Interval]:
    """The share by which *one* undercuts *two*: of the longer time, or as a speed-up."""
    if slower:
        one, two = two, one
    share, gain = one / two, two / one
    return [Interval(1 - share.high, 1 - share.low), Interval(gain.low - 1, gain.high - 1)]


def _times(context: Context, first: str, second: str) -> Iterator[tuple[Interval, Interval, tuple[Location, Location]]]:
    """The times of two options, column by column, from a table whose rows they label."""
    rows = rows_by_option(context.facts)
    both = sorted(rows.get(first, {}).keys() & rows.get(second, {}).keys())
    for table in both if len(both) <= _MOST_TABLES else ():
        header = context.document.tables[table].rows[0]
        for column in range(1, len(header)):
            title = context.document.blocks[header[column]].text
            one, two = _time(context, rows[first][table][column], title), _time(context, rows[second][table][column], title)
            if one is not None and two is not None:
                yield one[0], two[0], (context.location(one[1].span, first), context.location(two[1].span, second))


# Which of so many tables a sentence speaks of, nobody can say.
_MOST_TABLES = 20


@lru_cache(maxsize=2)
def rows_by_option(page: FactSet) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
    """The rows that an option labels, one a table: the first word of the label → the table → the cells."""
    out: dict[str, dict[int, tuple[int, ...]]] = {}
    for table in page.document.tables:
        for cells in table.rows[1:]:
            label = page.document.blocks[cells[0]].text.split()
            if label:
                out.setdefault(label[0], {}).setdefault(table.index, cells)
    return out


_TIME_HEADER = Pattern(r"\b(?:days?|hours?|time|seconds?|minutes?|duration|step|latency|ms)\b", re.I)


def _time(context: Context, block_index: int, header: str) -> tuple[Interval, NumberClaim] | None:
    numbers = [n for n in context.claims.numbers_in(block_index) if n.quantity is not None]
    if len(numbers) != 1 or numbers[0].quantity is None:
        return None
    quantity = numbers[0].quantity
    timed = quantity.unit is not None and quantity.unit.hard == (("time", 1.0),)
    if not timed and not (quantity.unit is None and _TIME_HEADER.search(header)):
        return None
    interval = quantity.interval(quantity.unit.factor if quantity.unit else 1.0)
    return (interval, numbers[0]) if interval.low > 0 else None

"""Statistics of one measurement stand in their order: min ≤ median ≤ p99 ≤ max, achieved ≤ theoretical."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block, Table
from stratlint.facts.phrases import normalise
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_STATISTIC = Pattern(
    r"(?<![\w.])(?:(?P<least>min(?:imum)?|lowest)|(?P<middle>average|avg|mean|median)|p(?P<percentile>\d{1,2}(?:\.\d{1,3})?)|"
    r"(?P<rank>50|75|90|95|99)(?:th)[ -]percentile|(?P<most>max(?:imum)?|highest)|(?P<real>expected|achieved|measured|sustained|actual)|"
    r"(?P<ideal>theoretical(?: (?:max(?:imum)?|peak))?))(?![\w.])",
    re.I,
)
# What is aimed at or allowed says nothing of what was measured.
_AIM = Pattern(
    r"\b(?:targets?|slos?|slas?|limits?|goals?|budgets?|allow\w*|require\w*|requests?|len(?:gth)?|batch(?:ed)?|num|seqs|capacity|threshold)\b|[<>≤≥]",
    re.I,
)
# Differences of statistics have no order.
_CHANGE = Pattern(r"\b(?:change[ds]?|delta|diff\w*|improve\w*|speed-?ups?|gain|reduc\w*|saving|ratio|overhead|versus|vs)\b|[Δ±]", re.I)
_CALLED = Pattern(r"\(")
_LOWEST_PERCENTILE = 10
_JOINING = frozenset((
    "a", "about", "again", "an", "and", "approximately", "as", "at", "be", "but", "by", "has", "in", "is", "latency", "latencies",
    "of", "only", "or", "reaches", "stays", "the", "time", "times", "to", "up", "was", "while", "with",
))  # fmt: skip
_SECONDS = (("time", 1.0),)


@dataclass(frozen=True, slots=True)
class _Statistic:
    """A number that is said to be a statistic: its family, its place in the order, what it is of."""

    family: str
    rank: float
    base: tuple[str, ...]
    number: NumberClaim


def check_statistics_in_order(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Two statistics of one measurement whose values stand in the wrong order: in a table, a list or a sentence."""
    for table in context.document.tables:
        for group in _of_table(context, table):
            yield from _judged(rule, context, group)
    for group in (*_of_lists(context), *_of_sentences(context)):
        yield from _judged(rule, context, group)


def _judged(rule: Rule, context: Context, group: Sequence[_Statistic]) -> Iterator[Verdict]:
    for low, high in pairwise(group):
        if low.rank >= high.rank or low.family != high.family or low.base != high.base:
            continue
        one, two = _interval(low), _interval(high)
        if one is None or two is None or one[2] != two[2] or not _ordered(low, one[2]):
            continue
        if _traced(context, low.number) and _traced(context, high.number):
            continue
        texts = [" ".join(each.number.text.split()) for each in (low, high)]
        numbers = (high.number.index, low.number.index)
        if one[0] <= two[1]:
            yield Verdict(rule.name, Status.CONSISTENT, numbers, (), f"{texts[0]} ≤ {texts[1]}")
            continue
        names = [_name(each) for each in (low, high)]
        message = f"the {names[1]} is {texts[1]}, less than the {names[0]} of {texts[0]}"
        yield Verdict(
            rule.name, Status.CONTRADICTED, numbers[:1], numbers[1:], f"{texts[0]} > {texts[1]}",
            finding(
                rule, context, message, context.location(high.number.span, "claim"), block=high.number.block, claimed=texts[1],
                computed=f"≥ {texts[0]}", formula=f"{texts[0]} > {texts[1]}",
                related=[context.location(low.number.span, names[0])], root=f"order:{high.number.span.start}",
            ),
        )  # fmt: skip


def _traced(context: Context, number: NumberClaim) -> bool:
    """`max=1, min=2` are variables of a program on their way, not statistics of a measurement."""
    quantity = number.quantity
    glued = context.document.blocks[number.block].text[max(number.start - 1, 0) : number.start] == "="
    return glued and quantity is not None and quantity.unit is None and quantity.number.integer


def _ordered(low: _Statistic, unit: object) -> bool:
    """Percentiles of a time grow with their rank (those of a rate may be counted from above); theory bounds what is no time."""
    if low.family == "percentile":
        return unit == _SECONDS
    return low.family == "range" or unit != _SECONDS


def _name(statistic: _Statistic) -> str:
    named = {("range", 0.0): "minimum", ("range", 50.0): "average", ("range", 100.0): "maximum", ("theory", 0.0): "achieved figure"}
    if statistic.family == "percentile":
        return f"p{statistic.rank:g}"
    return named.get((statistic.family, statistic.rank), "theoretical figure")


def _interval(statistic: _Statistic) -> tuple[float, float, object] | None:
    quantity = statistic.number.quantity
    if quantity is None or quantity.high is not None or quantity.times:
        return None
    interval = quantity.interval(quantity.unit.factor if quantity.unit else 1.0)
    share = quantity.unit is not None and quantity.unit.canonical == "percent"
    return interval.low, interval.high, "percent" if share else quantity.unit.hard if quantity.unit else ()


def _read(text: str, number: NumberClaim) -> list[_Statistic]:
    """The statistics that a label makes of a number; a mean is one of the percentiles' neighbours and of the extremes'."""
    found = list(_STATISTIC.finditer(text))
    if (
        len(found) != 1
        or _AIM.search(text)
        or _CHANGE.search(text)
        or number.text.startswith(("+", "-", "−"))
        or number.quoted
        or number.struck
        or number.relation in ("<", ">", "≤", "≥", "<=", ">=")
    ):
        return []
    match = found[0]
    base = tuple(word for word in normalise(text[: match.start()] + " " + text[match.end() :]) if word not in ("the", "of"))
    if match["percentile"] or match["rank"]:
        rank = float(match["percentile"] or match["rank"])
        if rank < _LOWEST_PERCENTILE:
            return []  # P1, P2, P3 are priorities
        return [_Statistic("percentile", rank, base, number)] + ([_Statistic("range", 50.0, base, number)] if rank == 50 else [])
    if match["real"] or match["ideal"]:
        return [_Statistic("theory", 1.0 if match["ideal"] else 0.0, base, number)]
    if match["middle"]:
        return [_Statistic("range", 50.0, base, number)]
    return [_Statistic("range", 0.0 if match["least"] else 100.0, base, number)]


def _groups(statistics: Sequence[_Statistic]) -> Iterator[list[_Statistic]]:
    """What belongs together, each group in its order."""
    by: dict[tuple[str, tuple[str, ...]], list[_Statistic]] = {}
    for each in statistics:
        by.setdefault((each.family, each.base), []).append(each)
    for group in by.values():
        if len({each.rank for each in group}) == len(group) > 1:
            yield sorted(group, key=lambda each: each.rank)


def _of_table(context: Context, table: Table) -> Iterator[list[_Statistic]]:
    """Columns or rows that are statistics of one thing."""
    blocks = context.document.blocks
    headers = [blocks[index].text for index in table.rows[0]]
    labels = [blocks[row[0]].text for row in table.rows]
    for row in table.rows[1:]:
        if not _STATISTIC.search(blocks[row[0]].text) and not _CHANGE.search(blocks[row[0]].text):
            cells = [(headers[column], blocks[row[column]]) for column in range(1, len(row))]
            yield from _groups([each for label, cell in cells for each in _of_cell(context, label, cell)])
    for column in range(1, len(headers)):
        if not _STATISTIC.search(headers[column]) and not _CHANGE.search(headers[column]):
            cells = [(labels[line], blocks[row[column]]) for line, row in enumerate(table.rows) if line]
            yield from _groups([each for label, cell in cells for each in _of_cell(context, label, cell)])


def _of_cell(context: Context, label: str, cell: Block) -> list[_Statistic]:
    if not _STATISTIC.search(label):
        return []
    numbers = context.claims.numbers_in(cell.index)
    return _read(label, numbers[0]) if len(numbers) == 1 else []


def _of_lists(context: Context) -> Iterator[list[_Statistic]]:
    """Items of one list whose labels are statistics of one thing."""
    by: dict[tuple[int, ...], list[_Statistic]] = {}
    for block in context.document.blocks:
        if not block.list_path or not _STATISTIC.search(block.text[:60]):
            continue
        numbers = [n for n in context.claims.numbers_in(block.index) if n.quantity is not None]
        label, colon, _ = block.text.partition(":")
        if len(numbers) == 1 and colon and numbers[0].start > len(label):
            by.setdefault((block.section, *block.list_path[:-1]), []).extend(_read(label, numbers[0]))
    for found in by.values():
        yield from _groups(found)


def _of_sentences(context: Context) -> Iterator[list[_Statistic]]:
    """Neighbours in a sentence with nothing between them but joining words: "p50 is 220 ms and p99 is 180 ms"."""
    for statement in context.claims.statements:
        if not _STATISTIC.search(statement.text) or _AIM.search(statement.text):
            continue
        numbers = [n for n in context.claims.numbers_of(statement.block, statement.index) if n.quantity is not None]
        text = context.document.blocks[statement.block].text
        for one, two in pairwise(numbers):
            between = text[one.end : two.start]
            before = text[max(statement.start, one.start - 60) : one.start]
            inner, outer = list(_STATISTIC.finditer(between)), list(_STATISTIC.finditer(before))
            if any(_CALLED.match(part[match.end() :]) for part, found in ((between, inner), (before, outer)) for match in found):
                continue  # min(8192, max(2048, …)) chooses, it measures nothing
            if len(inner) != 1 or not outer:
                continue
            spoken = set(normalise(before[outer[-1].end() :])) | set(normalise(before[: outer[-1].start()])[-3:])
            if set(normalise(_STATISTIC.sub(" ", between))) - _JOINING - spoken:
                continue
            pair = [each for match, number in ((outer[-1], one), (inner[0], two)) for each in _read(match[0], number)]
            yield from _groups(pair)
